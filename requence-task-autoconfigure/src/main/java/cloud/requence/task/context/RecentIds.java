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

import java.util.concurrent.ThreadLocalRandom;

/**
 * The most recent identifiers, 16 bytes each. A UUID is kept as it is; any other text is
 * hashed to 128 bits, so that two of 65,536 texts are taken for one with a probability of
 * about 10<sup>-29</sup>.
 */
final class RecentIds {

	private static final int UUID_LENGTH = 36;

	private static final long UUID_DASHES = 1L << 8 | 1L << 13 | 1L << 18 | 1L << 23;

	/** Unknown outside, so that nobody can choose identifiers that fall together. */
	private final long seed = ThreadLocalRandom.current().nextLong() | 1;

	private final long[] high;

	private final long[] low;

	/** Open addressing: one more than the index of an identifier, or zero. */
	private final int[] slots;

	private final int shift;

	private int next;

	private int size;

	// The identifier at hand
	private long idHigh;

	private long idLow;

	RecentIds(int capacity) {
		this.high = new long[capacity];
		this.low = new long[capacity];
		this.slots = new int[Integer.highestOneBit(Math.max(capacity * 2 - 1, 1)) * 2];
		this.shift = Long.SIZE - Integer.numberOfTrailingZeros(this.slots.length);
	}

	/**
	 * Add an identifier, in place of the oldest one if there are too many.
	 * @return {@code false} if it is among the recent ones already
	 */
	boolean add(String id) {
		if (!readUuid(id)) {
			hash(id);
		}
		if (this.slots[find(this.idHigh, this.idLow)] != 0) {
			return false;
		}
		if (this.size == this.high.length) {
			remove(find(this.high[this.next], this.low[this.next]));
		}
		else {
			this.size++;
		}
		this.high[this.next] = this.idHigh;
		this.low[this.next] = this.idLow;
		this.slots[find(this.idHigh, this.idLow)] = this.next + 1;
		this.next = (this.next + 1 < this.high.length) ? this.next + 1 : 0;
		return true;
	}

	// The slot of an identifier, or the free one for it
	private int find(long high, long low) {
		int slot = home(high, low);
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
			int home = home(this.high[index], this.low[index]);
			if (distance(home, other) >= distance(gap, other)) {
				this.slots[gap] = this.slots[other];
				gap = other;
			}
		}
		this.slots[gap] = 0;
	}

	private int home(long high, long low) {
		long mixed = (high ^ Long.rotateLeft(low, 32)) * this.seed;
		mixed = (mixed ^ (mixed >>> 32) ^ low) * this.seed;
		return (int) (mixed >>> this.shift);
	}

	private int after(int slot) {
		return (slot + 1) & (this.slots.length - 1);
	}

	private int distance(int from, int to) {
		return (to - from) & (this.slots.length - 1);
	}

	private boolean readUuid(String id) {
		if (id.length() != UUID_LENGTH) {
			return false;
		}
		long high = 0;
		long low = 0;
		int digits = 0;
		for (int i = 0; i < UUID_LENGTH; i++) {
			char character = id.charAt(i);
			if ((UUID_DASHES >>> i & 1) != 0) {
				if (character != '-') {
					return false;
				}
				continue;
			}
			int digit = hexDigit(character);
			if (digit < 0) {
				return false;
			}
			if (digits++ < 16) {
				high = high << 4 | digit;
			}
			else {
				low = low << 4 | digit;
			}
		}
		this.idHigh = high;
		this.idLow = low;
		return true;
	}

	private static int hexDigit(char character) {
		if (character >= '0' && character <= '9') {
			return character - '0';
		}
		int letter = character | 0x20;
		return (letter >= 'a' && letter <= 'f') ? letter - 'a' + 10 : -1;
	}

	private void hash(String id) {
		long high = this.seed;
		long low = ~this.seed;
		for (int i = 0; i < id.length(); i++) {
			high = (high ^ id.charAt(i)) * 0x9e3779b97f4a7c15L;
			high ^= high >>> 29;
			low = (low + id.charAt(i)) * 0xc2b2ae3d27d4eb4fL;
			low ^= low >>> 31;
		}
		this.idHigh = high;
		this.idLow = low;
	}

}
