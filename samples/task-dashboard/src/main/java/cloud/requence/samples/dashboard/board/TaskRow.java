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

package cloud.requence.samples.dashboard.board;

import java.util.List;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;

/**
 * A task as the table shows it. Times are in milliseconds since the epoch.
 *
 * @param id the task's identifier
 * @param version grows with each change of the task
 * @param name the task's name
 * @param state how the task is
 * @param incomplete whether the start of the task was not seen
 * @param rootId the root task, if this is a sub-task
 * @param startedAt when the first update happened
 * @param endedAt when the task ended
 * @param heardAt when the last update was delivered
 * @param dueAt until when the task is expected to end
 * @param abortAt when somebody has asked to abort the task, until it ends
 * @param failing whether a node of the running task has failed
 * @param deferred whether nodes of the running task are deferred, and none is active
 * @param unacknowledged whether the task has ended and has to be acknowledged
 * @param reason why the task or the node failed, or why the task was aborted, in one line
 * @param updates how many updates were seen
 * @param done how many nodes have ended
 * @param nodes how many nodes were seen
 * @param nodeStates the states of the nodes in the order of their start, or of the first
 * ones
 * @param current the nodes at work
 * @param search further text to find the task by: its nodes and their errors;
 * {@code null} if that is known already
 * @param searchVersion the version in which that text has changed
 */
public record TaskRow(String id, long version, @Nullable String name, TaskState state, boolean incomplete,
		@Nullable String rootId, long startedAt, @Nullable Long endedAt, long heardAt, long dueAt,
		@Nullable Long abortAt, boolean failing, boolean deferred, boolean unacknowledged, @Nullable String reason,
		long updates, int done, int nodes, List<NodeState> nodeStates, List<String> current,
		@JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String search, @JsonIgnore long searchVersion) {

	/**
	 * Return the row for a viewer who knows a version of the board.
	 */
	TaskRow since(long version) {
		if (this.searchVersion > version) {
			return this;
		}
		return new TaskRow(this.id, this.version, this.name, this.state, this.incomplete, this.rootId, this.startedAt,
				this.endedAt, this.heardAt, this.dueAt, this.abortAt, this.failing, this.deferred, this.unacknowledged,
				this.reason, this.updates, this.done, this.nodes, this.nodeStates, this.current, null,
				this.searchVersion);
	}

}
