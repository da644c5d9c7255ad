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

import java.util.List;
import java.util.function.BooleanSupplier;

import cloud.requence.task.TaskUpdate;
import cloud.requence.task.TaskUpdateHandler;

/**
 * Handles several updates at once, such as in one transaction: the effects of all of them
 * are stored, or those of none.
 */
public interface GroupHandler extends TaskUpdateHandler {

	/**
	 * As many updates as are taken to be delivered at a time.
	 */
	int MAX_SIZE = 128;

	/**
	 * Return how many updates are handled at once at most.
	 * @return the number of updates, from 1 to {@value #MAX_SIZE}
	 */
	int groupSize();

	/**
	 * Handle updates in their order, one after the other.
	 * @param updates the updates
	 * @param observer calls the handler of each update
	 * @param enough returns whether to end behind the update that was handled last
	 * @return how many of the updates, from the first, were handled
	 * @throws Exception if none of them was handled
	 */
	int handle(List<TaskUpdate> updates, Observer observer, BooleanSupplier enough) throws Exception;

	/**
	 * Calls the handler of an update, and sees how the call ends.
	 */
	@FunctionalInterface
	interface Observer {

		/**
		 * Call the handler.
		 * @param update the update
		 * @param handler handles the update
		 * @throws Exception if the handler has failed
		 */
		void handle(TaskUpdate update, TaskUpdateHandler handler) throws Exception;

	}

}
