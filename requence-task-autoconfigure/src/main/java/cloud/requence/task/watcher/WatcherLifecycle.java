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
import java.time.Instant;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;
import reactor.core.scheduler.Scheduler;

import cloud.requence.task.CheckpointUnavailableException;
import cloud.requence.task.Leadership;
import cloud.requence.task.RequenceTaskException;
import cloud.requence.task.TaskWatcherStatus.Stall;
import cloud.requence.task.TaskWatcherStoppedEvent.Reason;
import cloud.requence.task.checkpoint.CheckpointBusyException;
import cloud.requence.task.checkpoint.Checkpointer;
import cloud.requence.task.watcher.WatcherRun.Phase;

/**
 * The state machine of a watcher: what is wanted of it (running or not, paused or not)
 * and what it does (the {@link Phase} of its run). Every few seconds, and whenever
 * something has changed, the second is brought in line with the first.
 * <p>
 * The state changes under the lock of this object. Whatever waits, for a store or for
 * listeners, does so outside of it and finds out afterwards whether it is still wanted.
 */
final class WatcherLifecycle {

	private static final Log logger = LogFactory.getLog(WatcherLifecycle.class);

	private static final Duration CHECK = Duration.ofSeconds(2);

	private static final Duration RETRY = Duration.ofSeconds(5);

	private final WatcherSettings settings;

	private final Supplier<@Nullable String> outcomeUnknown;

	private final WatcherThreads threads;

	private final @Nullable LeadershipMonitor leadership;

	private final StartPointResolver startPoint;

	private final WatcherNotifier notifier;

	private final WatcherComponents components;

	private final Watchdog watchdog;

	private final Clock clock;

	private final LongSupplier nanoTime;

	private final RepeatingTask check;

	// Written under the lock
	private volatile boolean expectedToRun;

	// A start has shown that the checkpoint can be used
	private volatile boolean startedBefore;

	private volatile boolean paused;

	private volatile @Nullable WatcherRun run;

	private volatile @Nullable WatcherRun ending;

	private volatile @Nullable WatchSession watching;

	// What has ended to watch and has still to save and to send
	private volatile @Nullable WatchSession draining;

	private volatile @Nullable String unknownOutcomeReason;

	// Since when the watcher should watch and could not begin to
	private volatile @Nullable Instant blockedSince;

	private int failures;

	private long nextAttempt;

	WatcherLifecycle(WatcherSettings settings, Supplier<@Nullable String> outcomeUnknown, WatcherThreads threads,
			@Nullable Leadership leadership, StartPointResolver startPoint, WatcherNotifier notifier,
			WatcherComponents components, Clock clock, LongSupplier nanoTime) {
		this.settings = settings;
		this.outcomeUnknown = outcomeUnknown;
		this.threads = threads;
		this.startPoint = startPoint;
		this.notifier = notifier;
		this.components = components;
		this.watchdog = new Watchdog(components, clock, nanoTime);
		this.clock = clock;
		this.nanoTime = nanoTime;
		this.leadership = (leadership != null) ? new LeadershipMonitor(settings.name(), leadership,
				() -> this.watching != null, this::reconcileSoon, nanoTime) : null;
		this.check = new RepeatingTask(prefix() + ": the check of its state", this::reconcile, CHECK, nanoTime);
	}

	private String prefix() {
		return "Task watcher '" + this.settings.name() + "'";
	}

	boolean isRunning() {
		return this.run != null;
	}

	/**
	 * Return whether the components are started, so that a checkpoint carries what is
	 * done.
	 */
	boolean isWatching() {
		return this.watching != null;
	}

	boolean isExpectedToRun() {
		return this.expectedToRun;
	}

	boolean isPaused() {
		return this.paused;
	}

	/**
	 * Return why the last run was stopped.
	 * @return {@code null} if the watcher runs, or never did
	 */
	@Nullable Reason stopReason() {
		WatcherRun ended = this.ending;
		return (this.run == null && ended != null) ? ended.reason() : null;
	}

	@Nullable String unknownOutcomeReason() {
		return this.unknownOutcomeReason;
	}

