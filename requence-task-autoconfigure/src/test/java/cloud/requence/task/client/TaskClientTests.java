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

package cloud.requence.task.client;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.test.StepVerifier;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.core.io.ByteArrayResource;
import org.springframework.core.io.FileSystemResource;
import org.springframework.core.io.InputStreamResource;
import org.springframework.core.io.Resource;
import org.springframework.util.MimeType;
import org.springframework.util.MimeTypeUtils;
import org.springframework.util.unit.DataSize;

import cloud.requence.emulator.EmulatedFile;
import cloud.requence.emulator.RecordedRequest;
import cloud.requence.emulator.RequenceEmulator;
import cloud.requence.emulator.TaskHandler;
import cloud.requence.emulator.TaskScript;
import cloud.requence.task.NodeUpdate;
import cloud.requence.task.TaskEnd;
import cloud.requence.task.TaskFile;
import cloud.requence.task.TaskPayload;
import cloud.requence.task.TaskPayloadException;
import cloud.requence.task.TaskReferenceException;
import cloud.requence.task.TaskStart;
import cloud.requence.task.TaskStream;
import cloud.requence.task.TaskUpdate;
import cloud.requence.task.TestAccessTokens;
import cloud.requence.task.reference.FileHost;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

/**
 * Tests for {@link TaskClient}.
 */
@ExtendWith(OutputCaptureExtension.class)
class TaskClientTests {

	private static final JsonMapper MAPPER = new JsonMapper();

	private static final TaskHandler STAYS_OPEN = (task, input) -> {
	};

	private RequenceEmulator emulator = RequenceEmulator.builder().build().start();

	private TaskClient client = client(this.emulator);

	@AfterEach
	void close() {
		this.emulator.close();
	}

	private void start(Consumer<RequenceEmulator.Builder> settings) {
		this.emulator.close();
		RequenceEmulator.Builder builder = RequenceEmulator.builder();
		settings.accept(builder);
		this.emulator = builder.build().start();
		this.client = client(this.emulator);
	}

	private static TaskClient client(RequenceEmulator emulator) {
		return builder(emulator.accessToken()).build();
	}

	private static TaskClient.Builder builder(String accessToken) {
		return TaskClient.builder()
			.accessToken(accessToken)
			.timeouts(Duration.ofSeconds(10), Duration.ofSeconds(10))
			.reconnect(Duration.ofMillis(20), Duration.ofMillis(100), 2, 0.5);
	}

	private TaskHandle open() {
		this.emulator.onTask("open", STAYS_OPEN);
		return this.client.create("open", Map.of());
	}

	private List<RecordedRequest> requests(String path) {
		return this.emulator.requests().stream().filter((request) -> request.path().contains(path)).toList();
	}

	private JsonNode finalized() {
		return MAPPER.readTree(requests("/finalize/").get(0).body());
	}

	private static byte[] random(int size) {
		byte[] bytes = new byte[size];
		new Random(size).nextBytes(bytes);
		return bytes;
	}

	@Nested
	class Creating {

		@Test
		void saysWhatTheTaskIsToBe() {
			TaskHandle task = client.create(TaskRequest.of("invoice", new Invoice(12, "A"))
				.withName("Invoice 7")
				.withPriority(4)
				.withRequireAck(true));
			assertThat(finalized()).isEqualTo(MAPPER.readTree("""
					{"name":"Invoice 7","input":{"amount":12,"customer":"A"},"priority":0,"requireAck":true}"""));
			assertThat(task.id()).isNotBlank();
			assertThat(task.url()).isEqualTo(URI.create(emulator.baseUrl() + "/task/" + task.id()));
			assertThat(task).hasToString("task " + task.id());
		}

		@Test
		void hasDefaults() {
			client.create("invoice", Map.of("a", 1));
			assertThat(finalized()).isEqualTo(MAPPER.readTree("""
					{"name":null,"input":{"a":1},"priority":5,"requireAck":false}"""));
		}

		@ParameterizedTest
		@CsvSource({ "0,10", "1,8", "2,5", "3,3", "4,0" })
		void hasAPriority(int priority, int sent) {
			client.create(TaskRequest.of("invoice", Map.of()).withPriority(priority));
			assertThat(finalized().path("priority").intValue()).isEqualTo(sent);
		}

		@Test
		void sendsTheAccessTokenWithEachCallOfTheApi() {
			client.create("invoice", Map.of("scan", new ByteArrayResource(random(10))));
			assertThat(requests("/task/")).hasSize(2)
				.allSatisfy((request) -> assertThat(request.headers().toString()).contains("Bearer"));
			assertThat(requests("/files/")).hasSize(1)
				.allSatisfy((request) -> assertThat(request.headers().toString()).doesNotContain("Bearer"));
		}

		@Test
		void encodesTheTemplate() {
			client.create("a b?c#d;e", Map.of());
			assertThat(requests("/prepare/")).singleElement()
				.extracting(RecordedRequest::path)
				.asString()
				.endsWith("/prepare/a%20b%3Fc%23d%3Be");
		}

		@ParameterizedTest
		@ValueSource(strings = { "..", ".", " " })
		void refusesATemplateThatIsAPath(String template) {
			assertThatIllegalArgumentException().isThrownBy(() -> client.create(template, Map.of()));
			assertThat(emulator.requests()).isEmpty();
		}

		@Test
		void refusesAPriorityThatIsNone() {
			TaskRequest request = TaskRequest.of("invoice", Map.of());
			assertThatIllegalArgumentException().isThrownBy(() -> request.withPriority(5));
			assertThatIllegalArgumentException().isThrownBy(() -> request.withPriority(-1));
		}

		@Test
		void refusesAnInputThatIsNoObject() {
			for (Object input : List.of("text", List.of(1), 7, new ByteArrayResource(random(3)))) {
				assertThatExceptionOfType(TaskPayloadException.class).isThrownBy(() -> client.create("invoice", input))
					.withMessageContaining("JSON object");
			}
			assertThatExceptionOfType(TaskPayloadException.class)
				.isThrownBy(() -> client.create("invoice", new Unwritable()))
				.withMessageNotContaining("secret");
			assertThat(emulator.requests()).isEmpty();
		}

		@Test
		void refusesAnInputThatHasNoEnd() {
			Map<String, Object> input = new TreeMap<>();
			input.put("self", input);
			assertThatExceptionOfType(TaskPayloadException.class).isThrownBy(() -> client.create("invoice", input));
			assertThat(emulator.requests()).isEmpty();
		}

		@Test
		void warnsOfABranch(CapturedOutput output) {
			start((builder) -> builder.branch("draft\n2"));
			client.create("invoice", Map.of());
			assertThat(output).contains("template 'invoice' runs in branch 'draft?2'");
		}

		@Test
		void doesNotWarnOfTheLiveBranch(CapturedOutput output) {
			client.create("invoice", Map.of());
			assertThat(output).doesNotContain("branch");
		}

