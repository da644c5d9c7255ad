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

package cloud.requence.samples.dashboard.emulator;

import java.util.Map;

import cloud.requence.emulator.RequenceEmulator;
import cloud.requence.task.autoconfigure.RequenceTaskConnectionDetails;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link EmbeddedEmulatorConfiguration}.
 */
class EmbeddedEmulatorConfigurationTests {

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withUserConfiguration(Configured.class)
		.withPropertyValues("dashboard.emulator.scenario.enabled=false");

	@Test
	void startsAnEmulatorWithoutAToken() {
		this.runner.run((context) -> {
			RequenceEmulator emulator = context.getBean(RequenceEmulator.class);
			assertThat(context.getBean(RequenceTaskConnectionDetails.class).getAccessToken().baseUrl())
				.isEqualTo(emulator.baseUrl());
		});
	}

	@Test
	void startsAnEmulatorWithAnEmptyToken() {
		this.runner.withPropertyValues("requence.task.access-token=  ")
			.run((context) -> assertThat(context).hasSingleBean(RequenceEmulator.class));
	}

	@ParameterizedTest
	@ValueSource(strings = { "requence.task.access-token=x", "requence.access-token=x", "requence.task.source=kafka" })
	void startsNoneWithATokenOrATopic(String property) {
		this.runner.withPropertyValues(property)
			.run((context) -> assertThat(context).doesNotHaveBean(RequenceEmulator.class)
				.doesNotHaveBean(RequenceTaskConnectionDetails.class));
	}

	@ParameterizedTest
	@ValueSource(strings = { "REQUENCE_TASK_ACCESS_TOKEN", "REQUENCE_ACCESS_TOKEN" })
	void startsNoneWithATokenInTheProcessEnvironment(String variable) {
		this.runner
			.withInitializer((context) -> context.getEnvironment()
				.getPropertySources()
				.replace(StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME,
						new SystemEnvironmentPropertySource(StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME,
								Map.of(variable, "x"))))
			.run((context) -> assertThat(context).doesNotHaveBean(RequenceEmulator.class));
	}

	@Configuration(proxyBeanMethods = false)
	@EnableConfigurationProperties(EmulatorProperties.class)
	@Import(EmbeddedEmulatorConfiguration.class)
	static class Configured {

	}

}
