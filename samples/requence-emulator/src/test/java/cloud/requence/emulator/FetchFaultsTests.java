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
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Map;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * What faults of fetching look like to a client.
 */
class FetchFaultsTests {

	private static final String HEADERS_END = "\r\n\r\n";

	private final RequenceEmulator emulator = RequenceEmulator.builder().build().start();

	private final FileClient client = new FileClient(this.emulator);

	private final EmulatedFile file = this.emulator.files()
		.store("0123456789".getBytes(StandardCharsets.US_ASCII), "text/plain");

	private final EmulatedFile other = this.emulator.files().store(new byte[1], "text/plain");

	private final EmulatedStream stream = this.emulator.files().stream("text/csv").write("abc").end();

	@AfterEach
	void close() {
		this.emulator.close();
	}

	private FetchFaults fetches() {
		return this.emulator.faults().fetches();
	}

	private String body(RawClient raw) throws IOException {
		String answer = raw.readAll();
		return answer.substring(answer.indexOf(HEADERS_END) + HEADERS_END.length());
	}

	private RawClient get(String url) {
		return RawClient.send(this.emulator,
				"GET " + URI.create(url).getPath() + " HTTP/1.1\r\nHost: localhost" + HEADERS_END);
	}

	private RawClient getFramed(String url) {
		return RawClient.send(this.emulator, "GET " + URI.create(url).getPath()
				+ " HTTP/1.1\r\nHost: localhost\r\nX-Requence-Stream-Protocol: framed" + HEADERS_END);
	}

	@Nested
	class Planning {

		@Test
		void isForOneFetch() throws Exception {
			fetches().answer(503, "maintenance");
			assertThat(fetch().statusCode()).isEqualTo(503);
			assertThat(fetch().statusCode()).isEqualTo(200);
		}

		@Test
		void makesAQueue() throws Exception {
			fetches().times(2).answer(503, "");
			fetches().answer(429, "");
			assertThat(fetch().statusCode()).isEqualTo(503);
			assertThat(fetch().statusCode()).isEqualTo(503);
			assertThat(fetch().statusCode()).isEqualTo(429);
			assertThat(fetch().statusCode()).isEqualTo(200);
		}

		@Test
		void goesOnUntilItIsCleared() throws Exception {
			fetches().always().answer(404, "");
			assertThat(fetch().statusCode()).isEqualTo(404);
			assertThat(fetch().statusCode()).isEqualTo(404);
			FetchFaultsTests.this.emulator.faults().clear();
			assertThat(fetch().statusCode()).isEqualTo(200);
		}

		@Test
		void mayBeForOneAddress() throws Exception {
			fetches().of(FetchFaultsTests.this.file.url()).answer(503, "");
			fetches().of(FetchFaultsTests.this.file.url()).always().answer(404, "");
			fetches().always().answer(500, "");
			assertThat(FetchFaultsTests.this.client.get(FetchFaultsTests.this.other.url()).statusCode()).isEqualTo(500);
			assertThat(fetch().statusCode()).isEqualTo(503);
			assertThat(fetch().statusCode()).isEqualTo(404);
		}

		@Test
		void needsATime() {
			assertThatIllegalArgumentException().isThrownBy(() -> fetches().times(0));
		}

		private HttpResponse<byte[]> fetch() throws Exception {
			return FetchFaultsTests.this.client.get(FetchFaultsTests.this.file.url());
		}

	}

	@Nested
	class OfFiles {

		private final String url = FetchFaultsTests.this.file.url();

		@Test
		void mayBeAnyAnswer() throws Exception {
			fetches().answer(200, Map.of("Content-Type", "text/html"), new byte[] { 0, -1 });
			HttpResponse<byte[]> answer = FetchFaultsTests.this.client.get(this.url);
			assertThat(answer.body()).containsExactly(0, -1);
			assertThat(answer.headers().firstValue("Content-Type")).hasValue("text/html");
		}

		@Test
		void mayBeARedirect() throws Exception {
			fetches().redirect("http://localhost:1/trap");
			HttpResponse<byte[]> answer = FetchFaultsTests.this.client.get(this.url);
			assertThat(answer.statusCode()).isEqualTo(307);
			assertThat(answer.headers().firstValue("Location")).hasValue("http://localhost:1/trap");
		}

