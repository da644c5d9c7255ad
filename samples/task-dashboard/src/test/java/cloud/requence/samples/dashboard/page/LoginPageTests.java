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

package cloud.requence.samples.dashboard.page;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Map;

import cloud.requence.emulator.RecordedRequest;
import cloud.requence.emulator.TaskScript;
import cloud.requence.samples.dashboard.board.TaskBoard;
import cloud.requence.samples.dashboard.support.Browser;
import cloud.requence.samples.dashboard.support.RunningDashboard;
import cloud.requence.samples.dashboard.support.SharedFixtures;
import com.sun.net.httpserver.HttpServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.openqa.selenium.Keys;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatException;
import static org.awaitility.Awaitility.await;

/**
 * Tests in a browser for what users and other sites may do.
 */
@ExtendWith(OutputCaptureExtension.class)
class LoginPageTests {

	/**
	 * Tries to start, protect and abort tasks in all the ways that a page has.
	 */
	private static final String FOREIGN_PAGE = """
			<!DOCTYPE html><title>foreign</title><iframe name="target"></iframe><script>
			const board = 'BOARD', task = 'TASK';
			document.cookie = 'XSRF-TOKEN=token; path=/';
			const form = () => { const data = new FormData(); data.set('template', 'stolen'); data.set('_csrf', 'token'); return data; };
			const tries = [];
			for (const path of ['/api/tasks', '/%61pi/tasks', '/api;x=1/tasks', '//api/tasks', '/api/tasks?_csrf=token',
					`/api/task/protect?id=${task}`, `/%61pi/task/protect?id=${task}`, `/api/task/abort?id=${task}`]) {
				tries.push(fetch(board + path, { method: 'POST', mode: 'no-cors', credentials: 'include', body: form() }));
				tries.push(fetch(board + path, { method: 'POST', mode: 'no-cors', credentials: 'include', body: '{}' }));
				tries.push(fetch(board + path, { method: 'POST', credentials: 'include', body: '{}',
					headers: { 'X-XSRF-TOKEN': 'token', 'Content-Type': 'application/json' } }));
				navigator.sendBeacon(board + path, form());
				const element = document.createElement('form');
				Object.assign(element, { action: board + path, method: 'post', enctype: 'multipart/form-data', target: 'target' });
				element.innerHTML = '<input name="template" value="stolen"><input name="_csrf" value="token">';
				document.documentElement.append(element);
				element.submit();
			}
			Promise.allSettled(tries).then(() => document.title = 'tried');
			</script>""";

	private static Browser browser;

	private RunningDashboard dashboard;

	private TaskScript task;

	@BeforeAll
	static void startBrowser() throws IOException {
		browser = SharedFixtures.browser();
	}

	@BeforeEach
	void forgetUsers() {
		browser.clearCookies();
		browser.usualSize();
		browser.colorScheme("light");
	}

	@AfterEach
	void leave() {
		browser.open("about:blank");
		browser.forgetErrors();
	}

	private void run(String... arguments) {
		this.dashboard = SharedFixtures.dashboard(arguments);
		this.task = this.dashboard.platform().task("invoice").name("Invoice 7").input(Map.of("amount", 12)).start();
		await().until(() -> this.dashboard.bean(TaskBoard.class).details(this.task.taskId()).isPresent());
	}

	private void runWithUsers() {
		run("--dashboard.security.users.anna.password=secret-a", "--dashboard.security.users.anna.role=operator",
				"--dashboard.security.users.ben.password=secret-b");
	}

	private String address() {
		return this.dashboard.address("").toString();
	}

	private void signIn(String name, String password) {
		browser.find("#username").sendKeys(name);
		browser.find("#password").sendKeys(password, Keys.ENTER);
	}

	@ParameterizedTest
	@ValueSource(strings = { "127.0.0.1", "localhost" })
	void otherSitesCanDoNothing(String host) throws IOException {
		run();
		int before = this.dashboard.platform().requests().size();
		browser.open(address() + "/");
		browser.awaitText("#watcher-state", "Connected");
		HttpServer site = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
		byte[] page = FOREIGN_PAGE.replace("BOARD", address())
			.replace("TASK", this.task.taskId())
			.getBytes(StandardCharsets.UTF_8);
		site.createContext("/", (exchange) -> {
			exchange.getResponseHeaders().set("Content-Type", "text/html");
			exchange.sendResponseHeaders(200, page.length);
			exchange.getResponseBody().write(page);
			exchange.close();
		});
		site.start();
		try {
			browser.open("http://" + host + ":" + site.getAddress().getPort() + "/");
			await().until(() -> browser.title().equals("tried"));
			// The browser still works, and so has sent what it would send before
			browser.open(address() + "/");
			browser.awaitText("#watcher-state", "Connected");
		}
		finally {
			site.stop(0);
		}
		assertThat(this.dashboard.platform().requests().stream().skip(before)).extracting(RecordedRequest::path)
			.noneMatch((path) -> path.contains("/prepare/") || path.contains("/protect/") || path.contains("/abort/"));
		assertThat(this.task.hasEnded()).isFalse();
	}

