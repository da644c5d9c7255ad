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

package cloud.requence.task.delivery;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import java.util.function.Predicate;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import cloud.requence.task.DeadLetter;
import cloud.requence.task.DeadLetterHandler;
import cloud.requence.task.DeliveryMonitor;
import cloud.requence.task.DeliveryMonitor.Outcome;
import cloud.requence.task.TaskUpdate;
import cloud.requence.task.TaskUpdateErrorHandler;
import cloud.requence.task.TaskUpdateErrorHandler.Decision;
import cloud.requence.task.TaskUpdateFilter;
import cloud.requence.task.TaskUpdateHandler;
import cloud.requence.task.support.LogLimit;
import cloud.requence.task.support.LogText;
import cloud.requence.task.support.Printable;

/**
 * Delivers an update: filter, handler, and what follows. Used by all threads that
 * deliver, each with an update of its own.
 */
public final class UpdateDelivery {

	private static final Log logger = LogFactory.getLog(UpdateDelivery.class);

	private static final Duration FIRST_DELAY = Duration.ofSeconds(1);

	private static final int MAX_DOUBLINGS = 5;

	private static final int FAILURES_TO_REPORT = 3;

	private static final Duration DELAY_TO_REPORT = Duration.ofSeconds(10);

	private static final long MAX_GROUP_TIME = TimeUnit.SECONDS.toNanos(1);

	private static final int MAX_GROUPED_ENDS = 8;

	private static final int USUAL_ID_LENGTH = 128;

	private final String watcher;

	private final TaskUpdateFilter filter;

	private final TaskUpdateHandler handler;

	private final TaskUpdateErrorHandler errorHandler;

	private final DeliveredUpdates delivered;

	private final EndAcknowledgement acknowledgement;

	private final DeliveryObserver observer;

	private final DeliveryMonitor monitor;

	private final LoggingContext loggingContext;

	private final Function<TaskUpdate, String> failedListeners;

	private final @Nullable DeadLetterHandler deadLetters;

	private final @Nullable GroupHandler groupHandler;

	private final DeliveryCounters counters = new DeliveryCounters();

	private final AtomicBoolean filterFailed = new AtomicBoolean();

	private final AtomicBoolean unavailable = new AtomicBoolean();

	private final LogLimit availabilityLog;

	private final LogLimit failureLog;

	private final LogLimit retryLog;

	private final LogLimit recoveryLog;

	/**
	 * Create a delivery.
	 * @param watcher the name of the watcher, for logs
	 * @param filter decides what is delivered
	 * @param handler receives what is delivered
	 * @param errorHandler decides what follows a failure
	 * @param delivered receives what was delivered
	 * @param acknowledgement acknowledges ends of tasks that were delivered
	 * @param observer the callback for failures
	 * @param monitor sees every attempt
	 * @param loggingContext names each update while it is delivered
	 * @param failedListeners names what has failed to handle an update, for logs; may
	 * return an empty text
	 * @param deadLetters stores what is about to be skipped; {@code null} to skip it at
	 * once
	 */
	public UpdateDelivery(String watcher, TaskUpdateFilter filter, TaskUpdateHandler handler,
			TaskUpdateErrorHandler errorHandler, DeliveredUpdates delivered, EndAcknowledgement acknowledgement,
			DeliveryObserver observer, DeliveryMonitor monitor, LoggingContext loggingContext,
			Function<TaskUpdate, String> failedListeners, @Nullable DeadLetterHandler deadLetters) {
		this.watcher = watcher;
		this.filter = filter;
		this.handler = handler;
		this.groupHandler = (handler instanceof GroupHandler group) ? group : null;
		this.errorHandler = errorHandler;
		this.delivered = delivered;
		this.acknowledgement = acknowledgement;
		this.observer = observer;
		this.monitor = monitor;
		this.loggingContext = loggingContext;
		this.failedListeners = failedListeners;
		this.deadLetters = deadLetters;
		this.availabilityLog = limit("changes of the delivery's availability");
		this.failureLog = limit("failed updates");
		this.retryLog = limit("updates that have failed and are retried");
		this.recoveryLog = limit("updates that were delivered after failures");
	}

	private LogLimit limit(String subject) {
		return new LogLimit(logger, LogText.watcher(this.watcher) + ": " + subject, System::nanoTime);
	}

	/**
	 * Return the numbers of deliveries by outcome.
	 * @return the counters
	 */
	public DeliveryCounters counters() {
		return this.counters;
	}

