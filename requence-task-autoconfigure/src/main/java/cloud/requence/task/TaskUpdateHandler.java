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

package cloud.requence.task;

/**
 * Receives the updates of a watcher. The default publishes each of them as a
 * {@link TaskUpdateEvent}; a bean of this type replaces it.
 */
@FunctionalInterface
public interface TaskUpdateHandler {

	/**
	 * Handle an update. Called on a delivery thread of the watcher, in the order of the
	 * updates: one at a time or, with a concurrency of more than one, one at a time of
	 * each root task. A slow call slows down the stream; no update is lost. An exception
	 * is a failed delivery, and the {@link TaskUpdateErrorHandler} decides what follows.
	 * @param update the update
	 * @throws Exception if the update could not be handled
	 */
	void handle(TaskUpdate update) throws Exception;

}
