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
package cloud.requence.samples.auditlog.speed;

import java.io.BufferedReader;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import cloud.requence.task.AccessToken;

/**
 * A platform with a backlog of small updates, which costs little beside what is measured:
 * tasks of four updates, made when they are sent.
 */
final class BacklogPlatform implements Closeable {

	private static final Pattern POSITION = Pattern.compile("\"lastPosition\":(\\d+)");

	private static final int CHUNK = 64 * 1024;

	private final ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());

	private final AtomicLong released = new AtomicLong();

	BacklogPlatform() throws IOException {
		Thread acceptor = new Thread(this::accept, "backlog-platform");
		acceptor.setDaemon(true);
		acceptor.start();
	}

	String accessToken() {
		return AccessToken.of("secret", URI.create("http://127.0.0.1:" + this.server.getLocalPort() + "/api"))
			.encoded();
	}

	/**
	 * Send updates up to a position.
	 */
	void release(long position) {
		this.released.set(position);
	}

	/**
	 * Return the JSON of an update's input, data or result.
	 */
	static String payload(long position) {
		return "{\"number\":" + position + ",\"customer\":\"customer-" + position % 1000 + "\",\"amount\":12.50}";
	}

	static String taskId(long position) {
		return "0f3c5a1e-6b1d-4c5f-9a77-" + String.format("%012x", position / 4);
	}

	private static String frame(long position) {
		String task = "\"taskId\":\"" + taskId(position) + "\",\"updateId\":\"7d0c2f14-21c0-4a4e-8a44-"
				+ String.format("%012x", position)
				+ "\",\"name\":\"invoice\",\"timestamp\":\"2026-11-28T10:00:00.000Z\"";
		String node = ",\"node\":{\"id\":\"node-1\",\"type\":\"service\",\"alias\":\"read\"}";
		String event = switch ((int) (position % 4)) {
			case 0 -> "taskStart\ndata: {" + task + ",\"input\":" + payload(position) + "}";
			case 1 -> "nodeStart\ndata: {" + task + node + "}";
			case 2 -> "nodeUpdate\ndata: {" + task + node + ",\"data\":" + payload(position) + ",\"output\":\"out\"}";
			default -> "taskEnd\ndata: {" + task + ",\"result\":" + payload(position) + ",\"exit\":null}";
		};
		return "id: " + position + "\nevent: " + event + "\n\n";
	}

	private void accept() {
		try {
			while (!this.server.isClosed()) {
				Socket socket = this.server.accept();
				Thread thread = new Thread(() -> serve(socket), "backlog-stream");
				thread.setDaemon(true);
				thread.start();
			}
		}
		catch (IOException ex) {
			// Closed
		}
	}

	private void serve(Socket socket) {
		try (socket; OutputStream output = socket.getOutputStream()) {
			long position = lastPosition(socket);
			output.write(
					"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
			StringBuilder chunk = new StringBuilder();
			while (!this.server.isClosed()) {
				while (position < this.released.get() && chunk.length() < CHUNK) {
					chunk.append(frame(++position));
				}
				if (chunk.isEmpty()) {
					LockSupport.parkNanos(1_000_000);
				}
				output.write(chunk.toString().getBytes(StandardCharsets.US_ASCII));
				output.flush();
				chunk.setLength(0);
			}
		}
		catch (IOException ex) {
			// The client has gone
		}
	}

	private static long lastPosition(Socket socket) throws IOException {
		BufferedReader reader = new BufferedReader(
				new InputStreamReader(socket.getInputStream(), StandardCharsets.ISO_8859_1));
		int length = 0;
		for (String line = reader.readLine(); line != null && !line.isEmpty(); line = reader.readLine()) {
			if (line.regionMatches(true, 0, "content-length:", 0, 15)) {
				length = Integer.parseInt(line.substring(15).trim());
			}
		}
		char[] body = new char[length];
		for (int read = 0; read < length;) {
			read += reader.read(body, read, length - read);
		}
		Matcher matcher = POSITION.matcher(new String(body));
		return matcher.find() ? Long.parseLong(matcher.group(1)) : 0;
	}

	@Override
	public void close() throws IOException {
		this.server.close();
	}

}
