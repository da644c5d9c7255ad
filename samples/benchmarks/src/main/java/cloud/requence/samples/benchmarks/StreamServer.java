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
import java.util.List;
import java.util.Locale;
import java.util.concurrent.locks.LockSupport;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

/**
 * Answers every request with an event stream, one chunk for each update. A process of its
 * own, so that its resources are not counted.
 */
final class StreamServer {

	private static final Log logger = LogFactory.getLog(StreamServer.class);

	private static final long PACE = 1_000_000;

	private final Traffic traffic;

	private final List<UpdateTemplate> updates;

	private StreamServer(Traffic traffic, List<UpdateTemplate> updates) {
		this.traffic = traffic;
		this.updates = updates;
	}

	/**
	 * Run the server until its process ends.
	 * @param args the traffic, the profile, how many tasks are open, and the file that
	 * the port is written to
	 * @throws IOException if there is no port
	 */
	public static void main(String[] args) throws IOException {
		Traffic traffic = Traffic.valueOf(args[0]);
		Profile profile = Profile.valueOf(args[1]);
		int tasks = Integer.parseInt(args[2]);
		StreamServer server = new StreamServer(traffic, (traffic == Traffic.STARTS)
				? UpdateTemplate.starts(profile, tasks) : UpdateTemplate.round(profile, tasks));
		try (ServerSocket socket = new ServerSocket(0, 10, InetAddress.getLoopbackAddress())) {
			publish(Path.of(args[3]), socket.getLocalPort());
			while (true) {
				server.serve(socket.accept());
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
			boolean chunked = readRequest(new BufferedInputStream(socket.getInputStream()));
			OutputStream out = new BufferedOutputStream(socket.getOutputStream(), 64 * 1024);
			String head = chunked ? "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n" : "HTTP/1.0 200 OK\r\n";
			out.write((head + "Content-Type: text/event-stream\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
			out.flush();
			send(out, chunked);
		}
		catch (IOException ex) {
			logger.debug("A client has gone", ex);
		}
	}

	// Returns whether the client understands chunks
	private static boolean readRequest(InputStream in) throws IOException {
		String first = readLine(in);
		int length = 0;
		for (String line = readLine(in); !line.isEmpty(); line = readLine(in)) {
			String header = line.toLowerCase(Locale.ROOT);
			if (header.startsWith("content-length:")) {
				length = Integer.parseInt(header.substring("content-length:".length()).trim());
			}
		}
		in.skipNBytes(length);
		return !first.endsWith("HTTP/1.0");
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

	private void send(OutputStream out, boolean chunked) throws IOException {
		long position = UpdateTemplate.FIRST_POSITION;
		long next = System.nanoTime();
		for (int round = 0;; round++) {
			for (UpdateTemplate update : this.updates) {
				if (this.traffic == Traffic.PACED) {
					for (next += PACE; System.nanoTime() < next;) {
						LockSupport.parkNanos(next - System.nanoTime());
					}
					update.write(out, chunked, round, UpdateTemplate.FIRST_POSITION + System.nanoTime());
					out.flush();
				}
				else {
					update.write(out, chunked, round, position++);
				}
			}
			if (this.traffic == Traffic.STARTS) {
				out.flush();
				LockSupport.park();
			}
		}
	}

	/**
	 * What is sent.
	 */
	enum Traffic {

		/** As fast as it is read. */
		FLOOD,

		/** One update a millisecond, whose position tells when it was sent. */
		PACED,

		/** The starts of tasks, and nothing more. */
		STARTS

	}

}
