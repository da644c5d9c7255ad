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

package cloud.requence.task.autoconfigure;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;

import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import reactor.core.Disposable;

import org.springframework.boot.http.client.HttpClientSettings;
import org.springframework.boot.http.client.reactive.ClientHttpConnectorBuilder;
import org.springframework.boot.http.client.reactive.JettyClientHttpConnectorBuilder;
import org.springframework.http.HttpMethod;
import org.springframework.http.MediaType;
import org.springframework.web.reactive.function.client.WebClient;

import cloud.requence.task.AccessToken;
import cloud.requence.task.stream.ConnectionFailure;
import cloud.requence.task.stream.StreamConnection;
import cloud.requence.task.stream.StreamConnector;
import cloud.requence.task.stream.StreamListener;
import cloud.requence.task.stream.StreamRequest;
import cloud.requence.task.stream.WebClientStreamConnector;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link SharedStreamConnector} with each HTTP client that Spring Boot picks.
 */
@Timeout(120)
class SharedStreamConnectorTests {

	private static final Duration TIMEOUT = Duration.ofSeconds(20);

	private static final int CANCELLATIONS = Integer.getInteger("requence.cancellations", 60);

	private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

	private final Server server = new Server();

	private @Nullable SharedStreamConnector connector;

	@AfterEach
	void close() throws Exception {
		this.server.close();
		if (this.connector != null) {
			this.connector.destroy();
		}
	}

	private WebClient client(ClientHttpConnectorBuilder<?> builder) {
		SharedStreamConnector connector = new SharedStreamConnector(() -> builder, HttpClientSettings::defaults);
		this.connector = connector;
		return WebClient.builder().clientConnector(connector.get()).baseUrl(this.server.url().toString()).build();
	}

	static Stream<Arguments> connectors() {
		return Stream.of(Arguments.argumentSet("JDK", ClientHttpConnectorBuilder.jdk()),
				Arguments.argumentSet("Reactor Netty", ClientHttpConnectorBuilder.reactor()),
				Arguments.argumentSet("Jetty", ClientHttpConnectorBuilder.jetty()),
				Arguments.argumentSet("HttpComponents", ClientHttpConnectorBuilder.httpComponents()));
	}

	private static WebClient.RequestHeadersSpec<?> stream(WebClient client) {
		return client.method(HttpMethod.POST).uri("/stream").accept(MediaType.TEXT_EVENT_STREAM);
	}

	private static @Nullable String text(WebClient.RequestHeadersSpec<?> request) {
		return request.retrieve().bodyToMono(String.class).block(TIMEOUT);
	}

	@ParameterizedTest
	@MethodSource("connectors")
	void takesNoInformationalResponseForTheFinalOne(ClientHttpConnectorBuilder<?> builder) {
		String hints = "HTTP/1.1 103 Early Hints\r\nLink: </a>; rel=preload\r\n\r\n";
		WebClient client = client(builder);
		for (List<String> parts : List.of(List.of(hints + OK), List.of(hints, OK), List.of(hints, hints + OK),
				List.of("HTTP/1.1 102 Processing\r\n\r\n", hints, OK))) {
			this.server.answer = (connection) -> {
				for (String part : parts) {
					connection.write(part);
				}
			};
			assertThat(text(stream(client))).isEqualTo("ok");
			assertThat(text(client.get().uri("/call"))).isEqualTo("ok");
		}
	}

	@ParameterizedTest
	@MethodSource("connectors")
	void connectsForEachStream(ClientHttpConnectorBuilder<?> builder) {
		WebClient client = client(builder);
		this.server.answer = (connection) -> connection.write(OK);
		for (int i = 0; i < 3; i++) {
			assertThat(text(client.get().uri("/call"))).isEqualTo("ok");
			assertThat(text(stream(client))).isEqualTo("ok");
		}
		assertThat(this.server.connections)
			.filteredOn((connection) -> connection.requests.stream().anyMatch((path) -> path.equals("/stream")))
			.hasSize(3)
			.allSatisfy((connection) -> assertThat(connection.requests).hasSize(1));
	}

	@ParameterizedTest
	@MethodSource("connectors")
	void usesNoPooledConnectionAfterASilentAttempt(ClientHttpConnectorBuilder<?> builder) {
		WebClient client = client(builder);
		this.server.answer = (connection) -> connection.write(OK);
		// Several calls at once leave several connections
		Stream.generate(() -> client.get().uri("/call").retrieve().bodyToMono(String.class).toFuture())
			.limit(8)
			.toList()
			.forEach((call) -> assertThat(call.join()).isEqualTo("ok"));
		List<Connection> forgotten = List.copyOf(this.server.connections);
		this.server.answer = (connection) -> {
			if (!forgotten.contains(connection)) {
				connection.write(OK);
			}
		};
		int requests = this.server.requests();
		Disposable silent = client.get().uri("/call").retrieve().bodyToMono(String.class).subscribe();
		Awaitility.await().until(() -> this.server.requests() > requests);
		silent.dispose();
		for (int i = 0; i < 8; i++) {
			assertThat(text(client.get().uri("/call"))).isEqualTo("ok");
		}
	}