	/**
	 * Return how many updates may be handled together.
	 */
	int groupSize() {
		return (this.groupHandler != null) ? this.groupHandler.groupSize() : 1;
	}

	/**
	 * Handle updates together, before each of them is delivered. If that fails, for
	 * whatever reason, each is handled by its delivery.
	 * @param group the updates, in their order
	 * @param wait waits for a time, and returns {@code false} if the delivery has to end
	 */
	void handleGroup(List<PendingUpdate> group, Predicate<Duration> wait) {
		GroupHandler together = Objects.requireNonNull(this.groupHandler);
		try {
			List<PendingUpdate> accepted = acceptedOf(group);
			if (accepted.size() > 1) {
				long begun = System.nanoTime();
				int handled = together.handle(accepted.stream().map(PendingUpdate::update).toList(), this::observe,
						() -> System.nanoTime() - begun > MAX_GROUP_TIME || !wait.test(Duration.ZERO));
				accepted.subList(0, handled).forEach(PendingUpdate::handledInGroup);
				accepted.subList(handled, accepted.size()).forEach(PendingUpdate::leftOutOfGroup);
				available(accepted.get(0));
			}
		}
		// What has failed, and whether that counts, the delivery of each update shows
		catch (Throwable ex) {
			logger.debug(LogText.watcher(this.watcher) + ": updates could not be handled together", ex);
		}
	}

	/**
	 * A checkpoint is bounded: a group has few ends that wait for an acknowledgement.
	 * What is behind them is left to another group.
	 */
	private List<PendingUpdate> acceptedOf(List<PendingUpdate> group) {
		List<PendingUpdate> accepted = new ArrayList<>(group.size());
		int ends = 0;
		for (PendingUpdate pending : group) {
			pending.grouped();
			pending.complete();
			TaskUpdate update = pending.update();
			if (isAccepted(update)) {
				accepted.add(pending);
				ends += EndAcknowledgement.isRequired(update) ? 1 + update.taskId().length() / USUAL_ID_LENGTH : 0;
			}
			if (ends >= MAX_GROUPED_ENDS) {
				break;
			}
		}
		return accepted;
	}

	private void observe(TaskUpdate update, TaskUpdateHandler each) throws Exception {
		LoggingContext.Scope scope = this.loggingContext.enter(update);
		try {
			observeAttempt(update, each);
		}
		finally {
			scope.close();
		}
	}

	private void observeAttempt(TaskUpdate update, TaskUpdateHandler each) throws Exception {
		DeliveryMonitor.Attempt attempt = this.monitor.begin(update, 1);
		Throwable failure = null;
		try {
			each.handle(update);
		}
		catch (Throwable ex) {
			failure = ex;
			throw ex;
		}
		finally {
			attempt.end((failure != null) ? Outcome.RETRY : Outcome.DELIVERED, failure);
		}
	}

	/**
	 * Deliver an update on this thread: one attempt.
	 * @param pending the update
	 * @param wait waits for a time, and returns {@code false} if the delivery has to end
	 * @return the outcome
	 */
	public DeliveryResult deliver(PendingUpdate pending, Predicate<Duration> wait) {
		if (!pending.isHandled() && pending.finalFailure() == null) {
			pending.complete();
			if (!isAccepted(pending.update())) {
				this.counters.countFiltered();
				this.monitor.filtered(pending.update());
				return DeliveryResult.DONE;
			}
			this.acknowledgement.expected(pending);
		}
		LoggingContext.Scope scope = this.loggingContext.enter(pending.update());
		try {
			return attempt(pending, wait);
		}
		finally {
			scope.close();
		}
	}

	private DeliveryResult attempt(PendingUpdate pending, Predicate<Duration> wait) {
		DeliveryMonitor.Attempt attempt = begin(pending);
		try {
			FinalFailure finalFailure = pending.finalFailure();
			if (finalFailure != null) {
				return skip(pending, attempt, finalFailure, wait);
			}
			return pending.isHandled() ? finish(pending, attempt, wait) : handle(pending, attempt, wait);
		}
		catch (Throwable ex) {
			attempt.end(Outcome.RETRY, ex);
			throw ex;
		}
	}

	private DeliveryMonitor.Attempt begin(PendingUpdate pending) {
		int number = pending.nextAttempt();
		return pending.isHandledInGroup() ? DeliveryMonitor.Attempt.UNOBSERVED
				: this.monitor.begin(pending.update(), number);
	}

