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

package cloud.requence.emulator.scenario;

import java.io.ByteArrayInputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

import javax.imageio.ImageIO;

import cloud.requence.emulator.RequenceEmulator;
import cloud.requence.emulator.EmulatedTaskStatus;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.awaitility.Awaitility.await;

/**
 * The simulated business, at a high speed.
 */
class ScenarioTests {

	private static final String EPOCH = "{\"since\": \"1970-01-01T00:00:00.000Z\"}";

	private static final double SPEED = 1000;

	private final JsonMapper mapper = JsonMapper.builder().build();

	private final RequenceEmulator emulator = RequenceEmulator.builder().build().start();

	@AfterEach
	void close() {
		this.emulator.close();
	}

	@Test
	void showsAllThatCanHappenToATask() throws Exception {
		try (Scenario scenario = Scenario.builder(this.emulator).speed(SPEED).build().start()) {
			Iterator<JsonNode> updates = watch(this.emulator, EPOCH);
			Set<String> seen = new TreeSet<>();
			Map<String, Set<String>> families = new HashMap<>();
			Set<String> failedNodes = new HashSet<>();
			while (seen.size() < 18) {
				JsonNode update = updates.next();
				seen.add(update.path("event").asString());
				String node = update.path("taskId").asString() + update.at("/node/id").asString();
				switch (update.path("event").asString()) {
					case "taskStart" -> {
						String root = update.path("rootTaskId").asString(update.path("taskId").asString());
						String kind = update.path("name").asString().split(" ")[0];
						families.computeIfAbsent(root, (id) -> new HashSet<>()).add(kind);
						seen.add(kind);
						if (families.get(root).containsAll(Set.of("Order", "Payment", "Fraud"))) {
							seen.add("two levels below");
						}
					}
					case "nodeError" -> failedNodes.add(node);
					case "nodeUpdate" -> {
						if (failedNodes.contains(node)) {
							seen.add("succeeded after an error");
						}
					}
					default -> {
						if (update.path("requireAck").asBoolean(false)) {
							seen.add("wants an acknowledgement");
						}
					}
				}
			}
			assertThat(seen).containsExactlyInAnyOrder("taskStart", "nodeStart", "nodeUpdate", "nodeError", "nodeDefer",
					"nodeEnd", "taskEnd", "taskError", "taskAborted", "Invoice", "Onboarding", "Order", "Claim",
					"Payment", "Fraud", "two levels below", "succeeded after an error", "wants an acknowledgement");
			assertThat(this.emulator.awaitingDelivery()).isNotEmpty();
			scenario.tasksPerMinute(1);
		}
	}

	@Test
	void hasBegunBeforeTheFirstClientComes() throws Exception {
		try (Scenario scenario = Scenario.builder(this.emulator).speed(SPEED).build().start()) {
			await().until(() -> this.emulator.lastPosition() > 6);
			Iterator<JsonNode> updates = watch(this.emulator, "{\"since\": null, \"lastPosition\": 6}");
			JsonNode first = updates.next();
			while (first.path("event").asString().equals("taskStart")) {
				first = updates.next();
			}
			assertThat(first.path("taskId").asString()).isNotEmpty();
			assertThat(scenario).isNotNull();
		}
	}

	@Test
	void leavesNoTaskOpenWhenItStops() throws Exception {
		Scenario scenario = Scenario.builder(this.emulator).tasksPerMinute(300).speed(SPEED).build().start();
		await().until(() -> this.emulator.lastPosition() > 300);
		scenario.stop();
		long last = this.emulator.lastPosition();
		Iterator<JsonNode> updates = watch(this.emulator, EPOCH);
		Set<String> open = new HashSet<>();
		for (long i = 0; i < last; i++) {
			JsonNode update = updates.next();
			switch (update.path("event").asString()) {
				case "taskStart" -> open.add(update.path("taskId").asString());
				case "taskEnd", "taskError", "taskAborted" -> open.remove(update.path("taskId").asString());
				default -> {
				}
			}
		}
		assertThat(open).isEmpty();
		assertThat(this.emulator.lastPosition()).isEqualTo(last);
		scenario.start();
		await().until(() -> this.emulator.lastPosition() > last);
		scenario.close();
	}

	@Test
	void isTheSameWithTheSameSeed() throws Exception {
		List<String> names = firstRootTasks(7);
		assertThat(firstRootTasks(7)).isEqualTo(names);
		assertThat(firstRootTasks(8)).isNotEqualTo(names);
	}

	@Test
	void playsTheTasksOfClientsToo() throws Exception {
		try (Scenario scenario = Scenario.builder(this.emulator).tasksPerMinute(0.001).speed(SPEED).build().start()) {
			JsonNode prepared = post(this.emulator, "/task/prepare/fraud-check", "");
			String taskId = prepared.path("taskId").asString();
			post(this.emulator, "/task/finalize/" + taskId, "{\"name\": \"Mine\", \"input\": {\"a\": 1}}");
			await().until(() -> this.emulator.status(taskId) == EmulatedTaskStatus.SUCCESSFUL
					|| this.emulator.status(taskId) == EmulatedTaskStatus.FAILED
					|| this.emulator.status(taskId) == EmulatedTaskStatus.STOPPED);
			assertThat(scenario).isNotNull();
		}
	}

