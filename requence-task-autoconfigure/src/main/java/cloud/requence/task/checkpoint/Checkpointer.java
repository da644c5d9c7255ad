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
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
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
import cloud.requence.task.checkpoint.UnsavedProgress.Batch;
import cloud.requence.task.delivery.ProgressListener;

/**
 * Saves how far the delivery is, every now and then and on a thread of its own. Each
 * checkpoint replaces the one that this checkpointer has written before: if somebody else
 * has written one in the meantime, that one stays, and the watcher learns of it.
 * <p>
 * Progress is guarded by this object, the store by a lock of its own, taken first.
 */
public final class Checkpointer implements ProgressListener {

	private static final Log logger = LogFactory.getLog(Checkpointer.class);

	private static final int CLAIMS = 3;

	// Twice as often as a checkpoint has to be written
	private static final Duration HEARTBEAT = Duration.ofSeconds(10);

	private static final Duration LEASE = Duration.ofSeconds(60);

	private static final Duration OPEN_TIMEOUT = Duration.ofMillis(500);

	private final String watcher;

	private final CheckpointStore store;

	private final Duration interval;

	private final int every;

	private final Supplier<Scheduler> scheduler;

	private final CheckpointObserver observer;

	private final Clock clock;

	private final LongSupplier nanoTime;

	private final boolean transactional;

	private final CheckpointFormat format = new CheckpointFormat();

	private final SaveFailures failures;

	private final ReentrantLock saving = new ReentrantLock();

	// Guarded by the lock of the store
	private @Nullable String stored;

	private @Nullable Checkpoint saved;

	private @Nullable Attempt attempt;

	private long writtenAt;

	private @Nullable Observation observation;

	// Guarded by this
	private final UnsavedProgress unsaved = new UnsavedProgress();

	private final DueAcknowledgements due = new DueAcknowledgements();

	private boolean dueChanged;

	private @Nullable Long savedPosition;

	private @Nullable Instant savedAt;

	private boolean open;

	private boolean scheduled;

	private @Nullable Scheduler timers;

	private Scheduler.@Nullable Worker worker;

	// Read by any thread
	private volatile boolean room = true;

	/**
	 * Create a checkpointer.
	 * @param watcher the name of the watcher, for logs
	 * @param store keeps the checkpoint
	 * @param interval how long progress may wait until it is saved
	 * @param every how many updates may wait until they are saved; the delivery waits
	 * when twice as many do
	 * @param scheduler creates the thread to save on
	 * @param observer learns what follows
	 * @param clock the clock for the status
	 * @param nanoTime the monotonic clock
	 * @param transactional whether each update is saved in a transaction of its own
	 */
	public Checkpointer(String watcher, CheckpointStore store, Duration interval, int every,
			Supplier<Scheduler> scheduler, CheckpointObserver observer, Clock clock, LongSupplier nanoTime,
			boolean transactional) {
		this.watcher = watcher;
		this.store = store;
		this.interval = interval;
		this.every = every;
		this.scheduler = scheduler;
		this.observer = observer;
		this.clock = clock;
		this.nanoTime = nanoTime;
		this.transactional = transactional;
		this.failures = new SaveFailures(watcher, store.toString());
	}

