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

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import cloud.requence.samples.dashboard.payload.KeptPayload;
import cloud.requence.samples.dashboard.payload.PayloadAddress;
import cloud.requence.samples.dashboard.text.BoundedText;
import cloud.requence.task.Node;
import cloud.requence.task.NodeDefer;
import cloud.requence.task.NodeEnd;
import cloud.requence.task.NodeError;
import cloud.requence.task.NodeStart;
import cloud.requence.task.NodeUpdate;
import cloud.requence.task.TaskAborted;
import cloud.requence.task.TaskEnd;
import cloud.requence.task.TaskError;
import cloud.requence.task.TaskPayload;
import cloud.requence.task.TaskStart;
import cloud.requence.task.TaskUpdate;
import org.jspecify.annotations.Nullable;

/**
 * A task on the board. Guarded by the lock of the board.
 */
final class BoardTask {

	private static final long OVERHEAD = 800;

	private static final int ROW_NODES = 24;

	private static final int ROW_CURRENT = 3;

	private final BoardLimits limits;

	private final String id;

	private final Map<String, BoardNode> nodes = new LinkedHashMap<>();

	private TaskState state = TaskState.RUNNING;

	private boolean incomplete;

	private @Nullable String name;

	private @Nullable String rootId;

	private @Nullable String exit;

	private @Nullable String reason;

	private boolean requireAck;

	private boolean isProtected;

	private @Nullable KeptPayload input;

	private @Nullable KeptPayload result;

	private long startedAt;

	private @Nullable Long endedAt;

	private long updatedAt;

	private long updates;

	private int hiddenNodeUpdates;

	private long nodesSize;

	private long version;

	private @Nullable TaskRow row;

	BoardTask(String id, TaskUpdate first, long at, BoardLimits limits) {
		this.id = id;
		this.limits = limits;
		this.startedAt = at;
		this.updatedAt = at;
		this.incomplete = !(first instanceof TaskStart);
	}

	void apply(TaskUpdate update, long happenedAt, long version) {
		long at = Math.max(happenedAt, this.updatedAt);
		this.updatedAt = at;
		this.version = version;
		this.row = null;
		this.updates++;
		describe(update);
		if (update instanceof TaskStart start) {
			this.input = payload(start.input());
			this.incomplete = update.incomplete();
		}
		else if (update instanceof TaskEnd end) {
			this.result = payload(end.result());
			this.exit = BoundedText.name(end.exit());
			this.requireAck = end.requireAck();
			end(TaskState.SUCCEEDED, at);
		}
		else if (update instanceof TaskError error) {
			this.reason = BoundedText.message(error.reason());
			this.requireAck = error.requireAck();
			end(TaskState.FAILED, at);
		}
		else if (update instanceof TaskAborted aborted) {
			this.reason = BoundedText.message(aborted.reason());
			this.requireAck = aborted.requireAck();
			end(TaskState.ABORTED, at);
		}
		else {
			applyToNode(update, at);
		}
	}

	private void describe(TaskUpdate update) {
		if (update.name() != null) {
			this.name = BoundedText.name(update.name());
		}
		if (update.rootTaskId() != null && !update.rootTaskId().equals(update.taskId())) {
			this.rootId = BoundedText.name(update.rootTaskId());
		}
		this.incomplete |= update.incomplete();
		if (this.input == null) {
			this.input = payload(update.context().input());
		}
	}

	private void applyToNode(TaskUpdate update, long at) {
		if (update instanceof NodeStart start) {
			change(start.node(), (node) -> node.started(at));
		}
		else if (update instanceof NodeUpdate data) {
			change(data.node(), (node) -> node.updated(data.data(), data.output(), at));
		}
		else if (update instanceof NodeError error) {
			change(error.node(), (node) -> node.failed(error.error(), at));
		}
		else if (update instanceof NodeDefer defer) {
			change(defer.node(), (node) -> node.deferred(defer.reason(), at));
		}
		else if (update instanceof NodeEnd end) {
			change(end.node(), (node) -> node.ended(at));
		}
	}

