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

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * When to try again to watch, and since when that does not succeed. State is guarded by
 * this object.
 */
final class StartRetry {

	/**
	 * How long to wait after a failure.
	 */
	static final Duration DELAY = Duration.ofSeconds(5);

	private static final Log logger = LogFactory.getLog(StartRetry.class);

	private final WatcherSettings settings;

	private final Clock clock;

	private final LongSupplier nanoTime;

	// Read without the lock by the status
	private volatile @Nullable Instant blockedSince;

	private int failures;

	private long nextAttempt;

	StartRetry(WatcherSettings settings, Clock clock, LongSupplier nanoTime) {
		this.settings = settings;
		this.clock = clock;
		this.nanoTime = nanoTime;
	}

	/**
	 * Return since when the watcher should watch and could not begin to.
	 * @return {@code null} if it watches, or should not
	 */
	@Nullable Instant blockedSince() {
		return this.blockedSince;
	}

	/**
	 * The watcher should watch from now on.
	 */
	synchronized void begin() {
		this.blockedSince = this.clock.instant();
		tryAgainNow();
		this.failures = 0;
	}

	/**
	 * The watcher should watch and does not.
	 */
	synchronized void blocked() {
		if (this.blockedSince == null) {
			this.blockedSince = this.clock.instant();
		}
	}

	synchronized void failed(Throwable cause) {
		this.nextAttempt = this.nanoTime.getAsLong() + DELAY.toNanos();
		boolean first = this.failures++ == 0;
		String message = this.settings.prefix() + " should watch and cannot yet, it tries again every "
				+ DELAY.toSeconds() + " s";
		if (first) {
			logger.warn(message, cause);
		}
		else {
			logger.debug(message, cause);
		}
	}

	/**
	 * The watcher should not watch any more, for now: what prevents it begins anew.
	 */
	synchronized void standBy() {
		this.failures = 0;
		tryAgainNow();
	}

	/**
	 * The watcher watches.
	 */
	synchronized void succeeded() {
		this.failures = 0;
		this.blockedSince = null;
	}

	/**
	 * Nothing prevents the watcher from watching.
	 */
	synchronized void unblocked() {
		this.blockedSince = null;
	}

	synchronized void tryAgainNow() {
		this.nextAttempt = this.nanoTime.getAsLong();
	}

	synchronized boolean isDue() {
		return this.nanoTime.getAsLong() - this.nextAttempt >= 0;
	}

	/**
	 * Return whether the next attempt is the first one.
	 */
	synchronized boolean isFirst() {
		return this.failures == 0;
	}

}
