/*
 * Copyright 2026 the original author or authors.
 *
 * Licensed under the Apache License, Version 2.0 (the "License");
 * you may not use this file except in compliance with the License.
 * You may obtain a copy of the License at
 *
 *      https://www.apache.org/licenses/LICENSE-2.0
 *
 * Unless required by applicable law or agreed to in writing, software
 * distributed under the License is distributed on an "AS IS" BASIS,
 * WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied.
 * See the License for the specific language governing permissions and
 * limitations under the License.
 */

package cloud.requence.samples.benchmarks;

import java.util.stream.IntStream;

import org.springframework.beans.factory.BeanRegistrar;
import org.springframework.beans.factory.BeanRegistry;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.context.event.EventListener;
import org.springframework.core.env.Environment;

import cloud.requence.task.TaskAborted;
import cloud.requence.task.TaskUpdate;

/**
 * The starter, with listeners that do more or less.
 */
final class StarterPipeline {

	private StarterPipeline() {
	}

	/**
	 * One listener that does not look at the payload.
	 */
	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Counting extends StarterListener {

		Counting(Probe probe) {
			super(probe);
		}

		@EventListener
		void on(TaskUpdate update) {
			received(update);
		}

	}

	/**
	 * One listener that reads the payload.
	 */
	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Reading extends StarterListener {

		Reading(Probe probe) {
			super(probe);
		}

		@EventListener
		void on(TaskUpdate update) {
			read(update);
			received(update);
		}

	}

	/**
	 * One listener with a condition.
	 */
	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Conditional extends StarterListener {

		Conditional(Probe probe) {
			super(probe);
		}

		@EventListener(condition = "#update.name() == 'order'")
		void on(TaskUpdate update) {
			received(update);
		}

	}

	/**
	 * One listener that counts, and others.
	 */
	@Import(Others.class)
	static class Many extends Counting {

		Many(Probe probe) {
			super(probe);
		}

	}

	/**
	 * Registers as many other listeners as the properties say.
	 */
	static class Others implements BeanRegistrar {

		@Override
		public void register(BeanRegistry registry, Environment environment) {
			int idle = environment.getProperty("benchmark.idle-listeners", Integer.class, 0);
			IntStream.range(0, idle).forEach((i) -> registry.registerBean("idle" + i, IdleListener.class));
			int further = environment.getProperty("benchmark.further-listeners", Integer.class, 0);
			IntStream.range(0, further).forEach((i) -> registry.registerBean("further" + i, FurtherListener.class));
		}

	}

	/**
	 * Takes updates that do not come.
	 */
	static class IdleListener {

		@EventListener
		void on(TaskAborted update) {
			throw new IllegalStateException("Not to be called");
		}

	}

	/**
	 * Takes updates and does nothing.
	 */
	static class FurtherListener {

		@EventListener
		void on(TaskUpdate update) {
		}

	}

}
