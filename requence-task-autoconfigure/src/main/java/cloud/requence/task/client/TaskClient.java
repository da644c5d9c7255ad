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

import java.time.Duration;
import java.util.Collection;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.http.client.reactive.ClientHttpConnector;
import org.springframework.util.unit.DataSize;
import org.springframework.web.reactive.function.client.WebClient;

import cloud.requence.task.AccessToken;
import cloud.requence.task.PayloadReader;
import cloud.requence.task.TaskPayloadException;
import cloud.requence.task.TaskReferenceException;

/**
 * Creates, gets and changes tasks. Each call waits for the response of the platform;
 * {@link #reactive()} returns the same calls without blocking. Requires no watcher. Safe
 * for use by several threads.
 * <p>
 * Calls fail with a {@link TaskClientException}:
 * {@link TaskPlatformUnreachableException}, {@link TaskAccessRefusedException},
 * {@link TaskNotFoundException}, or {@link TaskRejectedException} with the reason of the
 * platform. Calls are not repeated: without a response it is unknown whether a call has
 * taken effect. A waiting thread can be interrupted.
 */
public interface TaskClient {

	/**
	 * Create a task. Files in its input are uploaded first, and values that are too large
	 * for a message are uploaded separately. Returns when the task is created; streams in
	 * its input are sent in the background.
	 * @param request the description of the task
	 * @return a handle to follow the task with
	 * @throws TaskClientException if the task cannot be created
	 * @throws TaskPayloadException if the input cannot be written as a JSON object
	 */
	TaskHandle create(TaskRequest request);

	/**
	 * Create a task with default settings.
	 * @param template the name of the template
	 * @param input the input, as in {@link TaskRequest#of(String, Object)}
	 * @return a handle to follow the task with
	 * @throws TaskClientException if the task cannot be created
	 * @throws TaskPayloadException if the input cannot be written as a JSON object
	 */
	default TaskHandle create(String template, Object input) {
		return create(TaskRequest.of(template, input));
	}

	/**
	 * Create a task with the template, the name and the input of another one, which is
	 * fetched first. Files and streams in the input are passed on as they are, so they
	 * must still exist. Priority and acknowledgement have their defaults, as the platform
	 * does not return them.
	 * @param taskId the identifier of the other task
	 * @return a handle to follow the new task with
	 * @throws TaskClientException if the other task cannot be fetched, has no template,
	 * or the new one cannot be created
	 * @throws TaskReferenceException if a value in the input cannot be fetched
	 * @throws TaskPayloadException if the input of the other task is not an object
	 */
	TaskHandle createAgain(String taskId);

	/**
	 * Get a task.
	 * @param taskId the identifier of the task
	 * @return the task as it is now
	 * @throws TaskClientException if the platform does not return it
	 */
	TaskDetails get(String taskId);

	/**
	 * End a task.
	 * @param taskId the identifier of the task
	 * @param reason why, for people to read; {@code null} to give none
	 * @throws TaskClientException if the platform does not end it
	 */
	void abort(String taskId, @Nullable String reason);

	/**
	 * Protect a task from automatic deletion.
	 * @param taskId the identifier of the task
	 * @throws TaskClientException if the platform does not protect it
	 */
	void protect(String taskId);

	/**
	 * Acknowledge the end of a task that was created with
	 * {@link TaskRequest#withRequireAck(boolean) requireAck}. A watcher does this
	 * automatically.
	 * @param taskId the identifier of the task
	 * @throws TaskClientException if the platform does not accept the acknowledgement
	 */
	void acknowledge(String taskId);

	/**
	 * Return the same calls without blocking.
	 * @return the reactive client
	 */
	ReactiveTaskClient reactive();

	/**
	 * Create a builder of clients.
	 * @return a builder with default settings
	 */
	static Builder builder() {
		return new DefaultTaskClientBuilder();
	}

	/**
	 * Builds clients.
	 */
	interface Builder {

		/**
		 * Set the access token.
		 * @param accessToken the token, as the platform issued it
		 * @return this builder
		 */
		default Builder accessToken(String accessToken) {
			AccessToken token = AccessToken.parse(accessToken);
			return accessToken(() -> token);
		}

		/**
		 * Set where the access token comes from.
		 * @param accessToken called before each request
		 * @return this builder
		 */
		Builder accessToken(Supplier<AccessToken> accessToken);

		/**
		 * Use another address of the platform than the one in the access token.
		 * @param baseUrl the address, {@code null} for the one in the token
		 * @return this builder
		 */
		Builder baseUrl(@Nullable String baseUrl);

		/**
		 * Send the requests with another client.
		 * @param builder the builder of the client, which is copied
		 * @return this builder
		 */
		Builder webClient(WebClient.Builder builder);

		/**
		 * Set the connector.
		 * @param connector connects without a read timeout, and follows no redirects
		 * @return this builder
		 */
		Builder connector(ClientHttpConnector connector);

		/**
		 * Set how long to wait.
		 * @param responseTimeout for a response, and for the platform to accept the next
		 * bytes of an upload
		 * @param idleTimeout for the next byte while a task is followed; after that the
		 * connection counts as lost
		 * @return this builder
		 */
		Builder timeouts(Duration responseTimeout, Duration idleTimeout);

		/**
		 * Set the delays before reconnecting when a connection is lost while a task is
		 * followed.
		 * @param delay the first delay
		 * @param maxDelay the longest delay
		 * @param multiplier by how much a delay is longer than the one before
		 * @param jitter the ratio by which a delay is varied
		 * @return this builder
		 */
		Builder reconnect(Duration delay, Duration maxDelay, double multiplier, double jitter);

		/**
		 * Set the maximum size of an update or of the description of a task.
		 * @param maxEventSize the size
		 * @return this builder
		 */
		Builder maxEventSize(DataSize maxEventSize);

		/**
		 * Set where files, streams and large values may be fetched from and uploaded to,
		 * and what may be fetched.
		 * @param allowedHosts further hosts besides the platform's own: {@code host}, for
		 * the default port of http or https, or {@code host:port}
		 * @param maxSize the size of the largest file or value to fetch
		 * @param timeout how long to wait for a response, and for the next byte
		 * @return this builder
		 */
		Builder references(Collection<String> allowedHosts, DataSize maxSize, Duration timeout);

		/**
		 * Set how payloads are read.
		 * @param payloadReader the reader
		 * @return this builder
		 */
		Builder payloadReader(PayloadReader payloadReader);

		/**
		 * Set how inputs are written.
		 * @param jsonMapper the mapper, which is copied
		 * @return this builder
		 */
		Builder jsonMapper(JsonMapper jsonMapper);

		/**
		 * Create the client. Nothing is sent yet.
		 * @return the client
		 */
		TaskClient build();

	}

}
