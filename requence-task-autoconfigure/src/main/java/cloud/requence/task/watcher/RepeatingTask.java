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

/**
 * Repeats something for as long as its scheduler lives. No failure ends the repetition,
 * and one that was lost because memory or threads ran out is scheduled again by
 * {@link #revive()}.
 */
final class RepeatingTask {

	private static final Log logger = LogFactory.getLog(RepeatingTask.class);

	private static final int OVERDUE_PERIODS = 10;

	private final String description;

	private final Runnable work;

	private final Duration period;

	private final LongSupplier nanoTime;

	// Guarded by this
	private Scheduler.@Nullable Worker worker;

	private @Nullable Disposable scheduled;

	private boolean failing;

	private volatile long lastScheduled;

	private volatile long lastRun;

	RepeatingTask(String description, Runnable work, Duration period, LongSupplier nanoTime) {
		this.description = description;
		this.work = work;
		this.period = period;
		this.nanoTime = nanoTime;
		this.lastRun = nanoTime.getAsLong();
	}

	/**
	 * Begin to repeat.
	 * @param worker runs the work
	 */
	synchronized void start(Scheduler.Worker worker) {
		stop();
		this.worker = worker;
		this.lastRun = this.nanoTime.getAsLong();
		schedule(worker, this.period);
	}

	synchronized void stop() {
		this.worker = null;
		if (this.scheduled != null) {
			this.scheduled.dispose();
			this.scheduled = null;
		}
	}

	/**
	 * Schedule the work again, at once, if it should have run several times and has not.
	 * Costs nothing otherwise.
	 */
	void revive() {
		if (isOverdue()) {
			scheduleAgain();
		}
	}

	private boolean isOverdue() {
		long now = this.nanoTime.getAsLong();
		long since = Math.min(now - this.lastRun, now - this.lastScheduled);
		return since > OVERDUE_PERIODS * this.period.toNanos();
	}

	private synchronized void scheduleAgain() {
		Scheduler.Worker current = this.worker;
		if (current == null || !isOverdue()) {
			return;
		}
		try {
			if (this.scheduled != null) {
				this.scheduled.dispose();
			}
			schedule(current, Duration.ZERO);
		}
		catch (Throwable ex) {
			logger.debug(this.description + " cannot be scheduled again yet", ex);
		}
	}

	private void schedule(Scheduler.Worker current, Duration delay) {
		this.lastScheduled = this.nanoTime.getAsLong();
		try {
			this.scheduled = current.schedulePeriodically(this::run, delay.toMillis(), this.period.toMillis(),
					TimeUnit.MILLISECONDS);
		}
		catch (RejectedExecutionException ex) {
			logger.debug(this.description + " has ended", ex);
		}
	}

	private void run() {
		this.lastRun = this.nanoTime.getAsLong();
		try {
			this.work.run();
			this.failing = false;
		}
		// An exception would end the repetition
		catch (Throwable ex) {
			report(ex);
		}
	}

	private void report(Throwable failure) {
		try {
			if (!this.failing) {
				this.failing = true;
				logger.error(this.description + " has failed, it is repeated", failure);
			}
		}
		catch (Throwable ex) {
			// No memory to log, which has to end nothing either
			this.failing = false;
		}
	}

	/**
	 * Return when the work ran last, or was started, by the ticker.
	 */
	long lastRun() {
		return this.lastRun;
	}

}
