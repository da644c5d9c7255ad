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

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.Arguments.ArgumentSet;
import org.junit.jupiter.params.provider.FieldSource;

import org.springframework.boot.http.client.HttpClientSettings;
import org.springframework.boot.http.client.reactive.ClientHttpConnectorBuilder;
import org.springframework.core.io.InputStreamResource;
import org.springframework.util.StreamUtils;

import cloud.requence.task.AccessToken;
import cloud.requence.task.client.TaskClient;
import cloud.requence.task.client.TaskPlatformUnreachableException;
import cloud.requence.task.client.TaskRejectedException;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * Tests of uploads that are answered before they are sent, with each HTTP client that
 * Spring Boot picks.
 */
@Timeout(120)
class EarlyResponseTests {

	private static final Duration TIMEOUT = Duration.ofSeconds(3);

	private static final int SIZE = 20_000_000;

	private static final String CONTINUE = "HTTP/1.1 100 Continue\r\n\r\n";

	private static final ClientHttpConnectorBuilder<?> JDK = ClientHttpConnectorBuilder.jdk();

	private static final ClientHttpConnectorBuilder<?> NETTY = ClientHttpConnectorBuilder.reactor();

	private static final ClientHttpConnectorBuilder<?> JETTY = ClientHttpConnectorBuilder.jetty();

	private static final ClientHttpConnectorBuilder<?> HTTP_COMPONENTS = ClientHttpConnectorBuilder.httpComponents();

	static final List<ArgumentSet> CONNECTORS = List.of(Arguments.argumentSet("JDK", JDK),
			Arguments.argumentSet("Reactor Netty", NETTY), Arguments.argumentSet("Jetty", JETTY),
			Arguments.argumentSet("HttpComponents", HTTP_COMPONENTS));

	private final Exchange exchange = new Exchange();

	@AfterEach
	void close() throws Exception {
		this.exchange.close();
	}

	/**
	 * Most of the time they wait, so they do it at the same time.
	 */
	private static void withEachConnector(Check check) {
		Map<String, CompletableFuture<Void>> checks = new LinkedHashMap<>();
		CONNECTORS.forEach((connector) -> checks.put(connector.getName(), CompletableFuture.runAsync(
				() -> check((ClientHttpConnectorBuilder<?>) connector.get()[0], check), EarlyResponseTests::start)));
		assertThat(checks).allSatisfy((name, done) -> assertThat(done).as(name).succeedsWithin(1, TimeUnit.MINUTES));
	}

	private static void start(Runnable work) {
		new Thread(work, "upload").start();
	}

	private static void check(ClientHttpConnectorBuilder<?> builder, Check check) {
		try (Exchange exchange = new Exchange()) {
			check.run(builder, exchange);
		}
		catch (Exception ex) {
			throw new IllegalStateException(ex);
		}
	}

	@Test
	void isReportedIfTheHostReadsNothing() {
		List<CompletableFuture<Void>> refusals = Stream.of(413, 401, 403)
			.map((status) -> CompletableFuture.runAsync(() -> isReportedIfTheHostReadsNothing(status),
					EarlyResponseTests::start))
			.toList();
		assertThat(refusals).allSatisfy((refusal) -> assertThat(refusal).succeedsWithin(1, TimeUnit.MINUTES));
	}

	private static void isReportedIfTheHostReadsNothing(int status) {
		withEachConnector((builder, exchange) -> {
			exchange.host.behavior = (upload) -> {
				upload.respond(status);
				exchange.host.awaitRelease();
			};
			assertThatExceptionOfType(TaskRejectedException.class).isThrownBy(() -> exchange.upload(builder))
				.satisfies((ex) -> assertThat(ex.status()).isEqualTo(status));
		});
	}

	@ParameterizedTest
	@FieldSource("CONNECTORS")
	void isReportedIfTheHostReadsAll(ClientHttpConnectorBuilder<?> builder) {
		this.exchange.host.behavior = (upload) -> {
			upload.writeContinue();
			upload.in.readNBytes(64 * 1024);
			upload.respond(413);
			upload.socket.shutdownOutput();
		};
		assertThatExceptionOfType(TaskRejectedException.class).isThrownBy(() -> this.exchange.upload(builder))
			.withMessageContaining("HTTP 413: refused");
	}

