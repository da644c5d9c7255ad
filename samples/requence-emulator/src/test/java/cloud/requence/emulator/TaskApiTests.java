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

package cloud.requence.emulator;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Map;
import java.util.concurrent.CountDownLatch;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.awaitility.Awaitility.await;

/**
 * Scripted tasks, and the calls that create, show and change tasks.
 */
class TaskApiTests {

	private static final String UUID = "[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}";

	private final JsonMapper mapper = JsonMapper.builder().build();

	private final HttpClient client = HttpClient.newHttpClient();

	private final RequenceEmulator emulator = RequenceEmulator.builder().build().start();

	@AfterEach
	void close() {
		this.emulator.close();
	}

	@Nested
	class Scripts {

		@Test
		void giveEachUpdateWhatTheWireAsksFor() throws Exception {
			TaskScript root = TaskApiTests.this.emulator.task("invoice").start();
			TaskScript task = TaskApiTests.this.emulator.task("payment")
				.name("Payment 7")
				.input(Map.of("amount", 3))
				.subTaskOf(root)
				.nodeType("either", "or")
				.start()
				.nodeStart("either")
				.nodeUpdate("either", 5, "high")
				.nodeError(null, "lost")
				.nodeDefer("either", "night")
				.nodeEnd("either")
				.end(Map.of("paid", true), "fast");
			String stream = updates(task);
			JsonNode start = update(stream, "taskStart");
			assertThat(start.path("taskId").asString()).isEqualTo(task.taskId()).matches(UUID);
			assertThat(start.path("task_id").asString()).isEqualTo(task.taskId());
			assertThat(start.path("updateId").asString()).matches(UUID);
			assertThat(start.path("name").asString()).isEqualTo("Payment 7");
			assertThat(start.path("rootTaskId").asString()).isEqualTo(root.taskId());
			assertThat(start.path("timestamp").asString())
				.matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z");
			assertThat(start.path("input")).hasToString("{\"amount\":3}");
			JsonNode node = update(stream, "nodeUpdate").path("node");
			assertThat(node.path("id").asString()).matches(UUID);
			assertThat(node.path("type").asString()).isEqualTo("or");
			assertThat(node.path("alias").asString()).isEqualTo("either");
			assertThat(update(stream, "nodeEnd").path("node")).isEqualTo(node);
			assertThat(update(stream, "nodeUpdate").path("output").asString()).isEqualTo("high");
			assertThat(update(stream, "nodeError").at("/node/alias").isNull()).isTrue();
			assertThat(update(stream, "nodeError").path("error").asString()).isEqualTo("lost");
			assertThat(update(stream, "nodeDefer").path("reason").asString()).isEqualTo("night");
			JsonNode end = update(stream, "taskEnd");
			assertThat(end.path("result")).hasToString("{\"paid\":true}");
			assertThat(end.path("exit").asString()).isEqualTo("fast");
			assertThat(end.path("requireAck").asBoolean(true)).isFalse();
		}

		@Test
		void belongToTheSameRootAtAnyDepth() throws Exception {
			TaskScript root = TaskApiTests.this.emulator.task("root").start();
			TaskScript child = TaskApiTests.this.emulator.task("child").subTaskOf(root).start();
			TaskScript grandchild = TaskApiTests.this.emulator.task("grandchild").subTaskOf(child).start().end(null);
			assertThat(update(updates(grandchild), "taskStart").path("rootTaskId").asString()).isEqualTo(root.taskId());
		}

		@Test
		void nameTheirRootAtTheStartOnly() throws Exception {
			TaskScript root = TaskApiTests.this.emulator.task("root").start();
			TaskScript child = TaskApiTests.this.emulator.task("child").subTaskOf(root).start().end(null);
			assertThat(update(updates(child), "taskEnd").has("rootTaskId")).isFalse();
		}

		@Test
		void nameTheirRootOnEveryUpdateIfThatIsAskedFor() throws Exception {
			try (RequenceEmulator emulator = RequenceEmulator.builder().rootTaskIdOnEveryUpdate().build().start()) {
				TaskScript root = emulator.task("root").start();
				emulator.task("child").subTaskOf(root).start().end(null);
				try (RawClient watching = RawClient.watch(emulator)) {
					String end = watching.readUntil("\"exit\"");
					assertThat(end.substring(end.indexOf("event: taskEnd")))
						.contains("\"rootTaskId\":\"" + root.taskId() + "\"");
				}
			}
		}

