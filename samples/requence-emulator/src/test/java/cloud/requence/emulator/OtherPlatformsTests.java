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
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.awaitility.Awaitility.await;

/**
 * What platforms look like to a client that differ from this one.
 */
class OtherPlatformsTests {

	private static final Duration SHORT = Duration.ofMillis(300);

	private final RequenceEmulator emulator = RequenceEmulator.builder().build().start();

	@BeforeEach
	void publishFourUpdates() {
		publish(4);
	}

	@AfterEach
	void close() {
		this.emulator.close();
	}

	private void publish(int count) {
		for (int i = 0; i < count; i++) {
			this.emulator.publish("nodeStart", Map.of("taskId", "a"));
		}
	}

	private RawClient watch() {
		return RawClient.watch(this.emulator);
	}

	private RawClient resume(long position) {
		return RawClient.watch(this.emulator,
				"{\"since\": \"1970-01-01T00:00:00Z\", \"lastPosition\": " + position + "}");
	}

	@Nested
	class Positions {

		@ParameterizedTest
		@ValueSource(ints = { 410, 400, 416 })
		void areRefusedAsOftenAsSaid(int status) throws IOException {
			OtherPlatformsTests.this.emulator.faults().times(2).refusePosition(status);
			try (RawClient client = watch()) {
				client.readUntil("id: 4\n");
			}
			for (int i = 0; i < 2; i++) {
				try (RawClient client = resume(1)) {
					assertThat(client.readUntil("refused on purpose")).startsWith("HTTP/1.1 " + status);
				}
			}
			try (RawClient client = resume(1)) {
				assertThat(client.readUntil("id: 4\n")).doesNotContain("id: 1\n");
			}
		}

		@Test
		void areRefusedUntilAllIsCleared() throws IOException {
			OtherPlatformsTests.this.emulator.faults().always().refusePosition(410);
			for (int i = 0; i < 3; i++) {
				try (RawClient client = resume(4)) {
					client.readUntil("HTTP/1.1 410");
				}
			}
			OtherPlatformsTests.this.emulator.faults().clear();
			try (RawClient client = resume(3)) {
				client.readUntil("id: 4\n");
			}
		}

		@Test
		void areMissing() throws IOException {
			OtherPlatformsTests.this.emulator.faults().withoutIds();
			assertThat(readTwoMore()).doesNotContain("id:").contains("event: nodeStart\ndata: {");
		}

		@Test
		void areText() throws IOException {
			OtherPlatformsTests.this.emulator.faults().textIds();
			assertThat(readTwoMore()).contains("id: event-1\nevent: nodeStart\n").contains("id: event-6\n");
		}

		@Test
		void haveGaps() throws IOException {
			OtherPlatformsTests.this.emulator.faults().positionGaps();
			assertThat(readTwoMore()).contains("id: 10\nevent: nodeStart\n").contains("id: 60\n");
			try (RawClient client = resume(50)) {
				assertThat(client.readUntil("id: 60\n")).doesNotContain("id: 50\n");
			}
		}

		@Test
		void areSwapped() throws IOException {
			OtherPlatformsTests.this.emulator.faults().swapPositions();
			assertThat(readTwoMore()).containsSubsequence("id: 2\n", "id: 1\n", "id: 4\n", "id: 3\n", "id: 6\n",
					"id: 5\n");
		}

		@Test
		void startAgain() throws IOException {
			OtherPlatformsTests.this.emulator.faults().restartPositions();
			assertThat(readTwoMore()).containsSubsequence("id: 3\n", "id: 4\n", "id: 1\n", "id: 2\n");
			try (RawClient client = resume(1)) {
				assertThat(client.readUntil("id: 2\n")).doesNotContain("id: 1\n");
			}
		}

		private String readTwoMore() throws IOException {
			try (RawClient client = watch()) {
				client.readUntil("\r\n\r\n");
				publish(2);
				OtherPlatformsTests.this.emulator.publishRaw("end");
				return client.readUntil("end");
			}
		}

	}

