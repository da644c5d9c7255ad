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
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.scheduler.Scheduler;

import cloud.requence.task.TaskWatcherStoppedEvent.Reason;

/**
 * What lives from a start of a watcher to its stop: the threads for timers and events.
 * Several may want to end it, and one of them does.
 */
final class WatcherRun {

	private static final Log logger = LogFactory.getLog(WatcherRun.class);

	private final Scheduler timers;

	private final WatcherEvents events;

	private final AtomicBoolean ending = new AtomicBoolean();

	private final CountDownLatch ended = new CountDownLatch(1);

	private final Disposable.Swap retry = Disposables.swap();

	private volatile boolean following;

	private volatile Reason reason = Reason.NORMAL;

	WatcherRun(Scheduler timers, WatcherEvents events) {
		this.timers = timers;
		this.events = events;
	}

	/**
	 * Return where timers run, one at a time.
	 */
	Scheduler timers() {
		return this.timers;
	}

	/**
	 * Run something where the timers run, unless this run has ended.
	 */
	void later(Runnable work, Duration delay) {
		schedule(work, delay);
	}

	/**
	 * Run something where the timers run, in place of what was to be tried again before.
	 */
	void retryLater(Runnable work, Duration delay) {
		this.retry.update(schedule(work, delay));
	}

	private Disposable schedule(Runnable work, Duration delay) {
		try {
			return this.timers.schedule(work, delay.toMillis(), TimeUnit.MILLISECONDS);
		}
		catch (RejectedExecutionException ex) {
			logger.debug("The run has ended", ex);
			return Disposables.disposed();
		}
	}

	/**
	 * From now on a change of the leadership concerns this run.
	 */
	void beginToFollow() {
		this.following = true;
	}

	boolean follows() {
		return this.following;
	}

	WatcherEvents events() {
		return this.events;
	}

	Reason reason() {
		return this.reason;
	}

	void stopsBecauseOf(Reason reason) {
		this.reason = reason;
	}

	/**
	 * Return whether the caller is the one to end this run.
	 */
	boolean isMineToEnd() {
		return this.ending.compareAndSet(false, true);
	}

	/**
	 * End the threads. A listener of the last event may start the next run already.
	 */
	void end(Duration drain) {
		this.timers.dispose();
		this.ended.countDown();
		this.events.close(drain);
	}

	boolean hasEnded() {
		return this.ended.getCount() == 0;
	}

	/**
	 * Wait until somebody else has ended this run.
	 */
	void awaitEnd(Duration timeout) {
		try {
			this.ended.await(timeout.toMillis(), TimeUnit.MILLISECONDS);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

}