		@Test
		void doNotGoOnAfterTheEnd() {
			TaskScript task = TaskApiTests.this.emulator.task("invoice").start().fail(null);
			assertThat(task.hasEnded()).isTrue();
			assertThatIllegalStateException().isThrownBy(() -> task.nodeStart("late"));
		}

		@Test
		void haveTheSameIdsWithTheSameSeed() {
			try (RequenceEmulator first = RequenceEmulator.builder().seed(42).build();
					RequenceEmulator second = RequenceEmulator.builder().seed(42).build();
					RequenceEmulator third = RequenceEmulator.builder().seed(43).build()) {
				String id = first.task("invoice").taskId();
				assertThat(second.task("invoice").taskId()).isEqualTo(id);
				assertThat(third.task("invoice").taskId()).isNotEqualTo(id);
			}
		}

	}

	@Nested
	class Creation {

		@Test
		void hasTwoSteps() throws Exception {
			JsonNode prepared = json(post("prepare/invoice", ""));
			String taskId = prepared.path("taskId").asString();
			assertThat(prepared.path("branch").asString()).isEqualTo("live");
			assertThat(TaskApiTests.this.emulator.status(taskId)).isEqualTo(EmulatedTaskStatus.IDLE);
			JsonNode created = json(post(URI.create(prepared.path("finalizeUrl").asString()),
					"{\"name\": \"Invoice 1\", \"input\": {\"a\": 1}, \"priority\": 5, \"requireAck\": false}"));
			assertThat(created.path("taskId").asString()).isEqualTo(taskId);
			String stream = post(URI.create(created.at("/urls/watch").asString()), "{\"since\": null}").body();
			assertThat(update(stream, "taskStart").path("name").asString()).isEqualTo("Invoice 1");
			assertThat(update(stream, "taskEnd").path("result")).hasToString("{\"echo\":{\"a\":1}}");
		}

		@Test
		void happensOnce() throws Exception {
			URI finalizeUrl = URI.create(json(post("prepare/invoice", "")).path("finalizeUrl").asString());
			assertThat(post(finalizeUrl, "{}").statusCode()).isEqualTo(200);
			assertThat(post(finalizeUrl, "{}").statusCode()).isEqualTo(409);
		}

		@Test
		void letsTheTaskFailWithItsHandler() throws Exception {
			TaskApiTests.this.emulator.onTask("invoice", (task, input) -> {
				throw new IOException("no disk");
			});
			String taskId = create("{}");
			await().until(() -> TaskApiTests.this.emulator.status(taskId) == EmulatedTaskStatus.FAILED);
		}

		@Test
		void leavesATaskOpenThatItsHandlerDoesNotEnd() throws Exception {
			TaskApiTests.this.emulator.onTask("invoice", (task, input) -> task.nodeStart("waiting"));
			String taskId = create("{}");
			await().until(() -> TaskApiTests.this.emulator.status(taskId) == EmulatedTaskStatus.RUNNING);
		}

	}

	@Nested
	class WatchingOne {

		@Test
		void showsThisTaskOnly() throws Exception {
			TaskScript other = TaskApiTests.this.emulator.task("invoice").start();
			TaskScript task = TaskApiTests.this.emulator.task("invoice").start();
			other.end(null);
			task.end(null);
			assertThat(updates(task)).contains(task.taskId()).doesNotContain(other.taskId());
		}

		@Test
		void goesOnAfterAPosition() throws Exception {
			TaskScript task = TaskApiTests.this.emulator.task("invoice").start().nodeStart("a").end(null);
			assertThat(post("watch/" + task.taskId(), "{\"since\": null, \"lastPosition\": 1}").body())
				.doesNotContain("taskStart")
				.contains("nodeStart", "taskEnd");
		}

		@Test
		void endsAtOnceForAClientThatHasSeenTheEnd() throws Exception {
			TaskScript task = TaskApiTests.this.emulator.task("invoice").start().end(null);
			assertThat(post("watch/" + task.taskId(), "{\"since\": null, \"lastPosition\": 2}").body()).isEmpty();
		}

		@Test
		void needsATask() throws Exception {
			assertThat(post("watch/none", "{\"since\": null}").statusCode()).isEqualTo(404);
		}

	}

	@Nested
	class Fetching {