	/**
	 * Return what keeps the watcher from doing what is expected of it.
	 * @return {@code null} if nothing does
	 */
	@Nullable Stall stall() {
		WatcherRun current = this.run;
		if (current == null) {
			return null;
		}
		revive();
		checkProgress();
		Long unknownSince = (this.leadership != null) ? this.leadership.unknownSince() : null;
		if (unknownSince != null) {
			return new Stall(this.clock.instant().minusNanos(this.nanoTime.getAsLong() - unknownSince),
					"it is not known whether this instance is the leader");
		}
		boolean checked = current.phase() != Phase.STARTING;
		return this.watchdog.stall(this.blockedSince, checked ? this.check.lastRun() : null);
	}

	private void checkProgress() {
		this.components.delivery().settleDone();
		this.watchdog.check(this.watching != null && !this.paused);
	}

	/**
	 * Schedule again what was lost when memory or threads ran out.
	 */
	private void revive() {
		this.check.revive();
		this.components.supervisor().revive();
		this.components.delivery().revive();
		if (this.leadership != null) {
			this.leadership.revive();
		}
	}

	/**
	 * Start to watch, or to follow the leadership. Leaves nothing behind if that fails.
	 */
	void start() {
		WatcherRun started = null;
		try {
			started = newRun();
			if (started != null) {
				begin(started);
			}
		}
		catch (Throwable ex) {
			abandon(started);
			throw ex;
		}
	}

	/**
	 * Begin a run, once the one before has ended.
	 * @return {@code null} if the watcher is running
	 */
	private @Nullable WatcherRun newRun() {
		WatcherRun unfinished;
		synchronized (this) {
			this.expectedToRun = true;
			if (this.run != null) {
				return null;
			}
			unfinished = this.ending;
		}
		if (unfinished != null && !unfinished.hasEnded()) {
			finish(unfinished, Duration.ZERO);
		}
		synchronized (this) {
			if (this.run != null || !this.expectedToRun) {
				return null;
			}
			// Found out now: a context that is being closed can no longer tell
			this.unknownOutcomeReason = this.outcomeUnknown.get();
			WatcherRun started = createRun();
			this.notifier.use(started.events());
			this.watchdog.forget();
			this.blockedSince = this.clock.instant();
			this.failures = 0;
			this.nextAttempt = this.nanoTime.getAsLong();
			this.run = started;
			return started;
		}
	}

	private WatcherRun createRun() {
		Scheduler timers = this.threads.scheduler("timers");
		try {
			return new WatcherRun(timers, this.notifier.newEvents(this.threads.daemons("events")));
		}
		catch (Throwable ex) {
			timers.dispose();
			throw ex;
		}
	}

	private void begin(WatcherRun started) {
		// The platform takes acknowledgements from an instance that stands by too
		this.components.acknowledger().start(started.timers());
		if (this.leadership != null) {
			follow(started, this.leadership);
			checkCheckpoint();
		}
		else {
			try {
				watch(started);
			}
			catch (RequenceTaskException ex) {
				if (!isTemporary(ex)) {
					throw ex;
				}
				cannotWatch(started, ex);
			}
		}
		synchronized (this) {
			if (this.run != started) {
				return;
			}
			if (this.leadership != null) {
				started.enter(Phase.STANDBY);
				this.components.supervisor().standBy();
				this.blockedSince = null;
				logger.info(prefix() + " stands by until this instance is the leader");
			}
			this.check.start(started.timers().createWorker());
			this.startedBefore = true;
		}
		reconcileSoon();
	}

	// First, so that a leader whose store does not respond relinquishes the leadership
	private synchronized void follow(WatcherRun started, LeadershipMonitor followed) {
		if (this.run == started) {
			followed.start(this.threads.scheduler("leadership"));
		}
	}

	private void checkCheckpoint() {
		try {
			this.startPoint.check(this.components.checkpointer());
		}
		catch (RequenceTaskException ex) {
			if (!isTemporary(ex)) {
				throw ex;
			}
			logger.debug(prefix() + ": the checkpoint is checked when it is opened", ex);
		}
	}

	/**
	 * Return whether a start may be repeated until it succeeds. If the very first one
	 * meets a store that fails, the settings may be wrong, and that must not be hidden.
	 */
	private boolean isTemporary(RequenceTaskException failure) {
		return failure instanceof CheckpointBusyException || failure instanceof OccupiedException
				|| (this.startedBefore && failure instanceof CheckpointUnavailableException);
	}

