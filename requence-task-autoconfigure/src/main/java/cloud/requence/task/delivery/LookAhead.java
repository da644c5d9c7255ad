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

import java.util.Collection;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

import org.jspecify.annotations.Nullable;

/**
 * The updates between the reader and the delivery. Its limits are soft: the reader asks
 * {@link #hasRoom()} before it reads on, and what a single read brings is always taken.
 * <p>
 * One lock guards the lanes, the progress and the workers; how much waits may be read
 * without it. It is no monitor, as those would tie virtual threads to their carriers.
 */
public final class LookAhead {

	private final int maxUpdates;

	private final long maxBytes;

	private final ReentrantLock lock = new ReentrantLock();

	private final Condition changed = this.lock.newCondition();

	private final Lanes lanes;

	private final DeliveryProgress progress = new DeliveryProgress();

	private final AwaitedAcknowledgements awaited = new AwaitedAcknowledgements();

	// Written under the lock
	private volatile int updates;

	private volatile long bytes;

	/**
	 * Create an empty look-ahead.
	 * @param maxUpdates from how many updates on nothing more should be read
	 * @param maxBytes from how many bytes on nothing more should be read
	 * @param order which updates have to be delivered one after the other
	 */
	public LookAhead(int maxUpdates, long maxBytes, DeliveryOrder order) {
		this.maxUpdates = maxUpdates;
		this.maxBytes = maxBytes;
		this.lanes = new Lanes(order == DeliveryOrder.STREAM, this::goOn);
	}

	/**
	 * Set who learns how far the delivery is without a gap.
	 * @param listener the listener
	 */
	public void progressListener(ProgressListener listener) {
		this.lock.lock();
		try {
			this.progress.listener(listener);
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Add updates in their order.
	 * @param updates the updates
	 * @param position the position of the stream behind them; {@code null} if there is
	 * none yet
	 */
	@SuppressWarnings("NonAtomicVolatileUpdate")
	public void add(Collection<PendingUpdate> updates, @Nullable Long position) {
		this.lock.lock();
		try {
			long added = 0;
			for (PendingUpdate update : updates) {
				this.lanes.add(update);
				this.progress.received(update.step());
				added += update.size();
			}
			this.progress.moved(position);
			this.bytes += added;
			this.updates += updates.size();
			this.changed.signalAll();
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Forget everything, and begin anew at a position. What is in hand counts no more.
	 * @param position the position; {@code null} if there is none
	 */
	public void restart(@Nullable Long position) {
		this.lock.lock();
		try {
			this.lanes.clear();
			this.progress.restart(position);
			this.awaited.clear();
			this.updates = 0;
			this.bytes = 0;
		}
		finally {
			this.lock.unlock();
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
	 * Return how many updates wait, those in hand included.
	 * @return the number of updates
	 */
	public int updates() {
		return this.updates;
	}

	/**
	 * Return how much memory the waiting updates hold.
	 * @return the size in bytes
	 */
	public long bytes() {
		return this.bytes;
	}

	/**
	 * Return the position up to which everything was delivered, hidden or given up.
	 * @return the position, {@code null} before the first
	 */
	public @Nullable Long position() {
		return this.progress.position();
	}

	/**
	 * Let the progress wait until the end of a task is acknowledged.
	 * @param update the end of the task
	 */
	void awaitAcknowledgement(PendingUpdate update) {
		this.lock.lock();
		try {
			complete(this.awaited.add(update));
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Let the progress wait no more: the end of a task will not be acknowledged.
	 */
	void giveUpAcknowledgement(PendingUpdate update) {
		this.lock.lock();
		try {
			this.awaited.remove(update);
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Acknowledge the end of a task that the progress waits for.
	 * @param taskId the identifier of the task
	 * @return whether there is such a task
	 */
	public boolean acknowledge(String taskId) {
		this.lock.lock();
		try {
			PendingUpdate update = this.awaited.acknowledge(taskId);
			complete(update);
			return update != null;
		}
		finally {
			this.lock.unlock();
		}
	}

	private void complete(@Nullable PendingUpdate update) {
		if (update != null && update.isRemoved()) {
			this.progress.done(update.step());
			this.changed.signalAll();
		}
	}

	private void goOn(Lane lane) {
		this.lock.lock();
		try {
			this.lanes.goOn(lane);
			this.changed.signalAll();
		}
		finally {
			this.lock.unlock();
		}
	}

	ReentrantLock lock() {
		return this.lock;
	}

	/**
	 * Signalled whenever a worker may have something to do.
	 */
	Condition changed() {
		return this.changed;
	}

	// The lock has to be held for the following ones

	Lanes lanes() {
		return this.lanes;
	}

	/**
	 * Take the next update, unless the delivery has to wait for its own progress.
	 */
	@Nullable PendingUpdate take(long now) {
		return (this.progress.hasRoom() && this.awaited.hasRoom()) ? this.lanes.take(now) : null;
	}

	@SuppressWarnings("NonAtomicVolatileUpdate")
	void done(PendingUpdate update) {
		if (this.lanes.has(update)) {
			this.lanes.remove(update);
			update.removed();
			this.bytes -= update.size();
			this.updates--;
			if (!update.isHeldOpen()) {
				this.progress.done(update.step());
			}
		}
	}

	void putBack(PendingUpdate update) {
		if (this.lanes.has(update)) {
			this.lanes.putBack(update);
		}
	}

	void park(PendingUpdate update, long until) {
		if (this.lanes.has(update)) {
			this.lanes.park(update, until);
		}
	}

}
