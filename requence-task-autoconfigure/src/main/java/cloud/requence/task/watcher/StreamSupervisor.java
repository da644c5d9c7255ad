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
import java.util.concurrent.TimeUnit;
import java.util.function.DoubleSupplier;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;
import reactor.core.scheduler.Scheduler;

import cloud.requence.task.AccessToken;
import cloud.requence.task.RequenceTaskException;
import cloud.requence.task.TaskWatcher.OnRefusedPosition;
import cloud.requence.task.TaskWatcherStatus.Connection;
import cloud.requence.task.TaskWatcherStatus.State;
import cloud.requence.task.delivery.DeliveryQueue;
import cloud.requence.task.stream.ConnectionFailure;
import cloud.requence.task.stream.ConnectionFailure.Kind;
import cloud.requence.task.stream.ReconnectBackOff;
import cloud.requence.task.stream.StreamConnector;
import cloud.requence.task.stream.StreamRequest;

/**
 * Keeps one connection to the stream: the one place that decides when to connect. Each
 * {@link ConnectionAttempt} is a generation of its own, and what a former one still
 * reports is ignored. A tick finds out whatever else could end the chain of attempts.
 * <p>
 * State is guarded by this object. Connectors and access tokens are called outside the
 * lock; events are handed over under it.
 */
final class StreamSupervisor implements ConnectionAttempt.Owner {

	private static final Log logger = LogFactory.getLog(StreamSupervisor.class);

	private static final Duration LONGEST_TICK = Duration.ofSeconds(1);

	private static final Duration OVERDUE = Duration.ofSeconds(10);

	private static final Duration TOKEN_CHECK = Duration.ofSeconds(10);

	/**
	 * A platform may withhold the headers of a stream until its first event.
	 */
	private static final int RESPONSE_TIMEOUTS_OF_A_STREAM = 4;

	/**
	 * A stream that has lasted for so many first delays is a connection.
	 */
	private static final int DELAYS_OF_A_CONNECTION = 2;

	/**
	 * The pause before a stream is renewed is at most this part of its age.
	 */
	private static final int AGES_OF_A_PAUSE = 40;

	private final String watcher;

	private final StreamConnector connector;

	private final Supplier<AccessToken> accessToken;

	private final StreamSettings settings;

	private final UpdatePipeline pipeline;

	private final DeliveryQueue queue;

	private final StreamEvents events;

	private final StreamReporter reporter;

	private final ActivityMonitor activity;

	private final GapRecorder gaps;

	private final Clock clock;

	private final LongSupplier nanoTime;

	private final DoubleSupplier random;

	private final RepeatingTask ticks;

	private Scheduler.@Nullable Worker worker;

	private volatile Instant begin;

	private State state = State.STOPPED;

	private Instant stateSince;

	// Read without the lock by the delivery, to tell it that there is room
	private volatile @Nullable ConnectionAttempt attempt;

	private @Nullable Disposable attemptTimer;

	private @Nullable Disposable scheduled;

	private @Nullable Duration scheduledDelay;

	private long scheduledFor;

	private ReconnectBackOff backOff;

	private int failures;

	private long totalFailures;

	private long connects;

	private @Nullable ConnectionFailure lastFailure;

	private @Nullable AccessToken usedToken;

	private boolean replacedToken;

	private long regressedBefore;

	private boolean refused;

	private final PositionRefusals positionRefusals = new PositionRefusals();

	// Whether the attempt goes without the position that is known
	private boolean byTime;

	private long tokenChecked;

	private @Nullable Instant connectedSince;

	private @Nullable Instant disconnectedSince;

	// What the stream that is open has ended, if it proves itself
	private @Nullable Instant outageSince;

	private long disconnectedAt;

	StreamSupervisor(String watcher, StreamConnector connector, Supplier<AccessToken> accessToken,
			StreamSettings settings, UpdatePipeline pipeline, DeliveryQueue queue, StreamEvents events, Clock clock,
			LongSupplier nanoTime, DoubleSupplier random) {
		this.watcher = watcher;
		this.connector = connector;
		this.accessToken = accessToken;
		this.settings = settings;
		this.pipeline = pipeline;
		this.queue = queue;
		this.events = events;
		this.reporter = new StreamReporter(watcher, events, nanoTime);
		this.activity = new ActivityMonitor(pipeline, queue, events,
				new CatchUpProgress(watcher, pipeline, clock, nanoTime), nanoTime);
		this.gaps = new GapRecorder(events, nanoTime);
		pipeline.gapListener(this.gaps::add);
		this.clock = clock;
		this.nanoTime = nanoTime;
		this.random = random;
		long tick = Math.max(10, Math.min(LONGEST_TICK.toMillis(), settings.idleTimeout().toMillis() / 4));
		this.ticks = new RepeatingTask("Task watcher '" + watcher + "': the check of the connection", this::tick,
				Duration.ofMillis(tick), nanoTime);
		this.backOff = settings.backOff();
		this.stateSince = clock.instant();
		this.begin = this.stateSince;
	}

