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

package cloud.requence.samples.dashboard.support;

import java.time.Instant;
import java.util.Map;

import cloud.requence.task.Node;
import cloud.requence.task.NodeDefer;
import cloud.requence.task.NodeEnd;
import cloud.requence.task.NodeError;
import cloud.requence.task.NodeStart;
import cloud.requence.task.NodeUpdate;
import cloud.requence.task.TaskAborted;
import cloud.requence.task.TaskContext;
import cloud.requence.task.TaskEnd;
import cloud.requence.task.TaskError;
import cloud.requence.task.TaskPayload;
import cloud.requence.task.TaskStart;
import cloud.requence.task.TaskUpdate;
import cloud.requence.task.UpdateHeader;
import cloud.requence.task.UpdateType;
import org.jspecify.annotations.Nullable;

/**
 * Makes the updates of a task.
 *
 * @param taskId the task
 * @param name the task's name
 * @param rootId the root task
 * @param at when the updates happen
 * @param incomplete whether the start of the task was not seen
 */
public record Updates(String taskId, @Nullable String name, @Nullable String rootId, @Nullable Instant at,
		boolean incomplete) {

	public static Updates of(String taskId) {
		return new Updates(taskId, taskId, null, null, false);
	}

	public Updates named(@Nullable String name) {
		return new Updates(this.taskId, name, this.rootId, this.at, this.incomplete);
	}

	public Updates below(String rootId) {
		return new Updates(this.taskId, this.name, rootId, this.at, this.incomplete);
	}

	public Updates at(Instant at) {
		return new Updates(this.taskId, this.name, this.rootId, at, this.incomplete);
	}

	public Updates withoutStart() {
		return new Updates(this.taskId, this.name, this.rootId, this.at, true);
	}

	public TaskUpdate start() {
		return start("{}");
	}

	public TaskUpdate start(String input) {
		TaskPayload payload = TaskPayload.of(input);
		return new TaskStart(header(UpdateType.TASK_START), context().withInput(payload), payload);
	}

	public TaskUpdate nodeStart(String alias) {
		return new NodeStart(header(UpdateType.NODE_START), context(), node(alias));
	}

	public TaskUpdate nodeUpdate(String alias, String data) {
		return nodeUpdate(alias, data, null);
	}

	public TaskUpdate nodeUpdate(String alias, String data, @Nullable String output) {
		return new NodeUpdate(header(UpdateType.NODE_UPDATE), context(), node(alias), TaskPayload.of(data), output);
	}

	public TaskUpdate nodeError(String alias, @Nullable String error) {
		return new NodeError(header(UpdateType.NODE_ERROR), context(), node(alias), error);
	}

	public TaskUpdate nodeDefer(String alias, @Nullable String reason) {
		return new NodeDefer(header(UpdateType.NODE_DEFER), context(), node(alias), reason);
	}

	public TaskUpdate nodeEnd(String alias) {
		return new NodeEnd(header(UpdateType.NODE_END), context(), node(alias));
	}

	public TaskUpdate end(String result) {
		TaskPayload payload = TaskPayload.of(result);
		return new TaskEnd(header(UpdateType.TASK_END), context().withResult(payload), payload, null, false);
	}

	public TaskUpdate endToAcknowledge() {
		TaskPayload payload = TaskPayload.of("1");
		return new TaskEnd(header(UpdateType.TASK_END), context().withResult(payload), payload, null, true);
	}

	public TaskUpdate fail(@Nullable String reason) {
		return new TaskError(header(UpdateType.TASK_ERROR), context(), reason, false);
	}

	public TaskUpdate abort(@Nullable String reason) {
		return new TaskAborted(header(UpdateType.TASK_ABORTED), context(), reason, false);
	}

	private UpdateHeader header(UpdateType type) {
		return new UpdateHeader(type, this.taskId, this.rootId, null, this.name, this.at, null, this.incomplete,
				Map.of());
	}

	private TaskContext context() {
		return TaskContext.of(this.taskId);
	}

	private static Node node(String alias) {
		return new Node("id of " + alias, "service", alias);
	}

}
