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

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.zip.GZIPInputStream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.awaitility.Awaitility.await;

/**
 * What faults look like to a client.
 */
class FaultsTests {

	private static final String FRAME_2 = "id: 2\nevent: nodeStart\ndata: {\"taskId\":\"a\"}\n\n";

	private static final String LAST_CHUNK = "\r\n0\r\n\r\n";

	private final RequenceEmulator emulator = RequenceEmulator.builder().build().start();

	@BeforeEach
	void publishThreeUpdates() {
		for (int i = 0; i < 3; i++) {
			this.emulator.publish("nodeStart", Map.of("taskId", "a"));
		}
	}

	@AfterEach
	void close() {
		this.emulator.close();
	}

	private RawClient watch() {
		return RawClient.watch(this.emulator);
	}

	@Nested
	class Answers {

		@Test
		void replaceAStreamOnce() throws IOException {
			FaultsTests.this.emulator.faults().answer(503, Map.of("Retry-After", "7"), "maintenance");
			try (RawClient client = watch()) {
				assertThat(client.readUntil("maintenance")).startsWith("HTTP/1.1 503").contains("Retry-After: 7\r\n");
			}
			assertThatThreeUpdatesCome();
		}

		@Test
		void replaceSeveralStreamsInTheirOrder() throws IOException {
			FaultsTests.this.emulator.faults().times(2).answer(502, "first");
			FaultsTests.this.emulator.faults().answer(429, "second");
			for (String expected : new String[] { "first", "first", "second" }) {
				try (RawClient client = watch()) {
					client.readUntil(expected);
				}
			}
			assertThatThreeUpdatesCome();
		}

		@Test
		void goOnUntilTheyAreCleared() throws IOException {
			FaultsTests.this.emulator.faults().always().answer(401, "no");
			FaultsTests.this.emulator.faults().answer(500, "once");
			for (String expected : new String[] { "once", "no", "no" }) {
				try (RawClient client = watch()) {
					client.readUntil(expected);
				}
			}
			FaultsTests.this.emulator.faults().clear();
			assertThatThreeUpdatesCome();
		}

		@Test
		void mayRedirect() throws IOException {
			FaultsTests.this.emulator.faults().redirect("http://localhost:1/trap");
			try (RawClient client = watch()) {
				assertThat(client.readUntil("\r\n\r\n")).startsWith("HTTP/1.1 307")
					.contains("Location: http://localhost:1/trap\r\n");
			}
		}

		@Test
		void mayHaveNoContent() throws IOException {
			FaultsTests.this.emulator.faults().noContent204();
			try (RawClient client = watch()) {
				assertThat(client.readUntil("\r\n\r\n")).startsWith("HTTP/1.1 204");
			}
		}

		@Test
		void mayFailToCome() throws IOException {
			FaultsTests.this.emulator.faults().stallHeaders();
			try (RawClient client = watch()) {
				client.socket().setSoTimeout(200);
				assertThatExceptionOfType(SocketTimeoutException.class).isThrownBy(() -> client.readUntil("HTTP"));
				assertThat(FaultsTests.this.emulator.openStreams()).isEqualTo(1);
			}
			await().until(() -> FaultsTests.this.emulator.openStreams() == 0);
		}

		@Test
		void mayBeAClosedConnection() throws IOException {
			FaultsTests.this.emulator.faults().refuse();
			try (RawClient client = watch()) {
				assertThat(client.readAll()).isEmpty();
			}
		}

	}

	@Nested
	class BrokenStreams {

		@Test
		void endBetweenEvents() throws IOException {
			FaultsTests.this.emulator.faults().endAfter(2);
			try (RawClient client = watch()) {
				assertThat(client.readUntil(LAST_CHUNK)).contains(FRAME_2).doesNotContain("id: 3");
			}
			assertThatThreeUpdatesCome();
		}

		@Test
		void endBeforeTheFirstEvent() throws IOException {
			FaultsTests.this.emulator.faults().endAfter(0);
			try (RawClient client = watch()) {
				assertThat(client.readUntil("\r\n0\r\n\r\n")).doesNotContain("id:");
			}
		}

		@ParameterizedTest
		@ValueSource(ints = { 1, 5, 6, 24, 44, 45 })
		void endInsideAnEvent(int bytes) throws IOException {
			FaultsTests.this.emulator.faults().endInside(1, bytes);
			try (RawClient client = watch()) {
				assertThat(client.readUntil(LAST_CHUNK)).contains("id: 1\n")
					.endsWith("\r\n" + FRAME_2.substring(0, bytes) + LAST_CHUNK);
			}
		}

		@Test
		void breakOffInsideAnEventThatComesLater() throws IOException {
			FaultsTests.this.emulator.faults().dropInside(3, 4);
			try (RawClient client = watch()) {
				client.readUntil("id: 3");
				FaultsTests.this.emulator.publish("nodeEnd", Map.of());
				assertThat(client.readAll()).contains("\r\n4\r\nid: ").doesNotContain("id: 4");
			}
		}

		@Test
		void dropWithoutTheLastChunk() throws IOException {
			FaultsTests.this.emulator.faults().dropAfter(2);
			try (RawClient client = watch()) {
				assertThat(client.readAll()).contains(FRAME_2).doesNotContain(LAST_CHUNK);
			}
		}

		@Test
		void resetTheConnection() throws IOException {
			FaultsTests.this.emulator.faults().resetAfter(3);
			FaultsTests.this.emulator.faults().resetInside(1, 3);
			for (int i = 0; i < 2; i++) {
				try (RawClient client = watch()) {
					assertThatIOException().isThrownBy(client::readAll).withMessageContaining("reset");
				}
			}
		}

