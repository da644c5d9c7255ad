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
import java.util.ArrayDeque;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * The thread that delivers, one update at a time. It is no daemon, so that an application
 * whose only job is to watch stays alive.
 * <p>
 * Life cycle and arrivals share the monitor of the look-ahead. Whether the thread ends is
 * decided under it, so that a start never makes a second one: a thread that was given up
 * while a listener held it goes on as the one thread after the next start.
 */
public final class DeliveryLoop {

	private static final Log logger = LogFactory.getLog(DeliveryLoop.class);

	private static final Duration GRACE = Duration.ofMillis(500);

	private static final int INTERRUPTIONS = 10;

	private static final Duration PATIENCE = Duration.ofMinutes(1);

	private final String threadName;

	private final LookAhead lookAhead;

	private final UpdateDelivery delivery;

	private final DeliveryObserver observer;

	// Guarded by the look-ahead
	private @Nullable Thread thread;

	private boolean busy;

	// Written under the look-ahead
	private volatile boolean running;

	private volatile boolean paused;

	// Used by the delivery thread alone, whichever it is at the time
	private ArrayDeque<PendingUpdate> batch = new ArrayDeque<>();

	/**
	 * Create a loop.
	 * @param threadName the name of the delivery thread
	 * @param lookAhead the updates to deliver
	 * @param delivery delivers them
	 * @param observer learns when the updates have become few
	 */
	public DeliveryLoop(String threadName, LookAhead lookAhead, UpdateDelivery delivery, DeliveryObserver observer) {
		this.threadName = threadName;
		this.lookAhead = lookAhead;
		this.delivery = delivery;
		this.observer = observer;
	}

	/**
	 * Begin to deliver, or go on with it.
	 */
	public void start() {
		synchronized (this.lookAhead) {
			this.running = true;
			this.paused = false;
			if (this.thread == null) {
				this.thread = new Thread(this::run, this.threadName);
				this.thread.setDaemon(false);
				this.thread.start();
			}
			this.lookAhead.notifyAll();
		}
	}

	/**
	 * Hold the delivery after the update in hand.
	 */
	public void pause() {
		synchronized (this.lookAhead) {
			this.paused = true;
			this.lookAhead.notifyAll();
		}
	}

	/**
	 * End the delivery after the update in hand, without waiting for it.
	 */
	public void signalStop() {
		synchronized (this.lookAhead) {
			this.running = false;
			this.lookAhead.notifyAll();
		}
	}

	/**
	 * Wait for the end of the delivery after {@link #signalStop()}. A handler that takes
	 * longer is interrupted. Does not wait if called by the handler.
	 * @param timeout how long to wait for the update in hand
	 * @return whether the delivery has ended
	 */
	public boolean awaitStop(Duration timeout) {
		if (isDeliveryThread()) {
			return true;
		}
		if (awaitEnd(timeout)) {
			return true;
		}
		// Again and again: there may be several listeners, and each may wait
		for (int i = 0; i < INTERRUPTIONS; i++) {
			interruptHandler();
			if (awaitEnd(GRACE.dividedBy(INTERRUPTIONS))) {
				return true;
			}
		}
		return false;
	}

	private void interruptHandler() {
		synchronized (this.lookAhead) {
			if (this.thread != null && this.busy && !this.running) {
				this.thread.interrupt();
			}
		}
	}

	/**
	 * Return whether the calling thread is the one that delivers.
	 * @return whether this is the delivery thread
	 */
	public boolean isDeliveryThread() {
		synchronized (this.lookAhead) {
			return this.thread == Thread.currentThread();
		}
	}

	/**
	 * Return the counters of the delivery.
	 * @return the counters, to be read from any thread
	 */
	public DeliveryCounters counters() {
		return this.delivery.counters();
	}

	private boolean awaitEnd(Duration timeout) {
		long deadline = System.nanoTime() + timeout.toNanos();
		synchronized (this.lookAhead) {
			while (this.thread != null && !this.running) {
				if (!waitUntil(deadline)) {
					return false;
				}
			}
			return true;
		}
	}

	private void run() {
		while (awaitWork()) {
			try {
				deliverBatch();
			}
			// Nothing may end this thread unseen
			catch (Throwable ex) {
				logger.error("Unexpected error while delivering, the update is tried again", ex);
				await(Duration.ofSeconds(1));
			}
		}
		this.observer.onEnded();
	}

	private boolean awaitWork() {
		synchronized (this.lookAhead) {
			this.busy = false;
			while (this.running && (this.paused || !hasWork())) {
				waitUntil(System.nanoTime() + PATIENCE.toNanos());
			}
			if (!this.running) {
				this.thread = null;
				this.lookAhead.notifyAll();
				return false;
			}
			this.busy = true;
			return true;
		}
	}

	private boolean hasWork() {
		if (!this.batch.isEmpty()) {
			return true;
		}
		ArrayDeque<PendingUpdate> arrived = this.lookAhead.swap(this.batch);
		if (arrived != null) {
			this.batch = arrived;
		}
		return arrived != null;
	}

	private void deliverBatch() {
		PendingUpdate next = this.batch.peek();
		while (next != null && isWanted()) {
			if (!this.delivery.deliver(next.update(), this::await)) {
				return;
			}
			this.batch.poll();
			this.lookAhead.done(next);
			next = this.batch.peek();
			// An interrupt was meant for the update that is done
			Thread.interrupted();
			if (this.lookAhead.isHalfEmpty()) {
				this.observer.onRoom();
			}
		}
	}

	private boolean isWanted() {
		return this.running && !this.paused;
	}

	/**
	 * Wait for a time.
	 * @return {@code false} if the delivery has to end
	 */
	private boolean await(Duration time) {
		long deadline = System.nanoTime() + time.toNanos();
		synchronized (this.lookAhead) {
			while (this.running && !this.paused) {
				if (!waitUntil(deadline)) {
					return true;
				}
			}
			return false;
		}
	}

	/**
	 * Wait in the monitor of the look-ahead.
	 * @return {@code false} if the time is over
	 */
	private boolean waitUntil(long deadline) {
		long left = deadline - System.nanoTime();
		if (left <= 0) {
			return false;
		}
		try {
			this.lookAhead.wait(left / 1_000_000, (int) (left % 1_000_000));
		}
		catch (InterruptedException ex) {
			logger.debug("Interrupted while waiting, which ends no wait");
		}
		return true;
	}

}
