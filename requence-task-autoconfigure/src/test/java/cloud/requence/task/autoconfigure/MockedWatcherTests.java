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

package cloud.requence.task.autoconfigure;

import java.time.Duration;

import io.micrometer.core.instrument.MeterRegistry;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.health.actuate.endpoint.HealthEndpoint;
import org.springframework.boot.health.contributor.Status;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.context.bean.override.mockito.MockitoBean;

import cloud.requence.task.TaskWatcher;
import cloud.requence.task.autoconfigure.endpoint.TaskWatcherEndpoint;
import cloud.requence.task.client.TaskClient;
import cloud.requence.task.test.RecordTaskUpdates;
import cloud.requence.task.test.TaskUpdateRecorder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.BDDMockito.then;

/**
 * A mock in the place of the watcher, in an application with Actuator, metrics and
 * everything else, without an access token.
 */
@SpringBootTest(classes = MockedWatcherTests.Application.class,
		properties = "management.endpoints.web.exposure.include=*")
@RecordTaskUpdates
@DirtiesContext
class MockedWatcherTests {

	@MockitoBean
	private TaskWatcher watcher;

	@MockitoBean
	private TaskClient client;

	@Test
	void theApplicationCallsTheMock(@Autowired Confirmations confirmations) {
		confirmations.confirm("task-1");
		then(this.watcher).should().acknowledge("task-1");
		then(this.client).should().protect("task-1");
	}

	@Test
	void itHasNoHealth(@Autowired HealthEndpoint health) {
		assertThat(health.healthForPath("requenceTask").getStatus()).isEqualTo(Status.UNKNOWN);
	}

	@Test
	void itHasNoMeters(@Autowired MeterRegistry registry) {
		assertThat(registry.getMeters()).extracting((meter) -> meter.getId().getName())
			.isNotEmpty()
			.noneMatch((name) -> name.startsWith("requence.task.watcher"));
	}

	@Test
	void itHasNoStatus(@Autowired TaskWatcherEndpoint endpoint) {
		assertThat(endpoint.watchers().watchers()).containsOnlyKeys("requenceTaskWatcher");
		assertThat(endpoint.watcher("requenceTaskWatcher")).isNotNull();
		endpoint.control(TaskWatcherEndpoint.Action.PAUSE);
		then(this.watcher).should().pause();
	}

	@Test
	void itDeliversNothing(TaskUpdateRecorder updates) {
		assertThat(updates.within(Duration.ZERO).updates()).isEmpty();
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration(exclude = DataSourceAutoConfiguration.class)
	static class Application {

		@Bean
		Confirmations confirmations(TaskWatcher watcher, TaskClient client) {
			return new Confirmations(watcher, client);
		}

	}

	record Confirmations(TaskWatcher watcher, TaskClient client) {

		void confirm(String taskId) {
			this.watcher.acknowledge(taskId);
			this.client.protect(taskId);
		}

	}

}
