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

/**
 * The outcome of a delivery by a worker.
 *
 * @param action what to do with it
 * @param delay how long to wait before it is delivered again
 */
public record DeliveryResult(Action action, Duration delay) {

	/**
	 * It is done, in whichever way.
	 */
	static final DeliveryResult DONE = new DeliveryResult(Action.REMOVE, Duration.ZERO);

	/**
	 * The delivery had to end before it.
	 */
	static final DeliveryResult HELD = new DeliveryResult(Action.PUT_BACK, Duration.ZERO);

	/**
	 * The attempt ended in a way that only an error of ours or of the virtual machine can
	 * explain. Created before, as there may be no memory left then.
	 */
	static final DeliveryResult UNEXPECTED = retryAfter(Duration.ofSeconds(1));

	static DeliveryResult retryAfter(Duration delay) {
		return new DeliveryResult(Action.PARK, delay);
	}

	/**
	 * What to do with an update.
	 */
	public enum Action {

		/** Take it from its lane. */
		REMOVE,

		/** Leave it in its lane. */
		PUT_BACK,

		/** Leave it in its lane, and the lane alone for a while. */
		PARK

	}

}
