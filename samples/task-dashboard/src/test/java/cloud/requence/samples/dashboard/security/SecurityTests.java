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

package cloud.requence.samples.dashboard.security;

import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

import cloud.requence.emulator.RequenceEmulator;
import cloud.requence.emulator.TaskScript;
import cloud.requence.samples.dashboard.TaskDashboardApplication;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseCookie;
import org.springframework.test.web.reactive.server.EntityExchangeResult;
import org.springframework.test.web.reactive.server.WebTestClient;
import org.springframework.web.reactive.function.BodyInserters;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatException;
import static org.awaitility.Awaitility.await;

/**
 * Tests for {@link SecurityConfiguration} over HTTP.
 */
@ExtendWith(OutputCaptureExtension.class)
class SecurityTests {

	private static final String SESSION = "TASK_DASHBOARD_SESSION";

	private static RequenceEmulator emulator;

	// By their settings: tests with the same ones share a board
	private static final Map<List<String>, ConfigurableApplicationContext> boards = new HashMap<>();

	private ConfigurableApplicationContext board;

	private WebTestClient client;

	@BeforeAll
	static void startPlatform() {
		emulator = RequenceEmulator.builder().build().start();
	}

	@AfterAll
	static void closeAll() {
		boards.values().forEach(ConfigurableApplicationContext::close);
		boards.clear();
		emulator.close();
	}

	private void run(String... arguments) {
		this.board = boards.computeIfAbsent(List.of(arguments),
				(key) -> new SpringApplicationBuilder(TaskDashboardApplication.class)
					.properties("dashboard.emulator.scenario.enabled=false")
					.run(arguments));
		this.client = WebTestClient.bindToServer().baseUrl("http://127.0.0.1:" + port()).build();
	}

	private void watchPlatform(String... arguments) {
		List<String> all = new ArrayList<>(List.of("--requence.task.access-token=" + emulator.accessToken(),
				"--dashboard.security.users.anna.password={noop}secret-a",
				"--dashboard.security.users.anna.role=operator",
				"--dashboard.security.users.ben.password={noop}secret-b",
				"--management.endpoint.requencetask.access=unrestricted"));
		all.addAll(List.of(arguments));
		run(all.toArray(new String[0]));
		await().until(() -> emulator.openStreams() > 0);
	}

	private int port() {
		return ((WebServerApplicationContext) this.board).getWebServer().getPort();
	}

	private WebTestClient as(String name, String password) {
		return this.client.mutate()
			.defaultHeaders((headers) -> headers.setBasicAuth(name, password))
			.defaultCookie("XSRF-TOKEN", "token")
			.defaultHeader("X-XSRF-TOKEN", "token")
			.build();
	}

	private WebTestClient operator() {
		return as("anna", "secret-a");
	}

	private WebTestClient viewer() {
		return as("ben", "secret-b");
	}

	private static HttpStatus get(WebTestClient client, String path) {
		return HttpStatus.valueOf(client.get().uri(path).exchange().returnResult(Void.class).getStatus().value());
	}

	private static HttpStatus abort(WebTestClient client, String taskId) {
		return HttpStatus.valueOf(client.post()
			.uri("/api/task/abort?id={id}", taskId)
			.bodyValue(Map.of("reason", "test"))
			.exchange()
			.returnResult(Void.class)
			.getStatus()
			.value());
	}

	/**
	 * Send a request byte by byte as given, which clients would tidy up.
	 * @return the response
	 */
	private String raw(String request, String... headers) throws IOException {
		String body = "{\"reason\":\"x\",\"action\":\"stop\"}";
		String head = request + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
				+ "Content-Type: application/json\r\nContent-Length: " + body.length() + "\r\n"
				+ String.join("", List.of(headers).stream().map((header) -> header + "\r\n").toList()) + "\r\n";
		try (Socket socket = new Socket("127.0.0.1", port())) {
			socket.getOutputStream().write((head + body).getBytes(StandardCharsets.ISO_8859_1));
			return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
		}
	}

	@Nested
	class OnThisMachine {

		private RequenceEmulator inside;

		private TaskScript task;

		@BeforeEach
		void start() {
			run("--management.endpoint.requencetask.access=unrestricted");
			this.inside = SecurityTests.this.board.getBean(RequenceEmulator.class);
			await().until(() -> this.inside.openStreams() > 0);
			this.task = this.inside.task("invoice").start();
		}