		@Test
		void passesValuesOfOtherTasksOn() {
			EmulatedFile file = emulator.files().store(random(10), "image/png");
			String json = file.reference().toString();
			String input = "{\"scan\":" + json + ",\"n\":1.50}";
			TaskPayload payload = TaskPayload.of(input);
			TaskFile scan = new TaskFile(URI.create(file.url()), "image/png", 10, InputStream::nullInputStream);
			client.create("invoice", Map.of("payload", payload, "file", List.of(scan)));
			assertThat(finalized().path("input").path("payload")).isEqualTo(MAPPER.readTree(input));
			assertThat(finalized().at("/input/file/0")).isEqualTo(MAPPER.readTree(json));
			assertThat(requests("/files/")).isEmpty();
		}

	}

	@Nested
	class FilesInInputs {

		@TempDir
		private Path directory;

		private byte[] uploaded(String pointer) {
			return emulator.files().content(finalized().at(pointer + "/url").stringValue());
		}

		@Test
		void areUploaded() throws IOException {
			byte[] content = random(300_000);
			Path file = Files.write(this.directory.resolve("scan.png"), content);
			client.create("invoice", Map.of("scan", new FileSystemResource(file)));
			JsonNode reference = finalized().at("/input/scan");
			assertThat(reference.propertyNames()).containsExactly("url", "mime", "size", "__REQUENCE_type");
			assertThat(reference.path("mime").stringValue()).isEqualTo("image/png");
			assertThat(reference.path("size").intValue()).isEqualTo(300_000);
			assertThat(reference.path("__REQUENCE_type").stringValue()).isEqualTo("RequenceFile");
			assertThat(uploaded("/input/scan")).isEqualTo(content);
			assertThat(requests("/upload")).singleElement()
				.satisfies((request) -> assertThat(request.headers()).containsEntry("content-length", "300000")
					.containsEntry("file-size", "104857600"));
		}

		@Test
		void areFoundWhereverTheyAre() {
			client.create("invoice",
					new Nesting(List.of(Map.of("scan", new ByteArrayResource(random(1)))),
							new ByteArrayResource(random(2)),
							TaskUpload.of(new ByteArrayResource(random(3)), MimeTypeUtils.IMAGE_GIF)));
			assertThat(uploaded("/input/list/0/scan")).isEqualTo(random(1));
			assertThat(uploaded("/input/resource")).isEqualTo(random(2));
			assertThat(uploaded("/input/upload")).isEqualTo(random(3));
			assertThat(finalized().at("/input/resource/mime").stringValue()).isEqualTo("application/octet-stream");
			assertThat(finalized().at("/input/upload/mime").stringValue()).isEqualTo("image/gif");
		}

		@Test
		void areUploadedOnceEach() {
			Resource file = new ByteArrayResource(random(7));
			client.create("invoice",
					Map.of("a", file, "b", List.of(file, file), "c", new ByteArrayResource(random(7))));
			assertThat(requests("/upload")).hasSize(2);
			assertThat(finalized().at("/input/a")).isEqualTo(finalized().at("/input/b/0"))
				.isEqualTo(finalized().at("/input/b/1"))
				.isNotEqualTo(finalized().at("/input/c"));
		}

		@Test
		void mayBeReadableOnlyOnce() {
			byte[] content = random(100_000);
			client.create("invoice", Map.of("scan", new InputStreamResource(new ByteArrayInputStream(content))));
			assertThat(uploaded("/input/scan")).isEqualTo(content);
			assertThat(finalized().at("/input/scan/size").intValue()).isEqualTo(100_000);
		}

		@Test
		void mayBeEmpty() {
			client.create("invoice", Map.of("scan", new ByteArrayResource(new byte[0])));
			assertThat(uploaded("/input/scan")).isEmpty();
		}

		@Test
		void mayNotBeTooLarge() {
			start((builder) -> builder.maxFileSize(1000));
			assertThatExceptionOfType(TaskClientException.class)
				.isThrownBy(() -> client.create("invoice", Map.of("scan", new ByteArrayResource(random(1001)))))
				.withMessage("Cannot upload a file: its 1001 bytes are more than the platform accepts (1000)");
			assertThatExceptionOfType(TaskRejectedException.class)
				.isThrownBy(() -> client.create("invoice",
						Map.of("scan", new InputStreamResource(new ByteArrayInputStream(random(1001))))))
				.satisfies((ex) -> assertThat(ex.status()).isEqualTo(413));
			assertThat(requests("/finalize/")).isEmpty();
		}

		@Test
		void haveToBeReadable() {
			assertThatThrownBy(
					() -> client.create("invoice", Map.of("scan", new FileSystemResource(this.directory.resolve("x")))))
				.isInstanceOf(TaskClientException.class)
				.hasStackTraceContaining("x");
			assertThat(requests("/finalize/")).isEmpty();
		}

		@Test
		void needAPlace() {
			start(RequenceEmulator.Builder::withoutFileUrls);
			assertThatExceptionOfType(TaskClientException.class)
				.isThrownBy(() -> client.create("invoice", Map.of("scan", new ByteArrayResource(random(1)))))
				.withMessageContaining("offers no place for files");
			assertThat(requests("/finalize/")).isEmpty();
		}

		@Test
		void mayBeRefusedByTheirHostWhateverTheTokenIs() {
			for (int status : new int[] { 401, 403, 404 }) {
				emulator.faults().failUploads(status, 1);
				assertThatExceptionOfType(TaskRejectedException.class)
					.isThrownBy(() -> client.create("invoice", Map.of("scan", new ByteArrayResource(random(1)))))
					.satisfies((ex) -> assertThat(ex.status()).isEqualTo(status));
			}
		}

		@Test
		void mayHaveSeveralTypes() {
			Resource file = new ByteArrayResource(random(7));
			client.create("invoice", Map.of("a", TaskUpload.of(file, MimeTypeUtils.IMAGE_PNG), "b",
					TaskUpload.of(file, MimeTypeUtils.IMAGE_GIF)));
			assertThat(finalized().at("/input/a/mime").stringValue()).isEqualTo("image/png");
			assertThat(finalized().at("/input/b/mime").stringValue()).isEqualTo("image/gif");
		}

		@Test
		void areAllOrNothing() {
			emulator.faults().failUploads(500, 1);
			assertThatExceptionOfType(TaskRejectedException.class)
				.isThrownBy(() -> client.create("invoice", Map.of("scan", new ByteArrayResource(random(1)))))
				.satisfies((ex) -> assertThat(ex.reason()).isEqualTo("Failed on purpose"));
			assertThat(requests("/finalize/")).isEmpty();
		}

		@Test
		void comeBackAsTheyWent() {
			byte[] content = random(200_000);
			emulator.onTask("copy", (task, input) -> task.end(Map.of("scan", input.path("scan"))));
			TaskHandle task = client.create("copy", Map.of("scan", new ByteArrayResource(content)));
			assertThat(task.result(Scan.class)).satisfies((result) -> {
				assertThat(result.scan().getContentAsByteArray()).isEqualTo(content);
				assertThat(result.scan().contentLength()).isEqualTo(200_000);
			});
		}

	}