		@Test
		void showsWhatIsKnown() throws Exception {
			TaskScript task = TaskApiTests.this.emulator.task("invoice")
				.name("Invoice 9")
				.input(Map.of("a", 1))
				.start()
				.nodeUpdate("check", 1)
				.nodeUpdate("check", 2)
				.nodeUpdate(null, 3)
				.nodeError("book", "locked")
				.end(Map.of("b", 2));
			assertThat(json(get(task.taskId()))).isEqualTo(TaskApiTests.this.mapper.readTree("""
					{
						"status": "SUCCESSFUL", "statusText": null, "taskTemplate": "invoice", "name": "Invoice 9",
						"branch": "live", "input": {"a": 1}, "result": {"b": 2},
						"nodesData": [{"alias": "check", "data": 2}],
						"nodesError": [{"alias": "book", "error": "locked"}]
					}"""));
		}

		@Test
		void showsHowATaskEnded() throws Exception {
			TaskScript failed = TaskApiTests.this.emulator.task("invoice").start().fail("no money");
			assertThat(json(get(failed.taskId())).path("status").asString()).isEqualTo("FAILED");
			assertThat(json(get(failed.taskId())).path("statusText").asString()).isEqualTo("no money");
			TaskScript aborted = TaskApiTests.this.emulator.task("invoice").start().abort("too late");
			assertThat(json(get(aborted.taskId())).path("status").asString()).isEqualTo("STOPPED");
		}

		@Test
		void knowsTasksFromSingleUpdatesToo() throws Exception {
			TaskApiTests.this.emulator.publish("taskStart", Map.of("taskId", "a", "input", 1));
			assertThat(json(get("a")).path("status").asString()).isEqualTo("RUNNING");
			assertThat(get("b").statusCode()).isEqualTo(404);
		}

	}

	@Nested
	class Aborting {

		@Test
		void endsTheTaskAndItsHandlerNotices() throws Exception {
			CountDownLatch noticed = new CountDownLatch(1);
			CountDownLatch aborted = new CountDownLatch(1);
			TaskApiTests.this.emulator.onTask("invoice", (task, input) -> {
				aborted.await();
				if (task.hasEnded()) {
					noticed.countDown();
				}
			});
			String taskId = create("{}");
			await().until(() -> TaskApiTests.this.emulator.status(taskId) == EmulatedTaskStatus.RUNNING);
			assertThat(post("abort/" + taskId, "too late").statusCode()).isEqualTo(204);
			aborted.countDown();
			noticed.await();
			String stream = post("watch/" + taskId, "{\"since\": null}").body();
			assertThat(update(stream, "taskAborted").path("reason").asString()).isEqualTo("too late");
		}

		@Test
		void isRefusedAfterTheEnd() throws Exception {
			TaskScript task = TaskApiTests.this.emulator.task("invoice").start().end(null);
			assertThat(post("abort/" + task.taskId(), "").statusCode()).isEqualTo(409);
			assertThat(post("abort/none", "").statusCode()).isEqualTo(404);
		}

	}

	@Nested
	class Acknowledging {

		@ParameterizedTest
		@CsvSource({ "end, SUCCESSFUL", "fail, FAILED", "abort, STOPPED" })
		void letsTheTaskBecomeWhatItCameTo(String ending, EmulatedTaskStatus outcome) throws Exception {
			TaskScript task = TaskApiTests.this.emulator.task("invoice").requireAck().start();
			assertThat(post("ack/" + task.taskId(), "").statusCode()).isEqualTo(409);
			switch (ending) {
				case "end" -> task.end(null);
				case "fail" -> task.fail(null);
				default -> task.abort(null);
			}
			assertThat(TaskApiTests.this.emulator.status(task.taskId()))
				.isEqualTo(EmulatedTaskStatus.AWAITING_DELIVERY);
			assertThat(TaskApiTests.this.emulator.awaitingDelivery()).containsExactly(task.taskId());
			assertThat(updates(task)).contains("\"requireAck\":true");
			assertThat(post("ack/" + task.taskId(), "").statusCode()).isEqualTo(204);
			assertThat(TaskApiTests.this.emulator.status(task.taskId())).isEqualTo(outcome);
			assertThat(TaskApiTests.this.emulator.awaitingDelivery()).isEmpty();
			assertThat(post("ack/" + task.taskId(), "").statusCode()).isEqualTo(409);
			assertThat(TaskApiTests.this.emulator.acknowledgements()).extracting(Acknowledgement::taskId)
				.containsExactly(task.taskId());
		}

		@Test
		void isRefusedForWhatNobodyKnows() throws Exception {
			assertThat(post("ack/none", "").statusCode()).isEqualTo(404);
		}

