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

package cloud.requence.task.autoconfigure;

import cloud.requence.task.TaskWatcher;

/**
 * Changes the settings of watchers before they are built: of the auto-configured one, and
 * of those that the application builds with the
 * {@link cloud.requence.task.TaskWatcherFactory}. Beans of this type are called in their
 * order, after the properties were applied.
 */
@FunctionalInterface
public interface TaskWatcherBuilderCustomizer {

	/**
	 * Change the settings of a watcher.
	 * @param builder the builder of the watcher
	 */
	void customize(TaskWatcher.Builder builder);

}
