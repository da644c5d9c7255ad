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

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The tasks in one state, the one that was put first comes first. Guarded by the lock of
 * the board.
 */
final class TaskShelf {

	private final Map<String, BoardTask> tasks = new LinkedHashMap<>();

	private long size;

	void put(BoardTask task) {
		this.tasks.put(task.id(), task);
		this.size += task.size();
	}

	void remove(BoardTask task) {
		if (this.tasks.remove(task.id()) != null) {
			this.size -= task.size();
		}
	}

	/**
	 * Note that the size of a task on this shelf has changed.
	 */
	void resized(long difference) {
		this.size += difference;
	}

	BoardTask first() {
		return this.tasks.values().iterator().next();
	}

	Collection<BoardTask> tasks() {
		return this.tasks.values();
	}

	int count() {
		return this.tasks.size();
	}

	boolean isEmpty() {
		return this.tasks.isEmpty();
	}

	long size() {
		return this.size;
	}

}
