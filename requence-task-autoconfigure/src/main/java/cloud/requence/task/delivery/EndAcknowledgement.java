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
 * Acknowledges the ends of tasks that were delivered. Called by the thread that delivers
 * an update.
 */
@FunctionalInterface
public interface EndAcknowledgement {

	/**
	 * Acknowledges nothing.
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
	 * The delivery of an update has failed for good.
	 * @param update the update
	 */
	default void failed(PendingUpdate update) {
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
