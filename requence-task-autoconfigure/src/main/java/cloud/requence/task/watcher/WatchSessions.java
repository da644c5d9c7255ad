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

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import cloud.requence.task.RequenceTaskException;

/**
 * The sessions of a watcher, one at a time: another one begins when everything that the
 * former has delivered is saved and acknowledged. A pause outlasts sessions.
 * <p>
 * State is guarded by this object. Listeners, the store and the platform are waited for
 * outside the lock.
 */
final class WatchSessions {

	private static final Log logger = LogFactory.getLog(WatchSessions.class);

	private final WatcherSettings settings;

	private final WatcherComponents components;

	private final StartPointResolver startPoint;

	private final Runnable onFree;

	// Written under the lock
	private volatile boolean paused;

	private volatile @Nullable WatchSession current;

	// The session that has still to save and to send
	private volatile @Nullable WatchSession draining;

	/**
	 * Create an instance.
	 * @param settings the settings of the watcher
	 * @param components the components that a session starts
	 * @param startPoint finds out where a session starts
	 * @param onFree called without locks when another session may begin
	 */
	WatchSessions(WatcherSettings settings, WatcherComponents components, StartPointResolver startPoint,
			Runnable onFree) {
		this.settings = settings;
		this.components = components;
		this.startPoint = startPoint;
		this.onFree = onFree;
	}

	/**
	 * Return whether the components are started, so that a checkpoint carries what is
	 * done.
	 */
	boolean isOpen() {
		return this.current != null;
	}

	boolean isPaused() {
		return this.paused;
	}

	/**
	 * Return whether updates should be delivered.
	 */
	boolean isDelivering() {
		return isOpen() && !this.paused;
	}

	/**
	 * Fail if the checkpoint cannot be used.
	 */
	void check() {
		this.startPoint.check(this.components.checkpointer());
	}

	/**
	 * Find out where a session starts, which may take as long as the store does.
	 * @throws OccupiedException if the former session has not ended yet
	 */
	StartPointResolver.Start prepare() {
		requireFree();
		return this.startPoint.open(this.components.checkpointer());
	}

	/**
	 * Begin a session.
	 * @param run the run that it belongs to
	 * @param start where it starts
	 * @throws OccupiedException if the former session has not ended yet
	 */
	synchronized void begin(WatcherRun run, StartPointResolver.Start start) {
		requireFree();
		Instant since = this.startPoint.apply(start, this.components);
		this.current = WatchSession.begin(run, this.components, since, this.paused);
	}

	private synchronized void requireFree() {
		if (this.current != null || this.draining != null) {
			throw new OccupiedException();
		}
	}

	/**
	 * End the delivery, without waiting for listeners. A pause does not affect it any
	 * more.
	 */
	synchronized void signalEnd() {
		if (this.current != null) {
			this.current.signalEnd();
		}
		this.components.delivery().signalStop();
	}

	/**
	 * Leave the session: end its delivery, without waiting for listeners. The caller has
	 * to {@link #drain} it.
	 * @return {@code null} if there is none
	 */
	synchronized @Nullable WatchSession leave() {
		WatchSession left = this.current;
		if (left != null) {
			this.components.delivery().signalStop();
			this.current = null;
			this.draining = left;
		}
		return left;
	}

	/**
	 * Wait for the listeners, after the end of the delivery was signaled.
	 * @param timeout how long to wait
	 * @param except a thread that is not waited for, as it waits for this; {@code null}
	 * for none
	 */
	void awaitDelivery(Duration timeout, @Nullable Thread except) {
		if (!this.components.delivery().awaitStop(timeout, except)) {
			logger.warn(this.settings.prefix() + ": the update in progress was not done within the shutdown timeout of "
					+ this.settings.shutdownTimeout().toMillis() + " ms; it is delivered again after the next start");
		}
	}

	/**
	 * Save and send what the session of a run has left, or wait until another thread has
	 * done it.
	 * @param run the run; nothing happens if it has no session
	 * @param drain how long to wait for the store, and for the platform
	 */
	void end(WatcherRun run, Duration drain) {
		WatchSession left;
		boolean mine;
		synchronized (this) {
			left = this.current;
			mine = left != null && left.belongsTo(run);
			if (mine) {
				this.current = null;
				this.draining = left;
			}
			else {
				left = this.draining;
			}
		}
		if (left != null && mine) {
			drain(left, drain);
		}
		else if (left != null && left.belongsTo(run)) {
			left.awaitEnd(drain.plus(WatchSession.DRAIN.multipliedBy(2)));
		}
	}

	/**
	 * Save and send what a session has left.
	 * @param left the session
	 * @param drain how long to wait for the store, and for the platform
	 */
	void drain(WatchSession left, Duration drain) {
		try {
			left.end(drain);
		}
		finally {
			synchronized (this) {
				if (this.draining == left) {
					this.draining = null;
				}
			}
			this.onFree.run();
		}
	}

	/**
	 * Hold the updates back until {@link #resume()}, over changes of the leadership and
	 * restarts.
	 * @return {@code false} if they are held back already
	 */
	synchronized boolean pause() {
		if (this.paused) {
			return false;
		}
		this.paused = true;
		if (isOpen()) {
			if (!isEnding()) {
				this.components.supervisor().pause();
				this.components.delivery().pause();
			}
			logger.info(this.settings.prefix() + " is paused");
		}
		else {
			logger.info(this.settings.prefix()
					+ " is paused. It does not watch at the moment, and will not until it is resumed");
		}
		return true;
	}

	synchronized void resume() {
		if (!this.paused) {
			return;
		}
		this.paused = false;
		logger.info(this.settings.prefix() + " resumes");
		if (isOpen() && !isEnding()) {
			this.components.delivery().start();
			this.components.supervisor().resume();
		}
	}

	private boolean isEnding() {
		WatchSession session = this.current;
		return session != null && session.isEnding();
	}

	/**
	 * What was watched before has not been saved and sent yet.
	 */
	static final class OccupiedException extends RequenceTaskException {

		OccupiedException() {
			super("The run before has not ended yet");
		}

	}

}
