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

package cloud.requence.task.test;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.beans.factory.support.BeanDefinitionRegistry;
import org.springframework.beans.factory.support.RootBeanDefinition;
import org.springframework.context.ApplicationListener;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.test.context.ContextCustomizer;
import org.springframework.test.context.MergedContextConfiguration;

import cloud.requence.task.TaskUpdateFailedEvent;
import cloud.requence.task.TaskWatcher;

/**
 * Adds a {@link TaskUpdateRecorder} to a context.
 */
record RecorderContextCustomizer() implements ContextCustomizer {

	@Override
	public void customizeContext(ConfigurableApplicationContext context, MergedContextConfiguration mergedConfig) {
		TaskUpdateRecorder recorder = new TaskUpdateRecorder();
		ConfigurableListableBeanFactory beanFactory = context.getBeanFactory();
		beanFactory.registerSingleton("requenceTaskUpdateRecorder", recorder);
		// Registered singletons have no callback for the completion of all others
		((BeanDefinitionRegistry) beanFactory).registerBeanDefinition("requenceTaskUpdateRecording",
				new RootBeanDefinition(Recording.class,
						() -> new Recording(recorder, beanFactory.getBeanProvider(TaskWatcher.class))));
		context.addApplicationListener(new FailureListener(recorder));
	}

	/**
	 * Begins when all watchers are there, and none has started.
	 */
	private record Recording(TaskUpdateRecorder recorder,
			ObjectProvider<TaskWatcher> watchers) implements SmartInitializingSingleton {

		@Override
		public void afterSingletonsInstantiated() {
			this.watchers.forEach(this.recorder::record);
		}

	}

	private record FailureListener(TaskUpdateRecorder recorder) implements ApplicationListener<TaskUpdateFailedEvent> {

		@Override
		public void onApplicationEvent(TaskUpdateFailedEvent event) {
			this.recorder.record(event);
		}

	}

}