	@Nested
	class QuietStreams {

		@Test
		void endAsTheyShould() throws IOException {
			OtherPlatformsTests.this.emulator.faults().endWhenIdle(SHORT);
			for (int i = 0; i < 2; i++) {
				try (RawClient client = watch()) {
					assertThat(client.readUntil("\r\n0\r\n\r\n")).contains("id: 4\n");
				}
			}
		}

		@Test
		void areReset() throws IOException {
			OtherPlatformsTests.this.emulator.faults().resetWhenIdle(SHORT);
			try (RawClient client = watch()) {
				assertThatIOException().isThrownBy(client::readAll).withMessageContaining("reset");
			}
		}

		@ParameterizedTest
		@EnumSource(Heartbeat.class)
		void areKeptOpenByHeartbeats(Heartbeat heartbeat) throws IOException {
			OtherPlatformsTests.this.emulator.faults().heartbeats(Duration.ofMillis(50), heartbeat);
			OtherPlatformsTests.this.emulator.faults().endWhenIdle(Duration.ofSeconds(5));
			try (RawClient client = watch()) {
				client.readUntil("id: 4\n");
				String text = "\r\n" + heartbeat.text() + "\r\n";
				assertThat(client.readUntil(text + Integer.toHexString(heartbeat.text().length()) + text))
					.doesNotContain("\r\n0\r\n");
			}
		}

		@Test
		void beginWithAnEventThatIsNoUpdate() throws IOException {
			OtherPlatformsTests.this.emulator.faults().connectedEvent();
			try (RawClient client = watch()) {
				assertThat(client.readUntil("id: 1\n")).contains("event: connected\ndata: {\"status\":\"connected\"}");
			}
		}

	}

	@Nested
	class Headers {

		@Test
		void areWithheldUntilTheFirstEvent() throws IOException {
			OtherPlatformsTests.this.emulator.faults().withholdHeaders();
			try (RawClient client = resume(4)) {
				client.socket().setSoTimeout(200);
				assertThatExceptionOfType(SocketTimeoutException.class).isThrownBy(() -> client.readUntil("HTTP"));
				client.socket().setSoTimeout(10_000);
				publish(1);
				assertThat(client.readUntil("id: 5\n")).startsWith("HTTP/1.1 200");
			}
		}

		@Test
		void areWithheldUntilTheStreamHasBeenQuietForTooLong() throws IOException {
			OtherPlatformsTests.this.emulator.faults().withholdHeaders();
			OtherPlatformsTests.this.emulator.faults().endWhenIdle(SHORT);
			try (RawClient client = resume(4)) {
				assertThat(client.readUntil("\r\n0\r\n\r\n")).startsWith("HTTP/1.1 200").doesNotContain("id:");
			}
		}

		@Test
		void areDelayed() throws IOException {
			OtherPlatformsTests.this.emulator.faults().delayHeaders(Duration.ofSeconds(1));
			try (RawClient client = watch()) {
				client.socket().setSoTimeout(200);
				assertThatExceptionOfType(SocketTimeoutException.class).isThrownBy(() -> client.readUntil("HTTP"));
				client.socket().setSoTimeout(10_000);
				client.readUntil("id: 4\n");
			}
		}

		@Test
		void haveAnotherStatusAndEncoding() throws IOException {
			OtherPlatformsTests.this.emulator.faults().streamStatus(201);
			OtherPlatformsTests.this.emulator.faults().contentEncoding("none");
			try (RawClient client = watch()) {
				assertThat(client.readUntil("id: 4\n")).startsWith("HTTP/1.1 201")
					.contains("Content-Encoding: none\r\n");
			}
			assertThatIllegalArgumentException()
				.isThrownBy(() -> OtherPlatformsTests.this.emulator.faults().streamStatus(500));
		}

