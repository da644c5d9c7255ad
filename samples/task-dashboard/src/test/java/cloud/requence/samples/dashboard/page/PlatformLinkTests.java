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

import cloud.requence.emulator.RequenceEmulator;
import cloud.requence.emulator.TaskScript;
import cloud.requence.samples.dashboard.board.TaskBoard;
import cloud.requence.samples.dashboard.support.Browser;
import cloud.requence.samples.dashboard.support.RunningDashboard;
import cloud.requence.samples.dashboard.support.SharedFixtures;
import cloud.requence.samples.dashboard.support.Updates;
import org.junit.jupiter.api.Test;
import org.openqa.selenium.WebElement;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests in a browser for the link to the platform.
 */
class PlatformLinkTests {

	@Test
	void leadsToTheTaskAndItsRoot() throws IOException {
		try (RequenceEmulator platform = RequenceEmulator.builder().build().start();
				RunningDashboard board = RunningDashboard.start(platform,
						"--dashboard.platform-url=https://platform.example.com/{rootTaskId}/task?id={taskId}")) {
			Browser browser = SharedFixtures.browser();
			browser.usualSize();
			TaskScript root = platform.task("invoice").start();
			TaskScript task = platform.task("invoice").subTaskOf(root).start();
			browser.open(board.address("/?task={id}", task.taskId()).toString());
			WebElement link = browser.awaitText("#panel .facts a[target=_blank]", "Open the task there");
			assertThat(link.getDomAttribute("href"))
				.isEqualTo("https://platform.example.com/" + root.taskId() + "/task?id=" + task.taskId());
			assertThat(link.getDomAttribute("rel")).isEqualTo("noopener");
			String hostile = "a?b#c\"<{rootTaskId}>";
			board.bean(TaskBoard.class).apply(Updates.of(hostile).nodeStart("scan"));
			browser.open(board.address("/?task={id}", hostile).toString());
			String encoded = "a%3Fb%23c%22%3C%7BrootTaskId%7D%3E";
			assertThat(
					browser.awaitText("#panel .facts a[target=_blank]", "Open the task there").getDomAttribute("href"))
				.isEqualTo("https://platform.example.com/" + encoded + "/task?id=" + encoded);
			assertThat(browser.errors()).isEmpty();
			browser.open("about:blank");
		}
	}

}
