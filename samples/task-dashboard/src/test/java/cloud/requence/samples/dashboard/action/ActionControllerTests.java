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

package cloud.requence.samples.dashboard.action;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Map;

import cloud.requence.emulator.EmulatedTaskStatus;
import cloud.requence.emulator.RequenceEmulator;
import cloud.requence.emulator.TaskScript;
import cloud.requence.samples.dashboard.board.TaskBoard;
import cloud.requence.samples.dashboard.board.TaskDetails;
import cloud.requence.samples.dashboard.support.TaskIds;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ArgumentsSource;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.http.MediaType;
import org.springframework.http.client.MultipartBodyBuilder;
import org.springframework.test.web.reactive.server.WebTestClient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests for {@link ActionController}.
 */
@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT, properties = { "dashboard.emulator.scenario.enabled=false",
		"dashboard.hosts=board.example", "spring.webflux.multipart.max-disk-usage-per-part=1MB" })
class ActionControllerTests {

	private static final String UNKNOWN = "11111111-1111-1111-1111-111111111111";

	private final JsonMapper mapper = new JsonMapper();

	@LocalServerPort
	private int port;

	@Autowired
	private RequenceEmulator emulator;

	@Autowired
	private TaskBoard board;

	private WebTestClient client;

	@BeforeEach
	void connect() {
		this.client = WebTestClient.bindToServer()
			.baseUrl("http://127.0.0.1:" + this.port)
			.defaultCookie("XSRF-TOKEN", "token")
			.defaultHeader("X-XSRF-TOKEN", "token")
			.build();
		await().until(() -> this.emulator.openStreams() > 0);
	}

	private TaskScript startOnBoard() {
		TaskScript task = this.emulator.task("invoice").start();
		await().until(() -> this.board.details(task.taskId()).isPresent());
		return task;
	}

	private WebTestClient.ResponseSpec abort(String taskId, String reason) {
		return this.client.post().uri("/api/task/abort?id={id}", taskId).bodyValue(Map.of("reason", reason)).exchange();
	}

	private WebTestClient.ResponseSpec start(MultipartBodyBuilder form) {
		return this.client.post().uri("/api/tasks").bodyValue(form.build()).exchange();
	}

	private JsonNode inputOf(String taskId) {
		await().until(() -> this.board.details(taskId).map(TaskDetails::input).isPresent());
		return this.mapper.readTree(this.board.details(taskId).orElseThrow().input().kept().json());
	}

	@Test
	void abortsATaskForAReason() {
		TaskScript task = startOnBoard();
		abort(task.taskId(), " Not wanted ").expectStatus().isOk();
		assertThat(task.hasEnded()).isTrue();
		await().untilAsserted(
				() -> assertThat(this.board.details(task.taskId()).orElseThrow().reason()).isEqualTo("Not wanted"));
	}

	@ParameterizedTest
	@ArgumentsSource(TaskIds.class)
	void asksThePlatformForTheTaskWhateverItsIdentifierIs(String id) {
		for (String action : new String[] { "abort", "protect", "again" }) {
			int before = this.emulator.requests().size();
			this.client.post()
				.uri("/api/task/" + action + "?id={id}", id)
				.bodyValue(Map.of())
				.exchange()
				.expectStatus()
				.isNotFound();
			assertThat(this.emulator.requests()).hasSize(before + 1)
				.last()
				.satisfies((request) -> assertThat(
						URLDecoder.decode(request.path().replace("+", "%2B"), StandardCharsets.UTF_8))
					.endsWith("/" + id));
		}
	}

	@Test
	void saysThatAnEndedTaskCannotBeAborted() {
		TaskScript task = startOnBoard().end("done");
		abort(task.taskId(), "").expectStatus()
			.isEqualTo(409)
			.expectBody()
			.jsonPath("$.detail")
			.value(String.class, (message) -> assertThat(message).startsWith("The platform refuses: "));
	}

	@Test
	void knowsNoOtherTask() {
		abort(UNKNOWN, "").expectStatus().isNotFound().expectBody().jsonPath("$.detail").isNotEmpty();
		this.client.post().uri("/api/task/protect?id={id}", UNKNOWN).exchange().expectStatus().isNotFound();
	}

	@Test
	void takesNoPathForATask() {
		this.client.post()
			.uri("/api/task/protect?id={id}", " ")
			.exchange()
			.expectStatus()
			.isBadRequest()
			.expectBody()
			.jsonPath("$.detail")
			.value(String.class, (text) -> assertThat(text).contains("must not be empty"));
	}

	@Test
	void protectsATask() {
		TaskScript task = startOnBoard().end("done");
		assertThat(this.board.details(task.taskId()).orElseThrow().isProtected()).isFalse();
		this.client.post().uri("/api/task/protect?id={id}", task.taskId()).exchange().expectStatus().isOk();
		assertThat(this.emulator.requests())
			.anySatisfy((request) -> assertThat(request.path()).endsWith("/task/protect/" + task.taskId()));
		assertThat(this.board.details(task.taskId()).orElseThrow().isProtected()).isTrue();
	}

