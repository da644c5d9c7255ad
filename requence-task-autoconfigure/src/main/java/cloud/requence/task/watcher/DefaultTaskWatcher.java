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
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Scheduler;

import org.springframework.context.ApplicationEventPublisher;
import org.springframework.util.Assert;

import cloud.requence.task.Leadership;
import cloud.requence.task.RequenceTaskException;
import cloud.requence.task.TaskUpdate;
import cloud.requence.task.TaskWatcher;
import cloud.requence.task.TaskWatcherStatus;
import cloud.requence.task.TaskWatcherStoppedEvent.Reason;
import cloud.requence.task.checkpoint.CheckpointObserver;
import cloud.requence.task.checkpoint.Checkpointer;
import cloud.requence.task.context.ContextRecoverer;
import cloud.requence.task.delivery.DeliveryObserver;

/**
 * Ties the stages together and carries their life cycle. What was received and not yet
 * delivered stays over a stop, and so do contexts and position, unless the checkpoint
 * says that another instance has gone on.
 * <p>
 * The state changes under the lock of this object. Whatever waits, for a store or for
 * listeners, does so outside of it.
 */
final class DefaultTaskWatcher implements TaskWatcher, DeliveryObserver, CheckpointObserver {

	private static final Log logger = LogFactory.getLog(DefaultTaskWatcher.class);

	private static final Duration DRAIN = Duration.ofSeconds(1);

	private static final Duration LEADERSHIP_RETRY = Duration.ofSeconds(5);

	private final WatcherSettings settings;

	private final Supplier<@Nullable String> detached;

	private final Supplier<Scheduler> timers;

	private final @Nullable Leadership leadership;

	private final Resumption resumption;

	private final WatcherNotifier notifier;

	private final Stages stages;

	private final StatusReader status;

	// Written under the lock
	private volatile boolean expectedToRun;

	private volatile @Nullable WatcherRun run;

	private volatile @Nullable WatcherRun ending;

	private Scheduler.@Nullable Worker watching;

	private volatile @Nullable String detachedReason;

	DefaultTaskWatcher(WatcherSettings settings, Supplier<@Nullable String> detached,
			ApplicationEventPublisher publisher, Supplier<Scheduler> timers, @Nullable Leadership leadership,
			Resumption resumption, Clock clock, LongSupplier nanoTime, Stages.Factory stages) {
		this.settings = settings;
		this.detached = detached;
		this.timers = timers;
		this.leadership = leadership;
		this.resumption = resumption;
		this.notifier = new WatcherNotifier(this, publisher, this::onPositionRefused);
		this.stages = stages.create(this.notifier, this, this);
		this.status = new StatusReader(settings.name(), this.stages, clock, nanoTime);
		if (leadership != null) {
			leadership.addListener(this::onLeadershipChange);
		}
	}

	@Override
	public String name() {
		return this.settings.name();
	}

	@Override
	public boolean isAutoStartup() {
		return this.settings.autoStartup();
	}

	@Override
	public int getPhase() {
		return this.settings.phase();
	}

	@Override
	public boolean isRunning() {
		return this.run != null;
	}

	@Override
	public void start() {
		WatcherRun started = newRun();
		if (started == null) {
			return;
		}
		try {
			if (this.leadership == null) {
				watch(started);
			}
			else {
				this.resumption.check(this.stages.checkpointer());
				beginToFollow(started);
				started.later(() -> followLeadership(started), Duration.ZERO);
			}
		}
		catch (RuntimeException ex) {
			abandon(started);
			throw ex;
		}
	}

	// What changes until then is found out afterwards
	private synchronized void beginToFollow(WatcherRun started) {
		if (this.run == started) {
			this.stages.supervisor().standBy();
			started.beginToFollow();
		}
	}

	/**
	 * Begin a run, once the one before has ended.
	 * @return {@code null} if the watcher is running
	 */
	private @Nullable WatcherRun newRun() {
		for (int attempts = 0; attempts < 5; attempts++) {
			WatcherRun unfinished;
			synchronized (this) {
				this.expectedToRun = true;
				if (this.run != null) {
					return null;
				}
				unfinished = this.ending;
				if (unfinished == null || unfinished.hasEnded()) {
					// Found out now: a context that is being closed can no longer tell
					this.detachedReason = this.detached.get();
					WatcherRun started = new WatcherRun(this.timers.get(), this.notifier.newEvents());
					this.notifier.use(started.events());
					this.run = started;
					return started;
				}
			}
			finish(unfinished, Duration.ZERO);
		}
		throw new RequenceTaskException("Task watcher '" + name() + "' cannot be started while it stops");
	}

