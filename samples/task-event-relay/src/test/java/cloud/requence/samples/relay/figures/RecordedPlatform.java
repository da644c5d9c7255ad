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

package cloud.requence.samples.relay.figures;

import java.io.BufferedReader;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;

import cloud.requence.emulator.RequenceEmulator;

import cloud.requence.task.AccessToken;

/**
 * Sends the stream of an emulator, recorded before, to each client: a platform that takes
 * next to no processor time from what is measured.
 */
final class RecordedPlatform implements Closeable {

	private static final byte[] RESPONSE = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n"
		.getBytes(StandardCharsets.US_ASCII);

	private final ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());

	private final byte[] stream;

	private final long updates;

	private RecordedPlatform(byte[] stream, long updates) throws IOException {
		this.stream = stream;
		this.updates = updates;
		start(this::accept);
	}

	/**
	 * Record tasks of four updates.
	 */
	static RecordedPlatform record(int tasks) throws IOException, InterruptedException {
		try (RequenceEmulator emulator = RequenceEmulator.builder()
			.withoutLimits()
			.updatesKept(4 * tasks)
			.build()
			.start()) {
			for (int i = 0; i < tasks; i++) {
				emulator.task("invoice")
					.input(Map.of("number", i, "text", "x".repeat(200)))
					.start()
					.nodeStart("a")
					.nodeUpdate("a", i)
					.end("done");
			}
			return new RecordedPlatform(read(emulator), emulator.lastPosition());
		}
	}

	private static byte[] read(RequenceEmulator emulator) throws IOException, InterruptedException {
		AccessToken token = AccessToken.parse(emulator.accessToken());
		HttpRequest request = HttpRequest.newBuilder(URI.create(token.baseUrl() + "/task/watch-all"))
			.header("Authorization", "Bearer " + token.secret())
			.header("Accept", "text/event-stream")
			.header("Content-Type", "application/json")
			.POST(HttpRequest.BodyPublishers.ofString("{\"since\":\"" + Instant.EPOCH + "\"}"))
			.build();
		StringBuilder stream = new StringBuilder();
		String last = "id: " + emulator.lastPosition();
		HttpResponse<InputStream> response = HttpClient.newHttpClient()
			.send(request, HttpResponse.BodyHandlers.ofInputStream());
		try (BufferedReader reader = new BufferedReader(
				new InputStreamReader(response.body(), StandardCharsets.UTF_8))) {
			String line;
			do {
				line = reader.readLine();
				stream.append(line).append('\n');
			}
			while (!line.equals(last));
			while (!line.isEmpty()) {
				line = reader.readLine();
				stream.append(line).append('\n');
			}
		}
		return stream.toString().getBytes(StandardCharsets.UTF_8);
	}

	/**
	 * How many updates a client receives.
	 */
	long updates() {
		return this.updates;
	}

	String accessToken() {
		return AccessToken.of("secret", URI.create("http://127.0.0.1:" + this.server.getLocalPort() + "/api"))
			.encoded();
	}

	private void accept() {
		try {
			while (!this.server.isClosed()) {
				Socket socket = this.server.accept();
				start(() -> serve(socket));
			}
		}
		catch (IOException ex) {
			// Closed
		}
	}

	private static void start(Runnable work) {
		Thread thread = new Thread(work, "recorded-platform");
		thread.setDaemon(true);
		thread.start();
	}

	private void serve(Socket socket) {
		try (socket; OutputStream output = socket.getOutputStream()) {
			output.write(RESPONSE);
			output.write(this.stream);
			output.flush();
			// Until the client has gone
			socket.getInputStream().transferTo(OutputStream.nullOutputStream());
		}
		catch (IOException ex) {
			// The client has gone
		}
	}

	@Override
	public void close() throws IOException {
		this.server.close();
	}

}
