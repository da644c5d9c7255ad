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
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;

import javax.sql.DataSource;

import cloud.requence.emulator.TaskScript;
import cloud.requence.samples.dashboard.support.SharedFixtures;
import cloud.requence.samples.dashboard.support.Updates;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.openqa.selenium.Keys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests for the page in a browser. They share a board: each looks at the tasks that have
 * its own node.
 */
class BoardPageTests extends AbstractPageTests {

	private static final List<String> STATES = List.of("running", "succeeded", "failed", "aborted");

	private final String node = "scan" + UUID.randomUUID().toString().substring(0, 8);

	@Override
	String node() {
		return this.node;
	}

	@BeforeEach
	void lookAtTasksOfThisTest() {
		browser.go("?q=" + this.node);
	}

	@Test
	void countsByOutcome() {
		Map<String, Integer> before = STATES.stream().collect(Collectors.toMap(Function.identity(), this::counted));
		playOneOfEach();
		for (String state : STATES) {
			int expected = before.get(state) + 1;
			await().until(() -> counted(state) == expected);
		}
		browser.find("#rate-now", (rate) -> Double.parseDouble(rate.getText()) > 0);
		browser.find("#chart canvas");
	}

	private int counted(String state) {
		return Integer.parseInt(browser.find("#count-" + state).getText());
	}

	@Test
	void marksTasksWhoseStartWasNotSeen() {
		this.platform.publish("nodeStart",
				Map.of("taskId", UUID.randomUUID().toString(), "node", Map.of("id", "a", "alias", this.node)));
		browser.awaitText("#rows .badge", "incomplete");
	}

	@Test
	void bringsFailuresWithTheSameReasonTogether() {
		for (int i = 0; i < 7; i++) {
			this.board.apply(Updates.of(this.node + i).fail("Timeout at " + this.node + " after " + i + " s"));
		}
		browser.awaitText("#attention-list .others", "+ 6 alike");
		assertThat(browser.texts("#attention-list .why")).filteredOn((reason) -> reason.contains(this.node)).hasSize(1);
		browser.find("#attention-list .others").click();
		awaitTasks(7);
	}

	@Test
	void saysThatItIsBlindWhileUpdatesWait() throws SQLException {
		start("Invoice before");
		awaitTasks(1);
		try (Connection lock = SharedFixtures.demo().bean(DataSource.class).getConnection()) {
			lock.setAutoCommit(false);
			lock.createStatement().execute("select * from watcher_checkpoint for update");
			start("Invoice meanwhile");
			browser.awaitText("#watcher-advice", "The history is unavailable: updates wait since");
			browser.find("#attention-title", (title) -> title.getText().matches("(Needs attention; b|B)lind since .*"));
			awaitTasks(1);
			lock.rollback();
		}
		awaitTasks(2);
		browser.find("#attention-title", (title) -> !title.getText().contains("lind since"));
		browser.awaitNone("#watcher-advice");
	}

