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

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.ObjectReader;

import cloud.requence.task.PayloadReader;
import cloud.requence.task.TaskContext;
import cloud.requence.task.TaskPayload;
import cloud.requence.task.support.PlatformJson;
import cloud.requence.task.support.Printable;

/**
 * Reads the description of a task by the platform.
 */
final class TaskDescription {

	private final ObjectReader reader = PlatformJson.mapperBuilder().build().readerFor(Answer.class);

	private final PayloadReader payloadReader;

	TaskDescription(PayloadReader payloadReader) {
		this.payloadReader = payloadReader;
	}

	TaskDetails read(String taskId, byte[] answer) {
		try {
			return details(taskId, PlatformJson.read(this.reader, answer));
		}
		catch (JacksonException ex) {
			// Neither message nor cause: both may quote values of the task
			throw new TaskClientException("Cannot get task " + Printable.name(taskId)
					+ ": the response of the platform does not describe a task");
		}
	}

	private TaskDetails details(String taskId, Answer answer) {
		Map<String, TaskPayload> data = new LinkedHashMap<>();
		for (NodeData node : present(answer.nodesData())) {
			if (node.alias() != null && node.data() != null) {
				data.put(node.alias(), readable(node.data()));
			}
		}
		Map<String, String> errors = new LinkedHashMap<>();
		for (NodeError node : present(answer.nodesError())) {
			if (node.alias() != null && node.error() != null) {
				errors.put(node.alias(), node.error());
			}
		}
		TaskContext context = new TaskContext(taskId, payload(answer.input()), payload(answer.result()), data, errors);
		return new TaskDetails(taskId, TaskStatus.of(Objects.requireNonNullElse(answer.status(), "")),
				answer.statusText(), answer.taskTemplate(), answer.name(), answer.branch(), context);
	}

	private @Nullable TaskPayload payload(@Nullable TaskPayload payload) {
		return (payload != null && !payload.isNull()) ? readable(payload) : null;
	}

	private TaskPayload readable(TaskPayload payload) {
		return TaskPayload.of(payload.json().getBytes(StandardCharsets.UTF_8), this.payloadReader);
	}

	private static <T> List<T> present(@Nullable List<@Nullable T> nodes) {
		return (nodes != null) ? nodes.stream().filter(Objects::nonNull).map(Objects::requireNonNull).toList()
				: List.of();
	}

	private record Answer(@Nullable String status, @Nullable String statusText, @Nullable String taskTemplate,
			@Nullable String name, @Nullable String branch, @Nullable TaskPayload input, @Nullable TaskPayload result,
			@Nullable List<@Nullable NodeData> nodesData, @Nullable List<@Nullable NodeError> nodesError) {

	}

	private record NodeData(@Nullable String alias, @Nullable TaskPayload data) {

	}

	private record NodeError(@Nullable String alias, @Nullable String error) {

	}

}
