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
import java.util.Map;

import cloud.requence.emulator.RequenceEmulator;
import cloud.requence.emulator.TaskScript;
import cloud.requence.samples.dashboard.board.TaskBoard;
import cloud.requence.samples.dashboard.support.Browser;
import cloud.requence.samples.dashboard.support.RunningDashboard;
import cloud.requence.samples.dashboard.support.SharedFixtures;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Base for tests of a page in a browser. Each begins with the board, opened anew.
 */
abstract class AbstractPageTests {

	static Browser browser;

	RequenceEmulator platform;

	TaskBoard board;

	private RunningDashboard dashboard;

	@BeforeAll
	static void startBrowser() throws IOException {
		browser = SharedFixtures.browser();
	}

	@BeforeEach
	void openPage() {
		this.dashboard = dashboard();
		this.platform = this.dashboard.platform();
		this.board = this.dashboard.bean(TaskBoard.class);
		browser.usualSize();
		browser.colorScheme("light");
		browser.open(address());
		browser.awaitText("#watcher-state", "Connected");
	}

	@AfterEach
	void checkForErrors() {
		assertThat(browser.errors()).isEmpty();
	}

	/**
	 * Return the dashboard whose page is tested.
	 */
	RunningDashboard dashboard() {
		return SharedFixtures.demo();
	}

	/**
	 * Return the node that the tasks of this test have, by which they can be found.
	 */
	String node() {
		return "scan";
	}

	String address() {
		return this.dashboard.address("/").toString();
	}

	TaskScript start(String name) {
		return this.platform.task("invoice").name(name).input(Map.of("amount", 12)).start().nodeStart(node());
	}

	TaskScript finish(TaskScript task) {
		task.nodeUpdate(node(), Map.of("pages", 3)).nodeEnd(node()).end(Map.of("booked", true));
		return task;
	}

	void playOneOfEach() {
		start("Invoice running");
		finish(start("Invoice succeeded"));
		start("Invoice failed").fail("No such supplier");
		start("Order aborted").abort("Not wanted any more");
		awaitTasks(4);
	}

	/**
	 * Wait until the table has as many tasks as expected.
	 */
	void awaitTasks(int expected) {
		browser.find("#tasks-count", (text) -> text.getText().matches(expected + "( of [\\d,]+)? tasks?"));
	}

}