		@Test
		void needsNoLogin() {
			assertThat(get(SecurityTests.this.client, "/")).isEqualTo(HttpStatus.OK);
			SecurityTests.this.client.get()
				.uri("/api/session")
				.exchange()
				.expectBody()
				.json("{\"user\": null, \"operator\": true}");
			assertThat(abort(SecurityTests.this.client.mutate()
				.defaultCookie("XSRF-TOKEN", "token")
				.defaultHeader("X-XSRF-TOKEN", "token")
				.build(), this.task.taskId())).isEqualTo(HttpStatus.OK);
			assertThat(this.task.hasEnded()).isTrue();
		}

		@Test
		void refusesRequestsWithoutItsToken() throws IOException {
			int before = this.inside.requests().size();
			for (String path : new String[] { "/api/task/abort?id=ID", "/%61pi/task/abort?id=ID",
					"/api;x=1/task/abort?id=ID", "/api/task;x=1/abort?id=ID", "/api/%74ask/abort?id=ID",
					"//api/task/abort?id=ID", "/x/../api/task/abort?id=ID", "/%2e/api/task/abort?id=ID",
					"/api/task/abort;x?id=ID", "/api/task/%61bort?id=ID", "/api/task/protect?id=ID",
					"/API/task/abort?id=ID", "/api%2Ftask/abort?id=ID", "/actuator/requencetask",
					"/%61ctuator/requencetask", "http://localhost/api/task/abort?id=ID", "/css/../api/task/abort?id=ID",
					"/css/x", "/login" }) {
				for (String method : new String[] { "POST", "PUT", "DELETE", "PATCH" }) {
					String request = method + " " + path.replace("ID", this.task.taskId());
					assertThat(raw(request)).as(request).matches("(?s)HTTP/1\\.1 (400|403) .*");
					assertThat(raw(request, "Cookie: XSRF-TOKEN=token")).as(request)
						.matches("(?s)HTTP/1\\.1 (400|403) .*");
				}
			}
			assertThat(this.task.hasEnded()).isFalse();
			assertThat(this.inside.requests()).hasSize(before);
		}

		@Test
		void takesItsTokenFromTheHeaderOnly() {
			SecurityTests.this.client.post()
				.uri("/api/tasks?_csrf=token")
				.cookie("XSRF-TOKEN", "token")
				.body(BodyInserters.fromMultipartData("_csrf", "token").with("template", "invoice"))
				.exchange()
				.expectStatus()
				.isForbidden()
				.expectBody()
				.jsonPath("$.detail")
				.isNotEmpty();
		}

		@Test
		void refusesOtherSitesThatKnowTheToken() throws IOException {
			String path = "POST /api/task/abort?id=" + this.task.taskId();
			for (String origin : new String[] { "http://evil.example", "http://localhost:1", "null",
					"https://localhost" }) {
				assertThat(raw(path, "Cookie: XSRF-TOKEN=token", "X-XSRF-TOKEN: token", "Origin: " + origin))
					.startsWith("HTTP/1.1 403 ");
			}
			assertThat(this.task.hasEnded()).isFalse();
		}

		@Test
		void givesThePageItsToken() {
			ResponseCookie token = SecurityTests.this.client.get()
				.uri("/")
				.exchange()
				.returnResult(Void.class)
				.getResponseCookies()
				.getFirst("XSRF-TOKEN");
			assertThat(token).isNotNull();
			assertThat(token.isHttpOnly()).isFalse();
			assertThat(token.getSameSite()).isEqualTo("Strict");
		}

		@Test
		void logsActionsInOneLine(CapturedOutput output) {
			SecurityTests.this.client.post()
				.uri("/api/tasks")
				.cookie("XSRF-TOKEN", "token")
				.header("X-XSRF-TOKEN", "token")
				.header("X-Forwarded-For", "203.0.113.9")
				.body(BodyInserters.fromMultipartData("template", "a\nINFO forged\u001B[31m\u2028b"))
				.exchange()
				.expectBody()
				.returnResult();
			assertThat(output).contains(
					"Start of a task from template a?INFO forged?[31m?b by a user without login" + " from 127.0.0.1");
			assertThat(output).doesNotContain("203.0.113.9");
		}

	}

	@Nested
	class WithUsers {