	private void change(Node wireNode, NodeChange change) {
		String key = BoundedText.limit(wireNode.id(), BoundedText.MAX_NAME);
		BoardNode node = this.nodes.get(key);
		if (node == null) {
			if (this.nodes.size() >= this.limits.nodes()) {
				this.hiddenNodeUpdates++;
				return;
			}
			node = new BoardNode(wireNode, this.limits);
			this.nodes.put(key, node);
			this.nodesSize += node.size();
		}
		long before = node.size();
		change.accept(node);
		if (this.state != TaskState.RUNNING) {
			node.taskEnded();
		}
		this.nodesSize += node.size() - before;
	}

	private void end(TaskState state, long at) {
		if (this.state != TaskState.RUNNING) {
			return;
		}
		this.state = state;
		this.endedAt = at;
		this.nodes.values().forEach(BoardNode::taskEnded);
	}

	private @Nullable KeptPayload payload(@Nullable TaskPayload payload) {
		return KeptPayload.of(payload, this.limits.maxPayload());
	}

	void protect(long version) {
		this.isProtected = true;
		this.version = version;
		this.row = null;
	}

	@Nullable KeptPayload payload(PayloadAddress address) {
		return switch ((address.of() != null) ? address.of() : "") {
			case "input" -> this.input;
			case "result" -> this.result;
			case "output" -> {
				BoardNode node = (address.node() != null) ? this.nodes.get(address.node()) : null;
				yield (node != null) ? node.output(address.output()) : null;
			}
			default -> null;
		};
	}

	String id() {
		return this.id;
	}

	TaskState state() {
		return this.state;
	}

	@Nullable String rootId() {
		return this.rootId;
	}

	long version() {
		return this.version;
	}

	/**
	 * Return about how much memory this task takes.
	 * @return the size in bytes
	 */
	long size() {
		return OVERHEAD + BoundedText.size(this.id) + BoundedText.size(this.name) + BoundedText.size(this.rootId)
				+ BoundedText.size(this.exit) + BoundedText.size(this.reason) + size(this.input) + size(this.result)
				+ this.nodesSize;
	}

	private static long size(@Nullable KeptPayload payload) {
		return (payload != null) ? payload.kept().size() : 0;
	}

	TaskRow row() {
		TaskRow row = this.row;
		if (row == null) {
			row = newRow();
			this.row = row;
		}
		return row;
	}

	private TaskRow newRow() {
		List<NodeState> states = this.nodes.values().stream().map(BoardNode::state).toList();
		List<String> current = this.nodes.values()
			.stream()
			.filter((node) -> node.state() == NodeState.ACTIVE || node.state() == NodeState.DEFERRED)
			.map(BoardNode::label)
			.limit(ROW_CURRENT)
			.toList();
		int done = (int) states.stream().filter((state) -> state == NodeState.DONE).count();
		return new TaskRow(this.id, this.version, this.name, this.state, this.incomplete, this.rootId, this.startedAt,
				this.endedAt, this.updates, done, states.size(),
				List.copyOf(states.subList(0, Math.min(states.size(), ROW_NODES))), current);
	}

	TaskDetails.Link link() {
		return new TaskDetails.Link(this.id, this.name, this.state);
	}

	TaskDetails details(long now) {
		return new TaskDetails(now, row(), this.exit, this.reason, this.requireAck, this.isProtected, view(this.input),
				view(this.result), this.nodes.values().stream().map(BoardNode::view).toList(), this.hiddenNodeUpdates,
				null, List.of());
	}

	private static KeptPayload.@Nullable View view(@Nullable KeptPayload payload) {
		return (payload != null) ? payload.view() : null;
	}

	private interface NodeChange {

		void accept(BoardNode node);

	}

}
