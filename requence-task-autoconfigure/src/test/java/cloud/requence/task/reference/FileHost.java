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

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

/**
 * A host that sends scripted responses byte for byte.
 */
public final class FileHost implements AutoCloseable {

	private static final Log logger = LogFactory.getLog(FileHost.class);

	private final ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());

	private final Map<String, Answer> answers = new ConcurrentHashMap<>();

	private final Map<String, Integer> sizes = new ConcurrentHashMap<>();

	private final List<String> requests = new CopyOnWriteArrayList<>();

	public FileHost() throws IOException {
		start(this::accept);
	}

	public URI baseUrl() {
		return URI.create("http://127.0.0.1:" + this.server.getLocalPort() + "/api");
	}

	/**
	 * Return the heads of the requests so far.
	 */
	public List<String> requests() {
		return this.requests;
	}

	public URI on(String path, Answer answer) {
		this.answers.put(path, answer);
		return baseUrl().resolve(path);
	}

	/**
	 * Return the size of what is served at an address; 10 if that is not known.
	 */
	public int sizeOf(URI url) {
		return this.sizes.getOrDefault(url.getPath(), 10);
	}

	public URI serve(String path, String headers, byte[] body) {
		this.sizes.put(path, body.length);
		return on(path, (out) -> {
			out.write(("HTTP/1.1 200 OK\r\n" + headers + "Content-Length: " + body.length + "\r\n\r\n")
				.getBytes(StandardCharsets.US_ASCII));
			out.write(body);
		});
	}

	public URI serve(String path, String mimeType, String body) {
		return serve(path, "Content-Type: " + mimeType + "\r\n", body.getBytes(StandardCharsets.UTF_8));
	}

	/**
	 * Answer with a head, and a body that ends with the connection.
	 */
	public URI raw(String path, String head, byte[]... body) {
		return on(path, (out) -> {
			out.write((head.replace("\n", "\r\n") + "\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
			for (byte[] part : body) {
				out.write(part);
				out.flush();
			}
		});
	}

	private void accept() throws IOException {
		while (!this.server.isClosed()) {
			Socket socket = this.server.accept();
			start(() -> answer(socket));
		}
	}

	private void answer(Socket socket) throws IOException {
		try (socket) {
			BufferedReader reader = new BufferedReader(
					new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
			StringBuilder head = new StringBuilder();
			for (String line = reader.readLine(); line != null && !line.isEmpty(); line = reader.readLine()) {
				head.append(line).append('\n');
			}
			this.requests.add(head.toString());
			String path = head.toString().split(" ")[1];
			OutputStream out = socket.getOutputStream();
			this.answers
				.getOrDefault(path, (unknown) -> unknown
					.write("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n".getBytes(StandardCharsets.US_ASCII)))
				.write(out);
			out.flush();
		}
	}

	private static void start(Work work) {
		Thread thread = new Thread(() -> {
			try {
				work.run();
			}
			catch (IOException ex) {
				logger.debug("A connection has ended", ex);
			}
		}, "file-host");
		thread.setDaemon(true);
		thread.start();
	}

	@Override
	public void close() throws IOException {
		this.server.close();
	}

	/**
	 * Writes an answer.
	 */
	@FunctionalInterface
	public interface Answer {

		void write(OutputStream out) throws IOException;

	}

	private interface Work {

		void run() throws IOException;

	}

}
