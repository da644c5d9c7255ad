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

package cloud.requence.samples.relay;

import cloud.requence.emulator.EmulatorLimits;
import cloud.requence.emulator.RequenceEmulator;
import cloud.requence.emulator.scenario.Scenario;
import cloud.requence.task.AccessToken;
import cloud.requence.task.autoconfigure.RequenceTaskConnectionDetails;

import org.springframework.boot.autoconfigure.condition.ConditionalOnExpression;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * Without an access token, an emulator in this process whose tasks are relayed.
 */
@Configuration(proxyBeanMethods = false)
@ConditionalOnExpression("'${requence.task.access-token:}${requence.access-token:}'.isBlank()")
class EmbeddedEmulatorConfiguration {

	@Bean(initMethod = "start", destroyMethod = "close")
	RequenceEmulator requenceEmulator() {
		return RequenceEmulator.builder().limits(EmulatorLimits.small()).build();
	}

	@Bean
	RequenceTaskConnectionDetails emulatorConnectionDetails(RequenceEmulator emulator) {
		return () -> AccessToken.parse(emulator.accessToken());
	}

	@Bean(initMethod = "start", destroyMethod = "close")
	Scenario scenario(RequenceEmulator emulator) {
		return Scenario.builder(emulator).tasksPerMinute(60).build();
	}

}
