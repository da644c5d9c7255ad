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
import java.util.function.DoubleSupplier;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;
import reactor.core.scheduler.Scheduler;

import cloud.requence.task.AccessToken;
import cloud.requence.task.RequenceTaskException;
import cloud.requence.task.TaskWatcher.OnRefusedPosition;
import cloud.requence.task.TaskWatcherStatus.State;
import cloud.requence.task.delivery.DeliveryQueue;
import cloud.requence.task.stream.ConnectionFailure;
import cloud.requence.task.stream.ConnectionFailure.Kind;
import cloud.requence.task.stream.StreamConnector;
import cloud.requence.task.stream.StreamRequest;
import cloud.requence.task.support.LogText;
import cloud.requence.task.watcher.PlatformToken.OtherPlatformException;

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

	/**
	 * A platform may withhold the headers of a stream until its first event.
	 */
	private static final int RESPONSE_TIMEOUTS_OF_A_STREAM = 4;

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

	private final LongSupplier nanoTime;

	private final RepeatingTask ticks;

	private final ConnectionHistory history;

	private final ConnectionTimers timers;

	private final ReconnectDelays delays;

	private final TokenChanges tokens;

	private final PositionRefusals positionRefusals = new PositionRefusals();

	private volatile Instant begin;

	// Read without the lock by the delivery, to tell it that there is room
	private volatile @Nullable ConnectionAttempt attempt;

	// Whether the last attempt was refused
	private boolean refused;

	// Whether the attempt goes without the position that is known
	private boolean byTime;

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
		this.history = new ConnectionHistory(clock, nanoTime);
		this.timers = new ConnectionTimers(watcher, nanoTime);
		this.delays = new ReconnectDelays(settings.backOff(), pipeline, random);
		this.tokens = new TokenChanges(pipeline, nanoTime);
		this.nanoTime = nanoTime;
		long tick = Math.max(10, Math.min(LONGEST_TICK.toMillis(), settings.idleTimeout().toMillis() / 4));
		this.ticks = new RepeatingTask(LogText.watcher(watcher) + ": the check of the connection", this::tick,
				Duration.ofMillis(tick), nanoTime);
		this.begin = clock.instant();
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
		this.history.changeTo(State.PAUSED);
	}

	private void prepare(Scheduler.Worker worker, Instant since) {
		this.history.begin();
		this.timers.start(worker);
		this.begin = since;
		this.refused = false;
		this.delays.reset();
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
		if (!this.timers.isStarted()) {
			this.history.prepare();
			this.history.changeTo(State.CONNECTING);
		}
	}

	/**
	 * Show that the watcher should connect and cannot begin to. The caller tries again.
	 */
	synchronized void blocked(Throwable cause, Duration retryIn) {
		this.history.prepare();
		this.history.changeTo(State.BACKING_OFF);
		this.history.prevented(internal(cause, "before connecting"));
		this.timers.showNext(retryIn);
	}

	void pause() {
		leaveFor(State.PAUSED);
	}

	synchronized void resume() {
		if (this.history.state() == State.PAUSED) {
			this.history.disconnected();
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
		return new StreamSnapshot(this.history.state(), this.history.stateSince(), this.activity.isCaughtUp(),
				this.activity.catchUp(), this.history.connection(this.pipeline.reporter().lastByte(),
						this.pipeline.reporter().lastUpdate(), this.timers.nextDelay()),
				this.gaps.snapshot());
	}

	private void leaveFor(State next) {
		ConnectionAttempt left;
		synchronized (this) {
			left = drop(true);
			this.timers.cancelNext();
			this.history.changeTo(next);
			if (next != State.PAUSED) {
				this.timers.stop();
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
			if (!isToConnect()) {
				return;
			}
			this.timers.cancelNext();
			next = new ConnectionAttempt(this.pipeline, this.queue, this.nanoTime, this);
			this.attempt = next;
			this.byTime = next.position() != null && this.positionRefusals.isSuspected();
			position = this.byTime ? null : next.position();
			this.history.changeTo(State.CONNECTING);
			this.timers.limit(() -> ended(next, noAnswer()), streamResponseTimeout());
		}
		try {
			AccessToken token = this.accessToken.get();
			synchronized (this) {
				this.tokens.use(token, position != null);
			}
			Instant since = (position != null) ? this.begin : this.pipeline.since(this.begin);
			next.connect(this.connector, StreamRequest.forAllTasks(token, since, position));
		}
		catch (OtherPlatformException ex) {
			unusable(ex);
		}
		catch (Throwable ex) {
			ended(next, internal(ex, "while connecting"));
			if (!(ex instanceof RequenceTaskException)) {
				logger.error(LogText.watcher(this.watcher) + ": unexpected error while connecting", ex);
			}
		}
	}

	private boolean isToConnect() {
		return this.timers.isStarted() && this.history.state() != State.PAUSED && this.attempt == null;
	}

	/**
	 * The watcher has to stop, as its position and its contexts belong to another
	 * platform.
	 */
	private void unusable(OtherPlatformException cause) {
		synchronized (this) {
			drop(true);
			this.timers.cancelNext();
			ConnectionFailure failure = internal(cause, "before connecting");
			this.history.prevented(failure);
			this.reporter.unusable(failure);
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
		this.timers.cancelLimit();
		Duration maxAge = this.settings.maxAge();
		if (maxAge != null) {
			this.timers.limit(() -> renew(opened), this.delays.age(maxAge));
		}
		Duration outage = this.history.outage();
		int attempts = this.history.failures() + 1;
		boolean afterRefusal = this.refused;
		this.refused = false;
		this.activity.connected(this.history.opened());
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
			drop(true);
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
			drop(proven);
			if (failure == null && proven) {
				Duration delay = this.delays.afterRotation(ended.age());
				this.reporter.rotated(delay);
				connectAfter(delay, State.BACKING_OFF);
			}
			else if (failure != null && (proven || this.delays.isLasting(ended.duration()))
					&& isInterruption(failure)) {
				Duration delay = this.delays.afterInterruption(failure);
				this.history.failed(failure);
				connectAfter(delay, State.BACKING_OFF);
				this.reporter.interrupted(failure, this.history.failures(), delay);
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
			this.delays.reset();
		}
	}

	private void failed(ConnectionFailure failure) {
		if (failure.kind() == Kind.REJECTED) {
			reportOtherProject(true);
		}
		this.history.failed(failure);
		Duration delay;
		if (failure.kind() == Kind.REFUSED) {
			this.refused = true;
			this.tokens.refused();
			delay = this.settings.refusedDelay();
			connectAfter(delay, State.REFUSED);
		}
		else {
			delay = this.delays.afterFailure(failure);
			connectAfter(delay, State.BACKING_OFF);
		}
		this.reporter.failed(failure, this.history.failures(), delay);
	}

	private void reportOtherProject(boolean rejected) {
		if (this.tokens.isOtherProject(rejected)) {
			this.reporter.otherProject();
		}
	}

	/**
	 * Find out whether a stream has proven itself: it has brought something new, or it
	 * has lasted. One that opens and ends at once, again and again, is no connection.
	 */
	private boolean judge(ConnectionAttempt open) {
		boolean proven = open.hasProgress() || this.delays.isLasting(open.age());
		if (open.hasProgress()) {
			reportOtherProject(false);
		}
		if (proven) {
			this.delays.reset();
			this.reporter.forget();
		}
		return proven;
	}

	/**
	 * A quiet stream is reset by load balancers, or ended before it has had headers: no
	 * update is lost by it.
	 */
	private static boolean isInterruption(ConnectionFailure failure) {
		return failure.kind() == Kind.BROKEN || failure.kind() == Kind.SILENT;
	}

	private void renew(ConnectionAttempt old) {
		synchronized (this) {
			if (this.attempt != old) {
				return;
			}
			judge(old);
			drop(true);
			this.reporter.rotated(Duration.ZERO);
			connectAfter(Duration.ZERO, State.CONNECTING);
		}
		old.close();
	}

	/**
	 * Let go of the attempt, which has to be closed outside the lock.
	 * @param proven whether its stream counts as a connection
	 */
	private @Nullable ConnectionAttempt drop(boolean proven) {
		ConnectionAttempt dropped = this.attempt;
		this.attempt = null;
		this.timers.cancelLimit();
		this.history.closed(proven);
		this.activity.disconnected();
		return dropped;
	}

	private void connectAfter(Duration delay, State meanwhile) {
		this.history.changeTo(meanwhile);
		this.timers.scheduleNext(this::connect, delay);
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
			if (isToConnect() && !this.timers.isNextScheduled()) {
				logger.error(LogText.watcher(this.watcher) + ": neither connected nor connecting, connecting now");
				connectAfter(Duration.ZERO, State.CONNECTING);
			}
			checkToken = this.history.state() == State.REFUSED && this.tokens.isTimeToCheck();
		}
		if (checkToken) {
			connectIfTokenHasChanged();
		}
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
			logger.debug(LogText.watcher(this.watcher) + ": there is no access token: " + ex.getMessage());
			return;
		}
		synchronized (this) {
			if (this.history.state() == State.REFUSED && this.tokens.hasChangedTo(current)) {
				logger.info(LogText.watcher(this.watcher) + ": the access token has changed, connecting");
				connectAfter(Duration.ZERO, State.CONNECTING);
			}
		}
	}

}
