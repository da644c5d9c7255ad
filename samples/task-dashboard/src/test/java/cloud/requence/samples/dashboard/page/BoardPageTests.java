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
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Map;
import java.util.Objects;

import cloud.requence.emulator.RequenceEmulator;
import cloud.requence.emulator.TaskScript;
import cloud.requence.samples.dashboard.TaskDashboardApplication;
import cloud.requence.samples.dashboard.board.TaskBoard;
import cloud.requence.samples.dashboard.support.Browser;
import cloud.requence.samples.dashboard.support.Updates;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.openqa.selenium.Keys;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.test.annotation.DirtiesContext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests for the page in a browser.
 */
@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT,
		properties = { "dashboard.emulator.scenario.enabled=false", "requence.task.reconnect.max-delay=1s" })
@DirtiesContext(classMode = DirtiesContext.ClassMode.AFTER_EACH_TEST_METHOD)
class BoardPageTests {

	private static Browser browser;

	@LocalServerPort
	private int port;

	@Autowired
	private RequenceEmulator emulator;

	@Autowired
	private TaskBoard board;

	@BeforeAll
	static void startBrowser() throws IOException {
		browser = Browser.start();
	}

	@AfterAll
	static void closeBrowser() throws IOException {
		browser.close();
	}

	@BeforeEach
	void openPage() {
		await().until(() -> this.emulator.openStreams() > 0);
		browser.open("http://127.0.0.1:" + this.port + "/");
		browser.awaitText("#watcher-state", "Connected");
	}

	@AfterEach
	void checkForErrors() {
		assertThat(browser.errors()).isEmpty();
	}

	private TaskScript start(String name) {
		return this.emulator.task("invoice").name(name).input(Map.of("amount", 12)).start().nodeStart("scan");
	}

	private static TaskScript finish(TaskScript task) {
		task.nodeUpdate("scan", Map.of("pages", 3)).nodeEnd("scan").end(Map.of("booked", true));
		return task;
	}

	private void playOneOfEach() {
		start("Invoice running");
		finish(start("Invoice succeeded"));
		start("Invoice failed").fail("No such supplier");
		start("Order aborted").abort("Not wanted any more");
		browser.awaitText("#tasks-count", "4 tasks");
	}

	@Test
	void showsTasksAsTheyAppearAndFinish() {
		browser.awaitText("#empty-title", "No tasks yet");
		TaskScript task = start("Invoice 7");
		browser.awaitText("#rows tr[data-state=running] .name-line", "Invoice 7");
		browser.awaitText("#rows .current", "scan");
		browser.awaitText("#count-running", "1");
		finish(task);
		browser.awaitText("#rows tr[data-state=succeeded] .name-line", "Invoice 7");
		browser.awaitText("#rows .progress", "1/1");
		browser.awaitText("#count-running", "0");
		browser.awaitText("#count-succeeded", "1");
	}

	@Test
	void countsByOutcome() {
		playOneOfEach();
		for (String state : new String[] { "running", "succeeded", "failed", "aborted" }) {
			browser.awaitText("#count-" + state, "1");
		}
		browser.find("#rate-now", (rate) -> Double.parseDouble(rate.getText()) > 0);
		browser.find("#chart canvas");
	}

	@Test
	void marksTasksWhoseStartWasNotSeen() {
		this.emulator.publish("nodeStart",
				Map.of("taskId", "11111111-1111-1111-1111-111111111111", "node", Map.of("id", "a", "alias", "scan")));
		browser.awaitText("#rows .badge", "incomplete");
	}

	@Test
	void putsWhatNeedsAttentionFirstAndSaysWhy() {
		browser.awaitText("#attention-title", "Nothing needs attention");
		playOneOfEach();
		start("Invoice failing").nodeError("scan", "Out of paper");
		browser.awaitText("#attention-title", "Needs attention");
		browser.awaitText("#attention-count", "2");
		browser.awaitText("#count-attention", "2");
		assertThat(browser.texts("#attention-list li")).satisfiesExactly(
				(item) -> assertThat(item).contains("Failed", "Invoice failed", "No such supplier"),
				(item) -> assertThat(item).contains("Node failing", "Invoice failing", "scan: Out of paper"));
		browser.awaitText("#rows tr[data-state=failed] .under", "No such supplier");
		browser.find("#attention-list .task-link").click();
		browser.awaitText("#panel .reason", "No such supplier");
	}