	/**
	 * Begin to connect.
	 * @param worker runs the timers
	 * @param since since when updates are wanted, if there is no position
	 */
	synchronized void start(Scheduler.Worker worker, Instant since) {
		prepare(worker, since);
		this.ticks.start(worker);
		connectAfter(Duration.ZERO, State.CONNECTING);
	}

	/**
	 * Begin, and connect when {@link #resume()} is called.
	 */
	synchronized void startPaused(Scheduler.Worker worker, Instant since) {
		prepare(worker, since);
		this.ticks.start(worker);
		changeTo(State.PAUSED);
	}

	private void prepare(Scheduler.Worker worker, Instant since) {
		markDisconnectedUnlessStarting();
		this.worker = worker;
		this.begin = since;
		this.failures = 0;
		this.lastFailure = null;
		this.refused = false;
		this.backOff = this.backOff.reset();
		this.reporter.forget();
	}

	void stop() {
		leaveFor(State.STOPPED);
	}

	void standBy() {
		leaveFor(State.STANDBY);
	}

	/**
	 * Show that the watcher is about to connect, and reads its checkpoint first.
	 */
	synchronized void preparing() {
		if (this.worker == null) {
			markDisconnectedUnlessStarting();
			changeTo(State.CONNECTING);
		}
	}

	/**
	 * Show that the watcher should connect and cannot begin to. The caller tries again.
	 */
	synchronized void blocked(Throwable cause, Duration retryIn) {
		markDisconnectedUnlessStarting();
		changeTo(State.BACKING_OFF);
		this.scheduledDelay = retryIn;
		this.lastFailure = internal(cause, "before connecting");
	}

	private void markDisconnectedUnlessStarting() {
		if (this.state != State.BACKING_OFF && this.state != State.CONNECTING) {
			markDisconnected();
		}
	}

	void pause() {
		leaveFor(State.PAUSED);
	}

	synchronized void resume() {
		if (this.state == State.PAUSED) {
			markDisconnected();
			connectAfter(Duration.ZERO, State.CONNECTING);
		}
	}

	/**
	 * Read on if reading was held up by the delivery.
	 */
	void onRoom() {
		this.ticks.revive();
		ConnectionAttempt current = this.attempt;
		if (current != null) {
			current.readOn();
		}
	}

	/**
	 * Schedule the ticks again if they were lost when memory or threads ran out.
	 */
	void revive() {
		this.ticks.revive();
	}

	synchronized StreamSnapshot snapshot() {
		ConnectionFailure failure = this.lastFailure;
		return new StreamSnapshot(this.state, this.stateSince, this.activity.isCaughtUp(), this.activity.catchUp(),
				new Connection(this.connectedSince, this.disconnectedSince, this.connects > 0,
						toInstant(this.pipeline.reporter().lastByte()),
						toInstant(this.pipeline.reporter().lastUpdate()), this.connects, this.failures,
						this.totalFailures, this.scheduledDelay, (failure != null) ? failure.description() : null,
						(failure != null) ? failure.kind().name() : null, (failure != null) ? failure.status() : null),
				this.gaps.snapshot());
	}

	private @Nullable Instant toInstant(long nanos) {
		return (nanos != 0) ? this.clock.instant().minusNanos(this.nanoTime.getAsLong() - nanos) : null;
	}

	private void leaveFor(State next) {
		ConnectionAttempt left;
		synchronized (this) {
			left = drop();
			cancelScheduled();
			changeTo(next);
			if (next != State.PAUSED) {
				this.worker = null;
				this.ticks.stop();
			}
		}
		if (left != null) {
			left.close();
		}
	}