	@Nested
	class StreamsInInputs {

		@Test
		void areSentWhileTheTaskRuns() throws Exception {
			AtomicReference<String> read = new AtomicReference<>();
			emulator.onTask("log", (task, input) -> {
				try (InputStream stream = URI.create(input.path("rows").path("url").stringValue())
					.toURL()
					.openStream()) {
					read.set(new String(stream.readNBytes(3), StandardCharsets.UTF_8));
					task.end(Map.of("rows", input.path("rows"), "rest",
							new String(stream.readAllBytes(), StandardCharsets.UTF_8)));
				}
			});
			PipedOutputStream out = new PipedOutputStream();
			TaskHandle task = client.create("log",
					Map.of("rows", TaskUpload.of(new PipedInputStream(out), MimeType.valueOf("text/csv"))));
			assertThat(finalized().at("/input/rows/mime").stringValue()).isEqualTo("text/csv");
			assertThat(finalized().at("/input/rows/__REQUENCE_type").stringValue()).isEqualTo("RequenceStream");
			out.write("a,b\n".getBytes(StandardCharsets.UTF_8));
			out.flush();
			await().untilAsserted(() -> assertThat(read).hasValue("a,b"));
			out.write("c,d\n".getBytes(StandardCharsets.UTF_8));
			out.close();
			assertThat(task.result(Rows.class).rest()).isEqualTo("\nc,d\n");
			task.awaitStreams();
			assertThat(task.result(Rows.class).rows().readAllBytes()).asString().isEqualTo("a,b\nc,d\n");
		}

		@Test
		void areClosed() {
			CountDownLatch closed = new CountDownLatch(1);
			client.create("log", Map.of("rows", new ByteArrayInputStream(random(100_000)) {

				@Override
				public void close() {
					closed.countDown();
				}

			})).awaitStreams();
			assertThat(closed.getCount()).isZero();
		}

		@Test
		void thatCannotBeSentAreTold(CapturedOutput output) {
			emulator.faults().failUploads(500, 0);
			TaskHandle task = client.create("log", Map.of("rows", new InputStream() {

				@Override
				public int read() throws IOException {
					throw new IOException("The disk is gone");
				}

			}));
			assertThatExceptionOfType(TaskClientException.class).isThrownBy(task::awaitStreams)
				.withMessageStartingWith("Cannot send a stream");
			assertThat(output).contains("could not be sent and is truncated");
		}

		@Test
		void areClosedIfTheInputCannotBeWritten() {
			CountDownLatch closed = new CountDownLatch(1);
			InputStream stream = new ByteArrayInputStream(new byte[1]) {

				@Override
				public void close() {
					closed.countDown();
				}

			};
			Map<String, Object> input = new TreeMap<>(Map.of("a", stream, "b", new Unwritable()));
			assertThatExceptionOfType(TaskPayloadException.class).isThrownBy(() -> client.create("log", input));
			assertThat(closed.getCount()).isZero();
		}

		@Test
		void holdNobodyUpWhileNothingIsWritten() throws Exception {
			List<PipedOutputStream> quiet = new ArrayList<>();
			emulator.onTask("quiet", STAYS_OPEN);
			for (int i = 0; i < 10 * Runtime.getRuntime().availableProcessors() + 1; i++) {
				PipedOutputStream out = new PipedOutputStream();
				quiet.add(out);
				client.create("quiet", Map.of("rows", new PipedInputStream(out)));
			}
			emulator.onTask("quick", (task, input) -> task.end(new Invoice(1, "A")));
			assertThat(client.create("quick", Map.of()).result(Invoice.class, Duration.ofSeconds(30)))
				.isEqualTo(new Invoice(1, "A"));
			for (PipedOutputStream out : quiet) {
				out.close();
			}
		}

		@ParameterizedTest
		@ValueSource(strings = { "a", "z" })
		void areNotSentForATaskThatIsNotCreated(String name) throws Exception {
			CountDownLatch closed = new CountDownLatch(1);
			InputStream endless = new InputStream() {

				@Override
				public int read() {
					return 'x';
				}

				@Override
				public void close() {
					closed.countDown();
				}

			};
			Map<String, Object> input = new TreeMap<>(
					Map.of(name, endless, "scan", new FileSystemResource("/not/there")));
			assertThatExceptionOfType(TaskClientException.class).isThrownBy(() -> client.create("log", input));
			assertThat(closed.await(30, TimeUnit.SECONDS)).isTrue();
		}

	}

	@Nested
	class LargeInputs {

		private JsonNode created(int limit, Map<String, ?> input) {
			start((builder) -> builder.maxPayloadSize(limit));
			client.create("invoice", input);
			return finalized().path("input");
		}

		private JsonNode content(JsonNode claimCheck) {
			assertThat(claimCheck.propertyNames()).containsExactly("url", "size", "__REQUENCE_type");
			assertThat(claimCheck.path("__REQUENCE_type").stringValue()).isEqualTo("ClaimCheck");
			byte[] content = emulator.files().content(claimCheck.path("url").stringValue());
			assertThat(claimCheck.path("size").intValue()).isEqualTo(content.length);
			return MAPPER.readTree(content);
		}

		@Test
		void areSentAsTheyAreUpToTheLimit() {
			String frame = "{\"name\":null,\"input\":{\"a\":\"\"},\"priority\":5,\"requireAck\":false}";
			String text = "ä".repeat(400);
			int size = frame.length() + text.getBytes(StandardCharsets.UTF_8).length;
			assertThat(created(size, Map.of("a", text)).path("a").stringValue()).isEqualTo(text);
			assertThat(content(created(size - 1, Map.of("a", text)).path("a")).stringValue()).isEqualTo(text);
		}

		@Test
		void arePutAsideFromTheLargestMemberOn() {
			JsonNode input = created(2000,
					Map.of("small", 1, "large", "x".repeat(1500), "larger", List.of("y".repeat(3000))));
			assertThat(content(input.path("larger")).path(0).stringValue()).hasSize(3000);
			assertThat(input.path("large").stringValue()).hasSize(1500);
			assertThat(input.path("small").intValue()).isEqualTo(1);
		}

		@Test
		void arePutAsideAsAWholeIfMembersAreNotEnough() {
			List<Integer> numbers = Collections.nCopies(20, 7);
			Map<String, Object> input = new TreeMap<>();
			for (int i = 0; i < 100; i++) {
				input.put("member" + i, numbers);
			}
			JsonNode sent = created(2000, input);
			assertThat(content(sent)).isEqualTo(MAPPER.valueToTree(input));
			assertThat(requests("/upload")).hasSize(1);
		}

		@Test
		void mayHoldFiles() {
			JsonNode input = created(1000,
					Map.of("doc", Map.of("text", "x".repeat(2000), "scan", new ByteArrayResource(random(5)))));
			JsonNode scan = content(input.path("doc")).path("scan");
			assertThat(emulator.files().content(scan.path("url").stringValue())).isEqualTo(random(5));
		}

