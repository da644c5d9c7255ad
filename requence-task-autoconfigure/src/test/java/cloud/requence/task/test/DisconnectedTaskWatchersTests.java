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

import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.test.annotation.DirtiesContext;

import cloud.requence.task.TaskWatcher;
import cloud.requence.task.TaskWatcherFactory;
import cloud.requence.task.TaskWatcherStatus.State;
import cloud.requence.task.client.TaskClient;
import cloud.requence.task.client.TaskPlatformUnreachableException;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link DisconnectedTaskWatchers}, in the way that applications use it:
 * without an access token.
 */
class DisconnectedTaskWatchersTests {

	@Nested
	@SpringBootTest(classes = Application.class)
	@DisconnectedTaskWatchers
	@DirtiesContext
	class AnApplication {

		@Test
		void contextLoads(@Autowired TaskWatcher requenceTaskWatcher, @Autowired Further further) {
			assertThat(requenceTaskWatcher.status().state()).isEqualTo(State.STOPPED);
			assertThat(requenceTaskWatcher.status().expectedToRun()).isFalse();
			assertThat(further.watcher().isRunning()).isFalse();
		}

		@Test
		void aCallFails(@Autowired TaskClient client) {
			assertThatExceptionOfType(TaskPlatformUnreachableException.class).isThrownBy(() -> client.get("task-1"));
		}

	}

	@Nested
	@SpringBootTest(classes = Application.class,
			properties = { "requence.task.auto-startup=true", "requence.task.checkpoint.store=file",
					"requence.task.checkpoint.file=target/none/checkpoint" })
	@DisconnectedTaskWatchers
	@DirtiesContext
	@RecordTaskUpdates
	class AnApplicationWithSettings {

		@Test
		void contextLoads(@Autowired TaskWatcher requenceTaskWatcher, TaskUpdateRecorder updates) {
			assertThat(requenceTaskWatcher.isRunning()).isFalse();
			assertThat(updates.updates()).isEmpty();
		}

	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration(exclude = DataSourceAutoConfiguration.class)
	static class Application {

		@Bean
		Further further(TaskWatcherFactory factory) {
			return new Further(factory.builder("further").handler((update) -> {
			}).build());
		}

	}

	record Further(TaskWatcher watcher) {

	}

}
