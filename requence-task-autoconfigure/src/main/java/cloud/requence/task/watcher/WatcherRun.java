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

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import reactor.core.scheduler.Scheduler;

import cloud.requence.task.TaskWatcherStoppedEvent.Reason;

/**
 * What lives from a start of a watcher to its stop: the threads for timers and events,
 * and the phase. Several threads may want to end it, and one of them does.
 */
final class WatcherRun {

	private static final Log logger = LogFactory.getLog(WatcherRun.class);

	private final Scheduler timers;

	private final WatcherEvents events;

	private final AtomicBoolean ending = new AtomicBoolean();

	private final CountDownLatch ended = new CountDownLatch(1);

	private volatile Phase phase = Phase.STARTING;

	private volatile Reason reason = Reason.NORMAL;

	private volatile long stopDeadline;

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
	void later(Runnable work) {
		try {
			this.timers.schedule(work);
		}
		// The periodic check does it as well
		catch (Throwable ex) {
			logger.debug("Nothing can be scheduled", ex);
		}
	}

	WatcherEvents events() {
		return this.events;
	}

	Phase phase() {
		return this.phase;
	}

	/**
	 * Enter another phase. Does nothing if it is the present one.
	 * @throws IllegalStateException if the phase cannot follow on the present one
	 */
	void enter(Phase next) {
		if (next != this.phase && !this.phase.mayBecome(next)) {
			throw new IllegalStateException(next + " cannot follow on " + this.phase);
		}
		this.phase = next;
	}

	/**
	 * Return whether it is being stopped or has ended.
	 */
	boolean isStopped() {
		Phase current = this.phase;
		return current == Phase.STOPPING || current == Phase.STOPPED;
	}

	Reason reason() {
		return this.reason;
	}

	/**
	 * Begin to stop.
	 * @param reason why
	 * @param deadline until when it should have stopped, by the ticker
	 */
	void stops(Reason reason, long deadline) {
		enter(Phase.STOPPING);
		this.reason = reason;
		this.stopDeadline = deadline;
	}

	long stopDeadline() {
		return this.stopDeadline;
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
		try {
			this.timers.dispose();
		}
		finally {
			this.phase = Phase.STOPPED;
			this.ended.countDown();
			this.events.close(drain);
		}
	}

	boolean hasEnded() {
		return this.ended.getCount() == 0;
	}

	/**
	 * Wait until another thread has ended this run.
	 */
	void awaitEnd(Duration timeout) {
		try {
			this.ended.await(timeout.toMillis(), TimeUnit.MILLISECONDS);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	/**
	 * What a run does.
	 */
	enum Phase {

		/**
		 * It was started and nothing is decided yet.
		 */
		STARTING,

		/**
		 * It does not watch: another instance does, or something prevents it.
		 */
		STANDBY,

		/**
		 * Its stages are started.
		 */
		WATCHING,

		/**
		 * It ends.
		 */
		STOPPING,

		/**
		 * It has ended.
		 */
		STOPPED;

		boolean mayBecome(Phase next) {
			return switch (this) {
				case STARTING -> next == STANDBY || next == WATCHING || next == STOPPING;
				case STANDBY -> next == WATCHING || next == STOPPING;
				case WATCHING -> next == STANDBY || next == STOPPING;
				case STOPPING -> next == STOPPED;
				case STOPPED -> false;
			};
		}

	}

}
