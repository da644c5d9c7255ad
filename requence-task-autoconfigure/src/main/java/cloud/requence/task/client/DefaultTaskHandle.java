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
import reactor.core.publisher.Mono;

import cloud.requence.task.TaskUpdate;
import cloud.requence.task.support.Printable;

/**
 * Default implementation of {@link TaskHandle}, which waits for a reactive one.
 */
final class DefaultTaskHandle implements TaskHandle {

	private final ReactiveTaskHandle handle;

	DefaultTaskHandle(ReactiveTaskHandle handle) {
		this.handle = handle;
	}

	@Override
	public String id() {
		return this.handle.id();
	}

	@Override
	public @Nullable URI url() {
		return this.handle.url();
	}

	@Override
	public <T> @Nullable T result(Class<T> type) {
		return DefaultTaskClient.await(this.handle.result(type));
	}

	@Override
	public <T> @Nullable T result(Class<T> type, Duration timeout) {
		return DefaultTaskClient.await(this.handle.result(type)
			.timeout(timeout, Mono.error(() -> new TaskClientException("Task " + Printable.name(id())
					+ " has not ended within " + timeout.toMillis() + " ms; it continues"))));
	}

	@Override
	public Flux<TaskUpdate> updates() {
		return this.handle.updates();
	}

	@Override
	public void awaitStreams() {
		DefaultTaskClient.await(this.handle.streamsSent());
	}

	@Override
	public void abort(@Nullable String reason) {
		DefaultTaskClient.await(this.handle.abort(reason));
	}

	@Override
	public void protect() {
		DefaultTaskClient.await(this.handle.protect());
	}

	@Override
	public void acknowledge() {
		DefaultTaskClient.await(this.handle.acknowledge());
	}

	@Override
	public String toString() {
		return this.handle.toString();
	}

}
