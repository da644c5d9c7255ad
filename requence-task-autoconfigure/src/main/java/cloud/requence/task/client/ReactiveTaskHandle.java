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
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import cloud.requence.task.TaskUpdate;

/**
 * Follows a task that was created here, without waiting.
 */
public interface ReactiveTaskHandle {

	/**
	 * Return the identifier of the task.
	 * @return the identifier
	 */
	String id();

	/**
	 * Return the address of the page of the task, for people.
	 * @return the address; {@code null} if the platform does not return it
	 */
	@Nullable URI url();

	/**
	 * Follow the task until its end, which is acknowledged as in
	 * {@link TaskHandle#result(Class)}.
	 * @param <T> the type of the result
	 * @param type the class of the result
	 * @return the result; empty if the task has none, a {@link TaskException} if it fails
	 * or is aborted
	 */
	<T> Mono<T> result(Class<T> type);

	/**
	 * Follow the task from its beginning to its end.
	 * @return the updates, the last of which is the end of the task
	 * @see TaskHandle#updates()
	 */
	Flux<TaskUpdate> updates();

	/**
	 * Wait until the streams in the input of the task are sent.
	 * @return completes when they are, fails if one of them could not be sent
	 */
	Mono<Void> streamsSent();

	/**
	 * End the task.
	 * @param reason why, for people to read; {@code null} to give none
	 * @return completes when the platform has ended it
	 */
	Mono<Void> abort(@Nullable String reason);

	/**
	 * Protect the task from automatic deletion.
	 * @return completes when the platform protects it
	 */
	Mono<Void> protect();

	/**
	 * Acknowledge the end of the task.
	 * @return completes when the platform has accepted the acknowledgement
	 */
	Mono<Void> acknowledge();

}
