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

package cloud.requence.task.watcher;

import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

import cloud.requence.task.TaskContext;
import cloud.requence.task.TaskPayload;
import cloud.requence.task.client.ReactiveTaskClient;
import cloud.requence.task.client.TaskDetails;
import cloud.requence.task.context.TaskSnapshot;
import cloud.requence.task.context.TaskSnapshotSource;

/**
 * Asks for a task through the client.
 */
final class ClientTaskSnapshotSource implements TaskSnapshotSource {

	private final ReactiveTaskClient client;

	ClientTaskSnapshotSource(ReactiveTaskClient client) {
		this.client = client;
	}

	@Override
	public Mono<TaskSnapshot> fetch(String taskId) {
		return this.client.get(taskId).mapNotNull(ClientTaskSnapshotSource::snapshot);
	}

	private static @Nullable TaskSnapshot snapshot(TaskDetails details) {
		TaskContext context = details.context();
		TaskPayload input = context.input();
		// Tasks have an input: the platform does not know it, or does not tell
		return (input != null) ? new TaskSnapshot(input, context.nodeData(), context.nodeErrors()) : null;
	}

}
