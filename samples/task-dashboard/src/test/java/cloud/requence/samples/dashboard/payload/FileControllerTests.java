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

package cloud.requence.samples.dashboard.payload;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;

import cloud.requence.emulator.EmulatedStream;
import cloud.requence.emulator.RequenceEmulator;
import cloud.requence.emulator.TaskScript;
import cloud.requence.samples.dashboard.board.TaskBoard;
import cloud.requence.samples.dashboard.support.TaskIds;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ArgumentsSource;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.http.CacheControl;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.test.web.reactive.server.EntityExchangeResult;
import org.springframework.test.web.reactive.server.WebTestClient;
import org.springframework.web.util.UriComponentsBuilder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatException;
import static org.awaitility.Awaitility.await;

/**
 * Tests for {@link FileController}.
 */
@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT, properties = "dashboard.emulator.scenario.enabled=false")
class FileControllerTests {

	private static final byte[] PICTURE = { (byte) 0x89, 'P', 'N', 'G', 1, 2, 3 };

	@LocalServerPort
	private int port;

	@Autowired
	private RequenceEmulator emulator;

	@Autowired
	private TaskBoard board;

	private WebTestClient client;

	@BeforeEach
	void connect() {
		this.client = WebTestClient.bindToServer().baseUrl("http://127.0.0.1:" + this.port).build();
		await().until(() -> this.emulator.openStreams() > 0);
	}

	private TaskScript start(Object input) {
		TaskScript task = this.emulator.task("invoice").input(input).start();
		await().until(() -> this.board.details(task.taskId()).isPresent());
		return task;
	}

	private URI address(String path, String taskId, String payload, String pointer) {
		return UriComponentsBuilder.fromUriString("http://127.0.0.1:" + this.port + "/api/task" + path)
			.query(payload)
			.queryParam("id", "{id}")
			.queryParam("at", "{at}")
			.encode()
			.build(taskId, pointer);
	}

	private WebTestClient.ResponseSpec get(String path, String taskId, String pointer) {
		return this.client.get().uri(address(path, taskId, "of=input", pointer)).exchange();
	}

	private EntityExchangeResult<byte[]> file(String mime) {
		TaskScript task = start(Map.of("scan", this.emulator.files().store(PICTURE, mime)));
		return get("/files", task.taskId(), "/scan").expectStatus().isOk().expectBody().returnResult();
	}

	private static void assertHarmless(HttpHeaders headers) {
		assertThat(headers.getFirst("X-Content-Type-Options")).isEqualTo("nosniff");
		assertThat(headers.get("Content-Security-Policy"))
			.containsExactly("default-src 'none'; frame-ancestors 'none'; sandbox");
		assertThat(headers.getFirst("Cross-Origin-Resource-Policy")).isEqualTo("same-origin");
		assertThat(headers.getCacheControl()).isEqualTo("no-store");
	}

	@ParameterizedTest
	@ArgumentsSource(TaskIds.class)
	void hasTheFilesOfATaskWhateverItsIdentifierIs(String id) {
		this.emulator.publish("taskStart",
				Map.of("taskId", id, "input", Map.of("scan", this.emulator.files().store(PICTURE, "image/png"))));
		await().until(() -> this.board.details(id).isPresent());
		this.client.get().uri("/api/task?id={id}", id).exchange().expectBody().jsonPath("$.task.id").isEqualTo(id);
		for (String path : List.of("/files", "/files/beginning", "/value", "/payload", "/payload/file")) {
			get(path, id, "/scan").expectStatus().isOk();
		}
	}

	@ParameterizedTest
	@CsvSource({ "image/png, .png", "image/jpeg, .jpg", "image/gif, .gif", "image/webp, .webp", "image/avif, .avif",
			"IMAGE/PNG;x=y, .png" })
	void showsImages(String mime, String extension) {
		EntityExchangeResult<byte[]> file = file(mime);
		HttpHeaders headers = file.getResponseHeaders();
		assertHarmless(headers);
		assertThat(headers.getContentType()).hasToString(mime.toLowerCase(Locale.ROOT).replaceAll(";.*", ""));
		assertThat(headers.getContentDisposition().isInline()).isTrue();
		assertThat(headers.getContentDisposition().getFilename()).isEqualTo("scan" + extension);
		assertThat(headers.getContentLength()).isEqualTo(PICTURE.length);
		assertThat(file.getResponseBody()).isEqualTo(PICTURE);
	}

	@ParameterizedTest
	@ValueSource(strings = { "image/svg+xml", "image/svg+xml;charset=utf-8", "text/html", "application/xhtml+xml",
			"text/javascript", "application/pdf", "image/bmp", "no type" })
	void letsOtherFilesOnlyBeSaved(String mime) {
		EntityExchangeResult<byte[]> file = file(mime);
		HttpHeaders headers = file.getResponseHeaders();
		assertHarmless(headers);
		assertThat(headers.getContentType()).hasToString("application/octet-stream");
		assertThat(headers.getContentDisposition().isAttachment()).isTrue();
		assertThat(file.getResponseBody()).isEqualTo(PICTURE);
	}

