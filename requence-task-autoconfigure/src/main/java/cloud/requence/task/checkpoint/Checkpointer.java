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
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BiConsumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;
import reactor.core.scheduler.Scheduler;

import cloud.requence.task.CheckpointException;
import cloud.requence.task.CheckpointStore;
import cloud.requence.task.TaskUpdate;
import cloud.requence.task.TaskWatcherStatus;
import cloud.requence.task.checkpoint.StoredCheckpoint.Standing;
import cloud.requence.task.checkpoint.StoredCheckpoint.Write;
import cloud.requence.task.checkpoint.UnsavedProgress.Batch;
import cloud.requence.task.delivery.DeliveryUnavailableException;
import cloud.requence.task.delivery.ProgressListener;

/**
 * Decides when the progress of the delivery is saved: every now and then on a thread of
 * its own, or in the transactions of the updates. Each checkpoint replaces the one that
 * this checkpointer has written before: one that another instance has written in the
 * meantime stays, and the watcher has to step down.
 * <p>
 * Progress is guarded by this object, the store by a lock of its own, taken first. The
 * observer is called without either.
 */
public final class Checkpointer implements ProgressListener {

	private static final Log logger = LogFactory.getLog(Checkpointer.class);

	private static final Duration MAX_INTERVAL = Duration.ofDays(1);

	private static final int MAX_EVERY = 100_000;

	// Twice as often as a checkpoint has to be written
	private static final Duration HEARTBEAT = Duration.ofSeconds(10);

	private static final Duration OPEN_TIMEOUT = Duration.ofMillis(500);

	private static final int ATTEMPTS = 3;

	private final String watcher;

	private final CheckpointStore store;

	private final Duration interval;

	private final int every;

	private final Supplier<Scheduler> scheduler;

	private final Clock clock;

	// Zero outside of transactions
	private final int transactionSize;

	private final SaveFailures failures;

	private final Announcements announcements;

	private final ReentrantLock saving = new ReentrantLock();

	// The transaction that is open
	private final AtomicReference<@Nullable Object> transaction = new AtomicReference<>();

	// Guarded by the lock of the store
	private final StoredCheckpoint stored;

	private long transactionRevision;

	private boolean heartbeatsInTransactions = true;

	// Those of the last transaction
	private List<TaskUpdate> committed = List.of();

	// Guarded by this
	private final UnsavedProgress unsaved = new UnsavedProgress();

	private final ResumeTime resumeTime;

	private final DueAcknowledgements due = new DueAcknowledgements();

	private long dueSaved;

	private @Nullable Long savedPosition;

	private @Nullable Instant savedAt;

	private boolean open;

	private boolean superseded;

	private boolean scheduled;

	private @Nullable Scheduler timers;

	private Scheduler.@Nullable Worker worker;

	// Read by any thread
	private volatile int room = 1;

	/**
	 * Create a checkpointer.
	 * @param watcher the name of the watcher, for logs
	 * @param store keeps the checkpoint
	 * @param interval how long progress may wait until it is saved; at most a day
	 * @param every how many updates may wait until they are saved, at most 100,000; the
	 * delivery waits when twice as many do
	 * @param scheduler creates the thread to save on
	 * @param acknowledger acknowledges the end of a task whose delivery is durable, and
	 * runs an action when the platform has taken the acknowledgement or never will
	 * @param observer is called after a checkpoint was saved
	 * @param clock the clock for the status
	 * @param nanoTime the monotonic clock
	 * @param transactionSize how many updates are saved in one transaction at most, zero
	 * without transactions
	 */
	public Checkpointer(String watcher, CheckpointStore store, Duration interval, int every,
			Supplier<Scheduler> scheduler, BiConsumer<String, Runnable> acknowledger, CheckpointObserver observer,
			Clock clock, LongSupplier nanoTime, int transactionSize) {
		this.watcher = watcher;
		this.store = store;
		this.interval = (interval.compareTo(MAX_INTERVAL) < 0) ? interval : MAX_INTERVAL;
		this.every = Math.max(1, Math.min(every, MAX_EVERY));
		this.scheduler = scheduler;
		this.clock = clock;
		this.resumeTime = new ResumeTime(clock);
		this.transactionSize = transactionSize;
		this.failures = new SaveFailures(watcher, store.toString(), nanoTime);
		this.announcements = new Announcements(watcher,
				(taskId) -> acknowledger.accept(taskId, () -> acknowledged(taskId)), observer);
		this.stored = new StoredCheckpoint(watcher, store, nanoTime, this::saved);
	}

