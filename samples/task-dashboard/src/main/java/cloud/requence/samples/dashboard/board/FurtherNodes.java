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
import java.util.Map;
import java.util.stream.Stream;

import cloud.requence.samples.dashboard.text.BoundedText;
import cloud.requence.task.Node;
import org.jspecify.annotations.Nullable;

/**
 * The nodes of a task of which the board keeps only the state, so that their number is
 * right however many there are. Guarded by the lock of the board.
 */
final class FurtherNodes {

	private static final long OVERHEAD = 120;

	private static final int MAX_ERROR = 300;

	private final int limit;

	private final Map<String, Entry> nodes = new LinkedHashMap<>(0);

	private boolean more;

	private long size;

	FurtherNodes(int limit) {
		this.limit = limit;
	}

	/**
	 * Apply what happened to a node.
	 * @return whether the node was not known
	 */
	boolean apply(String id, Node node, NodeMark.Kind kind, @Nullable String text) {
		Entry known = this.nodes.get(id);
		if (known == null && this.nodes.size() >= this.limit) {
			this.more = true;
			return false;
		}
		String label = (known != null) ? known.label()
				: BoardNode.label(BoundedText.name(node.alias()), BoundedText.name(node.type()));
		NodeState state = ((known != null) ? known.state() : NodeState.ACTIVE).after(kind);
		String error = (known != null) ? known.error() : null;
		if (kind == NodeMark.Kind.ERROR && text != null) {
			error = BoundedText.limit(text, MAX_ERROR);
		}
		Entry entry = new Entry(label, state, error);
		this.nodes.put(id, entry);
		this.size += entry.size() - ((known != null) ? known.size() : -BoundedText.size(id));
		return known == null;
	}

	void taskEnded() {
		this.nodes.replaceAll((id, entry) -> new Entry(entry.label(), entry.state().afterTask(), entry.error()));
	}

	Stream<Entry> entries() {
		return this.nodes.values().stream();
	}

	long size() {
		return this.size;
	}

	TaskDetails.@Nullable FurtherNodes view() {
		return this.nodes.isEmpty() ? null : new TaskDetails.FurtherNodes(this.nodes.size(), count(NodeState.DONE),
				count(NodeState.FAILED), this.more);
	}

	private int count(NodeState state) {
		return (int) entries().filter((entry) -> entry.state() == state).count();
	}

	/**
	 * A node.
	 *
	 * @param label how people call it
	 * @param state how it is
	 * @param error its last error
	 */
	record Entry(String label, NodeState state, @Nullable String error) {

		private long size() {
			return OVERHEAD + BoundedText.size(this.label) + BoundedText.size(this.error);
		}

	}

}
