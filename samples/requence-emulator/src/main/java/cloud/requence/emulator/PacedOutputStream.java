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
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.util.concurrent.locks.LockSupport;

/**
 * Passes bytes on in slices, with a pause behind each.
 */
final class PacedOutputStream extends OutputStream {

	private static final int SLICES_PER_SECOND = 20;

	private final OutputStream target;

	private final int slice;

	private final long pauseNanos;

	private PacedOutputStream(OutputStream target, int slice, long pauseNanos) {
		this.target = target;
		this.slice = slice;
		this.pauseNanos = pauseNanos;
	}

	static PacedOutputStream byteWise(OutputStream target) {
		return new PacedOutputStream(target, 1, 0);
	}

	static PacedOutputStream withRate(OutputStream target, long bytesPerSecond) {
		int slice = (int) Math.max(1, Math.min(Integer.MAX_VALUE, bytesPerSecond / SLICES_PER_SECOND));
		return new PacedOutputStream(target, slice, slice * 1_000_000_000L / bytesPerSecond);
	}

	@Override
	public void write(int value) throws IOException {
		write(new byte[] { (byte) value }, 0, 1);
	}

	@Override
	public void write(byte[] bytes, int offset, int length) throws IOException {
		int end = offset + length;
		for (int from = offset; from < end; from += this.slice) {
			this.target.write(bytes, from, Math.min(this.slice, end - from));
			pause();
		}
	}

	private void pause() throws IOException {
		if (this.pauseNanos == 0) {
			return;
		}
		long until = System.nanoTime() + this.pauseNanos;
		while (until - System.nanoTime() > 0) {
			LockSupport.parkNanos(until - System.nanoTime());
			if (Thread.currentThread().isInterrupted()) {
				throw new InterruptedIOException("Interrupted while writing slowly");
			}
		}
	}

	@Override
	public void flush() throws IOException {
		this.target.flush();
	}

	@Override
	public void close() throws IOException {
		this.target.close();
	}

}
