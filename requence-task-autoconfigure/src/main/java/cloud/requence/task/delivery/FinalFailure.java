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

import java.time.Instant;

import cloud.requence.task.DeadLetter;
import cloud.requence.task.TaskUpdate;

/**
 * The failure after which an update is not handled again, as it is to be stored however
 * often that takes.
 *
 * @param failure the last failure
 * @param failures how often the delivery has failed
 * @param listeners names what has failed last; may be empty
 * @param failedAt when it failed last
 */
record FinalFailure(Throwable failure, int failures, String listeners, Instant failedAt) {

	DeadLetter letter(String watcher, TaskUpdate update) {
		return DeadLetter.of(watcher, update, this.listeners, this.failure, this.failures, this.failedAt);
	}

}
