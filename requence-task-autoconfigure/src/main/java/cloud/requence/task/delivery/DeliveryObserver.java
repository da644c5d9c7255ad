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
 * Callback for what happens beside successful deliveries. Called on the delivery thread.
 */
public interface DeliveryObserver {

	/**
	 * The delivery of an update has failed for good. The delivery continues when this
	 * call returns.
	 * @param update the update
	 * @param failure the last failure
	 */
	void onFailed(TaskUpdate update, Throwable failure);

	/**
	 * The watcher has to stop in front of the update in progress.
	 */
	void onStopRequired();

	/**
	 * The delivery has ended after a stop. The last call of the thread.
	 */
	void onEnded();

	/**
	 * The reader waits, and there is room for further updates.
	 */
	void onRoom();

}