	@ParameterizedTest
	@MethodSource("connectors")
	void leavesNoConnectionOpenWhereverItIsCancelled(ClientHttpConnectorBuilder<?> builder) {
		WebClient client = client(builder);
		this.server.answer = (connection) -> connection.write(
				"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n3\r\n:\n\n\r\n");
		StreamConnector streams = new WebClientStreamConnector(client, Clock.systemUTC());
		AccessToken token = AccessToken.of("secret", this.server.url());
		Random random = new Random(7);
		for (int i = 0; i < CANCELLATIONS; i++) {
			int requests = this.server.requests();
			StreamConnection stream = streams.connect(StreamRequest.forAllTasks(token, Instant.EPOCH, null),
					new Ignoring());
			int spins = random.nextInt(200_000);
			for (int spin = 0; spin < spins && (spin < 1000 || this.server.requests() == requests); spin++) {
				Thread.onSpinWait();
			}
			for (int spin = 0; spin < random.nextInt(20_000); spin++) {
				Thread.onSpinWait();
			}
			stream.close();
		}
		// Jetty keeps one that was established for a request that had been cancelled: the
		// next stream takes it
		boolean keepsUnused = builder instanceof JettyClientHttpConnectorBuilder;
		Awaitility.await().atMost(TIMEOUT).until(() -> {
			if (keepsUnused && !allAreClosed()) {
				int requests = this.server.requests();
				StreamConnection next = streams.connect(StreamRequest.forAllTasks(token, Instant.EPOCH, null),
						new Ignoring());
				Awaitility.await().until(() -> this.server.requests() > requests);
				next.close();
			}
			return allAreClosed();
		});
	}

	private boolean allAreClosed() {
		return this.server.connections.stream().allMatch((connection) -> connection.ended);
	}

	private static final class Ignoring implements StreamListener {

		@Override
		public void onOpen() {
		}

		@Override
		public void onBytes(List<ByteBuffer> bytes) {
		}

		@Override
		public void onClosed(@Nullable ConnectionFailure failure) {
		}

	}

	/**
	 * Sends scripted responses byte for byte, and keeps its connections open.
	 */
	private static final class Server implements AutoCloseable {

		private final ServerSocket socket = open();

		private final List<Connection> connections = new CopyOnWriteArrayList<>();

		private volatile Answer answer = (connection) -> {
		};

		Server() {
			start(this::accept);
		}

		private static ServerSocket open() {
			try {
				return new ServerSocket(0, 100, InetAddress.getLoopbackAddress());
			}
			catch (IOException ex) {
				throw new UncheckedIOException(ex);
			}
		}

		URI url() {
			return URI.create("http://127.0.0.1:" + this.socket.getLocalPort());
		}

		int requests() {
			return this.connections.stream().mapToInt((connection) -> connection.requests.size()).sum();
		}

		private void accept() throws IOException {
			while (!this.socket.isClosed()) {
				Connection connection = new Connection(this.socket.accept());
				this.connections.add(connection);
				start(() -> serve(connection));
			}
		}

		private void serve(Connection connection) throws IOException {
			try (Socket socket = connection.socket) {
				BufferedReader in = new BufferedReader(
						new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
				for (String line = in.readLine(); line != null; line = in.readLine()) {
					String path = line.split(" ")[1];
					while (!line.isEmpty()) {
						line = in.readLine();
					}
					connection.requests.add(path);
					this.answer.write(connection);
				}
			}
			finally {
				connection.ended = true;
			}
		}

		private static void start(Work work) {
			Thread thread = new Thread(() -> {
				try {
					work.run();
				}
				catch (IOException | RuntimeException ex) {
					// The connection has ended
				}
			}, "server");
			thread.setDaemon(true);
			thread.start();
		}

		@Override
		public void close() throws IOException {
			this.socket.close();
			for (Connection connection : this.connections) {
				connection.socket.close();
			}
		}

	}

	private static final class Connection {

		private final Socket socket;

		private final List<String> requests = new CopyOnWriteArrayList<>();

		private volatile boolean ended;

		Connection(Socket socket) {
			this.socket = socket;
		}

		void write(String text) throws IOException {
			this.socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
			this.socket.getOutputStream().flush();
		}

	}

	private interface Answer {

		void write(Connection connection) throws IOException;

	}

	private interface Work {

		void run() throws IOException;

	}

}
