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
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

import org.jspecify.annotations.Nullable;

/**
 * Every update that was ever published, in order. Safe for use by any thread.
 */
final class UpdateLog {

	private final ReentrantLock lock = new ReentrantLock();

	private final Condition changed = this.lock.newCondition();

	private final List<LogEntry> entries = new ArrayList<>();

	private long lastPosition;

	long append(FrameText frame, Instant time, @Nullable String taskId, boolean terminal) {
		this.lock.lock();
		try {
			long position = ++this.lastPosition;
			add(new LogEntry(position, time, taskId, terminal, frame.at(position), true));
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
			add(new LogEntry(this.lastPosition, time, null, false, text, false));
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

	int size() {
		this.lock.lock();
		try {
			return this.entries.size();
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
			return low;
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Return the entries from an index on, waiting a while for the first one.
	 */
	List<LogEntry> read(int from, int limit, long nanos) throws InterruptedException {
		this.lock.lock();
		try {
			long left = nanos;
			while (this.entries.size() <= from && left > 0) {
				left = this.changed.awaitNanos(left);
			}
			int to = Math.min(this.entries.size(), from + limit);
			return (from < to) ? List.copyOf(this.entries.subList(from, to)) : List.of();
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Wait until something is appended, somebody calls {@link #wakeUp()} or time is up.
	 */
	void pause(long nanos) throws InterruptedException {
		this.lock.lock();
		try {
			this.changed.await(nanos, TimeUnit.NANOSECONDS);
		}
		finally {
			this.lock.unlock();
		}
	}

	void wakeUp() {
		this.lock.lock();
		try {
			this.changed.signalAll();
		}
		finally {
			this.lock.unlock();
		}
	}

	private void add(LogEntry entry) {
		this.entries.add(entry);
		this.changed.signalAll();
	}

	/**
	 * The text of a frame, which may hold the position that it gets.
	 */
	interface FrameText {

		byte[] at(long position);

	}

}