	private DeliveryResult handle(PendingUpdate pending, DeliveryMonitor.Attempt attempt, Predicate<Duration> wait) {
		Throwable failure = tryToHandle(pending.update());
		if (failure instanceof DeliveryUnavailableException unavailable) {
			return later(pending, attempt, unavailable);
		}
		available(pending);
		if (failure == null) {
			return finish(pending, attempt, wait);
		}
		if (!wait.test(Duration.ZERO)) {
			// The handler may have been interrupted by a stop: no verdict on the update
			attempt.end(Outcome.INTERRUPTED, failure);
			return DeliveryResult.HELD;
		}
		return afterFailure(pending, attempt, failure, wait);
	}

	private boolean isAccepted(TaskUpdate update) {
		try {
			return this.filter.accept(update);
		}
		catch (Throwable ex) {
			if (this.filterFailed.compareAndSet(false, true)) {
				logger.warn(LogText.watcher(this.watcher) + ": a filter has failed; "
						+ "updates that it cannot judge are delivered", ex);
			}
			return true;
		}
	}

	private DeliveryResult later(PendingUpdate pending, DeliveryMonitor.Attempt attempt,
			DeliveryUnavailableException reason) {
		Duration delay = delayAfter(pending.wasUnavailable());
		String message = LogText.watcher(this.watcher) + ": " + reason.getMessage()
				+ ". The delivery waits, and nothing is lost";
		if (this.unavailable.compareAndSet(false, true)) {
			this.availabilityLog.warn(message, reason.getCause());
		}
		else {
			logger.debug(message + ", next attempt in " + delay.toSeconds() + " s", reason.getCause());
		}
		attempt.end(Outcome.UNAVAILABLE, reason);
		return DeliveryResult.retryAfter(delay);
	}

	private void available(PendingUpdate pending) {
		pending.wasAvailable();
		if (this.unavailable.get() && this.unavailable.compareAndSet(true, false)) {
			this.availabilityLog.info(LogText.watcher(this.watcher) + ": the delivery continues");
		}
	}

	private DeliveryResult afterFailure(PendingUpdate pending, DeliveryMonitor.Attempt attempt, Throwable failure,
			Predicate<Duration> wait) {
		TaskUpdate update = pending.update();
		int failures = pending.failed();
		Decision decision = decide(update, failure, failures);
		switch (decision.action()) {
			case RETRY -> {
				logRetry(pending, failure, failures, decision.delay());
				this.counters.countRetry();
				attempt.end(Outcome.RETRY, failure);
				return DeliveryResult.retryAfter(decision.delay());
			}
			case SKIP -> {
				FinalFailure finalFailure = new FinalFailure(failure, failures, this.failedListeners.apply(update),
						Instant.now());
				pending.failed(finalFailure);
				return skip(pending, attempt, finalFailure, wait);
			}
			default -> {
				giveUp(update, failure, failures, this.failedListeners.apply(update),
						"the watcher stops in front of it");
				pending.forgetFailures();
				this.observer.onStopRequired();
				attempt.end(Outcome.STOPPED, failure);
				return DeliveryResult.HELD;
			}
		}
	}

	private DeliveryResult skip(PendingUpdate pending, DeliveryMonitor.Attempt attempt, FinalFailure failure,
			Predicate<Duration> wait) {
		TaskUpdate update = pending.update();
		if (this.deadLetters != null) {
			Throwable obstacle = tryToStore(this.deadLetters, failure.letter(this.watcher, update));
			if (obstacle instanceof DeliveryUnavailableException unavailable) {
				return later(pending, attempt, unavailable);
			}
			available(pending);
			if (obstacle != null) {
				return storeLater(pending, attempt, failure, obstacle, wait);
			}
		}
		giveUp(update, failure.failure(), failure.failures(), failure.listeners(),
				(this.deadLetters != null) ? "it is stored as a dead letter" : "it is skipped");
		this.acknowledgement.failed(pending);
		this.counters.countFailed();
		attempt.end(Outcome.FAILED, failure.failure());
		return DeliveryResult.DONE;
	}

