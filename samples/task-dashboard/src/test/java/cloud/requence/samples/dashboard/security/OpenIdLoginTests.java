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

import java.net.CookieManager;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import cloud.requence.emulator.RequenceEmulator;
import cloud.requence.emulator.TaskScript;
import cloud.requence.samples.dashboard.support.OpenIdProvider;
import cloud.requence.samples.dashboard.support.RunningDashboard;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.security.core.GrantedAuthority;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatException;

/**
 * Tests for {@link OpenIdLogin} with a provider.
 */
@ExtendWith(OutputCaptureExtension.class)
class OpenIdLoginTests {

	private static RequenceEmulator platform;

	private static OpenIdProvider provider;

	// By their settings: tests with the same ones share a board
	private static final Map<List<String>, RunningDashboard> boards = new HashMap<>();

	private RunningDashboard board;

	private HttpClient browser;

	@BeforeAll
	static void startProvider() throws Exception {
		platform = RequenceEmulator.builder().build().start();
		provider = OpenIdProvider.start();
	}

	@AfterAll
	static void closeAll() {
		boards.values().forEach(RunningDashboard::close);
		boards.clear();
		provider.close();
		platform.close();
	}

	@BeforeEach
	void forgetUsers() {
		provider.reset();
		forgetCookies();
	}

	private void forgetCookies() {
		this.browser = HttpClient.newBuilder()
			.cookieHandler(new CookieManager())
			.followRedirects(HttpClient.Redirect.ALWAYS)
			.build();
	}

	private void run(String... arguments) {
		List<String> all = new ArrayList<>(provider.arguments());
		all.addAll(List.of(arguments));
		this.board = boards.computeIfAbsent(all, (key) -> RunningDashboard.start(platform, key.toArray(new String[0])));
	}

	private HttpResponse<String> get(String path) throws Exception {
		return get(this.board.address(path));
	}

	private HttpResponse<String> get(URI address) throws Exception {
		return this.browser.send(HttpRequest.newBuilder(address).header("Accept", "text/html,*/*").build(),
				HttpResponse.BodyHandlers.ofString());
	}

	private HttpResponse<String> post(String path) throws Exception {
		URI address = this.board.address(path);
		CookieManager cookies = (CookieManager) this.browser.cookieHandler().orElseThrow();
		String token = cookies.getCookieStore()
			.get(address)
			.stream()
			.filter((cookie) -> cookie.getName().equals("XSRF-TOKEN"))
			.findFirst()
			.orElseThrow()
			.getValue();
		return this.browser.send(HttpRequest.newBuilder(address)
			.header("X-XSRF-TOKEN", token)
			.POST(HttpRequest.BodyPublishers.noBody())
			.build(), HttpResponse.BodyHandlers.ofString());
	}

	@Test
	void signsInAndReturnsToThePageThatWasAskedFor() throws Exception {
		run();
		provider.user("anna", Map.of("roles", List.of("dashboard-operator", "other")));
		HttpResponse<String> page = get("/?kiosk&task=7");
		assertThat(page.statusCode()).isEqualTo(200);
		assertThat(page.uri().getPath() + "?" + page.uri().getQuery()).isEqualTo("/?kiosk&task=7");
		assertThat(page.body()).contains("watcher-state");
		assertThat(this.board.parse(get("/api/session").body()))
			.isEqualTo(this.board.parse("{\"user\": \"anna\", \"operator\": true}"));
		TaskScript task = platform.task("invoice").start();
		assertThat(post("/api/task/protect?id=" + task.taskId()).statusCode()).isEqualTo(200);
	}

	@Test
	void theClaimDecides(CapturedOutput output) throws Exception {
		run("--dashboard.security.oidc.role-claim=realm_access.roles", "--dashboard.security.oidc.viewers=staff");
		provider.user("ben", Map.of("realm_access", Map.of("roles", List.of("staff"))));
		get("/");
		assertThat(this.board.parse(get("/api/session").body()))
			.isEqualTo(this.board.parse("{\"user\": \"ben\", \"operator\": false}"));
		assertThat(post("/api/task/protect?id=7").statusCode()).isEqualTo(403);
		assertThat(output).contains("POST /api/task/protect?id=7 refused: user 'ben' from 127.0.0.1");
	}

	@Test
	void refusesUsersWithoutARoleAndSaysWhy(CapturedOutput output) throws Exception {
		run();
		provider.user("eve\nforged", Map.of("roles", List.of("ROLE_OPERATOR", "operator", "SCOPE_openid")));
		HttpResponse<String> page = get("/");
		assertThat(page.statusCode()).isEqualTo(200);
		assertThat(page.uri().getPath() + "?" + page.uri().getQuery()).isEqualTo("/login?refused=role");
		HttpResponse<String> session = get("/api/session");
		assertThat(session.uri().getPath()).isEqualTo("/login");
		assertThat(this.board.get("/js/login.js").body()).contains("Your account has no role for this board");
		assertThat(output).contains("Login as 'eve?forged' refused: a user without login from 127.0.0.1 (has no role");
	}

