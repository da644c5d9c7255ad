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

import java.util.Map;

import org.springframework.beans.factory.support.DefaultSingletonBeanRegistry;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.env.MapPropertySource;
import org.springframework.test.context.ContextCustomizer;
import org.springframework.test.context.MergedContextConfiguration;

import cloud.requence.emulator.RequenceEmulator;

/**
 * Adds an emulator to a context, and lets the application watch it.
 *
 * @param recording adds what records
 */
record EmulatorContextCustomizer(RecorderContextCustomizer recording) implements ContextCustomizer {

	private static final String NAME = "requenceEmulator";

	@Override
	public void customizeContext(ConfigurableApplicationContext context, MergedContextConfiguration mergedConfig) {
		RequenceEmulator emulator = RequenceEmulator.builder().build().start();
		DefaultSingletonBeanRegistry singletons = (DefaultSingletonBeanRegistry) context.getBeanFactory();
		singletons.registerSingleton(NAME, emulator);
		// The first to be registered is the last to be closed
		singletons.registerDisposableBean(NAME, emulator::close);
		context.getEnvironment()
			.getPropertySources()
			.addFirst(new MapPropertySource(NAME, Map.of("requence.task.access-token", emulator.accessToken(),
					"requence.task.base-url", emulator.baseUrl().toString())));
		this.recording.customizeContext(context, mergedConfig);
	}

}
