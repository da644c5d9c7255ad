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

import cloud.requence.task.PayloadReader;
import cloud.requence.task.TaskUpdate;
import cloud.requence.task.stream.Printable;

/**
 * Default implementation of {@link ReactiveTaskClient}.
 */
final class DefaultReactiveTaskClient implements ReactiveTaskClient {

	private final PlatformCalls calls;

	private final TaskCreation creation;

	private final TaskDescription description;

	private final WatchSettings watchSettings;

	DefaultReactiveTaskClient(PlatformCalls calls, TaskCreation creation, PayloadReader payloadReader,
			WatchSettings watchSettings) {
		this.calls = calls;
		this.creation = creation;
		this.description = new TaskDescription(payloadReader);
		this.watchSettings = watchSettings;
	}

	@Override
	public Mono<ReactiveTaskHandle> create(TaskRequest request) {
		return this.creation.create(request)
			.map((created) -> new DefaultReactiveTaskHandle(this, created,
					updates(created.taskId(), created.watchUrl())));
	}

	private Flux<TaskUpdate> updates(String taskId, @Nullable URI address) {
		return (address != null) ? TaskUpdates.of(this.watchSettings, taskId, address)
				: Flux.error(() -> new TaskClientException(
						"Cannot follow task " + Printable.name(taskId) + ": the platform does not tell where"));
	}

	@Override
	public Mono<TaskDetails> get(String taskId) {
		return this.calls.get("", taskId, "Cannot get task " + Printable.name(taskId))
			.map((answer) -> this.description.read(taskId, answer));
	}

	@Override
	public Mono<Void> abort(String taskId, @Nullable String reason) {
		return this.calls.post("abort/", taskId, reason, "Cannot abort task " + Printable.name(taskId)).then();
	}

	@Override
	public Mono<Void> protect(String taskId) {
		return this.calls.post("protect/", taskId, null, "Cannot protect task " + Printable.name(taskId)).then();
	}

	@Override
	public Mono<Void> acknowledge(String taskId) {
		return this.calls.post("ack/", taskId, null, "Cannot acknowledge task " + Printable.name(taskId)).then();
	}

}
