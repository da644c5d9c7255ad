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
import java.util.function.Supplier;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;
import reactor.core.scheduler.Scheduler;

import cloud.requence.task.Leadership;
import cloud.requence.task.TaskWatcherStatus.Stall;
import cloud.requence.task.TaskWatcherStoppedEvent.Reason;

/**
 * The life of a watcher: starts, stops and pauses. Each start begins a
 * {@link WatcherRun}, one at a time, whose {@link Reconciler} decides when to watch and
 * when to stand by.
 * <p>
 * What is expected and which run is the present one is guarded by this object, whose lock
 * is taken before that of the reconciler. Listeners, the store and the platform are
 * waited for outside of it.
 */
final class WatcherLifecycle {

	private static final Log logger = LogFactory.getLog(WatcherLifecycle.class);

	private final WatcherSettings settings;

	private final Supplier<@Nullable String> outcomeUnknown;

	private final WatcherThreads threads;

	private final WatcherNotifier notifier;

	private final WatcherComponents components;

	private final Eligibility eligibility;

	private final WatchSessions sessions;

	private final StartRetry retry;

	private final Watchdog watchdog;

	private final Clock clock;

	private final LongSupplier nanoTime;

	// Written under the lock
	private volatile boolean expectedToRun;

	// A start has shown that the checkpoint can be used
	private volatile boolean startedBefore;

	// Of the present run
	private volatile @Nullable Reconciler reconciler;

	// The run that was stopped last
	private volatile @Nullable WatcherRun ending;

	private volatile @Nullable String unknownOutcomeReason;

	WatcherLifecycle(WatcherSettings settings, Supplier<@Nullable String> outcomeUnknown, WatcherThreads threads,
			@Nullable Leadership leadership, StartPointResolver startPoint, WatcherNotifier notifier,
			WatcherComponents components, Clock clock, LongSupplier nanoTime) {
		this.settings = settings;
		this.outcomeUnknown = outcomeUnknown;
		this.threads = threads;
		this.notifier = notifier;
		this.components = components;
		this.sessions = new WatchSessions(settings, components, startPoint, this::tryAgainSoon);
		this.eligibility = new Eligibility((leadership != null)
				? new LeadershipMonitor(settings, leadership, this.sessions::isOpen, this::reconcileSoon, nanoTime)
				: null, components.checkpointer());
		this.retry = new StartRetry(settings, clock, nanoTime);
		this.watchdog = new Watchdog(components, clock, nanoTime);
		this.clock = clock;
		this.nanoTime = nanoTime;
	}

	boolean isRunning() {
		return this.reconciler != null;
	}

	/**
	 * Return whether the components are started, so that a checkpoint carries what is
	 * done.
	 */
	boolean isWatching() {
		return this.sessions.isOpen();
	}

	boolean isExpectedToRun() {
		return this.expectedToRun;
	}

	boolean isPaused() {
		return this.sessions.isPaused();
	}

	/**
	 * Return why the last run was stopped.
	 * @return {@code null} if the watcher runs, or never did
	 */
	@Nullable Reason stopReason() {
		WatcherRun ended = this.ending;
		return (!isRunning() && ended != null) ? ended.reason() : null;
	}

	@Nullable String unknownOutcomeReason() {
		return this.unknownOutcomeReason;
	}

	/**
	 * Return what keeps the watcher from doing what is expected of it.
	 * @return {@code null} if nothing does
	 */
	@Nullable Stall stall() {
		Reconciler current = this.reconciler;
		return (current != null) ? current.stall() : null;
	}

