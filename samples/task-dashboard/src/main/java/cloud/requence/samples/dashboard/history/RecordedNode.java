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

package cloud.requence.samples.dashboard.history;

import cloud.requence.samples.dashboard.board.NodeState;
import cloud.requence.task.Node;
import cloud.requence.task.UpdateType;
import org.jspecify.annotations.Nullable;

/**
 * A node of a task as the history keeps it. Times are in milliseconds since the epoch.
 *
 * @param node the node
 * @param state how it is
 * @param startedAt when the first update of it happened
 * @param changedAt when it came into its state
 * @param endedAt when it ended; {@code null} if it has not
 * @param errors how many errors it has reported
 * @param lastError the last of them
 */
record RecordedNode(Node node, NodeState state, long startedAt, long changedAt, @Nullable Long endedAt, int errors,
		@Nullable String lastError) {

	static RecordedNode first(Node node, long at) {
		return new RecordedNode(node, NodeState.ACTIVE, at, at, null, 0, null);
	}

	RecordedNode after(RecordedUpdate update, long at) {
		NodeState next = stateAfter(update.type());
		boolean failed = update.type() == UpdateType.NODE_ERROR;
		Long end = (next == NodeState.ACTIVE || next == NodeState.DEFERRED) ? null
				: (update.type() == UpdateType.NODE_END || failed) ? Long.valueOf(at) : this.endedAt;
		return new RecordedNode(this.node, next, this.startedAt, (next != this.state) ? at : this.changedAt, end,
				this.errors + (failed ? 1 : 0), failed ? update.message() : this.lastError);
	}

	RecordedNode afterTask(long at) {
		return isOpen()
				? new RecordedNode(this.node, NodeState.STOPPED, this.startedAt, at, at, this.errors, this.lastError)
				: this;
	}

	private boolean isOpen() {
		return this.state == NodeState.ACTIVE || this.state == NodeState.DEFERRED;
	}

	private NodeState stateAfter(UpdateType type) {
		return switch (type) {
			case NODE_START -> NodeState.ACTIVE;
			case NODE_ERROR -> NodeState.FAILED;
			case NODE_DEFER -> NodeState.DEFERRED;
			case NODE_END -> (this.state == NodeState.FAILED) ? NodeState.FAILED : NodeState.DONE;
			default -> (this.state == NodeState.DEFERRED) ? NodeState.ACTIVE : this.state;
		};
	}

}
