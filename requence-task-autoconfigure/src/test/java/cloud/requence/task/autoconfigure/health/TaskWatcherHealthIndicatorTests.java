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

package cloud.requence.task.autoconfigure.health;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.Status;

import cloud.requence.task.TaskWatcher;
import cloud.requence.task.TaskWatcherStatus;
import cloud.requence.task.TaskWatcherStatus.Checkpoint;
import cloud.requence.task.TaskWatcherStatus.State;
import cloud.requence.task.TaskWatcherStoppedEvent.Reason;
import cloud.requence.task.TestStatus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;
import static org.mockito.BDDMockito.given;
import static org.mockito.Mockito.mock;

/**
 * Tests for {@link TaskWatcherHealthIndicator}.
 */
class TaskWatcherHealthIndicatorTests {

	private static final Instant NOW = Instant.parse("2026-11-24T10:00:00Z");

	private static final Duration DOWN_AFTER = Duration.ofMinutes(1);

	private static final Duration STUCK_AFTER = Duration.ofMinutes(5);

	private static Health health(TestStatus status) {
		TaskWatcherStatus built = status.build();
		TaskWatcher watcher = mock(TaskWatcher.class);
		given(watcher.status()).willReturn(built);
		Health health = new TaskWatcherHealthIndicator(watcher, DOWN_AFTER, STUCK_AFTER,
				Clock.fixed(NOW, ZoneOffset.UTC))
			.health();
		assertThat(health).isNotNull();
		return health;
	}

	private static Instant ago(int seconds) {
		return NOW.minusSeconds(seconds);
	}

	static Stream<Arguments> situations() {
		return Stream.of(arguments("streaming", TestStatus.of(State.STREAMING).connectedSince(ago(5)), Status.UP, null),
				arguments("paused", TestStatus.of(State.PAUSED).everConnected().disconnectedSince(ago(500)), Status.UP,
						null),
				arguments("stands by", TestStatus.of(State.STANDBY).disconnectedSince(ago(500)), Status.UP, null),
				arguments("never started", TestStatus.of(State.STOPPED).notRunning(false, null), Status.UP, null),
				arguments("stopped by hand",
						TestStatus.of(State.STOPPED).notRunning(false, Reason.NORMAL).disconnectedSince(ago(500)),
						Status.UP, null),
				arguments("stopped on a failure", TestStatus.of(State.STOPPED).notRunning(true, Reason.FAILURE),
						Status.DOWN, "it has stopped although it should run"),
				arguments("first attempt", TestStatus.of(State.CONNECTING).disconnectedSince(ago(5)), Status.UNKNOWN,
						null),
				arguments("first attempts fail", TestStatus.of(State.BACKING_OFF).disconnectedSince(ago(60)),
						Status.UNKNOWN, null),
				arguments("first attempts have failed", TestStatus.of(State.BACKING_OFF).disconnectedSince(ago(61)),
						Status.DOWN, "it has had no connection for more than PT1M"),
				arguments("connection lost",
						TestStatus.of(State.BACKING_OFF).everConnected().disconnectedSince(ago(60)), Status.UP, null),
				arguments("connection lost for long",
						TestStatus.of(State.BACKING_OFF).everConnected().disconnectedSince(ago(61)), Status.DOWN,
						"it has had no connection for more than PT1M"),
				arguments("connecting for long",
						TestStatus.of(State.CONNECTING).everConnected().disconnectedSince(ago(61)), Status.DOWN,
						"it has had no connection for more than PT1M"),
				arguments("refused", TestStatus.of(State.REFUSED).everConnected().disconnectedSince(ago(1)),
						Status.DOWN, "the platform refuses the access token"),
				arguments("busy listener",
						TestStatus.of(State.STREAMING).connectedSince(ago(500)).deliveringSince(ago(300)), Status.UP,
						null),
				arguments("stuck listener",
						TestStatus.of(State.STREAMING).connectedSince(ago(500)).deliveringSince(ago(301)), Status.DOWN,
						"listeners have been handling the same update for more than PT5M"),
				arguments("stalled for a while",
						TestStatus.of(State.STREAMING).connectedSince(ago(500)).stall(ago(300), "none is delivered"),
						Status.UP, null),
				arguments("stalled",
						TestStatus.of(State.STREAMING).connectedSince(ago(500)).stall(ago(301), "none is delivered"),
						Status.DOWN, "none is delivered, for more than PT5M"),
				arguments("stalled leader that stands by again",
						TestStatus.of(State.STANDBY).stall(ago(301), "it should watch and cannot"), Status.DOWN,
						"it should watch and cannot, for more than PT5M"),
				arguments("stuck listener in a pause", TestStatus.of(State.PAUSED).deliveringSince(ago(301)),
						Status.DOWN, "listeners have been handling the same update for more than PT5M"));
	}

	@ParameterizedTest(name = "{0} is {2}")
	@MethodSource("situations")
	void judges(String situation, TestStatus status, Status expected, @Nullable String problem) {
		Health health = health(status);
		assertThat(health.getStatus()).isEqualTo(expected);
		assertThat(health.getDetails().get("problem")).isEqualTo(problem);
	}

	@Test
	void tellsHowManyAcknowledgementsTheApplicationHasNotMade() {
		Health health = health(TestStatus.of(State.STREAMING).connectedSince(ago(5)));
		assertThat(health.getStatus()).isEqualTo(Status.UP);
		assertThat(health.getDetails()).containsEntry("acknowledgementsAwaited", 3);
	}

	@ParameterizedTest
	@EnumSource
	void tellsTheStateAndPositions(State state) {
		assertThat(health(TestStatus.of(state)).getDetails()).containsEntry("state", state)
			.containsEntry("since", Instant.EPOCH)
			.containsEntry("receivedPosition", 12L)
			.containsEntry("deliveredPosition", 11L)
			.containsEntry("caughtUp", true)
			.containsEntry("backlog", 7)
			.containsEntry("gaps", 0L)
			.doesNotContainKeys("lastError", "lastErrorStatus", "stopReason", "outcomeUnknown", "checkpointPosition",
					"checkpointError", "subscribersWithoutDemand");
	}

	@Test
	void namesSubscribersThatTheDeliveryWaitsFor() {
		assertThat(health(TestStatus.of(State.STREAMING).subscribers("Main.main(Main.java:7)")).getDetails())
			.containsEntry("subscribersWithoutDemand", List.of("Main.main(Main.java:7)"));
	}

	@Test
	void tellsWhatIsWrongByItsKindOnly() {
		Health health = health(TestStatus.of(State.STOPPED)
			.notRunning(true, Reason.FAILURE)
			.lastError("REJECTED", 503)
			.outcomeUnknown("asynchronous")
			.checkpoint(new Checkpoint(10L, NOW, 1, 0, "IOException")));
		assertThat(health.getDetails()).containsEntry("lastError", "REJECTED")
			.containsEntry("lastErrorStatus", 503)
			.containsEntry("stopReason", Reason.FAILURE)
			.containsEntry("outcomeUnknown", "asynchronous")
			.containsEntry("checkpointPosition", 10L)
			.containsEntry("checkpointError", "IOException")
			.doesNotContainValue("private text");
	}

}
