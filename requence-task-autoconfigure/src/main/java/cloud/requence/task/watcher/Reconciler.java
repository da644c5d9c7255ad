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
import java.util.function.LongSupplier;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import cloud.requence.task.CheckpointUnavailableException;
import cloud.requence.task.RequenceTaskException;
import cloud.requence.task.TaskWatcherStatus.Stall;
import cloud.requence.task.TaskWatcherStoppedEvent.Reason;
import cloud.requence.task.checkpoint.CheckpointBusyException;
import cloud.requence.task.watcher.WatchSessions.OccupiedException;
import cloud.requence.task.watcher.WatcherRun.Phase;

/**
 * Lets a run of a watcher watch while this instance is eligible, and stand by while it is
 * not: looks every few seconds, and whenever something has changed. Ends with the run.
 * <p>
 * The phase of the run changes under the lock of this object, taken before that of the
 * sessions. Whatever waits, for a store or for listeners, does so outside of it and finds
 * out afterwards whether the run has been stopped.
 */
final class Reconciler {

	private static final Log logger = LogFactory.getLog(Reconciler.class);

	private final WatcherSettings settings;

	private final WatcherRun run;

	private final WatcherComponents components;

	private final WatchSessions sessions;

	private final Eligibility eligibility;

	private final StartRetry retry;

	private final WatcherNotifier notifier;

	private final Watchdog watchdog;

	private final Clock clock;

	private final RepeatingTask check;

	Reconciler(WatcherSettings settings, WatcherRun run, WatcherComponents components, WatchSessions sessions,
			Eligibility eligibility, StartRetry retry, WatcherNotifier notifier, Watchdog watchdog, Clock clock,
			LongSupplier nanoTime) {
		this.settings = settings;
		this.run = run;
		this.components = components;
		this.sessions = sessions;
		this.eligibility = eligibility;
		this.retry = retry;
		this.notifier = notifier;
		this.watchdog = watchdog;
		this.clock = clock;
		this.check = new RepeatingTask(settings.prefix() + ": the check of its state", this::reconcile,
				settings.checkPeriod(), nanoTime);
	}

	WatcherRun run() {
		return this.run;
	}

	/**
	 * Watch, or stand by until this instance is elected.
	 * @param startedBefore whether a start has shown that the checkpoint can be used
	 */
	void start(boolean startedBefore) {
		boolean elective = this.eligibility.isElective();
		try {
			if (elective) {
				this.sessions.check();
			}
			else {
				watch();
			}
		}
		catch (RequenceTaskException ex) {
			if (!isTemporary(ex, startedBefore)) {
				throw ex;
			}
			if (elective) {
				logger.debug(this.settings.prefix() + ": the checkpoint is checked when it is opened", ex);
			}
			else {
				cannotWatch(ex);
			}
		}
		begin(elective);
	}

	/**
	 * Return whether a start may be repeated until it succeeds. If the very first one
	 * meets a store that fails, the settings may be wrong, and that must not be hidden.
	 */
	private static boolean isTemporary(RequenceTaskException failure, boolean startedBefore) {
		return failure instanceof CheckpointBusyException || failure instanceof OccupiedException
				|| (startedBefore && failure instanceof CheckpointUnavailableException);
	}

	private synchronized void begin(boolean elective) {
		if (this.run.isStopped()) {
			return;
		}
		if (elective) {
			this.run.enter(Phase.STANDBY);
			this.components.supervisor().standBy();
			this.retry.unblocked();
			logger.info(this.settings.prefix() + " stands by until this instance is the leader");
		}
		this.check.start(this.run.timers().createWorker());
	}

	/**
	 * End the connection and the delivery, without waiting for listeners.
	 * @param reason why
	 * @param deadline until when the run should have stopped, by the ticker
	 */
	synchronized void stop(Reason reason, long deadline) {
		this.run.stops(reason, deadline);
		this.check.stop();
		// First, so that a pause does not affect the connection any more
		quietly(this.sessions::signalEnd);
		quietly(this.components.supervisor()::stop);
	}