	/**
	 * Find out where to resume, and claim the checkpoint: an instance that has written it
	 * before finds out when it saves the next one.
	 * @param baseUrl the platform that is watched
	 * @param since where to begin if there is no checkpoint
	 * @return where to resume
	 * @throws CheckpointBusyException if an earlier call of the store has not returned,
	 * so that it has to be tried again
	 * @throws CheckpointException if the checkpoint cannot be read or written, or belongs
	 * to another platform
	 */
	public ResumePoint open(URI baseUrl, Supplier<Instant> since) {
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
				forget(current);
				logger.info("Task watcher '" + this.watcher + "' " + describe(current));
			}
			synchronized (this) {
				this.open = true;
				this.superseded = false;
				publishStatus(current);
				return new ResumePoint(known, current.since(), current.position(), this.due.asList());
			}
		}
		finally {
			this.saving.unlock();
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
	 * @param baseUrl the platform that is watched
	 * @throws CheckpointException if the checkpoint cannot be read, or belongs to another
	 * platform
	 */
	public void check(URI baseUrl) {
		lockSoon();
		try {
			this.stored.check(baseUrl);
		}
		finally {
			this.saving.unlock();
		}
	}

	/**
	 * A start must not wait for a store that does not answer.
	 */
	private void lockSoon() {
		try {
			if (this.saving.tryLock(OPEN_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)) {
				return;
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
		throw new CheckpointBusyException(this.store.toString());
	}

	/**
	 * Return whether another instance that has written the checkpoint has stopped writing
	 * it. An active instance writes its checkpoint at least every 20 seconds, even
	 * without progress, so that one that has not changed for a minute has no writer. To
	 * be asked every few seconds after {@link CheckpointObserver#onSuperseded()}: the
	 * minute begins with the first call, and with each change. Once this is {@code true},
	 * {@link #open(URI, Supplier)} claims the checkpoint.
	 * <p>
	 * Reads the store on the thread of the caller, and never throws: while the store
	 * cannot be read the answer is {@code false}, and the minute begins anew.
	 * @return {@code true} if the checkpoint has not changed for a minute
	 */
	public boolean isAbandoned() {
		if (!this.saving.tryLock()) {
			return false;
		}
		try {
			return this.stored.isAbandoned();
		}
		finally {
			this.saving.unlock();
		}
	}

	private synchronized void forget(Checkpoint current) {
		this.unsaved.clear();
		this.resumeTime.forget();
		this.due.replaceWith(current.acknowledgements());
		this.dueSaved = this.due.removals();
		this.announcements.clear();
		this.room = roomNow();
	}

	private int roomNow() {
		int left = 2 * this.every - this.unsaved.updates();
		if (this.transactionSize > 0) {
			return (left > 0 && this.due.hasRoom()) ? this.transactionSize : 0;
		}
		return left;
	}

	/**
	 * Begin to save.
	 */
	public synchronized void start() {
		Scheduler created = this.scheduler.get();
		this.timers = created;
		this.worker = created.createWorker();
		long period = Math.max(1, this.interval.toMillis());
		this.worker.schedulePeriodically(this::saveQuietly, period, period, TimeUnit.MILLISECONDS);
		long heartbeat = HEARTBEAT.toMillis();
		this.worker.schedulePeriodically(this::saveQuietly, heartbeat, heartbeat, TimeUnit.MILLISECONDS);
	}

	/**
	 * Save what was done, and wait for it.
	 * @param timeout how long to wait
	 */
	public void save(Duration timeout) {
		Scheduler.Worker current;
		synchronized (this) {
			current = this.worker;
		}
		if (current == null) {
			return;
		}
		CountDownLatch done = new CountDownLatch(1);
		long millis = ((timeout.compareTo(MAX_INTERVAL) < 0) ? timeout : MAX_INTERVAL).toMillis();
		try {
			current.schedule(() -> {
				try {
					saveNow();
					announce();
				}
				finally {
					done.countDown();
				}
			});
			if (!done.await(millis, TimeUnit.MILLISECONDS)) {
				logger.warn("Task watcher '" + this.watcher + "': the checkpoint in " + this.store
						+ " was not saved within " + millis + " ms, so that updates are delivered again");
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
		catch (RejectedExecutionException ex) {
			logger.debug("Another thread has stopped the checkpoints", ex);
		}
	}

	/**
	 * Save what was done, and stop saving.
	 * @param timeout how long to wait
	 */
	public void stop(Duration timeout) {
		save(timeout);
		Scheduler stopped;
		synchronized (this) {
			this.open = false;
			stopped = this.timers;
			this.timers = null;
			this.worker = null;
			this.scheduled = false;
		}
		if (stopped != null) {
			stopped.dispose();
		}
	}

	@Override
	public synchronized void advanced(@Nullable Long position, int updates, @Nullable String acknowledgement) {
		this.unsaved.add(position, this.resumeTime.newest(), updates, acknowledgement);
		this.room = roomNow();
		scheduleIfMany();
	}

	/**
	 * Save if much was done, and if the checkpoint has room for what comes with it: the
	 * platform may have to take acknowledgements first.
	 */
	private void scheduleIfMany() {
		if (this.unsaved.updates() >= this.every && this.due.hasRoom() && !this.scheduled && this.worker != null) {
			this.scheduled = true;
			this.worker.schedule(this::saveQuietly);
		}
	}

	@Override
	public synchronized void reached(Instant timestamp) {
		this.resumeTime.seen(timestamp);
	}

	@Override
	public int room() {
		return this.room;
	}

	/**
	 * Acknowledge what an earlier process has not, as far as the checkpoint carries it.
	 */
	public void acknowledgeDue() {
		synchronized (this) {
			this.announcements.saved(this.due.asList());
		}
		announce();
	}

	/**
	 * The platform has taken an acknowledgement.
	 */
	void acknowledged(String taskId) {
		boolean makesRoom;
		synchronized (this) {
			boolean hadRoom = this.room > 0;
			this.due.remove(taskId);
			this.room = roomNow();
			makesRoom = this.room > 0 && !hadRoom;
			scheduleIfMany();
		}
		if (makesRoom) {
			this.announcements.saved(List.of());
			announce();
		}
	}

	/**
	 * Return the status of the checkpoint, from memory.
	 * @return the status
	 */
	public synchronized TaskWatcherStatus.Checkpoint status() {
		Duration delay = this.stored.delay();
		String error = (delay != null) ? "no answer for " + delay.toSeconds() + " s" : this.failures.last();
		return new TaskWatcherStatus.Checkpoint(this.savedPosition, this.savedAt, this.unsaved.updates(),
				this.due.size(), error);
	}

	private void saveQuietly() {
		boolean progress = false;
		try {
			progress = this.failures.isTimeToTryAgain() && saveNow();
			announce();
		}
		finally {
			synchronized (this) {
				this.scheduled = false;
				if (progress) {
					scheduleIfMany();
				}
			}
		}
	}

	/**
	 * Save what was done.
	 * @return whether a checkpoint was written
	 */
	private boolean saveNow() {
		if (!lock()) {
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
			this.saving.unlock();
		}
	}

	/**
	 * A transaction writes itself when its listeners are done, and a write of this
	 * thread's may be in its way: only long ones are interrupted by a sign of life.
	 */
	private synchronized boolean mayWrite() {
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

	private synchronized @Nullable Batch nextBatch() {
		Batch batch = this.unsaved.next(this.due);
		boolean changes = !batch.added().isEmpty() || !isSaved(batch) || this.dueSaved != batch.dueRemovals();
		if (changes || this.stored.isOutdated() || this.stored.isOlderThan(HEARTBEAT)) {
			return batch;
		}
		this.unsaved.remove(batch);
		this.room = roomNow();
		return null;
	}

	private boolean isSaved(Batch batch) {
		Checkpoint current = this.stored.current();
		boolean samePosition = batch.position() == null || batch.position().equals(current.position());
		return samePosition && current.sinceAfter(batch.newest()).equals(current.since());
	}

	private void saved(Write write) {
		synchronized (this) {
			Batch batch = write.batch();
			this.unsaved.remove(batch);
			batch.added().forEach(this.due::add);
			this.dueSaved = batch.dueRemovals();
			this.room = roomNow();
			this.announcements.saved(batch.added());
			publishStatus(write.checkpoint());
		}
		if (!write.updates().isEmpty()) {
			this.committed = write.updates();
		}
		this.failures.clear();
	}

	private void publishStatus(Checkpoint current) {
		this.savedAt = this.clock.instant();
		this.savedPosition = current.position();
	}

	private void superseded() {
		synchronized (this) {
			this.open = false;
			if (this.superseded) {
				return;
			}
			this.superseded = true;
			this.announcements.superseded();
		}
		logger.error("Task watcher '" + this.watcher + "': another instance has written the checkpoint in " + this.store
				+ ". This watcher steps down. Let one instance watch at a time, or set"
				+ " 'requence.task.leader-election.enabled' to 'true'");
	}

	/**
	 * Call the observer, without locks.
	 */
	void announce() {
		this.announcements.deliver();
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
		if (!lock()) {
			throw new DeliveryUnavailableException("The delivery was interrupted before it could use the checkpoint",
					null);
		}
		return new Exclusive();
	}

	/**
	 * Wait for the lock of the store.
	 * @return {@code false} if the thread was interrupted while it had to wait
	 */
	private boolean lock() {
		if (this.saving.tryLock()) {
			return true;
		}
		try {
			this.saving.lockInterruptibly();
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

		private final long revision = Checkpointer.this.stored.revision();

		private Exclusive() {
		}

		/**
		 * Find out whether updates were committed by a transaction whose outcome was not
		 * known.
		 */
		boolean hasCommitted(List<TaskUpdate> updates) {
			if (reconcile() == Standing.FOREIGN) {
				throw takenOver();
			}
			synchronized (Checkpointer.this) {
				if (Checkpointer.this.superseded) {
					throw takenOver();
				}
			}
			return updates.stream()
				.allMatch((update) -> Checkpointer.this.committed.stream().anyMatch((other) -> other == update));
		}

		private DeliveryUnavailableException takenOver() {
			return new DeliveryUnavailableException("Another instance has written the checkpoint", null);
		}

		/**
		 * A transaction begins, and is the only one that may write.
		 */
		void begin(Object transaction) {
			Checkpointer.this.transaction.set(transaction);
			Checkpointer.this.transactionRevision = Checkpointer.this.stored.revision();
		}

		/**
		 * Write the checkpoint behind updates.
		 * @param acknowledgements the tasks whose ends are to be acknowledged then
		 * @return {@code false} if something else is stored than expected
		 */
		boolean write(Object transaction, List<TaskUpdate> updates, List<String> acknowledgements) {
			if (Checkpointer.this.transaction.get() != transaction) {
				throw new DeliveryUnavailableException("The watcher was started again before a transaction ended",
						null);
			}
			// At some isolation levels a sign of life lets the transaction fail
			Checkpointer.this.heartbeatsInTransactions &= Checkpointer.this.stored
				.revision() == Checkpointer.this.transactionRevision;
			Batch batch;
			synchronized (Checkpointer.this) {
				batch = Checkpointer.this.unsaved.next(Checkpointer.this.due);
			}
			for (TaskUpdate update : updates) {
				batch = batch.with(update.position(), null);
			}
			for (String acknowledgement : acknowledgements) {
				batch = batch.with(null, acknowledgement);
			}
			return Checkpointer.this.stored.write(batch, updates);
		}

		/**
		 * The transaction with the last write was committed.
		 */
		void committed() {
			Checkpointer.this.stored.confirm();
		}

		/**
		 * The transaction with the last write is not committed.
		 */
		void withdraw() {
			Checkpointer.this.stored.withdrawAfter(this.revision);
		}

		/**
		 * Write a checkpoint that adds nothing: the same, but for its revision.
		 * @return {@code false} if something else is stored than expected
		 */
		boolean probe() {
			Batch nothing;
			synchronized (Checkpointer.this) {
				nothing = Batch.ofNothing(Checkpointer.this.stored.current().acknowledgements(),
						Checkpointer.this.dueSaved);
			}
			return Checkpointer.this.stored.write(nothing, List.of());
		}

		@Override
		public void close() {
			Checkpointer.this.saving.unlock();
		}

	}

}
