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
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import cloud.requence.samples.dashboard.board.TaskBoard;
import cloud.requence.samples.dashboard.support.RunningDashboard;
import cloud.requence.samples.dashboard.support.Updates;
import cloud.requence.samples.dashboard.support.Viewers;
import com.sun.management.OperatingSystemMXBean;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Follows 10,000 running tasks with 200 updates a second. In its long form it measures
 * what a browser and the server need for that, and writes the figures to
 * {@code target/board-load.txt}.
 */
class BoardLoadTests extends AbstractPageTests {

	private static final int TASKS = 10_000;

	private static final int UPDATES_PER_SECOND = 200;

	private static final long SECONDS = Long.getLong("requence.dashboard-load-seconds", 2);

	private static final int VIEWERS = Integer.getInteger("requence.dashboard-viewers", 20);

	private static RunningDashboard own;

	private final ScheduledExecutorService updates = Executors.newSingleThreadScheduledExecutor();

	private final AtomicInteger next = new AtomicInteger();

	@BeforeAll
	static void fillBoard() {
		own = RunningDashboard.startWithEmulatorInside("--dashboard.update-interval=200ms");
		TaskBoard board = own.bean(TaskBoard.class);
		for (int i = 0; i < TASKS; i++) {
			board.apply(Updates.of("task " + i).start());
			board.apply(Updates.of("task " + i).nodeStart("scan"));
		}
	}

	@AfterAll
	static void closeBoard() {
		own.close();
	}

	@Override
	RunningDashboard dashboard() {
		this.updates.scheduleAtFixedRate(this::update, 0, 1_000_000 / UPDATES_PER_SECOND, TimeUnit.MICROSECONDS);
		return own;
	}

	/**
	 * One update. The tasks are in no order, and each has updates of several kinds.
	 */
	private void update() {
		int number = this.next.getAndIncrement();
		Updates task = Updates.of("task " + (number * 7919L) % TASKS).named(Viewers.SENT + System.currentTimeMillis());
		TaskBoard board = own.bean(TaskBoard.class);
		switch (number % 4) {
			case 0 -> board.apply(task.nodeStart("check"));
			case 1 -> board.apply(task.nodeUpdate("check", "{\"pages\": 3}"));
			case 2 -> board.apply(task.nodeEnd("check"));
			default -> board.apply(task.nodeError("check", "Out of paper " + number));
		}
	}

	@AfterEach
	void stopUpdates() {
		this.updates.shutdownNow();
	}

	@ParameterizedTest
	@ValueSource(strings = { "at rest", "scrolled" })
	void aPageFollows(String use) throws IOException {
		browser.awaitText("#count-running", "10,000");
		browser.script("""
				window.frames = [];
				let last = performance.now();
				const scrolled = arguments[0] === 'scrolled';
				const frame = (time) => {
					frames.push(time - last);
					last = time;
					if (scrolled) {
						scrollBy(0, Math.floor(time / 5000) % 2 ? -40 : 40);
					}
					requestAnimationFrame(frame);
				};
				requestAnimationFrame(frame)""", use);
		Map<String, Double> before = browser.metrics();
		await().pollInterval(Duration.ofMillis(200)).atMost(Duration.ofSeconds(SECONDS + 30)).until(() -> {
			Object sum = browser.script("return frames.reduce((sum, time) => sum + time, 0)");
			return ((Number) Objects.requireNonNull(sum)).doubleValue() > SECONDS * 1000;
		});
		Map<String, Double> after = browser.metrics();
		List<Double> frames = ((List<?>) Objects.requireNonNull(browser.script("return frames"))).stream()
			.map((time) -> ((Number) time).doubleValue())
			.sorted()
			.toList();
		double seconds = after.get("Timestamp") - before.get("Timestamp");
		write("page %s: frames p50 %.1f ms, p95 %.1f ms, p99 %.1f ms, worst %.1f ms, %d of %d longer than 50 ms; main thread %.0f ms/s"
				+ " (script %.0f, style and layout %.0f); heap %.1f MB", use, Viewers.percentile(frames, 0.5),
				Viewers.percentile(frames, 0.95), Viewers.percentile(frames, 0.99), Viewers.percentile(frames, 1),
				frames.stream().filter((time) -> time > 50).count(), frames.size(),
				perSecond("TaskDuration", before, after, seconds), perSecond("ScriptDuration", before, after, seconds),
				perSecond("LayoutDuration", before, after, seconds)
						+ perSecond("RecalcStyleDuration", before, after, seconds),
				after.get("JSHeapUsedSize") / 1_000_000);
		this.updates.shutdownNow();
		this.board.apply(Updates.of(use).fail("The last one " + use));
		browser.awaitText("#attention-list", "The last one " + use);
		assertThat(
				((Number) Objects.requireNonNull(browser.script("return document.querySelectorAll('#rows tr').length")))
					.intValue())
			.isLessThan(80);
	}

	@Test
	void manyViewersFollow() throws Exception {
		browser.open("about:blank");
		OperatingSystemMXBean system = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
		try (Viewers viewers = Viewers.start(own.address("/api/board"), VIEWERS)) {
			long cpu = system.getProcessCpuTime();
			long start = System.nanoTime();
			int first = this.next.get();
			await().pollInterval(Duration.ofMillis(100))
				.atMost(Duration.ofSeconds(SECONDS + 30))
				.until(() -> System.nanoTime() - start > SECONDS * 1_000_000_000L);
			double seconds = (System.nanoTime() - start) / 1e9;
			double cores = (system.getProcessCpuTime() - cpu) / 1e9 / seconds;
			int sent = this.next.get() - first;
			Viewers.Received received = viewers.stop();
			System.gc();
			long heap = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
			write("%d viewers: %.2f cores of the server, %.0f MB of heap after a collection; each received %.1f messages a second; "
					+ "age of an update: p50 %d ms, p99 %d ms, worst %d ms", VIEWERS, cores, heap / 1e6,
					received.messages() / seconds / VIEWERS, received.p50(), received.p99(), received.worst());
			// What is on its way at the end is not counted
			assertThat(received.updates()).isBetween((long) VIEWERS * sent / 2,
					(long) VIEWERS * (sent + 5 * UPDATES_PER_SECOND));
		}
	}

	private static double perSecond(String metric, Map<String, Double> before, Map<String, Double> after,
			double seconds) {
		return (after.get(metric) - before.get(metric)) * 1000 / seconds;
	}

	private static void write(String format, Object... values) throws IOException {
		String line = String.format(Locale.ROOT, format, values) + "\n";
		Path file = Path.of("target", "board-load.txt");
		Files.writeString(file, line, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
	}

}
