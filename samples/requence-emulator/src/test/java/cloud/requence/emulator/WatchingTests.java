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
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.awaitility.Awaitility.await;

/**
 * What a client of {@code /task/watch-all} sees.
 */
class WatchingTests {

	private final RequenceEmulator emulator = RequenceEmulator.builder().build().start();

	@AfterEach
	void close() {
		this.emulator.close();
	}

	@Test
	void writesUpdatesAsEventsWithPositions() throws IOException {
		assertThat(this.emulator.publish("taskStart", Map.of("taskId", "a"))).isEqualTo(1);
		try (RawClient client = RawClient.watch(this.emulator)) {
			assertThat(client.readUntil("\n\n")).startsWith("HTTP/1.1 200 OK\r\n")
				.contains("Content-Type: text/event-stream\r\n")
				.contains("id: 1\nevent: taskStart\ndata: {\"taskId\":\"a\"}\n\n");
			this.emulator.publish("taskEnd", Map.of("taskId", "a"));
			assertThat(client.readUntil("taskEnd")).contains("id: 2\nevent: taskEnd\n");
		}
		assertThat(this.emulator.lastPosition()).isEqualTo(2);
		await().until(() -> this.emulator.writtenUpdates() == 2);
	}

	@Test
	void sendsTheHeadersOfASilentStreamAtOnce() throws IOException {
		try (RawClient client = RawClient.watch(this.emulator)) {
			assertThat(client.readUntil("\r\n\r\n")).startsWith("HTTP/1.1 200");
		}
	}

	@Test
	void prefersTheLastPositionOverSince() throws IOException {
		publish(3);
		String body = "{\"since\": \"2999-01-01T00:00:00Z\", \"lastPosition\": 2}";
		try (RawClient client = RawClient.watch(this.emulator, body)) {
			assertThat(client.readUntil("id: 3")).doesNotContain("id: 1").doesNotContain("id: 2");
		}
	}

	@Test
	void leavesOutWhatHappenedBeforeSince() throws IOException {
		this.emulator.publish("nodeStart", Map.of("timestamp", "2026-01-01T10:00:00.000Z"));
		this.emulator.publish("nodeStart", Map.of("timestamp", "2026-01-01T10:00:00.001Z"));
		try (RawClient client = RawClient.watch(this.emulator, "{\"since\": \"2026-01-01T10:00:00\"}")) {
			assertThat(client.readUntil("id: 2")).doesNotContain("id: 1");
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "no json", "{}", "{\"since\": \"yesterday\"}", "{\"since\": null}",
			"{\"since\": \"2026-01-01T10:00:00Z\", \"lastPosition\": \"7\"}" })
	void refusesABodyThatSaysNotWhereToStart(String body) throws IOException {
		try (RawClient client = RawClient.watch(this.emulator, body)) {
			assertThat(client.readUntil("required")).startsWith("HTTP/1.1 400");
		}
	}

	@Test
	void writesRawBytesToOpenStreamsOnly() throws IOException {
		try (RawClient client = RawClient.watch(this.emulator)) {
			client.readUntil("\r\n\r\n");
			this.emulator.publishRaw(": hello\n\n");
			assertThat(this.emulator.appendRaw("id: 1\ndata: [\n\n")).isEqualTo(1);
			assertThat(client.readUntil("data: [\n\n")).contains(": hello\n\n");
		}
		try (RawClient client = RawClient.watch(this.emulator)) {
			assertThat(client.readUntil("data: [\n\n")).doesNotContain("hello");
		}
	}

	@Test
	void recordsRequests() throws IOException {
		try (RawClient client = RawClient.watch(this.emulator)) {
			client.readUntil("\r\n\r\n");
		}
		assertThat(this.emulator.watchRequests()).singleElement().satisfies((request) -> {
			assertThat(request.method()).isEqualTo("POST");
			assertThat(request.body()).isEqualTo(RawClient.EPOCH);
			assertThat(request.headers()).containsEntry("authorization", "Bearer emulator-secret");
			assertThat(request).asString().doesNotContain("secret");
		});
	}

