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
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import cloud.requence.task.support.LogLimit;
import cloud.requence.task.support.Nanos;

/**
 * The threads that deliver, with the updates that each has taken. As long as there are
 * any, one thread is not a daemon, so that an application whose only job is to watch
 * stays alive. Threads that could not be created are created later.
 * <p>
 * Changes under the lock of the queue. Whether a thread ends is decided under it, so that
 * a start never makes one too many: a thread that a stop has left behind, as a listener
 * held it, is one of them again after the next start.
 */
final class DeliveryThreads {

	private static final Log logger = LogFactory.getLog(DeliveryThreads.class);

	private static final Duration GRACE = Duration.ofMillis(500);

	private static final int INTERRUPTIONS = 10;

	private static final long PAUSE = TimeUnit.SECONDS.toNanos(1);

	private final int concurrency;

	private final ThreadFactory threads;

	private final NonDaemonThread keepAlive;

	private final DeliveryQueue queue;

	private final Consumer<DeliveryWorker> work;

	private final LogLimit log = new LogLimit(logger, "Failures to create delivery threads", System::nanoTime);

	// Changed under the lock of the queue
	private final List<DeliveryWorker> workers = new CopyOnWriteArrayList<>();

	private volatile boolean running;

	private volatile long nextCreation;

	/**
	 * Create the threads, not started.
	 * @param keepers makes the thread that keeps the application alive if the others
	 * cannot
	 * @param concurrency how many there are
	 * @param threads makes them
	 * @param queue the updates to deliver
	 * @param work what each thread does until it {@link #leave leaves}
	 */
	DeliveryThreads(ThreadFactory keepers, int concurrency, ThreadFactory threads, DeliveryQueue queue,
			Consumer<DeliveryWorker> work) {
		this.concurrency = concurrency;
		this.threads = threads;
		this.keepAlive = new NonDaemonThread(keepers);
		this.queue = queue;
		this.work = work;
	}

	/**
	 * Let threads run, and create those that are missing. If not a single one can be
	 * created, none runs and the cause is thrown.
	 * @param change what changes with it, under the lock of the queue
	 */
	void start(Runnable change) {
		this.queue.change(() -> {
			this.running = true;
			change.run();
		});
		try {
			createMissing();
		}
		catch (Throwable ex) {
			if (this.workers.isEmpty()) {
				signalStop();
				throw ex;
			}
			creationFailed(ex);
		}
	}

	/**
	 * Let the threads end after the updates that are being delivered.
	 */
	void signalStop() {
		this.queue.change(() -> {
			this.running = false;
			this.queue.recall();
		});
	}

	boolean isRunning() {
		return this.running;
	}

	boolean isSeveral() {
		return this.concurrency > 1;
	}

	boolean isIncomplete() {
		return this.running && this.workers.size() < this.concurrency;
	}

	/**
	 * Return the threads, from any thread.
	 */
	List<DeliveryWorker> all() {
		return this.workers;
	}

	private void createMissing() {
		for (DeliveryWorker worker = create(); worker != null; worker = create()) {
			boolean started = false;
			try {
				if (worker.thread().isDaemon()) {
					this.keepAlive.hold();
					worker.keepAlive(true);
				}
				worker.thread().start();
				started = true;
			}
			finally {
				if (!started) {
					remove(worker);
				}
			}
		}
	}

	private @Nullable DeliveryWorker create() {
		this.queue.lock().lock();
		try {
			if (!isIncomplete()) {
				return null;
			}
			DeliveryWorker worker = new DeliveryWorker(this.threads, this.work);
			this.workers.add(worker);
			return worker;
		}
		finally {
			this.queue.lock().unlock();
		}
	}

	/**
	 * Create threads that could not be created before, or have ended in spite of all.
	 */
	void createMissingLater() {
		if (!isIncomplete() || System.nanoTime() - this.nextCreation < 0) {
			return;
		}
		try {
			createMissing();
		}
		catch (Throwable ex) {
			creationFailed(ex);
		}
	}

	private void creationFailed(Throwable failure) {
		this.nextCreation = System.nanoTime() + PAUSE;
		this.log.warn(
				"Only " + this.workers.size() + " of " + this.concurrency
						+ " delivery threads could be created; the others are created as soon as that is possible",
				failure);
	}

	/**
	 * A thread ends after a stop. The lock of the queue has to be held: a start must know
	 * whether it has to create another one.
	 */
	void leave(DeliveryWorker worker) {
		this.workers.remove(worker);
		this.queue.changed().signalAll();
	}

	/**
	 * A thread ends. Unless that is because of a stop, another one takes its place.
	 * @return whether it was the last one
	 */
	boolean end(DeliveryWorker worker) {
		if (this.workers.contains(worker)) {
			this.queue.change(() -> {
				this.workers.remove(worker);
				worker.settle(this.queue);
			});
			createMissingLater();
		}
		return this.workers.isEmpty();
	}

	void remove(DeliveryWorker worker) {
		this.queue.change(() -> this.workers.remove(worker));
		if (worker.keepsAlive()) {
			worker.keepAlive(false);
			this.keepAlive.release();
		}
	}

	/**
	 * Wait for the end of the threads after {@link #signalStop()}. Handlers that take
	 * longer are interrupted.
	 * @return whether they have ended
	 */
	boolean awaitStop(Duration timeout, @Nullable Thread except) {
		return awaitEnd(timeout, except) || interrupt(except);
	}

	private boolean interrupt(@Nullable Thread except) {
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
		this.queue.change(() -> {
			if (!this.running) {
				this.workers.stream()
					.filter((worker) -> worker.thread() != except && worker.isBusy())
					.map(DeliveryWorker::thread)
					.forEach(Thread::interrupt);
			}
		});
	}

	private boolean awaitEnd(Duration timeout, @Nullable Thread except) {
		long deadline = System.nanoTime() + Nanos.of(timeout);
		this.queue.lock().lock();
		try {
			while (!this.running && this.workers.stream().anyMatch((worker) -> worker.thread() != except)) {
				if (!this.queue.awaitChange(deadline)) {
					return false;
				}
			}
			return true;
		}
		finally {
			this.queue.lock().unlock();
		}
	}

}
