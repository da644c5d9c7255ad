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

package cloud.requence.task.autoconfigure.metrics;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MockClock;
import io.micrometer.core.instrument.simple.SimpleConfig;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

import cloud.requence.task.TaskWatcher;
import cloud.requence.task.TaskWatcherStatus.CatchUp;
import cloud.requence.task.TaskWatcherStatus.Checkpoint;
import cloud.requence.task.TaskWatcherStatus.State;
import cloud.requence.task.TestStatus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.BDDMockito.given;
import static org.mockito.Mockito.mock;

/**
 * Tests for {@link TaskWatcherMetrics} and {@link StatusMeters}.
 */
class StatusMetersTests {

	private final MockClock clock = new MockClock();

	private final SimpleMeterRegistry registry = new SimpleMeterRegistry(SimpleConfig.DEFAULT, this.clock);

	private final TaskWatcher watcher = mock(TaskWatcher.class);

	private void bind(TestStatus status) {
		given(this.watcher.name()).willReturn("my-watcher");
		is(status);
		new TaskWatcherMetrics(() -> List.of(this.watcher)).bindTo(this.registry);
	}

	private void is(TestStatus status) {
		given(this.watcher.status()).willReturn(status.build());
	}

	private double value(String name, String... tags) {
		return this.registry.get("requence.task." + name)
			.tag("watcher", "my-watcher")
			.tags(tags)
			.meter()
			.measure()
			.iterator()
			.next()
			.getValue();
	}

	private Instant ago(Duration duration) {
		return Instant.ofEpochMilli(this.clock.wallTime()).minus(duration);
	}

	@ParameterizedTest
	@CsvSource({ "watcher.expected, 1", "watcher.caught.up, 1", "watcher.behind, 0", "watcher.catch.up.rate, 0",
			"watcher.catch.up.remaining, 0", "position.received, 12", "position.delivered, 11", "connection.opened, 3",
			"connection.failed, 2", "connection.outage, 0", "frames, 100", "delivery.retries, 3",
			"delivery.in.progress, 0", "backlog.updates, 7", "backlog.size, 700", "contexts.tasks, 8",
			"contexts.size, 800", "contexts.evicted, 9", "acknowledgements.pending, 10",
			"acknowledgements.awaited, 3" })
	void tellsWhatTheStatusTells(String name, double expected) {
		bind(TestStatus.of(State.STREAMING));
		assertThat(value(name)).isEqualTo(expected);
	}

	@ParameterizedTest
	@CsvSource({ "frames.dropped, reason, repeat, 4", "frames.dropped, reason, malformed, 5",
			"frames.dropped, reason, oversized, 6", "acknowledgements, outcome, sent, 20",
			"acknowledgements, outcome, failed, 1", "acknowledgements, outcome, left, 2" })
	void tellsItByReasonAndOutcome(String name, String key, String tag, double expected) {
		bind(TestStatus.of(State.STREAMING));
		assertThat(value(name, key, tag)).isEqualTo(expected);
	}

	@ParameterizedTest
	@EnumSource
	void hasOneStateAtATime(State state) {
		bind(TestStatus.of(State.STOPPED));
		is(TestStatus.of(state));
		for (State candidate : State.values()) {
			assertThat(value("watcher.state", "state", candidate.name())).isEqualTo((candidate == state) ? 1 : 0);
		}
	}

	@Test
	void tellsHowFarItIsWhileItCatchesUp() {
		bind(TestStatus.of(State.STREAMING)
			.catchUp(new CatchUp(Instant.EPOCH, 1000, Duration.ofMinutes(2), 99.5, Duration.ofMillis(2500))));
		assertThat(value("watcher.caught.up")).isZero();
		assertThat(value("watcher.behind")).isEqualTo(120);
		assertThat(value("watcher.catch.up.rate")).isEqualTo(99.5);
		assertThat(value("watcher.catch.up.remaining")).isEqualTo(2.5);
		is(TestStatus.of(State.STREAMING).catchUp(new CatchUp(Instant.EPOCH, 1000, Duration.ofMinutes(2), 0, null)));
		assertThat(value("watcher.catch.up.remaining")).isNaN();
	}

	@Test
	void tellsForHowLongTheConnectionIsSilent() {
		bind(TestStatus.of(State.STREAMING)
			.connectedSince(ago(Duration.ofHours(1)))
			.lastByte(ago(Duration.ofMillis(1500))));
		assertThat(value("connection.silence")).isEqualTo(1.5);
		this.clock.add(1, TimeUnit.SECONDS);
		assertThat(value("connection.silence")).isEqualTo(2.5);
		is(TestStatus.of(State.CONNECTING).lastByte(ago(Duration.ofSeconds(1))));
		assertThat(value("connection.silence")).isNaN();
	}

	@Test
	void doesNotTakeAnOutageForSilenceOfTheNextConnection() {
		bind(TestStatus.of(State.STREAMING)
			.connectedSince(ago(Duration.ofSeconds(2)))
			.lastByte(ago(Duration.ofHours(1))));
		assertThat(value("connection.silence")).isEqualTo(2);
		is(TestStatus.of(State.STREAMING).connectedSince(ago(Duration.ofSeconds(3))));
		assertThat(value("connection.silence")).isEqualTo(3);
	}

	@ParameterizedTest
	@CsvSource({ "CONNECTING, 3", "BACKING_OFF, 3", "REFUSED, 3", "PAUSED, 0", "STOPPED, 0", "STANDBY, 0" })
	void tellsAnOutageOnlyIfThereShouldBeAConnection(State state, double expected) {
		bind(TestStatus.of(state).disconnectedSince(ago(Duration.ofSeconds(3))));
		assertThat(value("connection.outage")).isEqualTo(expected);
	}

	@Test
	void tellsForHowLongAnUpdateIsInHand() {
		bind(TestStatus.of(State.STREAMING).deliveringSince(ago(Duration.ofSeconds(4))));
		assertThat(value("delivery.in.progress")).isEqualTo(4);
	}

	@Test
	void tellsOfTheCheckpoint() {
		bind(TestStatus.of(State.STREAMING)
			.checkpoint(new Checkpoint(10L, ago(Duration.ofSeconds(2)), 5, 1, "IOException")));
		assertThat(value("checkpoint.position")).isEqualTo(10);
		assertThat(value("checkpoint.age")).isEqualTo(2);
		assertThat(value("checkpoint.unsaved")).isEqualTo(5);
		assertThat(value("checkpoint.failing")).isOne();
	}

	@Test
	void doesNotKnowTheAgeOfACheckpointThatWasNeverSaved() {
		bind(TestStatus.of(State.STREAMING).checkpoint(new Checkpoint(null, null, 0, 0, null)));
		assertThat(value("checkpoint.position")).isNaN();
		assertThat(value("checkpoint.age")).isNaN();
		assertThat(value("checkpoint.failing")).isZero();
	}

	@Test
	void tellsNothingOfCheckpointsWithoutAStore() {
		bind(TestStatus.of(State.STREAMING));
		assertThat(this.registry.getMeters()).extracting(Meter::getId)
			.extracting(Meter.Id::getName)
			.noneMatch((name) -> name.contains("checkpoint"));
	}

}
