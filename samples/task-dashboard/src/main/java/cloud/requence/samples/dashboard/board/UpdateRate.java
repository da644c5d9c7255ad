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

import java.util.Arrays;

/**
 * Counts updates by the second they were delivered in, for the last minutes. Guarded by
 * the lock of the board.
 */
final class UpdateRate {

	static final int SECONDS = 600;

	private final int[] counts = new int[SECONDS];

	private final long firstSecond;

	private long lastSecond;

	UpdateRate(long second) {
		this.firstSecond = second;
		this.lastSecond = second;
	}

	void count(long second) {
		count(second, 1);
	}

	void count(long second, int updates) {
		advanceTo(second);
		this.counts[index(this.lastSecond)] += updates;
	}

	/**
	 * Return the counts of all whole seconds that are known and past.
	 * @param from the first second of interest
	 * @param now the second that is not over yet
	 * @return the counts
	 */
	Points points(long from, long now) {
		advanceTo(now);
		long first = Math.max(Math.max(from, this.firstSecond), this.lastSecond - SECONDS + 1);
		int length = (int) Math.max(0, this.lastSecond - first);
		int[] points = new int[length];
		for (int i = 0; i < length; i++) {
			points[i] = this.counts[index(first + i)];
		}
		return new Points(first, points);
	}

	private void advanceTo(long second) {
		// A clock that goes back does not take anything back
		if (second - this.lastSecond >= SECONDS) {
			Arrays.fill(this.counts, 0);
			this.lastSecond = second;
		}
		while (this.lastSecond < second) {
			this.lastSecond++;
			this.counts[index(this.lastSecond)] = 0;
		}
	}

	private static int index(long second) {
		return (int) Math.floorMod(second, (long) SECONDS);
	}

	/**
	 * Counts of seconds in a row.
	 *
	 * @param from the first second, counted from the epoch
	 * @param counts the updates of each second
	 */
	record Points(long from, int[] counts) {

		long next() {
			return this.from + this.counts.length;
		}

	}

}