	@Test
	void onlyConfiguredPagesEmbedTheBoard() throws IOException {
		HttpServer wall = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
		wall.createContext("/", (exchange) -> {
			byte[] page = ("<!DOCTYPE html><title>wall</title><iframe src=\"" + address()
					+ "/?kiosk\" width=\"1200\" height=\"800\"></iframe>")
				.getBytes(StandardCharsets.UTF_8);
			exchange.getResponseHeaders().set("Content-Type", "text/html");
			exchange.sendResponseHeaders(200, page.length);
			exchange.getResponseBody().write(page);
			exchange.close();
		});
		wall.start();
		int port = wall.getAddress().getPort();
		try {
			run("--dashboard.frame-ancestors=http://127.0.0.1:" + port);
			this.task.fail("No such supplier");
			browser.open("http://127.0.0.1:" + port + "/");
			browser.enterFrame("iframe");
			browser.awaitText("#attention-list", "No such supplier");
			// The same page by another name
			browser.open("http://localhost:" + port + "/");
			browser.enterFrame("iframe");
			await().until(() -> String.valueOf(browser.script("return document.body.innerText")).contains("refused"));
		}
		finally {
			wall.stop(0);
		}
	}

	@Test
	void refusesAncestorsThatAreNoOrigins() {
		assertThatException()
			.isThrownBy(() -> run("--dashboard.frame-ancestors=https://wall.example.com; script-src *"))
			.havingRootCause()
			.withMessageContaining("dashboard.frame-ancestors must be origins");
	}

	@Test
	void viewersSeeNoActions() {
		runWithUsers();
		browser.open(address() + "/?task=" + this.task.taskId());
		signIn("ben", "secret-b");
		browser.awaitText("#panel-heading", "Invoice 7");
		assertThat(browser.address()).endsWith("/?task=" + this.task.taskId());
		browser.awaitText("#user-name", "ben (read only)");
		browser.awaitText("#panel", "\"amount\": 12");
		assertThat(browser.texts("#start")).isEmpty();
		assertThat(browser.texts("#panel .actions")).isEmpty();
	}

	@Test
	void operatorsActAndSignOut(CapturedOutput output) {
		runWithUsers();
		browser.open(address() + "/?task=" + this.task.taskId());
		signIn("anna", "secret-a");
		browser.awaitText("#user-name", "anna");
		browser.find("#start");
		browser.find("#panel [data-action=protect]").click();
		browser.find("#protect-dialog [type=submit]").click();
		browser.awaitNone("#protect-dialog");
		browser.find("#panel [data-action=abort]").click();
		browser.find("#abort-reason").sendKeys("Not wanted", Keys.ENTER);
		browser.awaitText("#panel[data-state=aborted] .reason", "Not wanted");
		assertThat(output).contains("Protection of task " + this.task.taskId() + " by user 'anna' from 127.0.0.1")
			.contains("Abort of task " + this.task.taskId() + " by user 'anna' from 127.0.0.1");
		browser.find("#sign-out").click();
		browser.find("#username");
		browser.open(address() + "/");
		browser.find("#username");
	}

	@ParameterizedTest
	@ValueSource(strings = { "light", "dark" })
	void theLoginSaysWhatIsWrong(String scheme) throws IOException {
		browser.colorScheme(scheme);
		runWithUsers();
		browser.open(address() + "/");
		await().untilAsserted(() -> assertThat(browser.barriers()).isEmpty());
		signIn("anna", "wrong");
		browser.awaitText("#login-problem", "The name or the password is wrong");
		await().untilAsserted(() -> assertThat(browser.barriers()).isEmpty());
		browser.find("#password").sendKeys("secret-a", Keys.ENTER);
		browser.awaitText("#user-name", "anna");
		await().untilAsserted(() -> assertThat(browser.barriers()).isEmpty());
	}

}
