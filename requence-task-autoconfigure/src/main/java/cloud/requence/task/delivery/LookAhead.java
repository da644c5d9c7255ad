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

package cloud.requence.task.delivery;

import java.util.ArrayDeque;
import java.util.Collection;

import org.jspecify.annotations.Nullable;

/**
 * The updates between the reader and the delivery. Its limits are soft: the reader asks
 * {@link #hasRoom()} before it reads on, and what a single read brings is always taken.
 * <p>
 * Readers add under the lock; the delivery thread alone takes, and counts what it has
 * done. Counters are written by one side each.
 */
public final class LookAhead {

	private final int maxUpdates;

	private final long maxBytes;

	// Guarded by this
	private ArrayDeque<PendingUpdate> arrived = new ArrayDeque<>();

	// Written under the lock
	private volatile long addedUpdates;

	private volatile long addedBytes;

	// Written by the delivery thread
	private volatile long doneUpdates;

	private volatile long doneBytes;

	/**
	 * Create an empty look-ahead.
	 * @param maxUpdates from how many updates on nothing more should be read
	 * @param maxBytes from how many bytes on nothing more should be read
	 */
	public LookAhead(int maxUpdates, long maxBytes) {
		this.maxUpdates = maxUpdates;
		this.maxBytes = maxBytes;
	}

	/**
	 * Add updates in their order.
	 * @param updates the updates
	 */
	public void add(Collection<PendingUpdate> updates) {
		synchronized (this) {
			long bytes = 0;
			for (PendingUpdate update : updates) {
				bytes += update.size();
			}
			this.arrived.addAll(updates);
			this.addedBytes += bytes;
			this.addedUpdates += updates.size();
			notifyAll();
		}
	}

	/**
	 * Return whether more should be read.
	 * @return whether both limits leave room
	 */
	public boolean hasRoom() {
		return updates() < this.maxUpdates && bytes() < this.maxBytes;
	}

	/**
	 * Return whether so much was done that reading pays again.
	 * @return whether no more than half of the limits is used
	 */
	boolean isHalfEmpty() {
		return updates() <= this.maxUpdates / 2 && bytes() <= this.maxBytes / 2;
	}

	/**
	 * Return how many updates wait, the one in hand included.
	 * @return the number of updates
	 */
	public int updates() {
		long done = this.doneUpdates;
		return (int) (this.addedUpdates - done);
	}

	/**
	 * Return how much memory the waiting updates hold.
	 * @return the size in bytes
	 */
	public long bytes() {
		long done = this.doneBytes;
		return this.addedBytes - done;
	}

	/**
	 * Exchange an empty queue for all updates that have arrived, if there are any.
	 * @param empty a queue without content
	 * @return the updates in their order; {@code null} if there are none
	 */
	@Nullable ArrayDeque<PendingUpdate> swap(ArrayDeque<PendingUpdate> empty) {
		synchronized (this) {
			if (this.arrived.isEmpty()) {
				return null;
			}
			ArrayDeque<PendingUpdate> batch = this.arrived;
			this.arrived = empty;
			return batch;
		}
	}

	/**
	 * Count an update as done. Called by the delivery thread alone.
	 */
	@SuppressWarnings("NonAtomicVolatileUpdate")
	void done(PendingUpdate update) {
		this.doneBytes += update.size();
		this.doneUpdates++;
	}

}