		@Test
		void areSentAsTheyAreWithoutALimit() {
			start((builder) -> builder.maxPayloadSize(0));
			client.create("invoice", Map.of("a", "x".repeat(500_000)));
			assertThat(requests("/upload")).isEmpty();
			start(RequenceEmulator.Builder::withoutLimits);
			client.create("invoice", Map.of("a", "x".repeat(100_000)));
			assertThat(requests("/upload")).isEmpty();
		}

		@Test
		void comeBackAsTheyWent() {
			start((builder) -> builder.maxPayloadSize(1000));
			emulator.onTask("copy", (task, input) -> task.end(input));
			TaskHandle task = client.create("copy", new Invoice(12, "x".repeat(5000)));
			assertThat(task.result(Invoice.class)).isEqualTo(new Invoice(12, "x".repeat(5000)));
			assertThat(client.get(task.id()).context().input().as(Invoice.class).amount()).isEqualTo(12);
		}

	}

	@Nested
	class Following {

		private final CountDownLatch goOn = new CountDownLatch(1);

		private void play() {
			emulator.onTask("invoice", (task, input) -> {
				task.nodeStart("check").nodeUpdate("check", Map.of("ok", true)).nodeEnd("check");
				assertThat(this.goOn.await(30, TimeUnit.SECONDS)).isTrue();
				task.nodeUpdate("book", 7).end(Map.of("amount", 24, "customer", "B"), "paid");
			});
		}

		private void assertIsComplete(List<TaskUpdate> updates) {
			assertThat(updates).extracting((update) -> update.type().wireName())
				.containsExactly("taskStart", "nodeStart", "nodeUpdate", "nodeEnd", "nodeUpdate", "taskEnd");
			assertThat(updates).noneMatch(TaskUpdate::incomplete);
			TaskEnd end = (TaskEnd) updates.get(5);
			assertThat(end.context().input()).isEqualTo(TaskPayload.of("{\"amount\":12}"));
			assertThat(end.context().nodeData("check")).isEqualTo(TaskPayload.of("{\"ok\":true}"));
			assertThat(end.exit()).isEqualTo("paid");
			assertThat(((NodeUpdate) updates.get(2)).context().nodeData("book")).isNull();
		}

		@Test
		void givesTheResult() {
			play();
			this.goOn.countDown();
			TaskHandle task = client.create("invoice", Map.of("amount", 12));
			assertThat(task.result(Invoice.class)).isEqualTo(new Invoice(24, "B"));
			assertThat(task.result(Invoice.class, Duration.ofSeconds(30))).isEqualTo(new Invoice(24, "B"));
		}

		@Test
		void givesNoResultIfThereIsNone() {
			emulator.onTask("invoice", (task, input) -> task.end(null));
			assertThat(client.create("invoice", Map.of()).result(Invoice.class)).isNull();
		}

		@Test
		void givesAllUpdatesToEachWhoAsks() {
			play();
			TaskHandle task = client.create("invoice", Map.of("amount", 12));
			StepVerifier.create(task.updates())
				.expectNextCount(4)
				.then(this.goOn::countDown)
				.expectNextCount(2)
				.expectComplete()
				.verify(Duration.ofSeconds(30));
			assertIsComplete(task.updates().collectList().block());
			assertThat(requests("/watch/")).hasSize(2)
				.allSatisfy((request) -> assertThat(request.body()).isEqualTo("{\"since\":null}"));
		}

		@Test
		void givesNoMoreThanIsWanted() {
			play();
			TaskHandle task = client.create("invoice", Map.of("amount", 12));
			StepVerifier.create(task.updates(), 0)
				.thenRequest(1)
				.expectNextMatches(TaskStart.class::isInstance)
				.thenRequest(2)
				.expectNextCount(2)
				.thenCancel()
				.verify(Duration.ofSeconds(30));
			await().until(() -> emulator.openStreams() == 0);
		}

		@Test
		void goesOnWhereAConnectionHasBroken() {
			play();
			TaskHandle task = client.create("invoice", Map.of("amount", 12));
			List<TaskUpdate> updates = new ArrayList<>();
			StepVerifier.create(task.updates().doOnNext(updates::add))
				.expectNextCount(4)
				.then(emulator::resetAll)
				.then(() -> await().until(() -> requests("/watch/").size() > 1))
				.then(emulator::disconnectAll)
				.then(() -> await().until(() -> requests("/watch/").size() > 2))
				.then(this.goOn::countDown)
				.expectNextCount(2)
				.expectComplete()
				.verify(Duration.ofSeconds(30));
			assertIsComplete(updates);
			assertThat(requests("/watch/")).element(1)
				.satisfies((request) -> assertThat(request.body()).contains("\"since\":null,\"lastPosition\":"));
		}

		@Test
		void startsOverIfThePlatformRefusesThePosition() {
			play();
			emulator.faults().always().refusePosition(410);
			TaskHandle task = client.create("invoice", Map.of("amount", 12));
			List<TaskUpdate> updates = new ArrayList<>();
			StepVerifier.create(task.updates().doOnNext(updates::add))
				.expectNextCount(4)
				.then(emulator::resetAll)
				.then(() -> await().until(() -> requests("/watch/").size() > 2))
				.then(this.goOn::countDown)
				.expectNextCount(2)
				.expectComplete()
				.verify(Duration.ofSeconds(30));
			assertIsComplete(updates);
		}

		@Test
		void goesOnAfterThePlatformWasAway() {
			play();
			TaskHandle task = client.create("invoice", Map.of("amount", 12));
			StepVerifier.create(task.updates()).expectNextCount(4).then(emulator::stop).then(() -> {
				this.goOn.countDown();
				emulator.start();
			}).expectNextCount(2).expectComplete().verify(Duration.ofSeconds(30));
		}

		@Test
		void endsWhenTheTaskFails() {
			emulator.onTask("invoice", (task, input) -> task.nodeError("check", "no").fail("out of money"));
			TaskHandle task = client.create("invoice", Map.of("amount", 12));
			assertThatExceptionOfType(TaskException.class).isThrownBy(() -> task.result(Invoice.class))
				.withMessage("Task " + task.id() + " has failed")
				.satisfies((ex) -> {
					assertThat(ex.reason()).isEqualTo("out of money");
					assertThat(ex.isAborted()).isFalse();
					assertThat(ex.context().nodeError("check")).isEqualTo("no");
					assertThat(ex.context().input()).isEqualTo(TaskPayload.of("{\"amount\":12}"));
				});
		}

		@Test
		void endsWhenTheTaskIsAborted() {
			TaskHandle task = open();
			task.abort("enough");
			assertThatExceptionOfType(TaskException.class).isThrownBy(() -> task.result(Invoice.class))
				.satisfies((ex) -> {
					assertThat(ex.reason()).isEqualTo("enough");
					assertThat(ex.isAborted()).isTrue();
				});
		}

