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

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/**
 * Remembers which tasks were lately removed. Guarded by the lock of the board.
 */
final class RemovalLog {

	private static final int CAPACITY = 2000;

	private final Deque<Removal> removals = new ArrayDeque<>();

	private long forgotten = -1;

	void add(String id, long version) {
		if (this.removals.size() == CAPACITY) {
			this.forgotten = this.removals.removeFirst().version();
		}
		this.removals.addLast(new Removal(id, version));
	}

	/**
	 * Return whether all removals after a version are known.
	 * @param version the version
	 * @return whether {@link #since(long)} tells all
	 */
	boolean reachesBackTo(long version) {
		return version >= this.forgotten;
	}

	List<String> since(long version) {
		return this.removals.stream().filter((removal) -> removal.version() > version).map(Removal::id).toList();
	}

	private record Removal(String id, long version) {

	}

}