	private void abandon(@Nullable WatcherRun started) {
		synchronized (this) {
			if (this.run != started) {
				return;
			}
			this.run = null;
			this.check.stop();
			quietly(this.components.supervisor()::stop);
			quietly(this.components.delivery()::signalStop);
			if (this.leadership != null) {
				this.leadership.stop();
			}
		}
		if (this.leadership != null) {
			this.leadership.relinquish();
		}
		if (started != null && started.isMineToEnd()) {
			drainStages(started, Duration.ZERO);
			started.end(Duration.ZERO);
		}
	}

	private void reconcileSoon() {
		WatcherRun current = this.run;
		if (current != null) {
			current.later(this::reconcile);
		}
	}

	/**
	 * Bring what the watcher does in line with what is wanted. Runs where the timers run.
	 */
	private void reconcile() {
		WatcherRun current = this.run;
		if (current == null || current.phase() == Phase.STARTING) {
			return;
		}
		revive();
		checkProgress();
		try {
			if (current.isSuperseded() && this.watching == null && isFreeAgain()) {
				free(current);
			}
			if (!mayWatch(current)) {
				standBy(current);
			}
			else if (current.phase() != Phase.WATCHING && isTimeToTry()) {
				show(current);
				watch(current);
			}
		}
		catch (Throwable ex) {
			cannotWatch(current, ex);
		}
	}

	private synchronized void free(WatcherRun current) {
		current.superseded(false);
		this.blockedSince = null;
	}

	private boolean mayWatch(WatcherRun current) {
		return !current.isSuperseded() && (this.leadership == null || this.leadership.isLeader());
	}

	/**
	 * Return whether a watcher that another instance has superseded may try again: it is
	 * elected anew, or without an election the other instance has ended.
	 */
	private boolean isFreeAgain() {
		if (this.leadership != null) {
			return !this.leadership.isLeader();
		}
		Checkpointer checkpointer = this.components.checkpointer();
		return checkpointer == null || checkpointer.isAbandoned();
	}

	private synchronized boolean isTimeToTry() {
		return this.nanoTime.getAsLong() - this.nextAttempt >= 0;
	}

	private synchronized void show(WatcherRun current) {
		if (this.run == current && this.failures == 0) {
			this.components.supervisor().preparing();
		}
	}

	/**
	 * Start the components, from where the watcher or another instance has left off.
	 */
	private void watch(WatcherRun current) {
		synchronized (this) {
			blocked();
			if (this.watching != null || this.draining != null) {
				throw new OccupiedException();
			}
		}
		StartPointResolver.Start start = this.startPoint.open(this.components.checkpointer());
		synchronized (this) {
			if (this.run != current || !mayWatch(current)) {
				return;
			}
			if (this.watching != null || this.draining != null) {
				throw new OccupiedException();
			}
			Instant since = this.startPoint.apply(start, this.components);
			this.watching = WatchSession.begin(current, this.components, since, this.paused);
			current.enter(Phase.WATCHING);
			this.blockedSince = null;
			this.failures = 0;
		}
	}

	private void blocked() {
		if (this.blockedSince == null) {
			this.blockedSince = this.clock.instant();
		}
	}

	private void cannotWatch(WatcherRun current, Throwable cause) {
		boolean first;
		synchronized (this) {
			if (this.run != current || this.watching != null) {
				return;
			}
			current.enter(Phase.STANDBY);
			this.nextAttempt = this.nanoTime.getAsLong() + RETRY.toNanos();
			first = this.failures++ == 0;
			this.components.supervisor().blocked(cause, RETRY);
		}
		String message = prefix() + " should watch and cannot yet, it tries again every " + RETRY.toSeconds() + " s";
		if (first) {
			logger.warn(message, cause);
		}
		else {
			logger.debug(message, cause);
		}
	}

	/**
	 * Stop the components, and wait for the leadership.
	 */
	private void standBy(WatcherRun current) {
		WatchSession left;
		synchronized (this) {
			if (this.run != current) {
				return;
			}
			left = this.watching;
			current.enter(Phase.STANDBY);
			this.failures = 0;
			this.nextAttempt = this.nanoTime.getAsLong();
			this.components.supervisor().standBy();
			if (left == null && this.leadership != null && this.leadership.isLeader()) {
				// Superseded, and the election has not taken the leadership back
				blocked();
				return;
			}
			if (left == null) {
				forgetBlock();
				return;
			}
			this.components.delivery().signalStop();
			this.watching = null;
			this.draining = left;
		}
		awaitDelivery(this.settings.shutdownTimeout(), null);
		drain(left, WatchSession.DRAIN);
		Long position = this.components.queue().position();
		logger.info(prefix() + " stands by "
				+ ((position != null) ? "at position " + position : "before the first update")
				+ ", as another instance watches" + (this.paused ? ". It stays paused until it is resumed" : ""));
		this.notifier.stopped(current.events(), Reason.NOT_LEADER);
		if (current.isSuperseded() && this.leadership != null) {
			this.leadership.relinquish();
		}
	}

