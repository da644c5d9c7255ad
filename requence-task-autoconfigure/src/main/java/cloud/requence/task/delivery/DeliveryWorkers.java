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
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * The threads that deliver, each one update at a time. As long as there are any, one
 * thread is no daemon, so that an application whose only job is to watch stays alive.
 * <p>
 * Life cycle and arrivals share the lock of the look-ahead. Whether a thread ends is
 * decided under it, so that a start never makes one too many: a thread that was given up
 * while a listener held it goes on as one of them after the next start.
 */
public final class DeliveryWorkers {

	private static final Log logger = LogFactory.getLog(DeliveryWorkers.class);

	private static final Duration GRACE = Duration.ofMillis(500);

	private static final int INTERRUPTIONS = 10;

	private static final Duration PATIENCE = Duration.ofMinutes(1);

	private final int concurrency;

	private final ThreadFactory threads;

	private final KeepAlive keepAlive;

	private final LookAhead lookAhead;

	private final UpdateDelivery delivery;

	private final DeliveryObserver observer;

	// Changed under the lock of the look-ahead
	private final List<DeliveryWorker> workers = new CopyOnWriteArrayList<>();

	private volatile boolean running;

	private volatile boolean paused;

	/**
	 * Create the workers, not started.
	 * @param keepers makes the thread that keeps the application alive if the others
	 * cannot
	 * @param concurrency how many there are
	 * @param threads makes their threads
	 * @param lookAhead the updates to deliver
	 * @param delivery delivers them
	 * @param observer learns when the updates have become few
	 */
	public DeliveryWorkers(ThreadFactory keepers, int concurrency, ThreadFactory threads, LookAhead lookAhead,
			UpdateDelivery delivery, DeliveryObserver observer) {
		this.concurrency = concurrency;
		this.threads = threads;
		this.keepAlive = new KeepAlive(keepers);
		this.lookAhead = lookAhead;
		this.delivery = delivery;
		this.observer = observer;
	}

	/**
	 * Begin to deliver, or go on with it.
	 */
	public void start() {
		start(false);
	}

	/**
	 * Begin with the delivery paused.
	 */
	public void startPaused() {
		start(true);
	}

	private void start(boolean startsPaused) {
		List<DeliveryWorker> created = new ArrayList<>();
		try {
			locked(() -> {
				this.running = true;
				this.paused = startsPaused;
				while (this.workers.size() < this.concurrency) {
					created.add(create());
				}
			});
			while (!created.isEmpty()) {
				created.get(0).thread().start();
				created.remove(0);
			}
		}
		finally {
			// Those without a thread must not count after a failure
			created.forEach(this::ended);
		}
	}

	private DeliveryWorker create() {
		DeliveryWorker worker = new DeliveryWorker(this.threads, this::work);
		if (worker.thread().isDaemon()) {
			this.keepAlive.hold();
		}
		this.workers.add(worker);
		return worker;
	}

	private void ended(DeliveryWorker worker) {
		locked(() -> this.workers.remove(worker));
		if (worker.thread().isDaemon()) {
			this.keepAlive.release();
		}
	}

	/**
	 * Hold the delivery after the updates in hand.
	 */
	public void pause() {
		locked(() -> this.paused = true);
	}

	/**
	 * End the delivery after the updates in hand, without waiting for them.
	 */
	public void signalStop() {
		locked(() -> this.running = false);
	}

	/**
	 * Look again whether there is something to do.
	 */
	public void wakeUp() {
		locked(() -> {
		});
	}

	private void locked(Runnable change) {
		this.lookAhead.lock().lock();
		try {
			change.run();
			this.lookAhead.changed().signalAll();
		}
		finally {
			this.lookAhead.lock().unlock();
		}
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
		if (awaitEnd(timeout, except)) {
			return true;
		}
		// Again and again: there may be several listeners, and each may wait
		for (int i = 0; i < INTERRUPTIONS; i++) {
			interruptHandlers(except);
			if (awaitEnd(GRACE.dividedBy(INTERRUPTIONS), except)) {
				return true;
			}
		}
		return false;
	}

	private void interruptHandlers(@Nullable Thread except) {
		locked(() -> {
			if (!this.running) {
				this.workers.stream()
					.filter((worker) -> worker.thread() != except && worker.isBusy())
					.map(DeliveryWorker::thread)
					.forEach(Thread::interrupt);
			}
		});
	}

	private boolean awaitEnd(Duration timeout, @Nullable Thread except) {
		long deadline = System.nanoTime() + timeout.toNanos();
		this.lookAhead.lock().lock();
		try {
			while (!this.running && this.workers.stream().anyMatch((worker) -> worker.thread() != except)) {
				if (!waitUntil(deadline)) {
					return false;
				}
			}
			return true;
		}
		finally {
			this.lookAhead.lock().unlock();
		}
	}