		@Test
		void doesNotWaitLongerThanItMay() {
			TaskHandle task = open();
			assertThatExceptionOfType(TaskClientException.class)
				.isThrownBy(() -> task.result(Invoice.class, Duration.ofMillis(50)))
				.withMessageContaining("has not ended within 50 ms");
			await().until(() -> emulator.openStreams() == 0);
		}

		@Test
		void canBeInterrupted() throws Exception {
			TaskHandle task = open();
			AtomicReference<@Nullable Throwable> thrown = new AtomicReference<>();
			Thread thread = new Thread(() -> {
				try {
					task.result(Invoice.class);
				}
				catch (TaskClientException ex) {
					thrown.set(Thread.currentThread().isInterrupted() ? ex : null);
				}
			});
			thread.start();
			await().until(() -> emulator.openStreams() == 1);
			thread.interrupt();
			thread.join(30_000);
			assertThat(thrown.get()).hasMessageContaining("Interrupted");
			await().until(() -> emulator.openStreams() == 0);
		}

		@Test
		void endsWithATokenThatIsRefused() {
			TaskHandle task = open();
			emulator.rotateSecret("other");
			assertThatExceptionOfType(TaskAccessRefusedException.class).isThrownBy(() -> task.result(Invoice.class))
				.withMessageContaining("Check the access token");
		}

		@Test
		void endsWithATaskThatIsForgotten() {
			TaskHandle task = open();
			emulator.reset();
			assertThatExceptionOfType(TaskNotFoundException.class).isThrownBy(() -> task.result(Invoice.class));
		}

		@Test
		void doesNotWaitForAnEndThatWasTooLarge(CapturedOutput output) {
			emulator.onTask("invoice", (task, input) -> task.end("x".repeat(5000)));
			TaskClient small = builder(emulator.accessToken()).maxEventSize(DataSize.ofBytes(4000)).build();
			TaskHandle task = small.create("invoice", Map.of());
			assertThatExceptionOfType(TaskClientException.class).isThrownBy(() -> task.result(String.class))
				.withMessageContaining("its end could not be read");
			assertThat(output).contains("requence.task.connection.max-event-size");
		}

		@Test
		void keepsItsConnectionWhileItsSubscriberIsBusy() {
			TaskClient patient = builder(emulator.accessToken())
				.timeouts(Duration.ofSeconds(10), Duration.ofMillis(200))
				.build();
			emulator.onTask("invoice", (task, input) -> {
				for (int i = 0; i < 20; i++) {
					task.nodeUpdate("a", "x".repeat(50_000));
				}
				task.end(null);
			});
			CountDownLatch never = new CountDownLatch(1);
			TaskHandle task = patient.create("invoice", Map.of());
			await().until(() -> client.get(task.id()).status().isEnded());
			StepVerifier.create(task.updates().doOnNext((update) -> {
				if (update instanceof TaskStart) {
					await().pollDelay(Duration.ofSeconds(1)).until(() -> never.getCount() == 1);
				}
			})).expectNextCount(22).expectComplete().verify(Duration.ofSeconds(30));
			assertThat(requests("/watch/")).hasSize(1);
		}

		@Test
		void mayFetchOnTheThreadOfAnUpdate() {
			start((builder) -> builder.claimCheckAbove(100));
			emulator.onTask("invoice", (task, input) -> task.end(new Invoice(1, "x".repeat(500))));
			TaskHandle task = client.create("invoice", Map.of());
			StepVerifier
				.create(task.updates().ofType(TaskEnd.class).map((end) -> end.result().as(Invoice.class).customer()))
				.expectNext("x".repeat(500))
				.expectComplete()
				.verify(Duration.ofSeconds(30));
		}

		@Test
		void acknowledgesWhenTheResultIsReturned() {
			emulator.onTask("invoice", (task, input) -> task.end(Map.of("amount", 24, "customer", "B")));
			TaskHandle task = client.create(TaskRequest.of("invoice", Map.of()).withRequireAck(true));
			assertThat(task.updates().blockLast()).isInstanceOf(TaskEnd.class);
			assertThat(client.get(task.id()).status()).isEqualTo(TaskStatus.AWAITING_DELIVERY);
			assertThat(task.result(Invoice.class)).isEqualTo(new Invoice(24, "B"));
			assertThat(client.get(task.id()).status()).isEqualTo(TaskStatus.SUCCESSFUL);
		}

		@Test
		void acknowledgesWhenThereIsNoResult() {
			emulator.onTask("invoice", (task, input) -> task.end(null));
			TaskHandle task = client.create(TaskRequest.of("invoice", Map.of()).withRequireAck(true));
			assertThat(task.result(Invoice.class)).isNull();
			assertThat(client.get(task.id()).status()).isEqualTo(TaskStatus.SUCCESSFUL);
		}

		@Test
		void acknowledgesWhenTheFailureIsReturned() {
			emulator.onTask("invoice", (task, input) -> task.fail("no paper"));
			TaskHandle task = client.create(TaskRequest.of("invoice", Map.of()).withRequireAck(true));
			assertThatExceptionOfType(TaskException.class).isThrownBy(() -> task.result(Invoice.class));
			assertThat(client.get(task.id()).status()).isEqualTo(TaskStatus.FAILED);
		}

		@Test
		void doesNotAcknowledgeAResultThatCannotBeRead() {
			emulator.onTask("invoice", (task, input) -> task.end(List.of(1)));
			TaskHandle task = client.create(TaskRequest.of("invoice", Map.of()).withRequireAck(true));
			assertThatExceptionOfType(TaskPayloadException.class).isThrownBy(() -> task.result(Invoice.class));
			assertThat(client.get(task.id()).status()).isEqualTo(TaskStatus.AWAITING_DELIVERY);
			assertThat(task.result(JsonNode.class)).hasSize(1);
			assertThat(client.get(task.id()).status()).isEqualTo(TaskStatus.SUCCESSFUL);
		}

		@Test
		void doesNotAcknowledgeWhatNeedsNoAcknowledgement() {
			emulator.onTask("invoice", (task, input) -> task.end(Map.of()));
			client.create("invoice", Map.of()).result(JsonNode.class);
			assertThat(requests("/ack/")).isEmpty();
		}

		@Test
		void leavesTheAcknowledgementToTheApplicationIfItWantsTo() {
			emulator.onTask("invoice", (task, input) -> task.end(Map.of()));
			TaskHandle task = client.create(TaskRequest.of("invoice", Map.of()).withManualAck());
			task.result(JsonNode.class);
			assertThat(client.get(task.id()).status()).isEqualTo(TaskStatus.AWAITING_DELIVERY);
			task.acknowledge();
			assertThat(client.get(task.id()).status()).isEqualTo(TaskStatus.SUCCESSFUL);
		}

	}

	@Nested
	class ById {

