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

package cloud.requence.task.watcher;

import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.function.LongSupplier;

import org.jspecify.annotations.Nullable;

import cloud.requence.task.TaskWatcherStatus;
import cloud.requence.task.acknowledgement.Acknowledger;
import cloud.requence.task.checkpoint.Checkpointer;
import cloud.requence.task.delivery.DeliveryCounters;
import cloud.requence.task.delivery.DeliveryQueue;

/**
 * Reads the state of a watcher, from memory and without waiting for a stage.
 */
final class StatusReader {

	private final String name;

	private final WatcherComponents components;

	private final WatcherLifecycle lifecycle;

	private final Clock clock;

	private final LongSupplier nanoTime;

	StatusReader(String name, WatcherComponents components, WatcherLifecycle lifecycle, Clock clock,
			LongSupplier nanoTime) {
		this.name = name;
		this.components = components;
		this.lifecycle = lifecycle;
		this.clock = clock;
		this.nanoTime = nanoTime;
	}

	TaskWatcherStatus read() {
		this.components.delivery().settleDone();
		boolean running = this.lifecycle.isRunning();
		StreamSnapshot stream = this.components.supervisor().snapshot();
		UpdatePipeline pipeline = this.components.pipeline();
		TaskWatcherStatus.Backlog backlog = backlog();
		return new TaskWatcherStatus(this.name, stream.state(), stream.since(), running,
				this.lifecycle.isExpectedToRun(), this.lifecycle.stopReason(), pipeline.position(),
				this.components.queue().position(), this.lifecycle.unknownOutcomeReason(),
				stream.caughtUp() && backlog.updates() == 0, stream.catchUp(), stream.connection(), updates(pipeline),
				backlog, pipeline.contexts(), acknowledgements(), stream.gaps(), checkpoint(),
				this.lifecycle.isPaused(), this.lifecycle.stall(), List.of());
	}

	private TaskWatcherStatus.Updates updates(UpdatePipeline pipeline) {
		DeliveryCounters delivery = this.components.delivery().counters();
		return new TaskWatcherStatus.Updates(pipeline.reporter().received(), delivery.delivered(), delivery.filtered(),
				delivery.failed(), delivery.retries(), pipeline.reporter().repeats(), pipeline.reporter().malformed(),
				pipeline.reporter().oversized());
	}

	private TaskWatcherStatus.Backlog backlog() {
		DeliveryQueue queue = this.components.queue();
		return new TaskWatcherStatus.Backlog(queue.updates(), queue.bytes(),
				toInstant(this.components.delivery().inProgressSince()),
				toInstant(this.components.delivery().waitingSince()), queue.held(), queue.isFull(),
				this.components.delivered().holders());
	}

	private TaskWatcherStatus.Acknowledgements acknowledgements() {
		Acknowledger acknowledger = this.components.acknowledger();
		return new TaskWatcherStatus.Acknowledgements(acknowledger.pending(), acknowledger.sent(),
				acknowledger.failed(), acknowledger.left(), this.components.queue().awaitedAcknowledgementCount());
	}

	private TaskWatcherStatus.@Nullable Checkpoint checkpoint() {
		Checkpointer checkpointer = this.components.checkpointer();
		return (checkpointer != null) ? checkpointer.status() : null;
	}

	private @Nullable Instant toInstant(@Nullable Long nanos) {
		return (nanos != null) ? this.clock.instant().minusNanos(this.nanoTime.getAsLong() - nanos) : null;
	}

}
