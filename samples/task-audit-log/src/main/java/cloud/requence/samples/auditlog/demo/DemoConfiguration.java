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
package cloud.requence.samples.auditlog.demo;

import java.net.BindException;
import java.util.concurrent.atomic.AtomicBoolean;

import cloud.requence.emulator.EmulatorLimits;
import cloud.requence.emulator.RequenceEmulator;
import cloud.requence.emulator.scenario.Scenario;
import cloud.requence.task.AccessToken;
import cloud.requence.task.TaskWatcherConnectedEvent;
import cloud.requence.task.autoconfigure.RequenceTaskConnectionDetails;

import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.context.ApplicationListener;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.NestedExceptionUtils;

/**
 * Starts the emulator if no access token is configured.
 */
@Configuration(proxyBeanMethods = false)
@Conditional(MissingAccessTokenCondition.class)
class DemoConfiguration {

	// Another one for each start: the log keeps what former starts have sent, and no two
	// updates have the same id
	private final long seed = System.nanoTime();

	@Bean(destroyMethod = "close")
	RequenceEmulator requenceEmulator(DemoProperties properties) {
		RequenceEmulator emulator = RequenceEmulator.builder()
			.seed(this.seed)
			.port(properties.port())
			.limits(EmulatorLimits.small())
			.build();
		try {
			return emulator.start();
		}
		catch (IllegalStateException ex) {
			emulator.close();
			if (NestedExceptionUtils.getMostSpecificCause(ex) instanceof BindException) {
				throw new DemoPortException(properties.port(), ex);
			}
			throw ex;
		}
	}

	@Bean
	RequenceTaskConnectionDetails emulatorConnectionDetails(RequenceEmulator emulator) {
		return () -> AccessToken.parse(emulator.accessToken());
	}

	@Bean(destroyMethod = "close")
	@ConditionalOnBooleanProperty(name = "audit.demo.scenario", matchIfMissing = true)
	Scenario scenario(RequenceEmulator emulator, DemoProperties properties) {
		return Scenario.builder(emulator).seed(this.seed).tasksPerMinute(properties.tasksPerMinute()).build();
	}

	/**
	 * The emulator of each start counts from the beginning, so that nothing may happen
	 * before the log is connected.
	 */
	@Bean
	@ConditionalOnBean(Scenario.class)
	ApplicationListener<TaskWatcherConnectedEvent> scenarioStart(Scenario scenario) {
		AtomicBoolean started = new AtomicBoolean();
		return (event) -> {
			if (started.compareAndSet(false, true)) {
				scenario.start();
			}
		};
	}

}
