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

package cloud.requence.emulator;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

import org.jspecify.annotations.Nullable;

/**
 * The updates that were published, in order: all of them as far as the limits allow. Safe
 * for use by any thread.
 */
final class UpdateLog {

	/** About what an entry takes besides its text. */
	private static final int ENTRY_BYTES = 150;

	private final ReentrantLock lock = new ReentrantLock();

	private final Condition changed = this.lock.newCondition();

	private final List<LogEntry> entries = new ArrayList<>();

	private final int limit;

	private final long byteLimit;

	private long bytes;

	private long forgottenPosition;

	private int nextIndex;

	private long lastPosition;

	/**
	 * Create an empty log.
	 * @param limit how many frames it keeps at least; it drops older ones
	 * @param byteLimit how many bytes it keeps at most, apart from the last frame
	 */
	UpdateLog(int limit, long byteLimit) {
		this.limit = limit;
		this.byteLimit = byteLimit;
	}

	long append(FrameText frame, Instant time, @Nullable String taskId, boolean terminal) {
		this.lock.lock();
		try {
			long position = ++this.lastPosition;
			add(new LogEntry(this.nextIndex, position, time, taskId, terminal, frame.at(position), true));
			return position;
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Adds a frame that only the streams open by now will see; it takes no position.
	 */
	void pass(byte[] text, Instant time) {
		this.lock.lock();
		try {
			add(new LogEntry(this.nextIndex, this.lastPosition, time, null, false, text, false));
		}
		finally {
			this.lock.unlock();
		}
	}

	long lastPosition() {
		this.lock.lock();
		try {
			return this.lastPosition;
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Drop all entries; positions continue.
	 */
	void clear() {
		this.lock.lock();
		try {
			drop(this.entries.size());
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Return the position of the last update that was dropped, 0 when there is none.
	 */
	long forgottenPosition() {
		this.lock.lock();
		try {
			return this.forgottenPosition;
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Return the index of the next entry to come.
	 */
	int nextIndex() {
		this.lock.lock();
		try {
			return this.nextIndex;
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Return the index of the first entry behind the given position.
	 */
	int indexAfter(long position) {
		this.lock.lock();
		try {
			int low = 0;
			int high = this.entries.size();
			while (low < high) {
				int middle = (low + high) >>> 1;
				if (this.entries.get(middle).position() <= position) {
					low = middle + 1;
				}
				else {
					high = middle;
				}
			}
			return firstIndex() + low;
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Return the entries from an index on, waiting a while for the first one.
	 * @return the entries, without those that were dropped
	 */
	List<LogEntry> read(int from, int limit, long nanos) throws InterruptedException {
		this.lock.lock();
		try {
			long left = nanos;
			while (this.nextIndex <= from && left > 0) {
				left = this.changed.awaitNanos(left);
			}
			int start = Math.max(0, from - firstIndex());
			int end = Math.min(this.entries.size(), start + limit);
			return (start < end) ? List.copyOf(this.entries.subList(start, end)) : List.of();
		}
		finally {
			this.lock.unlock();
		}
	}

	private int firstIndex() {
		return this.nextIndex - this.entries.size();
	}

	private void add(LogEntry entry) {
		this.entries.add(entry);
		this.nextIndex++;
		this.bytes += size(entry);
		if (this.entries.size() / 2 >= this.limit) {
			drop(this.limit);
		}
		if (this.bytes > this.byteLimit) {
			drop(surplus());
		}
		this.changed.signalAll();
	}

	/**
	 * Return how many entries have to go until a quarter of the bytes is free.
	 */
	private int surplus() {
		long left = this.bytes;
		int count = 0;
		while (left > this.byteLimit / 4 * 3 && count < this.entries.size() - 1) {
			left -= size(this.entries.get(count++));
		}
		return count;
	}

	private void drop(int count) {
		List<LogEntry> dropped = this.entries.subList(0, count);
		for (LogEntry entry : dropped) {
			this.bytes -= size(entry);
			if (entry.replayed()) {
				this.forgottenPosition = entry.position();
			}
		}
		dropped.clear();
	}

	private static int size(LogEntry entry) {
		return entry.text().length + ENTRY_BYTES;
	}

	/**
	 * The text of a frame, which may hold the position that it gets.
	 */
	interface FrameText {

		byte[] at(long position);

	}

}
