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
import reactor.core.publisher.Mono;

/**
 * The calls of a {@link TaskClient} without blocking: each begins when it is subscribed
 * to, and fails with the same exceptions.
 */
public interface ReactiveTaskClient {

	/**
	 * Create a task.
	 * @param request the description of the task
	 * @return a handle to follow the task with
	 * @see TaskClient#create(TaskRequest)
	 */
	Mono<ReactiveTaskHandle> create(TaskRequest request);

	/**
	 * Create a task with default settings.
	 * @param template the name of the template
	 * @param input the input, as in {@link TaskRequest#of(String, Object)}
	 * @return a handle to follow the task with
	 */
	default Mono<ReactiveTaskHandle> create(String template, Object input) {
		return create(TaskRequest.of(template, input));
	}

	/**
	 * Create a task like another one: see {@link TaskClient#createAgain(String)}.
	 * @param taskId the identifier of the other task
	 * @return a handle to follow the new task with
	 */
	Mono<ReactiveTaskHandle> createAgain(String taskId);

	/**
	 * Get a task.
	 * @param taskId the identifier of the task
	 * @return the task as it is now
	 */
	Mono<TaskDetails> get(String taskId);

	/**
	 * End a task.
	 * @param taskId the identifier of the task
	 * @param reason why, for people to read; {@code null} to give none
	 * @return completes when the platform has ended it
	 */
	Mono<Void> abort(String taskId, @Nullable String reason);

	/**
	 * Protect a task from automatic deletion.
	 * @param taskId the identifier of the task
	 * @return completes when the platform protects it
	 */
	Mono<Void> protect(String taskId);

	/**
	 * Acknowledge the end of a task.
	 * @param taskId the identifier of the task
	 * @return completes when the platform has accepted the acknowledgement
	 * @see TaskClient#acknowledge(String)
	 */
	Mono<Void> acknowledge(String taskId);

}
