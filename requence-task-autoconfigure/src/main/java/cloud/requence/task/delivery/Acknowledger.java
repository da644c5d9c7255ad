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
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

import org.springframework.util.Assert;

import cloud.requence.task.RequenceTaskException;
import cloud.requence.task.delivery.AckSender.Outcome;

/**
 * Sends acknowledgements in the background, a few at a time, and again until the platform
 * has taken them. What is not sent at a stop is sent after the next start.
 * <p>
 * All state is guarded by this object; nothing is sent under the lock.
 */
public final class Acknowledger {

	private static final Log logger = LogFactory.getLog(Acknowledger.class);

	private static final int MAX_PENDING = 1000;

	private static final int MAX_IN_FLIGHT = 8;

	private static final Duration FIRST_DELAY = Duration.ofSeconds(1);

	private static final Duration MAX_DELAY = Duration.ofSeconds(30);

	private static final Duration PAUSE = Duration.ofMillis(20);

	private static final Runnable NOTHING = () -> {
	};

	private final String watcher;

	private final AckSender sender;

	private final ArrayDeque<PendingAck> ready = new ArrayDeque<>();

	private final Set<PendingAck> delayed = new HashSet<>();

	private final Map<PendingAck, Disposable.Swap> inFlight = new LinkedHashMap<>();

	private Scheduler.@Nullable Worker worker;

	private long sent;

	private long failed;

	/**
	 * Create an acknowledger, not started.
	 * @param watcher the name of the watcher, for logs
	 * @param sender sends a single acknowledgement
	 */
	public Acknowledger(String watcher, AckSender sender) {
		this.watcher = watcher;
		this.sender = sender;
	}

	/**
	 * Begin to send.
	 * @param worker runs the retries; the caller disposes of it
	 */
	public void start(Scheduler.Worker worker) {
		synchronized (this) {
			this.worker = worker;
			this.ready.addAll(this.delayed);
			this.delayed.clear();
		}
		sendReady();
	}

	/**
	 * Cease to send. What is waiting or on its way is kept for the next start. Does
	 * nothing if another worker was given in the meantime.
	 * @param worker the worker of the start that ends
	 * @param drain how long to wait for what is on its way
	 */
	public void stop(Scheduler.Worker worker, Duration drain) {
		List<Disposable> unfinished;
		synchronized (this) {
			if (this.worker == worker) {
				awaitDrained(drain);
			}
			if (this.worker != worker) {
				return;
			}
			this.worker = null;
			unfinished = new ArrayList<>(this.inFlight.values());
			this.ready.addAll(this.inFlight.keySet());
			this.inFlight.clear();
		}
		unfinished.forEach(Disposable::dispose);
	}

	/**
	 * Acknowledge the end of a task whose delivery is durable.
	 * @param taskId the identifier of the task
	 * @param done called when the platform has taken it, or never will
	 */
	public void acknowledge(String taskId, Runnable done) {
		synchronized (this) {
			this.ready.add(new PendingAck(taskId, done));
		}
		sendReady();
	}

	/**
	 * Forget all that is waiting, as somebody else will acknowledge it.
	 */
	public synchronized void clear() {
		this.ready.clear();
		this.delayed.clear();
		this.inFlight.values().forEach(Disposable::dispose);
		this.inFlight.clear();
	}

	/**
	 * Acknowledge the end of a task.
	 * @param taskId the identifier of the task
	 * @throws IllegalArgumentException if the identifier is empty
	 * @throws RequenceTaskException if too many acknowledgements are waiting
	 */
	public void acknowledge(String taskId) {
		Assert.hasText(taskId, "'taskId' must not be empty");
		synchronized (this) {
			if (pending() >= MAX_PENDING) {
				throw new RequenceTaskException("Cannot acknowledge the task: " + pending()
						+ " acknowledgements are waiting. Try again when the platform takes them");
			}
			this.ready.add(new PendingAck(taskId, NOTHING));
		}
		sendReady();
	}

