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

package cloud.requence.task.checkpoint;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * The acknowledgements that a checkpoint carries: few enough for the smallest store. To
 * be guarded by its user.
 */
final class DueAcknowledgements {

	private static final int MAX_COUNT = 64;

	private static final int MAX_LENGTH = 3000;

	// Quotes and a comma
	private static final int OVERHEAD = 3;

	// A character may have to be escaped
	private static final int LENGTH_OF_ESCAPE = 6;

	private final Set<String> taskIds = new LinkedHashSet<>();

	private int length;

	private long removals;

	DueAcknowledgements() {
	}

	private DueAcknowledgements(DueAcknowledgements other) {
		this.taskIds.addAll(other.taskIds);
		this.length = other.length;
		this.removals = other.removals;
	}

	DueAcknowledgements copy() {
		return new DueAcknowledgements(this);
	}

	/**
	 * Add an acknowledgement if there is room for it.
	 * @return whether it is there now
	 */
	boolean add(String taskId) {
		int added = lengthOf(taskId);
		if (!this.taskIds.contains(taskId)) {
			if (this.taskIds.size() >= MAX_COUNT || this.length + added > MAX_LENGTH) {
				return false;
			}
			this.taskIds.add(taskId);
			this.length += added;
		}
		return true;
	}

	/**
	 * Return whether more than a few may come.
	 */
	boolean hasRoom() {
		return this.taskIds.size() <= MAX_COUNT / 2 && this.length <= MAX_LENGTH / 2;
	}

	boolean remove(String taskId) {
		if (!this.taskIds.remove(taskId)) {
			return false;
		}
		this.length -= lengthOf(taskId);
		this.removals++;
		return true;
	}

	void replaceWith(Collection<String> others) {
		this.taskIds.clear();
		this.length = 0;
		others.forEach(this::add);
	}

	List<String> asList() {
		return new ArrayList<>(this.taskIds);
	}

	/**
	 * Return how many were removed so far, to find out whether any was since.
	 */
	long removals() {
		return this.removals;
	}

	int size() {
		return this.taskIds.size();
	}

	private static int lengthOf(String taskId) {
		boolean plain = taskId.chars()
			.allMatch((character) -> character >= ' ' && character < 0x7F && character != '"' && character != '\\');
		return OVERHEAD + taskId.length() * (plain ? 1 : LENGTH_OF_ESCAPE);
	}

}
