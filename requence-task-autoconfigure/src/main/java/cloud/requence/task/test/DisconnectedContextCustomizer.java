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

import java.net.URI;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.env.MapPropertySource;
import org.springframework.test.context.ContextCustomizer;
import org.springframework.test.context.MergedContextConfiguration;

import cloud.requence.task.AccessToken;

/**
 * Keeps the watchers of a context from starting.
 *
 * @param other another customizer of the same context, {@code null} if there is none
 */
record DisconnectedContextCustomizer(@Nullable ContextCustomizer other) implements ContextCustomizer {

	/** Nobody serves it. */
	private static final String BASE_URL = "http://127.0.0.1:1";

	private static final Map<String, Object> PROPERTIES = Map.of("requence.task.access-token",
			AccessToken.of("none", URI.create(BASE_URL)).encoded(), "requence.task.base-url", BASE_URL,
			"requence.task.auto-startup", false, "requence.task.leader-election.enabled", false);

	@Override
	public void customizeContext(ConfigurableApplicationContext context, MergedContextConfiguration mergedConfig) {
		context.getEnvironment()
			.getPropertySources()
			.addFirst(new MapPropertySource("requenceDisconnected", PROPERTIES));
		if (this.other != null) {
			this.other.customizeContext(context, mergedConfig);
		}
	}

}
