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

/**
 * Learns what becomes of deliveries that do not simply succeed. Called on the delivery
 * thread.
 */
public interface DeliveryObserver {

	/**
	 * An update was given up. The delivery goes on when this call returns.
	 * @param update the update
	 * @param failure the last failure
	 */
	void onGivenUp(TaskUpdate update, Throwable failure);

	/**
	 * The watcher has to stop in front of the update in hand.
	 */
	void onStopRequired();

	/**
	 * The delivery has ended after a stop. The last call of the thread.
	 */
	void onEnded();

	/**
	 * The updates that wait have become few.
	 */
	void onRoom();

}
