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
import reactor.core.publisher.Signal;

import cloud.requence.task.TaskAborted;
import cloud.requence.task.TaskEnd;
import cloud.requence.task.TaskError;
import cloud.requence.task.TaskPayloadException;
import cloud.requence.task.TaskUpdate;
import cloud.requence.task.support.Printable;

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
		return this.updates.last().flatMap((end) -> acknowledged(result(end, type), end));
	}

	/**
	 * The result is read before its task is acknowledged, so that one that cannot be read
	 * stays available. A failure of the task is handed over as well.
	 */
	private <T> Mono<T> acknowledged(Mono<T> result, TaskUpdate end) {
		if (!this.task.ackWithResult() || !requiresAck(end)) {
			return result;
		}
		return result.materialize()
			.flatMap((outcome) -> (isTaskOutcome(outcome) ? acknowledge() : Mono.<Void>empty()).thenReturn(outcome))
			.dematerialize();
	}

	private static boolean isTaskOutcome(Signal<?> outcome) {
		return !outcome.isOnError() || outcome.getThrowable() instanceof TaskException;
	}

	private static boolean requiresAck(TaskUpdate end) {
		return (end instanceof TaskEnd ended && ended.requireAck())
				|| (end instanceof TaskError error && error.requireAck())
				|| (end instanceof TaskAborted aborted && aborted.requireAck());
	}

	private static <T> Mono<T> result(TaskUpdate end, Class<T> type) {
		return Mono.fromCallable(() -> {
			try {
				return read(end, type);
			}
			catch (StackOverflowError | LinkageError ex) {
				// Reactor would not pass it to the subscriber
				throw new TaskPayloadException(
						"Cannot read the result as " + type.getName() + ": " + ex.getClass().getName());
			}
		});
	}

	private static <T> @Nullable T read(TaskUpdate end, Class<T> type) {
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