		@Test
		void aTaskIsDescribed() {
			TaskScript task = emulator.task("invoice").name("Invoice 7").input(Map.of("amount", 12)).start();
			task.nodeUpdate("check", Map.of("ok", true)).nodeError("book", "no");
			TaskDetails running = client.get(task.taskId());
			assertThat(running.status()).isEqualTo(TaskStatus.RUNNING);
			assertThat(running.status().isEnded()).isFalse();
			assertThat(running.template()).isEqualTo("invoice");
			assertThat(running.name()).isEqualTo("Invoice 7");
			assertThat(running.branch()).isEqualTo("live");
			assertThat(running.context().input().as(JsonNode.class).path("amount").intValue()).isEqualTo(12);
			assertThat(running.context().nodeData()).containsOnlyKeys("check");
			assertThat(running.context().nodeErrors()).containsOnly(Map.entry("book", "no"));
			assertThat(running.context().result()).isNull();
			task.end(Map.of("total", 24));
			TaskDetails ended = client.get(task.taskId());
			assertThat(ended.status()).isEqualTo(TaskStatus.SUCCESSFUL);
			assertThat(ended.status().isEnded()).isTrue();
			assertThat(ended.context().result()).isEqualTo(TaskPayload.of("{\"total\":24}"));
		}

		@Test
		void nodesMayHaveNoData() throws IOException {
			try (FileHost host = new FileHost()) {
				host.serve("/api/task/1", "application/json",
						"{\"status\":\"RUNNING\",\"nodesData\":[null,{\"alias\":\"a\",\"data\":null}],\"nodesError\":[null]}");
				TaskDetails details = builder(TestAccessTokens.api("s", host.baseUrl().toString())).build().get("1");
				assertThat(details.context().nodeData()).containsOnlyKeys("a");
				assertThat(details.context().nodeErrors()).isEmpty();
			}
		}

		@ParameterizedTest
		@CsvSource({ "running,RUNNING", "Awaiting_Delivery,AWAITING_DELIVERY", "SLEEPING,UNKNOWN", ",UNKNOWN" })
		void statusesAreReadInEitherCase(@Nullable String sent, TaskStatus status) throws IOException {
			try (FileHost host = new FileHost()) {
				host.serve("/api/task/1", "application/json",
						(sent != null) ? "{\"status\":\"" + sent + "\",\"nodesData\":null}" : "{}");
				TaskDetails details = builder(TestAccessTokens.api("s", host.baseUrl().toString())).build().get("1");
				assertThat(details.status()).isEqualTo(status);
			}
		}

		@Test
		void aTaskIsCreatedAgain() {
			emulator.onTask("invoice", (task, input) -> task.end(input));
			TaskHandle first = client
				.create(TaskRequest.of("invoice", new Invoice(12, "x".repeat(100))).withName("monthly"));
			first.result(Invoice.class);
			TaskHandle second = client.createAgain(first.id());
			assertThat(second.id()).isNotEqualTo(first.id());
			assertThat(second.result(Invoice.class)).isEqualTo(new Invoice(12, "x".repeat(100)));
			TaskDetails details = client.get(second.id());
			assertThat(details.template()).isEqualTo("invoice");
			assertThat(details.name()).isEqualTo("monthly");
		}

		@Test
		void aTaskWithFilesIsCreatedAgain() throws IOException {
			emulator.onTask("scan", (task, input) -> task.end(input));
			byte[] content = random(1000);
			TaskHandle first = client.create("scan", Map.of("file", new ByteArrayResource(content)));
			first.result(JsonNode.class);
			assertThat(requests("/upload")).hasSize(1);
			TaskHandle again = client.createAgain(first.id());
			TaskPayload result = again.result(TaskPayload.class);
			assertThat(result).isNotNull();
			assertThat(result.references().files()).singleElement()
				.satisfies((file) -> assertThat(file.getContentAsByteArray()).isEqualTo(content));
			assertThat(requests("/upload")).hasSize(1);
		}

		@Test
		void aTaskThatIsNotKnownIsNotCreatedAgain() {
			assertThatExceptionOfType(TaskNotFoundException.class).isThrownBy(() -> client.createAgain("unknown"));
		}

		@Test
		void aTaskIsAborted() {
			TaskScript task = emulator.task("invoice").start();
			client.abort(task.taskId(), "genug für heute");
			assertThat(client.get(task.taskId()).status()).isEqualTo(TaskStatus.STOPPED);
			assertThat(requests("/abort/")).singleElement()
				.extracting(RecordedRequest::body)
				.isEqualTo("genug für heute");
			client.abort(emulator.task("invoice").start().taskId(), null);
			assertThat(requests("/abort/")).element(1).extracting(RecordedRequest::body).isEqualTo("");
		}

		@Test
		void aTaskIsProtected() {
			TaskScript task = emulator.task("invoice").start().end(null);
			client.protect(task.taskId());
			assertThat(requests("/protect/" + task.taskId())).hasSize(1);
		}

		@Test
		void aTaskIsAcknowledged() {
			TaskScript task = emulator.task("invoice").requireAck().start().end(null);
			client.acknowledge(task.taskId());
			assertThat(emulator.acknowledgements()).hasSize(1);
		}

		@Test
		void aTaskThatIsNotKnownIsNotFound() {
			for (Consumer<TaskClient> call : Arrays.<Consumer<TaskClient>>asList((client) -> client.get("no"),
					(client) -> client.abort("no", null), (client) -> client.protect("no"),
					(client) -> client.acknowledge("no"))) {
				assertThatExceptionOfType(TaskNotFoundException.class).isThrownBy(() -> call.accept(client))
					.withMessageContaining("No such task");
			}
		}

		@Test
		void whatThePlatformSaysIsTold() {
			TaskScript task = emulator.task("invoice").start().end(null);
			assertThatExceptionOfType(TaskRejectedException.class).isThrownBy(() -> client.abort(task.taskId(), null))
				.satisfies((ex) -> {
					assertThat(ex.status()).isEqualTo(409);
					assertThat(ex.reason()).isEqualTo("The task has ended");
				});
		}

		@Test
		void aTokenThatIsRefusedIsTold() {
			emulator.rotateSecret("other");
			assertThatExceptionOfType(TaskAccessRefusedException.class).isThrownBy(() -> client.get("1"))
				.withMessageContaining("Cannot get task 1: HTTP 401");
		}

		@ParameterizedTest
		@ValueSource(strings = { "..", ".", "" })
		void anIdentifierIsNoPath(String taskId) {
			assertThatIllegalArgumentException().isThrownBy(() -> client.get(taskId));
		}

	}

	@Nested
	class HostileAnswers {

		private final FileHost host = host();

		private final TaskClient client = builder(TestAccessTokens.api("top-secret", this.host.baseUrl().toString()))
			.timeouts(Duration.ofMillis(500), Duration.ofMillis(500))
			.maxEventSize(DataSize.ofKilobytes(50))
			.build();

		private static FileHost host() {
			try {
				return new FileHost();
			}
			catch (IOException ex) {
				throw new UncheckedIOException(ex);
			}
		}

