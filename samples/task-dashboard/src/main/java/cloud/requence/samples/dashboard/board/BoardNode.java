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

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import cloud.requence.samples.dashboard.payload.KeptPayload;
import cloud.requence.samples.dashboard.text.BoundedText;
import cloud.requence.task.Node;
import org.jspecify.annotations.Nullable;

/**
 * A node on the board. Guarded by the lock of the board.
 */
public final class BoardNode {

	private static final long OVERHEAD = 400;

	private static final long MARK_OVERHEAD = 48;

	private static final String DEFAULT_OUTPUT = "";

	private final BoardLimits limits;

	private final String id;

	private final @Nullable String type;

	private final @Nullable String alias;

	private final List<NodeMark> marks = new ArrayList<>(4);

	private final Map<String, KeptPayload> outputs = new LinkedHashMap<>(2);

	private NodeState state = NodeState.ACTIVE;

	private @Nullable String error;

	private int hiddenMarks;

	private long version;

	private long size;

	BoardNode(Node node, BoardLimits limits) {
		this.limits = limits;
		this.id = BoundedText.limit(node.id(), BoundedText.MAX_NAME);
		this.type = BoundedText.name(node.type());
		this.alias = BoundedText.name(node.alias());
		this.size = OVERHEAD + BoundedText.size(this.id) + BoundedText.size(this.type) + BoundedText.size(this.alias);
	}

	/**
	 * Apply what happened to the node.
	 * @param kind what happened
	 * @param at when
	 * @param text the error, the reason of a deferral, or the name of an output
	 */
	void apply(NodeMark.Kind kind, long at, @Nullable String text) {
		this.state = this.state.after(kind);
		if (kind == NodeMark.Kind.ERROR) {
			this.error = text;
		}
		mark(kind, at, text);
	}

	void keepLatest(@Nullable String output, @Nullable KeptPayload data) {
		keep((output != null) ? output : DEFAULT_OUTPUT, data);
	}

	void taskEnded() {
		this.state = this.state.afterTask();
	}

	private void keep(String output, @Nullable KeptPayload data) {
		if (data == null) {
			return;
		}
		KeptPayload previous = this.outputs.get(output);
		if (previous == null && this.outputs.size() >= this.limits.outputs()) {
			String eldest = this.outputs.keySet().iterator().next();
			previous = this.outputs.remove(eldest);
		}
		this.outputs.put(output, data);
		this.size += data.kept().size() - ((previous != null) ? previous.kept().size() : 0);
	}

	private void mark(NodeMark.Kind kind, long at, @Nullable String text) {
		if (this.marks.size() >= this.limits.marks()) {
			// The first ones show the beginning, the last one the current state
			this.size -= BoundedText.size(this.marks.remove(this.marks.size() - 1).text()) + MARK_OVERHEAD;
			this.hiddenMarks++;
		}
		this.marks.add(new NodeMark(kind, at, text));
		this.size += BoundedText.size(text) + MARK_OVERHEAD;
	}

	@Nullable KeptPayload output(@Nullable String name) {
		return this.outputs.get((name != null) ? name : DEFAULT_OUTPUT);
	}

	void changed(long version) {
		this.version = version;
	}

	long version() {
		return this.version;
	}

	NodeState state() {
		return this.state;
	}

	/**
	 * Return the last error of the node, also if it was tried again since.
	 */
	@Nullable String error() {
		return this.error;
	}

	@Nullable String alias() {
		return this.alias;
	}

	String label() {
		return label(this.alias, this.type);
	}

	static String label(@Nullable String alias, @Nullable String type) {
		return (alias != null) ? alias : "unnamed " + ((type != null) ? type : "node");
	}

	long size() {
		return this.size;
	}

	View view() {
		List<Output> outputs = this.outputs.entrySet()
			.stream()
			.map((entry) -> new Output(entry.getKey(), entry.getValue().summary()))
			.toList();
		return new View(this.id, this.type, this.alias, this.state, List.copyOf(this.marks), this.hiddenMarks, outputs);
	}

	/**
	 * What a browser sees of a node.
	 *
	 * @param id the node's identifier
	 * @param type the node's type
	 * @param alias the node's alias
	 * @param state how the node is
	 * @param marks what happened to it, in order
	 * @param hiddenMarks how many marks before the last one were dropped
	 * @param outputs the last data of each output
	 */
	public record View(String id, @Nullable String type, @Nullable String alias, NodeState state, List<NodeMark> marks,
			int hiddenMarks, List<Output> outputs) {

	}

	/**
	 * The last data of an output.
	 *
	 * @param name the name of the output, empty for the default output
	 * @param data the data
	 */
	record Output(String name, KeptPayload.Summary data) {

	}

}
