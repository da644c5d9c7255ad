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

package cloud.requence.task.acknowledgement;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;
import java.util.function.Predicate;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

import org.springframework.util.Assert;

import cloud.requence.task.RequenceTaskException;
import cloud.requence.task.acknowledgement.AckSender.Outcome;
import cloud.requence.task.support.LogText;
import cloud.requence.task.support.Nanos;

/**
 * Sends acknowledgements in the background, a few at a time, and again until the platform
 * has taken them. Works from the start of the watcher to its stop, whether or not it
 * leads: the platform takes an acknowledgement from any instance. What is not sent at a
 * stop is sent after the next start.
 * <p>
 * A gateway may answer with 404 for every address while the platform is redeployed.
 * Therefore {@link Outcome#NOT_FOUND} counts as taken only if nothing else was answered
 * for three minutes; or for half a minute, if the platform has taken another
 * acknowledgement in the meantime or has answered nothing else to all of them for three
 * minutes. {@link Outcome#REFUSED} counts as failed after three minutes.
 * <p>
 * All state is guarded by this object; nothing is sent under the lock.
 */
public final class Acknowledger {

	private static final Log logger = LogFactory.getLog(Acknowledger.class);

	private static final int MAX_PENDING = 1000;

	private static final int MAX_IN_FLIGHT = 8;

	private static final Duration TICK = Duration.ofSeconds(1);

	private static final long BELIEVED_AFTER = Duration.ofMinutes(3).toNanos();

	private static final long CONFIRMED_AFTER = Duration.ofSeconds(30).toNanos();

	private static final Duration PAUSE = Duration.ofMillis(20);

	private final String watcher;

	private final AckSender sender;

	private final LongSupplier nanoTime;

	// In their order; each says whether it is waiting or on its way
	private final Set<PendingAcknowledgement> pending = new LinkedHashSet<>();

	private int inFlight;

	private @Nullable Scheduler timers;

	private Disposable ticks = Disposables.disposed();

	private @Nullable Long takenAt;

	private @Nullable Long onlyNotFoundSince;

	private long answers;

	private long sent;

	private long failed;

	private long left;

	// Since the last time that none was failing
	private int failedAttempts;

	private int dropped;

	// Confined to the timers
	private @Nullable Throwable tickFailure;

	/**
	 * Create an acknowledger, not started.
	 * @param watcher the name of the watcher, for logs
	 * @param sender sends a single acknowledgement
	 * @param nanoTime the monotonic clock
	 */
	public Acknowledger(String watcher, AckSender sender, LongSupplier nanoTime) {
		this.watcher = watcher;
		this.sender = sender;
		this.nanoTime = nanoTime;
	}

	/**
	 * Start to send. Does nothing if started with the same timers before.
	 * @param timers runs the retries; the caller disposes of it
	 */
	public void start(Scheduler timers) {
		synchronized (this) {
			if (this.timers == timers) {
				return;
			}
			Disposable started = timers.schedulePeriodically(this::tick, TICK.toMillis(), TICK.toMillis(),
					TimeUnit.MILLISECONDS);
			this.ticks.dispose();
			this.ticks = started;
			this.timers = timers;
			this.pending.forEach(PendingAcknowledgement::tryAgainAtOnce);
		}
		sendDue();
	}

	/**
	 * Stop sending. What is waiting or on its way is kept for the next start. Does
	 * nothing if started with other timers in the meantime.
	 * @param timers the timers of the start that ends
	 * @param timeout how long to wait for what is waiting or on its way
	 */
	public void stop(Scheduler timers, Duration timeout) {
		if (!isStartedWith(timers)) {
			return;
		}
		drain(timeout);
		List<Disposable> unfinished;
		synchronized (this) {
			if (this.timers != timers) {
				return;
			}
			this.timers = null;
			this.ticks.dispose();
			unfinished = interrupt(this.pending);
		}
		unfinished.forEach(Disposable::dispose);
		warnOfUnsent();
	}

