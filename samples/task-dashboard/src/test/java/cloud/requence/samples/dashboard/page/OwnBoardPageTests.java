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
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.UUID;

import cloud.requence.emulator.RequenceEmulator;
import cloud.requence.emulator.TaskScript;
import cloud.requence.samples.dashboard.support.RunningDashboard;
import cloud.requence.samples.dashboard.support.Updates;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.openqa.selenium.Keys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests for the page in a browser, each with a board that has no tasks yet: of its whole
 * content, and of very many tasks.
 */
class OwnBoardPageTests extends AbstractPageTests {

	private static final List<String> SCHEMES = List.of("light", "dark");

	private static final String LONG_REASON = "java.io.IOException: No such supplier\n\tat Booking.book(Booking.java:12)\n"
			+ "\tat Booking.check(Booking.java:34)\n".repeat(40) + "Caused by: the supplier was deleted";

	private final String[] arguments = {
			"--spring.datasource.url=jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1",
			"--dashboard.alerts.interval=100ms", "--dashboard.alerts.rules.sub.kind=too-long",
			"--dashboard.alerts.rules.sub.names=too long", "--dashboard.alerts.rules.sub.limit=1ms" };

	private final RequenceEmulator emulator = RequenceEmulator.builder().build().start();

	private RunningDashboard own;

	@Override
	RunningDashboard dashboard() {
		this.own = RunningDashboard.start(this.emulator, this.arguments);
		return this.own;
	}

	@AfterEach
	void close() {
		this.own.close();
		this.emulator.close();
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
	void countsAllRunningTasks() {
		for (int i = 0; i < 10_100; i++) {
			this.board.apply(Updates.of("task " + i).start());
		}
		browser.awaitText("#count-running", "10,100");
		browser.awaitText("#missing", "10,000 of 10,100 running");
	}

	@Test
	void saysWhyTheConnectionIsLostAndWhatFollows() {
		this.platform.stop();
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
		this.platform.start();
	}

	@Test
	void largeNumbersDoNotOverlap() {
		for (int i = 0; i < 12_345; i++) {
			this.board.apply(Updates.of("task " + i).end("1"));
		}
		for (int i = 0; i < 2345; i++) {
			this.board.apply(Updates.of("failed " + i).fail("no"));
		}
		browser.awaitText("#count-succeeded", "12,345");
		browser.awaitText("#count-failed", "2,345");
		for (int width : new int[] { 320, 820, 1100, 1440 }) {
			browser.size(width, 900);
			assertThat(overlappingNumbers()).as("at a width of " + width).isEmpty();
		}
	}

	private static List<?> overlappingNumbers() {
		return (List<?>) Objects.requireNonNull(browser.script("""
				return [...document.querySelectorAll('.counter-number, .counter-name')].filter((text) => {
					const range = document.createRange();
					range.selectNodeContents(text);
					const { left, right } = range.getBoundingClientRect();
					const cell = text.closest('li').getBoundingClientRect();
					return left < cell.left || right > cell.right;
				}).map((text) => text.textContent)"""));
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
	void leadsToAReasonWithTwoClicks() {
		TaskScript failed = start("Invoice failed").fail(LONG_REASON);
		for (int i = 0; i < 120; i++) {
			this.board.apply(Updates.of("running " + i).start());
			this.board.apply(Updates.of("succeeded " + i).end("1"));
		}
		browser.awaitText("#count-failed", "1");
		for (String place : new String[] { "", "?kiosk", "?view=history", "notice" }) {
			assertLeadsToTheReason(failed, place);
		}
	}

	private void assertLeadsToTheReason(TaskScript failed, String place) {
		// The link of a notice
		browser.open(address()
				+ (place.equals("notice") ? "?task=" + failed.taskId() : place.equals("?kiosk") ? place : ""));
		int clicks = 0;
		if (place.equals("?view=history")) {
			browser.find("#views a[data-view=history]").click();
			browser.awaitText("#history-rows .why", "No such supplier");
			browser.find("#history-rows tr[data-state=failed] .task-link").click();
			clicks = 2;
		}
		else if (!place.equals("notice")) {
			browser.awaitText("#attention-list .why", "No such supplier");
			browser.find("#attention-list .task-link").click();
			clicks = 1;
		}
		assertThat(clicks).isLessThanOrEqualTo(2);
		browser.awaitText("#panel .reason", "Booking.java:34");
		browser.awaitText("#panel .reason", "Caused by: the supplier was deleted");
	}

	@Test
	void showsOnAWallAsManyFailuresAsFitAndSaysHowManyMoreThereAre() {
		for (int i = 0; i < 30; i++) {
			this.board.apply(Updates.of("failed " + i).fail(Character.toString('a' + i)));
		}
		browser.go("?kiosk");
		for (int height : new int[] { 720, 1080 }) {
			browser.size(1440, height);
			browser.awaitText("#attention-more", "further tasks");
			await().until(() -> Boolean.TRUE.equals(browser.script("""
					const items = [...document.querySelectorAll('#attention-list li, #attention-more')];
					const further = parseInt(document.getElementById('attention-more').textContent);
					return further === 31 - items.length
						&& items.every((item) => item.getBoundingClientRect().bottom <= innerHeight)""")));
		}
	}

	@Test
	void shutsNobodyOutOfAnEmptyBoardAndOfIncidents() throws IOException {
		browser.awaitText("#empty-title", "No tasks yet");
		for (String scheme : SCHEMES) {
			browser.colorScheme(scheme);
			await().untilAsserted(() -> assertThat(browser.barriers()).isEmpty());
		}
		start("too long");
		await().until(() -> !this.own.json("/api/alerts").path("incidents").isEmpty());
		for (int width : new int[] { 1440, 320 }) {
			browser.size(width, 640);
			for (String query : new String[] { "", "?kiosk" }) {
				browser.open(address() + query);
				browser.awaitText("#incidents .incident", "too long: 1 task");
				for (String scheme : SCHEMES) {
					browser.colorScheme(scheme);
					await().untilAsserted(() -> assertThat(browser.barriers()).isEmpty());
				}
				assertThat(browser.script("return document.documentElement.scrollWidth <= innerWidth")).isEqualTo(true);
			}
		}
	}

	@Test
	void saysThatTheBoardIsAwayAndHeals() {
		start("Invoice failed").fail("No such supplier");
		browser.awaitText("#count-failed", "1");
		// The platform does not send again what the board has seen
		this.emulator.clear();
		TaskScript running = start("Invoice 7");
		browser.awaitText("#count-running", "1");
		List<String> arguments = new ArrayList<>(List.of(this.arguments));
		arguments.add("--server.port=" + this.own.address("/").getPort());
		this.own.close();
		browser.awaitText("#lost", "lost");
		this.own = RunningDashboard.start(this.emulator, arguments.toArray(new String[0]));
		browser.awaitNone("#lost");
		browser.awaitText("#attention-list", "No such supplier");
		browser.awaitText("#count-failed", "1");
		browser.awaitText("#rows tr[data-state=running] .name-line", "Invoice 7");
		finish(running);
		browser.awaitText("#rows tr[data-state=succeeded] .name-line", "Invoice 7");
	}

}
