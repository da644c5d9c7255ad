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

package cloud.requence.samples.dashboard.kafka;

import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;

import cloud.requence.emulator.RequenceEmulator;
import cloud.requence.samples.dashboard.support.RunningDashboard;
import cloud.requence.task.TaskUpdate;
import cloud.requence.task.TaskUpdateJson;
import cloud.requence.task.test.TestTask;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

import org.springframework.kafka.core.DefaultKafkaProducerFactory;
import org.springframework.kafka.core.KafkaTemplate;
import org.springframework.kafka.test.EmbeddedKafkaBroker;
import org.springframework.kafka.test.EmbeddedKafkaKraftBroker;
import org.springframework.kafka.test.utils.KafkaTestUtils;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * A board that watches a topic in place of the platform.
 */
class TopicTests {

	private static final String TOPIC = "task-updates";

	private final RequenceEmulator platform = RequenceEmulator.builder().build().start();

	private final EmbeddedKafkaBroker broker = new EmbeddedKafkaKraftBroker(1, 3, TOPIC)
		.brokerProperties(Map.of("offsets.topic.num.partitions", "1", "group.initial.rebalance.delay.ms", "0"));

	@BeforeEach
	void startBroker() {
		this.broker.afterPropertiesSet();
	}

	@AfterEach
	void close() {
		this.broker.destroy();
		this.platform.close();
	}

	@Test
	void showsTheTasksOfTheTopicAndAcknowledgesNothing() throws Exception {
		send(TestTask.of("before").requireAck().start(), TestTask.of("before").requireAck().end("done"));
		try (RunningDashboard dashboard = start()) {
			awaitUpdates(dashboard, 2);
			send(TestTask.of("after").start());
			awaitUpdates(dashboard, 3);
			await().untilAsserted(() -> {
				JsonNode watcher = board(dashboard).path("watcher");
				assertThat(watcher.path("state").asString()).isEqualTo("streaming");
				assertThat(watcher.path("partitions").asInt()).isEqualTo(3);
				assertThat(watcher.path("backlog").asInt()).isZero();
				assertThat(watcher.path("caughtUp").asBoolean()).isTrue();
			});
			JsonNode board = board(dashboard);
			assertThat(board.path("source").path("topic").asString()).isEqualTo(TOPIC);
			assertThat(board.path("tasks")).extracting((task) -> task.path("id").asString())
				.containsExactlyInAnyOrder("before", "after");
		}
		assertThat(this.platform.watchRequests()).isEmpty();
		assertThat(this.platform.acknowledgements()).isEmpty();
	}

	private RunningDashboard start() {
		return RunningDashboard.startOnTopic(this.platform, "--requence.task.source=kafka",
				"--requence.task.kafka.topic=" + TOPIC,
				"--spring.kafka.bootstrap-servers=" + this.broker.getBrokersAsString(),
				"--spring.datasource.url=jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_ON_EXIT=FALSE",
				"--server.port=0");
	}

	private void send(TaskUpdate... updates) {
		DefaultKafkaProducerFactory<String, byte[]> producers = new DefaultKafkaProducerFactory<>(
				KafkaTestUtils.producerProps(this.broker), new StringSerializer(), new ByteArraySerializer());
		KafkaTemplate<String, byte[]> template = new KafkaTemplate<>(producers);
		for (TaskUpdate update : updates) {
			template
				.send(TOPIC, update.taskId(),
						TaskUpdateJson.withContext().write(update).getBytes(StandardCharsets.UTF_8))
				.join();
		}
		producers.destroy();
	}

	private static void awaitUpdates(RunningDashboard dashboard, long updates) {
		await().untilAsserted(
				() -> assertThat(board(dashboard).path("counters").path("updates").asLong()).isEqualTo(updates));
	}

	private static JsonNode board(RunningDashboard dashboard) throws Exception {
		HttpResponse<Stream<String>> response = HttpClient.newHttpClient()
			.send(HttpRequest.newBuilder(dashboard.address("/api/board")).build(), HttpResponse.BodyHandlers.ofLines());
		try (Stream<String> lines = response.body()) {
			return dashboard.parse(lines.findFirst().orElseThrow().substring("data:".length()));
		}
	}

}
