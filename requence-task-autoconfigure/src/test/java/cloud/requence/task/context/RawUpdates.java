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

package cloud.requence.task.context;

import java.util.Map;

import org.jspecify.annotations.Nullable;

import cloud.requence.task.Node;
import cloud.requence.task.TaskPayload;
import cloud.requence.task.UpdateType;
import cloud.requence.task.stream.RawUpdate;

/**
 * Makes raw updates as a decoder does.
 */
final class RawUpdates {

	private RawUpdates() {
	}

	static RawUpdate seen(@Nullable String updateId, @Nullable Long position) {
		return new RawUpdate(UpdateType.UNKNOWN, "x", "t", null, updateId, null, null, position, null,
				TaskPayload.of("{}"), null, false, Map.of(), 100);
	}

	static RawUpdate taskStart(String taskId, @Nullable String input) {
		return taskStart(taskId, input, null, null);
	}

	static RawUpdate taskStart(String taskId, @Nullable String input, @Nullable String name,
			@Nullable String rootTaskId) {
		return new RawUpdate(UpdateType.TASK_START, "taskStart", taskId, rootTaskId, null, name, null, null, null,
				payload(input), null, false, Map.of(), 100);
	}

	static RawUpdate node(UpdateType type, String taskId, @Nullable String alias, @Nullable String data,
			@Nullable String text) {
		return new RawUpdate(type, type.wireName(), taskId, null, null, null, null, null,
				new Node("n", "service", alias), payload(data), text, false, Map.of(), 100);
	}

	static RawUpdate nodeUpdate(String taskId, @Nullable String alias, @Nullable String data) {
		return node(UpdateType.NODE_UPDATE, taskId, alias, data, null);
	}

	static RawUpdate nodeError(String taskId, @Nullable String alias, @Nullable String error) {
		return node(UpdateType.NODE_ERROR, taskId, alias, null, error);
	}

	static RawUpdate nodeStart(String taskId) {
		return node(UpdateType.NODE_START, taskId, "a", null, null);
	}

	static RawUpdate terminal(UpdateType type, String taskId, @Nullable String result, @Nullable String text) {
		return new RawUpdate(type, type.wireName(), taskId, null, null, null, null, null, null, payload(result), text,
				true, Map.of(), 100);
	}

	static RawUpdate taskEnd(String taskId, @Nullable String result) {
		return terminal(UpdateType.TASK_END, taskId, result, null);
	}

	static RawUpdate unknown(String taskId) {
		return new RawUpdate(UpdateType.UNKNOWN, "taskPaused", taskId, null, null, null, null, null, null,
				TaskPayload.of("{}"), null, false, Map.of("x", TaskPayload.of("1")), 100);
	}

	private static @Nullable TaskPayload payload(@Nullable String json) {
		return (json != null) ? TaskPayload.of(json) : null;
	}

}