	@Test
	void neverShowsAStreamAsAnImage() {
		TaskScript task = start(Map.of("scan", this.emulator.files().stream("image/png").write("a").end()));
		this.client.get()
			.uri("/api/task/payload?id={id}&of=input", task.taskId())
			.exchange()
			.expectBody()
			.jsonPath("$.references[0].kind")
			.isEqualTo("stream")
			.jsonPath("$.references[0].image")
			.isEqualTo(false);
		HttpHeaders headers = get("/files", task.taskId(), "/scan").expectStatus()
			.isOk()
			.returnResult(String.class)
			.getResponseHeaders();
		assertThat(headers.getContentType()).hasToString("application/octet-stream");
		assertThat(headers.getContentDisposition().isAttachment()).isTrue();
	}

	@Test
	void findsFilesInOutputsAndResults() {
		TaskScript task = start(Map.of()).nodeStart("read")
			.nodeUpdate("read", List.of(Map.of("a/b", this.emulator.files().store(PICTURE, "image/png"))), "pages")
			.end(this.emulator.files().store(PICTURE, "image/gif"));
		await().untilAsserted(() -> assertThat(this.board.details(task.taskId()).orElseThrow().result()).isNotNull());
		String node = this.board.details(task.taskId()).orElseThrow().nodes().get(0).id();
		this.client.get()
			.uri(address("/files", task.taskId(), "of=output&output=pages&node=" + node, "/0/a~1b"))
			.exchange()
			.expectStatus()
			.isOk()
			.expectHeader()
			.contentType("image/png");
		this.client.get()
			.uri(address("/files", task.taskId(), "of=result", ""))
			.exchange()
			.expectStatus()
			.isOk()
			.expectHeader()
			.contentType("image/gif");
	}

	@Test
	void sendsAWholePayloadAsAFile() {
		// More than the board keeps
		String large = "x".repeat(100_000);
		TaskScript task = start(Map.of("text", large));
		this.client.get()
			.uri("/api/task/payload?id={id}&of=input", task.taskId())
			.exchange()
			.expectBody()
			.jsonPath("$.truncated")
			.isEqualTo(true);
		EntityExchangeResult<byte[]> file = this.client.get()
			.uri("/api/task/payload/file?id={id}&of=input", task.taskId())
			.exchange()
			.expectStatus()
			.isOk()
			.expectBody()
			.returnResult();
		assertHarmless(file.getResponseHeaders());
		assertThat(file.getResponseHeaders().getContentDisposition().isAttachment()).isTrue();
		assertThat(file.getResponseHeaders().getContentDisposition().getFilename()).endsWith("-input.json");
		assertThat(file.getResponseBody()).asString(StandardCharsets.UTF_8).isEqualTo("{\"text\":\"" + large + "\"}");
	}

	@Test
	void sendsTheWholeOutputOfANode() {
		String large = "x".repeat(100_000);
		TaskScript task = start(Map.of()).nodeStart("scan").nodeUpdate("scan", large);
		String node = await()
			.until(() -> this.board.details(task.taskId()).orElseThrow().nodes(),
					(nodes) -> !nodes.isEmpty() && !nodes.get(0).outputs().isEmpty())
			.get(0)
			.id();
		this.client.get()
			.uri("/api/task/payload/file?id={id}&of=output&node={node}&output=", task.taskId(), node)
			.exchange()
			.expectStatus()
			.isOk()
			.expectBody(String.class)
			.isEqualTo("\"" + large + "\"");
	}

	@Test
	void hasNoPayloadOfATaskThatNobodyKnows() {
		this.client.get().uri("/api/task/payload?id=none&of=input").exchange().expectStatus().isNotFound();
		this.client.get().uri("/api/task/payload/file?id=none&of=input").exchange().expectStatus().isNotFound();
	}