		@Test
		void demandsALogin() {
			watchPlatform();
			for (String path : new String[] { "/api/board", "/api/task?id=x", "/api/session", "/actuator",
					"/actuator/prometheus", "/actuator/requencetask", "/", "/index.html",
					"/webjars/uplot/dist/uPlot.esm.js" }) {
				HttpHeaders headers = SecurityTests.this.client.get()
					.uri(path)
					.exchange()
					.expectStatus()
					.isUnauthorized()
					.returnResult(Void.class)
					.getResponseHeaders();
				// A browser would store the password and add it to requests of other
				// sites
				assertThat(headers.containsHeader("WWW-Authenticate")).isFalse();
			}
			TaskScript task = emulator.task("invoice").start();
			assertThat(abort(as("anna", "wrong"), task.taskId())).isEqualTo(HttpStatus.UNAUTHORIZED);
			assertThat(abort(as("unknown", "secret-a"), task.taskId())).isEqualTo(HttpStatus.UNAUTHORIZED);
			assertThat(get(viewer(), "/actuator/prometheus")).isEqualTo(HttpStatus.OK);
		}

		@Test
		void leadsPagesToTheLogin() {
			watchPlatform();
			SecurityTests.this.client.get()
				.uri("/?task=7")
				.accept(MediaType.TEXT_HTML)
				.exchange()
				.expectStatus()
				.isFound()
				.expectHeader()
				.location("/login");
			assertThat(get(SecurityTests.this.client, "/login")).isEqualTo(HttpStatus.OK);
			assertThat(get(SecurityTests.this.client, "/js/login.js")).isEqualTo(HttpStatus.OK);
		}

		@Test
		void tellsHealthWithoutDetails() {
			watchPlatform();
			SecurityTests.this.client.get()
				.uri("/actuator/health")
				.exchange()
				.expectStatus()
				.isOk()
				.expectBody()
				.jsonPath("$.components")
				.doesNotExist();
			viewer().get().uri("/actuator/health").exchange().expectBody().jsonPath("$.components").exists();
		}

		@Test
		void letsViewersOnlyLook(CapturedOutput output) throws IOException {
			watchPlatform();
			TaskScript task = emulator.task("invoice").start();
			await().until(() -> get(viewer(), "/api/task?id=" + task.taskId()) == HttpStatus.OK);
			viewer().get().uri("/api/session").exchange().expectBody().json("{\"user\": \"ben\", \"operator\": false}");
			assertThat(abort(viewer(), task.taskId())).isEqualTo(HttpStatus.FORBIDDEN);
			String basic = "Authorization: Basic " + HttpHeaders.encodeBasicAuth("ben", "secret-b", null);
			for (String path : new String[] { "/api/tasks", "/api/task/protect?id=x", "/%61pi/task/protect?id=x",
					"/actuator/requencetask", "/actuator/requencetask/requenceTaskWatcher" }) {
				assertThat(raw("POST " + path, basic, "Cookie: XSRF-TOKEN=token", "X-XSRF-TOKEN: token"))
					.startsWith("HTTP/1.1 403 ");
			}
			assertThat(task.hasEnded()).isFalse();
			assertThat(output).contains("POST /api/task/protect?id=x refused: user 'ben' from 127.0.0.1");
		}

		@Test
		void letsOperatorsActAndLogsThem(CapturedOutput output) {
			watchPlatform();
			TaskScript task = emulator.task("invoice").start();
			assertThat(abort(operator(), task.taskId())).isEqualTo(HttpStatus.OK);
			assertThat(task.hasEnded()).isTrue();
			assertThat(output).contains("Abort of task " + task.taskId() + " by user 'anna' from 127.0.0.1");
		}

		@Test
		void letsViewersRepeatNothingAndActOnNothing(CapturedOutput output) throws IOException {
			watchPlatform();
			TaskScript task = startedWith("a");
			int before = SecurityTests.emulator.requests().size();
			for (Map<String, ?> bulk : bulks(task)) {
				assertThat(post(viewer(), "/api/tasks/bulk", bulk)).isEqualTo(HttpStatus.FORBIDDEN);
				assertThat(post(as("anna", "wrong"), "/api/tasks/bulk", bulk)).isEqualTo(HttpStatus.UNAUTHORIZED);
			}
			String again = "/api/task/again?id=" + task.taskId();
			assertThat(post(viewer(), again, Map.of())).isEqualTo(HttpStatus.FORBIDDEN);
			assertThat(post(SecurityTests.this.client, again, Map.of())).isEqualTo(HttpStatus.FORBIDDEN);
			String basic = "Authorization: Basic " + HttpHeaders.encodeBasicAuth("ben", "secret-b", null);
			for (String path : new String[] { "/api/tasks/%62ulk", "/%61pi/tasks/bulk", "/api/task/%61gain?id=x" }) {
				assertThat(raw("POST " + path, basic, "Cookie: XSRF-TOKEN=token", "X-XSRF-TOKEN: token"))
					.startsWith("HTTP/1.1 403 ");
			}
			assertThat(SecurityTests.emulator.requests()).hasSize(before);
			assertThat(task.hasEnded()).isFalse();
			assertThat(output).contains("POST /api/tasks/bulk refused: user 'ben' from 127.0.0.1 is not an operator")
				.contains("POST " + again + " refused: user 'ben' from 127.0.0.1 is not an operator");
		}