		@Test
		void failsOnDemand() throws Exception {
			TaskScript task = TaskApiTests.this.emulator.task("invoice").requireAck().start().end(null);
			TaskApiTests.this.emulator.faults().failAcks(503, 2);
			assertThat(post("ack/" + task.taskId(), "").statusCode()).isEqualTo(503);
			assertThat(post("ack/" + task.taskId(), "").statusCode()).isEqualTo(503);
			assertThat(TaskApiTests.this.emulator.acknowledgements()).isEmpty();
			assertThat(post("ack/" + task.taskId(), "").statusCode()).isEqualTo(204);
		}

		@Test
		void mayLoseItsAnswer() throws IOException {
			TaskScript task = TaskApiTests.this.emulator.task("invoice").requireAck().start().end(null);
			TaskApiTests.this.emulator.faults().loseAckAnswers(1);
			String path = "/api/task/ack/" + task.taskId();
			try (RawClient raw = RawClient.send(TaskApiTests.this.emulator, "POST", path, "emulator-secret", "")) {
				assertThat(raw.readAll()).isEmpty();
			}
			assertThat(TaskApiTests.this.emulator.status(task.taskId())).isEqualTo(EmulatedTaskStatus.SUCCESSFUL);
		}

	}

	@Nested
	class OtherCalls {

		@ParameterizedTest
		@CsvSource({ "POST, /api/task/nothing/x, 404", "POST, /api/task/nothing, 404", "POST, /api/task/a/b/c, 404",
				"GET, /other, 404", "GET, /api/task/ack/x, 405", "PUT, /api/task/x, 405" })
		void areRefused(String method, String path, int status) throws IOException {
			try (RawClient raw = RawClient.send(TaskApiTests.this.emulator, method, path, "emulator-secret", "")) {
				assertThat(raw.readUntil("No such")).startsWith("HTTP/1.1 " + status);
			}
		}

		@Test
		void protectTasksThatExist() throws Exception {
			TaskScript task = TaskApiTests.this.emulator.task("invoice").start();
			assertThat(post("protect/" + task.taskId(), "").statusCode()).isEqualTo(204);
			assertThat(post("protect/none", "").statusCode()).isEqualTo(404);
		}

	}

	@Test
	void forgetsEverythingOnAReset() throws Exception {
		TaskScript task = this.emulator.task("invoice").start();
		this.emulator.faults().answer(500, "");
		try (RawClient watching = RawClient.watch(this.emulator)) {
			watching.readUntil("500");
		}
		try (RawClient watching = RawClient.watch(this.emulator)) {
			watching.readUntil("taskStart");
			this.emulator.faults().answer(500, "");
			this.emulator.reset();
			watching.readAll();
		}
		assertThat(this.emulator.requests()).isEmpty();
		assertThat(this.emulator.lastPosition()).isZero();
		assertThatIllegalStateException().isThrownBy(() -> task.end(null)).withMessageContaining("forgotten");
		assertThat(this.emulator.status(task.taskId())).isNull();
		this.emulator.task("invoice").start();
		try (RawClient watching = RawClient.watch(this.emulator)) {
			watching.readUntil("id: 1\n");
		}
	}

	private String create(String body) throws Exception {
		JsonNode prepared = json(post("prepare/invoice", ""));
		post(URI.create(prepared.path("finalizeUrl").asString()), body);
		return prepared.path("taskId").asString();
	}

	private String updates(TaskScript task) throws Exception {
		if (!task.hasEnded()) {
			throw new IllegalStateException("The stream would not end");
		}
		return post("watch/" + task.taskId(), "{\"since\": null}").body();
	}

	private JsonNode update(String stream, String type) {
		String start = "\nevent: " + type + "\ndata: ";
		int from = stream.indexOf(start) + start.length();
		return this.mapper.readTree(stream.substring(from, stream.indexOf("\n\n", from)));
	}

	private JsonNode json(HttpResponse<String> response) {
		assertThat(response.statusCode()).isEqualTo(200);
		return this.mapper.readTree(response.body());
	}

	private HttpResponse<String> get(String path) throws Exception {
		return send(request(URI.create(this.emulator.baseUrl() + "/task/" + path)).GET());
	}

	private HttpResponse<String> post(String path, String body) throws Exception {
		return post(URI.create(this.emulator.baseUrl() + "/task/" + path), body);
	}

	private HttpResponse<String> post(URI uri, String body) throws Exception {
		return send(request(uri).POST(BodyPublishers.ofString(body)));
	}

	private HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
		return this.client.send(request.build(), BodyHandlers.ofString());
	}

	private static HttpRequest.Builder request(URI uri) {
		return HttpRequest.newBuilder(uri).header("Authorization", "Bearer emulator-secret");
	}

}
