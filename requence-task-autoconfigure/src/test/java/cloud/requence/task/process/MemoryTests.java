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

package cloud.requence.task.process;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import cloud.requence.emulator.EmulatorLimits;
import cloud.requence.emulator.RequenceEmulator;
import cloud.requence.emulator.TaskScript;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Applications with little memory that have much to remember or much to catch up on. The
 * system property {@code requence.large-values} set to {@code true} makes both larger.
 */
class MemoryTests {

	private static final Log logger = LogFactory.getLog(MemoryTests.class);

	private static final boolean LARGE = Boolean.getBoolean("requence.large-values");

	private static final Duration PATIENCE = Duration.ofMinutes(3);

	// The values are shared, and hold less memory than their updates have bytes
	private static final EmulatorLimits LIMITS = EmulatorLimits.large().withUpdateBytes(1L << 32);

	@Test
	void openTasksFitIntoASmallHeap(@TempDir Path directory) throws Exception {
		try (RequenceEmulator emulator = RequenceEmulator.builder().limits(LIMITS).build().start()) {
			int tasks = LARGE ? 200_000 : 40_000;
			// One string for all inputs: it is the application's memory that counts
			Map<String, String> input = Map.of("text", "x".repeat(2000));
			try (ChildApplication application = new ChildApplication(directory, emulator.accessToken(),
					List.of(LARGE ? "-Xmx256m" : "-Xmx96m"))) {
				application.awaitLog("is connected");
				for (int i = 0; i < tasks; i++) {
					emulator.task("scan").input(input).start();
				}
				emulator.task("scan").start().nodeEnd("marker");
				String report = application.awaitReport(PATIENCE);
				logger.info(tasks + " open tasks: " + report);
				assertThat(report).startsWith("count=" + (tasks + 2) + " ").doesNotContain("evicted=0 ");
				assertThat(application.log()).doesNotContain("OutOfMemoryError").doesNotContain("ERROR");
			}
		}
	}

	@Test
	void aBacklogOfLargeInputsFitsIntoASmallHeap(@TempDir Path directory) throws Exception {
		try (RequenceEmulator emulator = RequenceEmulator.builder().limits(LIMITS).build().start()) {
			int tasks = LARGE ? 2000 : 1000;
			Map<String, String> input = Map.of("image", "x".repeat(60_000));
			for (int i = 0; i < tasks; i++) {
				TaskScript task = emulator.task("scan").input(input).start();
				task.nodeStart("read").nodeEnd("read").end(Map.of("pages", i));
			}
			emulator.task("scan").start().nodeEnd("marker");
			try (ChildApplication application = new ChildApplication(directory, emulator.accessToken(),
					List.of(LARGE ? "-Xmx192m" : "-Xmx96m"), "--pause=250us")) {
				String report = application.awaitReport(PATIENCE);
				logger.info("A backlog of " + tasks + " tasks with 60 KB each: " + report);
				assertThat(report).startsWith("count=" + (4 * tasks + 2) + " incomplete=0 ");
				assertThat(application.log()).doesNotContain("OutOfMemoryError").doesNotContain("ERROR");
			}
		}
	}

	@Test
	void anEventThatDoesNotFitIntoTheHeapIsSkipped(@TempDir Path directory) throws Exception {
		try (RequenceEmulator emulator = RequenceEmulator.builder().limits(LIMITS).build().start()) {
			TaskScript task = emulator.task("scan").start();
			task.nodeUpdate("read", "x".repeat(60 * 1024 * 1024));
			task.nodeUpdate("read", "x".repeat(512 * 1024)).nodeEnd("marker");
			try (ChildApplication application = new ChildApplication(directory, emulator.accessToken(),
					List.of("-Xmx96m"), "--requence.task.connection.max-event-size=64MB",
					"--requence.task.reconnect.delay=50ms")) {
				assertThat(application.awaitReport(PATIENCE)).startsWith("count=3 incomplete=0 ");
				assertThat(application.log()).contains("which does not fit into the heap");
			}
		}
	}

}
