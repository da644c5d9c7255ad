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

import cloud.requence.task.TaskAborted;
import cloud.requence.task.TaskEnd;
import cloud.requence.task.TaskError;
import cloud.requence.task.TaskPayloadException;
import cloud.requence.task.TaskUpdate;
import cloud.requence.task.stream.Printable;

/**
 * Default implementation of {@link ReactiveTaskHandle}.
 */
final class DefaultReactiveTaskHandle implements ReactiveTaskHandle {

	private final ReactiveTaskClient client;

	private final TaskCreation.Created task;

	private final Flux<TaskUpdate> updates;

	DefaultReactiveTaskHandle(ReactiveTaskClient client, TaskCreation.Created task, Flux<TaskUpdate> updates) {
		this.client = client;
		this.task = task;
		this.updates = updates;
	}

	@Override
	public String id() {
		return this.task.taskId();
	}

	@Override
	public @Nullable URI url() {
		return this.task.showUrl();
	}

	@Override
	public <T> Mono<T> result(Class<T> type) {
		return this.updates.last().handle((update, sink) -> {
			try {
				T result = result(update, type);
				if (result != null) {
					sink.next(result);
				}
			}
			catch (StackOverflowError | LinkageError ex) {
				// Nobody would hear of it
				sink.error(new TaskPayloadException(
						"Cannot read the result as " + type.getName() + ": " + ex.getClass().getName()));
			}
		});
	}

	private static <T> @Nullable T result(TaskUpdate end, Class<T> type) {
		if (end instanceof TaskError error) {
			throw new TaskException(error);
		}
		if (end instanceof TaskAborted aborted) {
			throw new TaskException(aborted);
		}
		return (end instanceof TaskEnd ended && ended.result() != null) ? ended.result().as(type) : null;
	}

	@Override
	public Flux<TaskUpdate> updates() {
		return this.updates;
	}

	@Override
	public Mono<Void> streamsSent() {
		return this.task.streamsSent();
	}

	@Override
	public Mono<Void> abort(@Nullable String reason) {
		return this.client.abort(id(), reason);
	}

	@Override
	public Mono<Void> protect() {
		return this.client.protect(id());
	}

	@Override
	public Mono<Void> acknowledge() {
		return this.client.acknowledge(id());
	}

	@Override
	public String toString() {
		return "task " + Printable.name(id());
	}

}
