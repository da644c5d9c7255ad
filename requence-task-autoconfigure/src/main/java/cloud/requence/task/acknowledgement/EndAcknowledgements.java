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
import java.util.function.Predicate;

import cloud.requence.task.TaskUpdate;
import cloud.requence.task.delivery.DeliveryQueue;
import cloud.requence.task.delivery.EndAcknowledgement;
import cloud.requence.task.delivery.PendingUpdate;

/**
 * The ways to acknowledge the ends of tasks that were delivered.
 */
public final class EndAcknowledgements {

	private EndAcknowledgements() {
	}

	/**
	 * Return whether the end of a task that was delivered is to be acknowledged: only if
	 * it requires that, and if a listener or handler took it. Another application may
	 * wait for it otherwise.
	 * @param acknowledger counts the ends that are left unacknowledged
	 * @param taken whether a listener or handler took an end
	 * @return the condition
	 */
	public static Predicate<TaskUpdate> ifTaken(Acknowledger acknowledger, Predicate<TaskUpdate> taken) {
		return (update) -> {
			if (!EndAcknowledgement.isRequired(update)) {
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
	 * Return an acknowledgement that is sent as soon as an end is delivered.
	 * @param acknowledger sends the acknowledgements
	 * @param condition which ends are acknowledged
	 * @return the acknowledgement
	 */
	public static EndAcknowledgement afterDelivery(Acknowledger acknowledger, Predicate<TaskUpdate> condition) {
		return (update, wait) -> {
			if (condition.test(update.update())) {
				acknowledger.acknowledge(update.update().taskId(), wait);
			}
		};
	}

	/**
	 * Return an acknowledgement that becomes a part of the progress, to be sent when that
	 * is durable.
	 * @param condition which ends are acknowledged
	 * @return the acknowledgement
	 */
	public static EndAcknowledgement onceDurable(Predicate<TaskUpdate> condition) {
		return (update, wait) -> {
			if (condition.test(update.update())) {
				update.acknowledge(update.update().taskId());
			}
		};
	}

	/**
	 * Return an acknowledgement that the application makes, and that the progress waits
	 * for.
	 * @param queue knows the progress
	 * @return the acknowledgement
	 */
	public static EndAcknowledgement awaited(DeliveryQueue queue) {
		return new EndAcknowledgement() {

			@Override
			public void expected(PendingUpdate update) {
				if (EndAcknowledgement.isRequired(update.update())) {
					queue.awaitAcknowledgement(update);
				}
			}

			@Override
			public void delivered(PendingUpdate update, Predicate<Duration> wait) {
				// The application may take its time
			}

			@Override
			public void failed(PendingUpdate update) {
				queue.giveUpAcknowledgement(update);
			}

		};
	}

}