	/**
	 * Acknowledge the end of a task as soon as not too many are waiting.
	 * @param taskId the identifier of the task
	 * @param wait waits for a time, and returns {@code false} if the delivery has to end
	 */
	void acknowledge(String taskId, Predicate<Duration> wait) {
		while (pending() >= MAX_PENDING && wait.test(PAUSE)) {
			// The delivery waits with it, and so does the platform
		}
		synchronized (this) {
			this.ready.add(new PendingAck(taskId, NOTHING));
		}
		sendReady();
	}

	/**
	 * Return how many acknowledgements are waiting or on their way.
	 * @return the number of acknowledgements
	 */
	public synchronized int pending() {
		return this.ready.size() + this.delayed.size() + this.inFlight.size();
	}

	/**
	 * Return how many acknowledgements the platform has taken.
	 * @return the number of acknowledgements
	 */
	public synchronized long sent() {
		return this.sent;
	}

	/**
	 * Return how many acknowledgements were given up.
	 * @return the number of acknowledgements
	 */
	public synchronized long failed() {
		return this.failed;
	}

	private void sendReady() {
		while (true) {
			PendingAck ack;
			Disposable.Swap subscription = Disposables.swap();
			synchronized (this) {
				if (this.worker == null || this.inFlight.size() >= MAX_IN_FLIGHT || this.ready.isEmpty()) {
					return;
				}
				ack = this.ready.remove();
				this.inFlight.put(ack, subscription);
			}
			subscription.update(Mono.defer(() -> this.sender.send(ack.taskId()))
				.defaultIfEmpty(Outcome.RETRY)
				.subscribe((outcome) -> completed(ack, outcome, null),
						(error) -> completed(ack, Outcome.RETRY, error)));
		}
	}

	private void completed(PendingAck ack, Outcome outcome, @Nullable Throwable error) {
		synchronized (this) {
			if (this.inFlight.remove(ack) == null) {
				return;
			}
			switch (outcome) {
				case TAKEN -> this.sent++;
				case RETRY -> retryLater(ack, error);
				case GIVEN_UP -> {
					this.failed++;
					logger.warn("Task watcher '" + this.watcher + "': the platform does not take an acknowledgement, "
							+ "it is given up");
				}
			}
			notifyAll();
		}
		if (outcome != Outcome.RETRY) {
			ack.done();
		}
		sendReady();
	}

	private void retryLater(PendingAck ack, @Nullable Throwable error) {
		Duration delay = ack.nextDelay();
		String message = "Task watcher '" + this.watcher + "': could not acknowledge the end of a task, next in "
				+ delay;
		if (ack.failures() == 1) {
			logger.warn(message + ((error != null) ? " (" + error.getClass().getSimpleName() + ")" : ""));
		}
		else {
			logger.debug(message, error);
		}
		this.delayed.add(ack);
		Scheduler.Worker current = this.worker;
		if (current != null && !current.isDisposed()) {
			current.schedule(() -> retry(ack), delay.toMillis(), TimeUnit.MILLISECONDS);
		}
	}

	private void retry(PendingAck ack) {
		synchronized (this) {
			if (this.delayed.remove(ack)) {
				this.ready.add(ack);
			}
		}
		sendReady();
	}

	private void awaitDrained(Duration timeout) {
		long deadline = System.nanoTime() + timeout.toNanos();
		boolean interrupted = false;
		while (!interrupted && !(this.ready.isEmpty() && this.inFlight.isEmpty())) {
			long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
			if (left <= 0) {
				return;
			}
			try {
				wait(left);
			}
			catch (InterruptedException ex) {
				interrupted = true;
			}
		}
		if (interrupted) {
			Thread.currentThread().interrupt();
		}
	}

	/**
	 * An acknowledgement that the platform has not taken yet. Compared by identity.
	 */
	private static final class PendingAck {

		private final String taskId;

		private final Runnable done;

		private int failures;

		PendingAck(String taskId, Runnable done) {
			this.taskId = taskId;
			this.done = done;
		}

		void done() {
			this.done.run();
		}

		String taskId() {
			return this.taskId;
		}

		int failures() {
			return this.failures;
		}

		Duration nextDelay() {
			Duration delay = FIRST_DELAY.multipliedBy(1L << Math.min(this.failures, 10));
			this.failures++;
			return (delay.compareTo(MAX_DELAY) < 0) ? delay : MAX_DELAY;
		}

	}

}
