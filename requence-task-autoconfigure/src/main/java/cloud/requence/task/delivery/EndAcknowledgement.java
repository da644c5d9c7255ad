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
import java.util.function.Predicate;

import cloud.requence.task.TaskAborted;
import cloud.requence.task.TaskEnd;
import cloud.requence.task.TaskError;
import cloud.requence.task.TaskUpdate;

/**
 * Acknowledges the ends of tasks that were delivered. Called by the thread that has an
 * update in hand.
 */
@FunctionalInterface
public interface EndAcknowledgement {

	/**
	 * Acknowledges nothing by itself.
	 */
	EndAcknowledgement NONE = (update, wait) -> {
	};

	/**
	 * An update is about to be delivered.
	 * @param update the update
	 */
	default void expected(PendingUpdate update) {
	}

	/**
	 * An update was delivered.
	 * @param update the update
	 * @param wait waits for a time, and returns {@code false} if the delivery has to end
	 */
	void delivered(PendingUpdate update, Predicate<Duration> wait);

	/**
	 * An update was given up.
	 * @param update the update
	 */
	default void givenUp(PendingUpdate update) {
	}

	/**
	 * Return whether the end of a task that was delivered is to be acknowledged: only if
	 * it requires that, and if a listener or handler took it. Another application may
	 * wait for it otherwise.
	 * @param acknowledger counts the ends that are left unacknowledged
	 * @param taken whether a listener or handler took an end
	 * @return the condition
	 */
	static Predicate<TaskUpdate> ifTaken(Acknowledger acknowledger, Predicate<TaskUpdate> taken) {
		return (update) -> {
			if (!isRequired(update)) {
				return false;
			}
			boolean acknowledge = taken.test(update);
			if (!acknowledge) {
				acknowledger.leave();
			}
			return acknowledge;
		};
	}

	/**
	 * Return an acknowledgement that is sent as soon as an end was delivered.
	 * @param acknowledger sends it
	 * @param condition which ends are acknowledged
	 * @return the acknowledgement
	 */
	static EndAcknowledgement afterDelivery(Acknowledger acknowledger, Predicate<TaskUpdate> condition) {
		return (update, wait) -> {
			if (condition.test(update.update())) {
				acknowledger.acknowledge(update.update().taskId(), wait);
			}
		};
	}

	/**
	 * Return an acknowledgement that becomes a part of the progress, to go out when that
	 * is durable.
	 * @param condition which ends are acknowledged
	 * @return the acknowledgement
	 */
	static EndAcknowledgement onceDurable(Predicate<TaskUpdate> condition) {
		return (update, wait) -> {
			if (condition.test(update.update())) {
				update.acknowledge(update.update().taskId());
			}
		};
	}

	/**
	 * Return an acknowledgement that the application makes, and that the progress waits
	 * for.
	 * @param lookAhead knows the progress
	 * @return the acknowledgement
	 */
	static EndAcknowledgement awaited(LookAhead lookAhead) {
		return new EndAcknowledgement() {

			@Override
			public void expected(PendingUpdate update) {
				if (isRequired(update.update())) {
					lookAhead.awaitAcknowledgement(update);
				}
			}

			@Override
			public void delivered(PendingUpdate update, Predicate<Duration> wait) {
				// The application may take its time
			}

			@Override
			public void givenUp(PendingUpdate update) {
				lookAhead.giveUpAcknowledgement(update);
			}

		};
	}

	/**
	 * Return whether the platform waits for an acknowledgement of an update.
	 * @param update the update
	 * @return whether it is the end of a task that requires one
	 */
	static boolean isRequired(TaskUpdate update) {
		return switch (update.type()) {
			case TASK_END -> ((TaskEnd) update).requireAck();
			case TASK_ERROR -> ((TaskError) update).requireAck();
			case TASK_ABORTED -> ((TaskAborted) update).requireAck();
			default -> false;
		};
	}

}
