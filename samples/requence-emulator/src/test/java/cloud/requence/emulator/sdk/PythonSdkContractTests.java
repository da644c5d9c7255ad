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

package cloud.requence.emulator.sdk;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;

import cloud.requence.emulator.Acknowledgement;
import cloud.requence.emulator.EmulatedFile;
import cloud.requence.emulator.EmulatedFiles;
import cloud.requence.emulator.EmulatedStream;
import cloud.requence.emulator.RecordedRequest;
import cloud.requence.emulator.RequenceEmulator;
import cloud.requence.emulator.TaskScript;
import cloud.requence.emulator.EmulatedTaskStatus;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.awaitility.Awaitility.await;

/**
 * The official Python SDK, unchanged, takes the emulator for the platform.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PythonSdkContractTests {

	private static final String INPUT = "{\"amount\": 12}";

	private static final byte[] BYTES = { '%', 'P', 'D', 'F', 0, -1, 13, 10 };

	private static final String BASE64 = base64(BYTES);

	private static final String TWICE_BASE64 = base64(
			"%PDF\0\u00ff\r\n".repeat(2).getBytes(StandardCharsets.ISO_8859_1));

	private final RequenceEmulator emulator = RequenceEmulator.builder().build().start();

	private PythonSdk sdk;

	@BeforeAll
	void install() throws Exception {
		this.sdk = PythonSdk.install();
	}

	@AfterEach
	void reset() {
		this.emulator.reset();
	}

	/**
	 * Return the requests for the file service, of which none may have the token.
	 */
	private List<RecordedRequest> fileRequests(String method) {
		List<RecordedRequest> requests = this.emulator.requests()
			.stream()
			.filter((request) -> request.path().startsWith("/api/files/") && request.method().equals(method))
			.toList();
		assertThat(requests).noneMatch((request) -> request.headers().containsKey("Authorization"));
		return requests;
	}

	private List<JsonNode> run(String... arguments) throws Exception {
		return this.sdk.run(this.emulator.accessToken(), arguments);
	}

	private static String base64(byte[] bytes) {
		return Base64.getEncoder().encodeToString(bytes);
	}

	@Test
	void generatesTypes(@TempDir Path directory) throws Exception {
		this.emulator.onTask("100% \"ä\"", (task, input) -> task.end(null));
		assertThat(this.sdk.generateTypes(this.emulator.accessToken(), directory)).isTrue();
		try (Stream<Path> files = Files.walk(directory)) {
			assertThat(files.filter(Files::isRegularFile)).singleElement().satisfies((file) -> {
				assertThat(file).hasFileName("__init__.pyi").content().contains("TaskTemplate = Literal[\"100% ");
				assertThat(this.sdk.parses(file)).isTrue();
			});
		}
	}

	@Test
	void createsTasksOfTemplatesWithAnyName() throws Exception {
		this.emulator.onTask("100% ä", (task, input) -> task.end("found"));
		List<JsonNode> said = run("create", "100% ä", INPUT, "false");
		assertThat(said.get(1).at("/result/result").asString()).isEqualTo("found");
	}

	@Nested
	class Creating {

		@Test
		void givesTheResult() throws Exception {
			PythonSdkContractTests.this.emulator.onTask("invoice",
					(task, input) -> task.nodeStart("check")
						.nodeUpdate("check", Map.of("ok", true))
						.nodeEnd("check")
						.end(Map.of("total", input.path("amount").asInt() * 2)));
			List<JsonNode> said = run("create", "invoice", INPUT, "false");
			assertThat(said.get(1).at("/result/result/total").asInt()).isEqualTo(24);
			assertThat(said.get(1).at("/result/node_data/check/ok").asBoolean()).isTrue();
			assertThat(status(said)).isEqualTo(EmulatedTaskStatus.SUCCESSFUL);
			assertThat(PythonSdkContractTests.this.emulator.acknowledgements()).isEmpty();
		}

		@Test
		void endsWithAnAcknowledgementWhenRequired() throws Exception {
			List<JsonNode> said = run("create", "invoice", INPUT, "true");
			String taskId = said.get(0).path("taskId").asString();
			await().until(() -> status(said) == EmulatedTaskStatus.SUCCESSFUL);
			assertThat(PythonSdkContractTests.this.emulator.acknowledgements()).extracting(Acknowledgement::taskId)
				.containsExactly(taskId);
		}

		@Test
		void reportsAFailedTask() throws Exception {
			PythonSdkContractTests.this.emulator.onTask("invoice", (task, input) -> task.fail("no money"));
			List<JsonNode> said = run("create", "invoice", INPUT, "false");
			assertThat(said.get(1).path("failed").asString()).isEqualTo("TaskException");
			assertThat(status(said)).isEqualTo(EmulatedTaskStatus.FAILED);
		}

		private EmulatedTaskStatus status(List<JsonNode> said) {
			return PythonSdkContractTests.this.emulator.status(said.get(0).path("taskId").asString());
		}

	}

	@Nested
	class Streaming {

		@Test
		void showsEveryUpdate() throws Exception {
			assertThat(run("stream", "invoice", INPUT)).extracting((update) -> update.path("type").asString())
				.containsExactly("taskStart", "nodeStart", "nodeUpdate", "nodeEnd", "taskEnd");
		}

		@Test
		void showsEveryUpdateInAnEventLoop() throws Exception {
			assertThat(run("stream_async", "invoice", INPUT)).extracting((update) -> update.path("type").asString())
				.containsExactly("taskStart", "nodeStart", "nodeUpdate", "nodeEnd", "taskEnd");
		}

		@Test
		void leavesNoStreamBehind() throws Exception {
			run("stream", "invoice", INPUT);
			await().until(() -> PythonSdkContractTests.this.emulator.openStreams() == 0);
		}

	}

	@Nested
	class SendingFiles {

		@Test
		void uploadsThemWithoutTheToken() throws Exception {
			JsonNode echoed = create("{'pages': [{'$file': '%s', 'mime': 'application/pdf'}]}".formatted(BASE64))
				.at("/result/result/echo/pages/0");
			assertThat(echoed.path("file").asString()).isEqualTo("application/pdf");
			assertThat(echoed.path("size").asInt()).isEqualTo(BYTES.length);
			assertThat(echoed.path("base64").asString()).isEqualTo(BASE64);
			RecordedRequest upload = fileRequests("POST").get(0);
			assertThat(upload.headers()).containsEntry("Content-Type", "application/pdf")
				.containsEntry("file-size", "104857600");
			assertThat(fileRequests("GET")).isNotEmpty();
		}

		@Test
		void writesStreamsBeforeTheTaskIsCreated() throws Exception {
			JsonNode echoed = create(
					"{'rows': {'$stream': ['%s', '%s'], 'mime': 'text/csv'}}".formatted(BASE64, BASE64))
				.at("/result/result/echo/rows");
			assertThat(echoed.path("stream").asString()).isEqualTo("text/csv");
			assertThat(echoed.path("truncated").isNull()).isTrue();
			assertThat(echoed.path("base64").asString()).isEqualTo(TWICE_BASE64);
			assertThat(PythonSdkContractTests.this.emulator.requests()).extracting(RecordedRequest::path)
				.extracting((path) -> path.replaceAll("[0-9a-f-]{36}", "*"))
				.startsWith("/api/task/prepare/invoice", "/api/files/*/stream", "/api/files/*", "/api/task/finalize/*");
			fileRequests("POST");
		}

		@Test
		void leavesAStreamTruncatedThatItCannotFinish() throws Exception {
			String input = "{'rows': {'$stream': ['%s', null], 'mime': 'text/csv'}}".formatted(BASE64);
			try (PythonSdk.Call call = PythonSdkContractTests.this.sdk.start(
					PythonSdkContractTests.this.emulator.accessToken(), "create", "invoice", input.replace('\'', '"'),
					"false")) {
				await().atMost(Duration.ofSeconds(30)).until(() -> call.said().size() == 1);
				// A known fault of this client: a caller that waits for the task waits
				// forever
				assertThat(call.said().get(0).path("died").asString()).isEqualTo("ValueError");
				URI stream = PythonSdkContractTests.this.emulator.baseUrl().resolve(fileRequests("POST").get(1).path());
				HttpRequest request = HttpRequest.newBuilder(stream).build();
				assertThatIOException()
					.isThrownBy(() -> HttpClient.newHttpClient().send(request, BodyHandlers.ofByteArray()));
			}
		}

		@Test
		void hearsWhyAFileIsRefused() throws Exception {
			try (RequenceEmulator strict = RequenceEmulator.builder().maxFileSize(1_000_000).build().start();
					PythonSdk.Call call = PythonSdkContractTests.this.sdk.start(strict.accessToken(), "create",
							"invoice", "{\"text\": {\"$repeat\": 3000000}}", "false")) {
				await().atMost(Duration.ofSeconds(30)).until(() -> call.said().size() == 1);
				assertThat(call.said().get(0).path("message").asString()).contains("413")
					.endsWith("Larger than the limit of 1000000 bytes");
			}
		}

		@Test
		void offloadsAnInputAsAWholeThatIsLargerThanTheLimit() throws Exception {
			AtomicReference<JsonNode> received = new AtomicReference<>();
			PythonSdkContractTests.this.emulator.onTask("invoice", (task, input) -> {
				received.set(input);
				task.end(input);
			});
			JsonNode said = create(
					"{'page': {'$file': '%s', 'mime': 'a/b'}, 'text': {'$repeat': 300000}}".formatted(BASE64));
			assertThat(said.at("/result/result/text").asString()).hasSize(300_000);
			assertThat(said.at("/result/result/page/base64").asString()).isEqualTo(BASE64);
			JsonNode reference = received.get();
			assertThat(reference.propertyNames()).containsExactlyInAnyOrder("__REQUENCE_type", "url", "size");
			assertThat(reference.path("__REQUENCE_type").asString()).isEqualTo("ClaimCheck");
			byte[] content = PythonSdkContractTests.this.emulator.files().content(reference.path("url").asString());
			assertThat(reference.path("size").asInt()).isEqualTo(content.length).isGreaterThan(300_000);
			assertThat(fileRequests("POST").get(1).headers()).containsEntry("Content-Type", "application/json")
				.doesNotContainKey("file-size");
		}

		@Test
		void worksInAnotherBranchToo() throws Exception {
			try (RequenceEmulator draft = RequenceEmulator.builder().branch("draft").build().start()) {
				List<JsonNode> said = PythonSdkContractTests.this.sdk.run(draft.accessToken(), "create", "invoice",
						INPUT, "false");
				assertThat(said.get(1).at("/result/result/echo/amount").asInt()).isEqualTo(12);
			}
		}

		private JsonNode create(String input) throws Exception {
			return run("create", "invoice", input.replace('\'', '"'), "false").get(1);
		}

	}

	@Nested
	class ReadingFiles {

		@Test
		void findsThemInATask() throws Exception {
			EmulatedFiles files = PythonSdkContractTests.this.emulator.files();
			EmulatedFile file = files.store(BYTES, "application/pdf");
			EmulatedStream stream = files.stream("text/csv").write(BYTES).write(BYTES).end();
			TaskScript task = PythonSdkContractTests.this.emulator.task("invoice")
				.input(files.claimCheck(Map.of("deep", List.of(file, files.claimCheck("text")))))
				.start()
				.nodeUpdate("read", Map.of("stream", stream))
				.end(file);
			JsonNode context = run("get", task.taskId()).get(0).path("context");
			assertThat(context.at("/input/deep/0/base64").asString()).isEqualTo(BASE64);
			assertThat(context.at("/input/deep/1").asString()).isEqualTo("text");
			assertThat(context.at("/node_data/read/stream/base64").asString()).isEqualTo(TWICE_BASE64);
			assertThat(context.at("/node_data/read/stream/truncated").isNull()).isTrue();
			assertThat(context.at("/result/base64").asString()).isEqualTo(BASE64);
			assertThat(fileRequests("GET")).hasSize(5);
		}

		@Test
		void findsThemInUpdates() throws Exception {
			EmulatedFiles files = PythonSdkContractTests.this.emulator.files();
			PythonSdkContractTests.this.emulator.onTask("invoice", (task, input) -> {
				EmulatedStream stream = files.stream("text/csv");
				task.nodeUpdate("read", stream);
				stream.write(BYTES).end();
				task.end(files.claimCheck(Map.of("file", files.store(BYTES, "application/pdf"))));
			});
			List<JsonNode> updates = run("stream", "invoice", INPUT);
			assertThat(updates.get(1).at("/nodeData/read/base64").asString()).isEqualTo(BASE64);
			assertThat(updates.get(2).at("/result/file/base64").asString()).isEqualTo(BASE64);
			assertThat(fileRequests("GET")).allSatisfy((request) -> assertThat(request.headers()).containsEntry("Host",
					"127.0.0.1:" + PythonSdkContractTests.this.emulator.port()));
		}

		@Test
		void noticesThatAStreamWasBrokenOff() throws Exception {
			EmulatedStream stream = PythonSdkContractTests.this.emulator.files()
				.stream("text/csv")
				.write(BYTES)
				.truncate("no paper");
			TaskScript task = PythonSdkContractTests.this.emulator.task("invoice").start().end(stream);
			JsonNode read = run("get", task.taskId()).get(0).at("/context/result");
			assertThat(read.path("base64").asString()).isEqualTo(BASE64);
			assertThat(read.path("truncated").asString()).isEqualTo("stream truncated: no paper");
		}

		@Test
		void noticesThatAStreamHasNoClosingFrame() throws Exception {
			EmulatedStream stream = PythonSdkContractTests.this.emulator.files().stream("text/csv").write(BYTES).end();
			PythonSdkContractTests.this.emulator.faults().fetches().endAfter(BYTES.length + 5);
			TaskScript task = PythonSdkContractTests.this.emulator.task("invoice").start().end(stream);
			JsonNode read = run("get", task.taskId()).get(0).at("/context/result");
			assertThat(read.path("base64").asString()).isEqualTo(BASE64);
			assertThat(read.path("truncated").asString()).contains("before terminal frame");
		}

		@Test
		void seesValuesThatTheEmulatorOffloads() throws Exception {
			try (RequenceEmulator offloading = RequenceEmulator.builder().claimCheckAbove(10).build().start()) {
				List<JsonNode> said = PythonSdkContractTests.this.sdk.run(offloading.accessToken(), "create", "invoice",
						INPUT, "false");
				assertThat(said.get(1).at("/result/input/amount").asInt()).isEqualTo(12);
				assertThat(said.get(1).at("/result/result/echo/amount").asInt()).isEqualTo(12);
				assertThat(offloading.requests()).filteredOn((request) -> request.path().startsWith("/api/files/"))
					.hasSize(3);
			}
		}

	}

	@Nested
	class Managing {

		@Test
		void fetchesATask() throws Exception {
			TaskScript task = PythonSdkContractTests.this.emulator.task("invoice")
				.input(Map.of("amount", 12))
				.start()
				.nodeUpdate("check", 1)
				.nodeError("book", "locked");
			JsonNode said = run("get", task.taskId()).get(0);
			assertThat(said.path("status").asString()).isEqualTo("RUNNING");
			assertThat(said.at("/context/input/amount").asInt()).isEqualTo(12);
			assertThat(said.at("/context/node_data/check").asInt()).isEqualTo(1);
			assertThat(said.at("/context/node_error/book").asString()).isEqualTo("locked");
		}

		@Test
		void findsNoTaskThatDoesNotExist() throws Exception {
			assertThat(run("get", "none").get(0).path("message").asString()).isEqualTo("task not found");
		}

		@Test
		void abortsATaskOnce() throws Exception {
			TaskScript task = PythonSdkContractTests.this.emulator.task("invoice").start();
			assertThat(run("abort", task.taskId(), "too late").get(0).path("failed").isNull()).isTrue();
			assertThat(PythonSdkContractTests.this.emulator.status(task.taskId()))
				.isEqualTo(EmulatedTaskStatus.STOPPED);
			JsonNode again = run("abort", task.taskId(), "too late").get(0);
			assertThat(again.path("failed").asString()).isEqualTo("TaskAbortException");
			assertThat(again.path("message").asString()).isEqualTo("The task has ended");
		}

		@Test
		void protectsATask() throws Exception {
			TaskScript task = PythonSdkContractTests.this.emulator.task("invoice").start();
			assertThat(run("protect", task.taskId()).get(0).path("failed").isNull()).isTrue();
			assertThat(run("protect", "none").get(0).path("failed").asString()).isEqualTo("TaskProtectException");
		}

	}

	@Nested
	class Watching {

		@Test
		void showsUpdatesUntilTheFirstTaskEnds() throws Exception {
			TaskScript task = PythonSdkContractTests.this.emulator.task("invoice").start();
			try (PythonSdk.Call call = PythonSdkContractTests.this.sdk
				.start(PythonSdkContractTests.this.emulator.accessToken(), "watch")) {
				await().until(() -> call.said().size() == 2);
				task.nodeStart("check").nodeEnd("check");
				// When this client dies it takes with it what it has not shown yet
				await().until(() -> call.said().size() == 4);
				task.end(Map.of());
				List<JsonNode> said = call.join();
				assertThat(said.get(0).path("connected").asBoolean()).isTrue();
				assertThat(said.subList(1, 4)).extracting((update) -> update.path("type").asString())
					.containsExactly("taskStart", "nodeStart", "nodeEnd");
				assertThat(said.subList(1, 4)).extracting((update) -> update.path("taskId").asString())
					.containsOnly(task.taskId());
				// A known fault of this client, not of ours: a later version may do
				// better.
				assertThat(said.get(4).path("died").asString()).isEqualTo("KeyError");
			}
		}

	}

}
