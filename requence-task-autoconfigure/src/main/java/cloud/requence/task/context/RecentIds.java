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

import java.util.Arrays;
import java.util.concurrent.ThreadLocalRandom;

/**
 * The most recent identifiers, as hashes of 128 bits each: that any two of 65,536 are
 * taken for one has a probability of 2<sup>-97</sup>.
 * <p>
 * To add an identifier that is not looked for costs one write behind the one before. The
 * index, whose every access misses the caches of the processor, is made when an
 * identifier is looked for, and kept up to date as long as that happens often enough.
 */
final class RecentIds {

	// Random, so that identifiers with colliding hashes cannot be chosen
	private final long highSeed = ThreadLocalRandom.current().nextLong() | 1;

	private final long lowSeed = ThreadLocalRandom.current().nextLong() | 1;

	private long[] high;

	private long[] low;

	/** The highest position that came with an identifier. */
	private long[] positions;

	/** Open addressing: one more than the index of an identifier, or zero. */
	private int[] slots;

	private boolean indexed;

	/** How many were appended since one was looked for. */
	private int appended;

	private int shift;

	private int next;

	private int size;

	// The identifier at hand
	private long idHigh;

	private long idLow;

	private int current;

	RecentIds(int capacity) {
		this.high = new long[capacity];
		this.low = new long[capacity];
		this.positions = new long[capacity];
		this.slots = new int[Integer.highestOneBit(Math.max(capacity * 4 - 1, 1)) * 2];
		this.shift = Long.SIZE - Integer.numberOfTrailingZeros(this.slots.length);
	}

	/**
	 * Add an identifier, in place of the oldest one if there are too many.
	 * @return {@code false} if it is among the recent ones already
	 */
	boolean add(String id) {
		index();
		hash(id);
		int slot = find(this.idHigh, this.idLow);
		if (this.slots[slot] != 0) {
			this.current = this.slots[slot] - 1;
			return false;
		}
		if (isFull()) {
			removeOldest();
		}
		this.current = this.next;
		this.slots[find(this.idHigh, this.idLow)] = this.next + 1;
		write(Long.MIN_VALUE);
		return true;
	}

	/**
	 * Add an identifier that came with a higher position than any other: it needs not be
	 * looked for.
	 */
	void append(String id, long position) {
		if (this.indexed && this.appended++ < this.high.length / 4) {
			add(id);
			reach(position);
			return;
		}
		this.indexed = false;
		hash(id);
		write(position);
	}

	private void write(long position) {
		this.high[this.next] = this.idHigh;
		this.low[this.next] = this.idLow;
		this.positions[this.next] = position;
		this.next = (this.next + 1 < this.high.length) ? this.next + 1 : 0;
		this.size = Math.min(this.size + 1, this.high.length);
	}

	private void index() {
		if (this.indexed) {
			return;
		}
		Arrays.fill(this.slots, 0);
		int oldest = isFull() ? this.next : 0;
		for (int i = 0; i < this.size; i++) {
			int index = (oldest + i) % this.high.length;
			// One that was appended twice is found at its higher position
			this.slots[find(this.high[index], this.low[index])] = index + 1;
		}
		this.indexed = true;
	}

	private void removeOldest() {
		int slot = find(this.high[this.next], this.low[this.next]);
		// Unless it was appended again
		if (this.slots[slot] == this.next + 1) {
			remove(slot);
		}
	}

	/**
	 * Return whether an identifier is among the recent ones.
	 */
	boolean contains(String id) {
		this.appended = 0;
		index();
		hash(id);
		int slot = find(this.idHigh, this.idLow);
		this.current = this.slots[slot] - 1;
		return this.slots[slot] != 0;
	}

	/**
	 * Return whether a position is higher than those of the identifier that was found
	 * last.
	 */
	boolean isBeyond(long position) {
		return position > this.positions[this.current];
	}

	/**
	 * Note a position of the identifier that was added last.
	 */
	void reach(long position) {
		this.positions[this.current] = Math.max(position, this.positions[this.current]);
	}

	boolean isFull() {
		return this.size == this.high.length;
	}

	int capacity() {
		return this.high.length;
	}

	/**
	 * Remember more identifiers, including the present ones.
	 */
	void growTo(int capacity) {
		RecentIds larger = new RecentIds(capacity);
		int oldest = isFull() ? this.next : 0;
		for (int i = 0; i < this.size; i++) {
			int index = (oldest + i) % this.high.length;
			larger.high[i] = this.high[index];
			larger.low[i] = this.low[index];
			larger.positions[i] = this.positions[index];
		}
		this.next = this.size;
		this.high = larger.high;
		this.low = larger.low;
		this.positions = larger.positions;
		this.slots = larger.slots;
		this.shift = larger.shift;
		this.indexed = false;
	}

	// The slot of an identifier, or the free one for it
	private int find(long high, long low) {
		int slot = home(high);
		while (this.slots[slot] != 0) {
			int index = this.slots[slot] - 1;
			if (this.high[index] == high && this.low[index] == low) {
				return slot;
			}
			slot = after(slot);
		}
		return slot;
	}

	// Moves up what would no longer be found behind the gap
	private void remove(int slot) {
		int gap = slot;
		for (int other = after(gap); this.slots[other] != 0; other = after(other)) {
			int index = this.slots[other] - 1;
			int home = home(this.high[index]);
			if (distance(home, other) >= distance(gap, other)) {
				this.slots[gap] = this.slots[other];
				gap = other;
			}
		}
		this.slots[gap] = 0;
	}

	private int home(long high) {
		return (int) (high >>> this.shift);
	}

	private int after(int slot) {
		return (slot + 1) & (this.slots.length - 1);
	}

	private int distance(int from, int to) {
		return (to - from) & (this.slots.length - 1);
	}

	// Four characters at a time, into two independent halves
	private void hash(String id) {
		int length = id.length();
		long high = this.lowSeed;
		long low = this.highSeed;
		for (int i = 0; i < length; i += 4) {
			long word = word(id, i, length);
			high = mixed(high ^ word, this.highSeed);
			low = mixed(low ^ word, this.lowSeed);
		}
		this.idHigh = mixed(high ^ length, this.highSeed);
		this.idLow = mixed(low ^ length, this.lowSeed);
	}

	private static long word(String id, int index, int length) {
		if (length - index >= 4) {
			return id.charAt(index) | (long) id.charAt(index + 1) << 16 | (long) id.charAt(index + 2) << 32
					| (long) id.charAt(index + 3) << 48;
		}
		long word = 0;
		for (int i = index; i < length; i++) {
			word = word << 16 | id.charAt(i);
		}
		return word;
	}

	private static long mixed(long value, long seed) {
		return (value * seed) ^ Math.multiplyHigh(value, seed);
	}

}