	/**
	 * Return whether the calling thread is one that delivers.
	 * @return whether this is a delivery thread
	 */
	public boolean isDeliveryThread() {
		return this.workers.stream().anyMatch((worker) -> worker.thread() == Thread.currentThread());
	}

	/**
	 * Return since when a handler has the update that is in hand for the longest time.
	 * @return the value of {@link System#nanoTime()}, {@code null} if none is in hand
	 */
	public @Nullable Long inHandSince() {
		long now = System.nanoTime();
		return this.workers.stream()
			.map(DeliveryWorker::inHandSince)
			.filter(Objects::nonNull)
			.max(Comparator.comparingLong((since) -> now - since))
			.orElse(null);
	}

	/**
	 * Return the counters of the delivery.
	 * @return the counters, to be read from any thread
	 */
	public DeliveryCounters counters() {
		return this.delivery.counters();
	}

	private void work(DeliveryWorker worker) {
		PendingUpdate update = take(worker);
		while (update != null) {
			worker.takes(System.nanoTime());
			DeliveryResult result = deliver(update);
			worker.isDone();
			PendingUpdate next = settleAndPoll(update, result);
			if (this.lookAhead.isHalfEmpty()) {
				this.observer.onRoom();
			}
			update = (next != null) ? next : take(worker);
		}
		if (this.workers.isEmpty()) {
			this.observer.onEnded();
		}
		if (worker.thread().isDaemon()) {
			this.keepAlive.release();
		}
	}

	private DeliveryResult deliver(PendingUpdate update) {
		try {
			return this.delivery.deliver(update, this::await);
		}
		// Nothing may end this thread unseen
		catch (Throwable ex) {
			logger.error("Unexpected error while delivering, the update is tried again", ex);
			return DeliveryResult.retryAfter(Duration.ofSeconds(1));
		}
		finally {
			// An interrupt was meant for the update that was in hand
			Thread.interrupted();
		}
	}

	/**
	 * Settle an update and look for the next one, under the lock once for both: the
	 * reader wants it too.
	 * @return the next update; {@code null} if there is none at the moment
	 */
	private @Nullable PendingUpdate settleAndPoll(PendingUpdate update, DeliveryResult result) {
		this.lookAhead.lock().lock();
		try {
			switch (result.action()) {
				case REMOVE -> this.lookAhead.done(update);
				case PUT_BACK -> this.lookAhead.putBack(update);
				case PARK -> this.lookAhead.park(update, System.nanoTime() + result.delay().toNanos());
			}
			// Not for this thread, which looks by itself
			if (this.concurrency > 1) {
				this.lookAhead.changed().signal();
			}
			return poll(System.nanoTime());
		}
		finally {
			this.lookAhead.lock().unlock();
		}
	}

	/**
	 * Wait for an update.
	 * @return the update; {@code null} if the worker has to end
	 */
	private @Nullable PendingUpdate take(DeliveryWorker worker) {
		this.lookAhead.lock().lock();
		try {
			while (this.running) {
				long now = System.nanoTime();
				PendingUpdate next = poll(now);
				if (next != null) {
					return next;
				}
				waitUntil(now + Math.min(PATIENCE.toNanos(), this.lookAhead.lanes().untilNext(now)));
			}
			this.workers.remove(worker);
			this.lookAhead.changed().signalAll();
			return null;
		}
		finally {
			this.lookAhead.lock().unlock();
		}
	}

	private @Nullable PendingUpdate poll(long now) {
		return (this.running && !this.paused) ? this.lookAhead.take(now) : null;
	}

	/**
	 * Wait for a time.
	 * @return {@code false} if the delivery has to end
	 */
	private boolean await(Duration time) {
		long deadline = System.nanoTime() + time.toNanos();
		this.lookAhead.lock().lock();
		try {
			while (this.running && !this.paused) {
				if (!waitUntil(deadline)) {
					return true;
				}
			}
			return false;
		}
		finally {
			this.lookAhead.lock().unlock();
		}
	}

	/**
	 * Wait for a change. Callers do so in a loop.
	 * @return {@code false} if the time is over
	 */
	@SuppressWarnings("WaitNotInLoop")
	private boolean waitUntil(long deadline) {
		long left = deadline - System.nanoTime();
		if (left <= 0) {
			return false;
		}
		try {
			this.lookAhead.changed().await(left, TimeUnit.NANOSECONDS);
		}
		catch (InterruptedException ex) {
			logger.debug("Interrupted while waiting, which ends no wait");
		}
		return true;
	}

}
