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

package cloud.requence.task;

import java.time.Duration;

import org.springframework.core.convert.ConversionException;
import org.springframework.core.retry.RetryPolicy;
import org.springframework.util.Assert;

/**
 * Decides what follows a failed delivery. A bean of this type replaces the default, which
 * retries with back-off and then skips the update.
 */
@FunctionalInterface
public interface TaskUpdateErrorHandler {

	/**
	 * Decide what follows a failed delivery. Called on the delivery threads of the
	 * watcher. If it throws, the update is delivered again after a second, later after up
	 * to 32 seconds, until it decides.
	 * @param update the update
	 * @param failure what the handler threw
	 * @param failures how often this update has failed, this time included; at least one
	 * @return what to do next
	 */
	Decision decide(TaskUpdate update, Throwable failure, int failures);

	/**
	 * Return a handler that retries according to the given policy, except
	 * {@linkplain #isPermanent(Throwable) permanent failures}.
	 * @param policy how often and how soon to try again
	 * @param onFailure what to do when the retries are exhausted
	 * @return the error handler
	 */
	static TaskUpdateErrorHandler retrying(RetryPolicy policy, OnFailure onFailure) {
		return new RetryPolicyErrorHandler(policy, onFailure);
	}

	/**
	 * Return whether a failure would occur in the same way again: errors of conversion,
	 * class casts, payloads that do not fit, values that must not be fetched.
	 * @param failure what the handler threw
	 * @return whether another attempt would fail as well
	 */
	static boolean isPermanent(Throwable failure) {
		if (failure instanceof TaskReferenceException reference) {
			return !reference.reason().isWorthRetrying();
		}
		return failure instanceof ClassCastException || failure instanceof ConversionException
				|| failure instanceof TaskPayloadException;
	}

	/**
	 * What to do with an update whose retries are exhausted.
	 */
	enum OnFailure {

		/**
		 * Publish a {@link TaskUpdateFailedEvent} and continue with the next update.
		 */
		SKIP,

		/**
		 * Publish a {@link TaskUpdateFailedEvent} and stop the watcher. It resumes with
		 * this update when it is started again.
		 */
		STOP,

		/**
		 * Deliver it again, at the longest delay of the retries, until it succeeds, even
		 * if the failure is permanent. Nothing is skipped: the update and those that must
		 * be delivered after it wait. The status and the health show that the delivery is
		 * stuck.
		 */
		RETRY

	}

	/**
	 * What follows a failed delivery.
	 *
	 * @param action what to do
	 * @param delay how long to wait before it is done, zero unless it is a retry
	 */
	record Decision(Action action, Duration delay) {

		public Decision {
			Assert.notNull(action, "'action' must not be null");
			Assert.isTrue(!delay.isNegative(), "'delay' must not be negative");
		}

		/**
		 * Deliver the update once more.
		 * @param delay how long to wait before
		 * @return the decision
		 */
		public static Decision retryAfter(Duration delay) {
			return new Decision(Action.RETRY, delay);
		}

		/**
		 * Skip the update and continue with the next one.
		 * @return the decision
		 */
		public static Decision skip() {
			return new Decision(Action.SKIP, Duration.ZERO);
		}

		/**
		 * Stop the watcher in front of this update.
		 * @return the decision
		 */
		public static Decision stop() {
			return new Decision(Action.STOP, Duration.ZERO);
		}

	}

	/**
	 * What can follow a failed delivery.
	 */
	enum Action {

		/**
		 * Deliver the update once more.
		 */
		RETRY,

		/**
		 * Give the update up.
		 */
		SKIP,

		/**
		 * Stop the watcher.
		 */
		STOP

	}

}
