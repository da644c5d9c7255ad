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
import java.nio.charset.StandardCharsets;

import cloud.requence.task.TaskStreamTruncatedException;

/**
 * Reads the frames of a stream: one byte of type, four of length, the payload. The stream
 * ends normally only with an end frame.
 */
final class FramedInputStream extends BodyInputStream {

	private static final int DATA = 0;

	private static final int END = 1;

	private static final int TRUNCATED = 2;

	private static final int MAX_REASON = 1024;

	private static final int REASON_LENGTH = 200;

	// Of the frame that is being read
	private long left;

	private boolean ended;

	FramedInputStream(InputStream source) {
		super(source);
	}

	@Override
	public int read(byte[] bytes, int offset, int length) throws IOException {
		if (length == 0) {
			return 0;
		}
		if (!hasData()) {
			return -1;
		}
		int count = source().read(bytes, offset, (int) Math.min(length, this.left));
		if (count < 0) {
			throw new TaskStreamTruncatedException("it ended inside a frame");
		}
		this.left -= count;
		return count;
	}

	private boolean hasData() throws IOException {
		while (this.left == 0 && !this.ended) {
			nextFrame();
		}
		return !this.ended;
	}

	private void nextFrame() throws IOException {
		int type = source().read();
		if (type < 0) {
			throw new TaskStreamTruncatedException("it ended without saying so");
		}
		long length = length();
		switch (type) {
			case DATA -> this.left = length;
			case END -> end(length);
			case TRUNCATED -> throw new TaskStreamTruncatedException(reason(length));
			default -> throw new IOException("The stream has a frame of the unknown type " + type);
		}
	}

	private long length() throws IOException {
		byte[] bytes = exactly(4);
		return (bytes[0] & 0xffL) << 24 | (bytes[1] & 0xff) << 16 | (bytes[2] & 0xff) << 8 | (bytes[3] & 0xff);
	}

	private void end(long length) throws IOException {
		this.ended = true;
		if (length != 0 || source().read() >= 0) {
			throw new IOException("The stream continues after its end");
		}
	}

	private String reason(long length) throws IOException {
		String reason = new String(exactly((int) Math.min(length, MAX_REASON)), StandardCharsets.UTF_8)
			.replaceAll("[\\p{C}\\s]+", " ")
			.strip();
		return reason.isEmpty() ? "its writer has ended it early"
				: reason.substring(0, Math.min(reason.length(), REASON_LENGTH));
	}

	private byte[] exactly(int length) throws IOException {
		byte[] bytes = source().readNBytes(length);
		if (bytes.length < length) {
			throw new TaskStreamTruncatedException("it ended inside a frame");
		}
		return bytes;
	}

}