	private synchronized boolean isStartedWith(Scheduler candidate) {
		return this.timers == candidate;
	}

	private List<Disposable> interrupt(Collection<PendingAcknowledgement> acknowledgements) {
		List<Disposable> interrupted = new ArrayList<>();
		for (PendingAcknowledgement acknowledgement : acknowledgements) {
			Disposable attempt = acknowledgement.end();
			if (attempt != null) {
				interrupted.add(attempt);
			}
		}
		this.inFlight -= interrupted.size();
		return interrupted;
	}

	private void warnOfUnsent() {
		long unsent;
		long durable;
		synchronized (this) {
			unsent = this.pending.size();
			durable = this.pending.stream().filter(PendingAcknowledgement::isDurable).count();
		}
		if (unsent > 0) {
			logger.warn(LogText.watcher(this.watcher) + ": " + unsent
					+ " acknowledgements were not sent before the stop. The checkpoint carries " + durable
					+ " of them, which are sent after the next start; the others are sent only if this watcher is started"
					+ " again before the application ends");
		}
	}

	/**
	 * Try at once what waits for its next attempt, and wait until everything is sent that
	 * the platform is likely to take.
	 * @param timeout how long to wait
	 */
	public void drain(Duration timeout) {
		long deadline = System.nanoTime() + Nanos.of(timeout);
		synchronized (this) {
			this.pending.forEach(PendingAcknowledgement::tryAgainAtOnce);
		}
		do {
			sendDue();
		}
		while (awaitChange(deadline));
	}

	/**
	 * Wait for an answer or the time of the next attempt.
	 * @return whether there is more to wait for
	 */
	private synchronized boolean awaitChange(long deadline) {
		long now = System.nanoTime();
		// What was refused when it was tried at once will be refused again
		if (deadline - now <= 0 || this.timers == null || this.pending.stream()
			.allMatch((acknowledgement) -> !acknowledgement.isInFlight() && acknowledgement.refusedSince() != null)) {
			return false;
		}
		long until = now + Math.min(deadline - now, PAUSE.toNanos());
		long seen = this.answers;
		try {
			for (long left = until - now; this.answers == seen && left > 0; left = until - System.nanoTime()) {
				TimeUnit.NANOSECONDS.timedWait(this, left);
			}
			return true;
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			return false;
		}
	}

	/**
	 * Forget what checkpoints carry, as another instance acknowledges it.
	 */
	public void clear() {
		List<Disposable> unfinished;
		synchronized (this) {
			List<PendingAcknowledgement> durable = this.pending.stream()
				.filter(PendingAcknowledgement::isDurable)
				.toList();
			unfinished = interrupt(durable);
			durable.forEach(this.pending::remove);
		}
		unfinished.forEach(Disposable::dispose);
	}

	/**
	 * Acknowledge the end of a task whose delivery is durable.
	 * @param taskId the identifier of the task
	 * @param done called when the platform has taken it, or never will
	 */
	public void acknowledge(String taskId, Runnable done) {
		add(new PendingAcknowledgement(taskId, done));
	}

	/**
	 * Acknowledge the end of a task.
	 * @param taskId the identifier of the task
	 * @throws IllegalArgumentException if the identifier is empty
	 * @throws RequenceTaskException if too many acknowledgements are waiting, or if the
	 * watcher is not running
	 */
	public void acknowledge(String taskId) {
		Assert.hasText(taskId, "'taskId' must not be empty");
		synchronized (this) {
			if (this.timers == null) {
				throw new RequenceTaskException("Cannot acknowledge the task: task watcher '" + this.watcher
						+ "' is not running. Acknowledge it while the watcher runs, or with the TaskClient");
			}
			if (pending() >= MAX_PENDING) {
				throw new RequenceTaskException("Cannot acknowledge the task: " + pending()
						+ " acknowledgements are waiting. Try again when the platform accepts them");
			}
			this.pending.add(new PendingAcknowledgement(taskId, null));
		}
		sendDue();
	}

