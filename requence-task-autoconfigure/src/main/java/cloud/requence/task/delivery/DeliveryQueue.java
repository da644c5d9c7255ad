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
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;

import org.jspecify.annotations.Nullable;

/**
 * The updates between the reader and the delivery. Its limits are soft: the reader asks
 * {@link #claimRoom()} before it reads on, and what a single read brings is always taken.
 * <p>
 * One lock guards the line, the progress and the workers; how much waits may be read
 * without it. It is no monitor, as those would tie virtual threads to their carriers.
 */
public final class DeliveryQueue {

	private final ReentrantLock lock = new ReentrantLock();

	private final Condition changed = this.lock.newCondition();

	private final LongSupplier nanoTime;

	private final Line line;

	// Updates are removed in the order of the stream
	private final boolean serial;

	private final DeliveryProgress progress = new DeliveryProgress();

	private final AwaitedAcknowledgements awaited = new AwaitedAcknowledgements();

	// Written under the lock
	private volatile int updates;

	private volatile long bytes;

	private volatile int held;

	private volatile DeliveryLimits.Room room = DeliveryLimits.Room.AMPLE;

	// The reader waits until there is room. Changed under the lock
	private volatile boolean roomWanted;

	// What is being delivered is the last before the delivery looks here again
	private volatile boolean recalled;

	// The delivery looks for updates soon, without a signal
	private boolean dozing;

	private DeliveryQueue(DeliveryLimits limits, boolean serial, LongSupplier nanoTime) {
		this.nanoTime = nanoTime;
		this.serial = serial;
		this.line = this.serial ? new SerialLine(limits, () -> wakeUp(() -> {
		})) : new Lanes(limits, this::wakeUp);
	}

	/**
	 * Create an empty queue whose updates are delivered one after the other, in the order
	 * of the stream.
	 * @param maxUpdates from how many updates on nothing more should be read
	 * @param maxBytes from how many bytes on nothing more should be read
	 * @param nanoTime the ticker
	 * @return the queue
	 */
	public static DeliveryQueue serial(int maxUpdates, long maxBytes, LongSupplier nanoTime) {
		return new DeliveryQueue(DeliveryLimits.of(maxUpdates, maxBytes, 1), true, nanoTime);
	}

	/**
	 * Create an empty queue in which only the updates of a root task and its sub-tasks
	 * wait for each other.
	 * @param maxUpdates from how many updates on nothing more should be read
	 * @param maxBytes from how many bytes on nothing more should be read
	 * @param concurrency how many threads deliver
	 * @param nanoTime the ticker
	 * @return the queue
	 */
	public static DeliveryQueue inLanes(int maxUpdates, long maxBytes, int concurrency, LongSupplier nanoTime) {
		return new DeliveryQueue(DeliveryLimits.of(maxUpdates, maxBytes, concurrency), false, nanoTime);
	}

	/**
	 * Set the callback for how far the delivery is without a gap.
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
	public void add(Collection<PendingUpdate> updates, @Nullable Long position) {
		this.lock.lock();
		try {
			long now = this.nanoTime.getAsLong();
			for (PendingUpdate update : updates) {
				this.line.add(update, now);
				if (!this.serial) {
					this.progress.received(update);
				}
			}
			if (position != null) {
				this.progress.moved(position, this.line.last());
			}
			if (!this.dozing) {
				this.changed.signalAll();
			}
		}
		finally {
			publish();
			this.lock.unlock();
		}
	}

	/**
	 * Forget everything, and start again at a position. What is being delivered does not
	 * count any more.
	 * @param position the position; {@code null} if there is none
	 */
	public void restart(@Nullable Long position) {
		this.lock.lock();
		try {
			this.recalled = true;
			this.line.clear();
			this.progress.restart(position);
			this.awaited.clear();
		}
		finally {
			publish();
			this.lock.unlock();
		}
	}

	// Without anything that can fail: called when something has failed, too
	private void publish() {
		this.updates = this.line.updates();
		this.bytes = this.line.bytes();
		if (this.held != this.line.held()) {
			this.held = this.line.held();
		}
		DeliveryLimits.Room now = this.line.room();
		if (this.room != now) {
			this.room = now;
		}
	}

	/**
	 * Return whether more should be read.
	 * @return whether all limits leave room
	 */
	public boolean hasRoom() {
		return this.room.compareTo(DeliveryLimits.Room.SOME) <= 0;
	}

