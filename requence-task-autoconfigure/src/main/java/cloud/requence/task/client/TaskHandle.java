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
import java.time.Duration;

import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;

import cloud.requence.task.TaskPayloadException;
import cloud.requence.task.TaskUpdate;

/**
 * Follows a task that was created here. Safe for use by several threads.
 */
public interface TaskHandle {

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
	 * Wait for the end of the task without a timeout, across lost connections. If the
	 * task was created with {@link TaskRequest#withRequireAck(boolean) requireAck}, its
	 * end is acknowledged when the result, or the failure of the task, is returned;
	 * {@link TaskRequest#withManualAck()} leaves that to {@link #acknowledge()}. A result
	 * that cannot be read is not acknowledged.
	 * @param <T> the type of the result
	 * @param type the class of the result
	 * @return the result; {@code null} if the task has none
	 * @throws TaskException if the task fails or is aborted
	 * @throws TaskPayloadException if the result does not fit the type
	 * @throws TaskClientException if the task can no longer be followed, or its end
	 * cannot be acknowledged
	 */
	<T> @Nullable T result(Class<T> type);

	/**
	 * Wait for the end of the task. Its end is acknowledged as in {@link #result(Class)}.
	 * @param <T> the type of the result
	 * @param type the class of the result
	 * @param timeout how long to wait
	 * @return the result; {@code null} if the task has none
	 * @throws TaskException if the task fails or is aborted
	 * @throws TaskPayloadException if the result does not fit the type
	 * @throws TaskClientException if the task does not end in time, or can no longer be
	 * followed
	 */
	<T> @Nullable T result(Class<T> type, Duration timeout);

	/**
	 * Follow the task from its beginning to its end, across lost connections. Each
	 * subscription opens a separate connection. Updates are emitted on threads that may
	 * block, and are read from the platform at the speed of the subscriber. If the
	 * platform provides no address for the updates of the task, the task is fetched every
	 * few seconds, and its end is the only update.
	 * @return the updates, the last of which is the end of the task
	 */
	Flux<TaskUpdate> updates();

	/**
	 * Wait until the streams in the input of the task are sent. A stream that could not
	 * be sent is truncated for the task that reads it.
	 * @throws TaskClientException if one of them could not be sent
	 */
	void awaitStreams();

	/**
	 * End the task.
	 * @param reason why, for people to read; {@code null} to give none
	 * @throws TaskClientException if the platform does not end it
	 */
	void abort(@Nullable String reason);

	/**
	 * Protect the task from automatic deletion.
	 * @throws TaskClientException if the platform does not protect it
	 */
	void protect();

	/**
	 * Acknowledge the end of the task, if it was created with
	 * {@link TaskRequest#withManualAck() a manual acknowledgement}.
	 * @throws TaskClientException if the platform does not accept the acknowledgement
	 */
	void acknowledge();

}
