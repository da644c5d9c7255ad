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

package cloud.requence.samples.dashboard;

import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;

import cloud.requence.emulator.RequenceEmulator;
import cloud.requence.emulator.TaskScript;
import cloud.requence.samples.dashboard.support.RunningDashboard;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * A day of tasks with outages and restarts, after which every number of the page is
 * compared with what has happened.
 */
class BusyDayTests {

	private static final int TASKS = Integer.getInteger("requence.dashboard-tasks", 200);

	private static final List<String> NAMES = List.of("invoice", "order", "onboarding");

	private final Random random = new Random(7);

	private final RequenceEmulator platform = RequenceEmulator.builder().build().start();

	private final Map<String, Truth> truth = new LinkedHashMap<>();

	@TempDir
	private Path directory;

	private RunningDashboard dashboard;

	@AfterEach
	void close() {
		this.dashboard.close();
		this.platform.close();
	}

	private void start() {
		this.dashboard = RunningDashboard.start(this.platform,
				"--spring.datasource.url=jdbc:h2:file:" + this.directory.resolve("history"),
				"--requence.task.reconnect.max-delay=1s");
	}

	@Test
	void hasNoWrongNumber() throws Exception {
		start();
		List<Truth> open = new ArrayList<>();
		for (int i = 0; i < TASKS; i++) {
			disturb(i);
			Truth task = new Truth(this.platform, NAMES.get(this.random.nextInt(NAMES.size())));
			this.truth.put(task.script.taskId(), task);
			open.add(task);
			while (!open.isEmpty() && (open.size() > 10 || this.random.nextInt(3) == 0)) {
				Truth next = open.get(this.random.nextInt(open.size()));
				if (next.advance(this.random)) {
					open.remove(next);
				}
			}
		}
		assertThat(this.truth.values()).extracting((task) -> task.state)
			.contains("running", "succeeded", "failed", "aborted");
		long updates = this.platform.lastPosition();
		await().atMost(Duration.ofMinutes(2))
			.untilAsserted(() -> assertThat(board().path("counters").path("updates").asLong()).isEqualTo(updates));
		assertNumbersAreTrue();
		this.dashboard.close();
		start();
		assertNumbersAreTrue();
	}

	/**
	 * The platform is away, the connection is lost, or the dashboard is started again.
	 */
	private void disturb(int task) {
		int part = Math.max(1, TASKS / 8);
		if (task % part != part - 1) {
			return;
		}
		switch ((task / part) % 4) {
			case 0 -> this.platform.resetAll();
			case 1 -> {
				this.dashboard.close();
				start();
			}
			case 2 -> this.platform.stop();
			default -> {
				this.dashboard.close();
				this.platform.start();
				start();
			}
		}
	}

	private JsonNode board() throws Exception {
		HttpRequest request = HttpRequest.newBuilder(this.dashboard.address("/api/board")).build();
		HttpResponse<Stream<String>> response = HttpClient.newHttpClient()
			.send(request, HttpResponse.BodyHandlers.ofLines());
		try (Stream<String> lines = response.body()) {
			return this.dashboard.parse(lines.findFirst().orElseThrow().substring("data:".length()));
		}
	}

	private void assertNumbersAreTrue() throws Exception {
		JsonNode board = board();
		JsonNode counters = board.path("counters");
		for (String state : List.of("running", "succeeded", "failed", "aborted")) {
			assertThat(counters.path(state).asLong()).as(state).isEqualTo(count(state, null));
		}
		board.path("tasks").forEach(this::assertIsTrue);
		Map<String, JsonNode> history = history();
		assertThat(history.keySet()).isEqualTo(this.truth.keySet());
		history.values().forEach(this::assertIsTrue);
		Map<String, JsonNode> groups = new TreeMap<>();
		this.dashboard.json("/api/history/groups")
			.path("groups")
			.forEach((group) -> groups.put(group.path("name").asString(), group));
		assertThat(groups.keySet()).containsExactlyInAnyOrderElementsOf(NAMES);
		groups.forEach((name, group) -> {
			for (String state : List.of("running", "succeeded", "failed", "aborted")) {
				assertThat(group.path(state).asLong()).as(name + " " + state).isEqualTo(count(state, name));
			}
		});
		assertThat(this.dashboard.get("/api/history/export.csv?outcome=failed").body().lines())
			.hasSize((int) count("failed", null) + 1);
	}

	private Map<String, JsonNode> history() {
		Map<String, JsonNode> tasks = new HashMap<>();
		String after = "";
		do {
			JsonNode page = this.dashboard.json("/api/history/tasks?limit=100&after={after}", after);
			page.path("tasks").forEach((task) -> tasks.put(task.path("id").asString(), task));
			after = page.path("next").asString("");
		}
		while (!after.isEmpty());
		return tasks;
	}

	private long count(String state, String name) {
		return this.truth.values()
			.stream()
			.filter((task) -> task.state.equals(state) && (name == null || task.name.equals(name)))
			.count();
	}

	private void assertIsTrue(JsonNode task) {
		Truth expected = this.truth.get(task.path("id").asString());
		assertThat(task.path("state").asString()).isEqualTo(expected.state);
		assertThat(task.path("name").asString()).isEqualTo(expected.name);
		assertThat(task.path("updates").asInt()).isEqualTo(expected.updates);
		assertThat(task.path("nodes").asInt()).isEqualTo(expected.nodes);
		assertThat(task.path("incomplete").asBoolean()).isFalse();
	}

	/**
	 * A task, and what has happened to it.
	 */
	private static final class Truth {

		private final TaskScript script;

		private final String name;

		private String state = "running";

		private int updates = 1;

		private int nodes;

		Truth(RequenceEmulator platform, String name) {
			this.name = name;
			this.script = platform.task("template").name(name).input(Map.of("name", name)).start();
		}

		/**
		 * Let something happen.
		 * @return whether the task has ended
		 */
		boolean advance(Random random) {
			this.updates++;
			int choice = random.nextInt(10);
			if (choice < 5) {
				String node = "node " + this.nodes++;
				this.script.nodeStart(node);
				if (choice == 0) {
					this.script.nodeError(node, "busy").nodeDefer(node, "later");
					this.updates += 2;
				}
				else {
					this.script.nodeUpdate(node, Map.of("a", choice)).nodeEnd(node);
					this.updates += 2;
				}
				return false;
			}
			switch (choice) {
				case 5, 6 -> {
					this.state = "failed";
					this.script.fail("refused");
				}
				case 7 -> {
					this.state = "aborted";
					this.script.abort("unwanted");
				}
				default -> {
					this.state = "succeeded";
					this.script.end(Map.of("done", true));
				}
			}
			return true;
		}

	}

}
