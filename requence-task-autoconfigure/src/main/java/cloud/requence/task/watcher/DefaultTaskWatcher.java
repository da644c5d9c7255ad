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

import cloud.requence.task.TaskUpdate;
import cloud.requence.task.TaskUpdateFailedEvent;
import cloud.requence.task.TaskWatcher;
import cloud.requence.task.TaskWatcherCaughtUpEvent;
import cloud.requence.task.TaskWatcherConnectedEvent;
import cloud.requence.task.TaskWatcherErrorEvent;
import cloud.requence.task.TaskWatcherEvent;
import cloud.requence.task.TaskWatcherIdleEvent;
import cloud.requence.task.TaskWatcherNoLongerIdleEvent;
import cloud.requence.task.TaskWatcherReconnectingEvent;
import cloud.requence.task.TaskWatcherStatus;
import cloud.requence.task.TaskWatcherStoppedEvent;
import cloud.requence.task.TaskWatcherStoppedEvent.Reason;
import cloud.requence.task.delivery.Acknowledger;
import cloud.requence.task.delivery.DeliveryCounters;
import cloud.requence.task.delivery.DeliveryObserver;
import cloud.requence.task.stream.ConnectionFailure;
import cloud.requence.task.stream.ConnectionFailure.Kind;

/**
 * Ties the stages together and carries their life cycle. What was received and not yet
 * delivered stays over a stop, and so do contexts and position.
 */
final class DefaultTaskWatcher implements TaskWatcher, StreamEvents, DeliveryObserver {

	private static final Log logger = LogFactory.getLog(DefaultTaskWatcher.class);

	private static final Duration DRAIN = Duration.ofSeconds(1);

	private final String name;

	private final boolean autoStartup;

	private final int phase;

	private final Duration shutdownTimeout;

	private final Supplier<@Nullable String> detached;

	private final ApplicationEventPublisher publisher;

	private final Supplier<Scheduler> scheduler;

	private final Clock clock;

	private final LongSupplier nanoTime;

	private final Stages stages;

	// Guarded by this
	private boolean expectedToRun;

	private volatile @Nullable WatcherRun run;

	private volatile @Nullable WatcherRun ending;

	private volatile @Nullable String detachedReason;

	DefaultTaskWatcher(String name, boolean autoStartup, int phase, Duration shutdownTimeout,
			Supplier<@Nullable String> detached, ApplicationEventPublisher publisher, Supplier<Scheduler> scheduler,
			Clock clock, LongSupplier nanoTime, Stages.Factory stages) {
		this.name = name;
		this.autoStartup = autoStartup;
		this.phase = phase;
		this.shutdownTimeout = shutdownTimeout;
		this.detached = detached;
		this.publisher = publisher;
		this.scheduler = scheduler;
		this.clock = clock;
		this.nanoTime = nanoTime;
		this.stages = stages.create(this, this);
	}

	@Override
	public String name() {
		return this.name;
	}

	@Override
	public boolean isAutoStartup() {
		return this.autoStartup;
	}

	@Override
	public int getPhase() {
		return this.phase;
	}

	@Override
	public boolean isRunning() {
		return this.run != null;
	}

	@Override
	public void start() {
		WatcherRun unfinished;
		synchronized (this) {
			this.expectedToRun = true;
			if (this.run != null) {
				return;
			}
			unfinished = this.ending;
			begin();
		}
		if (unfinished != null && unfinished.isMineToEnd()) {
			end(unfinished, Duration.ZERO);
		}
	}

	private void begin() {
		// Found out now: a context that is being closed can no longer tell
		this.detachedReason = this.detached.get();
		WatcherRun started = new WatcherRun(this.scheduler.get(),
				new WatcherEvents("requence-" + this.name + "-events", this.publisher::publishEvent));
		this.run = started;
		this.stages.acknowledger().start(started.worker());
		this.stages.delivery().start();
		this.stages.supervisor().start(started.worker());
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
	 * The state changes under the lock, and the waiting is done outside of it: a listener
	 * may call any method meanwhile. If it calls this one, the rest is done when the
	 * delivery has ended.
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
		if (stopped == null || this.stages.delivery().isDeliveryThread()) {
			return;
		}
		if (!this.stages.delivery().awaitStop(this.shutdownTimeout)) {
			logger.warn(
					"Task watcher '" + this.name + "': the update in hand was not done within the shutdown timeout of "
							+ this.shutdownTimeout.toMillis() + " ms; it is delivered again after the next start");
		}
		if (stopped.isMineToEnd()) {
			end(stopped, DRAIN);
		}
		else {
			stopped.awaitEnd(DRAIN.multipliedBy(3));
		}
	}

