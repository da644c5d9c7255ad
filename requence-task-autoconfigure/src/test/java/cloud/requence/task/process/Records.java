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

package cloud.requence.task.process;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.LongStream;

/**
 * What an application has recorded, in order.
 *
 * @param entries the entries
 */
record Records(List<Entry> entries) {

	/**
	 * Return the positions up to the last one that are missing.
	 */
	List<Long> lost(long lastPosition) {
		Set<Long> seen = new HashSet<>();
		this.entries.forEach((entry) -> seen.add(entry.position()));
		return LongStream.rangeClosed(1, lastPosition).filter((position) -> !seen.contains(position)).boxed().toList();
	}

	int repeats() {
		return this.entries.size() - (int) this.entries.stream().map(Entry::position).distinct().count();
	}

	/**
	 * Return how many updates came again after each restart.
	 */
	List<Long> repeatsOfRestarts() {
		List<Long> repeats = new ArrayList<>();
		for (int i = 1; i < this.entries.size(); i++) {
			long last = this.entries.get(i - 1).position();
			long next = this.entries.get(i).position();
			if (next <= last) {
				repeats.add(last - next + 1);
			}
		}
		return repeats;
	}

	Map<Long, Long> firstTimes() {
		Map<Long, Long> times = new HashMap<>();
		this.entries.forEach((entry) -> times.putIfAbsent(entry.position(), entry.millis()));
		return times;
	}

	/**
	 * An update that was recorded.
	 *
	 * @param position the position of the update
	 * @param millis when it was recorded
	 */
	record Entry(long position, long millis) {

	}

}
