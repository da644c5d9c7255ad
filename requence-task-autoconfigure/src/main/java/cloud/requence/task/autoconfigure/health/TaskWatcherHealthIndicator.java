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

import org.jspecify.annotations.Nullable;

import org.springframework.boot.health.contributor.AbstractHealthIndicator;
import org.springframework.boot.health.contributor.Health;

import cloud.requence.task.TaskWatcher;
import cloud.requence.task.TaskWatcherStatus;
import cloud.requence.task.TaskWatcherStatus.Backlog;
import cloud.requence.task.TaskWatcherStatus.Checkpoint;
import cloud.requence.task.TaskWatcherStatus.Connection;
import cloud.requence.task.TaskWatcherStatus.Stall;

/**
 * Compares the state of a watcher with its expected state, from memory. A watcher that
 * was stopped or paused by hand is healthy, and so is one that stands by.
 */
final class TaskWatcherHealthIndicator extends AbstractHealthIndicator {

	private final TaskWatcher watcher;

	private final Duration downAfter;

	private final Duration stuckAfter;

	private final Clock clock;

	/**
	 * Create an indicator.
	 * @param watcher the watcher
	 * @param downAfter how long it may be without a connection
	 * @param stuckAfter how long listeners may handle one update
	 * @param clock the clock
	 */
	TaskWatcherHealthIndicator(TaskWatcher watcher, Duration downAfter, Duration stuckAfter, Clock clock) {
		this.watcher = watcher;
		this.downAfter = downAfter;
		this.stuckAfter = stuckAfter;
		this.clock = clock;
	}

	@Override
	protected void doHealthCheck(Health.Builder builder) {
		TaskWatcherStatus status = this.watcher.status();
		if (status == null) {
			// A mock
			builder.unknown();
			return;
		}
		String problem = problem(status);
		if (problem != null) {
			builder.down().withDetail("problem", problem);
		}
		else if (isBeforeFirstSuccess(status)) {
			builder.unknown();
		}
		else {
			builder.up();
		}
		addDetails(builder, status);
	}

	private @Nullable String problem(TaskWatcherStatus status) {
		if (!status.running()) {
			return status.expectedToRun() ? "it has stopped although it should run" : null;
		}
		if (isLongerAgo(status.backlog().deliveringSince(), this.stuckAfter)) {
			return "listeners have been handling the same update for more than " + this.stuckAfter;
		}
		Stall stall = status.stall();
		if (stall != null && isLongerAgo(stall.since(), this.stuckAfter)) {
			return stall.reason() + ", for more than " + this.stuckAfter;
		}
		return switch (status.state()) {
			case REFUSED -> "the platform refuses the access token";
			case CONNECTING, BACKING_OFF -> isLongerAgo(status.connection().disconnectedSince(), this.downAfter)
					? "it has had no connection for more than " + this.downAfter : null;
			case STOPPED, STREAMING, PAUSED, STANDBY -> null;
		};
	}

	private boolean isLongerAgo(@Nullable Instant since, Duration limit) {
		return since != null && Duration.between(since, this.clock.instant()).compareTo(limit) > 0;
	}

	private static boolean isBeforeFirstSuccess(TaskWatcherStatus status) {
		return status.running() && !status.connection().everConnected() && switch (status.state()) {
			case CONNECTING, BACKING_OFF -> true;
			case STOPPED, STREAMING, REFUSED, PAUSED, STANDBY -> false;
		};
	}

	private static void addDetails(Health.Builder builder, TaskWatcherStatus status) {
		Connection connection = status.connection();
		Backlog backlog = status.backlog();
		builder.withDetail("state", status.state()).withDetail("since", status.stateSince());
		add(builder, "stopReason", status.stopReason());
		add(builder, "receivedPosition", status.receivedPosition());
		add(builder, "deliveredPosition", status.deliveredPosition());
		add(builder, "lastByte", connection.lastByte());
		add(builder, "lastError", connection.lastErrorKind());
		add(builder, "lastErrorStatus", connection.lastErrorStatus());
		builder.withDetail("caughtUp", status.caughtUp()).withDetail("backlog", backlog.updates());
		add(builder, "deliveringSince", backlog.deliveringSince());
		if (!status.partitions().isEmpty()) {
			builder.withDetail("partitions", status.partitions().size());
		}
		if (!backlog.subscribers().isEmpty()) {
			builder.withDetail("subscribersWithoutDemand", backlog.subscribers());
		}
		add(builder, "outcomeUnknown", status.outcomeUnknown());
		int awaited = status.acknowledgements().awaited();
		add(builder, "acknowledgementsAwaited", (awaited > 0) ? awaited : null);
		builder.withDetail("gaps", status.gaps().count());
		add(builder, "lastGap", status.gaps().last());
		Checkpoint checkpoint = status.checkpoint();
		if (checkpoint != null) {
			add(builder, "checkpointPosition", checkpoint.position());
			add(builder, "checkpointError", checkpoint.lastError());
		}
	}

	private static void add(Health.Builder builder, String name, @Nullable Object value) {
		if (value != null) {
			builder.withDetail(name, value);
		}
	}

}
