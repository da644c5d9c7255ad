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

package cloud.requence.task.kafka;

import java.time.Duration;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

import cloud.requence.task.support.LogText;

/**
 * The topics of dead letters and replays, which cannot be created at the start of the
 * application while no broker is available. Used by any thread.
 */
final class FurtherTopics {

	private static final Log logger = LogFactory.getLog(FurtherTopics.class);

	private static final Duration FIRST_PAUSE = Duration.ofSeconds(5);

	private static final int MAX_DOUBLINGS = 6;

	private final String watcher;

	private final Runnable creation;

	private final ThreadFactory threads;

	private final BooleanSupplier running;

	private final AtomicBoolean busy = new AtomicBoolean();

	private volatile boolean created;

	/**
	 * Create an instance.
	 * @param watcher the name of the watcher
	 * @param creation creates the topics that are missing, and throws if that is not
	 * possible
	 * @param threads creates the thread that waits for the broker
	 * @param running whether to continue
	 */
	FurtherTopics(String watcher, Runnable creation, ThreadFactory threads, BooleanSupplier running) {
		this.watcher = watcher;
		this.creation = creation;
		this.threads = threads;
		this.running = running;
	}

	/**
	 * Create them later, in another thread, unless that was done. Called when a broker
	 * has answered.
	 */
	void begin() {
		if (this.created || !this.busy.compareAndSet(false, true)) {
			return;
		}
		try {
			this.threads.newThread(this::run).start();
		}
		catch (Throwable ex) {
			this.busy.set(false);
			logger.debug(LogText.watcher(this.watcher) + ": topics are created with the first dead letter", ex);
		}
	}

	private void run() {
		try {
			for (int failures = 0; this.running.getAsBoolean() && !create(failures == 0); failures++) {
				LockSupport.parkNanos(FIRST_PAUSE.multipliedBy(1L << Math.min(failures, MAX_DOUBLINGS)).toNanos());
			}
		}
		finally {
			this.busy.set(false);
		}
	}

	/**
	 * Create them now unless that was done. A topic that the broker creates automatically
	 * would not be compacted.
	 */
	void create() {
		if (!this.created) {
			create(false);
		}
	}

	private synchronized boolean create(boolean report) {
		if (this.created) {
			return true;
		}
		try {
			this.creation.run();
			this.created = true;
		}
		// They may exist, and not be visible to this application
		catch (Throwable ex) {
			String message = LogText.watcher(this.watcher)
					+ ": the topics of dead letters and replays cannot be created or checked, next attempt later";
			if (report) {
				logger.warn(message, ex);
			}
			else {
				logger.debug(message, ex);
			}
		}
		return this.created;
	}

}
