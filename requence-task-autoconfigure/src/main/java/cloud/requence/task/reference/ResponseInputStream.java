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

package cloud.requence.task.reference;

import java.io.IOException;
import java.io.InputStream;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import org.reactivestreams.Subscription;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Signal;

import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferUtils;

/**
 * Reads the body of a response as it arrives. A few buffers are requested in advance, so
 * that a slow reader slows down the sender. Unlike Spring's own bridge it returns the
 * available bytes instead of waiting for a full array, and fails after a time without
 * bytes. One thread reads; any thread may close.
 */
final class ResponseInputStream extends InputStream {

	private static final int BUFFERS_IN_ADVANCE = 8;

	private final Receiver receiver = new Receiver();

	private final Duration timeout;

	private final ReentrantLock lock = new ReentrantLock();

	private @Nullable DataBuffer current;

	private boolean ended;

	ResponseInputStream(Publisher<DataBuffer> body, Duration timeout) {
		this.timeout = timeout;
		body.subscribe(this.receiver);
	}

	@Override
	public int read() throws IOException {
		byte[] single = new byte[1];
		return (read(single, 0, 1) < 0) ? -1 : single[0] & 0xff;
	}

	@Override
	public int read(byte[] bytes, int offset, int length) throws IOException {
		Objects.checkFromIndexSize(offset, length, bytes.length);
		if (length == 0) {
			return 0;
		}
		int count = readCurrent(bytes, offset, length);
		while (count == 0) {
			keep(next());
			count = readCurrent(bytes, offset, length);
		}
		return count;
	}

	/**
	 * Read from the current buffer.
	 * @return how many bytes, 0 if the next buffer is needed, -1 at the end
	 */
	private int readCurrent(byte[] bytes, int offset, int length) {
		this.lock.lock();
		try {
			DataBuffer buffer = this.current;
			if (buffer == null) {
				return this.ended ? -1 : 0;
			}
			int count = Math.min(length, buffer.readableByteCount());
			buffer.read(bytes, offset, count);
			if (buffer.readableByteCount() == 0) {
				releaseCurrent();
			}
			return count;
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Keep a buffer until it is read, unless the stream was closed since it was taken.
	 */
	private void keep(@Nullable DataBuffer buffer) {
		this.lock.lock();
		try {
			if (this.ended) {
				DataBufferUtils.release(buffer);
			}
			else {
				this.current = buffer;
			}
		}
		finally {
			this.lock.unlock();
		}
	}

	private @Nullable DataBuffer next() throws IOException {
		Signal<DataBuffer> signal = await();
		if (signal.isOnNext()) {
			this.receiver.request(1);
			return signal.get();
		}
		end();
		if (signal.getThrowable() instanceof IOException ex) {
			throw ex;
		}
		if (signal.isOnError()) {
			Throwable failure = Objects.requireNonNull(signal.getThrowable());
			throw (failure.getCause() instanceof IOException ex) ? ex : new IOException(failure);
		}
		return null;
	}

	private Signal<DataBuffer> await() throws IOException {
		try {
			Signal<DataBuffer> signal = this.receiver.signals.poll(this.timeout.toMillis(), TimeUnit.MILLISECONDS);
			if (signal == null) {
				close();
				throw new SocketTimeoutException("No byte within " + this.timeout.toMillis() + " ms");
			}
			return signal;
		}
		catch (InterruptedException ex) {
			close();
			Thread.currentThread().interrupt();
			throw new IOException("Reading was interrupted", ex);
		}
	}

	private void end() {
		this.lock.lock();
		try {
			this.ended = true;
			releaseCurrent();
		}
		finally {
			this.lock.unlock();
		}
	}

	private void releaseCurrent() {
		DataBufferUtils.release(this.current);
		this.current = null;
	}

	/**
	 * End the connection, if it is still open.
	 */
	@Override
	public void close() {
		end();
		this.receiver.close();
	}

	/**
	 * Receives on the thread of the connection what the reader takes.
	 */
	private static final class Receiver extends BaseSubscriber<DataBuffer> {

		private final BlockingQueue<Signal<DataBuffer>> signals = new LinkedBlockingQueue<>();

		private volatile boolean closed;

		@Override
		protected void hookOnSubscribe(Subscription subscription) {
			subscription.request(BUFFERS_IN_ADVANCE);
		}

		@Override
		protected void hookOnNext(DataBuffer buffer) {
			this.signals.add(Signal.next(buffer));
			if (this.closed) {
				releaseAll();
			}
		}

		@Override
		protected void hookOnError(Throwable failure) {
			this.signals.add(Signal.error(failure));
		}

		@Override
		protected void hookOnComplete() {
			this.signals.add(Signal.complete());
		}

		void close() {
			this.closed = true;
			cancel();
			releaseAll();
		}

		private void releaseAll() {
			for (Signal<DataBuffer> signal = this.signals.poll(); signal != null; signal = this.signals.poll()) {
				DataBufferUtils.release(signal.get());
			}
		}

	}

}
