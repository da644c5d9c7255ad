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
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;

import org.eclipse.jetty.io.EofException;
import org.jspecify.annotations.Nullable;

/**
 * Writes a byte stream to one client, on the thread that calls {@link #run}: what is
 * there already, and what is written meanwhile.
 */
final class StreamDownload {

	private static final byte DATA = 0;

	private static final byte END = 1;

	private static final byte TRUNCATED = 2;

	private static final int FRAME_HEAD = 5;

	private static final long POLL_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

	private final StoredStream stream;

	private final OutputStream out;

	private final ClientConnection connection;

	private final boolean framed;

	/** Room for the head of a frame, and behind it the data. */
	private final ByteBuffer buffer = ByteBuffer.allocate(FRAME_HEAD + FileStore.BUFFER_SIZE);

	StreamDownload(StoredStream stream, OutputStream out, ClientConnection connection, boolean framed) {
		this.stream = stream;
		this.out = out;
		this.connection = connection;
		this.framed = framed;
	}

	/**
	 * Write until the stream is over, and end the response.
	 * @param endless whether spaces without end are to follow the data
	 * @throws IOException if the connection is gone, for whatever reason
	 * @throws InterruptedException if the server stops
	 */
	void run(boolean endless) throws IOException, InterruptedException {
		try (FileChannel content = FileChannel.open(this.stream.path())) {
			follow(content);
		}
		while (endless) {
			Arrays.fill(this.buffer.array(), FRAME_HEAD, this.buffer.capacity(), (byte) ' ');
			send(DATA, FileStore.BUFFER_SIZE);
		}
		finish(this.stream.truncation());
	}

	private void follow(FileChannel content) throws IOException, InterruptedException {
		long position = 0;
		long available = this.stream.await(position, POLL_NANOS);
		while (available >= 0) {
			int count = (int) Math.min(available, FileStore.BUFFER_SIZE);
			if (count > 0) {
				this.buffer.limit(FRAME_HEAD + count).position(FRAME_HEAD);
				count = content.read(this.buffer, position);
				send(DATA, count);
				position += count;
			}
			else if (this.connection.closedByClient()) {
				throw new EofException("Closed by the client");
			}
			available = this.stream.await(position, POLL_NANOS);
		}
	}

	private void finish(@Nullable String truncation) throws IOException {
		if (this.framed) {
			byte[] reason = (truncation != null) ? truncation.getBytes(StandardCharsets.UTF_8) : new byte[0];
			System.arraycopy(reason, 0, this.buffer.array(), FRAME_HEAD, reason.length);
			send((truncation != null) ? TRUNCATED : END, reason.length);
		}
		else if (truncation != null) {
			this.connection.close(false);
			throw new EofException("The stream was interrupted");
		}
		this.out.close();
	}

	/**
	 * Send what is in the buffer, as a frame or as it is.
	 */
	private void send(byte type, int count) throws IOException {
		if (this.framed) {
			this.buffer.put(0, type).putInt(1, count);
			this.out.write(this.buffer.array(), 0, FRAME_HEAD + count);
		}
		else {
			this.out.write(this.buffer.array(), FRAME_HEAD, count);
		}
	}

}