		@AfterEach
		void close() throws IOException {
			this.host.close();
		}

		private void prepare(String json) {
			this.host.serve("/api/task/prepare/invoice", "application/json", json);
		}

		@ParameterizedTest
		@ValueSource(strings = { "", "[]", "null", "{}", "{\"finalizeUrl\":\"not a url\"}", "<html>" })
		void areNoAnswer(String json) {
			prepare(json);
			assertThatExceptionOfType(TaskClientException.class)
				.isThrownBy(() -> this.client.create("invoice", Map.of()))
				.withMessageContaining("does not match this call");
		}

		@ParameterizedTest
		@ValueSource(strings = { "http://other.example/api/task/finalize/1", "http://127.0.0.1:1/api",
				"https://127.0.0.1/", "http://127.0.0.1@other.example/", "file:///etc/passwd", "/relative" })
		void doNotGetTheAccessTokenSentElsewhere(String url) {
			prepare("{\"taskId\":\"1\",\"finalizeUrl\":\"" + url + "\"}");
			assertThatExceptionOfType(TaskClientException.class)
				.isThrownBy(() -> this.client.create("invoice", Map.of()))
				.withMessageContaining("The access token is not sent there");
			assertThat(this.host.requests()).hasSize(1);
		}

		@Test
		void mayCreateATaskAtAnAllowedHostWithoutTheAccessToken() throws IOException {
			try (FileHost other = new FileHost()) {
				prepare("{\"taskId\":\"1\",\"finalizeUrl\":\"" + other.serve("/finalize", "application/json", "{}")
						+ "\"}");
				TaskClient client = builder(TestAccessTokens.api("top-secret", this.host.baseUrl().toString()))
					.references(List.of("127.0.0.1:" + other.baseUrl().getPort()), DataSize.ofKilobytes(50),
							Duration.ofSeconds(5))
					.build();
				assertThat(client.create("invoice", Map.of()).id()).isEqualTo("1");
				assertThat(other.requests()).hasSize(1)
					.noneMatch((request) -> request.toLowerCase(Locale.ROOT).contains("authorization"));
			}
		}

		@Test
		void doNotGetATaskFollowedElsewhere() {
			prepare("{\"taskId\":\"1\",\"finalizeUrl\":\"" + this.host.baseUrl() + "/finalize\"}");
			this.host.serve("/api/finalize", "application/json",
					"{\"taskId\":\"1\",\"urls\":{\"watch\":\"http://127.0.0.1:1/watch\"}}");
			TaskHandle task = this.client.create("invoice", Map.of());
			assertThatExceptionOfType(TaskClientException.class).isThrownBy(() -> task.result(String.class))
				.withMessageContaining("The access token is not sent there");
		}

		@Test
		void mayEndAfterAnUpdateThatWasSkippedBeforeAnother() {
			prepare("{\"taskId\":\"1\",\"finalizeUrl\":\"" + this.host.baseUrl() + "/finalize\"}");
			this.host.serve("/api/finalize", "application/json",
					"{\"taskId\":\"1\",\"urls\":{\"watch\":\"" + this.host.baseUrl() + "/watch\"}}");
			String large = event(2, "nodeUpdate", "\"data\":\"" + "x".repeat(60_000) + "\"");
			Iterator<String> streams = List
				.of(large + event(3, "taskStart", "\"input\":{}"), event(4, "taskEnd", "\"result\":\"done\""))
				.iterator();
			this.host.on("/api/watch",
					(out) -> out.write(("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n" + streams.next())
						.getBytes(StandardCharsets.US_ASCII)));
			assertThat(this.client.create("invoice", Map.of()).result(String.class)).isEqualTo("done");
		}

		private static String event(int position, String type, String members) {
			return "id: " + position + "\nevent: " + type + "\ndata: {\"taskId\":\"1\",\"updateId\":\"" + position
					+ "\"," + members + "}\n\n";
		}

		@Test
		void doNotWriteLinesIntoTheLog(CapturedOutput output) {
			prepare("{\"taskId\":\"1\",\"finalizeUrl\":\"" + this.host.baseUrl() + "/finalize\"}");
			String id = "1\\n2026-01-01 ERROR forged\\u0085\\u2028\\u001b[31m" + "x".repeat(150);
			this.host.serve("/api/finalize", "application/json",
					"{\"taskId\":\"" + id + "\",\"urls\":{\"watch\":\"" + this.host.baseUrl() + "/watch\"}}");
			String skipped = "id: 1\nevent: taskStart\ndata: {\"taskId\":\n\n";
			String end = "id: 2\nevent: taskError\ndata: {\"taskId\":\"" + id + "\",\"updateId\":\"2\"}\n\n";
			this.host.raw("/api/watch", "HTTP/1.1 200 OK\nContent-Type: text/event-stream",
					(skipped + end).getBytes(StandardCharsets.US_ASCII));
			TaskHandle task = this.client.create("invoice", Map.of());
			assertThatExceptionOfType(TaskException.class).isThrownBy(() -> task.result(String.class))
				.withMessageMatching("Task [^\\p{Cntrl}]{1,120}");
			assertThat(task.toString()).matches("task [^\\p{Cntrl}]{1,120}");
			assertThatExceptionOfType(TaskClientException.class).isThrownBy(task::protect)
				.withMessageMatching("Cannot protect task [^\\p{Cntrl}]{1,200}");
			assertThat(output).contains("skipped an update").doesNotContainPattern("(?m)^2026-01-01 ERROR forged");
		}

		@Test
		void mayNotTellWhereToFollowATask() {
			prepare("{\"taskId\":\"1\",\"finalizeUrl\":\"" + this.host.baseUrl() + "/finalize\"}");
			this.host.serve("/api/finalize", "application/json", "{}");
			TaskHandle task = this.client.create("invoice", Map.of());
			assertThat(task.id()).isEqualTo("1");
			assertThat(task.url()).isNull();
			Iterator<String> answers = List
				.of("500 Oops", "200 OK {\"status\":\"RUNNING\"}", "503 Away",
						"200 OK {\"status\":\"SUCCESSFUL\",\"result\":\"done\"}")
				.iterator();
			this.host.on("/api/task/1", (out) -> {
				String[] answer = answers.next().split(" \\{", 2);
				String body = (answer.length > 1) ? "{" + answer[1] : "";
				out.write(("HTTP/1.1 " + answer[0] + "\r\nContent-Length: " + body.length() + "\r\n\r\n" + body)
					.getBytes(StandardCharsets.US_ASCII));
			});
			assertThat(task.result(String.class)).isEqualTo("done");
			assertThat(answers).isExhausted();
		}

