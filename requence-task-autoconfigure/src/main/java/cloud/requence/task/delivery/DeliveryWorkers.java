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

import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import cloud.requence.task.support.LogLimit;
import cloud.requence.task.support.Nanos;

/**
 * Delivers the updates of the queue on {@link DeliveryThreads threads} of its own. One
 * that delivers in the order of the stream takes many updates at a time and settles them
 * together; each of several takes one.
 * <p>
 * Nothing ends a thread but a stop: whatever is thrown, the update is settled and the
 * thread continues. Life cycle and arrivals share the lock of the queue.
 */
public final class DeliveryWorkers {

	private static final Log logger = LogFactory.getLog(DeliveryWorkers.class);

	private static final long PATIENCE = TimeUnit.MINUTES.toNanos(1);

	private static final long PAUSE = TimeUnit.SECONDS.toNanos(1);

	/** After this time updates that are done are settled. */
	private static final long UNSETTLED = TimeUnit.MILLISECONDS.toNanos(1);

	/** A thread that is woken after a shorter time is woken often. */
	private static final long FREQUENT = TimeUnit.MICROSECONDS.toNanos(200);

	private static final long DOZE = TimeUnit.MICROSECONDS.toNanos(50);

	private final DeliveryQueue queue;

	private final DeliveryThreads threads;

	private final UpdateDelivery delivery;

	private final DeliveryObserver observer;

	private final LogLimit unexpected;

	private final Predicate<Duration> wait = this::await;

	// Changed under the lock of the queue
	private volatile boolean paused;

	private volatile long activeSince;

	/**
	 * Create the workers, not started.
	 * @param keepers makes the thread that keeps the application alive if the others
	 * cannot
	 * @param concurrency how many there are
	 * @param threads makes their threads
	 * @param queue the updates to deliver
	 * @param delivery delivers them
	 * @param observer learns when the updates have become few
	 */
	public DeliveryWorkers(ThreadFactory keepers, int concurrency, ThreadFactory threads, DeliveryQueue queue,
			UpdateDelivery delivery, DeliveryObserver observer) {
		this.queue = queue;
		this.threads = new DeliveryThreads(keepers, concurrency, threads, queue, this::work);
		this.delivery = delivery;
		this.observer = observer;
		this.unexpected = new LogLimit(logger, "Unexpected errors of the delivery", System::nanoTime);
	}

	/**
	 * Start to deliver, or continue. If not a single thread can be created, nothing is
	 * started and the cause is thrown; if some can, the others are created later.
	 */
	public void start() {
		start(false);
	}

	/**
	 * Start with the delivery paused. Threads are created as by {@link #start()}.
	 */
	public void startPaused() {
		start(true);
	}

	private void start(boolean startsPaused) {
		this.threads.start(() -> {
			this.paused = startsPaused;
			this.activeSince = System.nanoTime();
		});
	}

	/**
	 * Pause the delivery after the updates that are being delivered.
	 */
	public void pause() {
		this.queue.change(() -> {
			this.paused = true;
			this.queue.recall();
		});
	}

	/**
	 * End the delivery after the updates that are being delivered, without waiting for
	 * them.
	 */
	public void signalStop() {
		this.threads.signalStop();
	}

	/**
	 * Look again whether there is something to do.
	 */
	public void wakeUp() {
		this.queue.change(() -> {
		});
		this.threads.createMissingLater();
	}

	/**
	 * Create threads that are missing, even while all others are busy.
	 */
	public void revive() {
		this.threads.createMissingLater();
	}

	/**
	 * Wait for the end of the delivery after {@link #signalStop()}. Handlers that take
	 * longer are interrupted.
	 * @param timeout how long to wait for the updates in progress
	 * @param except a delivery thread that is not waited for, as its handler waits for
	 * this stop; {@code null} for none
	 * @return whether the delivery has ended
	 */
	public boolean awaitStop(Duration timeout, @Nullable Thread except) {
		boolean ended = this.threads.awaitStop(timeout, except);
		settleDone();
		return ended;
	}

	/**
	 * Return whether the calling thread is one that delivers.
	 * @return whether this is a delivery thread
	 */
	public boolean isDeliveryThread() {
		return this.threads.all().stream().anyMatch((worker) -> worker.thread() == Thread.currentThread());
	}

