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

import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.event.EventListener;

import cloud.requence.task.NodeDefer;
import cloud.requence.task.NodeEnd;
import cloud.requence.task.NodeError;
import cloud.requence.task.NodeStart;
import cloud.requence.task.NodeUpdate;
import cloud.requence.task.TaskAborted;
import cloud.requence.task.TaskEnd;
import cloud.requence.task.TaskError;
import cloud.requence.task.TaskStart;
import cloud.requence.task.TaskUpdate;
import cloud.requence.task.UnknownUpdate;

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
	 * A listener for each type of update.
	 */
	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class ByType extends StarterListener {

		ByType(Probe probe) {
			super(probe);
		}

		@EventListener
		void on(TaskStart update) {
			received(update);
		}

		@EventListener
		void on(NodeStart update) {
			received(update);
		}

		@EventListener
		void on(NodeUpdate update) {
			received(update);
		}

		@EventListener
		void on(NodeError update) {
			received(update);
		}

		@EventListener
		void on(NodeDefer update) {
			received(update);
		}

		@EventListener
		void on(NodeEnd update) {
			received(update);
		}

		@EventListener
		void on(TaskEnd update) {
			received(update);
		}

		@EventListener
		void on(TaskError update) {
			received(update);
		}

		@EventListener
		void on(TaskAborted update) {
			received(update);
		}

		@EventListener
		void on(UnknownUpdate update) {
			received(update);
		}

	}

}