	@Test
	void refusesTokensThatTheProviderHasNotSigned(CapturedOutput output) throws Exception {
		run();
		provider.user("anna", Map.of("roles", List.of("dashboard-operator")));
		provider.forge();
		assertThat(get("/").uri().getQuery()).isEqualTo("refused=provider");
		assertThat(output).contains("Login through the provider refused: a user without login from 127.0.0.1 (");
		assertThat(this.board.get("/api/session").statusCode()).isEqualTo(401);
	}

	@Test
	void saysThatTheProviderDoesNotAnswer() throws Exception {
		run();
		provider.breakTokens();
		assertThat(get("/").uri().getQuery()).isEqualTo("refused=provider");
		URI away = URI.create(this.board.address("/login/oauth2/code/keycloak") + "?state=a&code=b");
		assertThat(get(away).uri().getQuery()).isEqualTo("refused=provider");
	}

	@Test
	void takesNoLoginOfAnotherBrowser() throws Exception {
		run();
		provider.user("anna", Map.of("roles", List.of("dashboard-operator")));
		HttpClient first = HttpClient.newBuilder().cookieHandler(new CookieManager()).build();
		URI authorize = location(first, this.board.address("/oauth2/authorization/keycloak"));
		URI callback = location(first, authorize);
		assertThat(get(callback).uri().getQuery()).isEqualTo("refused=provider");
		assertThat(location(first, callback).getPath()).isEqualTo("/");
	}

	@Test
	void finishesALoginHoweverManyOthersBegin() throws Exception {
		run();
		provider.user("anna", Map.of("roles", List.of("dashboard-operator")));
		forgetRedirects();
		URI authorize = location(this.browser, this.board.address("/oauth2/authorization/keycloak"));
		begin(5100);
		assertThat(location(this.browser, location(this.browser, authorize)).getPath()).isEqualTo("/");
		assertThat(get("/api/session").body()).contains("\"anna\"");
	}

	/**
	 * Begin logins of other browsers.
	 */
	private void begin(int logins) throws Exception {
		HttpClient others = HttpClient.newHttpClient();
		HttpRequest request = HttpRequest.newBuilder(this.board.address("/oauth2/authorization/keycloak")).build();
		for (int i = 0; i < logins; i += 100) {
			CompletableFuture
				.allOf(IntStream.range(0, 100)
					.mapToObj((number) -> others.sendAsync(request, HttpResponse.BodyHandlers.discarding()))
					.toArray(CompletableFuture[]::new))
				.join();
		}
	}

	@Test
	void finishesLoginsOfSeveralTabsAndForgetsTheOldest() throws Exception {
		run();
		provider.user("anna", Map.of("roles", List.of("dashboard-operator")));
		forgetRedirects();
		List<URI> callbacks = new ArrayList<>();
		for (int i = 0; i <= OpenIdRequests.LOGINS; i++) {
			URI authorize = location(this.browser, this.board.address("/oauth2/authorization/keycloak"));
			callbacks.add(location(this.browser, authorize));
		}
		assertThat(location(this.browser, callbacks.get(0)).toString()).endsWith("/login?refused=provider");
		for (URI callback : callbacks.subList(1, callbacks.size())) {
			assertThat(location(this.browser, callback).getPath()).isEqualTo("/");
			// A login ends once
			assertThat(location(this.browser, callback).toString()).endsWith("/login?refused=provider");
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "x", "AAAAAAAAAAAAAAAAAAAAAA", "===", "YQ",
			"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA" })
	void isNotIrritatedByCookiesOfOthers(String value) throws Exception {
		run();
		String cookies = IntStream.range(0, OpenIdRequests.LOGINS)
			.mapToObj((place) -> OpenIdRequests.COOKIE + place + "=" + value)
			.collect(Collectors.joining("; "));
		for (String path : new String[] { "/oauth2/authorization/keycloak",
				"/login/oauth2/code/keycloak?state=a&code=b" }) {
			HttpResponse<Void> response = HttpClient.newHttpClient()
				.send(HttpRequest.newBuilder(this.board.address(path)).header("Cookie", cookies).build(),
						HttpResponse.BodyHandlers.discarding());
			assertThat(response.statusCode()).isEqualTo(302);
		}
	}

	private void forgetRedirects() {
		this.browser = HttpClient.newBuilder().cookieHandler(new CookieManager()).build();
	}

