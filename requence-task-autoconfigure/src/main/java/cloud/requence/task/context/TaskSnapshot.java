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

import cloud.requence.task.TaskContext;
import cloud.requence.task.TaskPayload;

/**
 * The description of a task by the platform.
 *
 * @param input the input of the task
 * @param nodeData the latest data of its nodes, by alias
 * @param nodeErrors the latest errors of its nodes, by alias
 */
public record TaskSnapshot(TaskPayload input, Map<String, TaskPayload> nodeData, Map<String, String> nodeErrors) {

	public TaskSnapshot {
		nodeData = Map.copyOf(nodeData);
		nodeErrors = Map.copyOf(nodeErrors);
	}

	/**
	 * Fill the gaps of a context. What is known from updates stays, as the snapshot may
	 * be ahead of them.
	 */
	TaskContext complete(TaskContext context) {
		TaskContext completed = (context.input() == null) ? context.withInput(this.input) : context;
		for (Map.Entry<String, TaskPayload> data : this.nodeData.entrySet()) {
			if (context.nodeData(data.getKey()) == null) {
				completed = completed.withNodeData(data.getKey(), data.getValue());
			}
		}
		for (Map.Entry<String, String> error : this.nodeErrors.entrySet()) {
			if (context.nodeError(error.getKey()) == null) {
				completed = completed.withNodeError(error.getKey(), error.getValue());
			}
		}
		return completed;
	}

}