	@Test
	void findsFilesInLargeValues() {
		Object large = this.emulator.files()
			.claimCheck(Map.of("pages", List.of(this.emulator.files().store(PICTURE, "image/png"))));
		TaskScript task = start(Map.of("documents", large));
		this.client.get()
			.uri("/api/task/payload?id={id}&of=input", task.taskId())
			.exchange()
			.expectBody()
			.jsonPath("$.references.length()")
			.isEqualTo(1)
			.jsonPath("$.references[0].at")
			.isEqualTo("/documents")
			.jsonPath("$.references[0].kind")
			.isEqualTo("large")
			.jsonPath("$.references[0].url")
			.doesNotExist();
		get("/value", task.taskId(), "").expectStatus()
			.isOk()
			.expectBody()
			.jsonPath("$.references[0].at")
			.isEqualTo("/documents/pages/0")
			.jsonPath("$.references[0].image")
			.isEqualTo(true);
		get("/files", task.taskId(), "/documents/pages/0").expectStatus().isOk();
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "/", "/scan/url", "/scan/x", "/none", "/number", "/unknown", "http://a/b" })
	void hasNothingWhereNoFileIs(String pointer) {
		TaskScript task = start(Map.of("scan", this.emulator.files().store(PICTURE, "image/png"), "number", 7,
				"unknown", Map.of("__REQUENCE_type", "Other", "url", "http://127.0.0.1/")));
		for (String path : List.of("/files", "/files/beginning")) {
			get(path, task.taskId(), pointer).expectStatus()
				.isNotFound()
				.expectBody()
				.jsonPath("$.detail")
				.isNotEmpty();
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "of=input", "of=result", "of=output&node=x", "of=other", "of=output", "" })
	void hasNothingOfOtherTasksAndPayloads(String payload) {
		String taskId = payload.equals("of=input") ? "none" : start(Map.of()).taskId();
		for (String path : List.of("/files", "/files/beginning", "/value")) {
			this.client.get().uri(address(path, taskId, payload, "/scan")).exchange().expectStatus().isNotFound();
		}
	}

	@Test
	void describesProblemsOfTheFrameworkInTheSameForm() {
		String taskId = start(Map.of()).taskId();
		this.client.get()
			.uri("/api/task/files?id={id}&of=input", taskId)
			.exchange()
			.expectStatus()
			.isBadRequest()
			.expectHeader()
			.contentType(MediaType.APPLICATION_PROBLEM_JSON)
			.expectHeader()
			.cacheControl(CacheControl.noStore())
			.expectBody()
			.jsonPath("$.status")
			.isEqualTo(400)
			.jsonPath("$.detail")
			.isEqualTo("Required query parameter 'at' is not present.");
	}

	@ParameterizedTest
	@ValueSource(strings = { "http://127.0.0.2:8080/secret", "file:///etc/passwd" })
	void doesNotAskOtherHosts(String url) {
		TaskScript task = start(
				Map.of("scan", Map.of("__REQUENCE_type", "RequenceFile", "url", url, "mime", "image/png", "size", 1)));
		get("/files", task.taskId(), "/scan").expectStatus()
			.isEqualTo(502)
			.expectBody()
			.jsonPath("$.detail")
			.value(String.class, (message) -> assertThat(message).contains("may not ask").doesNotContain(url));
	}

	@Test
	void saysThatAHostDoesNotGiveAFileAway() {
		TaskScript task = start(Map.of("scan", this.emulator.files().store(PICTURE, "image/png")));
		this.emulator.faults().fetches().answer(403, "no");
		get("/files/beginning", task.taskId(), "/scan").expectStatus()
			.isEqualTo(502)
			.expectBody()
			.jsonPath("$.detail")
			.value(String.class, (message) -> assertThat(message).contains("does not give it away"));
	}

	@Test
	void showsTheBeginningOfText() {
		byte[] text = "ä".repeat(50_000).getBytes(StandardCharsets.UTF_8);
		TaskScript task = start(
				Map.of("short", this.emulator.files().store("<b>x</b>".getBytes(StandardCharsets.UTF_8), "text/html"),
						"long", this.emulator.files().store(text, "text/plain"), "picture",
						this.emulator.files().store(PICTURE, "image/png")));
		get("/files/beginning", task.taskId(), "/short").expectBody()
			.jsonPath("$.text")
			.isEqualTo("<b>x</b>")
			.jsonPath("$.end")
			.isEqualTo("complete");
		get("/files/beginning", task.taskId(), "/long").expectBody()
			.jsonPath("$.text")
			.isEqualTo("ä".repeat(32 * 1024))
			.jsonPath("$.end")
			.isEqualTo("more");
		get("/files/beginning", task.taskId(), "/picture").expectBody().jsonPath("$.text").isEmpty();
	}

	@Test
	void saysThatAStreamIsTruncated() {
		EmulatedStream stream = this.emulator.files().stream("text/csv").write("a;b").truncate("no paper");
		TaskScript task = start(Map.of("log", stream));
		get("/files/beginning", task.taskId(), "/log").expectBody()
			.jsonPath("$.text")
			.isEqualTo("a;b")
			.jsonPath("$.end")
			.isEqualTo("broken")
			.jsonPath("$.problem")
			.value(String.class, (problem) -> assertThat(problem).contains("no paper"));
		assertThatException().isThrownBy(() -> get("/files", task.taskId(), "/log").expectBody().returnResult());
	}

	@Test
	void doesNotWaitForAStreamThatIsStillWritten() {
		EmulatedStream stream = this.emulator.files().stream("text/csv").write("a;b");
		TaskScript task = start(Map.of("log", stream));
		get("/files/beginning", task.taskId(), "/log").expectBody()
			.jsonPath("$.text")
			.isEqualTo("a;b")
			.jsonPath("$.end")
			.isEqualTo("open");
		stream.end();
	}

}
