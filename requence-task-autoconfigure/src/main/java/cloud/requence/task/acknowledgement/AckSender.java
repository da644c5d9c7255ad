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

import reactor.core.publisher.Mono;

/**
 * Sends an acknowledgement to the platform.
 */
@FunctionalInterface
interface AckSender {

	/**
	 * Send an acknowledgement.
	 * @param taskId the identifier of the task
	 * @return the outcome; an error counts as {@link Outcome#RETRY}. Must end within a
	 * bounded time.
	 */
	Mono<Outcome> send(String taskId);

	/**
	 * The outcome of an attempt.
	 */
	enum Outcome {

		/**
		 * The platform has taken it, now or earlier.
		 */
		TAKEN,

		/**
		 * The platform does not know the task, or a gateway in front of it does not know
		 * the platform: counts as taken if it lasts.
		 */
		NOT_FOUND,

		/**
		 * The platform, or a gateway in front of it, refuses the request as such: counts
		 * as failed if it lasts.
		 */
		REFUSED,

		/**
		 * It has to be sent again, as often as it takes.
		 */
		RETRY,

		/**
		 * It cannot be sent at all.
		 */
		INVALID

	}

}
