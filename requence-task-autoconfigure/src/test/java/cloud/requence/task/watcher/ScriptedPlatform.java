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

import java.io.BufferedReader;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;

import cloud.requence.task.TestAccessTokens;

/**
 * A platform that answers each request with what a test has written for it, byte by byte
 * as on the wire, and with the last of these answers from then on.
 */
final class ScriptedPlatform implements Closeable {

	private final ServerSocket server;

	private final Queue<Script> scripts = new ConcurrentLinkedQueue<>();

	private final List<String> requests = new CopyOnWriteArrayList<>();

	private final Set<Socket> open = ConcurrentHashMap.newKeySet();

	private volatile Script last = new Script();

	ScriptedPlatform() {
		try {
			this.server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
		}
		catch (IOException ex) {
			throw new IllegalStateException(ex);
		}
		run(this::accept);
	}

	String accessToken() {
		return TestAccessTokens.api("secret", "http://127.0.0.1:" + this.server.getLocalPort() + "/api");
	}

	/**
	 * Add an answer.
	 */
	Script answer() {
		Script script = new Script();
		this.scripts.add(script);
		return script;
	}

	/**
	 * Add an answer that opens a stream.
	 */
	Script stream() {
		return answer().head("HTTP/1.1 200 OK", "Content-Type: text/event-stream");
	}

	/**
	 * Return the bodies of the requests so far.
	 */
	List<String> requests() {
		return this.requests;
	}

	int openConnections() {
		return this.open.size();
	}

	private void accept() throws IOException {
		while (!this.server.isClosed()) {
			Socket socket = this.server.accept();
			socket.setTcpNoDelay(true);
			this.open.add(socket);
			run(() -> serve(socket));
		}
	}

	private void serve(Socket socket) throws IOException {
		try (socket) {
			this.requests.add(body(socket));
			Script next = this.scripts.poll();
			this.last = (next != null) ? next : this.last;
			for (Step step : this.last.steps) {
				step.perform(socket);
			}
		}
		finally {
			this.open.remove(socket);
		}
	}

	private static String body(Socket socket) throws IOException {
		BufferedReader reader = new BufferedReader(
				new InputStreamReader(socket.getInputStream(), StandardCharsets.ISO_8859_1));
		int length = 0;
		for (String line = reader.readLine(); line != null && !line.isEmpty(); line = reader.readLine()) {
			if (line.toLowerCase(Locale.ROOT).startsWith("content-length:")) {
				length = Integer.parseInt(line.substring("content-length:".length()).trim());
			}
		}
		char[] body = new char[length];
		for (int read = 0; read < length;) {
			read += reader.read(body, read, length - read);
		}
		return new String(body);
	}

	private static void run(Step.Task task) {
		Thread thread = new Thread(() -> {
			try {
				task.run();
			}
			catch (IOException ex) {
				// The client or the test has ended the connection
			}
		}, "scripted-platform");
		thread.setDaemon(true);
		thread.start();
	}

	@Override
	public void close() {
		try {
			this.server.close();
			for (Socket socket : this.open) {
				socket.close();
			}
		}
		catch (IOException ex) {
			throw new IllegalStateException(ex);
		}
	}

	/**
	 * Return an update as an event, without an id of its own.
	 */
	static String update(int number) {
		return "event: nodeStart\ndata: {\"taskId\":\"t-1\",\"updateId\":\"u-" + number + "\",\"timestamp\":\""
				+ time(number) + "\",\"node\":{\"id\":\"n-1\",\"type\":\"service\",\"alias\":\"scan\"}}\n\n";
	}

	static String time(int number) {
		return "2026-01-01T00:%02d:%02d.000Z".formatted(number / 60, number % 60);
	}

	private interface Step {

		void perform(Socket socket) throws IOException;

		interface Task {

			void run() throws IOException;

		}

	}

	/**
	 * What is done with one connection, one step after the other; the connection is
	 * closed at the end.
	 */
	static final class Script {

		private final List<Step> steps = new ArrayList<>();

		/**
		 * Send the lines of a head, and the empty line behind it.
		 */
		Script head(String... lines) {
			return send(String.join("\r\n", lines) + "\r\n\r\n");
		}

		Script send(String text) {
			return step((socket) -> {
				OutputStream out = socket.getOutputStream();
				out.write(text.getBytes(StandardCharsets.UTF_8));
				out.flush();
			});
		}

		/**
		 * Send text in the chunked transfer encoding.
		 */
		Script chunk(String text) {
			return send(Integer.toHexString(text.getBytes(StandardCharsets.UTF_8).length) + "\r\n" + text + "\r\n");
		}

		/**
		 * Send nothing for a time, or until the client closes the connection.
		 */
		Script quiet(Duration duration) {
			return step((socket) -> {
				socket.setSoTimeout((int) duration.toMillis());
				try {
					if (socket.getInputStream().read() == -1) {
						throw new SocketException("closed by the client");
					}
				}
				catch (SocketTimeoutException ex) {
					// The time is over
				}
			});
		}

		/**
		 * Leave the connection open.
		 */
		Script hold() {
			return quiet(Duration.ZERO);
		}

		/**
		 * Close the connection with a TCP reset.
		 */
		Script reset() {
			return step((socket) -> {
				socket.setSoLinger(true, 0);
				socket.close();
				throw new SocketException("reset");
			});
		}

		private Script step(Step step) {
			this.steps.add(step);
			return this;
		}

	}

}