	/**
	 * Start to watch, or to follow the leadership. Leaves nothing behind if that fails.
	 */
	void start() {
		Reconciler started = null;
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

	private void begin(Reconciler started) {
		// The platform takes acknowledgements from an instance that stands by too
		this.components.acknowledger().start(started.run().timers());
		follow(started);
		started.start(this.startedBefore);
		this.startedBefore = true;
		started.reconcileSoon();
	}

	/**
	 * Begin a run, once the one before has ended.
	 * @return {@code null} if the watcher is running
	 */
	private @Nullable Reconciler newRun() {
		WatcherRun unfinished;
		synchronized (this) {
			this.expectedToRun = true;
			if (this.reconciler != null) {
				return null;
			}
			unfinished = this.ending;
		}
		if (unfinished != null && !unfinished.hasEnded()) {
			finish(unfinished, Duration.ZERO);
		}
		synchronized (this) {
			if (this.reconciler != null || !this.expectedToRun) {
				return null;
			}
			// Found out now: a context that is being closed can no longer tell
			this.unknownOutcomeReason = this.outcomeUnknown.get();
			WatcherRun run = createRun();
			this.notifier.use(run.events());
			this.watchdog.forget();
			this.eligibility.reset();
			this.retry.begin();
			Reconciler started = new Reconciler(this.settings, run, this.components, this.sessions, this.eligibility,
					this.retry, this.notifier, this.watchdog, this.clock, this.nanoTime);
			this.reconciler = started;
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

	// First, so that a leader whose store does not respond relinquishes the leadership
	private synchronized void follow(Reconciler started) {
		if (this.reconciler == started) {
			this.eligibility.follow(this.threads);
		}
	}

	private void abandon(@Nullable Reconciler started) {
		synchronized (this) {
			if (this.reconciler != started) {
				return;
			}
			this.reconciler = null;
			if (started != null) {
				started.stop(Reason.NORMAL, this.nanoTime.getAsLong());
			}
			this.eligibility.stop();
		}
		this.eligibility.relinquish();
		if (started != null && started.run().isMineToEnd()) {
			drain(started.run(), Duration.ZERO);
			started.run().end(Duration.ZERO);
		}
	}

	private void reconcileSoon() {
		Reconciler current = this.reconciler;
		if (current != null) {
			current.reconcileSoon();
		}
	}

	private void tryAgainSoon() {
		this.retry.tryAgainNow();
		reconcileSoon();
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
				logger.error(this.settings.prefix() + " could not be stopped in an orderly way", ex);
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
		Reconciler current = this.reconciler;
		if (current != null) {
			current.run().later(() -> stop(current, reason));
		}
	}

	private void stop(Reconciler current, Reason reason) {
		if (this.reconciler == current) {
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
		if (isRunning()) {
			this.eligibility.supersede();
			reconcileSoon();
		}
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
			Reconciler current = this.reconciler;
			if (current != null) {
				this.ending = current.run();
				this.reconciler = null;
				current.stop(reason, this.nanoTime.getAsLong() + this.settings.shutdownTimeout().toNanos());
			}
			// One that has failed sees to it that the leadership stays with others
			if (reason == Reason.NORMAL) {
				this.eligibility.stop();
			}
			stopped = this.ending;
		}
		if (reason != Reason.NORMAL) {
			this.eligibility.relinquish();
		}
		return (stopped != null && !stopped.hasEnded()) ? stopped : null;
	}

	/**
	 * Wait for the listeners and end a run, in the time that its stop has left.
	 */
	private void finishInTime(WatcherRun stopped, @Nullable Thread listener) {
		Duration left = Duration.ofNanos(Math.max(0, stopped.stopDeadline() - this.nanoTime.getAsLong()));
		this.sessions.awaitDelivery(left, listener);
		finish(stopped, timeLeft(stopped));
	}

	private Duration timeLeft(WatcherRun stopped) {
		long left = stopped.stopDeadline() - this.nanoTime.getAsLong();
		return Duration.ofNanos(Math.max(WatchSession.DRAIN.toNanos(), left));
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
			drain(stopped, drain);
			int awaited = this.components.queue().awaitedAcknowledgementCount();
			Long position = this.components.queue().position();
			logger.info(this.settings.prefix() + " has stopped"
					+ ((stopped.reason() != Reason.NORMAL) ? " (" + stopped.reason() + ")" : "")
					+ ((position != null) ? " at position " + position : " before the first update") + ((awaited > 0)
							? ". Acknowledgements by the application that are still awaited: " + awaited : ""));
			this.notifier.stopped(stopped.events(), stopped.reason());
		}
		finally {
			stopped.end(drain);
		}
	}

	private void drain(WatcherRun stopped, Duration drain) {
		long begun = this.nanoTime.getAsLong();
		this.sessions.end(stopped, drain);
		try {
			this.components.acknowledger().stop(stopped.timers(), drain.minusNanos(this.nanoTime.getAsLong() - begun));
		}
		catch (Throwable ex) {
			logger.warn(this.settings.prefix() + ": the acknowledgements could not be ended", ex);
		}
	}

	/**
	 * Hold the updates back until {@link #resume()}, over changes of the leadership and
	 * restarts.
	 */
	void pause() {
		if (this.sessions.pause()) {
			this.watchdog.forget();
		}
	}

	void resume() {
		this.sessions.resume();
	}

}