	@Test
	void manyTabsFollowTheBoard() {
		String address = browser.address();
		for (int i = 0; i < 6; i++) {
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
		awaitTasks(2);
		browser.find("#rows .task-link", (link) -> link.getText().equals("Invoice 1"));
		browser.script("[...document.querySelectorAll('#rows a')].find((a) => a.textContent === 'Invoice 1').focus()");
		finish(first);
		awaitTasks(1);
		await().until(() -> browser.focused().getText().equals("Invoice 2"));
	}

	@Test
	void keepsTheFocusInTheListOfAttentionWhenItsTaskLeaves() {
		TaskScript first = start("Invoice 1").nodeError(this.node, "Out of paper");
		start("Invoice 2").nodeError(this.node, "Out of ink");
		browser.awaitText("#attention-list", "Invoice 1");
		browser.awaitText("#attention-list", "Invoice 2");
		browser.script("document.querySelector(`#attention-list a[data-task='" + first.taskId() + "']`).focus()");
		finish(first.nodeStart(this.node));
		await().until(() -> browser.texts("#attention-list .task-link").stream().noneMatch("Invoice 1"::equals));
		assertThat(browser.focused().getDomAttribute("class")).isEqualTo("task-link");
		finish(start("Invoice 3"));
	}

	@Test
	void neitherShowsNorCountsWhatIsRepeatedAfterATaskHasLeft() {
		int before = counted("succeeded");
		Updates task = Updates.of(this.node + "-evicted");
		this.board.apply(task.end("1"));
		for (int i = 0; i < 5; i++) {
			this.board.apply(Updates.of(this.node + i).end("1"));
		}
		this.board.apply(task.nodeStart("late"));
		this.board.apply(task.end("1"));
		start("Invoice 7");
		browser.awaitText("#rows .task-link", "Invoice 7");
		assertThat(browser.texts("#rows .task-link")).doesNotContain(this.node + "-evicted");
		assertThat(counted("succeeded")).isEqualTo(before + 6);
	}

	@Test
	void findsTasksByNodesAndErrorsOfThePast() {
		finish(start("Invoice 1").nodeError(this.node, "Out of paper").nodeStart(this.node));
		start("Order 1");
		awaitTasks(2);
		browser.find("input[name=q]").sendKeys(" paper");
		awaitTasks(1);
		assertThat(browser.texts("#rows .task-link")).containsExactly("Invoice 1");
	}

	@Test
	void sortsByAColumn() {
		start("Invoice 10");
		start("Invoice 9");
		start("Order 1").fail("no");
		awaitTasks(3);
		browser.find("button[data-sort=name]").click();
		await().until(() -> browser.texts("#rows .task-link"), List.of("Invoice 9", "Invoice 10", "Order 1")::equals);
		browser.find("th[aria-sort=ascending] button[data-sort=name]").click();
		await().until(() -> browser.texts("#rows .task-link"), List.of("Order 1", "Invoice 10", "Invoice 9")::equals);
		assertThat(browser.address()).endsWith("&sort=-name");
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
		assertThat(browser.address()).endsWith("&tz=UTC");
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
		browser.open(address() + "?kiosk");
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
		awaitTasks(1);
		assertThat(browser.texts("#rows .task-link")).containsExactly("Invoice failed");
		browser.find("input[value=aborted] + span").click();
		awaitTasks(2);
		browser.find("input[name=q]").sendKeys(" ORDER");
		awaitTasks(1);
		assertThat(browser.texts("#rows .task-link")).containsExactly("Order aborted");
		start("Order running");
		awaitTasks(1);
		browser.find("#clear-filter").click();
		await().until(() -> browser.texts("#rows tr").size() > 5);
		assertThat(browser.address()).isEqualTo(address());
	}

	@Test
	void saysThatNothingMatches() {
		playOneOfEach();
		browser.find("input[name=q]").sendKeys("nothing like it");
		browser.awaitText("#empty-title", "No task matches");
		browser.find("#empty-clear").click();
		browser.find("#rows .task-link");
		assertThat(browser.address()).isEqualTo(address());
	}

	@Test
	void keepsWhatIsLookedAtOverAReload() {
		playOneOfEach();
		browser.find("input[value=failed] + span").click();
		awaitTasks(1);
		browser.find("#rows .task-link").click();
		browser.awaitText("#panel", "No such supplier");
		String address = browser.address();
		browser.reload();
		browser.awaitText("#panel", "No such supplier");
		awaitTasks(1);
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
	}

	@Test
	void showsThatThePlatformIsAwayAndHeals() {
		TaskScript task = start("Invoice 7");
		browser.awaitText("#rows .name-line", "Invoice 7");
		this.platform.stop();
		browser.find("#watcher[data-tone=bad]");
		browser.awaitText("#watcher-line", "attempt");
		this.platform.start();
		browser.awaitText("#watcher[data-tone=good]", "Connected");
		finish(task);
		browser.awaitText("#rows tr[data-state=succeeded] .name-line", "Invoice 7");
		assertThat(browser.texts("#rows .badge")).isEmpty();
	}

}