	private DeliveryResult storeLater(PendingUpdate pending, DeliveryMonitor.Attempt attempt, FinalFailure failure,
			Throwable obstacle, Predicate<Duration> wait) {
		if (!wait.test(Duration.ZERO)) {
			// The store may have been interrupted by a stop
			attempt.end(Outcome.INTERRUPTED, failure.failure());
			return DeliveryResult.HELD;
		}
		Duration delay = delayAfter(pending.couldNotBeStored());
		this.failureLog.error(LogText.watcher(this.watcher) + ": the dead letter of the " + describe(pending.update())
				+ " cannot be stored, next attempt in " + delay.toSeconds() + " s", obstacle);
		this.counters.countRetry();
		attempt.end(Outcome.RETRY, failure.failure());
		return DeliveryResult.retryAfter(delay);
	}

	private static @Nullable Throwable tryToStore(DeadLetterHandler deadLetters, DeadLetter letter) {
		try {
			deadLetters.handle(letter);
			return null;
		}
		// What cannot be stored is not skipped, and nothing may end the thread
		catch (Throwable ex) {
			return ex;
		}
	}

	private @Nullable Throwable tryToHandle(TaskUpdate update) {
		try {
			this.handler.handle(update);
			return null;
		}
		// Whatever a listener throws is a failed delivery, and none may end the thread
		catch (Throwable ex) {
			return ex;
		}
	}

	/**
	 * A failure that passes is not worth a warning. One that does not is, once for each
	 * update: it holds up its root task.
	 */
	private void logRetry(PendingUpdate pending, Throwable failure, int failures, Duration delay) {
		String message = LogText.watcher(this.watcher) + ": delivery " + failures + " of the "
				+ describe(pending.update()) + " has failed" + in(this.failedListeners.apply(pending.update()))
				+ ", next in " + delay;
		boolean persistent = failures >= FAILURES_TO_REPORT || delay.compareTo(DELAY_TO_REPORT) >= 0
				|| TaskUpdateErrorHandler.isPermanent(failure);
		if (persistent && pending.reportRetries()) {
			this.retryLog.warn(message + "; later attempts are logged at debug level", failure);
		}
		else {
			logger.debug(message, failure);
		}
	}

	private static String describe(TaskUpdate update) {
		Long position = update.position();
		return update.type().wireName() + " of task " + Printable.name(update.taskId())
				+ ((position != null) ? " at position " + position : "");
	}

	private static String in(String listeners) {
		return listeners.isEmpty() ? "" : " in " + listeners;
	}

	private Decision decide(TaskUpdate update, Throwable failure, int failures) {
		try {
			return Objects.requireNonNull(this.errorHandler.decide(update, failure, failures));
		}
		// Nothing is skipped that the handler may have to store
		catch (Throwable ex) {
			Duration delay = delayAfter(failures);
			this.failureLog.error(LogText.watcher(this.watcher)
					+ ": the error handler has failed, the update is delivered again in " + delay.toSeconds() + " s",
					ex);
			return Decision.retryAfter(delay);
		}
	}

	private static Duration delayAfter(int attempts) {
		return FIRST_DELAY.multipliedBy(1L << Math.min(attempts - 1, MAX_DOUBLINGS));
	}

	/**
	 * A subscriber of delivered updates may hold the end of a delivery up, even over a
	 * stop.
	 */
	private DeliveryResult finish(PendingUpdate pending, DeliveryMonitor.Attempt attempt, Predicate<Duration> wait) {
		pending.handled();
		if (!this.delivered.emit(pending.update(), wait)) {
			attempt.end(Outcome.INTERRUPTED, null);
			return DeliveryResult.HELD;
		}
		this.acknowledgement.delivered(pending, wait);
		if (pending.hasReportedRetries()) {
			this.recoveryLog.info(LogText.watcher(this.watcher) + ": the " + describe(pending.update())
					+ " was delivered after " + pending.failures() + " failures");
		}
		this.failureLog.summarizeIfAny();
		this.retryLog.summarizeIfAny();
		this.counters.countDelivered();
		attempt.end(Outcome.DELIVERED, null);
		return DeliveryResult.DONE;
	}

	private void giveUp(TaskUpdate update, Throwable failure, int failures, String listeners, String consequence) {
		this.failureLog.error(LogText.watcher(this.watcher) + ": could not deliver the " + describe(update) + " in "
				+ failures + ((failures == 1) ? " attempt" : " attempts") + ", " + consequence
				+ ". The last attempt has failed" + in(listeners), failure);
		try {
			this.observer.onFailed(update, failure);
		}
		// The decision holds, whether or not it can be published
		catch (Throwable ex) {
			this.failureLog.error(
					LogText.watcher(this.watcher) + ": the failure of the " + describe(update) + " cannot be published",
					ex);
		}
	}

}