	private void end(WatcherRun ended, Duration drain) {
		this.stages.acknowledger().stop(ended.worker(), drain);
		logger.info("Task watcher '" + this.name + "' has stopped"
				+ ((ended.reason() != Reason.NORMAL) ? " (" + ended.reason() + ")" : "") + " at position "
				+ this.stages.lookAhead().position());
		ended.events().publish(new TaskWatcherStoppedEvent(this, ended.reason()));
		ended.end(drain);
	}

	@Override
	public void onEnded() {
		WatcherRun ended = this.ending;
		if (ended != null && ended.isMineToEnd()) {
			end(ended, DRAIN);
		}
	}

	@Override
	public synchronized void pause() {
		if (this.run != null && state() != TaskWatcherStatus.State.PAUSED) {
			this.stages.supervisor().pause();
			this.stages.delivery().pause();
			logger.info("Task watcher '" + this.name + "' is paused");
		}
	}

	@Override
	public synchronized void resume() {
		if (this.run != null && state() == TaskWatcherStatus.State.PAUSED) {
			logger.info("Task watcher '" + this.name + "' resumes");
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
		this.stages.acknowledger().acknowledge(taskId);
	}

	@Override
	public TaskWatcherStatus status() {
		boolean expected;
		boolean running;
		synchronized (this) {
			expected = this.expectedToRun;
			running = this.run != null;
		}
		StreamSnapshot stream = this.stages.supervisor().snapshot();
		UpdatePipeline pipeline = this.stages.pipeline();
		DeliveryCounters delivery = this.stages.delivery().counters();
		Acknowledger acknowledger = this.stages.acknowledger();
		Long inHandSince = this.stages.delivery().inHandSince();
		return new TaskWatcherStatus(this.name, stream.state(), stream.since(), running, expected, pipeline.position(),
				this.stages.lookAhead().position(), this.detachedReason, stream.caughtUp(), stream.connection(),
				new TaskWatcherStatus.Updates(pipeline.received(), delivery.delivered(), delivery.hidden(),
						delivery.failed(), delivery.retries(), pipeline.repeats(), pipeline.malformed(),
						pipeline.oversized()),
				new TaskWatcherStatus.Backlog(this.stages.lookAhead().updates(), this.stages.lookAhead().bytes(),
						(inHandSince != null) ? toInstant(inHandSince) : null),
				pipeline.contexts(), new TaskWatcherStatus.Acknowledgements(acknowledger.pending(), acknowledger.sent(),
						acknowledger.failed()));
	}

	private Instant toInstant(long nanos) {
		return this.clock.instant().minusNanos(this.nanoTime.getAsLong() - nanos);
	}

	@Override
	public void connected(Duration outage, int attempts, boolean afterRefusal) {
		publish(new TaskWatcherConnectedEvent(this, outage, attempts, afterRefusal));
	}

	@Override
	public void reconnecting(int attempt, Duration delay, ConnectionFailure cause) {
		publish(new TaskWatcherReconnectingEvent(this, attempt, delay, cause.description()));
	}

	@Override
	public void failed(ConnectionFailure failure) {
		publish(new TaskWatcherErrorEvent(this, failure.status(), failure.reason(),
				failure.kind() == Kind.UNREACHABLE));
	}

	@Override
	public void caughtUp() {
		publish(new TaskWatcherCaughtUpEvent(this));
	}

	@Override
	public void idle(Duration idle) {
		publish(new TaskWatcherIdleEvent(this, idle));
	}

	@Override
	public void noLongerIdle(Duration idle) {
		publish(new TaskWatcherNoLongerIdleEvent(this, idle));
	}

	/**
	 * Published at once: whoever puts the update aside is done before the next one comes,
	 * and holds the delivery up for as long.
	 */
	@Override
	public void onGivenUp(TaskUpdate update, Throwable failure) {
		try {
			this.publisher.publishEvent(new TaskUpdateFailedEvent(this, update, failure));
		}
		catch (Throwable ex) {
			logger.error("Task watcher '" + this.name + "': a listener of TaskUpdateFailedEvent has failed", ex);
		}
	}

	@Override
	public void onStopRequired() {
		stop(Reason.FAILURE);
	}

	@Override
	public void onRoom() {
		this.stages.supervisor().onRoom();
	}

	private void publish(TaskWatcherEvent event) {
		WatcherRun current = this.run;
		if (current != null) {
			current.events().publish(event);
		}
	}

}
