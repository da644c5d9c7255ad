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
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import cloud.requence.emulator.RequenceEmulator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import org.springframework.boot.http.client.HttpClientSettings;
import org.springframework.boot.http.client.reactive.ClientHttpConnectorBuilder;
import org.springframework.web.reactive.function.client.WebClient;

import cloud.requence.task.AccessToken;
import cloud.requence.task.stream.ConnectionFailure;
import cloud.requence.task.stream.StreamConnection;
import cloud.requence.task.stream.StreamListener;
import cloud.requence.task.stream.StreamRequest;
import cloud.requence.task.stream.WebClientStreamConnector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests that a failure names the address that was asked, with each HTTP client that
 * Spring Boot picks.
 */
class WrongAddressTests {

	private static final Map<String, ClientHttpConnectorBuilder<?>> CONNECTORS = Map.of("JDK",
			ClientHttpConnectorBuilder.jdk(), "Reactor Netty", ClientHttpConnectorBuilder.reactor(), "Jetty",
			ClientHttpConnectorBuilder.jetty(), "HttpComponents", ClientHttpConnectorBuilder.httpComponents());

	private static final RequenceEmulator emulator = RequenceEmulator.builder().secret("secret-of-this-test").build();

	@TempDir
	private static Path directory;

	private static TlsPlatform tls;

	private static ServerSocket plain;

	@BeforeAll
	static void start() throws Exception {
		emulator.start();
		plain = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
		Thread thread = new Thread(WrongAddressTests::answerInPlainText, "plain-platform");
		thread.setDaemon(true);
		thread.start();
		tls = new TlsPlatform(directory, false);
	}

	@AfterAll
	static void stop() throws IOException {
		emulator.close();
		tls.close();
		plain.close();
	}

	/**
	 * Answers a TLS handshake as a port without TLS does, and closes the connection only
	 * after the client: a reset could reach it before it has read the answer.
	 */
	private static void answerInPlainText() {
		while (!plain.isClosed()) {
			try (Socket socket = plain.accept()) {
				socket.setSoTimeout(10_000);
				InputStream in = socket.getInputStream();
				if (in.read() >= 0) {
					socket.getOutputStream()
						.write("HTTP/1.1 400 Bad Request\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
					in.transferTo(OutputStream.nullOutputStream());
				}
			}
			catch (IOException ex) {
				// The client has reset the connection, or the test is over
			}
		}
	}

	static Stream<Arguments> mistakes() {
		return CONNECTORS.keySet()
			.stream()
			.sorted()
			.flatMap((connector) -> Stream.of(Mistake.values()).map((mistake) -> Arguments.of(connector, mistake)));
	}

	@ParameterizedTest
	@MethodSource("mistakes")
	void isNamedInTheFailure(String connector, Mistake mistake) throws Exception {
		URI baseUrl = mistake.baseUrl();
		// Jetty may report the channel that it has closed in place of the reason
		await().atMost(Duration.ofSeconds(30))
			.untilAsserted(() -> assertNamed(connect(CONNECTORS.get(connector), baseUrl), mistake, baseUrl));
	}

	private static void assertNamed(@Nullable ConnectionFailure failure, Mistake mistake, URI baseUrl) {
		assertThat(failure).isNotNull();
		assertThat(failure.description())
			.contains(baseUrl.getScheme() + "://" + baseUrl.getHost() + ":" + baseUrl.getPort())
			.contains(mistake.text)
			.doesNotContain("secret-of-this-test");
		assertThat(failure.mayBeOfAnotherAddress()).isTrue();
	}

	private static @Nullable ConnectionFailure connect(ClientHttpConnectorBuilder<?> builder, URI baseUrl)
			throws Exception {
		SharedStreamConnector connector = new SharedStreamConnector(() -> builder,
				() -> HttpClientSettings.defaults().withConnectTimeout(Duration.ofSeconds(10)));
		try {
			CompletableFuture<@Nullable ConnectionFailure> failure = new CompletableFuture<>();
			AccessToken token = AccessToken.of("secret-of-this-test", baseUrl);
			StreamConnection connection = new WebClientStreamConnector(
					WebClient.builder().clientConnector(connector.get()).build(), Clock.systemUTC())
				.connect(StreamRequest.forAllTasks(token, Instant.EPOCH, null), new StreamListener() {

					@Override
					public void onOpen() {
					}

					@Override
					public void onBytes(List<ByteBuffer> bytes) {
					}

					@Override
					public void onClosed(@Nullable ConnectionFailure reason) {
						failure.complete(reason);
					}

				});
			try {
				return failure.get(30, TimeUnit.SECONDS);
			}
			finally {
				connection.close();
			}
		}
		finally {
			connector.destroy();
		}
	}

	/**
	 * What is wrong with the base URL, and what the failure says.
	 */
	enum Mistake {

		REFUSED("No connection: ") {

			@Override
			URI baseUrl() throws IOException {
				try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
					return URI.create("http://127.0.0.1:" + socket.getLocalPort() + "/api");
				}
			}

		},

		UNKNOWN_HOST("Unknown host: ") {

			@Override
			URI baseUrl() {
				return URI.create("http://platform.invalid:8080/api");
			}

		},

		HTTPS_TO_AN_HTTP_PORT("The port does not use TLS") {

			@Override
			URI baseUrl() {
				return URI.create("https://127.0.0.1:" + plain.getLocalPort() + "/api");
			}

		},

		HTTP_TO_AN_HTTPS_PORT("") {

			@Override
			URI baseUrl() {
				return URI
					.create(AccessToken.parse(tls.accessToken()).baseUrl().toString().replace("https://", "http://"));
			}

		},

		PAGE_OF_A_PROXY("HTTP 200 from http://") {

			@Override
			URI baseUrl() {
				emulator.faults().answer(200, Map.of("Content-Type", "text/html"), "<html>Welcome</html>");
				return emulator.baseUrl();
			}

		},

		REDIRECT("redirect to https://login.example:443") {

			@Override
			URI baseUrl() {
				emulator.faults().redirect("https://login.example/?token=secret-of-this-test");
				return emulator.baseUrl();
			}

		};

		private final String text;

		Mistake(String text) {
			this.text = text;
		}

		abstract URI baseUrl() throws IOException;

	}

}
