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
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

import reactor.core.scheduler.Scheduler;

import cloud.requence.task.TaskWatcherStoppedEvent.Reason;

/**
 * What lives from a start of a watcher to its stop: the threads for timers and events.
 * Several may want to end it, and one of them does.
 */
final class WatcherRun {

	private final Scheduler timers;

	private final Scheduler.Worker worker;

	private final WatcherEvents events;

	private final AtomicBoolean ending = new AtomicBoolean();

	private final CountDownLatch ended = new CountDownLatch(1);

	private volatile Reason reason = Reason.NORMAL;

	WatcherRun(Scheduler timers, WatcherEvents events) {
		this.timers = timers;
		this.worker = timers.createWorker();
		this.events = events;
	}

	Scheduler.Worker worker() {
		return this.worker;
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

	void end(Duration drain) {
		this.worker.dispose();
		this.timers.dispose();
		this.events.close(drain);
		this.ended.countDown();
	}

	/**
	 * Wait until somebody else has ended this run, unless it is a listener of its events
	 * that asks.
	 */
	void awaitEnd(Duration timeout) {
		if (this.events.isOwnThread()) {
			return;
		}
		try {
			this.ended.await(timeout.toMillis(), TimeUnit.MILLISECONDS);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

}
