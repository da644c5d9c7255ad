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

package cloud.requence.samples.relay.monitoring;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Supplier;

import org.apache.kafka.common.errors.InterruptException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.context.SmartLifecycle;
import org.springframework.core.NestedExceptionUtils;

import cloud.requence.samples.relay.monitoring.Reading.Failure;

/**
 * Reads the state of the topic at intervals, in a thread of its own, so that no request
 * of a browser waits for the broker. While it cannot be read, the last state stays, with
 * the reason.
 */
public class Monitor implements SmartLifecycle {

	private static final Logger logger = LoggerFactory.getLogger(Monitor.class);

	private static final Duration REFRESH_TIMEOUT = Duration.ofSeconds(3);

	private static final Duration STOP_TIMEOUT = Duration.ofSeconds(5);

	private static final int MAX_REASON_LENGTH = 300;

	private final Supplier<BrokerReader> readers;

	private final Duration interval;

	private final List<Consumer<Reading>> listeners;

	private volatile Reading reading = new Reading(null, null);

	// Guarded by this
	private @Nullable ScheduledExecutorService executor;

	// Guarded by this
	private @Nullable Future<?> schedule;

	// Confined to the thread of the executor
	private @Nullable BrokerReader reader;

	/**
	 * Create a monitor.
	 * @param readers creates a reader
	 * @param interval the time between two readings
	 * @param listeners receive each reading
	 */
	Monitor(Supplier<BrokerReader> readers, Duration interval, List<Consumer<Reading>> listeners) {
		this.readers = readers;
		this.interval = interval;
		this.listeners = List.copyOf(listeners);
	}

	/**
	 * Return what is known.
	 * @return the last reading
	 */
	public Reading reading() {
		return this.reading;
	}

	/**
	 * Read the state now, and wait for it for a moment.
	 */
	public void refresh() {
		ScheduledExecutorService running;
		synchronized (this) {
			running = this.executor;
		}
		if (running == null) {
			return;
		}
		try {
			running.submit(this::read).get(REFRESH_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
		catch (TimeoutException | ExecutionException | CancellationException ex) {
			logger.debug("The state will be read later", ex);
		}
	}

	/**
	 * Whatever happens, the next reading follows.
	 */
	private void read() {
		try {
			readOnce();
		}
		catch (Throwable ex) {
			logger.error("Unexpected error of the monitor, which continues", ex);
		}
	}

	private void readOnce() {
		Reading before = this.reading;
		try {
			if (this.reader == null) {
				this.reader = this.readers.get();
			}
			this.reading = new Reading(this.reader.read(), null);
		}
		catch (InterruptException ex) {
			return;
		}
		catch (Throwable ex) {
			Instant since = (before.failure() != null) ? before.failure().since() : Instant.now();
			this.reading = new Reading(before.state(), new Failure(since, reason(ex)));
		}
		log(before, this.reading);
		try {
			this.listeners.forEach((listener) -> listener.accept(this.reading));
		}
		finally {
			if (this.reading.failure() != null) {
				// A client whose thread has ended does not say so
				close();
			}
		}
	}

	private static String reason(Throwable failure) {
		Throwable cause = NestedExceptionUtils.getMostSpecificCause(failure);
		String reason = (cause.getMessage() != null) ? cause.getMessage() : cause.getClass().getSimpleName();
		return reason.substring(0, Math.min(reason.length(), MAX_REASON_LENGTH));
	}

	private static void log(Reading before, Reading now) {
		if (now.failure() != null && before.failure() == null) {
			logger.warn("The state of the topic cannot be read, and will be read again: {}", now.failure().reason());
		}
		else if (now.failure() == null && before.failure() != null) {
			logger.info("The state of the topic can be read again");
		}
	}

	@Override
	public synchronized void start() {
		this.executor = Executors.newSingleThreadScheduledExecutor((task) -> {
			Thread thread = new Thread(task, "relay-monitor");
			thread.setDaemon(true);
			return thread;
		});
		this.schedule = this.executor.scheduleWithFixedDelay(this::read, 0, this.interval.toMillis(),
				TimeUnit.MILLISECONDS);
	}

	@Override
	public synchronized void stop() {
		if (this.executor == null || this.schedule == null) {
			return;
		}
		this.schedule.cancel(false);
		this.executor.execute(this::close);
		this.executor.shutdown();
		try {
			if (!this.executor.awaitTermination(STOP_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)) {
				this.executor.shutdownNow();
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
		this.executor = null;
	}

	private void close() {
		BrokerReader closing = this.reader;
		this.reader = null;
		if (closing != null) {
			closing.close();
		}
	}

	@Override
	public synchronized boolean isRunning() {
		return this.executor != null;
	}

}
