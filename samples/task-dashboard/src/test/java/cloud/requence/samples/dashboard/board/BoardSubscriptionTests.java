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

package cloud.requence.samples.dashboard.board;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;

import cloud.requence.samples.dashboard.support.MutableClock;
import cloud.requence.samples.dashboard.support.Updates;
import cloud.requence.samples.dashboard.watcher.WatcherMonitor;
import cloud.requence.task.TaskWatcher;
import cloud.requence.task.TaskWatcherCaughtUpEvent;
import cloud.requence.task.TaskWatcherStatus;
import cloud.requence.task.TaskWatcherStatus.State;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.Mockito.mock;

/**
 * Tests for {@link BoardSubscription}.
 */
class BoardSubscriptionTests {

	private final MutableClock clock = new MutableClock();

	private final TaskBoard board = new TaskBoard(BoardLimits.DEFAULT, AttentionProperties.DEFAULT, this.clock);

	private final AtomicReference<TaskWatcherStatus> status = new AtomicReference<>(status(State.CONNECTING));

	private final WatcherMonitor monitor = new WatcherMonitor(this.status::get, this.clock);

	private final BoardSource source = new BoardSource(true, "http://localhost/api", null, List.of(),
			AttentionProperties.DEFAULT.limits(), null);

	private final BoardSubscription subscription = new BoardSubscription(this.board, this.monitor, this.source,
			this.clock);

	@Test
	void tellsEverythingAtFirst() {
		this.board.apply(Updates.of("task").start());
		this.clock.advance(Duration.ofSeconds(1));
		BoardMessage message = next();
		assertThat(message.complete()).isTrue();
		assertThat(message.source()).isEqualTo(this.source);
		assertThat(message.watcher()).isNotNull();
		assertThat(message.counters()).isNotNull();
		assertThat(message.news()).isEmpty();
		assertThat(message.rate()).isNotNull();
		assertThat(message.tasks()).hasSize(1);
	}

	@Test
	void tellsNothingWhenNothingIsNew() {
		next();
		assertThat(this.subscription.next()).isNull();
	}

	@Test
	void tellsOnlyWhatIsNew() {
		next();
		this.board.apply(Updates.of("task").start());
		BoardMessage message = next();
		assertThat(message.complete()).isFalse();
		assertThat(message.tasks()).extracting(TaskRow::id).containsExactly("task");
		assertThat(message.counters()).isNotNull();
		assertThat(message.source()).isNull();
		assertThat(message.watcher()).isNull();
		assertThat(message.news()).isNull();
		assertThat(message.rate()).isNull();
		assertThat(this.subscription.next()).isNull();
	}

	@Test
	void tellsThatATaskIsProtected() {
		this.board.apply(Updates.of("task").start());
		next();
		this.board.protect("task");
		assertThat(next().tasks()).extracting(TaskRow::id).containsExactly("task");
	}

	@Test
	void tellsATaskOnceHoweverOftenItHasChanged() {
		next();
		Updates task = Updates.of("task");
		this.board.apply(task.start());
		IntStream.range(0, 1000).forEach((i) -> this.board.apply(task.nodeUpdate("scan", "1")));
		assertThat(next().tasks()).singleElement().extracting(TaskRow::updates).isEqualTo(1001L);
	}

	@Test
	void tellsTheRateOfEachSecondOnce() {
		next();
		this.board.apply(Updates.of("task").start());
		this.clock.advance(Duration.ofSeconds(2));
		UpdateRate.Points rate = next().rate();
		assertThat(rate).isNotNull();
		assertThat(rate.counts()).containsExactly(1, 0);
		this.clock.advance(Duration.ofSeconds(1));
		UpdateRate.Points later = next().rate();
		assertThat(later).isNotNull();
		assertThat(later.from()).isEqualTo(rate.next());
		assertThat(later.counts()).containsExactly(0);
	}

	@Test
	void tellsHowTheWatcherIsWhenThatHasChanged() {
		next();
		this.status.set(status(State.STREAMING));
		this.monitor.tell(new TaskWatcherCaughtUpEvent(mock(TaskWatcher.class)));
		BoardMessage message = next();
		assertThat(message.watcher()).isNotNull();
		assertThat(message.watcher().state()).isEqualTo(State.STREAMING);
		assertThat(message.news()).hasSize(1);
		assertThat(message.counters()).isNull();
	}

	private BoardMessage next() {
		@Nullable BoardMessage message = this.subscription.next();
		assertThat(message).isNotNull();
		return message;
	}

	private TaskWatcherStatus status(State state) {
		return new TaskWatcherStatus("watcher", state, this.clock.instant(), true, true, null, null, null, null, false,
				null, new TaskWatcherStatus.Connection(null, null, false, null, null, 0, 0, 0, null, null, null, null),
				new TaskWatcherStatus.Updates(0, 0, 0, 0, 0, 0, 0, 0), new TaskWatcherStatus.Backlog(0, 0, null),
				new TaskWatcherStatus.Contexts(0, 0, 0), new TaskWatcherStatus.Acknowledgements(0, 0, 0, 0, 0),
				new TaskWatcherStatus.Gaps(0, null), null);
	}

}