		@Test
		void logsWhoHasDoneWhatAndNoPayload(CapturedOutput output) {
			watchPlatform();
			TaskScript task = startedWith("never-in-the-log");
			assertThat(post(operator(), "/api/task/again?id=" + task.taskId(), Map.of())).isEqualTo(HttpStatus.OK);
			for (Map<String, ?> bulk : bulks(task)) {
				assertThat(post(operator(), "/api/tasks/bulk", bulk)).isEqualTo(HttpStatus.OK);
			}
			assertThat(task.hasEnded()).isTrue();
			assertThat(post(operator(), "/api/task/again?id=unknown", Map.of("input", "never-in-the-log")))
				.isEqualTo(HttpStatus.NOT_FOUND);
			assertThat(post(operator(), "/api/tasks/bulk", Map.of("action", "never-in-the-log", "ids", List.of("x"))))
				.isEqualTo(HttpStatus.BAD_REQUEST);
			for (String input : new String[] { "{\"note\": \"never-in-the-log\"}", "never-in-the-log" }) {
				operator().post()
					.uri("/api/tasks")
					.body(BodyInserters.fromMultipartData("template", "invoice").with("input", input))
					.exchange()
					.returnResult(Void.class);
			}
			String who = " by user 'anna' from 127.0.0.1";
			assertThat(output).contains("Repetition of task " + task.taskId() + who + ": ")
				.contains("Protection of task " + task.taskId() + who)
				.contains("Abort of task " + task.taskId() + who)
				.contains("Repetition of task unknown" + who + " failed: ")
				.contains("Start of a task from template invoice" + who + ": ")
				.contains("Start of a task from template invoice" + who + " failed: ")
				.doesNotContain("never-in-the-log");
		}

		private TaskScript startedWith(String input) {
			TaskScript task = SecurityTests.emulator.task("invoice").input(Map.of("note", input)).start();
			await().until(() -> get(viewer(), "/api/task?id=" + task.taskId()) == HttpStatus.OK);
			return task;
		}

		private static List<Map<String, ?>> bulks(TaskScript task) {
			List<String> ids = List.of(task.taskId());
			return List.of(Map.of("action", "abort", "ids", ids), Map.of("action", "protect", "ids", ids, "confirm", 1),
					Map.of("action", "abort", "ids", ids, "reason", "never-in-the-log", "confirm", 1));
		}

		private static HttpStatus post(WebTestClient client, String path, Map<String, ?> body) {
			return HttpStatus.valueOf(
					client.post().uri(path).bodyValue(body).exchange().returnResult(Void.class).getStatus().value());
		}

		@Test
		void trustsForwardedHeadersIfToldSo(CapturedOutput output) throws IOException {
			watchPlatform("--server.forward-headers-strategy=framework");
			String basic = "Authorization: Basic " + HttpHeaders.encodeBasicAuth("anna", "secret-a", null);
			raw("POST /api/task/protect?id=x", basic, "Cookie: XSRF-TOKEN=token", "X-XSRF-TOKEN: token",
					"X-Forwarded-For: 203.0.113.9");
			await().untilAsserted(
					() -> assertThat(output).contains("Protection of task x by user 'anna' from 203.0.113.9"));
		}

		@Test
		void setsSecureCookiesBehindAProxyWithHttps() {
			watchPlatform("--server.forward-headers-strategy=framework");
			assertThat(tokenCookie("https").isSecure()).isTrue();
			assertThat(tokenCookie("http").isSecure()).isFalse();
		}

		private ResponseCookie tokenCookie(String scheme) {
			return Objects.requireNonNull(withSession("none").get()
				.uri("/login")
				.header("X-Forwarded-Proto", scheme)
				.exchange()
				.returnResult(Void.class)
				.getResponseCookies()
				.getFirst("XSRF-TOKEN"));
		}