	/**
	 * Find out where to go on, and claim the checkpoint: whoever has written it before
	 * finds out when saving the next one.
	 * @param baseUrl the platform that is watched
	 * @param since where to begin if there is no checkpoint
	 * @return where to go on
	 * @throws CheckpointBusyException if an update of the run before is still being
	 * handled, so that it has to be tried again
	 * @throws CheckpointException if the checkpoint cannot be read or written, or belongs
	 * to another platform
	 */
	public ResumePoint open(URI baseUrl, Supplier<Instant> since) {
		lockSoon();
		try {
			String text = load();
			boolean known = text != null && text.equals(this.stored);
			Checkpoint current = this.saved;
			if (!known || current == null) {
				current = claim(text, baseUrl, since, CLAIMS);
				this.attempt = null;
				forget(current);
			}
			check(current, baseUrl);
			this.observation = null;
			synchronized (this) {
				this.open = true;
				publishStatus(current);
				return new ResumePoint(known, current.since(), current.position(), this.due.asList());
			}
		}
		finally {
			this.saving.unlock();
		}
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
			String text = load();
			if (text != null) {
				check(this.format.read(text, this.store.toString()), baseUrl);
			}
		}
		finally {
			this.saving.unlock();
		}
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
			String text = this.store.load();
			long now = this.nanoTime.getAsLong();
			Observation before = this.observation;
			if (before == null || !Objects.equals(before.text(), text)) {
				this.observation = new Observation(text, now);
				return false;
			}
			return now - before.since() >= LEASE.toNanos();
		}
		catch (Throwable ex) {
			logger.debug("Task watcher '" + this.watcher + "': the checkpoint in " + this.store + " cannot be read",
					ex);
			this.observation = null;
			return false;
		}
		finally {
			this.saving.unlock();
		}
	}

	/**
	 * A start must not wait for a listener of the run before.
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

	private @Nullable String load() {
		try {
			return this.store.load();
		}
		catch (CheckpointException ex) {
			throw ex;
		}
		catch (RuntimeException ex) {
			throw unavailable("read", ex);
		}
	}

	private Checkpoint claim(@Nullable String text, URI baseUrl, Supplier<Instant> since, int claims) {
		String writer = UUID.randomUUID().toString().substring(0, 8);
		Checkpoint claimed;
		if (text != null) {
			Checkpoint found = this.format.read(text, this.store.toString());
			check(found, baseUrl);
			claimed = found.claimedBy(writer);
		}
		else {
			claimed = Checkpoint.first(baseUrl, since.get(), writer);
		}
		String next = this.format.write(claimed);
		if (compareAndSet(text, next)) {
			this.stored = next;
			this.saved = claimed;
			this.writtenAt = this.nanoTime.getAsLong();
			return claimed;
		}
		if (claims == 1) {
			throw new CheckpointException("The checkpoint in " + this.store + " is being written by others",
					"Let one instance watch at a time: set 'requence.task.leader-election.enabled' to 'true'.", null);
		}
		return claim(load(), baseUrl, since, claims - 1);
	}

	private boolean compareAndSet(@Nullable String expected, String next) {
		try {
			return this.store.compareAndSet(expected, next);
		}
		catch (CheckpointException ex) {
			throw ex;
		}
		catch (RuntimeException ex) {
			throw unavailable("written", ex);
		}
	}

	private CheckpointException unavailable(String verb, RuntimeException cause) {
		return new CheckpointException("The checkpoint in " + this.store + " cannot be " + verb + " ("
				+ cause.getClass().getSimpleName() + ")",
				"Check that the store can be reached and that the application may use it.", cause);
	}

	private void check(Checkpoint checkpoint, URI baseUrl) {
		if (!checkpoint.baseUrl().equals(baseUrl)) {
			throw new CheckpointException(
					"The checkpoint in " + this.store + " belongs to " + checkpoint.baseUrl() + ", but the watcher '"
							+ this.watcher + "' watches " + baseUrl,
					"Use another checkpoint for each platform: set 'requence.task.checkpoint.key' or"
							+ " 'requence.task.checkpoint.file', or remove the one that is there.",
					null);
		}
	}

	private synchronized void forget(Checkpoint current) {
		this.unsaved.clear();
		this.due.replaceWith(current.acknowledgements());
		this.dueChanged = false;
		this.room = hasRoomNow();
	}

	private boolean hasRoomNow() {
		return this.unsaved.updates() < 2 * this.every && (!this.transactional || this.due.hasRoom());
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
		try {
			current.schedule(() -> {
				saveNow();
				done.countDown();
			});
			if (!done.await(timeout.toMillis(), TimeUnit.MILLISECONDS)) {
				logger.warn("Task watcher '" + this.watcher + "': the checkpoint in " + this.store
						+ " was not saved within " + timeout.toMillis() + " ms, so that updates are delivered again");
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	/**
	 * Save what was done, and cease to save.
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
		this.unsaved.add(position, updates, acknowledgement);
		this.room = hasRoomNow();
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
	public boolean hasRoom() {
		return this.room;
	}

	/**
	 * The platform has taken an acknowledgement.
	 * @param taskId the identifier of the task
	 */
	public void acknowledged(String taskId) {
		boolean makesRoom;
		synchronized (this) {
			boolean hadRoom = this.room;
			this.dueChanged |= this.due.remove(taskId);
			this.room = hasRoomNow();
			makesRoom = this.room && !hadRoom;
			scheduleIfMany();
		}
		if (makesRoom) {
			this.observer.onSaved();
		}
	}

	/**
	 * Return how the checkpoint is, from memory.
	 * @return the status
	 */
	public synchronized TaskWatcherStatus.Checkpoint status() {
		return new TaskWatcherStatus.Checkpoint(this.savedPosition, this.savedAt, this.unsaved.updates(),
				this.due.size(), this.failures.last());
	}

	private void saveQuietly() {
		boolean progress = this.failures.isTimeToTryAgain() && saveNow();
		synchronized (this) {
			this.scheduled = false;
			if (progress) {
				scheduleIfMany();
			}
		}
	}

	/**
	 * Save what was done.
	 * @return whether a checkpoint was written
	 */
	private boolean saveNow() {
		this.saving.lock();
		try {
			Checkpoint current = this.saved;
			Batch batch = nextBatch();
			if (current != null && batch != null && this.attempt == null) {
				return save(current, batch);
			}
			return false;
		}
		catch (Throwable ex) {
			this.failures.add(ex);
			synchronized (this) {
				this.dueChanged = true;
			}
			return false;
		}
		finally {
			this.saving.unlock();
		}
	}

	private synchronized @Nullable Batch nextBatch() {
		if (!this.open) {
			return null;
		}
		Batch batch = this.unsaved.next(this.due);
		boolean heartbeat = this.nanoTime.getAsLong() - this.writtenAt >= HEARTBEAT.toNanos();
		if (!heartbeat && !this.dueChanged && batch.added().isEmpty() && isSaved(batch.position())) {
			this.unsaved.remove(batch);
			this.room = hasRoomNow();
			return null;
		}
		this.dueChanged = false;
		return batch;
	}

	private boolean isSaved(@Nullable Long position) {
		return position == null || (this.saved != null && position.equals(this.saved.position()));
	}

	private boolean save(Checkpoint current, Batch batch) {
		Checkpoint next = current.next(batch.position(), batch.acknowledgements());
		String text = this.format.write(next);
		if (this.store.compareAndSet(this.stored, text)) {
			saved(next, text, batch);
			return true;
		}
		String found = this.store.load();
		Checkpoint other = (found != null) ? this.format.read(found, this.store.toString()) : null;
		if (other != null && other.writer().equals(current.writer()) && other.revision() >= next.revision()) {
			// An earlier attempt has arrived, though its answer got lost
			this.stored = found;
			this.saved = other;
			return save(other, batch);
		}
		superseded();
		return false;
	}

	private void saved(Checkpoint next, String text, Batch batch) {
		this.stored = text;
		this.saved = next;
		this.writtenAt = this.nanoTime.getAsLong();
		synchronized (this) {
			this.unsaved.remove(batch);
			batch.added().forEach(this.due::add);
			this.room = hasRoomNow();
			publishStatus(next);
		}
		this.failures.clear();
		tell(batch.added());
	}

	private void tell(List<String> durable) {
		durable.forEach(this.observer::onDurable);
		this.observer.onSaved();
	}

	private void publishStatus(Checkpoint current) {
		this.savedAt = this.clock.instant();
		this.savedPosition = current.position();
	}

	private void superseded() {
		synchronized (this) {
			this.open = false;
		}
		logger.error("Task watcher '" + this.watcher + "': somebody else has written the checkpoint in " + this.store
				+ ". This watcher steps down. Let one instance watch at a time, or set"
				+ " 'requence.task.leader-election.enabled' to 'true'");
		this.observer.onSuperseded();
	}

	/**
	 * Keep others from the store until the result is closed.
	 */
	Exclusive exclusive() {
		this.saving.lock();
		return new Exclusive();
	}

	/**
	 * Access to the store for one update in a transaction.
	 */
	final class Exclusive implements AutoCloseable {

		private Exclusive() {
		}

		/**
		 * Find out whether the transaction of an update was committed after all.
		 */
		boolean hasCommitted(TaskUpdate update) {
			Attempt unknown = Checkpointer.this.attempt;
			if (unknown == null) {
				return false;
			}
			if (unknown.text().equals(Checkpointer.this.store.load())) {
				committed();
				return unknown.update() == update;
			}
			Checkpointer.this.attempt = null;
			return false;
		}

		/**
		 * Write the checkpoint behind an update.
		 * @param acknowledgement the task whose end is to be acknowledged then, if any
		 * @return {@code false} if somebody else has written one
		 */
		boolean write(TaskUpdate update, @Nullable String acknowledgement) {
			Attempt next = attempt(update, acknowledgement);
			Checkpointer.this.attempt = next;
			if (Checkpointer.this.store.compareAndSet(Checkpointer.this.stored, next.text())) {
				return true;
			}
			Checkpointer.this.attempt = null;
			superseded();
			return false;
		}

		private Attempt attempt(TaskUpdate update, @Nullable String acknowledgement) {
			Checkpoint current = Objects.requireNonNull(Checkpointer.this.saved);
			synchronized (Checkpointer.this) {
				Batch batch = Checkpointer.this.unsaved.next(Checkpointer.this.due)
					.with(update.position(), acknowledgement);
				Checkpoint next = current.next(batch.position(), batch.acknowledgements());
				return new Attempt(update, next, Checkpointer.this.format.write(next), batch);
			}
		}

		void committed() {
			Attempt done = Checkpointer.this.attempt;
			Checkpointer.this.attempt = null;
			if (done != null) {
				saved(done.checkpoint(), done.text(), done.batch());
			}
		}

		@Override
		public void close() {
			Checkpointer.this.saving.unlock();
		}

	}

	/**
	 * A checkpoint that was written in a transaction whose end is not known yet.
	 */
	private record Attempt(TaskUpdate update, Checkpoint checkpoint, String text, Batch batch) {

	}

	/**
	 * What the store holds while another instance writes it.
	 */
	private record Observation(@Nullable String text, long since) {

	}

}
