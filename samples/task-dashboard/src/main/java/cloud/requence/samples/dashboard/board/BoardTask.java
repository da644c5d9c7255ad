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

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

import cloud.requence.samples.dashboard.payload.KeptPayload;
import cloud.requence.samples.dashboard.payload.PayloadAddress;
import cloud.requence.samples.dashboard.text.BoundedText;
import cloud.requence.samples.dashboard.text.NamePattern;
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

	private static final int ROW_REASON = 300;

	private static final int ROW_SEARCH = 8000;

	private final BoardLimits limits;

	private final String id;

	private final Map<String, BoardNode> nodes = new LinkedHashMap<>();

	private final FurtherNodes furtherNodes;

	private TaskState state = TaskState.RUNNING;

	private boolean incomplete;

	private boolean startRestored;

	private int restoredSize;

	private @Nullable String name;

	/** Of the name, {@code null} before there was one. */
	private @Nullable String pattern;

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

	private long heardAt;

	private long dueAt;

	private @Nullable Long abortAt;

	private boolean acknowledged;

	private long updates;

	private long searchVersion;

	private long nodesSize;

	private long version;

	private @Nullable TaskRow row;

	BoardTask(String id, long startedAt, boolean incomplete, BoardLimits limits) {
		this.id = id;
		this.limits = limits;
		this.furtherNodes = new FurtherNodes(limits.furtherNodes());
		this.startedAt = startedAt;
		this.updatedAt = startedAt;
		this.incomplete = incomplete;
	}

	/**
	 * Apply an update.
	 * @param update the update
	 * @param happenedAt when it happened, as the platform says
	 * @param now when it was delivered
	 * @param version the version of the board that the update leads to
	 */
	void apply(TaskUpdate update, long happenedAt, long now, long version) {
		long at = Math.max(happenedAt, this.updatedAt);
		this.updatedAt = at;
		this.heardAt = now;
		changed(version);
		this.updates++;
		describe(update);
		if (update instanceof TaskStart start) {
			this.input = payload(start.input());
			this.incomplete = update.incomplete();
		}
		else if (update.type().isTerminal() && this.state != TaskState.RUNNING) {
			// A repeated end changes nothing
			return;
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

	/**
	 * Apply an update of the history.
	 * @param update the update
	 * @param happenedAt when it happened
	 * @param recordedAt when it was delivered
	 * @param version the version of the board that the update leads to
	 * @param size the size of its payload, of which the history may have kept the
	 * beginning
	 */
	void restore(TaskUpdate update, long happenedAt, long recordedAt, long version, int size) {
		this.restoredSize = size;
		apply(update, happenedAt, recordedAt, version);
		this.restoredSize = 0;
		this.startRestored |= update instanceof TaskStart;
	}

	private void name(@Nullable String name) {
		if (name != null && !name.equals(this.name)) {
			this.pattern = NamePattern.of(name);
		}
		this.name = name;
	}

	private void describe(TaskUpdate update) {
		if (update.name() != null) {
			name(BoundedText.name(update.name()));
		}
		if (update.rootTaskId() != null && !update.rootTaskId().equals(update.taskId())) {
			this.rootId = BoundedText.name(update.rootTaskId());
		}
		// After a restart the watcher has forgotten what the board has not
		this.incomplete |= update.incomplete() && !this.startRestored;
		if (this.input == null) {
			this.input = payload(update.context().input());
		}
	}

	private void applyToNode(TaskUpdate update, long at) {
		if (update instanceof NodeStart start) {
			change(start.node(), NodeMark.Kind.START, null, at);
		}
		else if (update instanceof NodeUpdate data) {
			String output = BoundedText.name(data.output());
			BoardNode node = change(data.node(), NodeMark.Kind.UPDATE, output, at);
			if (node != null) {
				long before = node.size();
				node.keepLatest(output, payload(data.data()));
				this.nodesSize += node.size() - before;
			}
		}
		else if (update instanceof NodeError error) {
			change(error.node(), NodeMark.Kind.ERROR, BoundedText.message(error.error()), at);
		}
		else if (update instanceof NodeDefer defer) {
			change(defer.node(), NodeMark.Kind.DEFER, BoundedText.message(defer.reason()), at);
		}
		else if (update instanceof NodeEnd end) {
			change(end.node(), NodeMark.Kind.END, null, at);
		}
	}

	private @Nullable BoardNode change(Node wireNode, NodeMark.Kind kind, @Nullable String text, long at) {
		String key = BoundedText.limit(wireNode.id(), BoundedText.MAX_NAME);
		BoardNode node = this.nodes.get(key);
		boolean found = node != null;
		if (node == null) {
			if (this.nodes.size() >= this.limits.nodes()) {
				changeFurther(key, wireNode, kind, text);
				return null;
			}
			node = new BoardNode(wireNode, this.limits);
			this.nodes.put(key, node);
			this.nodesSize += node.size();
		}
		long before = node.size();
		node.apply(kind, at, text);
		node.changed(this.version);
		if (this.state != TaskState.RUNNING) {
			node.taskEnded();
		}
		this.nodesSize += node.size() - before;
		if (!found || kind == NodeMark.Kind.ERROR) {
			this.searchVersion = this.version;
		}
		return node;
	}

	private void changeFurther(String key, Node wireNode, NodeMark.Kind kind, @Nullable String text) {
		if (this.furtherNodes.apply(key, wireNode, kind, text) || kind == NodeMark.Kind.ERROR) {
			this.searchVersion = this.version;
		}
		if (this.state != TaskState.RUNNING) {
			this.furtherNodes.taskEnded();
		}
	}

	private void end(TaskState state, long at) {
		this.state = state;
		this.endedAt = at;
		this.abortAt = null;
		this.furtherNodes.taskEnded();
		for (BoardNode node : this.nodes.values()) {
			NodeState before = node.state();
			node.taskEnded();
			if (node.state() != before) {
				node.changed(this.version);
			}
		}
	}

	private @Nullable KeptPayload payload(@Nullable TaskPayload payload) {
		KeptPayload kept = KeptPayload.of(payload, this.limits.maxPayload(), this.version);
		return (kept != null) ? kept.ofAtLeast(this.restoredSize) : null;
	}

	void protect() {
		this.isProtected = true;
	}

	void abortRequested(long at) {
		if (this.state == TaskState.RUNNING) {
			this.abortAt = at;
		}
	}

	void acknowledged() {
		this.acknowledged = true;
	}

	boolean isUnacknowledged() {
		return this.requireAck && !this.acknowledged && this.state != TaskState.RUNNING;
	}

	/**
	 * Set how long the task is expected to run.
	 * @return whether that has changed
	 */
	boolean due(Duration after) {
		long before = this.dueAt;
		this.dueAt = this.startedAt + after.toMillis();
		return this.dueAt != before;
	}

	void changed(long version) {
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

	@Nullable String alias(String node) {
		BoardNode known = this.nodes.get(node);
		return (known != null) ? known.alias() : null;
	}

	String id() {
		return this.id;
	}

	TaskState state() {
		return this.state;
	}

	/**
	 * Return the pattern that the names of similar tasks share.
	 */
	@Nullable String pattern() {
		return this.pattern;
	}

	@Nullable String name() {
		return this.name;
	}

	long startedAt() {
		return this.startedAt;
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
				+ this.nodesSize + this.furtherNodes.size();
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
		List<NodeState> states = nodeStates().toList();
		List<String> current = this.nodes.values()
			.stream()
			.filter((node) -> node.state() == NodeState.ACTIVE || node.state() == NodeState.DEFERRED)
			.map(BoardNode::label)
			.limit(ROW_CURRENT)
			.toList();
		int done = (int) states.stream().filter((state) -> state == NodeState.DONE).count();
		boolean running = this.state == TaskState.RUNNING;
		return new TaskRow(this.id, this.version, this.name, this.state, this.incomplete, this.rootId, this.startedAt,
				this.endedAt, this.heardAt, this.dueAt, this.abortAt, running && states.contains(NodeState.FAILED),
				running && states.contains(NodeState.DEFERRED) && !states.contains(NodeState.ACTIVE),
				isUnacknowledged(), line(rowReason()), this.updates, done, states.size(),
				List.copyOf(states.subList(0, Math.min(states.size(), ROW_NODES))), current, search(),
				this.searchVersion);
	}

	private @Nullable String rowReason() {
		boolean unexplained = this.state == TaskState.FAILED && this.reason == null;
		return (this.state == TaskState.RUNNING || unexplained) ? failingNode() : this.reason;
	}

	private Stream<NodeState> nodeStates() {
		return Stream.concat(this.nodes.values().stream().map(BoardNode::state),
				this.furtherNodes.entries().map(FurtherNodes.Entry::state));
	}

	private @Nullable String failingNode() {
		return Stream
			.concat(this.nodes.values()
				.stream()
				.filter((node) -> node.state() == NodeState.FAILED)
				.map((node) -> describe(node.label(), node.error())),
					this.furtherNodes.entries()
						.filter((node) -> node.state() == NodeState.FAILED)
						.map((node) -> describe(node.label(), node.error())))
			.findFirst()
			.orElse(null);
	}

	private static String describe(String label, @Nullable String error) {
		return label + ": " + ((error != null) ? error : "without a message");
	}

	private static @Nullable String line(@Nullable String text) {
		return (text != null) ? BoundedText.limit(text.strip().replaceAll("\\s+", " "), ROW_REASON) : null;
	}

	/**
	 * Return the nodes and their errors, nodes first.
	 */
	private String search() {
		StringBuilder text = new StringBuilder();
		Stream<@Nullable String> labels = Stream.concat(this.nodes.values().stream().map(BoardNode::label),
				this.furtherNodes.entries().map(FurtherNodes.Entry::label));
		Stream<@Nullable String> errors = Stream.concat(this.nodes.values().stream().map(BoardNode::error),
				this.furtherNodes.entries().map(FurtherNodes.Entry::error));
		Stream.concat(labels, errors)
			.filter(Objects::nonNull)
			.takeWhile((part) -> text.length() < ROW_SEARCH)
			.forEach((part) -> text.append(part).append('\n'));
		return BoundedText.limit(text.toString().strip(), ROW_SEARCH);
	}

	TaskDetails.Link link() {
		return new TaskDetails.Link(this.id, this.name, this.state);
	}

	/**
	 * Return what is known of the task.
	 * @param now the time
	 * @param known the version of the task of which the nodes are known; negative for
	 * none
	 */
	TaskDetails details(long now, long known) {
		List<BoardNode.View> changed = this.nodes.values()
			.stream()
			.filter((node) -> node.version() > known)
			.map(BoardNode::view)
			.toList();
		return new TaskDetails(now, false, known < 0, row(), this.exit, this.reason, this.requireAck, this.isProtected,
				summary(this.input), summary(this.result), changed, this.furtherNodes.view(), null, List.of());
	}

	private static KeptPayload.@Nullable Summary summary(@Nullable KeptPayload payload) {
		return (payload != null) ? payload.summary() : null;
	}

}