		@Test
		void givesEachLoginAnotherSession() {
			watchPlatform();
			String first = signIn("planted");
			assertThat(first).isNotEqualTo("planted");
			String second = signIn(first);
			assertThat(second).isNotEqualTo(first);
			assertThat(get(withSession(first), "/api/session")).isEqualTo(HttpStatus.UNAUTHORIZED);
			assertThat(get(withSession(second), "/api/session")).isEqualTo(HttpStatus.OK);
		}

		@Test
		void endsTheStreamOfABrowserThatSignsOut() {
			watchPlatform();
			String session = signIn("none");
			List<String> received = new ArrayList<>();
			Thread reader = new Thread(() -> withSession(session).mutate()
				.responseTimeout(Duration.ofMinutes(1))
				.build()
				.get()
				.uri("/api/board")
				.exchange()
				.returnResult(String.class)
				.getResponseBody()
				.doOnNext((message) -> {
					synchronized (received) {
						received.add(message);
					}
				})
				.blockLast());
			reader.start();
			await().until(() -> {
				synchronized (received) {
					return !received.isEmpty();
				}
			});
			withSession(session).post()
				.uri("/logout")
				.cookie("XSRF-TOKEN", "token")
				.header("X-XSRF-TOKEN", "token")
				.exchange()
				.expectStatus()
				.isOk()
				.expectBody()
				.json("{\"location\": \"/login?left\"}");
			await().until(() -> !reader.isAlive());
			assertThat(get(withSession(session), "/api/session")).isEqualTo(HttpStatus.UNAUTHORIZED);
		}

		@Test
		void refusesALoginWithoutItsToken() {
			watchPlatform();
			SecurityTests.this.client.post()
				.uri("/login")
				.body(BodyInserters.fromFormData("username", "anna").with("password", "secret-a"))
				.exchange()
				.expectStatus()
				.isForbidden();
		}

		private WebTestClient withSession(String session) {
			return SecurityTests.this.client.mutate().defaultCookie(SESSION, session).build();
		}

		private String signIn(String session) {
			EntityExchangeResult<Void> result = SecurityTests.this.client.post()
				.uri("/login")
				.cookie(SESSION, session)
				.cookie("XSRF-TOKEN", "token")
				.header("X-XSRF-TOKEN", "token")
				.body(BodyInserters.fromFormData("username", "anna").with("password", "secret-a"))
				.exchange()
				.expectStatus()
				.isFound()
				.expectBody(Void.class)
				.returnResult();
			ResponseCookie cookie = result.getResponseCookies().getFirst(SESSION);
			assertThat(cookie).isNotNull();
			assertThat(cookie.isHttpOnly()).isTrue();
			assertThat(cookie.getSameSite()).isEqualToIgnoringCase("lax");
			return cookie.getValue();
		}

	}

	@Nested
	class OnOtherAddresses {

		@Test
		void doesNotStartWithoutUsersInFrontOfAPlatform(CapturedOutput output) {
			String token = "--requence.task.access-token=" + emulator.accessToken();
			assertThatException().isThrownBy(() -> run(token, "--server.address=0.0.0.0"))
				.havingRootCause()
				.isInstanceOf(MissingUsersException.class);
			assertThat(output).contains("server.address is not a loopback address")
				.contains("dashboard.security.users.<name>.password");
		}

		@Test
		void givesTheDemoAPassword(CapturedOutput output) {
			run("--server.address=0.0.0.0");
			assertThat(get(SecurityTests.this.client, "/api/session")).isEqualTo(HttpStatus.UNAUTHORIZED);
			String password = output.getOut().replaceAll("(?s).*generated password (\\S+).*", "$1");
			as("user", password).get()
				.uri("/api/session")
				.exchange()
				.expectBody()
				.json("{\"user\": \"user\", \"operator\": true}");
		}

		@Test
		void takesTheUserOfSpringBoot() {
			run("--server.address=0.0.0.0", "--spring.security.user.name=carla",
					"--spring.security.user.password=secret-c", "--spring.security.user.roles=viewer");
			as("carla", "secret-c").get()
				.uri("/api/session")
				.exchange()
				.expectBody()
				.json("{\"user\": \"carla\", \"operator\": false}");
		}

		@Test
		void canDoWithoutALoginIfToldSo(CapturedOutput output) {
			run("--server.address=0.0.0.0", "--dashboard.security.login=never");
			assertThat(get(SecurityTests.this.client, "/api/session")).isEqualTo(HttpStatus.OK);
			assertThat(output).contains("Everyone who can reach the board may use it");
		}

	}

}
