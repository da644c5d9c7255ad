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
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import reactor.core.scheduler.Scheduler;

import cloud.requence.task.acknowledgement.MissingAcknowledgements;
import cloud.requence.task.checkpoint.Checkpointer;
import cloud.requence.task.context.ContextRecoverer;

/**
 * The time in which the components of a watcher are started. Either all of them are, or
 * none is.
 */
final class WatchSession {

	private static final Log logger = LogFactory.getLog(WatchSession.class);

	/**
	 * The least time for each of the last steps.
	 */
	static final Duration DRAIN = Duration.ofSeconds(1);

	private final WatcherRun run;

	private final WatcherComponents components;

	private final Scheduler.Worker worker;

	private final CountDownLatch ended = new CountDownLatch(1);

	// Guarded by the sessions
	private boolean ending;

	private WatchSession(WatcherRun run, WatcherComponents components) {
		this.run = run;
		this.components = components;
		this.worker = run.timers().createWorker();
	}

	/**
	 * Start the components.
	 * @param run the run that they are started for
	 * @param components the components
	 * @param since since when updates are wanted, if there is no position
	 * @param paused whether they are to be paused
	 * @return what ends them
	 */
	static WatchSession begin(WatcherRun run, WatcherComponents components, Instant since, boolean paused) {
		WatchSession begun = new WatchSession(run, components);
		try {
			begun.start(since, paused);
			return begun;
		}
		catch (Throwable ex) {
			begun.quietly(components.supervisor()::stop);
			begun.quietly(components.delivery()::signalStop);
			begun.end(Duration.ZERO);
			throw ex;
		}
	}

	private void start(Instant since, boolean paused) {
		ContextRecoverer recoverer = this.components.recoverer();
		if (recoverer != null) {
			recoverer.start(this.worker);
		}
		MissingAcknowledgements missing = this.components.missing();
		if (missing != null) {
			missing.start(this.worker);
		}
		Checkpointer checkpointer = this.components.checkpointer();
		if (checkpointer != null) {
			checkpointer.start();
		}
		if (paused) {
			this.components.delivery().startPaused();
			this.components.supervisor().startPaused(this.worker, since);
		}
		else {
			this.components.delivery().start();
			this.components.supervisor().start(this.worker, since);
		}
	}

	/**
	 * The run is being stopped, and waits for the listeners.
	 */
	void signalEnd() {
		this.ending = true;
	}

	boolean isEnding() {
		return this.ending;
	}

	boolean belongsTo(WatcherRun other) {
		return this.run == other;
	}

	/**
	 * Save and send what is due, after the connection and the delivery have ended. What
	 * was saved last may be acknowledged, and what was acknowledged may be saved.
	 * @param drain how long to wait for the store, and for the platform
	 */
	void end(Duration drain) {
		ContextRecoverer recoverer = this.components.recoverer();
		if (recoverer != null) {
			quietly(recoverer::stop);
		}
		Checkpointer checkpointer = this.components.checkpointer();
		if (checkpointer != null) {
			quietly(() -> checkpointer.save(longer(drain)));
		}
		quietly(() -> this.components.acknowledger().drain(drain));
		if (checkpointer != null) {
			quietly(() -> checkpointer.stop(DRAIN));
		}
		quietly(this.worker::dispose);
		this.ended.countDown();
	}

	private static Duration longer(Duration drain) {
		return (drain.compareTo(DRAIN) > 0) ? drain : DRAIN;
	}

	/**
	 * Wait until another thread has ended it.
	 */
	void awaitEnd(Duration timeout) {
		try {
			this.ended.await(timeout.toMillis(), TimeUnit.MILLISECONDS);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	// One that fails must not keep the others from ending
	private void quietly(Runnable step) {
		try {
			step.run();
		}
		catch (Throwable ex) {
			logger.warn("A part of a watcher could not be ended", ex);
		}
	}

}
