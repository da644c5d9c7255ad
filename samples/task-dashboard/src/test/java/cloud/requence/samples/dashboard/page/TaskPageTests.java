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
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.stream.IntStream;

import javax.imageio.ImageIO;

import cloud.requence.emulator.TaskScript;
import cloud.requence.samples.dashboard.support.Updates;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.openqa.selenium.Keys;
import org.openqa.selenium.StaleElementReferenceException;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests for the page of a task in a browser.
 */
class TaskPageTests extends AbstractPageTests {

	private TaskScript task;

	@Override
	TaskScript start(String name) {
		this.task = super.start(name);
		return this.task;
	}

	private void startWith(Map<String, Object> input) {
		this.task = this.platform.task("invoice").name("Invoice 7").input(input).start();
	}

	private void openTask() {
		browser.go("?task=" + this.task.taskId());
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

	@Test
	void showsAllOfATask() {
		TaskScript root = start("Invoice 7").nodeUpdate("scan", Map.of("pages", 3)).nodeEnd("scan").nodeStart("check");
		this.platform.task("payment").name("Payment for 7").subTaskOf(root).start();
		root.nodeError("check", "Amount does not match");
		openTask();
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

	@ParameterizedTest
	@ValueSource(strings = { "a/../b%2F;c=1?d&e#f+g h", "\"Größe\" ✓ <b>任务</b>\\" })
	void showsATaskWhateverItsIdentifierIs(String name) {
		// The demo is shared, and tasks of earlier tests remain
		String id = name + UUID.randomUUID();
		this.platform.publish("taskStart", Map.of("taskId", id, "name", id, "input", Map.of("amount", 12)));
		browser.go("?q=" + URLEncoder.encode(id, StandardCharsets.UTF_8));
		awaitTasks(1);
		browser.find("#rows .task-link").click();
		browser.awaitText("#panel", "\"amount\": 12");
		browser.open(browser.address());
		browser.awaitText("#panel .panel-id", id);
		browser.awaitText("#panel", "\"amount\": 12");
		browser.open(address() + "?view=history&q=" + URLEncoder.encode(id, StandardCharsets.UTF_8));
		browser.find("#history-rows .task-link").click();
		browser.awaitText("#panel", "\"amount\": 12");
	}

	@Test
	void showsImagesAndText() throws IOException {
		startWith(Map.of("scan", this.platform.files().store(picture(), "image/png"), "log",
				this.platform.files().stream("text/csv").write("<b>a;b</b>").end()));
		openTask();
		await().until(() -> "80".equals(browser.find("#panel .picture").getDomProperty("naturalWidth")));
		browser.find("#panel .attachment[data-kind=stream] button").click();
		browser.awaitText("#panel .beginning", "<b>a;b</b>");
	}

	@Test
	void showsTheLatestImageOfAnOutput() throws IOException {
		TaskScript task = start("Invoice 7");
		task.nodeUpdate("scan", Map.of("page", this.platform.files().store(picture(80), "image/png")));
		openTask();
		await().until(() -> "80".equals(browser.find("#panel .picture").getDomProperty("naturalWidth")));
		task.nodeUpdate("scan", Map.of("page", this.platform.files().store(picture(60), "image/png")));
		await().ignoreException(StaleElementReferenceException.class)
			.until(() -> "60".equals(browser.find("#panel .picture").getDomProperty("naturalWidth")));
	}

	@Test
	void savesFiles() {
		startWith(Map.of("note",
				this.platform.files().store("hello".getBytes(StandardCharsets.UTF_8), "application/pdf")));
		openTask();
		browser.find("#panel .attachment a[download]").click();
		await().untilAsserted(() -> assertThat(browser.download("note.pdf")).hasContent("hello"));
	}

	@Test
	void saysWhyAFileIsNotThere() {
		startWith(Map.of("log", this.platform.files().stream("text/csv").write("a;b").truncate("no paper"), "scan",
				this.platform.files().store("no image".getBytes(StandardCharsets.UTF_8), "image/png"), "other",
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
		Object scan = this.platform.files().store(picture(), "image/png");
		startWith(Map.of("documents", this.platform.files().claimCheck(Map.of("title", "Very large", "scan", scan))));
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
		browser.awaitNone("#panel [data-action=abort]");
		await().until(() -> "panel-heading".equals(browser.focused().getDomAttribute("id")));
	}

	@Test
	void runsATaskAgainAfterAQuestion() {
		TaskScript task = start("Invoice to repeat");
		finish(task);
		browser.go("?task=" + task.taskId());
		browser.find("#panel [data-action=again]").click();
		browser.awaitText("#again-dialog", "Invoice to repeat");
		browser.find("#again-dialog [type=submit]").click();
		await().until(() -> !browser.address().endsWith(task.taskId()));
		browser.awaitText("#panel-heading", "Invoice to repeat");
		browser.awaitText("#panel", "\"amount\": 12");
		// The page may ask for the task before the watcher has received its start
		browser.ignoreRefusals();
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
		startWith(Map.of("scan", this.platform.files().store(picture(), "image/png"), "log",
				this.platform.files().stream("text/csv").write("a;b").truncate("no paper")));
		openTask();
		browser.find("#panel .attachment[data-kind=stream] button").click();
		browser.awaitText("#panel .beginning", "a;b");
		await().untilAsserted(() -> assertThat(browser.barriers()).isEmpty());
		assertDialogs("#panel [data-action=abort]", "#panel [data-action=protect]");
		this.task.end(Map.of("booked", true));
		assertDialogs("#panel [data-action=again]");
		browser.go("?task=" + UUID.randomUUID());
		browser.awaitText("#panel", "The platform does not know this task");
		await().untilAsserted(() -> assertThat(browser.barriers()).isEmpty());
		browser.ignoreRefusals();
		browser.go("");
		assertDialogs("#start");
	}

	@ParameterizedTest
	@ValueSource(strings = { "light", "dark" })
	void shutsNobodyOutOfTheHistory(String scheme) throws IOException {
		browser.colorScheme(scheme);
		finish(start("Past " + scheme + " 1"));
		start("Past " + scheme + " 2").fail("No such supplier");
		start("Past " + scheme + " 3");
		browser.go("?view=history&q=past+" + scheme);
		refreshUntil("#tasks-count", "3 tasks");
		assertDialogs("#bulk-abort", "#bulk-protect");
		browser.find("#more-views summary").click();
		for (String query : new String[] { "?view=history&q=nothing+like+it", "?view=names",
				"?view=names&q=nothing+like+it", "?view=history&pattern=Past+*&from=2026-07-01T12:00:00Z" }) {
			browser.go(query);
			browser.find("#history:not([aria-busy])");
			await().untilAsserted(() -> assertThat(browser.barriers()).isEmpty());
		}
	}

	private void assertDialogs(String... openers) {
		await().untilAsserted(() -> assertThat(browser.barriers()).isEmpty());
		for (String opener : openers) {
			browser.find(opener).click();
			browser.find("dialog[open]");
			await().untilAsserted(() -> assertThat(browser.barriers()).isEmpty());
			browser.press(Keys.ESCAPE);
			browser.awaitNone("dialog");
		}
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
	void keepsALineBreakAndASelectionWhileTheTaskRuns() {
		start("Invoice 7").nodeError("scan", "java.io.IOException: out of paper\n\tat Scanner.scan(Scanner.java:12)");
		openTask();
		browser.awaitText("#panel .note", "Scanner.java:12");
		assertThat(browser.style("#panel .note", "white-space")).startsWith("pre");
		browser.script("getSelection().selectAllChildren(document.querySelector('#panel .note-text'))");
		String time = browser.find("#panel .facts").getText();
		await().until(() -> !browser.find("#panel .facts").getText().equals(time));
		String later = browser.find("#panel .facts").getText();
		await().until(() -> !browser.find("#panel .facts").getText().equals(later));
		assertThat(browser.script("return getSelection().toString()")).asString()
			.contains("out of paper", "Scanner.java:12");
	}

	@Test
	void showsAPayloadWhole() {
		List<Integer> numbers = IntStream.range(0, 6000).boxed().toList();
		startWith(Map.of("numbers", numbers, "last", "the end"));
		openTask();
		browser.find("#panel .payload pre",
				(text) -> String.valueOf(text.getDomProperty("textContent")).contains("5999"));
	}

	@Test
	void copiesAndSavesAPayloadOfWhichTheBoardKeepsTheBeginning() throws IOException {
		String text = "x".repeat(100_000);
		startWith(Map.of("text", text, "to", "the end"));
		openTask();
		browser.awaitText("#panel .payload .hint", "This is the beginning");
		browser.find("#panel .payload-tools a[download]").click();
		Path file = browser.download(this.task.taskId() + "-input.json");
		await().untilAsserted(() -> assertThat(file).content().contains(text).contains("the end"));
		browser
			.script("window.copied = null; navigator.clipboard.writeText = async (text) => { window.copied = text; }");
		browser.find("#panel .payload-tools button").click();
		browser.awaitText("#panel .payload-tools", "Copied");
		assertThat(browser.script("return window.copied")).isEqualTo(Files.readString(file));
		browser.find("#panel .payload-tools button", (button) -> button.getText().equals("Show all")).click();
		browser.find("#panel .payload pre",
				(pre) -> String.valueOf(pre.getDomProperty("textContent")).contains("the end"));
		// The button has left
		await().until(() -> "pre".equals(browser.focused().getTagName()));
	}

	@Test
	void loadsOnlyWhatHasChangedOfATaskWithMuchData() {
		TaskScript task = start("Invoice 7");
		String data = "x".repeat(20_000);
		for (int i = 0; i < 60; i++) {
			task.nodeStart("node " + i).nodeUpdate("node " + i, data);
		}
		openTask();
		browser.awaitText("#panel .timeline", "node 59");
		// All of it would be 1.2 MB, the description of all nodes about 30 KB
		assertThat(loadedBytes()).isLessThan(100_000);
		browser.script("performance.clearResourceTimings()");
		task.nodeUpdate("node 7", data).nodeError("node 7", "out of paper");
		browser.awaitText("#panel .note", "out of paper");
		assertThat(loadedBytes()).isLessThan(5000);
	}

	private static long loadedBytes() {
		return ((Number) Objects.requireNonNull(browser.script("""
				return performance.getEntriesByType('resource').filter((entry) => entry.name.includes('/api/task?'))
					.reduce((sum, entry) => sum + entry.decodedBodySize, 0)"""))).longValue();
	}

	@Test
	void countsAllNodes() {
		TaskScript task = start("Invoice with many nodes").nodeEnd("scan");
		for (int i = 1; i < 150; i++) {
			task.nodeStart("node " + i).nodeEnd("node " + i);
		}
		openTask();
		browser.awaitText("#panel", "50 further nodes: 50 done");
		browser.find("#rows tr:has([aria-current]) .progress", (progress) -> progress.getText().equals("150/150"));
	}

	@Test
	void doesNotBelieveTimesOfTheFuture() {
		Updates task = Updates.of("future");
		this.board.apply(task.start());
		this.board.apply(task.nodeStart("scan"));
		this.board.apply(task.at(Instant.parse("2034-01-01T00:00:00Z")).nodeEnd("scan"));
		browser.go("?task=future");
		browser.find("#panel .lane-time", (time) -> time.getText().matches("\\d+ (ms|s)"));
		assertThat(browser.texts("#panel .facts")).noneMatch((text) -> text.contains(" d "));
	}

	@Test
	void saysThatNeitherBoardNorPlatformHasATask() {
		browser.go("?task=11111111-2222-3333-4444-555555555555");
		browser.awaitText("#panel-heading", "Not on the board");
		browser.awaitText("#panel", "The platform does not know this task");
		browser.ignoreRefusals();
	}

	@Test
	void showsThatAnAbortWasAccepted() {
		Updates task = Updates.of("aborting");
		this.board.apply(task.start());
		this.board.abortRequested("aborting");
		browser.go("?task=aborting");
		browser.awaitText("#panel .accepted", "Abort accepted");
		browser.awaitText("#attention-list [data-kind=aborting]", "Abort requested");
		this.board.apply(task.abort("Not wanted"));
		browser.awaitText("#panel[data-state=aborted] .reason", "Not wanted");
		assertThat(browser.texts("#panel .accepted")).isEmpty();
	}

	@Test
	void showsATaskThatIsNoLongerOnTheBoard() {
		TaskScript task = start("Invoice of the past");
		finish(task);
		await().until(() -> this.board.details(task.taskId()).map((details) -> details.task().endedAt()).isPresent());
		for (int i = 0; i < 5; i++) {
			this.board.apply(Updates.of(UUID.randomUUID().toString()).end("1"));
		}
		assertThat(this.board.details(task.taskId())).isEmpty();
		openTask();
		browser.awaitText("#panel-heading", "Invoice of the past");
		browser.awaitText("#panel", "\"amount\": 12");
		browser.awaitText("#panel[data-state=succeeded]", "\"booked\": true");
	}

	@Test
	void showsTheHistoryWithItsFilters() {
		finish(start("Past order"));
		start("Past failure").fail("No such supplier");
		browser.go("?view=history&q=past");
		refreshUntil("#history-rows", "Past order");
		refreshUntil("#history-rows tr[data-state=failed]", "No such supplier");
		browser.find("input[value=failed] + span").click();
		browser.awaitText("#tasks-count", "1 task");
		assertThat(browser.texts("#history-rows .task-link")).containsExactly("Past failure");
		browser.find("#range select").sendKeys("1 hour");
		await().until(() -> browser.address().contains("from=-1h"));
		browser.awaitText("#tasks-count", "1 task");
		String address = browser.address();
		browser.reload();
		browser.awaitText("#history-rows", "Past failure");
		assertThat(browser.address()).isEqualTo(address);
		assertThat(browser.find("#export-csv").getDomProperty("href")).contains("q=past", "outcome=failed", "from=");
		browser.find("#history-rows .task-link").click();
		browser.awaitText("#panel .reason", "No such supplier");
		browser.press(Keys.ESCAPE);
		browser.awaitNone("#panel");
		await().until(() -> browser.focused().getText().equals("Past failure"));
	}

	@Test
	void showsNamesAndLeadsToTheirTasks() {
		finish(start("Named order 4711"));
		start("Named order 4712").fail("No such supplier");
		browser.go("?view=names&q=named");
		refreshUntil("#names-rows", "50%");
		assertThat(browser.texts("#names-rows tr")).hasSize(1)
			.first()
			.asString()
			.matches("Named order \\*\\s+2\\s+1\\s+50%\\s+\\d+ (ms|s)\\s+\\d+ (ms|s)\\s+[\\d:]+");
		browser.find("#names-rows .task-link").click();
		browser.awaitText("#tasks-count", "2 tasks");
		browser.awaitText("#pattern-filter", "Named order *");
		assertThat(browser.texts("#history-rows .task-link")).containsExactlyInAnyOrder("Named order 4711",
				"Named order 4712");
		browser.find("#pattern-filter").click();
		await().until(() -> !browser.address().contains("pattern="));
		assertThat(browser.focused().getDomAttribute("id")).isEqualTo("tasks-heading");
	}

	@Test
	void takesATimeRangeInTheZoneThatIsShown() {
		browser.go("?view=history&from=2026-07-01T12:00:00Z&to=2026-07-01T13:00:00Z");
		browser.awaitText("#range-zone", "Europe/Berlin");
		assertThat(browser.find("#range input[name=from]").getDomProperty("value")).startsWith("2026-07-01T14:00");
		browser.script("""
				const field = document.querySelector('#range input[name=from]');
				field.value = '2026-01-15T08:30';
				field.dispatchEvent(new Event('change', { bubbles: true }))""");
		assertThat(browser.address()).contains("from=2026-01-15T07:30:00Z");
		browser.find("#zone").click();
		await().until(() -> String.valueOf(browser.find("#range input[name=from]").getDomProperty("value"))
			.startsWith("2026-01-15T07:30"));
	}

	@Test
	void abortsAllTasksOfAViewAfterTheirNumberIsConfirmed() {
		TaskScript first = start("Bulk order 1");
		TaskScript second = start("Bulk order 2");
		browser.go("?view=history&q=bulk");
		refreshUntil("#tasks-count", "2 tasks");
		browser.find("#bulk-abort").click();
		browser.awaitText("#bulk-dialog", "2 tasks end at once");
		browser.find("#bulk-reason").sendKeys("Not wanted");
		browser.find("#bulk-submit").click();
		browser.awaitNone("#bulk-dialog");
		await().until(() -> first.hasEnded() && second.hasEnded());
	}

	@Test
	void savesViews() {
		browser.go("?state=failed&sort=-time");
		browser.find("#more-views summary").click();
		browser.find("#view-name").sendKeys("My failures", Keys.ENTER);
		browser.find("#saved-views a", (link) -> link.getText().equals("My failures"));
		browser.open(address());
		browser.find("#more-views summary").click();
		browser.find("#saved-views a", (link) -> link.getText().equals("My failures")).click();
		assertThat(browser.address()).endsWith("?state=failed&sort=-time");
		browser.find("#more-views summary").click();
		browser.find("#saved-views .forget").click();
		await().until(() -> browser.texts("#saved-views .forget").isEmpty());
		assertThat(browser.focused().getTagName()).isEqualTo("a");
	}

	private static void refreshUntil(String css, String text) {
		await().until(() -> {
			browser.find("#history-refresh").click();
			return browser.texts(css).stream().anyMatch((found) -> found.contains(text));
		});
	}

	@Test
	void canBeClosedOnAPhone() {
		start("Invoice 7");
		browser.size(320, 640);
		openTask();
		browser.find("#panel [data-action=abort]");
		assertThat(browser
			.script("""
					const close = document.querySelector('.panel-close').getBoundingClientRect();
					return close.left >= 0 && close.right <= innerWidth && close.top >= 0 && close.bottom <= innerHeight"""))
			.isEqualTo(true);
		browser.find("#panel .panel-close").click();
		browser.awaitNone("#panel");
	}

	@ParameterizedTest
	@CsvSource({ "320, 640", "320, 256" })
	void nothingIsWiderThanASmallWindow(int width, int height) throws IOException {
		start("Invoice " + "7".repeat(80)).nodeStart("n".repeat(100)).nodeError("scan", "E".repeat(300));
		browser.size(width, height);
		openTask();
		assertFits();
		assertThat(browser.barriers()).isEmpty();
		assertDialogsFit("#panel [data-action=abort]", "#panel [data-action=protect]");
		this.task.fail("F".repeat(300));
		assertDialogsFit("#panel [data-action=again]");
		browser.press(Keys.ESCAPE);
		browser.awaitNone("#panel");
		browser.go("?view=history&q=invoice");
		refreshUntil("#history-rows", "FFF");
		assertDialogsFit("#bulk-protect");
		for (String query : new String[] { "", "?kiosk", "?view=history", "?view=names" }) {
			browser.go(query);
			browser.awaitText("#attention-title", "Needs attention");
			assertFits();
			await().untilAsserted(() -> assertThat(browser.barriers()).isEmpty());
		}
		browser.go("");
		assertDialogsFit("#start");
	}

	private static void assertDialogsFit(String... openers) throws IOException {
		for (String opener : openers) {
			browser.find(opener).click();
			browser.find("dialog[open]");
			assertFits();
			assertThat(browser
				.script("""
						const { left, right, top, bottom } = document.querySelector('dialog[open]').getBoundingClientRect();
						const start = document.querySelector('dialog[open] h2').getBoundingClientRect().left;
						return left >= 0 && right <= innerWidth && top >= 0 && bottom <= innerHeight
							&& [...document.querySelectorAll('dialog[open] button')].every((button) => button.getBoundingClientRect().left >= start)"""))
				.isEqualTo(true);
			assertThat(browser.barriers()).isEmpty();
			browser.press(Keys.ESCAPE);
			browser.awaitNone("dialog");
		}
	}

	private static void assertFits() {
		assertThat(browser.script("return document.documentElement.scrollWidth - innerWidth")).asString()
			.satisfies((excess) -> assertThat(Integer.parseInt(excess)).isLessThanOrEqualTo(0));
	}

}
