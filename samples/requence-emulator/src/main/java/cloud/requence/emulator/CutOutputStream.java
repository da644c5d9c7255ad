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

import cloud.requence.emulator.FetchFault.Cut;
import org.eclipse.jetty.io.EofException;

/**
 * A body that is interrupted after some bytes.
 */
final class CutOutputStream extends OutputStream {

	private final OutputStream target;

	private final ClientConnection connection;

	private final Cut cut;

	private long left;

	private CutOutputStream(OutputStream target, ClientConnection connection, Cut cut) {
		this.target = target;
		this.connection = connection;
		this.cut = cut;
		this.left = cut.bytes();
	}

	static CutOutputStream open(OutputStream target, ClientConnection connection, Cut cut) throws IOException {
		CutOutputStream out = new CutOutputStream(target, connection, cut);
		out.breakOffIfDue();
		return out;
	}

	@Override
	public void write(int value) throws IOException {
		write(new byte[] { (byte) value }, 0, 1);
	}

	@Override
	public void write(byte[] bytes, int offset, int length) throws IOException {
		int allowed = (int) Math.min(length, this.left);
		this.target.write(bytes, offset, allowed);
		this.left -= allowed;
		breakOffIfDue();
	}

	@Override
	public void close() throws IOException {
		this.target.close();
	}

	private void breakOffIfDue() throws IOException {
		if (this.left > 0) {
			return;
		}
		switch (this.cut.kind()) {
			case END -> this.target.close();
			case STALL -> stall();
			case DROP -> this.connection.close(false);
			case RESET -> this.connection.close(true);
		}
		throw new EofException("Interrupted deliberately");
	}

	private void stall() throws IOException {
		try {
			this.connection.awaitClose();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new InterruptedIOException("Interrupted while stalling");
		}
	}

}
