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

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

import cloud.requence.samples.dashboard.board.NodeState;
import cloud.requence.samples.dashboard.board.TaskState;
import cloud.requence.task.UpdateType;
import org.jspecify.annotations.Nullable;

/**
 * A task as the history keeps it, while updates are applied to it. For use by one thread.
 * Times are in milliseconds since the epoch.
 */
final class RecordedTask {

	private static final int MAX_NODES = 1000;

	final String id;

	final Map<String, RecordedNode> nodes = new LinkedHashMap<>();

	@Nullable String name;

	@Nullable String rootId;

	TaskState state = TaskState.RUNNING;

	boolean startSeen;

	boolean isProtected;

	boolean requireAck;

	@Nullable String exit;

	@Nullable String reason;

	long startedAt;

	@Nullable Long endedAt;

	long updatedAt;

	long updates;

	int hiddenNodeUpdates;

	int errors;

	long size;

	@Nullable Long lastPosition;

	RecordedTask(String id, long startedAt) {
		this.id = id;
		this.startedAt = startedAt;
		this.updatedAt = startedAt;
	}

	/**
	 * Apply an update.
	 * @param update the update
	 * @return the outcome if the task ends with it, {@code null} otherwise
	 */
	@Nullable TaskState apply(RecordedUpdate update) {
		long at = Math.max(update.happenedAt(), this.updatedAt);
		this.updatedAt = at;
		this.updates++;
		this.size += update.size();
		this.name = (update.name() != null) ? update.name() : this.name;
		this.rootId = (update.rootId() != null) ? update.rootId() : this.rootId;
		this.lastPosition = greatest(this.lastPosition, update.position());
		this.startSeen |= update.type() == UpdateType.TASK_START;
		if (update.node() != null) {
			applyToNode(update, at);
			return null;
		}
		TaskState outcome = outcomeOf(update.type());
		if (outcome == null || this.state != TaskState.RUNNING) {
			return null;
		}
		end(update, outcome, at);
		return outcome;
	}

	private static @Nullable Long greatest(@Nullable Long first, @Nullable Long second) {
		return (first == null || second != null && second > first) ? second : first;
	}

	private void end(RecordedUpdate update, TaskState outcome, long at) {
		this.state = outcome;
		this.endedAt = at;
		this.exit = update.output();
		this.reason = update.message();
		this.requireAck = update.requireAck();
		this.nodes.replaceAll((id, node) -> node.afterTask(at));
	}

	private void applyToNode(RecordedUpdate update, long at) {
		String nodeId = Objects.requireNonNull(update.node()).id();
		RecordedNode node = this.nodes.get(nodeId);
		if (node == null) {
			if (this.nodes.size() >= MAX_NODES) {
				this.hiddenNodeUpdates++;
				return;
			}
			node = RecordedNode.first(update.node(), at);
		}
		RecordedNode changed = node.after(update, at);
		this.errors += changed.errors() - node.errors();
		this.nodes.put(nodeId, (this.state != TaskState.RUNNING) ? changed.afterTask(at) : changed);
	}

	int nodesDone() {
		return (int) this.nodes.values().stream().filter((node) -> node.state() == NodeState.DONE).count();
	}

	private static @Nullable TaskState outcomeOf(UpdateType type) {
		return switch (type) {
			case TASK_END -> TaskState.SUCCEEDED;
			case TASK_ERROR -> TaskState.FAILED;
			case TASK_ABORTED -> TaskState.ABORTED;
			default -> null;
		};
	}

}