	private synchronized void abandon(WatcherRun started) {
		if (this.run == started) {
			this.run = null;
			this.stages.supervisor().stop();
			started.end(Duration.ZERO);
		}
	}

	/**
	 * Connect, from where the watcher or another instance has left off.
	 */
	private void watch(WatcherRun current) {
		Instant since = this.resumption.prepare(this.stages);
		synchronized (this) {
			if (this.run != current || this.watching != null || !mayWatch()) {
				return;
			}
			Scheduler.Worker worker = current.timers().createWorker();
			this.watching = worker;
			this.stages.acknowledger().start(worker);
			ContextRecoverer recoverer = this.stages.recoverer();
			if (recoverer != null) {
				recoverer.start(worker);
			}
			Checkpointer checkpointer = this.stages.checkpointer();
			if (checkpointer != null) {
				checkpointer.start();
			}
			this.stages.delivery().start();
			this.stages.supervisor().start(worker, since);
		}
	}

	private boolean mayWatch() {
		return this.leadership == null || this.leadership.isLeader();
	}

	@Override
	public void stop() {
		stop(Reason.NORMAL);
	}

	@Override
	public void stop(Runnable callback) {
		try {
			stop();
		}
		finally {
			callback.run();
		}
	}

	@Override
	public void destroy() {
		stop();
		this.stages.delivered().complete();
	}

	/**
	 * If a listener calls this, the rest is done when the delivery has ended.
	 */
	private void stop(Reason reason) {
		WatcherRun stopped;
		synchronized (this) {
			this.expectedToRun = this.expectedToRun && reason != Reason.NORMAL;
			if (this.run != null) {
				this.run.stopsBecauseOf(reason);
				this.ending = this.run;
				this.run = null;
				this.stages.supervisor().stop();
				this.stages.delivery().signalStop();
			}
			stopped = this.ending;
		}
		// A context stops and destroys: one wait for listeners that do not end is enough
		if (stopped != null && !stopped.hasEnded() && !this.stages.delivery().isDeliveryThread()) {
			awaitDelivery();
			finish(stopped, DRAIN);
		}
	}

	private void awaitDelivery() {
		Duration timeout = this.settings.shutdownTimeout();
		if (!this.stages.delivery().awaitStop(timeout)) {
			logger.warn("Task watcher '" + name() + "': the update in hand was not done within the shutdown timeout of "
					+ timeout.toMillis() + " ms; it is delivered again after the next start");
		}
	}

	/**
	 * End a run, or wait until whoever does has done it.
	 */
	private void finish(WatcherRun stopped, Duration drain) {
		if (!stopped.isMineToEnd()) {
			stopped.awaitEnd(DRAIN.multipliedBy(3));
			return;
		}
		watchNoMore(drain);
		logger.info("Task watcher '" + name() + "' has stopped"
				+ ((stopped.reason() != Reason.NORMAL) ? " (" + stopped.reason() + ")" : "") + " at position "
				+ this.stages.lookAhead().position());
		this.notifier.stopped(stopped.events(), stopped.reason());
		stopped.end(drain);
	}

	/**
	 * Send and save what is due: what was saved last may be acknowledged, and what was
	 * acknowledged may be saved.
	 */
	private void watchNoMore(Duration drain) {
		Scheduler.Worker worker;
		synchronized (this) {
			worker = this.watching;
			this.watching = null;
		}
		if (worker == null) {
			return;
		}
		ContextRecoverer recoverer = this.stages.recoverer();
		if (recoverer != null) {
			recoverer.stop();
		}
		Checkpointer checkpointer = this.stages.checkpointer();
		if (checkpointer != null) {
			checkpointer.save(DRAIN);
		}
		this.stages.acknowledger().stop(worker, drain);
		if (checkpointer != null) {
			checkpointer.stop(DRAIN);
		}
		worker.dispose();
	}