	/**
	 * Return since when the update is being delivered whose handler has taken the longest
	 * time so far.
	 * @return the value of {@link System#nanoTime()}, {@code null} if there is none
	 */
	public @Nullable Long inProgressSince() {
		long now = System.nanoTime();
		return this.threads.all()
			.stream()
			.map(DeliveryWorker::inProgressSince)
			.filter(Objects::nonNull)
			.max(Comparator.comparingLong((since) -> now - since))
			.orElse(null);
	}

	/**
	 * Return since when updates wait and none of them has left from the front, although
	 * they should be delivered: a listener that hangs, a retry without end, a checkpoint
	 * that cannot be saved. A missing acknowledgement of a delivered update is none of
	 * these.
	 * @return the value of {@link System#nanoTime()}; {@code null} if nothing waits, or
	 * if the delivery is paused or not running
	 */
	public @Nullable Long waitingSince() {
		Long since = this.queue.waitingSince();
		if (since == null || !this.threads.isRunning() || this.paused) {
			return null;
		}
		long active = this.activeSince;
		return (since - active > 0) ? since : Long.valueOf(active);
	}

	/**
	 * Return the counters of the delivery.
	 * @return the counters, to be read from any thread
	 */
	public DeliveryCounters counters() {
		return this.delivery.counters();
	}

	private void work(DeliveryWorker worker) {
		try {
			boolean needed = true;
			while (needed) {
				needed = survive(worker);
			}
		}
		finally {
			end(worker);
		}
	}

	/**
	 * Make a round that nothing can end but a stop.
	 * @return whether another one follows
	 */
	private boolean survive(DeliveryWorker worker) {
		try {
			return round(worker);
		}
		catch (Throwable ex) {
			report("Unexpected error of a delivery thread, which continues", ex);
			pauseAfterError();
			return true;
		}
	}

	private void report(String message, Throwable failure) {
		try {
			this.unexpected.error(message, failure);
		}
		catch (Throwable ex) {
			// There is not even memory for a log line
		}
	}

	private boolean round(DeliveryWorker worker) {
		if (!worker.isUnsettled()) {
			deliver(worker);
		}
		boolean more = settleAndTake(worker);
		reportRoom();
		this.threads.createMissingLater();
		return more || awaitNext(worker);
	}

	/**
	 * Deliver updates that were taken, until one is not done, its task is to be
	 * acknowledged, a stop or a pause is requested, or some time has passed.
	 */
	private void deliver(DeliveryWorker worker) {
		PendingUpdate next = worker.next();
		if (next == null) {
			return;
		}
		long begun = System.nanoTime();
		long now = begun;
		while (next != null && mayContinueWith(next, now - begun) && !this.queue.isRecalled()) {
			worker.begins(now);
			if (next.isGroupable()) {
				handleGroup(worker);
			}
			worker.ends(deliver(next));
			next = mayContinueAfter(next) ? nextUnlessGroup(worker) : null;
			now = System.nanoTime();
		}
	}

	/**
	 * A group that was handled is settled as a whole: the next one would begin with what
	 * is left of it.
	 */
	private static boolean mayContinueWith(PendingUpdate next, long duration) {
		return duration < UNSETTLED || next.isHandledInGroup();
	}

	/**
	 * An end to be acknowledged is settled at once. So is an update with a transaction of
	 * its own: the progress then decides whether further ones may be taken.
	 */
	private boolean mayContinueAfter(PendingUpdate update) {
		return update.acknowledgement() == null && (this.delivery.groupSize() == 1 || update.isHandledInGroup());
	}

	/**
	 * Another group begins when this one is settled: the progress decides whether it may.
	 */
	private @Nullable PendingUpdate nextUnlessGroup(DeliveryWorker worker) {
		PendingUpdate next = worker.next();
		return (next != null && next.isGroupable() && this.delivery.groupSize() > 1) ? null : next;
	}

	private void handleGroup(DeliveryWorker worker) {
		int max = this.delivery.groupSize();
		if (max == 1) {
			return;
		}
		List<PendingUpdate> group = worker.nextGroup(max);
		if (group.size() > 1) {
			this.delivery.handleGroup(group, this.wait);
		}
	}

	/**
	 * Settle updates that are done, even if the delivery of the next one takes its time.
	 */
	public void settleDone() {
		try {
			settleDoneNow();
			reportRoom();
		}
		// The caller wants to see a state, and the delivery settles them as well
		catch (Throwable ex) {
			report("Unexpected error while updates are settled, which is repeated", ex);
		}
	}

	private void settleDoneNow() {
		this.queue.lock().lock();
		try {
			this.threads.all().forEach((worker) -> worker.settleDone(this.queue));
		}
		finally {
			this.queue.lock().unlock();
		}
	}

