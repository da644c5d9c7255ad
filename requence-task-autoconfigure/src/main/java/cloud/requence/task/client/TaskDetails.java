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

import org.jspecify.annotations.Nullable;

import cloud.requence.task.TaskContext;

/**
 * The description of a task by the platform.
 *
 * @param taskId the identifier of the task
 * @param status the status
 * @param statusText what the platform says about the status; {@code null} if nothing
 * @param template the name of its template; {@code null} if the platform does not return
 * it
 * @param name its name; {@code null} if it has none
 * @param branch the branch of the template that it runs; {@code null} if the platform
 * does not return it
 * @param context its input, its result, the latest data and errors of its nodes
 */
public record TaskDetails(String taskId, TaskStatus status, @Nullable String statusText, @Nullable String template,
		@Nullable String name, @Nullable String branch, TaskContext context) {

}
