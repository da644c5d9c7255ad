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
import java.io.UncheckedIOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/**
 * A client that shows the bytes as they come, headers and chunks included.
 */
final class RawClient implements AutoCloseable {

	static final String EPOCH = "{\"since\": \"1970-01-01T00:00:00.000Z\"}";

	private final Socket socket;

	private final StringBuilder received = new StringBuilder();

	private RawClient(Socket socket) {
		this.socket = socket;
	}

	static RawClient watch(RequenceEmulator emulator) {
		return watch(emulator, EPOCH);
	}

	static RawClient watch(RequenceEmulator emulator, String body) {
		return send(emulator, "POST", "/api/task/watch-all", "emulator-secret", body);
	}

	static RawClient send(RequenceEmulator emulator, String method, String path, String secret, String body) {
		return send(emulator, method + " " + path + " HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer " + secret
				+ "\r\nContent-Type: application/json\r\nContent-Length: " + body.length() + "\r\n\r\n" + body);
	}

	/**
	 * Send a request, or its beginning, as it is.
	 */
	static RawClient send(RequenceEmulator emulator, String request) {
		try {
			Socket socket = new Socket("127.0.0.1", emulator.port());
			socket.setSoTimeout(10_000);
			RawClient client = new RawClient(socket);
			client.write(request);
			return client;
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	void write(String text) throws IOException {
		this.socket.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
	}

	/**
	 * Read on until something has come, and return all that has come so far.
	 */
	String readUntil(String expected) throws IOException {
		byte[] buffer = new byte[8192];
		int searched = 0;
		while (this.received.indexOf(expected, searched) < 0) {
			searched = Math.max(0, this.received.length() - expected.length());
			int count = this.socket.getInputStream().read(buffer);
			if (count < 0) {
				throw new IOException("Ended without " + expected + ": " + this.received);
			}
			this.received.append(new String(buffer, 0, count, StandardCharsets.ISO_8859_1));
		}
		return this.received.toString();
	}

	/**
	 * Read to the end of the connection.
	 */
	String readAll() throws IOException {
		byte[] rest = this.socket.getInputStream().readAllBytes();
		return this.received.append(new String(rest, StandardCharsets.ISO_8859_1)).toString();
	}

	Socket socket() {
		return this.socket;
	}

	@Override
	public void close() throws IOException {
		this.socket.close();
	}

}
