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

package cloud.requence.samples.dashboard.watcher;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import cloud.requence.samples.dashboard.support.Updates;
import cloud.requence.task.TaskUpdateFailedEvent;
import cloud.requence.task.TaskWatcher;
import cloud.requence.task.TaskWatcherCaughtUpEvent;
import cloud.requence.task.TaskWatcherConnectedEvent;
import cloud.requence.task.TaskWatcherErrorEvent;
import cloud.requence.task.TaskWatcherEvent;
import cloud.requence.task.TaskWatcherIdleEvent;
import cloud.requence.task.TaskWatcherNoLongerIdleEvent;
import cloud.requence.task.TaskWatcherReconnectingEvent;
import cloud.requence.task.TaskWatcherStatus;
import cloud.requence.task.TaskWatcherStoppedEvent;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;
import static org.mockito.Mockito.mock;

/**
 * Tests for {@link WatcherMonitor}.
 */
class WatcherMonitorTests {

	private static final TaskWatcher WATCHER = mock(TaskWatcher.class);

	private static final Duration DELAY = Duration.ofMillis(2700);

	private final WatcherMonitor monitor = new WatcherMonitor(() -> {
		throw new IllegalStateException();
	}, Clock.systemUTC());

	static Stream<Object> events() {
		return Stream.of(news(new TaskWatcherConnectedEvent(WATCHER, Duration.ZERO, 1, false), "good", "Connected"),
				news(new TaskWatcherConnectedEvent(WATCHER, DELAY, 3, false), "good", "Connected after 3 s without"),
				news(new TaskWatcherCaughtUpEvent(WATCHER), "good", "Caught up with the platform"),
				news(new TaskWatcherReconnectingEvent(WATCHER, 4, DELAY, "refused"), "bad",
						"Attempt 4 follows in 3 s: refused"),
				news(new TaskWatcherErrorEvent(WATCHER, 503, "maintenance", true), "bad",
						"The platform cannot be reached: maintenance"),
				news(new TaskWatcherErrorEvent(WATCHER, 401, "unknown token", false), "bad",
						"Status 401: unknown token"),
				news(new TaskWatcherErrorEvent(WATCHER, null, "no event stream", false), "bad", "no event stream"),
				news(new TaskWatcherIdleEvent(WATCHER, DELAY), "info", "No update for 3 s"),
				news(new TaskWatcherNoLongerIdleEvent(WATCHER, DELAY), "info", "Updates again after 3 s"),
				news(new TaskUpdateFailedEvent(WATCHER, Updates.of("task").start(), new IllegalStateException("x")),
						"bad", "An update has failed: IllegalStateException"),
				news(new TaskWatcherStoppedEvent(WATCHER, TaskWatcherStoppedEvent.Reason.NORMAL), "info",
						"Stopped: NORMAL"),
				news(new TaskWatcherStoppedEvent(WATCHER, TaskWatcherStoppedEvent.Reason.FAILURE), "bad",
						"Stopped: FAILURE"));
	}

	private static Object news(TaskWatcherEvent event, String level, String text) {
		return argumentSet(text, event, level, text);
	}

	@ParameterizedTest
	@MethodSource("events")
	void tellsEventsInWords(TaskWatcherEvent event, String level, String text) {
		this.monitor.tell(event);
		assertThat(this.monitor.news()).singleElement().satisfies((item) -> {
			assertThat(item.level().name()).isEqualToIgnoringCase(level);
			assertThat(item.text()).isEqualTo(text);
		});
	}

	@Test
	void remembersTheLatestOnly() {
		IntStream.range(0, 100)
			.forEach((i) -> this.monitor.tell(new TaskWatcherErrorEvent(WATCHER, null, "error " + i, false)));
		assertThat(this.monitor.news()).hasSize(30);
		assertThat(this.monitor.news().get(0).text()).isEqualTo("error 99");
	}

	@Test
	void tellsWhenTheNextAttemptIsMade() {
		Instant since = Instant.parse("2026-11-24T10:00:00Z");
		WatcherView view = WatcherView.of(new TaskWatcherStatus("watcher", TaskWatcherStatus.State.BACKING_OFF, since,
				true, true, null, 7L, 6L, null, false,
				new TaskWatcherStatus.CatchUp(since, 1000, Duration.ofHours(2), 99.6, Duration.ofMinutes(3)),
				new TaskWatcherStatus.Connection(null, since, true, null, null, 2, 3, 4, DELAY, "refused",
						"UNREACHABLE", 503),
				new TaskWatcherStatus.Updates(10, 6, 0, 1, 0, 2, 3, 4),
				new TaskWatcherStatus.Backlog(5, 100, null, since, 0, false, List.of()),
				new TaskWatcherStatus.Contexts(0, 0, 0), new TaskWatcherStatus.Acknowledgements(0, 0, 0, 0, 0),
				new TaskWatcherStatus.Gaps(0, null), null), since.plusSeconds(6));
		assertThat(view).isEqualTo(new WatcherView(TaskWatcherStatus.State.BACKING_OFF, since.toEpochMilli(), 3,
				since.plus(DELAY).toEpochMilli(), "refused", 503, false,
				new WatcherView.CatchUp(1000, 7_200_000, 100, 180_000L), 5, 7L, 2, 10, 2, 7, 1, null,
				since.toEpochMilli(), 0));
	}

}
