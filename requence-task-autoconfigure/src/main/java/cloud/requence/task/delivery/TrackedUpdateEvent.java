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

import cloud.requence.task.TaskUpdate;
import cloud.requence.task.TaskUpdateEvent;

/**
 * A {@link TaskUpdateEvent} that listeners leave their outcome with. Listeners see no
 * difference: the resolvable type is that of the event.
 *
 * @param <T> the type of the update
 */
final class TrackedUpdateEvent<T extends TaskUpdate> extends TaskUpdateEvent<T> {

	private final transient DeliveryAttempt attempt;

	TrackedUpdateEvent(Object source, T update, DeliveryAttempt attempt) {
		super(source, update);
		this.attempt = attempt;
	}

	DeliveryAttempt attempt() {
		return this.attempt;
	}

}
