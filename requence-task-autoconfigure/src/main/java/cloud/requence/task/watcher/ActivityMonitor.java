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

import java.time.Duration;
import java.time.Instant;
import java.util.function.LongSupplier;

import org.jspecify.annotations.Nullable;

import cloud.requence.task.TaskWatcherStatus.CatchUp;
import cloud.requence.task.delivery.DeliveryQueue;

/**
 * Finds out whether a connected watcher is up to date, and whether the stream has gone
 * idle. Asked at every tick; guarded by the supervisor.
 */
final class ActivityMonitor {

	private static final Duration QUIET = Duration.ofSeconds(1);

	private static final Duration FULL = Duration.ofSeconds(10);

	private static final Duration IDLE = Duration.ofMinutes(1);

	private final UpdatePipeline pipeline;

	private final DeliveryQueue queue;

	private final StreamEvents events;

	private final CatchUpProgress progress;

	private final LongSupplier nanoTime;

	private boolean caughtUp;

	private boolean idle;

	private @Nullable Instant connectedAt;

	private @Nullable Long fullSince;

	private long quietSince;

	private long newUpdatesSeen;

	ActivityMonitor(UpdatePipeline pipeline, DeliveryQueue queue, StreamEvents events, CatchUpProgress progress,
			LongSupplier nanoTime) {
		this.pipeline = pipeline;
		this.queue = queue;
		this.events = events;
		this.progress = progress;
		this.nanoTime = nanoTime;
	}

	boolean isCaughtUp() {
		return this.caughtUp;
	}

	@Nullable CatchUp catchUp() {
		return this.progress.current();
	}

	void connected(Instant now) {
		this.connectedAt = now;
		this.caughtUp = false;
		this.fullSince = null;
		this.progress.begin();
		this.newUpdatesSeen = this.pipeline.reporter().newUpdates();
		if (!this.idle) {
			this.quietSince = this.nanoTime.getAsLong();
		}
	}

	void disconnected() {
		this.connectedAt = null;
		this.caughtUp = false;
		this.progress.end(false);
	}

	void check() {
		long newUpdates = this.pipeline.reporter().newUpdates();
		if (newUpdates != this.newUpdatesSeen) {
			this.newUpdatesSeen = newUpdates;
			if (this.idle) {
				this.idle = false;
				this.events.noLongerIdle(Duration.ofNanos(this.pipeline.reporter().lastUpdate() - this.quietSince));
			}
			this.quietSince = this.pipeline.reporter().lastUpdate();
		}
		Duration quiet = Duration.ofNanos(this.nanoTime.getAsLong() - this.quietSince);
		if (!this.caughtUp) {
			checkCatchUp(quiet);
		}
		else if (hasFallenBehind()) {
			this.caughtUp = false;
			this.progress.begin();
		}
		if (!this.idle && quiet.compareTo(IDLE) >= 0) {
			this.idle = true;
			this.events.idle(quiet);
		}
	}

	private void checkCatchUp(Duration quiet) {
		this.progress.check();
		if (hasCaughtUp(quiet)) {
			this.caughtUp = true;
			this.progress.end(true);
			this.events.caughtUp();
		}
	}

	/**
	 * The listeners cannot keep up: there was no room to read on for a while.
	 */
	private boolean hasFallenBehind() {
		if (this.queue.hasRoom()) {
			this.fullSince = null;
			return false;
		}
		long now = this.nanoTime.getAsLong();
		if (this.fullSince == null) {
			this.fullSince = now;
		}
		return now - this.fullSince >= FULL.toNanos();
	}

	/**
	 * Everything is delivered, and nothing more comes, or what comes has happened since
	 * the connection was made.
	 */
	private boolean hasCaughtUp(Duration quiet) {
		if (this.queue.updates() > 0) {
			return false;
		}
		Instant latest = this.pipeline.lastTimestamp();
		return quiet.compareTo(QUIET) >= 0
				|| (this.connectedAt != null && latest != null && !latest.isBefore(this.connectedAt));
	}

}
