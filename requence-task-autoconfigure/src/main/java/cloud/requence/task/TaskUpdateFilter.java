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
 * Decides which updates are delivered. The contexts of tasks are built from all of them,
 * including those that are filtered. The end of a filtered task is never acknowledged, as
 * the application has not seen it.
 */
@FunctionalInterface
public interface TaskUpdateFilter {

	/**
	 * Return whether to deliver an update. Called on the delivery threads of the watcher.
	 * If the filter throws an exception, the update is delivered.
	 * @param update the update
	 * @return {@code true} to deliver it, {@code false} to filter it out
	 */
	boolean accept(TaskUpdate update);

}
