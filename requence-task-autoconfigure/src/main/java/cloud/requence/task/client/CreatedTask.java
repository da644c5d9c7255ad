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

package cloud.requence.task.client;

import java.net.URI;

import org.jspecify.annotations.Nullable;

/**
 * The response of the platform to the creation of a task.
 *
 * @param taskId the identifier of the task
 * @param urls where to follow it
 */
record CreatedTask(@Nullable String taskId, @Nullable Urls urls) {

	@Nullable URI watchUrl() {
		return (this.urls != null) ? this.urls.watch() : null;
	}

	@Nullable URI showUrl() {
		return (this.urls != null) ? this.urls.show() : null;
	}

	/**
	 * Where to follow a task.
	 *
	 * @param watch for programs
	 * @param show for people
	 */
	record Urls(@Nullable URI watch, @Nullable URI show) {

	}

}