	private DeliveryResult deliver(PendingUpdate update) {
		try {
			return this.delivery.deliver(update, this.wait);
		}
		catch (Throwable ex) {
			report("Unexpected error while delivering, the update is delivered again", ex);
			return DeliveryResult.UNEXPECTED;
		}
		finally {
			// An interrupt was meant for the update that was being delivered
			Thread.interrupted();
		}
	}

	/**
	 * Settle updates and look for the next ones, under the lock once for both: the reader
	 * wants it too.
	 * @return whether there are others at the moment
	 */
	private boolean settleAndTake(DeliveryWorker worker) {
		this.queue.lock().lock();
		try {
			boolean settles = worker.isUnsettled();
			worker.settle(this.queue);
			// Decided under the lock: none can come later
			Thread.interrupted();
			// Not for this thread, which looks anyway
			if (settles && this.threads.isSeveral()) {
				this.queue.changed().signal();
			}
			return take(worker);
		}
		finally {
			this.queue.lock().unlock();
		}
	}

	private boolean take(DeliveryWorker worker) {
		return this.threads.isRunning() && !this.paused && worker.take(this.queue);
	}

	/**
	 * Wait for a change, unless there are updates already.
	 * @return {@code false} if the worker has to end
	 */
	private boolean awaitNext(DeliveryWorker worker) {
		this.queue.lock().lock();
		try {
			if (!this.threads.isRunning()) {
				this.threads.leave(worker);
				return false;
			}
			if (!take(worker) && !(worker.isFrequentlyWoken() && doze(worker))) {
				long begun = System.nanoTime();
				this.queue.awaitChange(begun + Math.min(patience(), untilNext(begun)));
				worker.frequentlyWoken(!this.threads.isSeveral() && System.nanoTime() - begun < FREQUENT);
			}
			return true;
		}
		finally {
			this.queue.lock().unlock();
		}
	}

	/**
	 * Wait for a short time without a signal of the reader: while updates come quickly,
	 * one for each of them would cost more than their delivery.
	 * @return whether there are updates now
	 */
	private boolean doze(DeliveryWorker worker) {
		this.queue.doze(true);
		try {
			long now = System.nanoTime();
			this.queue.awaitChange(now + Math.min(DOZE, untilNext(now)));
		}
		finally {
			this.queue.doze(false);
		}
		boolean found = take(worker);
		worker.frequentlyWoken(found);
		return found || !this.threads.isRunning();
	}

	/**
	 * An update that is due has to wait all the same while nothing can be taken, which
	 * ends with a signal.
	 */
	private long untilNext(long now) {
		return this.paused ? Long.MAX_VALUE : this.queue.untilNext(now);
	}

	private long patience() {
		return (this.queue.isRoomDue() || this.threads.isIncomplete()) ? PAUSE : PATIENCE;
	}

	/**
	 * Report that there is room to a reader that waits for it. If that fails it is
	 * repeated, as nothing would be read any more.
	 */
	private void reportRoom() {
		if (!this.queue.isRoomDue()) {
			return;
		}
		// First: the reader may want room again before this returns
		this.queue.wantRoom(false);
		boolean reported = false;
		try {
			this.observer.onRoom();
			reported = true;
		}
		finally {
			if (!reported) {
				this.queue.wantRoom(true);
			}
		}
	}

	private void end(DeliveryWorker worker) {
		try {
			if (this.threads.end(worker)) {
				this.observer.onEnded();
			}
		}
		catch (Throwable ex) {
			report("Unexpected error at the end of the delivery", ex);
		}
		finally {
			this.threads.remove(worker);
		}
	}

	/**
	 * Wait for a time.
	 * @return {@code false} if the delivery has to end
	 */
	private boolean await(Duration time) {
		long deadline = System.nanoTime() + Nanos.of(time);
		this.queue.lock().lock();
		try {
			while (this.threads.isRunning() && !this.paused) {
				if (!this.queue.awaitChange(deadline)) {
					return true;
				}
			}
			return false;
		}
		finally {
			this.queue.lock().unlock();
		}
	}

	/**
	 * Wait even while the delivery has to end: an update that cannot be settled must not
	 * keep a processor busy.
	 */
	private void pauseAfterError() {
		this.queue.lock().lock();
		try {
			this.queue.awaitChange(System.nanoTime() + PAUSE);
		}
		catch (Throwable ex) {
			// A wait needs memory too: the next round finds out
		}
		finally {
			this.queue.lock().unlock();
		}
	}

}