	@Test
	void showsAFailureHoweverManyTasksRunAndSucceed() {
		start("Invoice failed").fail("No such supplier");
		browser.awaitText("#count-failed", "1");
		for (int i = 0; i < 120; i++) {
			start("Invoice " + i);
		}
		for (int i = 0; i < 600; i++) {
			this.board.apply(Updates.of("task " + i).end("1"));
		}
		browser.awaitText("#count-succeeded", "600");
		browser.awaitText("#attention-list", "No such supplier");
		browser.find("#counters a[data-state=failed]").click();
		browser.awaitText("#tasks-count", "1 of 621 tasks");
		assertThat(browser.texts("#rows .task-link")).containsExactly("Invoice failed");
		assertThat(browser.address()).endsWith("?state=failed");
		browser.awaitText("#missing", "500 of 600 succeeded");
	}

	@Test
	void bringsFailuresWithTheSameReasonTogether() {
		for (int i = 0; i < 7; i++) {
			this.board.apply(Updates.of("task " + i).fail("Timeout after " + i + " s"));
		}
		browser.awaitText("#attention-list .others", "+ 6 alike");
		assertThat(browser.texts("#attention-list li")).hasSize(1);
		browser.find("#attention-list .others").click();
		browser.awaitText("#tasks-count", "7 tasks");
	}

	@Test
	void countsAllRunningTasks() {
		for (int i = 0; i < 10_100; i++) {
			this.board.apply(Updates.of("task " + i).start());
		}
		browser.awaitText("#count-running", "10,100");
		browser.awaitText("#missing", "10,000 of 10,100 running");
	}

	@Test
	void saysWhyTheConnectionIsLostAndWhatFollows() {
		this.emulator.stop();
		browser.find("#watcher[data-tone=bad]");
		browser.awaitText("#watcher-note", "refused");
		browser.awaitText("#watcher-advice", "follow");
		browser.awaitText("#attention-title", "Blind since");
		// However long the reason is
		assertThat(browser.script("""
				const card = document.getElementById('watcher');
				document.getElementById('watcher-note').textContent = 'The platform answered with words '.repeat(40);
				const inside = [...card.children].every((child) => child.scrollHeight <= child.clientHeight + 1
					&& child.getBoundingClientRect().bottom <= card.getBoundingClientRect().bottom);
				return inside && card.scrollHeight <= card.clientHeight""")).isEqualTo(true);
		this.emulator.start();
	}

	@ParameterizedTest
	@ValueSource(ints = { 320, 820, 1100, 1440 })
	void largeNumbersDoNotOverlap(int width) {
		for (int i = 0; i < 12_345; i++) {
			this.board.apply(Updates.of("task " + i).end("1"));
		}
		for (int i = 0; i < 2345; i++) {
			this.board.apply(Updates.of("failed " + i).fail("no"));
		}
		browser.size(width, 900);
		browser.awaitText("#count-succeeded", "12,345");
		browser.awaitText("#count-failed", "2,345");
		assertThat(browser.script("""
				return [...document.querySelectorAll('.counter-number, .counter-name')].filter((text) => {
					const range = document.createRange();
					range.selectNodeContents(text);
					const { left, right } = range.getBoundingClientRect();
					const cell = text.closest('li').getBoundingClientRect();
					return left < cell.left || right > cell.right;
				}).map((text) => text.textContent)""")).asInstanceOf(InstanceOfAssertFactories.LIST).isEmpty();
		browser.usualSize();
	}

	@Test
	void manyTabsFollowTheBoard() {
		String address = browser.address();
		for (int i = 0; i < 9; i++) {
			browser.openTab(address);
			browser.awaitText("#watcher-state", "Connected");
		}
		start("Invoice 7");
		browser.awaitText("#rows .name-line", "Invoice 7");
		// A task is still asked for, as the browser has connections left
		browser.find("#rows .task-link").click();
		browser.awaitText("#panel", "Input");
		browser.closeTabs();
		browser.awaitText("#rows .name-line", "Invoice 7");
	}

	@Test
	void keepsTheFocusInTheTableWhenItsRowLeaves() {
		TaskScript first = start("Invoice 1");
		start("Invoice 2");
		browser.find("input[value=running] + span").click();
		browser.awaitText("#tasks-count", "2 of 2 tasks");
		browser.find("#rows .task-link", (link) -> link.getText().equals("Invoice 1"));
		browser.script("[...document.querySelectorAll('#rows a')].find((a) => a.textContent === 'Invoice 1').focus()");
		finish(first);
		browser.awaitText("#tasks-count", "1 of 2 tasks");
		await().until(() -> browser.focused().getText().equals("Invoice 2"));
	}

