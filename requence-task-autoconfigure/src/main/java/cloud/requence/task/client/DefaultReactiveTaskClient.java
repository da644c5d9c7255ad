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
import java.util.Map;

import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import cloud.requence.task.PayloadReader;
import cloud.requence.task.TaskPayload;
import cloud.requence.task.TaskUpdate;
import cloud.requence.task.support.Printable;

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
				: PolledTask.updates(taskId, get(taskId), this.watchSettings.backOff());
	}

	@Override
	public Mono<ReactiveTaskHandle> createAgain(String taskId) {
		return get(taskId).map((task) -> requestLike(taskId, task)).flatMap(this::create);
	}

	private static TaskRequest requestLike(String taskId, TaskDetails task) {
		String template = task.template();
		if (template == null || template.isBlank()) {
			throw new TaskClientException("Cannot create task " + Printable.name(taskId)
					+ " again: the platform does not return its template");
		}
		TaskPayload input = task.context().input();
		return TaskRequest.of(template, (input != null) ? input.tree() : Map.of()).withName(task.name());
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
