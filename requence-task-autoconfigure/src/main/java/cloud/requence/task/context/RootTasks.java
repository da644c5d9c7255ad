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

import java.util.LinkedHashMap;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import cloud.requence.task.UpdateType;
import cloud.requence.task.stream.RawUpdate;

/**
 * Finds out which root task each task belongs to, so that their updates stay in order.
 * Only the start of a task is sure to name it. Of a task whose start was not seen it is
 * not known whether it is a root task or a sub-task, and it may belong to any root task
 * whose start was not seen either; the same is true for a task that names such a root.
 * <p>
 * Apart from the contexts, as a task must not change its place when its context is
 * evicted. What is kept is bounded: tasks that were silent for longest go first. To be
 * used by one thread.
 */
final class RootTasks {

	private static final int MAX_OPEN = 50_000;

	// Sub-tasks may start, and updates arrive, after the end of their root task
	private static final int MAX_ENDED = 5_000;

	private final Map<String, String> open = new Recent(MAX_OPEN);

	private final Map<String, String> ended = new Recent(MAX_ENDED);

	/**
	 * Find the root task of an update. To be called for each update in order.
	 * @param update the update
	 * @return the identifier of a root task whose start was seen; {@code null} if the
	 * task may belong to any other
	 */
	@Nullable String rootOf(RawUpdate update) {
		String taskId = update.taskId();
		String root = find(taskId);
		if (root == null) {
			root = namedBy(update);
			if (root == null) {
				return null;
			}
			this.open.put(taskId, root);
		}
		else if (!root.equals(taskId)) {
			// A root task is needed for as long as one of its sub-tasks is active
			find(root);
		}
		if (update.type().isTerminal()) {
			this.open.remove(taskId);
			this.ended.put(taskId, root);
		}
		return root;
	}

	private @Nullable String find(String taskId) {
		String root = this.open.get(taskId);
		return (root != null) ? root : this.ended.get(taskId);
	}

	private @Nullable String namedBy(RawUpdate update) {
		String named = update.rootTaskId();
		if (named != null && !named.equals(update.taskId())) {
			return find(named);
		}
		return (update.type() == UpdateType.TASK_START) ? update.taskId() : null;
	}

	void clear() {
		this.open.clear();
		this.ended.clear();
	}

	/**
	 * The entries that were used last.
	 */
	private static final class Recent extends LinkedHashMap<String, String> {

		private static final float LOAD_FACTOR = 0.75f;

		private final int capacity;

		Recent(int capacity) {
			super(16, LOAD_FACTOR, true);
			this.capacity = capacity;
		}

		@Override
		protected boolean removeEldestEntry(Map.Entry<String, String> eldest) {
			return size() > this.capacity;
		}

	}

}