	/**
	 * Acknowledge the end of a task as soon as not too many are waiting.
	 * @param taskId the identifier of the task
	 * @param wait waits for a time, and returns {@code false} if the delivery has to end
	 */
	void acknowledge(String taskId, Predicate<Duration> wait) {
		while (pending() >= MAX_PENDING && wait.test(PAUSE)) {
			// The delivery waits with it, and so does the platform
		}
		add(new PendingAcknowledgement(taskId, null));
	}

	private void add(PendingAcknowledgement acknowledgement) {
		synchronized (this) {
			this.pending.add(acknowledgement);
		}
		sendDue();
	}

	/**
	 * Leave the end of a task unacknowledged, as no listener took it.
	 */
	void leave() {
		boolean first;
		synchronized (this) {
			first = this.left == 0;
			this.left++;
		}
		if (first) {
			logger.warn(LogText.watcher(this.watcher) + ": no listener takes the end of a task that requires an"
					+ " acknowledgement. It is left unacknowledged, as are all further ones. Write an @EventListener method"
					+ " that takes TaskEnd, TaskError and TaskAborted, or set 'requence.task.ack.mode' to 'none' if another"
					+ " application acknowledges them");
		}
	}

	/**
	 * Return how many ends of tasks were left unacknowledged, as no listener took them.
	 * @return the number of ends
	 */
	public synchronized long left() {
		return this.left;
	}

	/**
	 * Return how many acknowledgements are waiting or on their way.
	 * @return the number of acknowledgements
	 */
	public synchronized int pending() {
		return this.pending.size();
	}

	/**
	 * Return how many acknowledgements the platform has taken.
	 * @return the number of acknowledgements
	 */
	public synchronized long sent() {
		return this.sent;
	}

	/**
	 * Return how many acknowledgements were dropped, as the platform refused them.
	 * @return the number of acknowledgements
	 */
	public synchronized long failed() {
		return this.failed;
	}

	/**
	 * The only timer: an attempt that could not be scheduled would never be made.
	 */
	private void tick() {
		try {
			Throwable failure = this.tickFailure;
			if (failure != null) {
				this.tickFailure = null;
				logger.warn(LogText.watcher(this.watcher) + ": acknowledgements could not be sent temporarily",
						failure);
			}
			sendDue();
		}
		// Logged by the next one: there may be no memory for it now
		catch (Throwable ex) {
			this.tickFailure = ex;
		}
	}

	private void sendDue() {
		while (true) {
			Disposable.Swap attempt = Disposables.swap();
			PendingAcknowledgement due = takeDue(attempt);
			if (due == null) {
				return;
			}
			send(due, attempt);
		}
	}

	private synchronized @Nullable PendingAcknowledgement takeDue(Disposable attempt) {
		if (this.timers == null || this.inFlight >= MAX_IN_FLIGHT) {
			return null;
		}
		long now = this.nanoTime.getAsLong();
		for (PendingAcknowledgement acknowledgement : this.pending) {
			if (acknowledgement.isDue(now)) {
				acknowledgement.begin(attempt);
				this.inFlight++;
				return acknowledgement;
			}
		}
		return null;
	}

	private void send(PendingAcknowledgement acknowledgement, Disposable.Swap attempt) {
		try {
			AtomicBoolean returned = new AtomicBoolean();
			attempt.update(Mono.defer(() -> this.sender.send(acknowledgement.taskId()))
				.defaultIfEmpty(Outcome.RETRY)
				.subscribe((outcome) -> answered(acknowledgement, attempt, outcome, null, returned.get()),
						(error) -> answered(acknowledgement, attempt, Outcome.RETRY, error, returned.get())));
			returned.set(true);
		}
		// Reactor throws what it takes for fatal, such as an OutOfMemoryError
		catch (Throwable ex) {
			answered(acknowledgement, attempt, Outcome.RETRY, ex, false);
		}
	}

