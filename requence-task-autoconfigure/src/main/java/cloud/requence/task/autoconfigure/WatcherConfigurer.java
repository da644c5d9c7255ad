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
 * Applies a part of the application's settings to the builder of a watcher.
 */
@FunctionalInterface
interface WatcherConfigurer {

	/**
	 * The name of the auto-configured watcher. It uses the beans and names that can be
	 * used only once.
	 */
	String PRIMARY = "requenceTaskWatcher";

	void configure(String name, TaskWatcher.Builder builder);

	/**
	 * Make a name that is used once in the application into one for each watcher.
	 */
	static String distinct(String shared, String watcher) {
		return watcher.equals(PRIMARY) ? shared : shared + "." + watcher;
	}

}