	private void connect() {
		ConnectionAttempt next;
		Long position;
		synchronized (this) {
			if (this.worker == null || this.state == State.PAUSED || this.attempt != null) {
				return;
			}
			cancelScheduled();
			next = new ConnectionAttempt(this.pipeline, this.queue, this.nanoTime, this);
			this.attempt = next;
			this.byTime = next.position() != null && this.positionRefusals.isSuspected();
			position = this.byTime ? null : next.position();
			changeTo(State.CONNECTING);
			this.attemptTimer = schedule(() -> ended(next, noAnswer()), streamResponseTimeout());
		}
		try {
			AccessToken token = this.accessToken.get();
			use(token, position != null);
			Instant since = (position != null) ? this.begin : this.pipeline.since(this.begin);
			next.connect(this.connector, StreamRequest.forAllTasks(token, since, position));
		}
		catch (OtherPlatformException ex) {
			unusable(ex);
		}
		catch (Throwable ex) {
			ended(next, internal(ex, "while connecting"));
			if (!(ex instanceof RequenceTaskException)) {
				logger.error("Task watcher '" + this.watcher + "': unexpected error while connecting", ex);
			}
		}
	}

	private synchronized void use(AccessToken token, boolean hasPosition) {
		if (this.usedToken != null && !this.usedToken.equals(token) && hasPosition) {
			this.replacedToken = true;
			this.regressedBefore = this.pipeline.reporter().regressed();
		}
		this.usedToken = token;
	}

	/**
	 * The project of a token is not known. Positions that do not fit may be those of
	 * another one.
	 */
	private void judgeReplacedToken(boolean rejected) {
		if (this.replacedToken) {
			this.replacedToken = false;
			if (rejected || this.pipeline.reporter().regressed() != this.regressedBefore) {
				this.reporter.otherProject();
			}
		}
	}

	/**
	 * The watcher has to stop, as its position and its contexts belong to another
	 * platform.
	 */
	private void unusable(OtherPlatformException cause) {
		synchronized (this) {
			drop();
			cancelScheduled();
			this.lastFailure = internal(cause, "before connecting");
			this.reporter.unusable(this.lastFailure);
		}
	}

	private Duration streamResponseTimeout() {
		return this.settings.responseTimeout().multipliedBy(RESPONSE_TIMEOUTS_OF_A_STREAM);
	}

	private ConnectionFailure noAnswer() {
		return new ConnectionFailure(Kind.SILENT, "No answer within " + streamResponseTimeout().toMillis() + " ms");
	}

	private static ConnectionFailure internal(Throwable cause, String when) {
		return new ConnectionFailure(Kind.INTERNAL, (cause instanceof RequenceTaskException)
				? String.valueOf(cause.getMessage()) : cause.getClass().getName() + " " + when);
	}

	@Override
	public synchronized boolean opened(ConnectionAttempt opened) {
		if (this.attempt != opened || (this.byTime && !mayResumeByTime(opened.position()))) {
			return false;
		}
		if (opened.position() != null && !this.byTime) {
			this.positionRefusals.acceptedWithPosition();
		}
		cancelAttemptTimer();
		Duration maxAge = this.settings.maxAge();
		if (maxAge != null) {
			long age = (long) (maxAge.toMillis() * (0.8 + 0.4 * this.random.getAsDouble()));
			this.attemptTimer = schedule(() -> renew(opened), Duration.ofMillis(age));
		}
		Duration outage = (this.connects > 0) ? Duration.ofNanos(this.nanoTime.getAsLong() - this.disconnectedAt)
				: Duration.ZERO;
		int attempts = this.failures + 1;
		boolean afterRefusal = this.refused;
		this.connects++;
		this.failures = 0;
		this.refused = false;
		this.lastFailure = null;
		this.connectedSince = this.clock.instant();
		this.outageSince = this.disconnectedSince;
		this.disconnectedSince = null;
		changeTo(State.STREAMING);
		this.activity.connected(this.connectedSince);
		this.reporter.connected(outage, attempts, afterRefusal);
		return true;
	}

	/**
	 * The platform accepts a time in place of the position.
	 */
	private boolean mayResumeByTime(@Nullable Long position) {
		String refusal = this.positionRefusals.acceptedWithoutPosition();
		if (this.settings.onRefusedPosition() == OnRefusedPosition.STOP) {
			this.reporter.stopsAtRefusedPosition(position, refusal);
			drop();
			connectAfter(this.settings.refusedDelay(), State.BACKING_OFF);
			this.events.positionRefused();
			return false;
		}
		this.reporter.resumedByTime(position, refusal, this.pipeline.since(this.begin));
		this.pipeline.forgetPosition();
		return true;
	}