	@Test
	void endsInTimeIfTheHostStopsReading() {
		withEachConnector((builder, exchange) -> {
			exchange.host.behavior = (upload) -> {
				upload.writeContinue();
				upload.in.readNBytes(64 * 1024);
				upload.respond(413);
				exchange.host.awaitRelease();
			};
			if (builder == NETTY || builder == JETTY) {
				assertThatExceptionOfType(TaskRejectedException.class).isThrownBy(() -> exchange.upload(builder))
					.satisfies((ex) -> assertThat(ex.status()).isEqualTo(413));
			}
			else {
				assertThatExceptionOfType(TaskPlatformUnreachableException.class)
					.isThrownBy(() -> exchange.upload(builder))
					.withMessageContaining("The host has stopped reading, and no response was received");
			}
		});
	}

	@ParameterizedTest
	@FieldSource("CONNECTORS")
	void doesNotMatterIfTheHostTakesTheUpload(ClientHttpConnectorBuilder<?> builder) throws Exception {
		this.exchange.host.behavior = (upload) -> {
			upload.writeContinue();
			upload.take();
		};
		this.exchange.upload(builder);
		assertThat(this.exchange.host.uploads).singleElement()
			.satisfies((upload) -> assertThat(upload.size).isEqualTo(SIZE));
	}

	@Test
	void isNotWaitedForIfTheHostDoesNotKnowExpectations() {
		withEachConnector((builder, exchange) -> {
			exchange.host.behavior = Upload::take;
			exchange.upload(builder);
			assertThat(exchange.host.uploads).last().satisfies((upload) -> assertThat(upload.size).isEqualTo(SIZE));
		});
	}

	@ParameterizedTest
	@FieldSource("CONNECTORS")
	void isNotWaitedForIfTheHostRefusesExpectations(ClientHttpConnectorBuilder<?> builder) throws Exception {
		this.exchange.host.behavior = (upload) -> {
			if (upload.head.contains("expect:")) {
				upload.respond(417);
				// Whose connection a client may keep
				upload.socket.shutdownOutput();
			}
			else {
				upload.take();
			}
		};
		this.exchange.upload(builder);
		assertThat(this.exchange.host.uploads).last().satisfies((upload) -> assertThat(upload.size).isEqualTo(SIZE));
		assertThat(this.exchange.host.uploads).filteredOn((upload) -> upload.size == 0)
			.allSatisfy((upload) -> await().until(() -> upload.ended));
	}

	private interface Check {

		void run(ClientHttpConnectorBuilder<?> builder, Exchange exchange) throws Exception;

	}

	/**
	 * A content, and the host that it is sent to.
	 */
	private static final class Exchange implements AutoCloseable {

		private final Host host = new Host();

		private final Content content = new Content();

		void upload(ClientHttpConnectorBuilder<?> builder) throws Exception {
			SharedStreamConnector connector = new SharedStreamConnector(() -> builder, HttpClientSettings::defaults);
			try {
				TaskClient.builder()
					.accessToken(() -> AccessToken.of("secret", this.host.url()))
					.connector(connector.get())
					.timeouts(TIMEOUT, TIMEOUT)
					.build()
					.create("invoice", Map.of("file", new InputStreamResource(this.content::open, "content")));
			}
			finally {
				assertNothingIsLeft();
				connector.destroy();
			}
		}

		private void assertNothingIsLeft() {
			await().atMost(10, TimeUnit.SECONDS).until(() -> !this.content.opened || this.content.closed);
			this.host.release.countDown();
			await().atMost(10, TimeUnit.SECONDS)
				.untilAsserted(() -> assertThat(this.host.uploads).isNotEmpty().allMatch((upload) -> upload.ended));
		}

		@Override
		public void close() throws IOException {
			this.host.close();
		}

	}

	/**
	 * A file that can be read only once.
	 */
	private static final class Content extends InputStream {

		private int remaining = SIZE;

		private volatile boolean opened;

		private volatile boolean closed;

		InputStream open() {
			this.opened = true;
			return this;
		}

		@Override
		public int read() {
			return (this.remaining-- > 0) ? 0 : -1;
		}