		@Test
		void fallSilentAndAreNoticedWhenTheClientLeaves() throws IOException {
			FaultsTests.this.emulator.faults().stallAfter(2);
			try (RawClient client = watch()) {
				assertThat(client.readUntil("id: 2")).doesNotContain("id: 3");
				client.socket().setSoTimeout(200);
				assertThatExceptionOfType(SocketTimeoutException.class).isThrownBy(() -> client.readUntil("id: 3"));
				assertThat(FaultsTests.this.emulator.openStreams()).isEqualTo(1);
			}
			await().until(() -> FaultsTests.this.emulator.openStreams() == 0);
		}

	}

	@Nested
	class OddStreams {

		@Test
		void haveAnotherContentType() throws IOException {
			FaultsTests.this.emulator.faults().contentType("text/html");
			FaultsTests.this.emulator.faults().contentType("");
			try (RawClient client = watch()) {
				assertThat(client.readUntil("id: 3")).contains("Content-Type: text/html\r\n");
			}
			try (RawClient client = watch()) {
				assertThat(client.readUntil("id: 3")).doesNotContain("Content-Type");
			}
		}

		@Test
		void areCompressed() throws IOException {
			FaultsTests.this.emulator.faults().contentEncodingGzip();
			try (RawClient client = watch()) {
				assertThat(client.readUntil("\r\n\r\n")).contains("Content-Encoding: gzip\r\n");
				await().until(() -> FaultsTests.this.emulator.writtenUpdates() == 3);
				FaultsTests.this.emulator.stop();
				byte[] chunk = chunks(client.readAll()).getBytes(StandardCharsets.ISO_8859_1);
				byte[] text = new GZIPInputStream(new ByteArrayInputStream(chunk)).readNBytes(3 * FRAME_2.length());
				assertThat(new String(text, StandardCharsets.UTF_8)).contains(FRAME_2);
			}
		}

		@Test
		void startWithGarbage() throws IOException {
			FaultsTests.this.emulator.faults().garbage(new byte[] { 1, 2, 'x' });
			try (RawClient client = watch()) {
				assertThat(client.readUntil("id: 3")).contains("\r\n3\r\n\u0001\u0002x\r\n").contains(FRAME_2);
			}
		}

		@Test
		void repeatEventsForAClientThatComesBack() throws IOException {
			FaultsTests.this.emulator.faults().repeatLast(2);
			assertThatThreeUpdatesCome();
			String body = "{\"since\": \"2026-01-01T10:00:00Z\", \"lastPosition\": 3}";
			try (RawClient client = RawClient.watch(FaultsTests.this.emulator, body)) {
				assertThat(client.readUntil("id: 3")).contains(FRAME_2).doesNotContain("id: 1");
			}
			FaultsTests.this.emulator.publish("nodeEnd", Map.of());
			try (RawClient client = RawClient.watch(FaultsTests.this.emulator, body)) {
				assertThat(client.readUntil("id: 4")).doesNotContain("id: 3");
			}
		}

	}

	@Nested
	class Styles {

		@Test
		void addUp() throws IOException {
			Faults faults = FaultsTests.this.emulator.faults();
			faults.bom();
			faults.retry(1234);
			faults.lineEnding("\r\n");
			try (RawClient client = watch()) {
				assertThat(chunks(client.readUntil("id: 3")))
					.startsWith("\u00ef\u00bb\u00bfretry: 1234\r\n\r\nid: 1\r\nevent: nodeStart\r\n");
			}
		}

		@Test
		void writeByteByByte() throws IOException {
			FaultsTests.this.emulator.faults().byteWise();
			try (RawClient client = watch()) {
				assertThat(client.readUntil("1\r\n3\r\n")).contains("\r\n1\r\ni\r\n1\r\nd\r\n1\r\n:\r\n");
			}
		}

		@Test
		void writeHeartbeatsIntoASilentStream() throws IOException {
			FaultsTests.this.emulator.faults().heartbeats(Duration.ofMillis(20));
			try (RawClient client = watch()) {
				client.readUntil("id: 3");
				client.readUntil("2\r\n:\n\r\n2\r\n:\n\r\n");
			}
		}

		@Test
		void writeSlowly() throws IOException {
			FaultsTests.this.emulator.faults().throttle(40);
			try (RawClient client = watch()) {
				assertThat(client.readUntil("\r\n2\r\n\nd")).contains("\r\n2\r\nid\r\n");
				assertThat(FaultsTests.this.emulator.writtenUpdates()).isZero();
			}
		}

		@Test
		void knowTheLineEndsOfEventStreamsOnly() {
			assertThatIllegalArgumentException()
				.isThrownBy(() -> FaultsTests.this.emulator.faults().lineEnding("\u2028"));
		}

	}

	private void assertThatThreeUpdatesCome() throws IOException {
		try (RawClient client = watch()) {
			client.readUntil("id: 3");
		}
	}

	/**
	 * Take chunked content out of its chunks, as far as it goes.
	 */
	private static String chunks(String response) {
		StringBuilder content = new StringBuilder();
		int from = response.indexOf("\r\n\r\n") + 4;
		while (from < response.length()) {
			int lineEnd = response.indexOf("\r\n", from);
			int length = Integer.parseInt(response.substring(from, lineEnd), 16);
			content.append(response, lineEnd + 2, Math.min(response.length(), lineEnd + 2 + length));
			from = lineEnd + 2 + length + 2;
		}
		return content.toString();
	}

}
