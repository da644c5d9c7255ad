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

package cloud.requence.task.autoconfigure.testcontainers;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.testcontainers.junit.jupiter.Container;
import org.testcontainers.junit.jupiter.Testcontainers;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.http.client.autoconfigure.HttpClientAutoConfiguration;
import org.springframework.boot.http.client.autoconfigure.reactive.ReactiveHttpClientAutoConfiguration;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.testcontainers.service.connection.ServiceConnection;
import org.springframework.boot.webclient.autoconfigure.WebClientAutoConfiguration;
import org.springframework.context.annotation.Configuration;
import org.springframework.test.annotation.DirtiesContext;

import cloud.requence.task.DockerExtension;
import cloud.requence.task.EmulatorImage;
import cloud.requence.task.TaskEnd;
import cloud.requence.task.TaskFile;
import cloud.requence.task.TaskPayload;
import cloud.requence.task.autoconfigure.RequenceTaskAutoConfiguration;
import cloud.requence.task.autoconfigure.RequenceTaskClientAutoConfiguration;
import cloud.requence.task.autoconfigure.RequenceTaskConnectionDetails;
import cloud.requence.task.client.TaskClient;
import cloud.requence.task.client.TaskHandle;
import cloud.requence.task.client.TaskRequest;
import cloud.requence.task.test.RecordTaskUpdates;
import cloud.requence.task.test.TaskUpdateRecorder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests for {@link RequenceEmulatorContainer} and its service connection.
 */
@SpringBootTest(webEnvironment = WebEnvironment.NONE, properties = "requence.task.base-url=http://127.0.0.1:1")
@ExtendWith(DockerExtension.class)
@Testcontainers
@RecordTaskUpdates
@DirtiesContext
class RequenceEmulatorContainerTests {

	@Container
	@ServiceConnection
	static final RequenceEmulatorContainer requence = new RequenceEmulatorContainer(EmulatorImage.build())
		.withSecret("of-this-test")
		.withRate(600)
		.withSpeed(50)
		.withSeed(7);

	@Test
	void isWatchedWithoutAnyProperty(TaskUpdateRecorder updates) {
		TaskEnd end = updates.within(Duration.ofMinutes(1)).await(TaskEnd.class, (update) -> !update.incomplete());
		assertThat(end.context().input()).isNotNull();
	}

	@Test
	void runsTheTasksThatAreCreated(@Autowired TaskClient tasks, TaskUpdateRecorder updates) {
		TaskHandle task = tasks.create(TaskRequest.of("invoice", Map.of("number", 7)));
		TaskEnd end = updates.await(TaskEnd.class, (update) -> update.taskId().equals(task.id()));
		assertThat(end.context().input()).isEqualTo(TaskPayload.of("{\"number\":7}"));
	}

	@Test
	void hasFilesThatCanBeReadThroughItsMappedPort(TaskUpdateRecorder updates) throws IOException {
		TaskEnd end = updates.within(Duration.ofMinutes(1))
			.await(TaskEnd.class, (update) -> update.context().input() != null
					&& update.context().input().tree().at("/scan/mime").isString());
		Scanned input = end.context().input().as(Scanned.class);
		assertThat(input.scan().getContentAsByteArray()).hasSize((int) input.scan().contentLength());
	}

	@Test
	void tellsWhereItIs(@Autowired RequenceTaskConnectionDetails details) {
		assertThat(details.getAccessToken()).isEqualTo(requence.getAccessToken());
		assertThat(requence.getAccessToken().secret()).isEqualTo("of-this-test");
		assertThat(requence.getBaseUrl())
			.isEqualTo(URI.create("http://" + requence.getHost() + ":" + requence.getMappedPort(9420) + "/api"));
	}

	@Test
	void isHealthyAndHasNoRights() {
		assertThat(requence.getContainerInfo().getConfig().getUser()).isEqualTo("1000:1000");
		await().atMost(Duration.ofMinutes(1)).until(requence::isHealthy);
	}

	record Scanned(TaskFile scan) {

	}

	@Configuration(proxyBeanMethods = false)
	@ImportAutoConfiguration({ RequenceTaskAutoConfiguration.class, RequenceTaskClientAutoConfiguration.class,
			WebClientAutoConfiguration.class, ReactiveHttpClientAutoConfiguration.class,
			HttpClientAutoConfiguration.class })
	static class Application {

	}

}