	@Test
	void comesWithFilesStreamsAndLargeValues() throws Exception {
		try (Scenario scenario = Scenario.builder(this.emulator).speed(SPEED).build().start()) {
			Iterator<JsonNode> updates = watch(this.emulator, EPOCH);
			Map<String, byte[]> contents = new HashMap<>();
			while (contents.size() < 3) {
				JsonNode update = updates.next();
				for (JsonNode found : List.of(update.at("/input/scan"), update.at("/data/lines"),
						update.at("/data/transcript"))) {
					if (found.isObject()) {
						contents.put(found.path("__REQUENCE_type").asString(),
								this.emulator.files().content(found.path("url").asString()));
					}
				}
			}
			assertThat(heightOf(contents.get("RequenceFile"))).isEqualTo(842);
			assertThat(contents.get("RequenceStream")).asString().startsWith("position,product,quantity");
			JsonNode transcript = this.mapper.readTree(contents.get("ClaimCheck"));
			assertThat(transcript.path("pages")).hasSize(24);
			assertThat(heightOf(this.emulator.files().content(transcript.at("/form/url").asString()))).isEqualTo(420);
			assertThat(scenario).isNotNull();
		}
	}

	@Test
	void takesTheAmountOfClients() throws Exception {
		try (Scenario scenario = Scenario.builder(this.emulator).tasksPerMinute(0.001).speed(SPEED).build().start()) {
			Iterator<JsonNode> updates = watch(this.emulator, EPOCH);
			JsonNode prepared = post(this.emulator, "/task/prepare/payment", "");
			String taskId = prepared.path("taskId").asString();
			post(this.emulator, "/task/finalize/" + taskId, "{\"input\": {\"amount\": {\"value\": 12.5}}}");
			JsonNode update = updates.next();
			while (!update.path("taskId").asString().equals(taskId) || update.at("/data/authorised").isMissingNode()) {
				update = updates.next();
				assertThat(update.path("event").asString() + update.path("taskId").asString())
					.isNotEqualTo("taskEnd" + taskId);
			}
			assertThat(update.at("/data/authorised").asDouble()).isEqualTo(12.5);
			assertThat(scenario).isNotNull();
		}
	}

	private static int heightOf(byte[] picture) throws Exception {
		return ImageIO.read(new ByteArrayInputStream(picture)).getHeight();
	}

	@ParameterizedTest
	@ValueSource(doubles = { 0, -1, Double.NaN })
	void needsARateAndASpeed(double value) {
		assertThatIllegalArgumentException().isThrownBy(() -> Scenario.builder(this.emulator).tasksPerMinute(value));
		assertThatIllegalArgumentException().isThrownBy(() -> Scenario.builder(this.emulator).speed(value));
	}

	private List<String> firstRootTasks(long seed) throws Exception {
		try (RequenceEmulator other = RequenceEmulator.builder().build().start();
				Scenario scenario = Scenario.builder(other).seed(seed).speed(SPEED).build()) {
			scenario.start();
			Iterator<JsonNode> updates = watch(other, EPOCH);
			List<String> names = new ArrayList<>();
			while (names.size() < 12) {
				JsonNode update = updates.next();
				if (update.path("event").asString().equals("taskStart") && update.path("rootTaskId").isNull()) {
					// Addresses of files are random
					names.add(update.path("name").asString() + update.path("input").asObject().without("scan"));
				}
			}
			return names;
		}
	}

	/**
	 * The updates as they come, each with its type as the member {@code event}.
	 */
	private Iterator<JsonNode> watch(RequenceEmulator watched, String body) throws Exception {
		Iterator<String> lines = HttpClient.newHttpClient()
			.send(request(watched, "/task/watch-all", body), BodyHandlers.ofLines())
			.body()
			.filter((line) -> line.startsWith("event: ") || line.startsWith("data: "))
			.iterator();
		return new Iterator<>() {

			@Override
			public boolean hasNext() {
				return lines.hasNext();
			}

			@Override
			public JsonNode next() {
				String type = lines.next().substring("event: ".length());
				JsonNode data = ScenarioTests.this.mapper.readTree(lines.next().substring("data: ".length()));
				return data.asObject().put("event", type);
			}

		};
	}

	private JsonNode post(RequenceEmulator called, String path, String body) throws Exception {
		HttpClient client = HttpClient.newHttpClient();
		return this.mapper.readTree(client.send(request(called, path, body), BodyHandlers.ofString()).body());
	}

	private static HttpRequest request(RequenceEmulator called, String path, String body) {
		return HttpRequest.newBuilder(URI.create(called.baseUrl() + path))
			.header("Authorization", "Bearer emulator-secret")
			.POST(BodyPublishers.ofString(body))
			.build();
	}

}