	private void onLeadershipChange() {
		WatcherRun current = this.run;
		if (current != null && current.follows()) {
			current.later(() -> followLeadership(current), Duration.ZERO);
		}
	}

	private void followLeadership(WatcherRun current) {
		try {
			if (!mayWatch()) {
				standBy(current);
			}
			else if (!isWatching()) {
				watch(current);
			}
		}
		catch (Throwable ex) {
			logger.warn("Task watcher '" + name() + "' is the leader and cannot watch yet, next attempt in "
					+ LEADERSHIP_RETRY.toSeconds() + " s", ex);
			showHindrance(current, ex);
			current.retryLater(() -> followLeadership(current), LEADERSHIP_RETRY);
		}
	}

	private synchronized void showHindrance(WatcherRun current, Throwable cause) {
		if (this.run == current && this.watching == null) {
			this.stages.supervisor().hindered(cause, LEADERSHIP_RETRY);
		}
	}

	private synchronized boolean isWatching() {
		return this.watching != null;
	}

	private void standBy(WatcherRun current) {
		synchronized (this) {
			if (this.run != current) {
				return;
			}
			this.stages.supervisor().standBy();
			if (this.watching == null) {
				return;
			}
			this.stages.delivery().signalStop();
		}
		awaitDelivery();
		watchNoMore(DRAIN);
		logger.info("Task watcher '" + name() + "' stands by at position " + this.stages.lookAhead().position()
				+ ", as another instance leads");
		this.notifier.stopped(current.events(), Reason.NOT_LEADER);
	}

	@Override
	public synchronized void pause() {
		if (this.watching != null && state() != TaskWatcherStatus.State.PAUSED) {
			this.stages.supervisor().pause();
			this.stages.delivery().pause();
			logger.info("Task watcher '" + name() + "' is paused");
		}
	}

	@Override
	public synchronized void resume() {
		if (this.watching != null && state() == TaskWatcherStatus.State.PAUSED) {
			logger.info("Task watcher '" + name() + "' resumes");
			this.stages.delivery().start();
			this.stages.supervisor().resume();
		}
	}

	private TaskWatcherStatus.State state() {
		return this.stages.supervisor().snapshot().state();
	}

	@Override
	public Flux<TaskUpdate> updates() {
		return this.stages.delivered().flux();
	}

	@Override
	public void acknowledge(String taskId) {
		Assert.hasText(taskId, "'taskId' must not be empty");
		if (!this.stages.lookAhead().acknowledge(taskId)) {
			this.stages.acknowledger().acknowledge(taskId);
		}
	}

	@Override
	public TaskWatcherStatus status() {
		WatcherRun ended = this.ending;
		boolean running = isRunning();
		return this.status.read(running, this.expectedToRun, (!running && ended != null) ? ended.reason() : null,
				this.detachedReason);
	}

	@Override
	public void onGivenUp(TaskUpdate update, Throwable failure) {
		this.notifier.givenUp(update, failure);
	}

	@Override
	public void onStopRequired() {
		stop(Reason.FAILURE);
	}

	@Override
	public void onEnded() {
		WatcherRun ended = this.ending;
		if (ended != null && !ended.hasEnded()) {
			finish(ended, DRAIN);
		}
	}

	@Override
	public void onRoom() {
		this.stages.supervisor().onRoom();
	}

	@Override
	public void onDurable(String taskId) {
		Checkpointer checkpointer = this.stages.checkpointer();
		if (checkpointer != null) {
			this.stages.acknowledger().acknowledge(taskId, () -> checkpointer.acknowledged(taskId));
		}
	}

	@Override
	public void onSaved() {
		this.stages.delivery().wakeUp();
	}

	@Override
	public void onSuperseded() {
		WatcherRun current = this.run;
		if (current != null) {
			current.later(() -> stepDown(current), Duration.ZERO);
		}
	}

	private void onPositionRefused() {
		WatcherRun current = this.run;
		if (current != null) {
			current.later(() -> stop(Reason.REFUSED), Duration.ZERO);
		}
	}

	private void stepDown(WatcherRun current) {
		if (this.leadership == null) {
			stop(Reason.NOT_LEADER);
		}
		else {
			standBy(current);
			this.leadership.yield();
		}
	}

}
