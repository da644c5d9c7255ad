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
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;

import cloud.requence.emulator.RequenceEmulator;
import cloud.requence.samples.dashboard.support.Relay;
import cloud.requence.samples.dashboard.support.RunningDashboard;
import cloud.requence.task.TaskUpdate;
import cloud.requence.task.TaskUpdateJson;
import cloud.requence.task.test.TestTask;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

import org.springframework.jdbc.core.JdbcTemplate;
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
		TestTask before = TestTask.of("before").requireAck();
		send(before.start(), before.end("done"));
		try (RunningDashboard dashboard = start(inMemory())) {
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

	@Test
	void recordsOnceWhatAnEarlierRunHasRecorded() throws Exception {
		String history = inMemory() + ";DB_CLOSE_DELAY=-1";
		TestTask first = TestTask.of("first");
		send(first.start(), first.nodeStart("scan"), first.nodeEnd("scan"), first.end("done"));
		try (RunningDashboard dashboard = start(history)) {
			awaitUpdates(dashboard, 4);
		}
		send(TestTask.of("second").start());
		// It has no offsets, as after a crash before they were committed
		try (RunningDashboard dashboard = start(history, "--requence.task.kafka.group-id=another")) {
			await().untilAsserted(() -> {
				JsonNode board = board(dashboard);
				assertThat(board.path("watcher").path("received").asLong()).isEqualTo(5);
				assertThat(board.path("watcher").path("caughtUp").asBoolean()).isTrue();
			});
			assertCountedOnce(dashboard, 5);
		}
	}

	@Test
	void recordsOnceWhatWasCommittedThoughNobodyHasSaidSo() throws Exception {
		TestTask task = TestTask.of("task");
		send(task.start());
		try (EmbeddedPostgres postgres = EmbeddedPostgres.start();
				Relay relay = Relay.to(postgres.getPort());
				RunningDashboard dashboard = start(
						"jdbc:postgresql://127.0.0.1:" + relay.port() + "/postgres?user=postgres&prepareThreshold=0",
						"--spring.datasource.hikari.connection-timeout=500", "--dashboard.alerts.interval=1h")) {
			awaitUpdates(dashboard, 1);
			relay.cutAtAnswerTo("COMMIT");
			send(task.nodeStart("scan"));
			await().until(relay::isCut);
			relay.mend();
			send(task.end("done"));
			await().untilAsserted(() -> assertThat(board(dashboard).path("tasks").get(0).path("state").asString())
				.isEqualTo("succeeded"));
			assertCountedOnce(dashboard, 3);
		}
	}

	private static void assertCountedOnce(RunningDashboard dashboard, int updates) throws Exception {
		JsonNode board = board(dashboard);
		assertThat(board.path("counters").path("updates").asInt()).isEqualTo(updates);
		assertThat(board.path("counters").path("succeeded").asInt()).isOne();
		for (JsonNode tasks : List.of(board.path("tasks"), dashboard.json("/api/history/tasks").path("tasks"))) {
			assertThat(tasks.valueStream().mapToInt((task) -> task.path("updates").asInt()).sum()).isEqualTo(updates);
		}
		assertThat(dashboard.bean(JdbcTemplate.class).queryForObject("select count(*) from task_update", Integer.class))
			.isEqualTo(updates);
	}

	private static String inMemory() {
		return "jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_ON_EXIT=FALSE";
	}

	private RunningDashboard start(String history, String... arguments) {
		List<String> all = new ArrayList<>(
				List.of("--requence.task.source=kafka", "--requence.task.kafka.topic=" + TOPIC,
						"--spring.kafka.bootstrap-servers=" + this.broker.getBrokersAsString(),
						"--spring.datasource.url=" + history, "--server.port=0"));
		all.addAll(List.of(arguments));
		return RunningDashboard.startOnTopic(this.platform, all.toArray(new String[0]));
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