	private static URI location(HttpClient client, URI address) throws Exception {
		return address
			.resolve(client.send(HttpRequest.newBuilder(address).build(), HttpResponse.BodyHandlers.discarding())
				.headers()
				.firstValue("Location")
				.orElseThrow());
	}

	@Test
	void loginsThatBeginTakeNoSessions() throws Exception {
		run();
		HttpResponse<Void> response = HttpClient.newHttpClient()
			.send(HttpRequest.newBuilder(this.board.address("/oauth2/authorization/keycloak")).build(),
					HttpResponse.BodyHandlers.discarding());
		assertThat(response.statusCode()).isEqualTo(302);
		assertThat(response.headers().allValues("Set-Cookie"))
			.noneMatch((cookie) -> cookie.startsWith("TASK_DASHBOARD_SESSION"))
			.anyMatch((cookie) -> cookie.startsWith("TASK_DASHBOARD_LOGIN") && cookie.contains("HTTPOnly")
					&& cookie.contains("SameSite=Lax"));
	}

	@Test
	void answersScriptsWithAProblem() throws Exception {
		run();
		for (String path : new String[] { "/api/board", "/api/session", "/actuator/prometheus" }) {
			HttpResponse<String> response = this.board.get(path);
			assertThat(response.statusCode()).as(path).isEqualTo(401);
			assertThat(response.headers().firstValue("Content-Type")).contains("application/problem+json");
			assertThat(this.board.parse(response.body()).path("detail").asString()).isEqualTo("Please sign in.");
		}
	}

	@Test
	void endsTheSessionOfTheProviderAsWell() throws Exception {
		run();
		provider.user("anna", Map.of("roles", List.of("dashboard-operator")));
		get("/");
		HttpResponse<String> answer = post("/logout");
		assertThat(answer.statusCode()).isEqualTo(200);
		HttpResponse<String> page = get(URI.create(this.board.parse(answer.body()).path("location").asString()));
		assertThat(page.uri().getPath() + "?" + page.uri().getQuery()).isEqualTo("/login?left");
		assertThat(provider.signedOut()).containsExactly(this.board.address("/login?left").toString());
		assertThat(this.board.get("/api/session").statusCode()).isEqualTo(401);
	}

	@Test
	void canBeUsedBesideUsersOfItsOwn() throws Exception {
		run("--dashboard.security.users.carla.password={noop}secret-c");
		assertThat(get("/").uri().getPath()).isEqualTo("/login");
		assertThat(this.board.parse(get("/api/login").body())).isEqualTo(this.board
			.parse("""
					{"password": true, "providers": [{"name": "Example", "address": "/oauth2/authorization/keycloak"}]}"""));
		provider.user("anna", Map.of("roles", "dashboard-viewer"));
		get("/oauth2/authorization/keycloak");
		assertThat(get("/api/session").body()).contains("\"anna\"");
	}

	@Test
	void needsTheScopeOfOpenId() {
		assertThatException()
			.isThrownBy(() -> run("--spring.security.oauth2.client.registration.github.client-id=board",
					"--spring.security.oauth2.client.registration.github.client-secret=secret"))
			.havingRootCause()
			.withMessageContaining("spring.security.oauth2.client.registration.github.scope must contain openid");
	}

	static List<Arguments> claims() {
		List<String> viewer = List.of("ROLE_VIEWER");
		List<String> operator = List.of("ROLE_VIEWER", "ROLE_OPERATOR");
		return List.of(Arguments.of(Map.of("a.b", List.of("run")), operator),
				Arguments.of(Map.of("a.b", List.of("look", "run", "run")), operator),
				Arguments.of(Map.of("a.b", List.of("look", 7)), viewer), Arguments.of(Map.of("a.b", "look"), viewer),
				Arguments.of(Map.of("a", Map.of("b", List.of("see"))), viewer),
				Arguments.of(Map.of("a.b", List.of(), "a", Map.of("b", "look")), List.of()),
				Arguments.of(Map.of("a.b", "looking"), List.of()), Arguments.of(Map.of("a", "look"), List.of()),
				Arguments.of(Map.of("a.b", Map.of("look", "look")), List.of()), Arguments.of(Map.of(), List.of()));
	}

	@ParameterizedTest
	@MethodSource("claims")
	void rolesFollowFromTheClaim(Map<String, Object> claims, List<String> expected) {
		OpenIdLogin login = new OpenIdLogin(new AccessProperties.Oidc("a.b", Set.of("look", "see"), Set.of("run")),
				null);
		assertThat(login.roles(claims)).extracting(GrantedAuthority::getAuthority).containsExactlyElementsOf(expected);
	}

}
