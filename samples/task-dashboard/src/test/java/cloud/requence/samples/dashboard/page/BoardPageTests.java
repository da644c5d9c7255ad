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

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

import javax.imageio.ImageIO;

import cloud.requence.emulator.RequenceEmulator;
import cloud.requence.emulator.TaskScript;
import cloud.requence.samples.dashboard.TaskDashboardApplication;
import cloud.requence.samples.dashboard.board.TaskBoard;
import cloud.requence.samples.dashboard.support.Browser;
import cloud.requence.samples.dashboard.support.Updates;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.openqa.selenium.Keys;
import org.openqa.selenium.StaleElementReferenceException;

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

	private TaskScript startWith(Map<String, Object> input) {
		return this.emulator.task("invoice").name("Invoice 7").input(input).start();
	}

	private void openTask() {
		browser.find("#rows .task-link").click();
		browser.awaitText("#panel", "Input");
	}

	private static byte[] picture() throws IOException {
		return picture(80);
	}

	private static byte[] picture(int width) throws IOException {
		ByteArrayOutputStream png = new ByteArrayOutputStream();
		ImageIO.write(new BufferedImage(width, 40, BufferedImage.TYPE_INT_RGB), "png", png);
		return png.toByteArray();
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
	void showsAllOfATask() {
		TaskScript root = start("Invoice 7").nodeUpdate("scan", Map.of("pages", 3)).nodeEnd("scan").nodeStart("check");
		this.emulator.task("payment").name("Payment for 7").subTaskOf(root).start();
		root.nodeError("check", "Amount does not match");
		browser.find("#rows .task-link", (link) -> link.getText().equals("Invoice 7")).click();
		browser.awaitText("#panel-heading", "Invoice 7");
		browser.awaitText("#panel", "scan");
		browser.awaitText("#panel", "Amount does not match");
		browser.awaitText("#panel .sub-tasks", "Payment for 7");
		browser.awaitText("#panel", "\"amount\": 12");
		root.nodeEnd("check").end(Map.of("booked", true));
		browser.awaitText("#panel[data-state=succeeded]", "\"booked\": true");
		browser.find("#panel .sub-tasks a").click();
		browser.awaitText("#panel-heading", "Payment for 7");
		browser.find("#panel .fact a, #panel .facts a").click();
		browser.awaitText("#panel-heading", "Invoice 7");
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

	@Test
	void showsImagesAndText() throws IOException {
		startWith(Map.of("scan", this.emulator.files().store(picture(), "image/png"), "log",
				this.emulator.files().stream("text/csv").write("<b>a;b</b>").end()));
		openTask();
		await().until(() -> "80".equals(browser.find("#panel .picture").getDomProperty("naturalWidth")));
		browser.find("#panel .attachment[data-kind=stream] button").click();
		browser.awaitText("#panel .beginning", "<b>a;b</b>");
	}

	@Test
	void showsTheLatestImageOfAnOutput() throws IOException {
		TaskScript task = start("Invoice 7");
		task.nodeUpdate("scan", Map.of("page", this.emulator.files().store(picture(80), "image/png")));
		openTask();
		await().until(() -> "80".equals(browser.find("#panel .picture").getDomProperty("naturalWidth")));
		task.nodeUpdate("scan", Map.of("page", this.emulator.files().store(picture(60), "image/png")));
		await().ignoreException(StaleElementReferenceException.class)
			.until(() -> "60".equals(browser.find("#panel .picture").getDomProperty("naturalWidth")));
	}

	@Test
	void savesFiles() {
		startWith(Map.of("note",
				this.emulator.files().store("hello".getBytes(StandardCharsets.UTF_8), "application/pdf")));
		openTask();
		browser.find("#panel .attachment a[download]").click();
		await().untilAsserted(() -> assertThat(browser.download("note.pdf")).hasContent("hello"));
	}

	@Test
	void saysWhyAFileIsNotThere() {
		startWith(Map.of("log", this.emulator.files().stream("text/csv").write("a;b").truncate("no paper"), "scan",
				this.emulator.files().store("no image".getBytes(StandardCharsets.UTF_8), "image/png"), "other",
				Map.of("__REQUENCE_type", "RequenceFile", "url", "http://127.0.0.2/", "mime", "image/png", "size", 1)));
		openTask();
		browser.awaitText("#panel .attachment[data-kind=image] .problem", "This is no image that can be shown");
		browser.find("#panel .attachment .problem", (problem) -> problem.getText().contains("may not ask"));
		browser.find("#panel .attachment[data-kind=stream] button").click();
		browser.awaitText("#panel .attachment[data-kind=stream] .problem", "no paper");
		browser.awaitText("#panel .beginning", "a;b");
		browser.ignoreRefusals();
	}

	@Test
	void loadsLargeValuesWhenAsked() throws IOException {
		Object scan = this.emulator.files().store(picture(), "image/png");
		startWith(Map.of("documents", this.emulator.files().claimCheck(Map.of("title", "Very large", "scan", scan))));
		openTask();
		assertThat(browser.texts("#panel .payload")).noneMatch((text) -> text.contains("Very large"));
		browser.find("#panel .attachment[data-kind=large] button").click();
		browser.awaitText("#panel .payload", "Very large");
		browser.awaitText("#panel .attachment-name", "documents › scan");
		await().until(() -> "80".equals(browser.find("#panel .picture").getDomProperty("naturalWidth")));
	}

	@Test
	void abortsATaskAfterAQuestion() {
		TaskScript task = start("Invoice 7");
		openTask();
		browser.find("#panel [data-action=abort]").sendKeys(Keys.ENTER);
		browser.awaitText("#abort-dialog", "Invoice 7 ends at once");
		browser.press(Keys.ESCAPE);
		browser.awaitNone("#abort-dialog");
		browser.awaitText("#panel-heading", "Invoice 7");
		assertThat(task.hasEnded()).isFalse();
		browser.find("#panel [data-action=abort]").click();
		browser.find("#abort-reason").sendKeys("Not wanted", Keys.ENTER);
		browser.awaitNone("#abort-dialog");
		browser.awaitText("#panel[data-state=aborted] .reason", "Not wanted");
		browser.find("#panel [data-action=abort]", (button) -> !button.isEnabled());
		await().until(() -> "panel-heading".equals(browser.focused().getDomAttribute("id")));
	}

	@Test
	void saysWhyATaskIsNotAborted() {
		TaskScript task = start("Invoice 7");
		openTask();
		browser.find("#panel [data-action=abort]").click();
		browser.find("#abort-reason");
		task.end("done");
		browser.find("#abort-dialog [type=submit]").click();
		browser.awaitText("#abort-dialog .problem", "The platform refuses");
		browser.find("#abort-dialog [data-cancel]").click();
		browser.awaitNone("#abort-dialog");
		browser.ignoreRefusals();
	}

	@Test
	void protectsATaskAfterAQuestion() {
		finish(start("Invoice 7"));
		openTask();
		browser.find("#panel [data-action=protect]").click();
		browser.find("#protect-dialog [type=submit]").click();
		browser.find("#panel [data-action=protect]",
				(button) -> button.getText().equals("Protected") && !button.isEnabled());
	}

	@Test
	void startsATask() throws IOException {
		browser.find("#start").click();
		browser.find("#start-template").sendKeys("holiday");
		browser.find("#start-name").sendKeys("Two weeks");
		Path file = Files.createTempFile("dashboard", ".png");
		Files.write(file, picture());
		browser.find("#start-file").sendKeys(file.toString());
		browser.find("#start-dialog [type=submit]").click();
		browser.awaitText("#panel-heading", "Two weeks");
		browser.awaitText("#panel .payload", "\"value\": 120");
		browser.awaitText("#panel .attachment-name", "attachment");
		await().until(() -> "80".equals(browser.find("#panel .picture").getDomProperty("naturalWidth")));
		Files.delete(file);
		// The page may ask for the task before the watcher has received its start
		browser.ignoreRefusals();
	}

	@ParameterizedTest
	@ValueSource(strings = { "light", "dark" })
	void shutsNobodyOutOfDialogsAndFiles(String scheme) throws IOException {
		browser.colorScheme(scheme);
		startWith(Map.of("scan", this.emulator.files().store(picture(), "image/png"), "log",
				this.emulator.files().stream("text/csv").write("a;b").truncate("no paper")));
		openTask();
		browser.find("#panel .attachment[data-kind=stream] button").click();
		browser.awaitText("#panel .beginning", "a;b");
		await().untilAsserted(() -> assertThat(browser.barriers()).isEmpty());
		for (String opener : new String[] { "#panel [data-action=abort]", "#panel [data-action=protect]" }) {
			browser.find(opener).click();
			await().untilAsserted(() -> assertThat(browser.barriers()).isEmpty());
			browser.press(Keys.ESCAPE);
			browser.awaitNone("dialog");
		}
		browser.press(Keys.ESCAPE);
		browser.awaitNone("#panel");
		browser.find("#start").click();
		await().untilAsserted(() -> assertThat(browser.barriers()).isEmpty());
		browser.colorScheme("light");
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
	void isLightOrDarkAsTheBrowserWantsIt() {
		browser.colorScheme("light");
		String light = browser.style("body", "background-color");
		browser.colorScheme("dark");
		await().until(() -> !browser.style("body", "background-color").equals(light));
		browser.colorScheme("light");
		await().until(() -> browser.style("body", "background-color").equals(light));
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