	@Override
	public void ended(ConnectionAttempt ended, @Nullable ConnectionFailure failure) {
		synchronized (this) {
			if (this.attempt != ended) {
				return;
			}
			boolean proven = ended.isOpen() && judge(ended);
			if (failure != null && !ended.isOpen() && ended.position() != null) {
				judgePosition(failure);
			}
			boolean outageContinues = this.connectedSince != null && !proven;
			drop();
			if (outageContinues) {
				this.disconnectedSince = this.outageSince;
			}
			if (failure == null && proven) {
				Duration delay = pause(ended.age());
				this.reporter.rotated(delay);
				connectAfter(delay, State.BACKING_OFF);
			}
			else if (failure != null && (proven || lasted(ended.duration())) && isInterruption(failure)) {
				this.backOff = this.backOff.reset();
				Duration delay = retryAfter(failure);
				this.reporter.interrupted(failure, this.failures, delay);
			}
			else {
				failed((failure != null) ? failure
						: new ConnectionFailure(Kind.BROKEN, "The platform has ended the stream"));
			}
		}
		ended.close();
	}

	private void judgePosition(ConnectionFailure failure) {
		if (this.byTime) {
			this.positionRefusals.rejectedWithoutPosition(failure);
			return;
		}
		this.positionRefusals.rejectedWithPosition(failure);
		if (this.positionRefusals.isSuspected()) {
			this.backOff = this.backOff.reset();
		}
	}

	private void failed(ConnectionFailure failure) {
		Duration delay;
		if (failure.kind() == Kind.REJECTED) {
			judgeReplacedToken(true);
		}
		if (failure.kind() == Kind.REFUSED) {
			count(failure);
			this.refused = true;
			this.tokenChecked = this.nanoTime.getAsLong();
			delay = this.settings.refusedDelay();
			connectAfter(delay, State.REFUSED);
		}
		else {
			delay = retryAfter(failure);
			this.backOff = this.backOff.grown();
		}
		this.reporter.failed(failure, this.failures, delay);
	}

	private Duration retryAfter(ConnectionFailure failure) {
		count(failure);
		Duration advised = (failure.retryAfter() != null) ? failure.retryAfter() : advisedDelay();
		Duration delay = this.backOff.next(advised, this.random);
		connectAfter(delay, State.BACKING_OFF);
		return delay;
	}

	private void count(ConnectionFailure failure) {
		this.failures++;
		this.totalFailures++;
		this.lastFailure = failure;
	}

	/**
	 * Find out whether a stream has proven itself: it has brought something new, or it
	 * has lasted. One that opens and ends at once, again and again, is no connection.
	 */
	private boolean judge(ConnectionAttempt open) {
		boolean proven = open.hasProgress() || lasted(open.age());
		if (open.hasProgress()) {
			judgeReplacedToken(false);
		}
		if (proven) {
			this.backOff = this.backOff.reset();
			this.reporter.forget();
		}
		return proven;
	}

	private boolean lasted(Duration age) {
		return age.compareTo(this.backOff.first().multipliedBy(DELAYS_OF_A_CONNECTION)) >= 0;
	}

	/**
	 * A quiet stream is reset by load balancers, or ended before it has had headers: no
	 * update is lost by it.
	 */
	private static boolean isInterruption(ConnectionFailure failure) {
		return failure.kind() == Kind.BROKEN || failure.kind() == Kind.SILENT;
	}

	/**
	 * Return how long to wait after a stream that the platform has closed: no longer than
	 * a small part of its age, so that a platform that closes quiet streams every few
	 * seconds is watched nearly all of the time.
	 */
	private Duration pause(Duration age) {
		Duration advised = advisedDelay();
		Duration first = this.backOff.reset().next(advised, this.random);
		Duration share = age.dividedBy(AGES_OF_A_PAUSE);
		return (advised == null && lasted(age) && share.compareTo(first) < 0) ? share : first;
	}

	private void renew(ConnectionAttempt old) {
		synchronized (this) {
			if (this.attempt != old) {
				return;
			}
			judge(old);
			drop();
			this.reporter.rotated(Duration.ZERO);
			connectAfter(Duration.ZERO, State.CONNECTING);
		}
		old.close();
	}

	private @Nullable Duration advisedDelay() {
		Long advised = this.pipeline.advisedDelay();
		return (advised != null) ? Duration.ofMillis(advised) : null;
	}

