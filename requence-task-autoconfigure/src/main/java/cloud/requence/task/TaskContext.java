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

package cloud.requence.task;

import java.util.Map;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;

/**
 * The state of a task at one of its updates: its input, and the data and errors of its
 * nodes. This is a snapshot: later updates have other contexts and do not change it.
 *
 * @param taskId the identifier of the task
 * @param input the task's input; {@code null} if unknown
 * @param result the task's result; {@code null} before the end of the task
 * @param nodeData the latest data of each node that has an alias, by alias, in the order
 * of their first data
 * @param nodeErrors the latest error of each node that has an alias, by alias, in the
 * order of their first error
 */
public record TaskContext(String taskId, @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable TaskPayload input,
		@JsonInclude(JsonInclude.Include.NON_NULL) @Nullable TaskPayload result, Map<String, TaskPayload> nodeData,
		Map<String, String> nodeErrors) {

	public TaskContext {
		nodeData = SnapshotMap.copyOf(nodeData);
		nodeErrors = SnapshotMap.copyOf(nodeErrors);
	}

	/**
	 * Create an empty context.
	 * @param taskId the identifier of the task
	 * @return an empty context
	 */
	public static TaskContext of(String taskId) {
		return new TaskContext(taskId, null, null, SnapshotMap.empty(), SnapshotMap.empty());
	}

	/**
	 * Return the latest data of a node.
	 * @param alias the alias of the node
	 * @return the data, or {@code null} if none was seen
	 */
	public @Nullable TaskPayload nodeData(String alias) {
		return this.nodeData.get(alias);
	}

	/**
	 * Return the latest error of a node.
	 * @param alias the alias of the node
	 * @return the error, or {@code null} if none was seen
	 */
	public @Nullable String nodeError(String alias) {
		return this.nodeErrors.get(alias);
	}

	/**
	 * Return this context with the task's input.
	 * @param input the input, {@code null} if the task has none
	 * @return a new context
	 */
	public TaskContext withInput(@Nullable TaskPayload input) {
		return new TaskContext(this.taskId, input, this.result, this.nodeData, this.nodeErrors);
	}

	/**
	 * Return this context with the task's result.
	 * @param result the result, {@code null} if the task has none
	 * @return a new context
	 */
	public TaskContext withResult(@Nullable TaskPayload result) {
		return new TaskContext(this.taskId, this.input, result, this.nodeData, this.nodeErrors);
	}

	/**
	 * Return this context with the latest data of a node.
	 * @param alias the alias of the node
	 * @param data the data
	 * @return a new context
	 */
	public TaskContext withNodeData(String alias, TaskPayload data) {
		return new TaskContext(this.taskId, this.input, this.result,
				SnapshotMap.copyOf(this.nodeData).with(alias, data), this.nodeErrors);
	}

	/**
	 * Return this context with the latest error of a node.
	 * @param alias the alias of the node
	 * @param error the error
	 * @return a new context
	 */
	public TaskContext withNodeError(String alias, String error) {
		return new TaskContext(this.taskId, this.input, this.result, this.nodeData,
				SnapshotMap.copyOf(this.nodeErrors).with(alias, error));
	}

}
