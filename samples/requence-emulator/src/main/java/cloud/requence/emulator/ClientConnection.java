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

package cloud.requence.emulator;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.SocketChannelEndPoint;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.util.Blocker;
import org.eclipse.jetty.util.BufferUtil;

/**
 * The connection below a request: detects whether the client is still connected, and
 * interrupts in the ways that networks do.
 */
final class ClientConnection {

	private static final long POLL_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

	private final EndPoint endPoint;

	ClientConnection(Request request) {
		this.endPoint = request.getConnectionMetaData().getConnection().getEndPoint();
	}

	/**
	 * Return whether the client has closed its side. Nothing reads while a response is
	 * written, so that a peek at the socket is the only way to detect it.
	 */
	boolean closedByClient() {
		if (!this.endPoint.isOpen()) {
			return true;
		}
		try {
			ByteBuffer buffer = BufferUtil.allocate(1);
			return this.endPoint.fill(buffer) < 0;
		}
		catch (IOException ex) {
			return true;
		}
	}

	/**
	 * Wait until the client has closed its side.
	 */
	void awaitClose() throws InterruptedException {
		awaitClose(Long.MAX_VALUE);
	}

	/**
	 * Wait until the client has closed its side, or a time is over.
	 * @return whether the client has closed it
	 */
	boolean awaitClose(long nanos) throws InterruptedException {
		long start = System.nanoTime();
		while (!closedByClient()) {
			if (System.nanoTime() - start >= nanos) {
				return false;
			}
			LockSupport.parkNanos(POLL_NANOS);
			if (Thread.interrupted()) {
				throw new InterruptedException();
			}
		}
		return true;
	}

	/**
	 * Write, and wait until the network has taken it all.
	 */
	void write(ByteBuffer... buffers) throws IOException {
		try (Blocker.Callback written = Blocker.callback()) {
			this.endPoint.write(written, buffers);
			written.block();
		}
	}

	/**
	 * Set how long the client may be silent while something is read from it.
	 */
	void idleTimeout(Duration timeout) {
		this.endPoint.setIdleTimeout(timeout.toMillis());
	}

	/**
	 * Close without another byte.
	 * @param reset whether by a TCP reset
	 */
	void close(boolean reset) {
		if (reset && this.endPoint instanceof SocketChannelEndPoint socketEndPoint) {
			setNoLinger(socketEndPoint.getChannel());
		}
		this.endPoint.close();
	}

	private static void setNoLinger(SocketChannel channel) {
		try {
			channel.setOption(StandardSocketOptions.SO_LINGER, 0);
		}
		catch (ClosedChannelException ex) {
			// The client was faster.
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