	private void quietly(Runnable step) {
		try {
			step.run();
		}
		catch (Throwable ex) {
			logger.warn(this.settings.prefix() + ": a part could not be ended", ex);
		}
	}

	/**
	 * Return what keeps the watcher from doing what is expected of it.
	 * @return {@code null} if nothing does
	 */
	@Nullable Stall stall() {
		look();
		boolean checked = this.run.phase() != Phase.STARTING;
		return this.watchdog.stall(this.eligibility.unknownSince(), this.retry.blockedSince(),
				checked ? this.check.lastRun() : null);
	}

	/**
	 * Look at what has moved, and schedule again what was lost when memory or threads ran
	 * out.
	 */
	private void look() {
		this.check.revive();
		this.eligibility.revive();
		this.watchdog.revive();
		this.watchdog.check(this.sessions.isDelivering());
	}

	/**
	 * Look soon whether to watch or to stand by.
	 */
	void reconcileSoon() {
		this.run.later(this::reconcile);
	}

	// Runs where the timers run
	private void reconcile() {
		if (this.run.isStopped() || this.run.phase() == Phase.STARTING) {
			return;
		}
		look();
		try {
			if (this.eligibility.isSuperseded() && !this.sessions.isOpen() && this.eligibility.isFreeAgain()) {
				this.eligibility.reset();
				this.retry.unblocked();
			}
			if (!this.eligibility.isGiven()) {
				standBy();
			}
			else if (this.run.phase() != Phase.WATCHING && this.retry.isDue()) {
				showPreparation();
				watch();
			}
		}
		catch (Throwable ex) {
			cannotWatch(ex);
		}
	}

	private synchronized void showPreparation() {
		if (!this.run.isStopped() && this.retry.isFirst()) {
			this.components.supervisor().preparing();
		}
	}

	/**
	 * Start the components, from where the watcher or another instance has left off.
	 */
	private void watch() {
		this.retry.blocked();
		StartPointResolver.Start start = this.sessions.prepare();
		synchronized (this) {
			if (this.run.isStopped() || !this.eligibility.isGiven()) {
				return;
			}
			this.sessions.begin(this.run, start);
			this.run.enter(Phase.WATCHING);
			this.retry.succeeded();
		}
	}

	private synchronized void cannotWatch(Throwable cause) {
		if (this.run.isStopped() || this.sessions.isOpen()) {
			return;
		}
		this.run.enter(Phase.STANDBY);
		this.components.supervisor().blocked(cause, StartRetry.DELAY);
		this.retry.failed(cause);
	}

	/**
	 * Stop the components, and wait for the leadership.
	 */
	private void standBy() {
		WatchSession left;
		synchronized (this) {
			if (this.run.isStopped()) {
				return;
			}
			this.run.enter(Phase.STANDBY);
			this.retry.standBy();
			left = this.sessions.leave();
			this.components.supervisor().standBy();
			if (left == null) {
				standByIdle();
				return;
			}
		}
		this.sessions.awaitDelivery(this.settings.shutdownTimeout(), null);
		this.sessions.drain(left, WatchSession.DRAIN);
		Long position = this.components.queue().position();
		logger.info(this.settings.prefix() + " stands by "
				+ ((position != null) ? "at position " + position : "before the first update")
				+ ", as another instance watches"
				+ (this.sessions.isPaused() ? ". It stays paused until it is resumed" : ""));
		this.notifier.stopped(this.run.events(), Reason.NOT_LEADER);
		if (this.eligibility.isSuperseded()) {
			this.eligibility.relinquish();
		}
	}

	private void standByIdle() {
		if (this.eligibility.isElected()) {
			// Superseded, and the election has not taken the leadership back
			this.retry.blocked();
			return;
		}
		// If it leads again at once, it is still the one that cannot watch
		StreamSnapshot stream = this.components.supervisor().snapshot();
		if (Duration.between(stream.since(), this.clock.instant()).compareTo(LeadershipMonitor.PATIENCE) > 0) {
			this.retry.unblocked();
		}
	}

}
