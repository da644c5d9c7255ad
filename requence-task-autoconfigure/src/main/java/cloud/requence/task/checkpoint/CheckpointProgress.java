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

package cloud.requence.task.checkpoint;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

import org.jspecify.annotations.Nullable;

import cloud.requence.task.TaskUpdate;
import cloud.requence.task.TaskWatcherStatus;
import cloud.requence.task.checkpoint.UnsavedProgress.Batch;

/**
 * How far the delivery is, and how much of it was saved: finds out what goes into the
 * next checkpoint, and how many updates may be delivered before it is saved. Guarded by
 * this object, and does not block.
 */
final class CheckpointProgress {

	private static final Duration UNSAVED_TIME = Duration.ofMinutes(1);

	private final int every;

	// Zero outside of transactions
	private final int transactionSize;

	private final Clock clock;

	private final ResumeTime resumeTime;

	private final UnsavedProgress unsaved = new UnsavedProgress();

	private final DueAcknowledgements due = new DueAcknowledgements();

	// Of the updates of the last transaction, until all of them are reported as done
	private final List<Long> committed = new ArrayList<>();

	private long dueSaved;

	private @Nullable Long savedPosition;

	private @Nullable Instant savedAt;

	// Read by any thread
	private volatile int room = 1;

	private boolean madeRoom;

	/**
	 * Create progress, with nothing done.
	 * @param every how many updates may wait until they are saved; the delivery waits
	 * when twice as many do
	 * @param transactionSize how many updates are saved in one transaction at most, zero
	 * without transactions
	 * @param clock the clock for the status
	 */
	CheckpointProgress(int every, int transactionSize, Clock clock) {
		this.every = every;
		this.transactionSize = transactionSize;
		this.clock = clock;
		this.resumeTime = new ResumeTime(clock);
	}

	/**
	 * Continue from a checkpoint that another process may have written.
	 */
	synchronized void continueFrom(Checkpoint checkpoint) {
		this.unsaved.clear();
		this.committed.clear();
		this.resumeTime.forget();
		this.due.replaceWith(checkpoint.acknowledgements());
		this.dueSaved = this.due.removals();
		updateRoom();
	}

	/**
	 * A checkpoint is the one that is stored.
	 */
	synchronized void stored(Checkpoint checkpoint) {
		this.savedAt = this.clock.instant();
		this.savedPosition = checkpoint.position();
	}

	/**
	 * Add what was done.
	 * @return whether it is time to save it
	 */
	synchronized boolean add(@Nullable Long position, int updates, @Nullable String acknowledgement) {
		this.unsaved.add(notBehindTransaction(position), this.resumeTime.newest(), updates, acknowledgement);
		updateRoom();
		return isMuch();
	}

	/**
	 * The checkpoint of a transaction stands behind the last of its updates, and they are
	 * reported one by one: it must not go back to those before.
	 */
	private @Nullable Long notBehindTransaction(@Nullable Long position) {
		if (position == null || this.committed.isEmpty()) {
			return position;
		}
		Long last = this.committed.get(this.committed.size() - 1);
		if (!position.equals(last) && (position < last || this.committed.contains(position))) {
			return null;
		}
		this.committed.clear();
		return position;
	}

	synchronized void reached(Instant timestamp) {
		this.resumeTime.seen(timestamp);
	}

	/**
	 * Return whether much was done, and the checkpoint has room for what comes with it:
	 * the platform may have to take acknowledgements first.
	 */
	synchronized boolean isMuch() {
		return this.unsaved.updates() >= this.every && this.due.hasRoom();
	}

	/**
	 * Return how many updates may be delivered.
	 */
	int room() {
		return this.room;
	}

	private void updateRoom() {
		boolean hadRoom = this.room > 0;
		int left = 2 * this.every - this.unsaved.updates();
		if (this.transactionSize > 0) {
			this.room = (left > 0 && this.due.hasRoom()) ? this.transactionSize : 0;
		}
		else {
			this.room = left;
		}
		this.madeRoom |= this.room > 0 && !hadRoom;
	}

	/**
	 * Return whether updates may be delivered that could not when this was asked last. A
	 * delivery that waits has to learn it, whatever has made the room: an acknowledgement
	 * that was taken, a checkpoint that was saved, or one that needs not be.
	 */
	synchronized boolean hasMadeRoom() {
		boolean made = this.madeRoom;
		this.madeRoom = false;
		return made;
	}

	/**
	 * The platform has taken an acknowledgement.
	 */
	synchronized void acknowledged(String taskId) {
		this.due.remove(taskId);
		updateRoom();
	}

	/**
	 * Return how many acknowledgements the platform has to take before further updates
	 * may be delivered.
	 * @return zero if none is waited for
	 */
	synchronized int awaitedAcknowledgements() {
		return (this.room <= 0 && !this.due.hasRoom()) ? this.due.size() : 0;
	}

	/**
	 * Return the tasks whose ends are to be acknowledged.
	 */
	synchronized List<String> due() {
		return this.due.asList();
	}

	/**
	 * Return what goes into the next checkpoint.
	 */
	synchronized Batch next() {
		return this.unsaved.next(this.due);
	}

	/**
	 * Return what goes into the next checkpoint, if that differs from the last one.
	 * @param last the last checkpoint
	 * @return {@code null} if it does not differ
	 */
	synchronized @Nullable Batch nextAfter(Checkpoint last) {
		Batch batch = next();
		if (!batch.added().isEmpty() || !isSaved(batch, last) || this.dueSaved != batch.dueRemovals()) {
			return batch;
		}
		this.unsaved.remove(batch);
		updateRoom();
		return null;
	}

	/**
	 * Beside a position a little time alone is not worth a write. A transaction has saved
	 * the position of its updates before they are reported; the next one saves their
	 * time.
	 */
	private static boolean isSaved(Batch batch, Checkpoint last) {
		boolean samePosition = batch.position() == null || batch.position().equals(last.position());
		Duration moved = Duration.between(last.since(), last.sinceAfter(batch.newest()));
		return samePosition && moved.compareTo((last.position() != null) ? UNSAVED_TIME : Duration.ZERO) <= 0;
	}

	/**
	 * Return what leaves a checkpoint as it is.
	 */
	synchronized Batch nothingAfter(Checkpoint last) {
		return Batch.ofNothing(last.acknowledgements(), this.dueSaved);
	}

	/**
	 * A checkpoint was saved.
	 * @param batch what went into it
	 * @param checkpoint the checkpoint
	 * @param updates the updates whose transaction it was saved in
	 */
	synchronized void saved(Batch batch, Checkpoint checkpoint, List<TaskUpdate> updates) {
		if (!updates.isEmpty()) {
			this.committed.clear();
			updates.stream().map(TaskUpdate::position).filter(Objects::nonNull).forEach(this.committed::add);
		}
		this.unsaved.remove(batch);
		batch.added().forEach(this.due::add);
		this.dueSaved = batch.dueRemovals();
		updateRoom();
		stored(checkpoint);
	}

	/**
	 * Return the status of the checkpoint.
	 * @param error why it could not be saved; {@code null} if it was
	 */
	synchronized TaskWatcherStatus.Checkpoint status(@Nullable String error) {
		return new TaskWatcherStatus.Checkpoint(this.savedPosition, this.savedAt, this.unsaved.updates(),
				this.due.size(), error);
	}

}