		@Test
		void mayBeAnotherContentType() throws Exception {
			fetches().contentType("text/html");
			HttpResponse<byte[]> answer = FetchFaultsTests.this.client.get(this.url);
			assertThat(answer.headers().firstValue("Content-Type")).hasValue("text/html");
			assertThat(answer.headers().firstValueAsLong("Content-Length")).hasValue(10);
			assertThat(answer.body()).asString().isEqualTo("0123456789");
			fetches().contentType("");
			assertThat(FetchFaultsTests.this.client.get(this.url).headers().firstValue("Content-Type")).isEmpty();
		}

		@Test
		void mayBeFewerBytesThanAnnounced() throws IOException {
			fetches().contentLength(11);
			try (RawClient raw = get(this.url)) {
				assertThat(raw.readUntil(HEADERS_END)).contains("Content-Length: 11\r\n");
				assertThat(body(raw)).isEqualTo("0123456789");
			}
		}

		@Test
		void mayBeMoreBytesThanAnnounced() throws Exception {
			fetches().contentLength(4);
			assertThat(FetchFaultsTests.this.client.get(this.url).body()).asString().isEqualTo("0123");
			fetches().contentLength(4);
			try (RawClient raw = get(this.url)) {
				assertThat(body(raw)).isEqualTo("0123456789");
			}
		}

		@Test
		void mayFailToCome() throws IOException {
			fetches().stallHeaders();
			try (RawClient raw = get(this.url)) {
				raw.socket().setSoTimeout(200);
				assertThatIOException().isThrownBy(() -> raw.readUntil("HTTP"));
			}
		}

		@Test
		void mayStopToCome() throws IOException {
			fetches().stallAfter(4);
			try (RawClient raw = get(this.url)) {
				assertThat(raw.readUntil("0123")).endsWith("0123").contains("Content-Length: 10\r\n");
				raw.socket().setSoTimeout(200);
				assertThatIOException().isThrownBy(() -> raw.readUntil("4"));
			}
		}

		@Test
		void mayBreakOff() throws IOException {
			fetches().dropAfter(4);
			fetches().endAfter(3);
			for (String expected : new String[] { "0123", "012" }) {
				try (RawClient raw = get(this.url)) {
					assertThat(body(raw)).isEqualTo(expected);
				}
			}
		}

		@Test
		void mayBreakOffBeforeTheFirstByte() throws IOException {
			fetches().dropAfter(0);
			try (RawClient raw = get(this.url)) {
				assertThat(raw.readAll()).endsWith(HEADERS_END);
			}
		}

		@Test
		void mayBeAReset() throws IOException {
			fetches().resetAfter(4);
			try (RawClient raw = get(this.url)) {
				assertThatIOException().isThrownBy(raw::readAll).withMessageContaining("reset");
			}
		}

		@Test
		void mayHaveNoEnd() throws Exception {
			fetches().endless();
			try (InputStream body = FetchFaultsTests.this.client.open(this.url).body()) {
				assertThat(body.readNBytes(12)).asString().isEqualTo("0123456789  ");
				assertThat(body.skip(10_000_000)).isEqualTo(10_000_000);
			}
		}

	}

	@Nested
	class OfStreams {

		private final String url = FetchFaultsTests.this.stream.url();

		@Test
		void mayBeMissingFrames() throws IOException {
			fetches().unframed();
			try (RawClient raw = getFramed(this.url)) {
				assertThat(raw.readUntil(HEADERS_END)).doesNotContain("framed");
				assertThat(body(raw)).isEqualTo("3\r\nabc\r\n0\r\n\r\n");
			}
		}

		@Test
		void mayBeAnEndWithoutAClosingFrame() throws IOException {
			fetches().endAfter(8);
			try (RawClient raw = getFramed(this.url)) {
				assertThat(body(raw)).isEqualTo("8\r\n\0\0\0\0\3abc\r\n0\r\n\r\n");
			}
		}

		@Test
		void mayBreakOffInsideAFrame() throws IOException {
			fetches().dropAfter(7);
			try (RawClient raw = getFramed(this.url)) {
				assertThat(body(raw)).isEqualTo("7\r\n\0\0\0\0\3ab\r\n");
			}
		}

		@Test
		void mayHaveNoEnd() throws Exception {
			fetches().endless();
			try (InputStream body = FetchFaultsTests.this.client.openFramed(this.url).body()) {
				assertThat(FileClient.frame(body)).isEqualTo("0:abc");
				for (int i = 0; i < 100; i++) {
					assertThat(FileClient.frame(body)).startsWith("0: ").hasSizeGreaterThan(10_000);
				}
			}
		}

	}

}
