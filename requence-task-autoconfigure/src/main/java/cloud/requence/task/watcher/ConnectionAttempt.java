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

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import cloud.requence.task.delivery.DeliveryQueue;
import cloud.requence.task.stream.ConnectionFailure;
import cloud.requence.task.stream.ConnectionFailure.Kind;
import cloud.requence.task.stream.StreamConnection;
import cloud.requence.task.stream.StreamConnector;
import cloud.requence.task.stream.StreamListener;
import cloud.requence.task.stream.StreamRequest;

/**
 * One attempt to connect and the connection that comes of it. One read at a time is
 * requested, and none while the queue has no room.
 */
final class ConnectionAttempt implements StreamListener {

	private static final Log logger = LogFactory.getLog(ConnectionAttempt.class);

	private final UpdatePipeline pipeline;

	private final DeliveryQueue queue;

	private final LongSupplier nanoTime;

	private final Owner owner;

	private final long newUpdatesBefore;

	private final @Nullable Long positionBefore;

	// Whether more may be asked for: nothing is on its way
	private final AtomicBoolean mayRead = new AtomicBoolean(true);

	private volatile @Nullable StreamConnection connection;

	private volatile boolean open;

	private volatile boolean closed;

	private final long startedAt;

	private volatile long openedAt;

	private volatile long lastSign;

	ConnectionAttempt(UpdatePipeline pipeline, DeliveryQueue queue, LongSupplier nanoTime, Owner owner) {
		this.pipeline = pipeline;
		this.queue = queue;
		this.nanoTime = nanoTime;
		this.owner = owner;
		this.startedAt = nanoTime.getAsLong();
		this.positionBefore = pipeline.begin(this);
		this.newUpdatesBefore = pipeline.reporter().newUpdates();
	}

	/**
	 * Return the position from which to resume.
	 */
	@Nullable Long position() {
		return this.positionBefore;
	}

	void connect(StreamConnector connector, StreamRequest request) {
		StreamConnection made = connector.connect(request, this);
		this.connection = made;
		if (this.closed) {
			made.close();
		}
		else {
			readOnIfThereIsRoom();
		}
	}

	void close() {
		this.closed = true;
		StreamConnection made = this.connection;
		if (made != null) {
			made.close();
		}
	}

	/**
	 * Read on if there is room: a new connection must not add to what a listener that
	 * hangs has left.
	 */
	void readOnIfThereIsRoom() {
		if (this.queue.claimRoom()) {
			readOn();
		}
	}

	/**
	 * Read on, unless something is on its way.
	 */
	void readOn() {
		StreamConnection made = this.connection;
		if (this.open && made != null && this.mayRead.get()) {
			// Before the claim: from then on the time counts as silence
			this.lastSign = this.nanoTime.getAsLong();
			if (this.mayRead.compareAndSet(true, false)) {
				request(made);
			}
		}
	}

	private void request(StreamConnection made) {
		try {
			made.request(1);
		}
		// A client that is out of memory must leave neither a dead stream nor a caller
		catch (Throwable ex) {
			fail(ex, "while reading the stream");
		}
	}

	private void fail(Throwable cause, String when) {
		// First, as logging may fail without memory as well
		this.owner.ended(this, new ConnectionFailure(Kind.INTERNAL, cause.getClass().getName() + " " + when));
		logger.error("Unexpected error " + when, cause);
	}

	boolean isOpen() {
		return this.open;
	}

	/**
	 * Return whether the stream has brought anything new.
	 */
	boolean hasProgress() {
		Long position = this.pipeline.position();
		return this.pipeline.reporter().newUpdates() != this.newUpdatesBefore
				|| (position != null && !position.equals(this.positionBefore));
	}

	/**
	 * Return how long the stream is open.
	 */
	Duration age() {
		return this.open ? Duration.ofNanos(this.nanoTime.getAsLong() - this.openedAt) : Duration.ZERO;
	}

	/**
	 * Return how long ago the attempt was made.
	 */
	Duration duration() {
		return Duration.ofNanos(this.nanoTime.getAsLong() - this.startedAt);
	}

	/**
	 * Return how long no byte has come although one was asked for.
	 */
	Duration silence() {
		boolean waiting = this.open && !this.mayRead.get();
		return waiting ? Duration.ofNanos(this.nanoTime.getAsLong() - this.lastSign) : Duration.ZERO;
	}

	@Override
	public void onOpen() {
		long now = this.nanoTime.getAsLong();
		this.openedAt = now;
		this.lastSign = now;
		this.open = true;
		boolean wanted;
		try {
			wanted = this.owner.opened(this);
		}
		catch (Throwable ex) {
			fail(ex, "when the stream was opened");
			return;
		}
		if (wanted) {
			readOnIfThereIsRoom();
		}
		else {
			close();
		}
	}

	@Override
	public void onBytes(List<ByteBuffer> bytes) {
		try {
			this.pipeline.accept(this, bytes);
		}
		// An internal error must not leave a connection that is not read
		catch (Throwable ex) {
			fail(ex, "while decoding the stream");
			return;
		}
		this.mayRead.set(true);
		readOnIfThereIsRoom();
	}

	@Override
	public void onClosed(@Nullable ConnectionFailure failure) {
		this.owner.ended(this, failure);
	}

	/**
	 * Whom attempts report to.
	 */
	interface Owner {

		/**
		 * A connection was made.
		 * @return whether it is wanted
		 */
		boolean opened(ConnectionAttempt attempt);

		void ended(ConnectionAttempt attempt, @Nullable ConnectionFailure failure);

	}

}
