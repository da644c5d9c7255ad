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

package cloud.requence.samples.benchmarks;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Locale;
import java.util.concurrent.locks.LockSupport;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

import cloud.requence.samples.benchmarks.UpdateTemplate.Id;

/**
 * Answers every request with an event stream, one chunk for each update. A process of its
 * own, so that its resources are not counted.
 */
final class StreamServer {

	/** How many updates are sent as fast as they are read before the others are paced. */
	static final int WARM_UP = 100_000;

	private static final Log logger = LogFactory.getLog(StreamServer.class);

	private static final long PACE = 1_000_000;

	private static final byte[] ACKNOWLEDGED = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"
		.getBytes(StandardCharsets.US_ASCII);

	private final Traffic traffic;

	private final Profile profile;

	private final int openTasks;

	private StreamServer(Traffic traffic, Profile profile, int openTasks) {
		this.traffic = traffic;
		this.profile = profile;
		this.openTasks = openTasks;
	}

	/**
	 * Run the server until its process ends.
	 * @param args the traffic, the profile, how many tasks are open, and the file that
	 * the port is written to
	 * @throws IOException if there is no port
	 */
	public static void main(String[] args) throws IOException {
		StreamServer server = new StreamServer(Traffic.valueOf(args[0]), Profile.valueOf(args[1]),
				Integer.parseInt(args[2]));
		try (ServerSocket socket = new ServerSocket(0, 100, InetAddress.getLoopbackAddress())) {
			publish(Path.of(args[3]), socket.getLocalPort());
			while (true) {
				Socket accepted = socket.accept();
				new Thread(() -> server.serve(accepted), "connection").start();
			}
		}
	}

	private static void publish(Path file, int port) throws IOException {
		Path written = Files.writeString(file.resolveSibling(file.getFileName() + ".new"), Integer.toString(port));
		Files.move(written, file, StandardCopyOption.ATOMIC_MOVE);
	}

	private void serve(Socket accepted) {
		try (Socket socket = accepted) {
			socket.setTcpNoDelay(true);
			InputStream in = new BufferedInputStream(socket.getInputStream());
			OutputStream out = new BufferedOutputStream(socket.getOutputStream(), 64 * 1024);
			String request = readRequest(in);
			while (request.contains("/ack/")) {
				out.write(ACKNOWLEDGED);
				out.flush();
				request = readRequest(in);
			}
			boolean chunked = !request.endsWith("HTTP/1.0");
			String head = chunked ? "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n" : "HTTP/1.0 200 OK\r\n";
			out.write((head + "Content-Type: text/event-stream\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
			out.flush();
			new Sender(out, chunked).send();
		}
		catch (IOException ex) {
			logger.debug("A client has gone", ex);
		}
	}

	// Returns its first line
	private static String readRequest(InputStream in) throws IOException {
		String first = readLine(in);
		int length = 0;
		for (String line = readLine(in); !line.isEmpty(); line = readLine(in)) {
			String header = line.toLowerCase(Locale.ROOT);
			if (header.startsWith("content-length:")) {
				length = Integer.parseInt(header.substring("content-length:".length()).trim());
			}
		}
		in.skipNBytes(length);
		return first;
	}

	private static String readLine(InputStream in) throws IOException {
		StringBuilder line = new StringBuilder();
		for (int next = in.read(); next != '\n'; next = in.read()) {
			if (next < 0) {
				throw new IOException("The request has ended early");
			}
			if (next != '\r') {
				line.append((char) next);
			}
		}
		return line.toString();
	}

	/**
	 * Sends updates to one client, in sweeps over the open tasks: first their starts,
	 * then one update of each at a time, each at another step. A task that has ended is
	 * followed by another one, so that each part of a sweep costs the same.
	 */
	private final class Sender {

		private final OutputStream out;

		private final boolean chunked;

		private final UpdateTemplate[] steps;

		private long position = UpdateTemplate.FIRST_POSITION;

		private long next;

		private int sent;

		private Sender(OutputStream out, boolean chunked) {
			this.out = out;
			this.chunked = chunked;
			this.steps = UpdateTemplate.steps(StreamServer.this.profile,
					StreamServer.this.traffic == Traffic.FLOOD_ACKNOWLEDGED);
		}

		private void send() throws IOException {
			if (StreamServer.this.traffic == Traffic.STARTS) {
				for (int slot = 0; slot < StreamServer.this.openTasks; slot++) {
					send(0, new Id(slot, 0, 0));
				}
				this.out.flush();
				LockSupport.park();
				return;
			}
			// A tenth of the tasks has ended and is not yet followed by another one
			int slots = StreamServer.this.openTasks * UpdateTemplate.STEPS / (UpdateTemplate.STEPS - 1);
			for (int sweep = 0;; sweep++) {
				for (int slot = 0; slot < slots; slot++) {
					int step = (sweep + slot) % UpdateTemplate.STEPS;
					int generation = (sweep + slot) / UpdateTemplate.STEPS;
					if (sweep == 0 && step < UpdateTemplate.STEPS - 1) {
						send(0, new Id(slot, generation, sweep));
					}
					else if (sweep > 0) {
						send(step, new Id(slot, generation, sweep));
					}
				}
			}
		}

		private void send(int step, Id id) throws IOException {
			if (StreamServer.this.traffic == Traffic.PACED && this.sent++ >= WARM_UP) {
				pace();
				this.steps[step].write(this.out, this.chunked, id, UpdateTemplate.FIRST_POSITION + System.nanoTime());
				this.out.flush();
			}
			else {
				this.steps[step].write(this.out, this.chunked, id, this.position++);
			}
		}

		private void pace() throws IOException {
			if (this.next == 0) {
				this.out.flush();
				this.next = System.nanoTime();
			}
			for (this.next += PACE; System.nanoTime() < this.next;) {
				LockSupport.parkNanos(this.next - System.nanoTime());
			}
		}

	}

	/**
	 * What is sent.
	 */
	enum Traffic {

		/** As fast as it is read. */
		FLOOD,

		/** The same, with ends that are to be acknowledged. */
		FLOOD_ACKNOWLEDGED,

		/**
		 * After a warm-up, one update a millisecond, whose position tells when it was
		 * sent.
		 */
		PACED,

		/** The starts of tasks, and nothing more. */
		STARTS

	}

}