		@ParameterizedTest
		@CsvSource(quoteCharacter = '`', textBlock = """
				FAILED,  has failed
				STOPPED, was aborted
				""")
		void mayTellOfAFailureOnlyWhenAsked(String status, String message) {
			prepare("{\"taskId\":\"1\",\"finalizeUrl\":\"" + this.host.baseUrl() + "/finalize\"}");
			this.host.serve("/api/finalize", "application/json", "{\"urls\":{}}");
			this.host.serve("/api/task/1", "application/json",
					"{\"status\":\"" + status + "\",\"statusText\":\"no paper\"}");
			TaskHandle task = this.client.create("invoice", Map.of());
			assertThatExceptionOfType(TaskException.class).isThrownBy(() -> task.result(String.class))
				.withMessageContaining(message)
				.satisfies((ex) -> assertThat(ex.reason()).isEqualTo("no paper"));
		}

		@Test
		void mayHoldNamesOfAnyKind() {
			this.host.serve("/api/task/1", "application/json", "{\"status\":\"RUNNING\",\"input\":{\""
					+ "n".repeat(49_000) + "\":1},\"x\":" + "9".repeat(900) + "}");
			TaskPayload input = this.client.get("1").context().input();
			assertThat(input).isNotNull();
			assertThat(input.tree()).hasSize(1);
		}

		@ParameterizedTest
		@ValueSource(strings = { "file:///tmp/x", "http://169.254.169.254/upload", "http://other.example/upload" })
		void doNotGetFilesSentElsewhere(String url) {
			prepare("{\"taskId\":\"1\",\"finalizeUrl\":\"" + this.host.baseUrl() + "/finalize\",\"fileUrls\":{"
					+ "\"uploadUrl\":\"" + url + "\",\"streamUrl\":\"" + url + "\"}}");
			assertThatExceptionOfType(TaskReferenceException.class)
				.isThrownBy(() -> this.client.create("invoice", Map.of("a", new ByteArrayResource(random(1)))))
				.satisfies((ex) -> assertThat(ex.reason()).isEqualTo(TaskReferenceException.Reason.NOT_ALLOWED));
			assertThat(this.host.requests()).hasSize(1);
		}

		@Test
		void areNotFollowed() {
			this.host.raw("/api/task/1", "HTTP/1.1 302 Found\nLocation: /elsewhere\nContent-Length: 0");
			assertThatExceptionOfType(TaskRejectedException.class).isThrownBy(() -> this.client.get("1"))
				.satisfies((ex) -> assertThat(ex.status()).isEqualTo(302));
			assertThat(this.host.requests()).hasSize(1);
		}

		@Test
		void mayNotBeTooLarge() {
			this.host.on("/api/task/1", (out) -> {
				out.write("HTTP/1.1 200 OK\r\n\r\n\"".getBytes(StandardCharsets.US_ASCII));
				while (true) {
					out.write(random(1000));
				}
			});
			assertThatExceptionOfType(TaskClientException.class).isThrownBy(() -> this.client.get("1"))
				.withMessageContaining("max-event-size");
		}

		@Test
		void mayNotTakeTooLong() {
			CountDownLatch never = new CountDownLatch(1);
			this.host.on("/api/task/1", (out) -> {
				try {
					never.await();
				}
				catch (InterruptedException ex) {
					Thread.currentThread().interrupt();
				}
			});
			assertThatExceptionOfType(TaskPlatformUnreachableException.class).isThrownBy(() -> this.client.get("1"))
				.withMessageStartingWith("Cannot get task 1: No answer in time (http://")
				.withMessageContaining("check 'requence.task.base-url'");
		}

		@Test
		void doNotShowSecrets() {
			String body = "Bearer top-secret\u0007 is\nwrong";
			this.host.raw("/api/task/1", "HTTP/1.1 400 Bad", body.getBytes(StandardCharsets.UTF_8));
			assertThatExceptionOfType(TaskRejectedException.class).isThrownBy(() -> this.client.get("1"))
				.withMessageMatching("Cannot get task 1: HTTP 400 from http://\\S+: Bearer \\*{6} is wrong");
			this.host.serve("/api/task/2", "application/json", "{\"input\":{\"pin\":1234},\"nodesData\":7}");
			assertThatExceptionOfType(TaskClientException.class).isThrownBy(() -> this.client.get("2"))
				.withMessageNotContaining("1234")
				.withNoCause();
		}

		@ParameterizedTest
		@ValueSource(ints = { 502, 503, 504 })
		void mayBeThatThePlatformIsAway(int status) {
			this.host.raw("/api/task/1", "HTTP/1.1 " + status + " Away\nContent-Length: 0");
			assertThatExceptionOfType(TaskPlatformUnreachableException.class).isThrownBy(() -> this.client.get("1"));
		}

		@Test
		void mayBeNone() throws IOException {
			this.host.close();
			assertThatExceptionOfType(TaskPlatformUnreachableException.class).isThrownBy(() -> this.client.get("1"));
		}

	}

	@Nested
	class WithoutWaiting {

		@Test
		void aTaskIsCreatedAndFollowed() {
			emulator.onTask("invoice", (task, input) -> task.nodeUpdate("check", 1).end(new Invoice(24, "B")));
			StepVerifier
				.create(client.reactive()
					.create("invoice", Map.of("amount", 12))
					.flatMap((task) -> task.result(Invoice.class)))
				.expectNext(new Invoice(24, "B"))
				.expectComplete()
				.verify(Duration.ofSeconds(30));
			assertThat(requests("/finalize/")).hasSize(1);
		}

		@Test
		void nothingHappensUntilSomebodyAsks() {
			client.reactive().create("invoice", Map.of());
			client.reactive().abort("1", null);
			assertThat(emulator.requests()).isEmpty();
		}

		@Test
		void failuresAreTheSame() {
			StepVerifier.create(client.reactive().get("no")).expectError(TaskNotFoundException.class).verify();
			StepVerifier.create(client.reactive().get("..")).expectError(IllegalArgumentException.class).verify();
			emulator.onTask("open", STAYS_OPEN);
			StepVerifier
				.create(client.reactive()
					.create("open", Map.of())
					.flatMap((task) -> task.abort("enough").then(task.result(Invoice.class))))
				.expectErrorSatisfies((ex) -> assertThat(ex).isInstanceOf(TaskException.class))
				.verify(Duration.ofSeconds(30));
		}

		@Test
		void aHandleDoesWhatTheClientDoes() {
			emulator.onTask("invoice", (task, input) -> task.end(null));
			StepVerifier
				.create(client.reactive()
					.create(TaskRequest.of("invoice", Map.of()).withRequireAck(true))
					.flatMap((task) -> task.updates()
						.then(task.streamsSent())
						.then(task.acknowledge())
						.then(task.protect())
						.thenReturn(task.id())))
				.assertNext((id) -> assertThat(emulator.acknowledgements()).hasSize(1))
				.expectComplete()
				.verify(Duration.ofSeconds(30));
		}

	}

	record Invoice(int amount, String customer) {

	}

	record Scan(TaskFile scan) {

	}

	record Rows(TaskStream rows, String rest) {

	}

	record Nesting(List<Map<String, Resource>> list, Resource resource, TaskUpload upload) {

	}

	static class Unwritable {

		public String getText() {
			throw new IllegalStateException("secret");
		}

	}

}
