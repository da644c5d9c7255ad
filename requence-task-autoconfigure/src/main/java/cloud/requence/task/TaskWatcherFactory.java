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
 * Creates watchers beside the auto-configured one: for other access tokens, other
 * filters, or with a handler in place of events.
 */
@FunctionalInterface
public interface TaskWatcherFactory {

	/**
	 * Create the builder of a watcher, initialized with the properties of the
	 * application. To keep the auto-configured watcher, declare the bean with
	 * {@code defaultCandidate = false}.
	 * @param name the name of the watcher, for logs, metrics and threads; unique in the
	 * application
	 * @return the builder
	 */
	TaskWatcher.Builder builder(String name);

}