	@Test
	void findsTasksByNodesAndErrorsOfThePast() {
		finish(start("Invoice 1").nodeError("scan", "Out of paper").nodeStart("scan"));
		start("Order 1");
		browser.awaitText("#tasks-count", "2 tasks");
		browser.find("input[name=q]").sendKeys("paper");
		browser.awaitText("#tasks-count", "1 of 2 tasks");
		assertThat(browser.texts("#rows .task-link")).containsExactly("Invoice 1");
	}

	@Test
	void keepsFewRowsOfManyTasksInThePage() {
		for (int i = 0; i < 10_000; i++) {
			this.board.apply(Updates.of("task " + i).start());
		}
		browser.awaitText("#tasks-count", "10,000 tasks");
		assertThat(rows()).isLessThan(80);
		browser.script("document.querySelector('#rows a').focus()");
		browser.press(Keys.END);
		await().until(() -> "10001".equals(browser.script(
				"return document.activeElement.closest('tr')?.getAttribute('aria-rowindex') ?? document.activeElement.tagName")));
		assertThat(rows()).isLessThan(80);
		browser.press(Keys.ARROW_UP);
		assertThat(browser.script("return document.activeElement.closest('tr').getAttribute('aria-rowindex')"))
			.isEqualTo("10000");
		browser.press(Keys.HOME);
		assertThat(browser.script("return document.activeElement.closest('tr').getAttribute('aria-rowindex')"))
			.isEqualTo("2");
	}

	private static long rows() {
		return ((Number) Objects.requireNonNull(browser.script("return document.querySelectorAll('#rows tr').length")))
			.longValue();
	}

	@Test
	void sortsByAColumn() {
		start("Invoice 10");
		start("Invoice 9");
		start("Order 1").fail("no");
		browser.awaitText("#tasks-count", "3 tasks");
		browser.find("button[data-sort=name]").click();
		await().until(() -> browser.texts("#rows .task-link"), List.of("Invoice 9", "Invoice 10", "Order 1")::equals);
		browser.find("th[aria-sort=ascending] button[data-sort=name]").click();
		await().until(() -> browser.texts("#rows .task-link"), List.of("Order 1", "Invoice 10", "Invoice 9")::equals);
		assertThat(browser.address()).endsWith("?sort=-name");
		browser.reload();
		await().until(() -> browser.texts("#rows .task-link"), List.of("Order 1", "Invoice 10", "Invoice 9")::equals);
	}

	@Test
	void showsTimesInTheZoneOfTheBrowserOrInUtc() {
		start("Invoice 7");
		browser.awaitText("#zone", "Europe/Berlin");
		String local = browser.find("#rows time").getText();
		browser.find("#zone").click();
		browser.awaitText("#zone", "UTC");
		assertThat(browser.address()).endsWith("?tz=UTC");
		await().until(() -> !browser.find("#rows time").getText().equals(local));
		String utc = browser.find("#rows time").getText();
		String expected = Instant.parse(Objects.requireNonNull(browser.find("#rows time").getDomAttribute("datetime")))
			.atOffset(ZoneOffset.UTC)
			.format(DateTimeFormatter.ofPattern("HH:mm:ss"));
		assertThat(utc).endsWith(expected);
		browser.find("#zone").click();
		browser.awaitText("#zone", "Europe/Berlin");
		await().until(() -> browser.find("#rows time").getText().equals(local));
	}

	@Test
	void showsFailuresFirstOnAWall() throws IOException {
		playOneOfEach();
		browser.open(browser.address() + "?kiosk");
		browser.awaitText("#attention-list", "No such supplier");
		for (String hidden : new String[] { "#filter", "#start", "#theme", "#rate-now" }) {
			assertThat(browser.texts(hidden)).isEmpty();
		}
		await().untilAsserted(() -> assertThat(browser.barriers()).isEmpty());
	}