	/**
	 * Let go of the attempt, which has to be closed outside the lock.
	 */
	private @Nullable ConnectionAttempt drop() {
		ConnectionAttempt dropped = this.attempt;
		this.attempt = null;
		cancelAttemptTimer();
		if (this.connectedSince != null) {
			this.connectedSince = null;
			markDisconnected();
		}
		this.activity.disconnected();
		return dropped;
	}

	private void markDisconnected() {
		this.disconnectedSince = this.clock.instant();
		this.disconnectedAt = this.nanoTime.getAsLong();
	}

	private void connectAfter(Duration delay, State meanwhile) {
		cancelScheduled();
		changeTo(meanwhile);
		this.scheduledDelay = delay;
		this.scheduledFor = this.nanoTime.getAsLong() + delay.toNanos();
		this.scheduled = schedule(this::connect, delay);
	}

	private void cancelScheduled() {
		if (this.scheduled != null) {
			this.scheduled.dispose();
		}
		this.scheduled = null;
		this.scheduledDelay = null;
	}

	private void cancelAttemptTimer() {
		if (this.attemptTimer != null) {
			this.attemptTimer.dispose();
		}
		this.attemptTimer = null;
	}

	/**
	 * Schedule a task.
	 * @return {@code null} if that was not possible, which the next tick finds out
	 */
	private @Nullable Disposable schedule(Runnable task, Duration delay) {
		Scheduler.Worker current = this.worker;
		try {
			return (current != null) ? current.schedule(guarded(task), delay.toMillis(), TimeUnit.MILLISECONDS) : null;
		}
		catch (Throwable ex) {
			logger.warn("Task watcher '" + this.watcher + "': nothing can be scheduled", ex);
			return null;
		}
	}

	private Runnable guarded(Runnable task) {
		return () -> {
			try {
				task.run();
			}
			catch (Throwable ex) {
				logger.error("Task watcher '" + this.watcher + "': unexpected error, retrying", ex);
			}
		};
	}

	private void changeTo(State next) {
		if (this.state != next) {
			this.state = next;
			this.stateSince = this.clock.instant();
		}
	}

	private void tick() {
		this.pipeline.reporter().summarizeLogs();
		this.gaps.flush();
		ConnectionAttempt current = this.attempt;
		if (current == null) {
			checkSchedule();
		}
		else if (current.isOpen()) {
			checkStream(current);
			// A demand that was lost would be waited for until the idle timeout
			current.readOnIfThereIsRoom();
		}
		else if (current.duration().minus(LONGEST_TICK).compareTo(streamResponseTimeout()) > 0) {
			// Its timer was lost
			ended(current, noAnswer());
		}
	}

	private void checkStream(ConnectionAttempt current) {
		Duration idleTimeout = this.settings.idleTimeout();
		if (current.silence().compareTo(idleTimeout) >= 0) {
			ended(current, new ConnectionFailure(Kind.SILENT, "No byte within " + idleTimeout.toMillis() + " ms"));
			return;
		}
		synchronized (this) {
			if (this.attempt == current) {
				judge(current);
				this.activity.check();
			}
		}
	}

	private void checkSchedule() {
		boolean checkToken;
		synchronized (this) {
			if (this.worker != null && this.attempt == null && this.state != State.PAUSED && !isScheduled()) {
				logger.error("Task watcher '" + this.watcher + "': neither connected nor connecting, connecting now");
				connectAfter(Duration.ZERO, State.CONNECTING);
			}
			checkToken = this.state == State.REFUSED
					&& this.nanoTime.getAsLong() - this.tokenChecked >= TOKEN_CHECK.toNanos();
			if (checkToken) {
				this.tokenChecked = this.nanoTime.getAsLong();
			}
		}
		if (checkToken) {
			connectIfTokenHasChanged();
		}
	}

	private boolean isScheduled() {
		return this.scheduled != null && this.nanoTime.getAsLong() - this.scheduledFor < OVERDUE.toNanos();
	}

	/**
	 * A refused access token may have been replaced in the meantime.
	 */
	private void connectIfTokenHasChanged() {
		AccessToken current;
		try {
			current = this.accessToken.get();
		}
		catch (OtherPlatformException ex) {
			unusable(ex);
			return;
		}
		catch (RequenceTaskException ex) {
			logger.debug("Task watcher '" + this.watcher + "': there is no access token: " + ex.getMessage());
			return;
		}
		synchronized (this) {
			if (this.state == State.REFUSED && !current.equals(this.usedToken)) {
				logger.info("Task watcher '" + this.watcher + "': the access token has changed, connecting");
				connectAfter(Duration.ZERO, State.CONNECTING);
			}
		}
	}

}
