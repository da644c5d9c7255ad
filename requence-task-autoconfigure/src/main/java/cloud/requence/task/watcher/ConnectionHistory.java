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

package cloud.requence.task.watcher;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.function.LongSupplier;

import org.jspecify.annotations.Nullable;

import cloud.requence.task.TaskWatcherStatus.Connection;
import cloud.requence.task.TaskWatcherStatus.State;
import cloud.requence.task.stream.ConnectionFailure;

/**
 * The state of the connection of a watcher, its failures, and since when it exists or
 * not. Guarded by the supervisor.
 */
final class ConnectionHistory {

	private final Clock clock;

	private final LongSupplier nanoTime;

	private State state = State.STOPPED;

	private Instant stateSince;

	private int failures;

	private long totalFailures;

	private long connects;

	private @Nullable ConnectionFailure lastFailure;

	private @Nullable Instant connectedSince;

	private @Nullable Instant disconnectedSince;

	// What the stream that is open has ended, if it proves itself
	private @Nullable Instant outageSince;

	private long disconnectedAt;

	ConnectionHistory(Clock clock, LongSupplier nanoTime) {
		this.clock = clock;
		this.nanoTime = nanoTime;
		this.stateSince = clock.instant();
	}

	State state() {
		return this.state;
	}

	Instant stateSince() {
		return this.stateSince;
	}

	void changeTo(State next) {
		if (this.state != next) {
			this.state = next;
			this.stateSince = this.clock.instant();
		}
	}

	/**
	 * Return how many attempts have failed in a row.
	 */
	int failures() {
		return this.failures;
	}

	/**
	 * The watcher begins to connect.
	 */
	void begin() {
		prepare();
		this.failures = 0;
		this.lastFailure = null;
	}

	/**
	 * The watcher is to connect. If it has been for some time, it is not connected since
	 * then.
	 */
	void prepare() {
		if (this.state != State.BACKING_OFF && this.state != State.CONNECTING) {
			disconnected();
		}
	}

	/**
	 * The watcher is not connected from now on.
	 */
	void disconnected() {
		this.disconnectedSince = this.clock.instant();
		this.disconnectedAt = this.nanoTime.getAsLong();
	}

	/**
	 * Return how long the watcher has not been connected.
	 * @return zero before the first connection
	 */
	Duration outage() {
		return (this.connects > 0) ? Duration.ofNanos(this.nanoTime.getAsLong() - this.disconnectedAt) : Duration.ZERO;
	}

	/**
	 * A stream was opened.
	 * @return the time
	 */
	Instant opened() {
		Instant now = this.clock.instant();
		this.connects++;
		this.failures = 0;
		this.lastFailure = null;
		this.connectedSince = now;
		this.outageSince = this.disconnectedSince;
		this.disconnectedSince = null;
		changeTo(State.STREAMING);
		return now;
	}

	/**
	 * The stream has ended, if there was one.
	 * @param proven whether it counts as a connection: the outage before it continues
	 * otherwise
	 */
	void closed(boolean proven) {
		if (this.connectedSince == null) {
			return;
		}
		this.connectedSince = null;
		disconnected();
		if (!proven) {
			this.disconnectedSince = this.outageSince;
		}
	}

	void failed(ConnectionFailure failure) {
		this.failures++;
		this.totalFailures++;
		this.lastFailure = failure;
	}

	/**
	 * The watcher cannot even try to connect.
	 */
	void prevented(ConnectionFailure cause) {
		this.lastFailure = cause;
	}

	/**
	 * Return the status of the connection.
	 * @param lastByte when the last byte came, by the ticker; zero before the first
	 * @param lastUpdate when the last update came, by the ticker; zero before the first
	 * @param retryIn how long the watcher waits before the next attempt; {@code null} if
	 * it does not
	 */
	Connection connection(long lastByte, long lastUpdate, @Nullable Duration retryIn) {
		ConnectionFailure failure = this.lastFailure;
		return new Connection(this.connectedSince, this.disconnectedSince, this.connects > 0, toInstant(lastByte),
				toInstant(lastUpdate), this.connects, this.failures, this.totalFailures, retryIn,
				(failure != null) ? failure.description() : null, (failure != null) ? failure.kind().name() : null,
				(failure != null) ? failure.status() : null);
	}

	private @Nullable Instant toInstant(long nanos) {
		return (nanos != 0) ? this.clock.instant().minusNanos(this.nanoTime.getAsLong() - nanos) : null;
	}

}