	@Test
	void filtersByStateAndText() {
		playOneOfEach();
		browser.find("input[value=failed] + span").click();
		browser.awaitText("#tasks-count", "1 of 4 tasks");
		assertThat(browser.texts("#rows .task-link")).containsExactly("Invoice failed");
		browser.find("input[value=aborted] + span").click();
		browser.awaitText("#tasks-count", "2 of 4 tasks");
		browser.find("input[name=q]").sendKeys("ORDER");
		browser.awaitText("#tasks-count", "1 of 4 tasks");
		assertThat(browser.texts("#rows .task-link")).containsExactly("Order aborted");
		start("Order running");
		browser.awaitText("#tasks-count", "1 of 5 tasks");
		browser.find("#clear-filter").click();
		browser.awaitText("#tasks-count", "5 tasks");
	}

	@Test
	void saysThatNothingMatches() {
		playOneOfEach();
		browser.find("input[name=q]").sendKeys("nothing like it");
		browser.awaitText("#empty-title", "No task matches");
		browser.find("#empty-clear").click();
		browser.awaitText("#tasks-count", "4 tasks");
	}

	@Test
	void keepsWhatIsLookedAtOverAReload() {
		playOneOfEach();
		browser.find("input[value=failed] + span").click();
		browser.awaitText("#tasks-count", "1 of 4 tasks");
		browser.find("#rows .task-link").click();
		browser.awaitText("#panel", "No such supplier");
		String address = browser.address();
		browser.reload();
		browser.awaitText("#panel", "No such supplier");
		browser.awaitText("#tasks-count", "1 of 4 tasks");
		browser.awaitText("#count-succeeded", "1");
		assertThat(browser.address()).isEqualTo(address);
	}

	@Test
	void isUsedByKeyboard() {
		playOneOfEach();
		browser.find(".skip-link, #tasks-heading");
		browser.press(Keys.TAB);
		assertThat(browser.focused().getText()).isEqualTo("Skip to the tasks");
		browser.press(Keys.ENTER);
		await().until(() -> "tasks-heading".equals(browser.focused().getDomAttribute("id")));
		while (!"task-link".equals(browser.focused().getDomAttribute("class"))) {
			browser.press(Keys.TAB);
		}
		String first = browser.focused().getText();
		browser.press(Keys.ARROW_DOWN);
		String second = browser.focused().getText();
		assertThat(second).isNotEqualTo(first);
		browser.press(Keys.ENTER);
		browser.awaitText("#panel-heading", second);
		await().until(() -> "panel-heading".equals(browser.focused().getDomAttribute("id")));
		browser.press(Keys.ESCAPE);
		browser.awaitNone("#panel");
		await().until(() -> browser.focused().getText().equals(second));
	}

	@ParameterizedTest
	@ValueSource(strings = { "light", "dark" })
	void shutsNobodyOut(String scheme) throws IOException {
		browser.colorScheme(scheme);
		playOneOfEach();
		await().untilAsserted(() -> assertThat(browser.barriers()).isEmpty());
		browser.find("#rows .task-link").click();
		browser.awaitText("#panel", "Input");
		await().untilAsserted(() -> assertThat(browser.barriers()).isEmpty());
		browser.colorScheme("light");
	}

	@Test
	void showsThatThePlatformIsAwayAndHeals() {
		TaskScript task = start("Invoice 7");
		browser.awaitText("#rows .name-line", "Invoice 7");
		this.emulator.stop();
		browser.find("#watcher[data-tone=bad]");
		browser.awaitText("#watcher-line", "attempt");
		this.emulator.start();
		browser.awaitText("#watcher[data-tone=good]", "Connected");
		finish(task);
		browser.awaitText("#rows tr[data-state=succeeded] .name-line", "Invoice 7");
		assertThat(browser.texts("#rows .badge")).isEmpty();
	}

	@Nested
	class WhenTheBoardGoesAway {

		private ConfigurableApplicationContext board;

		@Test
		void saysSoAndHeals() {
			this.board = board(0);
			int port = Integer.parseInt(this.board.getEnvironment().getRequiredProperty("local.server.port"));
			browser.open("http://127.0.0.1:" + port + "/");
			browser.awaitText("#watcher-state", "Connected");
			this.board.close();
			browser.awaitText("#lost", "lost");
			this.board = board(port);
			browser.awaitNone("#lost");
			finish(start("Invoice 7"));
			browser.awaitText("#rows tr[data-state=succeeded] .name-line", "Invoice 7");
		}

		@AfterEach
		void close() {
			this.board.close();
		}

		private ConfigurableApplicationContext board(int port) {
			return new SpringApplicationBuilder(TaskDashboardApplication.class).run("--server.port=" + port,
					"--requence.task.access-token=" + BoardPageTests.this.emulator.accessToken());
		}

	}

}
