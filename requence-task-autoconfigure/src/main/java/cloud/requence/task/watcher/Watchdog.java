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
import java.time.Duration;
import java.time.Instant;
import java.util.function.LongSupplier;

import org.jspecify.annotations.Nullable;

import cloud.requence.task.TaskWatcherStatus;
import cloud.requence.task.TaskWatcherStatus.Stall;
import cloud.requence.task.checkpoint.Checkpointer;
import cloud.requence.task.delivery.DeliveryCounters;

/**
 * Finds out whether a watcher that should watch and deliver does so, whatever the cause
 * may be if it does not. Judges by what has moved, from memory, every few seconds and
 * whenever it is asked. An acknowledgement that the application has not made yet holds
 * the position, and is no reason as long as updates are delivered.
 */
final class Watchdog {

	// A check may wait for the listeners of a watcher that stands by
	private static final Duration LATE = Duration.ofSeconds(30);

	private final WatcherComponents components;

	private final Clock clock;

	private final LongSupplier nanoTime;

	// Guarded by this
	private @Nullable Long waitingSince;

	private @Nullable Long unmovedSince;

	// How far the delivery was when an update began to wait, over changes of the
	// leadership
	private @Nullable Progress progress;

	private long progressSince;

	private @Nullable Long unsavedSince;

	Watchdog(WatcherComponents components, Clock clock, LongSupplier nanoTime) {
		this.components = components;
		this.clock = clock;
		this.nanoTime = nanoTime;
	}

	/**
	 * Schedule again what was lost when memory or threads ran out.
	 */
	void revive() {
		this.components.supervisor().revive();
		this.components.delivery().revive();
	}

	/**
	 * Look at what has moved since the last time.
	 * @param delivers whether updates should be delivered
	 */
	void check(boolean delivers) {
		this.components.delivery().settleDone();
		look(delivers);
	}

	private synchronized void look(boolean delivers) {
		long now = this.nanoTime.getAsLong();
		Long current = this.components.delivery().waitingSince();
		if (!delivers || current == null) {
			this.waitingSince = null;
			this.unmovedSince = null;
		}
		else if (!current.equals(this.waitingSince)) {
			this.waitingSince = current;
			this.unmovedSince = waitsAgain(now) ? this.progressSince : null;
		}
		else if (this.unmovedSince == null) {
			this.unmovedSince = now;
		}
		Checkpointer checkpointer = this.components.checkpointer();
		if (checkpointer == null || checkpointer.status().lastError() == null) {
			this.unsavedSince = null;
		}
		else if (this.unsavedSince == null) {
			this.unsavedSince = now;
		}
	}

	/**
	 * Another update is the first to wait, or the delivery was started again.
	 * @return whether nothing was delivered since the last time, here or by another
	 * instance
	 */
	private boolean waitsAgain(long now) {
		DeliveryCounters counters = this.components.delivery().counters();
		Progress current = new Progress(this.components.queue().position(),
				counters.delivered() + counters.filtered() + counters.failed());
		if (current.equals(this.progress)) {
			return true;
		}
		this.progress = current;
		this.progressSince = now;
		return false;
	}

	/**
	 * Forget what was seen, as updates are or were held back on purpose.
	 */
	synchronized void forget() {
		this.progress = null;
	}

	/**
	 * Return what is wrong.
	 * @param unknownSince since when it is not known which instance leads, by the ticker
	 * @param blockedSince since when the watcher could not begin to watch
	 * @param lastCheck when its state was checked last, by the ticker; {@code null} if it
	 * does not run
	 */
	synchronized TaskWatcherStatus.@Nullable Stall stall(@Nullable Long unknownSince, @Nullable Instant blockedSince,
			@Nullable Long lastCheck) {
		if (unknownSince != null) {
			return new Stall(toInstant(unknownSince), "it is not known whether this instance is the leader");
		}
		if (blockedSince != null) {
			return new Stall(blockedSince, "it should watch and cannot");
		}
		if (lastCheck != null && this.nanoTime.getAsLong() - lastCheck > LATE.toNanos()) {
			return new Stall(toInstant(lastCheck), "its timers do not run");
		}
		if (this.unmovedSince != null) {
			return new Stall(toInstant(this.unmovedSince), "updates wait and none is delivered" + obstacle());
		}
		if (this.unsavedSince != null) {
			return new Stall(toInstant(this.unsavedSince), "the checkpoint cannot be saved");
		}
		return null;
	}

	/**
	 * The cause is elsewhere if a checkpoint can carry no further acknowledgements.
	 */
	private String obstacle() {
		Checkpointer checkpointer = this.components.checkpointer();
		int awaited = (checkpointer != null) ? checkpointer.awaitedAcknowledgements() : 0;
		return (awaited > 0) ? ", as the platform takes none of the " + awaited + " acknowledgements that are due" : "";
	}

	private Instant toInstant(long nanos) {
		return this.clock.instant().minusNanos(this.nanoTime.getAsLong() - nanos);
	}

	/**
	 * How far the delivery is.
	 *
	 * @param position the delivered position
	 * @param updates how many updates are done
	 */
	private record Progress(@Nullable Long position, long updates) {

	}

}