	/**
	 * Settle an attempt.
	 * @param later whether the answer came after the request was made, so that its sender
	 * does not send the next one
	 */
	private void answered(PendingAcknowledgement acknowledgement, Disposable attempt, Outcome outcome,
			@Nullable Throwable error, boolean later) {
		boolean completed;
		synchronized (this) {
			if (acknowledgement.attempt() != attempt) {
				return;
			}
			completed = settle(acknowledgement, outcome);
			this.answers++;
			notifyAll();
		}
		if (completed) {
			done(acknowledgement);
		}
		log(outcome, completed, error);
		if (later) {
			sendDue();
		}
	}

	/**
	 * Return whether this was the last attempt.
	 */
	private boolean settle(PendingAcknowledgement acknowledgement, Outcome outcome) {
		long now = this.nanoTime.getAsLong();
		acknowledgement.end();
		this.inFlight--;
		observe(outcome, now);
		boolean completed = switch (outcome) {
			case TAKEN, INVALID -> true;
			case NOT_FOUND -> isBelieved(acknowledgement.refusedSince(), now);
			case REFUSED -> hasLasted(acknowledgement.refusedSince(), BELIEVED_AFTER, now);
			case RETRY -> false;
		};
		if (!completed) {
			acknowledgement.retryLater(now, outcome != Outcome.RETRY);
			return false;
		}
		this.pending.remove(acknowledgement);
		if (outcome == Outcome.TAKEN || outcome == Outcome.NOT_FOUND) {
			this.sent++;
		}
		else {
			this.failed++;
		}
		return true;
	}

	private void observe(Outcome outcome, long now) {
		if (outcome == Outcome.TAKEN) {
			this.takenAt = now;
		}
		if (outcome != Outcome.NOT_FOUND) {
			this.onlyNotFoundSince = null;
		}
		else if (this.onlyNotFoundSince == null) {
			this.onlyNotFoundSince = now;
		}
	}

	private boolean isBelieved(@Nullable Long since, long now) {
		if (since == null) {
			return false;
		}
		boolean confirmed = (this.takenAt != null && this.takenAt - since > 0)
				|| hasLasted(this.onlyNotFoundSince, BELIEVED_AFTER, now);
		return hasLasted(since, confirmed ? CONFIRMED_AFTER : BELIEVED_AFTER, now);
	}

	private static boolean hasLasted(@Nullable Long since, long nanos, long now) {
		return since != null && now - since >= nanos;
	}

	private void done(PendingAcknowledgement acknowledgement) {
		try {
			acknowledgement.done();
		}
		catch (Throwable ex) {
			logger.warn(LogText.watcher(this.watcher)
					+ ": the checkpoint was not informed of an acknowledgement, which is sent again after the next start",
					ex);
		}
	}

	private synchronized void log(Outcome outcome, boolean completed, @Nullable Throwable error) {
		if (!completed) {
			this.failedAttempts++;
			log(this.failedAttempts == 1,
					"could not acknowledge the end of a task ("
							+ ((error != null) ? error.getClass().getSimpleName() : outcome) + "), and tries again",
					error);
		}
		else if (outcome == Outcome.REFUSED || outcome == Outcome.INVALID) {
			this.dropped++;
			log(this.dropped == 1, "drops the acknowledgement of a task (" + outcome + ")", null);
		}
		if (this.failedAttempts > 0 && this.pending.stream().noneMatch(PendingAcknowledgement::isFailing)) {
			logger.info(LogText.watcher(this.watcher) + ": no failed acknowledgement is left. " + this.failedAttempts
					+ " attempts had failed, " + this.dropped + " acknowledgements were dropped");
			this.failedAttempts = 0;
			this.dropped = 0;
		}
	}

	private void log(boolean first, String message, @Nullable Throwable error) {
		if (first) {
			logger.warn(LogText.watcher(this.watcher) + " " + message);
		}
		else {
			logger.debug(LogText.watcher(this.watcher) + " " + message, error);
		}
	}

}
