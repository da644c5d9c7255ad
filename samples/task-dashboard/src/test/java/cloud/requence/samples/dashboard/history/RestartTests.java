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

package cloud.requence.samples.dashboard.history;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import javax.sql.DataSource;

import cloud.requence.emulator.RequenceEmulator;
import cloud.requence.emulator.TaskScript;
import cloud.requence.samples.dashboard.support.RunningDashboard;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests for what a restart of the dashboard changes, which is nothing.
 */
class RestartTests {

	private final RequenceEmulator platform = RequenceEmulator.builder().build().start();

	@TempDir
	private Path directory;

	private RunningDashboard dashboard;

	@BeforeEach
	void start() {
		this.dashboard = RunningDashboard.start(this.platform,
				"--spring.datasource.url=jdbc:h2:file:" + this.directory.resolve("history"),
				"--dashboard.history.max-payload=1KB", "--dashboard.max-payload=1KB", "--dashboard.finished-tasks=2");
	}

	@AfterEach
	void close() {
		this.dashboard.close();
		this.platform.close();
	}

	private void restart() {
		this.dashboard.close();
		start();
	}

	private TaskScript task(String name) {
		return this.platform.task("template").name(name).input(Map.of("name", name, "text", "x".repeat(5000))).start();
	}

	private JsonNode board() throws Exception {
		URI address = this.dashboard.address("/api/board");
		HttpResponse<Stream<String>> response = HttpClient.newHttpClient()
			.send(HttpRequest.newBuilder(address).build(), HttpResponse.BodyHandlers.ofLines());
		try (Stream<String> lines = response.body()) {
			return this.dashboard.parse(lines.findFirst().orElseThrow().substring("data:".length()));
		}
	}

	private void awaitUpdates(long updates) {
		await().untilAsserted(() -> assertThat(board().path("counters").path("updates").asLong()).isEqualTo(updates));
	}

	private Map<String, JsonNode> tasks() throws Exception {
		Map<String, JsonNode> tasks = new HashMap<>();
		board().path("tasks").forEach((task) -> {
			tasks.put(task.path("id").asString(), withoutVersions(task));
		});
		return tasks;
	}

	private JsonNode details(String id) {
		ObjectNode details = (ObjectNode) this.dashboard.json("/api/task?id={id}", id);
		details.remove("now");
		return withoutVersions(details);
	}

	/**
	 * The number of a version says that something has changed, and not what. An update is
	 * heard when it is on the board, moments after it was recorded.
	 */
	private JsonNode withoutVersions(JsonNode json) {
		return this.dashboard.parse(json.toString().replaceAll("\"(version|searchVersion|heardAt)\":\\d+", "\"$1\":0"));
	}

	@Test
	void changesNothingOnThePage() throws Exception {
		TaskScript running = task("running").nodeStart("scan")
			.nodeUpdate("scan", Map.of("pages", 3))
			.nodeDefer("scan", "waits");
		TaskScript failed = task("failed").nodeStart("book").nodeError("book", "no budget").fail("refused");
		String evicted = null;
		for (int i = 0; i < 4; i++) {
			TaskScript task = task("done " + i).end(Map.of("number", i));
			evicted = (evicted != null) ? evicted : task.taskId();
		}
		this.platform.task("template").name("sub").subTaskOf(running).start();
		awaitUpdates(this.platform.lastPosition());
		this.dashboard.post("/api/task/protect?id=" + failed.taskId(), Map.of());
		Map<String, JsonNode> before = tasks();
		JsonNode counters = board().path("counters");
		JsonNode runningBefore = details(running.taskId());
		JsonNode failedBefore = details(failed.taskId());
		assertThat(before).hasSize(5).doesNotContainKey(evicted);
		restart();
		assertThat(tasks()).isEqualTo(before);
		assertThat(board().path("counters")).isEqualTo(counters);
		// The second that has begun is not counted yet
		await().untilAsserted(
				() -> assertThat(board().path("rate").path("counts").valueStream().mapToInt(JsonNode::asInt).sum())
					.isPositive());
		assertThat(details(running.taskId())).isEqualTo(runningBefore);
		assertThat(details(failed.taskId())).isEqualTo(failedBefore);
		assertThat(details(evicted).path("task").path("name").asString()).isEqualTo("done 0");
		assertThat(this.dashboard.json("/api/task/payload?id={id}&of=result", evicted).path("text").asString())
			.isEqualTo("{\"number\":0}");
	}

	@Test
	void keepsTheSameOfTasksThatEndedAtTheSameTime() throws Exception {
		Instant time = Instant.now();
		for (String id : List.of("5", "1", "4", "6", "2", "3")) {
			this.platform.publish("taskStart", Map.of("taskId", id, "timestamp", time.toString(), "input", Map.of()));
			this.platform.publish("taskEnd", Map.of("taskId", id, "timestamp", time.toString(), "result", 1));
		}
		awaitUpdates(this.platform.lastPosition());
		assertThat(tasks()).containsOnlyKeys("2", "3");
		restart();
		assertThat(tasks()).containsOnlyKeys("2", "3");
	}

	/**
	 * A query is interrupted when its browser leaves.
	 */
	@Test
	void survivesThreadsThatAreInterrupted() throws Exception {
		this.dashboard.close();
		this.dashboard = RunningDashboard.start(this.platform, "--spring.datasource.url=none",
				"--dashboard.history.file=" + this.directory.resolve("own"));
		try (Connection connection = this.dashboard.bean(DataSource.class).getConnection();
				Statement statement = connection.createStatement()) {
			// Queries read the file
			statement.execute("set cache_size 0");
			statement.execute(
					"create table filler as select x as id, repeat('abcdefgh', 300) as text from system_range(1, 8000)");
			statement.execute("checkpoint sync");
			Thread.currentThread().interrupt();
			for (int i = 0; i < 5; i++) {
				statement.executeQuery("select count(*) from filler where text like '%b%'");
			}
		}
		finally {
			Thread.interrupted();
		}
		task("after").end("done");
		await().untilAsserted(() -> assertThat(board().path("counters").path("succeeded").asInt()).isOne());
	}

	@Test
	void losesAndRepeatsNothing() throws Exception {
		TaskScript running = task("running").nodeStart("scan");
		awaitUpdates(2);
		this.dashboard.close();
		running.nodeUpdate("scan", 1).nodeEnd("scan");
		TaskScript whileAway = task("while away").end("done");
		start();
		running.nodeStart("book").nodeEnd("book").end("done");
		awaitUpdates(9);
		restart();
		awaitUpdates(this.platform.lastPosition());
		JsonNode counters = board().path("counters");
		assertThat(counters.path("succeeded").asInt()).isEqualTo(2);
		assertThat(counters.path("running").asInt()).isZero();
		Map<String, JsonNode> tasks = tasks();
		assertThat(tasks.get(running.taskId()).path("updates").asInt()).isEqualTo(7);
		assertThat(tasks.get(running.taskId()).path("done").asInt()).isEqualTo(2);
		assertThat(tasks.get(running.taskId()).path("incomplete").asBoolean()).isFalse();
		assertThat(tasks.get(whileAway.taskId()).path("updates").asInt()).isEqualTo(2);
		JsonNode history = this.dashboard.json("/api/history/tasks?name=running").path("tasks").get(0);
		assertThat(history.path("updates").asInt()).isEqualTo(7);
		assertThat(history.path("incomplete").asBoolean()).isFalse();
	}

}