		@Test
		void followEarlyHints() throws IOException {
			OtherPlatformsTests.this.emulator.faults().earlyHints();
			try (RawClient client = watch()) {
				assertThat(client.readUntil("id: 4\n")).startsWith("HTTP/1.1 103 Early Hints\r\n")
					.contains("\r\n\r\nHTTP/1.1 200");
			}
		}

		@Test
		void sayNothingOfTheLength() throws IOException {
			OtherPlatformsTests.this.emulator.faults().closeDelimited();
			OtherPlatformsTests.this.emulator.faults().endAfter(4);
			try (RawClient client = watch()) {
				assertThat(client.readAll()).startsWith("HTTP/1.0 200")
					.doesNotContain("Transfer-Encoding")
					.contains("\r\n\r\nid: 1\n")
					.endsWith("data: {\"taskId\":\"a\"}\n\n");
			}
		}

	}

	@Nested
	class Templates {

		@ParameterizedTest
		@CsvSource(delimiter = ' ', value = { "100%25 100%", "a%2Fb a/b", "a/b a/b", "a%20b a&b", "%C3%A4 ä", "a+b a+b",
				"a;b a;b", "a%3Fb a?b", "%25C3 %C3", "a%2520b a%20b", "%2E%2E .." })
		void haveAnyName(String encoded, String name) throws Exception {
			String template = name.replace('&', ' ');
			OtherPlatformsTests.this.emulator.onTask(template, (task, input) -> task.end("found"));
			String prepared = call("POST", "/api/task/prepare/" + encoded, "");
			String id = prepared.replaceAll("(?s).*\"taskId\":\"([^\"]+)\".*", "$1");
			call("POST", "/api/task/finalize/" + id, "{\"input\": {}}");
			await().until(() -> OtherPlatformsTests.this.emulator.status(id) == EmulatedTaskStatus.SUCCESSFUL);
			// The client shows bytes as they come
			String bytes = new String(template.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
			assertThat(call("GET", "/api/task/" + id, "")).contains("\"taskTemplate\":\"" + bytes + "\"")
				.contains("\"result\":\"found\"");
		}

		@Test
		void haveToBeEncoded() throws Exception {
			assertThat(call("POST", "/api/task/prepare/100%", "")).startsWith("HTTP/1.1 400");
		}

		@Test
		void becomeTypes() throws Exception {
			OtherPlatformsTests.this.emulator.onTask("invoice \"A\"", (task, input) -> task.end(1));
			assertThat(call("GET", "/api/task/types/python", "")).startsWith("HTTP/1.1 200")
				.contains("{\"__init__.pyi\":\"")
				.contains("invoice ");
			assertThat(call("GET", "/api/task/types/cobol", "")).startsWith("HTTP/1.1 404");
			try (RawClient client = RawClient.send(OtherPlatformsTests.this.emulator, "GET", "/api/task/types/python",
					"wrong", "")) {
				client.readUntil("HTTP/1.1 401");
			}
		}

		@Test
		void makeTasksWithoutAddressesIfSaidSo() throws Exception {
			try (RequenceEmulator other = RequenceEmulator.builder().withoutTaskUrls().build().start()) {
				String prepared = call(other, "POST", "/api/task/prepare/invoice", "");
				String id = prepared.replaceAll("(?s).*\"taskId\":\"([^\"]+)\".*", "$1");
				assertThat(call(other, "POST", "/api/task/finalize/" + id, "{\"input\": {}}")).contains(id)
					.doesNotContain("urls");
			}
		}

		private String call(String method, String path, String body) throws IOException {
			return call(OtherPlatformsTests.this.emulator, method, path, body);
		}

		private String call(RequenceEmulator platform, String method, String path, String body) throws IOException {
			String request = method + " " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
					+ "Authorization: Bearer emulator-secret\r\nContent-Length: " + body.length() + "\r\n\r\n" + body;
			try (RawClient client = RawClient.send(platform, request)) {
				return client.readAll();
			}
		}

	}

}
