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
import java.util.Objects;
import java.util.function.Predicate;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import cloud.requence.task.TaskUpdate;
import cloud.requence.task.TaskUpdateErrorHandler;
import cloud.requence.task.TaskUpdateErrorHandler.Decision;
import cloud.requence.task.TaskUpdateFilter;
import cloud.requence.task.TaskUpdateHandler;

/**
 * Delivers one update after the other: filter, handler, retries, and what follows.
 * Confined to the delivery thread; its counters may be read from anywhere.
 */
public final class UpdateDelivery {

	private static final Log logger = LogFactory.getLog(UpdateDelivery.class);

	private final String watcher;

	private final TaskUpdateFilter filter;

	private final TaskUpdateHandler handler;

	private final TaskUpdateErrorHandler errorHandler;

	private final DeliveredUpdates delivered;

	private final EndAcknowledgement acknowledgement;

	private final DeliveryObserver observer;

	private final DeliveryCounters counters = new DeliveryCounters();

	// Handled, but held up by a subscriber of delivered updates when the delivery had to
	// end
	private @Nullable TaskUpdate handled;

	private boolean filterFailed;

	/**
	 * Create a delivery.
	 * @param watcher the name of the watcher, for logs
	 * @param filter decides what is delivered
	 * @param handler receives what is delivered
	 * @param errorHandler decides what follows a failure
	 * @param delivered receives what was delivered
	 * @param acknowledgement acknowledges ends of tasks that were delivered
	 * @param observer learns of failures
	 */
	public UpdateDelivery(String watcher, TaskUpdateFilter filter, TaskUpdateHandler handler,
			TaskUpdateErrorHandler errorHandler, DeliveredUpdates delivered, EndAcknowledgement acknowledgement,
			DeliveryObserver observer) {
		this.watcher = watcher;
		this.filter = filter;
		this.handler = handler;
		this.errorHandler = errorHandler;
		this.delivered = delivered;
		this.acknowledgement = acknowledgement;
		this.observer = observer;
	}

	DeliveryCounters counters() {
		return this.counters;
	}

	/**
	 * Deliver an update.
	 * @param update the update
	 * @param wait waits for a time, and returns {@code false} if the delivery has to end
	 * @return whether the update is done with; otherwise it has to be delivered again
	 * later
	 */
	boolean deliver(TaskUpdate update, Predicate<Duration> wait) {
		if (update == this.handled) {
			return finish(update, wait);
		}
		if (!isAccepted(update)) {
			this.counters.hidden(update);
			return true;
		}
		this.counters.inHand();
		try {
			return handle(update, wait);
		}
		finally {
			this.counters.noneInHand();
		}
	}

	private boolean isAccepted(TaskUpdate update) {
		try {
			return this.filter.accept(update);
		}
		catch (Throwable ex) {
			if (!this.filterFailed) {
				this.filterFailed = true;
				logger.warn("Task watcher '" + this.watcher + "': a filter has failed; "
						+ "updates that it cannot judge are delivered", ex);
			}
			return true;
		}
	}

	private boolean handle(TaskUpdate update, Predicate<Duration> wait) {
		for (int failures = 0;;) {
			Throwable failure = tryToHandle(update);
			if (failure == null) {
				return finish(update, wait);
			}
			if (!wait.test(Duration.ZERO)) {
				// The handler may have been interrupted by the stop: no verdict on the
				// update
				return false;
			}
			Decision decision = decide(update, failure, ++failures);
			switch (decision.action()) {
				case RETRY -> {
					logger.debug("Task watcher '" + this.watcher + "': delivery " + failures + " of a "
							+ update.type().wireName() + " has failed, next in " + decision.delay(), failure);
					if (!wait.test(decision.delay())) {
						return false;
					}
					this.counters.retried();
				}
				case SKIP -> {
					giveUp(update, failure, failures, "it is skipped");
					this.counters.failed(update);
					return true;
				}
				case STOP -> {
					giveUp(update, failure, failures, "the watcher stops in front of it");
					this.observer.onStopRequired();
					return false;
				}
			}
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

	private Decision decide(TaskUpdate update, Throwable failure, int failures) {
		try {
			return Objects.requireNonNull(this.errorHandler.decide(update, failure, failures));
		}
		catch (Throwable ex) {
			logger.error("Task watcher '" + this.watcher + "': the error handler has failed, the update is skipped",
					ex);
			return Decision.skip();
		}
	}

	private boolean finish(TaskUpdate update, Predicate<Duration> wait) {
		this.handled = update;
		if (!this.delivered.emit(update, wait)) {
			return false;
		}
		this.acknowledgement.delivered(update, wait);
		this.counters.delivered(update);
		this.handled = null;
		return true;
	}

	private void giveUp(TaskUpdate update, Throwable failure, int failures, String consequence) {
		logger.error("Task watcher '" + this.watcher + "': could not deliver the " + update.type().wireName()
				+ " at position " + update.position() + " in " + failures + ((failures == 1) ? " attempt" : " attempts")
				+ ", " + consequence, failure);
		this.observer.onGivenUp(update, failure);
	}

}
