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

import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import cloud.requence.task.CheckpointStore;
import cloud.requence.task.TaskUpdate;
import cloud.requence.task.checkpoint.StoredCheckpoint.Standing;
import cloud.requence.task.checkpoint.StoredCheckpoint.Write;
import cloud.requence.task.checkpoint.UnsavedProgress.Batch;
import cloud.requence.task.delivery.DeliveryUnavailableException;
import cloud.requence.task.support.LogText;

/**
 * Writes the checkpoint of this instance: alone, or in the transaction of updates. Each
 * checkpoint replaces the one that was written before: one that another instance has
 * written in the meantime stays, and nothing is written any more.
 * <p>
 * The store is guarded by a lock of its own, taken before that of the progress. Only
 * {@link #close()} and the end of a transaction do without, as a store may not answer.
 */
final class CheckpointWriter {

	/**
	 * How old a checkpoint becomes: half of the time after which it has to be written.
	 */
	static final Duration HEARTBEAT = Duration.ofSeconds(10);

	private static final Log logger = LogFactory.getLog(CheckpointWriter.class);

	private static final Duration OPEN_TIMEOUT = Duration.ofMillis(500);

	private static final int ATTEMPTS = 3;

	private final String watcher;

	private final CheckpointStore store;

	private final CheckpointProgress progress;

	private final Announcements announcements;

	private final SaveFailures failures;

	private final ReentrantLock lock = new ReentrantLock();

	// The transaction that is open
	private final AtomicReference<@Nullable Object> transaction = new AtomicReference<>();

	private volatile boolean open;

	// Guarded by the lock
	private final StoredCheckpoint stored;

	private boolean superseded;

	private long transactionRevision;

	private boolean heartbeatsInTransactions = true;

	// Those of the last transaction
	private List<TaskUpdate> committed = List.of();

	CheckpointWriter(String watcher, CheckpointStore store, CheckpointProgress progress, Announcements announcements,
			LongSupplier nanoTime) {
		this.watcher = watcher;
		this.store = store;
		this.progress = progress;
		this.announcements = announcements;
		this.failures = new SaveFailures(watcher, store.toString(), nanoTime);
		this.stored = new StoredCheckpoint(watcher, store, nanoTime, this::saved);
	}

	/**
	 * Find out where to resume, and claim the checkpoint.
	 */
	ResumePoint open(URI baseUrl, Supplier<Instant> since) {
		lockSoon();
		try {
			boolean known = this.stored.open(baseUrl, since);
			this.failures.tryAgainAtOnce();
			// One that a listener of the last run keeps open must not write any more
			this.transaction.set(null);
			this.heartbeatsInTransactions = true;
			Checkpoint current = this.stored.current();
			if (!known) {
				this.committed = List.of();
				this.progress.continueFrom(current);
				this.announcements.clear();
				logger.info(LogText.watcher(this.watcher) + " " + describe(current));
			}
			this.open = true;
			this.superseded = false;
			this.progress.stored(current);
			return new ResumePoint(known, current.since(), current.position(), this.progress.due());
		}
		finally {
			this.lock.unlock();
		}
	}

	private String describe(Checkpoint found) {
		if (found.position() == null) {
			return "starts at " + found.since() + ", as the checkpoint in " + this.store + " has no position yet";
		}
		int acknowledgements = found.acknowledgements().size();
		return "resumes at position " + found.position() + ", from the checkpoint in " + this.store
				+ ((acknowledgements > 0) ? ", with " + acknowledgements + " acknowledgements to be sent" : "");
	}