	// If it leads again at once, it is still the one that cannot watch
	private void forgetBlock() {
		StreamSnapshot stream = this.components.supervisor().snapshot();
		if (Duration.between(stream.since(), this.clock.instant()).compareTo(LeadershipMonitor.PATIENCE) > 0) {
			this.blockedSince = null;
		}
	}

	/**
	 * Stop, and wait for it. If a listener calls this, it does not wait, and the rest is
	 * done when the delivery has ended.
	 */
	void stop() {
		WatcherRun stopped = signalStop(Reason.NORMAL);
		if (stopped != null && callingListener() == null) {
			finishInTime(stopped, null);
		}
	}

	/**
	 * Stop without waiting for it.
	 * @param reason why
	 * @param callback called when the watcher has stopped, in any case
	 */
	void stop(Reason reason, Runnable callback) {
		Thread listener = callingListener();
		WatcherRun stopped;
		try {
			stopped = signalStop(reason);
		}
		catch (Throwable ex) {
			callback.run();
			throw ex;
		}
		if (stopped == null) {
			callback.run();
			return;
		}
		Runnable rest = () -> {
			try {
				finishInTime(stopped, listener);
			}
			catch (Throwable ex) {
				logger.error(prefix() + " could not be stopped in an orderly way", ex);
			}
			finally {
				callback.run();
			}
		};
		Thread thread;
		try {
			thread = this.threads.daemons("stop").newThread(rest);
			thread.start();
		}
		catch (Throwable ex) {
			// There is no thread for it
			rest.run();
		}
	}

	/**
	 * Stop where the timers run.
	 * @param reason why
	 */
	void stopSoon(Reason reason) {
		WatcherRun current = this.run;
		if (current != null) {
			current.later(() -> stop(current, reason));
		}
	}

	private void stop(WatcherRun current, Reason reason) {
		if (this.run == current) {
			stop(reason, () -> {
			});
		}
	}

	/**
	 * Stop, and wait for it, even if a listener calls this: the application ends.
	 */
	void destroy() {
		WatcherRun stopped = signalStop(Reason.NORMAL);
		if (stopped != null) {
			finishInTime(stopped, callingListener());
		}
	}

	/**
	 * Stop in front of an update that cannot be delivered. The rest is done when the
	 * delivery has ended.
	 */
	void fail() {
		signalStop(Reason.FAILURE);
	}

	/**
	 * The delivery has ended after a stop.
	 */
	void onDeliveryEnded() {
		WatcherRun ended = this.ending;
		if (ended != null && !ended.hasEnded()) {
			finish(ended, timeLeft(ended));
		}
		tryAgainSoon();
	}

	/**
	 * Another instance has written the checkpoint.
	 */
	void onSuperseded() {
		WatcherRun current = this.run;
		if (current != null) {
			current.superseded(true);
			reconcileSoon();
		}
	}

	private void tryAgainSoon() {
		synchronized (this) {
			this.nextAttempt = this.nanoTime.getAsLong();
		}
		reconcileSoon();
	}

	private @Nullable Thread callingListener() {
		return this.components.delivery().isDeliveryThread() ? Thread.currentThread() : null;
	}

	/**
	 * End the connection and the delivery, without waiting for listeners.
	 * @return the run that has to be finished; {@code null} if there is none
	 */
	private @Nullable WatcherRun signalStop(Reason reason) {
		WatcherRun stopped;
		synchronized (this) {
			this.expectedToRun = this.expectedToRun && reason != Reason.NORMAL;
			WatcherRun current = this.run;
			if (current != null) {
				current.stops(reason, this.nanoTime.getAsLong() + this.settings.shutdownTimeout().toNanos());
				this.ending = current;
				this.run = null;
				this.check.stop();
				quietly(this.components.supervisor()::stop);
				quietly(this.components.delivery()::signalStop);
			}
			// One that has failed sees to it that the leadership stays with others
			if (this.leadership != null && reason == Reason.NORMAL) {
				this.leadership.stop();
			}
			stopped = this.ending;
		}
		if (this.leadership != null && reason != Reason.NORMAL) {
			this.leadership.relinquish();
		}
		return (stopped != null && !stopped.hasEnded()) ? stopped : null;
	}

