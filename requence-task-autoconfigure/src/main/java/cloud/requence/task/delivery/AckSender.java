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

import reactor.core.publisher.Mono;

/**
 * Sends an acknowledgement to the platform.
 */
@FunctionalInterface
public interface AckSender {

	/**
	 * Send an acknowledgement.
	 * @param taskId the identifier of the task
	 * @return the outcome; an error counts as {@link Outcome#RETRY}
	 */
	Mono<Outcome> send(String taskId);

	/**
	 * What became of an acknowledgement.
	 */
	enum Outcome {

		/**
		 * The platform has taken it, or had done so before, or does not know the task any
		 * more.
		 */
		TAKEN,

		/**
		 * It has to be sent again.
		 */
		RETRY,

		/**
		 * The platform will never take it.
		 */
		GIVEN_UP

	}

}