	/**
	 * Fail if the checkpoint cannot be used.
	 */
	void check(URI baseUrl) {
		lockSoon();
		try {
			this.stored.check(baseUrl);
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * A start must not wait for a store that does not answer.
	 */
	private void lockSoon() {
		try {
			if (this.lock.tryLock(OPEN_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)) {
				return;
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
		throw new CheckpointBusyException(this.store.toString());
	}

	/**
	 * Return whether the checkpoint of another instance has not changed for a minute.
	 */
	boolean isAbandoned() {
		if (!this.lock.tryLock()) {
			return false;
		}
		try {
			return this.stored.isAbandoned();
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Write nothing more outside of transactions, until it is opened again.
	 */
	void close() {
		this.open = false;
	}

	/**
	 * Return whether no failure asks for a later attempt.
	 */
	boolean isTimeToTry() {
		return this.failures.isTimeToTryAgain();
	}

	/**
	 * Return why the checkpoint is not saved.
	 * @return {@code null} if it is
	 */
	@Nullable String error() {
		Duration delay = this.stored.delay();
		return (delay != null) ? "no answer for " + delay.toSeconds() + " s" : this.failures.last();
	}

	/**
	 * Save what was done.
	 * @return whether a checkpoint was written
	 */
	boolean save() {
		if (!awaitLock()) {
			return false;
		}
		try {
			return mayWrite() && write();
		}
		catch (Throwable ex) {
			this.failures.add(ex);
			// It may have waited for the only connection
			this.heartbeatsInTransactions &= this.transaction.get() == null;
			return false;
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * A transaction writes itself when its listeners are done, and a write of this
	 * thread's may be in its way: only long ones are interrupted by a sign of life.
	 */
	private boolean mayWrite() {
		return this.open && (this.transaction.get() == null
				|| (this.heartbeatsInTransactions && this.stored.isOlderThan(HEARTBEAT)));
	}

	private boolean write() {
		for (int i = 0; i < ATTEMPTS; i++) {
			if (reconcile() == Standing.FOREIGN) {
				return false;
			}
			Batch batch = nextBatch();
			if (batch == null) {
				return false;
			}
			if (this.stored.write(batch, List.of())) {
				this.stored.confirm();
				return true;
			}
		}
		throw new IllegalStateException("The store does not replace the checkpoint that it holds");
	}

	private Standing reconcile() {
		Standing standing = this.stored.reconcile();
		if (standing == Standing.FOREIGN) {
			superseded();
		}
		return standing;
	}

	private @Nullable Batch nextBatch() {
		return (this.stored.isOutdated() || this.stored.isOlderThan(HEARTBEAT)) ? this.progress.next()
				: this.progress.nextAfter(this.stored.current());
	}

	private void saved(Write write) {
		this.progress.saved(write.batch(), write.checkpoint(), write.updates());
		this.announcements.saved(write.batch().added());
		if (!write.updates().isEmpty()) {
			this.committed = write.updates();
		}
		this.failures.clear();
	}

	private void superseded() {
		this.open = false;
		if (this.superseded) {
			return;
		}
		this.superseded = true;
		this.announcements.superseded();
		logger.error(LogText.watcher(this.watcher) + ": another instance has written the checkpoint in " + this.store
				+ ". This watcher steps down. Let one instance watch at a time, or set"
				+ " 'requence.task.leader-election.enabled' to 'true'");
	}

	/**
	 * A transaction has ended.
	 */
	void ended(Object transaction) {
		this.transaction.compareAndSet(transaction, null);
	}

	/**
	 * Keep others from the store until the result is closed.
	 */
	Exclusive exclusive() {
		if (!awaitLock()) {
			throw new DeliveryUnavailableException("The delivery was interrupted before it could use the checkpoint",
					null);
		}
		return new Exclusive();
	}

	/**
	 * Wait for the lock of the store.
	 * @return {@code false} if the thread was interrupted while it had to wait
	 */
	private boolean awaitLock() {
		if (this.lock.tryLock()) {
			return true;
		}
		try {
			this.lock.lockInterruptibly();
			return true;
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			return false;
		}
	}

	/**
	 * Access to the store for updates in a transaction.
	 */
	final class Exclusive implements AutoCloseable {

		private final long revision = CheckpointWriter.this.stored.revision();

		private Exclusive() {
		}

		/**
		 * Find out whether updates were committed by a transaction whose outcome was not
		 * known.
		 */
		boolean hasCommitted(List<TaskUpdate> updates) {
			if (reconcile() == Standing.FOREIGN || CheckpointWriter.this.superseded) {
				throw takenOver();
			}
			return updates.stream()
				.allMatch((update) -> CheckpointWriter.this.committed.stream().anyMatch((other) -> other == update));
		}

		private DeliveryUnavailableException takenOver() {
			return new DeliveryUnavailableException("Another instance has written the checkpoint", null);
		}

		/**
		 * A transaction begins, and is the only one that may write.
		 */
		void begin(Object transaction) {
			CheckpointWriter.this.transaction.set(transaction);
			CheckpointWriter.this.transactionRevision = CheckpointWriter.this.stored.revision();
		}

		/**
		 * Write the checkpoint behind updates.
		 * @param acknowledgements the tasks whose ends are to be acknowledged then
		 * @return {@code false} if something else is stored than expected
		 */
		boolean write(Object transaction, List<TaskUpdate> updates, List<String> acknowledgements) {
			if (CheckpointWriter.this.transaction.get() != transaction) {
				throw new DeliveryUnavailableException("The watcher was started again before a transaction ended",
						null);
			}
			// At some isolation levels a sign of life lets the transaction fail
			CheckpointWriter.this.heartbeatsInTransactions &= CheckpointWriter.this.stored
				.revision() == CheckpointWriter.this.transactionRevision;
			Batch batch = CheckpointWriter.this.progress.next();
			for (TaskUpdate update : updates) {
				batch = batch.with(update.position(), null);
			}
			for (String acknowledgement : acknowledgements) {
				batch = batch.with(null, acknowledgement);
			}
			return CheckpointWriter.this.stored.write(batch, updates);
		}

		/**
		 * The transaction with the last write was committed.
		 */
		void committed() {
			CheckpointWriter.this.stored.confirm();
		}

		/**
		 * The transaction with the last write is not committed.
		 */
		void withdraw() {
			CheckpointWriter.this.stored.withdrawAfter(this.revision);
		}

		/**
		 * Write a checkpoint that adds nothing: the same, but for its revision.
		 * @return {@code false} if something else is stored than expected
		 */
		boolean probe() {
			Batch nothing = CheckpointWriter.this.progress.nothingAfter(CheckpointWriter.this.stored.current());
			return CheckpointWriter.this.stored.write(nothing, List.of());
		}

		@Override
		public void close() {
			CheckpointWriter.this.lock.unlock();
		}

	}

}
