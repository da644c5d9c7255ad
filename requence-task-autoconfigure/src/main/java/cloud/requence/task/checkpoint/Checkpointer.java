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
import java.util.function.BiConsumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;
import reactor.core.scheduler.Scheduler;

import cloud.requence.task.CheckpointException;
import cloud.requence.task.CheckpointStore;
import cloud.requence.task.TaskWatcherStatus;
import cloud.requence.task.delivery.ProgressListener;
import cloud.requence.task.support.LogText;

/**
 * Decides when the progress of the delivery is saved: every now and then on a thread of
 * its own, unless the transactions of the updates do so. {@link CheckpointProgress} knows
 * what is to be saved, and {@link CheckpointWriter} saves it.
 * <p>
 * The schedule is guarded by this object. The observer is called without locks.
 */
public final class Checkpointer implements ProgressListener {

	private static final Log logger = LogFactory.getLog(Checkpointer.class);

	private static final Duration MAX_INTERVAL = Duration.ofDays(1);

	private static final int MAX_EVERY = 100_000;

	private final String watcher;

	private final CheckpointStore store;

	private final Duration interval;

	private final Supplier<Scheduler> scheduler;

	private final CheckpointProgress progress;

	private final Announcements announcements;

	private final CheckpointWriter writer;

	// Guarded by this
	private boolean scheduled;

	private @Nullable Scheduler timers;

	private Scheduler.@Nullable Worker worker;

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
		this.scheduler = scheduler;
		this.progress = new CheckpointProgress(Math.max(1, Math.min(every, MAX_EVERY)), transactionSize, clock);
		this.announcements = new Announcements(watcher,
				(taskId) -> acknowledger.accept(taskId, () -> acknowledged(taskId)), observer);
		this.writer = new CheckpointWriter(watcher, store, this.progress, this.announcements, nanoTime);
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
		return this.writer.open(baseUrl, since);
	}

	/**
	 * Fail if the checkpoint cannot be used.
	 * @param baseUrl the platform that is watched
	 * @throws CheckpointException if the checkpoint cannot be read, or belongs to another
	 * platform
	 */
	public void check(URI baseUrl) {
		this.writer.check(baseUrl);
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
		return this.writer.isAbandoned();
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
		long heartbeat = CheckpointWriter.HEARTBEAT.toMillis();
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
					this.writer.save();
					announce();
				}
				finally {
					done.countDown();
				}
			});
			if (!done.await(millis, TimeUnit.MILLISECONDS)) {
				logger.warn(LogText.watcher(this.watcher) + ": the checkpoint in " + this.store
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
		this.writer.close();
		Scheduler stopped;
		synchronized (this) {
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
	public void advanced(@Nullable Long position, int updates, @Nullable String acknowledgement) {
		if (this.progress.add(position, updates, acknowledgement)) {
			saveSoonIfMuch();
		}
	}

	private synchronized void saveSoonIfMuch() {
		if (!this.scheduled && this.worker != null && this.progress.isMuch()) {
			this.scheduled = true;
			this.worker.schedule(this::saveQuietly);
		}
	}

	@Override
	public void reached(Instant timestamp) {
		this.progress.reached(timestamp);
	}

	@Override
	public int room() {
		return this.progress.room();
	}

	/**
	 * Acknowledge what an earlier process has not, as far as the checkpoint carries it.
	 */
	public void acknowledgeDue() {
		this.announcements.saved(this.progress.due());
		announce();
	}

	/**
	 * The platform has taken an acknowledgement.
	 */
	void acknowledged(String taskId) {
		this.progress.acknowledged(taskId);
		saveSoonIfMuch();
		announce();
	}

	/**
	 * Return how many acknowledgements the checkpoint carries, if the delivery waits
	 * until the platform has taken some of them.
	 * @return the number of acknowledgements; zero if the delivery does not wait for them
	 */
	public int awaitedAcknowledgements() {
		return this.progress.awaitedAcknowledgements();
	}

	/**
	 * Return the status of the checkpoint, from memory.
	 * @return the status
	 */
	public TaskWatcherStatus.Checkpoint status() {
		return this.progress.status(this.writer.error());
	}

	private void saveQuietly() {
		boolean progress = false;
		try {
			progress = this.writer.isTimeToTry() && this.writer.save();
			announce();
		}
		finally {
			synchronized (this) {
				this.scheduled = false;
				if (progress) {
					saveSoonIfMuch();
				}
			}
		}
	}

	/**
	 * Make the calls that follow from saved checkpoints, without locks.
	 */
	void announce() {
		if (this.progress.hasMadeRoom()) {
			this.announcements.saved(List.of());
		}
		this.announcements.deliver();
	}

	/**
	 * Return what writes the checkpoint, for transactions.
	 */
	CheckpointWriter writer() {
		return this.writer;
	}

}
