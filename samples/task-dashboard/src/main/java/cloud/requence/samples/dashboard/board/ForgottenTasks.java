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
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

import org.jspecify.annotations.Nullable;

/**
 * What is remembered of tasks that the board has no room for: enough to count each of
 * them once. Guarded by the lock of the board.
 */
final class ForgottenTasks {

	private final int limit;

	// When each of them has started; the one that was silent for the longest time first
	private final Map<String, Long> open = new LinkedHashMap<>();

	// The one that was removed first comes first
	private final Set<String> ended = new LinkedHashSet<>();

	private boolean complete = true;

	ForgottenTasks(int limit) {
		this.limit = limit;
	}

	void add(BoardTask task) {
		if (task.state() != TaskState.RUNNING) {
			this.ended.add(task.id());
			if (this.ended.size() > this.limit) {
				this.ended.remove(this.ended.iterator().next());
			}
			return;
		}
		this.open.put(task.id(), task.startedAt());
		if (this.open.size() > this.limit) {
			this.open.remove(this.open.keySet().iterator().next());
			this.complete = false;
		}
	}

	/**
	 * Return whether a task has ended, so that further updates of it change nothing.
	 */
	boolean hasEnded(String id) {
		return this.ended.contains(id);
	}

	/**
	 * Take a task back that has not ended.
	 * @param id the task's identifier
	 * @return when it has started; {@code null} if it is not remembered
	 */
	@Nullable Long takeOpen(String id) {
		return this.open.remove(id);
	}

	int openTasks() {
		return this.open.size();
	}

	/**
	 * Return whether all tasks that have not ended are remembered.
	 */
	boolean isComplete() {
		return this.complete;
	}

}