	@Test
	void startsATaskWithAFile() {
		MultipartBodyBuilder form = new MultipartBodyBuilder();
		form.part("template", "invoice");
		form.part("name", "Mine");
		form.part("amount", "12.50");
		form.part("input", "{\"note\": \"urgent\"}");
		form.part("file", "a;b".getBytes(StandardCharsets.UTF_8), MediaType.parseMediaType("text/csv"))
			.filename("lines.csv");
		String answer = start(form).expectStatus().isOk().expectBody(String.class).returnResult().getResponseBody();
		String id = this.mapper.readTree(answer).path("id").asString();
		JsonNode input = inputOf(id);
		assertThat(input.at("/amount/value").decimalValue()).isEqualByComparingTo("12.5");
		assertThat(input.path("note").asString()).isEqualTo("urgent");
		assertThat(input.at("/attachment/mime").asString()).isEqualTo("text/csv");
		assertThat(this.emulator.files().content(input.at("/attachment/url").asString())).asString().isEqualTo("a;b");
		assertThat(this.board.details(id).orElseThrow().task().name()).isEqualTo("Mine");
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			template | ' '      | A task needs a template
			template | ..       | must not be empty and not be a path
			amount   | many     | amount
			input    | [1]      | no JSON object
			input    | {"a"     | no JSON object
			input    | null     | no JSON object
			""")
	void saysWhatIsWrongWithAForm(String field, String value, String message) {
		MultipartBodyBuilder form = new MultipartBodyBuilder();
		if (!field.equals("template")) {
			form.part("template", "invoice");
		}
		form.part(field, value);
		start(form).expectStatus()
			.isBadRequest()
			.expectBody()
			.jsonPath("$.detail")
			.value(String.class, (text) -> assertThat(text).contains(message));
	}

	@Test
	void saysThatAFileIsTooLarge() {
		MultipartBodyBuilder form = new MultipartBodyBuilder();
		form.part("template", "invoice");
		form.part("file", new byte[2_000_000], MediaType.IMAGE_PNG).filename("scan.png");
		start(form).expectStatus().isEqualTo(413).expectBody().jsonPath("$.detail").isEqualTo("The file is too large.");
	}

	@Test
	void saysThatThePlatformIsAway() {
		TaskScript task = startOnBoard();
		this.emulator.stop();
		try {
			abort(task.taskId(), "").expectStatus()
				.isEqualTo(503)
				.expectBody()
				.jsonPath("$.detail")
				.value(String.class, (message) -> assertThat(message).contains("did not answer"));
		}
		finally {
			this.emulator.start();
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "/api/task/abort?id={id}", "/api/task/protect?id={id}", "/api/task/again?id={id}",
			"/api/tasks/bulk", "/api/tasks" })
	void refusesOtherSites(String path) {
		TaskScript task = startOnBoard();
		String own = "http://127.0.0.1:" + this.port;
		WebTestClient other = WebTestClient.bindToServer().baseUrl(own).build();
		int before = this.emulator.requests().size();
		assertRefused(other.post().uri(path, task.taskId()));
		assertRefused(other.post().uri(path, task.taskId()).header("Origin", own));
		assertRefused(other.post().uri(path, task.taskId()).header("X-XSRF-TOKEN", "token"));
		assertRefused(other.post().uri(path, task.taskId()).cookie("XSRF-TOKEN", "token"));
		assertRefused(this.client.post().uri(path, task.taskId()).header("X-XSRF-TOKEN", "other"));
		assertRefused(this.client.post().uri(path, task.taskId()).header("Origin", "http://evil.example"));
		assertRefused(this.client.post().uri(path, task.taskId()).header("Origin", "http://127.0.0.1:1"));
		assertRefused(this.client.post().uri(path, task.taskId()).header("Origin", "null"));
		assertThat(this.emulator.requests()).hasSize(before);
		assertThat(this.emulator.status(task.taskId())).isEqualTo(EmulatedTaskStatus.RUNNING);
	}

	@ParameterizedTest
	@CsvSource({ "localhost:8080,200", "127.0.0.1:80,200", "[::1],200", "board.example:8080,200", "BOARD.example,200",
			"evil.example,421", "evil.example:8080,421", "127.0.0.1.evil.example,421", "board.example.evil,421" })
	void answersToItsOwnNames(String host, int status) {
		this.client.get().uri("/index.html").header("Host", host).exchange().expectStatus().isEqualTo(status);
	}

	private static void assertRefused(WebTestClient.RequestBodySpec request) {
		request.contentType(MediaType.APPLICATION_JSON).bodyValue("{}").exchange().expectStatus().isForbidden();
	}

	@Test
	void takesRequestsOfItsOwnPage() {
		TaskScript task = startOnBoard();
		this.client.post()
			.uri("/api/task/protect?id={id}", task.taskId())
			.header("Origin", "http://127.0.0.1:" + this.port)
			.header("Sec-Fetch-Site", "same-origin")
			.exchange()
			.expectStatus()
			.isOk();
	}

}