	@Nested
	class Connections {

		@Test
		void areCountedUntilTheClientLeavesASilentStream() throws IOException {
			RawClient first = RawClient.watch(WatchingTests.this.emulator);
			RawClient second = RawClient.watch(WatchingTests.this.emulator);
			first.readUntil("\r\n\r\n");
			second.readUntil("\r\n\r\n");
			assertThat(WatchingTests.this.emulator.openStreams()).isEqualTo(2);
			first.close();
			await().until(() -> WatchingTests.this.emulator.openStreams() == 1);
			second.socket().setSoLinger(true, 0);
			second.close();
			await().until(() -> WatchingTests.this.emulator.openStreams() == 0);
		}

		@Test
		void areClosedOnDemand() throws IOException {
			try (RawClient client = RawClient.watch(WatchingTests.this.emulator)) {
				client.readUntil("\r\n\r\n");
				WatchingTests.this.emulator.disconnectAll();
				assertThat(client.readAll()).doesNotContain("\r\n0\r\n");
			}
		}

		@Test
		void areResetOnDemand() throws IOException {
			try (RawClient client = RawClient.watch(WatchingTests.this.emulator)) {
				client.readUntil("\r\n\r\n");
				WatchingTests.this.emulator.resetAll();
				assertThatIOException().isThrownBy(client::readAll).withMessageContaining("reset");
			}
		}

		@Test
		void holdBackTheServerWhenTheClientDoesNotRead() throws IOException {
			String text = "x".repeat(10_000);
			for (int i = 0; i < 5_000; i++) {
				WatchingTests.this.emulator.publish("nodeUpdate", Map.of("data", text));
			}
			try (RawClient client = RawClient.watch(WatchingTests.this.emulator)) {
				await().until(() -> WatchingTests.this.emulator.writtenUpdates() > 0);
				await().during(Duration.ofMillis(300))
					.until(() -> WatchingTests.this.emulator.writtenUpdates() < 2_500);
				client.readUntil("id: 5000\n");
			}
		}

		@Test
		void surviveNeitherStopNorStartButTheLogDoes() throws IOException {
			publish(1);
			int port = WatchingTests.this.emulator.port();
			try (RawClient client = RawClient.watch(WatchingTests.this.emulator)) {
				client.readUntil("id: 1");
				WatchingTests.this.emulator.stop();
				assertThat(client.readAll()).doesNotContain("\r\n0\r\n");
				assertThatIOException().isThrownBy(() -> new Socket("127.0.0.1", port).close());
			}
			publish(1);
			WatchingTests.this.emulator.start();
			assertThat(WatchingTests.this.emulator.port()).isEqualTo(port);
			try (RawClient client = RawClient.watch(WatchingTests.this.emulator)) {
				client.readUntil("id: 2");
			}
		}

	}

	@Nested
	class Tokens {

		@Test
		void carrySecretAndAddress() {
			assertThat(AccessTokens.encode("bearer-123", "http://127.0.0.1:942/api")).isEqualTo(
					"AGEAcABp9u4AYgBlAGEAcgBlAHIALQAxADIAM-buAGgAdAB0AHAAOgAvAC8AMQAyADcALgAwAC4AMAAuADEAOgA5ADQAMgAvAGEAcABp0");
		}

		@Test
		void areRefusedAfterARotation() throws IOException {
			WatchingTests.this.emulator.rotateSecret("other");
			try (RawClient client = RawClient.watch(WatchingTests.this.emulator)) {
				assertThat(client.readUntil("token")).startsWith("HTTP/1.1 401");
			}
		}

	}

	private void publish(int count) {
		for (int i = 0; i < count; i++) {
			this.emulator.publish("nodeStart", Map.of("taskId", "a", "list", List.of(i)));
		}
	}

}