		@Override
		public int read(byte[] bytes, int offset, int length) {
			int count = Math.min(length, this.remaining);
			this.remaining -= count;
			return (count > 0) ? count : -1;
		}

		@Override
		public void close() {
			this.closed = true;
		}

	}

	private interface Work {

		void run() throws Exception;

	}

	private interface Behavior {

		void serve(Upload upload) throws Exception;

	}

	/**
	 * A platform that has tasks prepared, and treats uploads as the test wants.
	 */
	private static final class Host implements AutoCloseable {

		private final ServerSocket socket = open();

		private final CountDownLatch release = new CountDownLatch(1);

		private final List<Upload> uploads = new CopyOnWriteArrayList<>();

		private volatile Behavior behavior = Upload::take;

		Host() {
			start(() -> {
				while (!this.socket.isClosed()) {
					Socket connection = this.socket.accept();
					start(() -> serve(connection));
				}
			});
		}

		private static ServerSocket open() {
			try {
				return new ServerSocket(0, 100, InetAddress.getLoopbackAddress());
			}
			catch (IOException ex) {
				throw new UncheckedIOException(ex);
			}
		}

		private static void start(Work work) {
			Thread thread = new Thread(() -> {
				try {
					work.run();
				}
				catch (Exception ex) {
					// The connection has ended
				}
			}, "host");
			thread.setDaemon(true);
			thread.start();
		}

		URI url() {
			return URI.create("http://127.0.0.1:" + this.socket.getLocalPort());
		}

		private void serve(Socket connection) throws Exception {
			try (connection) {
				Upload upload = new Upload(connection);
				if (upload.head.startsWith("post /upload")) {
					this.uploads.add(upload);
					try {
						this.behavior.serve(upload);
						StreamUtils.drain(upload.in);
					}
					finally {
						upload.ended = true;
					}
				}
				else {
					upload.succeed("{\"taskId\":\"1\",\"finalizeUrl\":\"" + url()
							+ "/finalize\",\"fileUrls\":{\"uploadUrl\":\"" + url() + "/upload\"}}");
				}
			}
		}

		void awaitRelease() throws InterruptedException {
			this.release.await(60, TimeUnit.SECONDS);
		}

		@Override
		public void close() throws IOException {
			this.release.countDown();
			this.socket.close();
			for (Upload upload : this.uploads) {
				upload.socket.close();
			}
		}

	}

	private static final class Upload {

		private final Socket socket;

		private final InputStream in;

		private final String head;

		private volatile int size;

		private volatile boolean ended;

		Upload(Socket socket) throws IOException {
			this.socket = socket;
			this.in = socket.getInputStream();
			this.head = line("\r\n\r\n");
		}

		private String line(String end) throws IOException {
			StringBuilder text = new StringBuilder();
			while (!text.toString().endsWith(end)) {
				int next = this.in.read();
				if (next < 0) {
					throw new IOException("The connection has ended");
				}
				text.append((char) next);
			}
			return text.toString().toLowerCase(Locale.ROOT);
		}

		void writeContinue() throws IOException {
			if (this.head.contains("expect: 100-continue")) {
				write(CONTINUE);
			}
		}

		void respond(int status) throws IOException {
			write("HTTP/1.1 " + status + " Refused\r\nContent-Length: 7\r\n\r\nrefused");
		}

		/**
		 * Read the content, which is chunked, and accept it.
		 */
		void take() throws IOException {
			int total = 0;
			for (int chunk = chunk(); chunk > 0; chunk = chunk()) {
				total += this.in.readNBytes(chunk).length;
				line("\r\n");
			}
			line("\r\n");
			this.size = total;
			succeed("{\"url\":\"http://127.0.0.1/file\",\"mime\":\"text/plain\",\"size\":1}");
		}

		private int chunk() throws IOException {
			return Integer.parseInt(line("\r\n").strip(), 16);
		}

		void succeed(String json) throws IOException {
			write("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\nContent-Length: "
					+ json.length() + "\r\n\r\n" + json);
		}

		private void write(String text) throws IOException {
			this.socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
			this.socket.getOutputStream().flush();
		}

	}

}
