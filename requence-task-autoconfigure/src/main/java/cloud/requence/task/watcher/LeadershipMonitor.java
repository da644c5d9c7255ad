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
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;
import reactor.core.scheduler.Scheduler;

import cloud.requence.task.Leadership;

/**
 * Follows the leadership on a thread of its own, from the start of a watcher to its stop:
 * reports changes, whether or not the election does so, and relinquishes a leadership
 * under which the watcher does not watch, so that another instance can.
 */
final class LeadershipMonitor {

	/**
	 * How long a leader may be unable to watch before it relinquishes the leadership.
	 */
	static final Duration PATIENCE = Duration.ofSeconds(30);

	private static final Log logger = LogFactory.getLog(LeadershipMonitor.class);

	private final WatcherSettings settings;

	private final Leadership leadership;

	private final BooleanSupplier watches;

	private final Runnable onChange;

	private final LongSupplier nanoTime;

	private final RepeatingTask check;

	// Guarded by this
	private @Nullable Scheduler scheduler;

	// Touched by the thread of this monitor
	private boolean leader;

	private @Nullable Long idleSince;

	// Since when the election does not say who leads
	private volatile @Nullable Long unknownSince;

	/**
	 * Create a monitor.
	 * @param settings the settings of the watcher
	 * @param leadership the leadership
	 * @param watches whether the watcher watches, or was paused while it did
	 * @param onChange called when the leadership has changed, on the thread of the
	 * election too, which it must not block
	 * @param nanoTime the ticker
	 */
	LeadershipMonitor(WatcherSettings settings, Leadership leadership, BooleanSupplier watches, Runnable onChange,
			LongSupplier nanoTime) {
		this.settings = settings;
		this.leadership = leadership;
		this.watches = watches;
		this.onChange = onChange;
		this.nanoTime = nanoTime;
		this.check = new RepeatingTask(settings.prefix() + ": the check of the leadership", this::check,
				settings.checkPeriod(), nanoTime);
	}

	/**
	 * Begin to follow the leadership.
	 * @param thread the thread to do so on, which the monitor disposes of
	 */
	synchronized void start(Scheduler thread) {
		stop();
		this.scheduler = thread;
		this.check.start(thread.createWorker());
		this.leadership.addListener(this.onChange);
	}

	synchronized void stop() {
		if (this.scheduler != null) {
			removeListener();
			this.check.stop();
			this.scheduler.dispose();
			this.scheduler = null;
		}
	}

	private void removeListener() {
		try {
			this.leadership.removeListener(this.onChange);
		}
		catch (Throwable ex) {
			logger.debug("A listener of the leadership could not be removed", ex);
		}
	}

	/**
	 * Return whether this instance leads. If that cannot be found out, it does not.
	 */
	boolean isLeader() {
		try {
			boolean current = this.leadership.isLeader();
			this.unknownSince = null;
			return current;
		}
		catch (Throwable ex) {
			if (this.unknownSince == null) {
				this.unknownSince = this.nanoTime.getAsLong();
				logger.warn(this.settings.prefix() + ": the leadership is unknown and counts as lost", ex);
			}
			return false;
		}
	}

	/**
	 * Return since when the election does not say whether this instance leads.
	 * @return the time by the ticker; {@code null} if it does
	 */
	@Nullable Long unknownSince() {
		return this.unknownSince;
	}

	void relinquish() {
		try {
			this.leadership.relinquish();
		}
		catch (Throwable ex) {
			logger.warn(this.settings.prefix() + ": the leadership could not be relinquished", ex);
		}
	}

	/**
	 * Schedule the check again if it was lost.
	 */
	void revive() {
		this.check.revive();
	}

	private void check() {
		boolean current = isLeader();
		if (current != this.leader) {
			this.leader = current;
			this.onChange.run();
		}
		if (!current || this.watches.getAsBoolean()) {
			this.idleSince = null;
			return;
		}
		long now = this.nanoTime.getAsLong();
		if (this.idleSince == null) {
			this.idleSince = now;
		}
		else if (now - this.idleSince >= PATIENCE.toNanos()) {
			this.idleSince = null;
			logger.warn(this.settings.prefix() + " has been the leader for " + PATIENCE.toSeconds()
					+ " s without watching and relinquishes the leadership, so that another instance can take it");
			relinquish();
		}
	}

}
