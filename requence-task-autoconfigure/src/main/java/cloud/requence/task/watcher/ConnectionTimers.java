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
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;
import reactor.core.scheduler.Scheduler;

import cloud.requence.task.support.LogText;

/**
 * The timers of a connection: one for the next attempt, and one for the attempt or stream
 * that there is. Either may be lost, if memory or threads run out, which only the owner
 * can find out. Guarded by the supervisor; the work runs without its lock.
 */
final class ConnectionTimers {

	private static final Log logger = LogFactory.getLog(ConnectionTimers.class);

	private static final Duration OVERDUE = Duration.ofSeconds(10);

	private final String watcher;

	private final LongSupplier nanoTime;

	private Scheduler.@Nullable Worker worker;

	private @Nullable Disposable next;

	private @Nullable Duration nextDelay;

	private long nextAt;

	private @Nullable Disposable limit;

	ConnectionTimers(String watcher, LongSupplier nanoTime) {
		this.watcher = watcher;
		this.nanoTime = nanoTime;
	}

	void start(Scheduler.Worker worker) {
		this.worker = worker;
	}

	void stop() {
		this.worker = null;
	}

	boolean isStarted() {
		return this.worker != null;
	}

	/**
	 * Schedule the next attempt in place of the one that is scheduled.
	 */
	void scheduleNext(Runnable attempt, Duration delay) {
		cancelNext();
		this.nextDelay = delay;
		this.nextAt = this.nanoTime.getAsLong() + delay.toNanos();
		this.next = schedule(attempt, delay);
	}

	/**
	 * Show a delay that the caller waits for.
	 */
	void showNext(Duration delay) {
		this.nextDelay = delay;
	}

	void cancelNext() {
		if (this.next != null) {
			this.next.dispose();
		}
		this.next = null;
		this.nextDelay = null;
	}

	/**
	 * Return the delay of the next attempt.
	 * @return {@code null} if there is none
	 */
	@Nullable Duration nextDelay() {
		return this.nextDelay;
	}

	/**
	 * Return whether an attempt is scheduled and not overdue.
	 */
	boolean isNextScheduled() {
		return this.next != null && this.nanoTime.getAsLong() - this.nextAt < OVERDUE.toNanos();
	}

	/**
	 * Limit the attempt or stream that there is.
	 */
	void limit(Runnable end, Duration duration) {
		cancelLimit();
		this.limit = schedule(end, duration);
	}

	void cancelLimit() {
		if (this.limit != null) {
			this.limit.dispose();
		}
		this.limit = null;
	}

	/**
	 * Schedule a task.
	 * @return {@code null} if that was not possible
	 */
	private @Nullable Disposable schedule(Runnable task, Duration delay) {
		Scheduler.Worker current = this.worker;
		try {
			return (current != null) ? current.schedule(guarded(task), delay.toMillis(), TimeUnit.MILLISECONDS) : null;
		}
		// The watcher is stopping
		catch (RejectedExecutionException ex) {
			logger.debug(LogText.watcher(this.watcher) + ": nothing can be scheduled any more", ex);
			return null;
		}
		catch (Throwable ex) {
			logger.warn(LogText.watcher(this.watcher) + ": nothing can be scheduled", ex);
			return null;
		}
	}

	private Runnable guarded(Runnable task) {
		return () -> {
			try {
				task.run();
			}
			catch (Throwable ex) {
				logger.error(LogText.watcher(this.watcher) + ": unexpected error, retrying", ex);
			}
		};
	}

}
