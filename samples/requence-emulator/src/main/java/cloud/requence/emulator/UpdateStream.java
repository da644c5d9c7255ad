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

import java.io.ByteArrayOutputStream;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.zip.GZIPOutputStream;

import cloud.requence.emulator.ConnectionFault.Break;
import cloud.requence.emulator.ConnectionFault.Cut;
import cloud.requence.emulator.ConnectionFault.OddStream;
import org.eclipse.jetty.io.EofException;

/**
 * Writes the log to one client, on the thread that calls {@link #run}. Each write waits
 * until the network has taken it, so that nothing piles up for a client that does not
 * read.
 */
final class UpdateStream implements OpenConnection {

	private static final int MAX_BATCH_ENTRIES = 1024;

	private static final int MAX_BATCH_BYTES = 64 * 1024;

	private static final long POLL_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

	private final UpdateLog log;

	private final ClientConnection connection;

	private final StreamSelection selection;

	private final OddStream fault;

	private final StreamStyle style;

	private final LongAdder written;

	private final ByteArrayOutputStream batch = new ByteArrayOutputStream();

	private int nextIndex;

	private int events;

	private boolean ended;

	private long lastWrite = System.nanoTime();

	UpdateStream(UpdateLog log, ClientConnection connection, StreamSelection selection, OddStream fault,
			StreamStyle style, LongAdder written) {
		this.log = log;
		this.connection = connection;
		this.selection = selection;
		this.fault = fault;
		this.style = style;
		this.written = written;
		this.nextIndex = selection.firstIndex();
	}

	/**
	 * Write until the stream ends, and the connection with it.
	 * @throws IOException if the connection is gone, for whatever reason
	 * @throws InterruptedException if the server stops
	 */
	void run() throws IOException, InterruptedException {
		StreamStyle.Head head = this.style.head();
		if (head.delay() != null && this.connection.awaitClose(head.delay().toNanos())) {
			throw new EofException("Closed by the client");
		}
		if (head.withheld()) {
			awaitFirst();
		}
		OutputStream out = open();
		Cut cut = this.fault.cut();
		while (!this.ended) {
			if (cut != null && this.events == cut.events()) {
				breakOff(out, cut);
			}
			else {
				writeReady(out);
			}
		}
		out.close();
	}

	@Override
	public void abort(boolean reset) {
		this.connection.close(reset);
	}

	private OutputStream open() throws IOException {
		Map<String, String> headers = new LinkedHashMap<>();
		headers.put("Cache-Control", "no-store");
		if (!this.fault.contentType().isEmpty()) {
			headers.put("Content-Type", this.fault.contentType());
		}
		if (this.fault.gzip()) {
			headers.put("Content-Encoding", "gzip");
		}
		if (!this.style.head().encoding().isEmpty()) {
			headers.put("Content-Encoding", this.style.head().encoding());
		}
		RawResponse body = RawResponse.open(this.connection, headers, this.style.head());
		OutputStream out = styled(body);
		out.write(lines(this.style.beginning()));
		out.write(this.fault.prefix());
		if (this.style.retry() != null) {
			out.write(lines("retry: " + this.style.retry() + "\n\n"));
		}
		out.flush();
		return out;
	}

	private OutputStream styled(OutputStream body) throws IOException {
		OutputStream out = body;
		if (this.style.bytesPerSecond() > 0) {
			out = PacedOutputStream.withRate(out, this.style.bytesPerSecond());
		}
		if (this.style.byteWise()) {
			out = PacedOutputStream.byteWise(out);
		}
		return (this.fault.gzip()) ? new GZIPOutputStream(out, true) : out;
	}

	private void writeReady(OutputStream out) throws IOException, InterruptedException {
		List<LogEntry> ready = this.log.read(this.nextIndex, MAX_BATCH_ENTRIES, POLL_NANOS);
		this.batch.reset();
		int count = 0;
		for (LogEntry entry : ready) {
			if (isCutAfter(count) || this.ended || this.batch.size() >= MAX_BATCH_BYTES) {
				break;
			}
			this.nextIndex = entry.index() + 1;
			if (this.selection.carries(entry)) {
				this.batch.writeBytes(lines(this.style.positions().apply(entry)));
				this.ended = this.selection.endsWith(entry);
				count++;
			}
		}
		if (count == 0) {
			idle(out);
			return;
		}
		send(out, this.batch.toByteArray());
		this.events += count;
		this.written.add(count);
	}

	private boolean isCutAfter(int count) {
		return this.fault.cut() != null && this.events + count == this.fault.cut().events();
	}

	private void breakOff(OutputStream out, Cut cut) throws IOException, InterruptedException {
		if (cut.bytes() > 0) {
			byte[] next = lines(this.style.positions().apply(awaitNext(out)));
			send(out, Arrays.copyOf(next, Math.min(cut.bytes(), next.length)));
		}
		this.ended = true;
		if (cut.kind() == Break.STALL) {
			this.connection.awaitClose();
		}
		if (cut.kind() != Break.END) {
			abort(cut.kind() == Break.RESET);
			throw new EofException("Interrupted deliberately");
		}
	}

	private LogEntry awaitNext(OutputStream out) throws IOException, InterruptedException {
		while (true) {
			for (LogEntry entry : this.log.read(this.nextIndex, MAX_BATCH_ENTRIES, POLL_NANOS)) {
				this.nextIndex = entry.index() + 1;
				if (this.selection.carries(entry)) {
					return entry;
				}
			}
			idle(out);
		}
	}

	/**
	 * Wait until there is an event to write, or the stream has been silent for too long.
	 */
	private void awaitFirst() throws IOException, InterruptedException {
		while (!this.ended && !isNextReady()) {
			checkClient();
			endIfQuiet();
		}
	}

	private boolean isNextReady() throws InterruptedException {
		for (LogEntry entry : this.log.read(this.nextIndex, MAX_BATCH_ENTRIES, POLL_NANOS)) {
			if (this.selection.carries(entry)) {
				return true;
			}
			this.nextIndex = entry.index() + 1;
		}
		return false;
	}

	private void idle(OutputStream out) throws IOException {
		checkClient();
		endIfQuiet();
		Duration heartbeat = this.style.quiet().heartbeat();
		if (!this.ended && heartbeat != null && quietNanos() >= heartbeat.toNanos()) {
			send(out, lines(this.style.quiet().text()));
		}
	}

	private void checkClient() throws EofException {
		if (this.connection.closedByClient()) {
			throw new EofException("Closed by the client");
		}
	}

	private void endIfQuiet() throws EofException {
		Duration limit = this.style.quiet().limit();
		if (limit == null || quietNanos() < limit.toNanos()) {
			return;
		}
		if (this.style.quiet().reset()) {
			abort(true);
			throw new EofException("Reset on purpose");
		}
		this.ended = true;
	}

	private long quietNanos() {
		return System.nanoTime() - this.lastWrite;
	}

	private void send(OutputStream out, byte[] bytes) throws IOException {
		out.write(bytes);
		out.flush();
		this.lastWrite = System.nanoTime();
	}

	private byte[] lines(String text) {
		return lines(text.getBytes(StandardCharsets.UTF_8));
	}

	private byte[] lines(byte[] text) {
		if (this.style.lineEnding().equals("\n")) {
			return text;
		}
		// One char per byte: other bytes than line feeds pass untouched.
		return new String(text, StandardCharsets.ISO_8859_1).replace("\n", this.style.lineEnding())
			.getBytes(StandardCharsets.ISO_8859_1);
	}

}
