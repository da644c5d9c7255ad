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

import cloud.requence.emulator.EmulatorLimits;
import cloud.requence.emulator.RequenceEmulator;
import cloud.requence.emulator.scenario.Scenario;
import cloud.requence.task.AccessToken;
import cloud.requence.task.autoconfigure.RequenceTaskConnectionDetails;

import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Configuration;

/**
 * Without an access token, something to watch nevertheless.
 */
@Configuration(proxyBeanMethods = false)
@Conditional(MissingAccessTokenCondition.class)
class EmbeddedEmulatorConfiguration {

	private static final long MAX_FILE_SIZE = 64L * 1024 * 1024;

	@Bean(initMethod = "start", destroyMethod = "close")
	RequenceEmulator requenceEmulator(EmulatorProperties properties) {
		return RequenceEmulator.builder()
			.port(properties.port())
			.limits(EmulatorLimits.small())
			.maxFileSize(MAX_FILE_SIZE)
			.build();
	}

	@Bean
	RequenceTaskConnectionDetails emulatorConnectionDetails(RequenceEmulator emulator) {
		return () -> AccessToken.parse(emulator.accessToken());
	}

	@Bean(initMethod = "start", destroyMethod = "close")
	@ConditionalOnBooleanProperty(name = "dashboard.emulator.scenario.enabled", matchIfMissing = true)
	Scenario scenario(RequenceEmulator emulator, EmulatorProperties properties) {
		EmulatorProperties.Scenario scenario = properties.scenario();
		return Scenario.builder(emulator).seed(scenario.seed()).tasksPerMinute(scenario.tasksPerMinute()).build();
	}

}