	/**
	 * Return whether more should be read. If not, {@link DeliveryObserver#onRoom() the
	 * observer} is called once there is room.
	 * @return whether all limits leave room
	 */
	public boolean claimRoom() {
		if (hasRoom()) {
			return true;
		}
		this.lock.lock();
		try {
			this.roomWanted = !hasRoom();
			return !this.roomWanted;
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Return whether the reader waits for room, and so much was done that reading pays
	 * again.
	 */
	boolean isRoomDue() {
		return this.roomWanted && isHalfEmpty();
	}

	/**
	 * Change whether the reader waits for room.
	 */
	void wantRoom(boolean wanted) {
		this.lock.lock();
		try {
			this.roomWanted = wanted;
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Return whether so much was done that reading pays again.
	 * @return whether no more than half of the limits is used
	 */
	boolean isHalfEmpty() {
		return this.room == DeliveryLimits.Room.AMPLE;
	}

	/**
	 * Return whether nothing is read as too many updates wait behind others of their root
	 * task: their memory is bounded as well.
	 * @return whether the limit for all updates together is reached
	 */
	public boolean isFull() {
		return this.room == DeliveryLimits.Room.NONE_AT_ALL;
	}

	/**
	 * Return how many updates wait, those that are being delivered included.
	 * @return the number of updates
	 */
	public int updates() {
		return this.updates;
	}

	/**
	 * Return how many updates are held up: they have failed or wait for their context, or
	 * are behind one that does.
	 * @return the number of updates
	 */
	public int held() {
		return this.held;
	}

	/**
	 * Return how much memory the waiting updates hold.
	 * @return the size in bytes
	 */
	public long bytes() {
		return this.bytes;
	}

	/**
	 * Return since when the oldest update is the oldest.
	 * @return the time by the ticker; {@code null} if nothing waits
	 */
	@Nullable Long waitingSince() {
		return this.line.waitingSince();
	}

	/**
	 * Return the position up to which everything was delivered, filtered or failed.
	 * @return the position, {@code null} before the first
	 */
	public @Nullable Long position() {
		return this.progress.position();
	}

	/**
	 * Let the progress wait until the end of a task is acknowledged.
	 * @param update the end of the task
	 */
	public void awaitAcknowledgement(PendingUpdate update) {
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
	 * @param update the end of the task
	 */
	public void giveUpAcknowledgement(PendingUpdate update) {
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

	/**
	 * Wait no longer for the acknowledgement of a task that was acknowledged elsewhere,
	 * such as by an instance that stands by.
	 * @param taskId the identifier of the task
	 */
	public void acknowledgedElsewhere(String taskId) {
		this.lock.lock();
		try {
			complete(this.awaited.release(taskId));
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Return the tasks that the progress waits for until they are acknowledged.
	 * @return their identifiers
	 */
	public List<String> awaitedAcknowledgements() {
		this.lock.lock();
		try {
			return this.awaited.taskIds();
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Return how many ends of tasks were delivered and wait to be acknowledged by the
	 * application.
	 * @return the number of tasks
	 */
	public int awaitedAcknowledgementCount() {
		this.lock.lock();
		try {
			return this.awaited.size();
		}
		finally {
			this.lock.unlock();
		}
	}

	private void complete(@Nullable PendingUpdate update) {
		if (update != null && update.isRemoved()) {
			this.progress.done(update);
			this.changed.signalAll();
		}
	}

	/**
	 * What an update has waited for is done. Called by any thread.
	 * @param change what changes in the line with it
	 */
	private void wakeUp(Runnable change) {
		change(() -> {
			try {
				change.run();
			}
			finally {
				publish();
			}
		});
	}

	/**
	 * Change what the delivery looks at, and let it look.
	 * @param change the change, made under the lock
	 */
	void change(Runnable change) {
		this.lock.lock();
		try {
			change.run();
			this.changed.signalAll();
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Return whether a thread that delivers has to look here before it delivers the next
	 * of the updates that it has taken.
	 */
	boolean isRecalled() {
		return this.recalled;
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

	/**
	 * Wait for a change. Callers do so in a loop.
	 * @param deadline until when, by {@link System#nanoTime()}
	 * @return {@code false} if the time is over
	 */
	@SuppressWarnings("WaitNotInLoop")
	boolean awaitChange(long deadline) {
		long left = deadline - System.nanoTime();
		if (left <= 0) {
			return false;
		}
		try {
			this.changed.await(left, TimeUnit.NANOSECONDS);
		}
		catch (InterruptedException ex) {
			// Ends no wait
		}
		return true;
	}

	/**
	 * Let threads that deliver look here before they deliver the next of the updates that
	 * they have taken.
	 */
	void recall() {
		this.recalled = true;
	}

	/**
	 * Set whether the delivery looks for updates soon, without a signal.
	 */
	void doze(boolean dozing) {
		this.dozing = dozing;
	}

	long untilNext(long now) {
		return allowsTaking() ? this.line.untilNext(now) : Long.MAX_VALUE;
	}

	private boolean allowsTaking() {
		return room() > 0;
	}

	private int room() {
		return Math.min(this.progress.room(), this.awaited.room());
	}

	/**
	 * Take the next updates to deliver one after the other, unless the delivery has to
	 * wait for its own progress.
	 * @param batch receives the updates
	 * @param now the time, by the ticker
	 * @return how many were taken
	 */
	int take(@Nullable PendingUpdate[] batch, long now) {
		this.recalled = false;
		int max = Math.min(batch.length, room());
		if (max <= 0) {
			return 0;
		}
		try {
			return this.line.take(batch, max, now);
		}
		finally {
			publish();
		}
	}

	/**
	 * Remove updates that were taken and are done. May be repeated if it fails.
	 * @param batch the updates that were taken
	 * @param count how many of them are done
	 */
	void done(@Nullable PendingUpdate[] batch, int count) {
		long now = this.nanoTime.getAsLong();
		try {
			for (int i = 0; i < count; i++) {
				PendingUpdate update = batch[i];
				if (update != null && this.line.hasTaken(update)) {
					done(update, now);
				}
			}
			this.progress.report();
		}
		finally {
			publish();
		}
	}

	private void done(PendingUpdate update, long now) {
		if (!this.serial) {
			this.line.remove(update, now);
			update.removed();
			if (!update.isHeldOpen()) {
				this.progress.done(update);
			}
		}
		else if (this.progress.isUnobserved()) {
			this.line.remove(update, now);
			this.progress.movedTo(update.position());
		}
		else {
			this.progress.append(update);
			this.line.remove(update, now);
			update.removed();
			this.progress.removed(update);
		}
	}

	void putBack(PendingUpdate update) {
		if (this.line.hasTaken(update)) {
			this.line.putBack(update);
		}
	}

	void park(PendingUpdate update, long until) {
		if (this.line.hasTaken(update)) {
			this.line.park(update, until);
			publish();
		}
	}

}