	/**
	 * Wait for the listeners and end a run, in the time that its stop has left.
	 */
	private void finishInTime(WatcherRun stopped, @Nullable Thread listener) {
		Duration left = Duration.ofNanos(Math.max(0, stopped.stopDeadline() - this.nanoTime.getAsLong()));
		awaitDelivery(left, listener);
		finish(stopped, timeLeft(stopped));
	}

	private Duration timeLeft(WatcherRun stopped) {
		long left = stopped.stopDeadline() - this.nanoTime.getAsLong();
		return Duration.ofNanos(Math.max(WatchSession.DRAIN.toNanos(), left));
	}

	private void awaitDelivery(Duration timeout, @Nullable Thread except) {
		if (!this.components.delivery().awaitStop(timeout, except)) {
			logger.warn(prefix() + ": the update in progress was not done within the shutdown timeout of "
					+ this.settings.shutdownTimeout().toMillis() + " ms; it is delivered again after the next start");
		}
	}

	/**
	 * End a run, or wait until another thread has done it.
	 */
	private void finish(WatcherRun stopped, Duration drain) {
		if (!stopped.isMineToEnd()) {
			stopped.awaitEnd(drain.plus(WatchSession.DRAIN.multipliedBy(3)));
			return;
		}
		try {
			drainStages(stopped, drain);
			int awaited = this.components.queue().awaitedAcknowledgementCount();
			Long position = this.components.queue().position();
			logger.info(prefix() + " has stopped"
					+ ((stopped.reason() != Reason.NORMAL) ? " (" + stopped.reason() + ")" : "")
					+ ((position != null) ? " at position " + position : " before the first update") + ((awaited > 0)
							? ". Acknowledgements by the application that are still awaited: " + awaited : ""));
			this.notifier.stopped(stopped.events(), stopped.reason());
		}
		finally {
			stopped.end(drain);
		}
	}

	private void drainStages(WatcherRun stopped, Duration drain) {
		long begun = this.nanoTime.getAsLong();
		endWatching(stopped, drain);
		quietly(() -> this.components.acknowledger()
			.stop(stopped.timers(), drain.minusNanos(this.nanoTime.getAsLong() - begun)));
	}

	private void endWatching(WatcherRun stopped, Duration drain) {
		WatchSession left;
		boolean mine;
		synchronized (this) {
			left = this.watching;
			mine = left != null && left.belongsTo(stopped);
			if (mine) {
				this.watching = null;
				this.draining = left;
			}
			else {
				left = this.draining;
			}
		}
		if (left != null && mine) {
			drain(left, drain);
		}
		else if (left != null && left.belongsTo(stopped)) {
			left.awaitEnd(drain.plus(WatchSession.DRAIN.multipliedBy(2)));
		}
	}

	private void drain(WatchSession left, Duration drain) {
		try {
			left.end(drain);
		}
		finally {
			synchronized (this) {
				if (this.draining == left) {
					this.draining = null;
				}
			}
			tryAgainSoon();
		}
	}

	/**
	 * Hold the updates back until {@link #resume()}, over changes of the leadership and
	 * restarts.
	 */
	synchronized void pause() {
		if (this.paused) {
			return;
		}
		this.paused = true;
		this.watchdog.forget();
		if (this.watching != null) {
			this.components.supervisor().pause();
			this.components.delivery().pause();
			logger.info(prefix() + " is paused");
		}
		else {
			logger.info(prefix() + " is paused. It does not watch at the moment, and will not until it is resumed");
		}
	}

	synchronized void resume() {
		if (!this.paused) {
			return;
		}
		this.paused = false;
		logger.info(prefix() + " resumes");
		if (this.watching != null) {
			this.components.delivery().start();
			this.components.supervisor().resume();
		}
	}

	private void quietly(Runnable step) {
		try {
			step.run();
		}
		catch (Throwable ex) {
			logger.warn(prefix() + ": a part could not be ended", ex);
		}
	}

	/**
	 * What was watched before has not been saved and sent yet.
	 */
	private static final class OccupiedException extends RequenceTaskException {

		OccupiedException() {
			super("The run before has not ended yet");
		}

	}

}
