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

import cloud.requence.samples.dashboard.payload.KeptPayload;
import org.jspecify.annotations.Nullable;

/**
 * What the board knows of a task. Payloads are only described: their text is asked for
 * where it is shown.
 *
 * @param now the time of the board, in milliseconds since the epoch
 * @param fromPlatform whether the task is not on the board, so that no times are known
 * @param complete whether these are all nodes, not only those that have changed
 * @param task the task as in the table
 * @param exit the named exit through which the task ended
 * @param reason why the task failed or was aborted
 * @param requireAck whether the task's end has to be acknowledged
 * @param isProtected whether somebody has protected the task on this board
 * @param input the task's input
 * @param result the task's result
 * @param nodes the nodes in the order of their start, or those that have changed
 * @param furtherNodes the nodes of which only the state is kept
 * @param root the root task, if this is a sub-task
 * @param subTasks the sub-tasks that the board knows, if this is a root task
 */
public record TaskDetails(long now, boolean fromPlatform, boolean complete, TaskRow task, @Nullable String exit,
		@Nullable String reason, boolean requireAck, boolean isProtected, KeptPayload.@Nullable Summary input,
		KeptPayload.@Nullable Summary result, List<BoardNode.View> nodes, @Nullable FurtherNodes furtherNodes,
		@Nullable Link root, List<Link> subTasks) {

	TaskDetails withFamily(@Nullable Link root, List<Link> subTasks) {
		return new TaskDetails(this.now, this.fromPlatform, this.complete, this.task, this.exit, this.reason,
				this.requireAck, this.isProtected, this.input, this.result, this.nodes, this.furtherNodes, root,
				subTasks);
	}

	/**
	 * A task to go to.
	 *
	 * @param id the task's identifier
	 * @param name the task's name
	 * @param state how it is; {@code null} if the board does not know it
	 */
	record Link(String id, @Nullable String name, @Nullable TaskState state) {

	}

	/**
	 * The nodes of which only the state is kept.
	 *
	 * @param count how many there are
	 * @param done how many of them have ended
	 * @param failed how many of them have failed
	 * @param more whether there are further ones of which nothing is kept
	 */
	record FurtherNodes(int count, int done, int failed, boolean more) {

	}

}
