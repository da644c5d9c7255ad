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

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigDecimal;
import java.net.SocketTimeoutException;
import java.net.InetAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.zip.GZIPOutputStream;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.util.unit.DataSize;
import org.springframework.web.reactive.function.client.WebClient;

import cloud.requence.task.PayloadReader;
import cloud.requence.task.TaskCallback;
import cloud.requence.task.TaskFile;
import cloud.requence.task.TaskPayload;
import cloud.requence.task.TaskPayloadException;
import cloud.requence.task.TaskReference;
import cloud.requence.task.TaskReferenceException;
import cloud.requence.task.TaskReferenceException.Reason;
import cloud.requence.task.TaskReferences;
import cloud.requence.task.TaskStream;
import cloud.requence.task.TaskStreamTruncatedException;
import cloud.requence.task.stream.JdkStreamConnector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/**
 * Tests for references in payloads, against a host that answers byte for byte as it is
 * told.
 */
class ReferenceTests {

	private static final String FRAMED = "HTTP/1.1 200 OK\nx-requence-stream-protocol: framed";

	private FileHost host;

	private ReferenceLoader loader;

	private PayloadReader reader;

	@BeforeEach
	void start() throws IOException {
		this.host = new FileHost();
		ReferenceSettings settings = ReferenceSettings.of(() -> this.host.baseUrl())
			.withLimits(DataSize.ofKilobytes(100), Duration.ofMillis(500));
		this.loader = new ReferenceLoader(
				WebClient.builder().clientConnector(new JdkStreamConnector(HttpClient.newHttpClient())).build(),
				settings);
		this.reader = new ReferencePayloadReader(PayloadReader.standard(), this.loader);
	}

	@AfterEach
	void close() throws IOException {
		this.host.close();
	}

	private TaskPayload payload(String json) {
		return TaskPayload.of(json.getBytes(StandardCharsets.UTF_8), this.reader);
	}

	private String claimCheck(URI url) {
		return claimCheck(url, this.host.sizeOf(url));
	}

	private static String claimCheck(URI url, int size) {
		return "{\"__REQUENCE_type\":\"ClaimCheck\",\"url\":\"" + url + "\",\"size\":" + size + "}";
	}

	private static String file(URI url, String mime, long size) {
		return "{\"__REQUENCE_type\":\"RequenceFile\",\"url\":\"" + url + "\",\"mime\":\"" + mime + "\",\"size\":"
				+ size + "}";
	}

	private static String stream(URI url) {
		return "{\"__REQUENCE_type\":\"RequenceStream\",\"url\":\"" + url + "\",\"mime\":\"text/plain\"}";
	}

	private static byte[] bytes(String text) {
		return text.getBytes(StandardCharsets.UTF_8);
	}

	private static void assertReason(Throwable failure, Reason reason) {
		assertThat(failure).isInstanceOfSatisfying(TaskReferenceException.class, (ex) -> {
			assertThat(ex.reason()).isEqualTo(reason);
			assertThat(ex).hasMessageNotContaining("/secret").hasMessageNotContaining("?");
		});
	}

	@Test
	void comeFromNoHostThatLeadsElsewhereWhileItIsConnectedTo() {
		URI url = URI
			.create(this.host.serve("/secret", "application/json", "{}").toString().replace("127.0.0.1", "localhost"));
		List<String> addresses = new ArrayList<>(List.of("93.184.216.34", "127.0.0.1"));
		ReferenceSettings settings = ReferenceSettings.of(() -> this.host.baseUrl())
			.withAllowedHosts(List.of(url.getAuthority()));
		ReferenceLoader loader = new ReferenceLoader(
				WebClient.builder().clientConnector(new JdkStreamConnector(HttpClient.newHttpClient())).build(),
				settings, new ReferenceGuard(settings,
						(host) -> new InetAddress[] { InetAddress.getByName(addresses.remove(0)) }));
		assertThatThrownBy(() -> loader.file(url, "application/json", 2))
			.satisfies((ex) -> assertReason(ex, Reason.NOT_ALLOWED));
		assertThat(this.host.requests()).hasSize(1);
	}

	@Nested
	class ClaimChecksInPayloads {

		private void assertFails(String json, Reason reason) {
			TaskPayload payload = payload(json);
			assertThatThrownBy(payload::tree).satisfies((ex) -> assertReason(ex, reason));
			assertThatThrownBy(() -> payload.as(JsonNode.class)).satisfies((ex) -> assertReason(ex, reason));
			assertThat(payload.json()).isEqualTo(json);
		}

		@Test
		void areSeenAsIfTheyHadComeInline() {
			URI url = host.serve("/secret", "application/json", "{\"amount\":12,\"lines\":[1,2]}");
			TaskPayload payload = payload(
					"{\"invoice\":" + claimCheck(url) + ",\"more\":[true," + claimCheck(url) + "]}");
			assertThat(payload.tree().path("invoice").path("amount").intValue()).isEqualTo(12);
			assertThat(payload.tree().path("more").path(1).path("lines")).hasSize(2);
			assertThat(payload.as(Order.class)).isEqualTo(new Order(new Invoice(12)));
		}

		@Test
		void areFetchedOnceAndOnlyWhenRead() throws Exception {
			URI url = host.serve("/secret", "application/json", "[1]");
			TaskPayload payload = payload(claimCheck(url));
			assertThat(payload.json()).contains("ClaimCheck");
			assertThat(payload.size()).isPositive();
			assertThat(host.requests()).isEmpty();
			ExecutorService threads = Executors.newFixedThreadPool(4);
			List<Future<JsonNode>> reads = threads.invokeAll(Collections.nCopies(8, () -> payload.tree()));
			for (Future<JsonNode> read : reads) {
				assertThat(read.get().path(0).intValue()).isEqualTo(1);
			}
			threads.shutdown();
			assertThat(host.requests()).hasSize(1);
		}

		@Test
		void areFetchedWithoutCredentials() {
			URI url = host.serve("/secret", "application/json", "[1]");
			payload(claimCheck(url)).tree();
			assertThat(host.requests()).singleElement()
				.asString()
				.startsWith("GET /secret ")
				.doesNotContainIgnoringCase("authorization")
				.doesNotContainIgnoringCase("cookie")
				.doesNotContainIgnoringCase("gzip");
		}

		@Test
		void mayHoldFurtherOnes() {
			URI inner = host.serve("/inner", "application/json", "{\"amount\":12}");
			URI outer = host.serve("/outer", "application/json", "{\"invoice\":" + claimCheck(inner) + "}");
			assertThat(payload(claimCheck(outer)).as(Order.class)).isEqualTo(new Order(new Invoice(12)));
		}

		@Test
		void leaveNumbersAsTheyAre() {
			String value = "{\"a\":1.10,\"b\":12345678901234567890123,\"c\":0.1000000000000000055511151231257827,\"d\":1e3}";
			URI url = host.serve("/secret", "application/json", value);
			JsonNode tree = payload("{\"x\":2.50,\"v\":" + claimCheck(url) + "}").as(JsonNode.class);
			assertThat(tree.path("v").path("b").bigIntegerValue()).hasToString("12345678901234567890123");
			Exact exact = payload("{\"x\":2.50,\"v\":" + claimCheck(url) + "}").as(Exact.class);
			assertThat(exact.x()).isEqualTo(new BigDecimal("2.50"));
			assertThat(exact.v().a()).isEqualTo(new BigDecimal("1.10"));
			assertThat(exact.v().c()).isEqualTo(new BigDecimal("0.1000000000000000055511151231257827"));
			assertThat(exact.v().d()).isEqualByComparingTo("1000");
		}

		@ParameterizedTest
		@ValueSource(strings = { "{\"__REQUENCE_type\":\"ClaimCheck\"}",
				"{\"__REQUENCE_type\":\"ClaimCheck\",\"url\":\"http://127.0.0.1/1\"}",
				"{\"__REQUENCE_type\":\"ClaimCheck\",\"url\":7,\"size\":1}",
				"{\"__REQUENCE_type\":\"ClaimCheck\",\"url\":\"not a url\",\"size\":1}",
				"{\"__REQUENCE_type\":\"ClaimCheck\",\"url\":\"http://127.0.0.1/1\",\"size\":-1}",
				"{\"__REQUENCE_type\":\"ClaimCheck\",\"url\":\"http://127.0.0.1/1\",\"size\":\"1\"}",
				"{\"__REQUENCE_type\":\"Other\",\"url\":\"http://127.0.0.1/1\",\"size\":1}", "{\"__REQUENCE_type\":7}",
				"{\"a\":\"__REQUENCE_type\"}" })
		void areDataIfTheyDoNotFit(String json) {
			assertThat(payload(json).tree()).isEqualTo(new JsonMapper().readTree(json));
			assertThat(host.requests()).isEmpty();
		}

		@Test
		void areRefusedElsewhere() {
			assertFails(claimCheck(URI.create("http://169.254.169.254/secret")), Reason.NOT_ALLOWED);
			assertFails(claimCheck(URI.create("file:///secret")), Reason.NOT_ALLOWED);
			assertFails(claimCheck(URI.create("http://other.example/secret?x=1")), Reason.NOT_ALLOWED);
		}

		@Test
		void areNotFollowedElsewhere() {
			for (int status : new int[] { 301, 302, 303, 307, 308 }) {
				URI url = host.raw("/secret",
						"HTTP/1.1 " + status + " Moved\nLocation: " + host.baseUrl() + "/other\nContent-Length: 0");
				assertFails(claimCheck(url), Reason.NOT_ALLOWED);
			}
			assertThat(host.requests()).noneMatch((request) -> request.contains("/other"));
		}

		@Test
		void mayLoopNowhere() {
			URI[] url = new URI[1];
			url[0] = host.on("/secret", (out) -> out.write(
					bytes("HTTP/1.1 200 OK\r\n\r\n" + "%-200s".formatted("{\"a\":" + claimCheck(url[0], 200) + "}"))));
			assertFails(claimCheck(url[0], 200), Reason.TOO_LARGE);
			assertThat(host.requests()).hasSizeLessThan(20);
		}

		@Test
		void mayNotMultiply() {
			URI[] url = new URI[1];
			url[0] = host.on("/secret", (out) -> {
				String one = claimCheck(url[0], 4000);
				out.write(bytes("HTTP/1.1 200 OK\r\n\r\n"
						+ "%-4000s".formatted("[" + String.join(",", Collections.nCopies(20, one)) + "]")));
			});
			assertThatThrownBy(() -> payload(claimCheck(url[0], 4000)).tree())
				.isInstanceOf(TaskReferenceException.class);
			assertThat(host.requests()).hasSizeLessThan(300);
		}

		@Test
		void mayNotBeTooLarge() {
			assertFails("{\"__REQUENCE_type\":\"ClaimCheck\",\"url\":\"" + host.baseUrl() + "\",\"size\":10000000000}",
					Reason.TOO_LARGE);
			assertThat(host.requests()).isEmpty();
			assertFails(claimCheck(host.baseUrl(), 200_000), Reason.TOO_LARGE);
			assertThat(host.requests()).isEmpty();
			URI endless = host.on("/endless", (out) -> {
				out.write(bytes("HTTP/1.1 200 OK\r\n\r\n\""));
				while (true) {
					out.write(bytes("x".repeat(1000)));
				}
			});
			assertFails(claimCheck(endless, 50_000), Reason.MALFORMED);
			String half = "\"" + "x".repeat(60_000) + "\"";
			URI large = host.serve("/large", "application/json", half);
			assertFails("[" + claimCheck(large) + "," + claimCheck(large) + "]", Reason.TOO_LARGE);
		}

		@Test
		void mayNotTakeTooLong() {
			URI silent = host.on("/silent", (out) -> awaitForever());
			assertFails(claimCheck(silent), Reason.TOO_SLOW);
			URI stalled = host.on("/stalled", (out) -> {
				out.write(bytes("HTTP/1.1 200 OK\r\n\r\n\"a"));
				out.flush();
				awaitForever();
			});
			assertThatThrownBy(() -> payload(claimCheck(stalled)).tree()).isInstanceOfSatisfying(
					TaskReferenceException.class, (ex) -> assertThat(ex.reason().isWorthRetrying()).isTrue());
			URI dripping = host.on("/dripping", (out) -> {
				out.write(bytes("HTTP/1.1 200 OK\r\n\r\n\""));
				CountDownLatch never = new CountDownLatch(1);
				while (true) {
					out.write('x');
					out.flush();
					await(never, 50);
				}
			});
			assertFails(claimCheck(dripping, 50_000), Reason.TOO_SLOW);
		}

		@Test
		void haveToBeJson() {
			assertFails(claimCheck(host.serve("/secret", "text/html", "<html>")), Reason.MALFORMED);
			assertFails(claimCheck(host.serve("/secret", "application/json", "{\"a\":")), Reason.MALFORMED);
			assertFails(claimCheck(host.serve("/secret", "application/json", "[".repeat(5000))), Reason.MALFORMED);
		}

		@ParameterizedTest
		@CsvSource(quoteCharacter = '`', nullValues = "-", textBlock = """
				5, Content-Length: 0,  ``
				0, Content-Length: 0,  ``
				0, -,                  ``
				5, -,                  ``
				3, -,                  `   `
				5, Content-Length: 4,  1234
				5, Content-Length: 6,  123456
				5, -,                  1234
				5, -,                  123456
				5, Content-Length: 5,  1234
				""")
		void haveToHaveTheirSize(int size, @Nullable String header, String body) {
			URI url = host.raw("/secret", "HTTP/1.1 200 OK" + ((header != null) ? "\n" + header : ""), bytes(body));
			assertThatThrownBy(() -> payload("[" + claimCheck(url, size) + "]").tree()).isInstanceOfSatisfying(
					TaskReferenceException.class,
					(ex) -> assertThat(ex.reason()).isIn(Reason.MALFORMED, Reason.UNREACHABLE));
		}

		@Test
		void mayHaveAnyNames() {
			String name = "n".repeat(60_000);
			URI url = host.serve("/secret", "application/json", "{\"" + name + "\":1}");
			assertThat(payload(claimCheck(url)).tree().path(name).intValue()).isEqualTo(1);
		}

		@Test
		void haveToComeAsTheyAre() throws IOException {
			ByteArrayOutputStream zipped = new ByteArrayOutputStream();
			try (GZIPOutputStream gzip = new GZIPOutputStream(zipped)) {
				gzip.write(bytes("[1]"));
			}
			assertFails(claimCheck(host.serve("/secret", "Content-Encoding: gzip\r\n", zipped.toByteArray())),
					Reason.MALFORMED);
		}

		@Test
		void areRejectedByTheirHost() {
			assertFails(claimCheck(host.raw("/secret", "HTTP/1.1 500 Oops\nContent-Length: 0")), Reason.REJECTED);
			assertFails(claimCheck(host.raw("/secret", "HTTP/1.1 204 Nothing")), Reason.REJECTED);
			assertFails(claimCheck(host.baseUrl().resolve("/unknown")), Reason.REJECTED);
		}

		@Test
		void areTriedAgainWhenReadAgain() {
			URI url = host.raw("/secret", "HTTP/1.1 503 Later\nContent-Length: 0");
			TaskPayload payload = payload(claimCheck(url, 3));
			assertThatThrownBy(payload::tree).satisfies((ex) -> assertReason(ex, Reason.REJECTED));
			host.serve("/secret", "application/json", "[1]");
			assertThat(payload.tree()).hasSize(1);
		}

		@Test
		void needAHostThatAnswers() throws IOException {
			URI url = host.serve("/secret", "application/json", "[1]");
			host.close();
			assertFails(claimCheck(url), Reason.UNREACHABLE);
		}

	}

	@Nested
	class Files {

		private TaskFile open(URI url, String mime, long size) {
			return payload("{\"scan\":" + file(url, mime, size) + "}").as(Scan.class).scan();
		}

		private void assertCannotBeOpened(URI url, String mime, long size, Reason reason) {
			TaskFile file = open(url, mime, size);
			assertThatThrownBy(file::getInputStream).satisfies((ex) -> assertReason(ex, reason));
		}

		@Test
		void areReadWhenTheyAreOpened() throws IOException {
			byte[] content = new byte[50_000];
			new Random(1).nextBytes(content);
			URI url = host.serve("/secret/scan.png", "Content-Type: image/png; charset=x\r\n", content);
			TaskFile file = open(url, "image/png", content.length);
			assertThat(host.requests()).isEmpty();
			assertThat(file.mimeType()).isEqualTo("image/png");
			assertThat(file.contentLength()).isEqualTo(content.length);
			assertThat(file.getFilename()).isEqualTo("scan.png");
			assertThat(file.exists()).isTrue();
			assertThat(file.getURI()).isEqualTo(url);
			assertThat(file).hasToString("task file [image/png, 50000 bytes]");
			assertThat(file.getContentAsByteArray()).isEqualTo(content);
			assertThat(file.getInputStream()).hasBinaryContent(content);
			assertThat(host.requests()).hasSize(2).noneMatch((request) -> request.contains("x-requence"));
		}

		@Test
		void mayBeEmpty() throws IOException {
			TaskFile file = open(host.serve("/secret", "text/plain", ""), "text/plain", 0);
			assertThat(file.getContentAsByteArray()).isEmpty();
		}

		@Test
		void haveTheirSize() throws IOException {
			URI announced = host.serve("/secret", "text/plain", "abc");
			assertCannotBeOpened(announced, "text/plain", 4, Reason.MALFORMED);
			URI url = host.raw("/raw", "HTTP/1.1 200 OK", bytes("abcdef"));
			assertThatExceptionOfType(EOFException.class)
				.isThrownBy(() -> open(url, "text/plain", 7).getContentAsByteArray());
			assertThatExceptionOfType(IOException.class)
				.isThrownBy(() -> open(url, "text/plain", 5).getContentAsByteArray())
				.withMessageContaining("longer");
			assertThat(open(url, "text/plain", 6).getContentAsByteArray()).hasSize(6);
		}

		@Test
		void haveTheirType() throws IOException {
			URI url = host.serve("/secret", "text/html", "<html>");
			assertCannotBeOpened(url, "image/png", 6, Reason.MALFORMED);
			URI bytes = host.serve("/bytes", "application/octet-stream", "abc");
			assertThat(open(bytes, "image/png", 3).getContentAsByteArray()).hasSize(3);
		}

		@Test
		void areBounded() {
			assertCannotBeOpened(host.baseUrl(), "image/png", 10_000_000_000L, Reason.TOO_LARGE);
			assertCannotBeOpened(URI.create("http://10.0.0.1/secret"), "image/png", 1, Reason.NOT_ALLOWED);
			assertThat(host.requests()).isEmpty();
			URI redirect = host.raw("/secret", "HTTP/1.1 302 Found\nLocation: /other\nContent-Length: 0");
			assertCannotBeOpened(redirect, "image/png", 1, Reason.NOT_ALLOWED);
		}

		@Test
		void doNotKeepAReaderForEver() throws IOException {
			URI url = host.on("/secret", (out) -> {
				out.write(bytes("HTTP/1.1 200 OK\r\n\r\nabc"));
				out.flush();
				awaitForever();
			});
			try (InputStream in = open(url, "text/plain", 10).getInputStream()) {
				assertThat(in.readNBytes(3)).hasSize(3);
				assertThatThrownBy(in::read).isInstanceOf(SocketTimeoutException.class);
			}
		}

		@Test
		void areWrittenAsTheyCame() {
			String json = file(URI.create("http://a.example/1"), "image/png", 7);
			TaskFile file = payload(json).as(TaskFile.class);
			assertThat(new JsonMapper().writeValueAsString(file)).isEqualTo(json);
			assertThat(file).isEqualTo(payload(json).as(TaskFile.class))
				.hasSameHashCodeAs(payload(json).as(TaskFile.class));
		}

	}

	@Nested
	class Streams {

		private byte[] frames(Object... frames) throws IOException {
			ByteArrayOutputStream bytes = new ByteArrayOutputStream();
			DataOutputStream out = new DataOutputStream(bytes);
			for (int i = 0; i < frames.length; i += 2) {
				byte[] content = bytes((String) frames[i + 1]);
				out.writeByte((int) frames[i]);
				out.writeInt(content.length);
				out.write(content);
			}
			return bytes.toByteArray();
		}

		private TaskStream open(URI url) {
			return payload("{\"log\":" + stream(url) + "}").as(Logged.class).log();
		}

		private String read(URI url) throws IOException {
			try (InputStream in = open(url).getInputStream()) {
				return new String(in.readAllBytes(), StandardCharsets.UTF_8);
			}
		}

		private void assertTruncated(URI url, String reason) {
			assertThatExceptionOfType(TaskStreamTruncatedException.class).isThrownBy(() -> read(url))
				.satisfies((ex) -> assertThat(ex.reason()).isEqualTo(reason));
		}

		@Test
		void areReadWithoutTheirFrames() throws IOException {
			byte[] body = frames(0, "Hello", 0, "", 0, " world", 1, "");
			URI url = host.raw("/secret", FRAMED, body);
			assertThat(read(url)).isEqualTo("Hello world");
			assertThat(host.requests()).singleElement().asString().contains("x-requence-stream-protocol: framed");
			byte[][] single = new byte[body.length][];
			for (int i = 0; i < body.length; i++) {
				single[i] = new byte[] { body[i] };
			}
			assertThat(read(host.raw("/bytewise", FRAMED, single))).isEqualTo("Hello world");
		}

		@Test
		void areReadByteByByteAsWell() throws IOException {
			URI url = host.raw("/secret", FRAMED, frames(0, "ab", 0, "\u00ff", 1, ""));
			try (InputStream in = open(url).getInputStream()) {
				assertThat(in.read()).isEqualTo('a');
				assertThat(in.skip(1)).isEqualTo(1);
				assertThat(in.read()).isEqualTo(0xc3);
				assertThat(in.read()).isEqualTo(0xbf);
				assertThat(in.read()).isEqualTo(-1);
				assertThat(in.read()).isEqualTo(-1);
			}
		}

		@Test
		void tellWhyTheyAreTruncated() throws IOException {
			assertTruncated(host.raw("/secret", FRAMED, frames(0, "Hello", 2, "the disk\nis full")),
					"the disk is full");
			assertTruncated(host.raw("/secret", FRAMED, frames(2, "")), "its writer has ended it early");
		}

		@Test
		void areTruncatedIfTheyEndWithoutSayingSo() throws IOException {
			byte[] body = frames(0, "Hello");
			assertTruncated(host.raw("/secret", FRAMED, body), "it ended without saying so");
			for (int i = 1; i < body.length; i++) {
				byte[] cut = Arrays.copyOf(body, i);
				assertTruncated(host.raw("/secret", FRAMED, cut), "it ended inside a frame");
			}
		}

		@Test
		void areTruncatedIfTheirConnectionBreaks() {
			assertTruncated(host.raw("/secret", "HTTP/1.1 200 OK\nContent-Length: 100", bytes("abc")),
					"its connection broke");
			assertTruncated(host.raw("/secret", FRAMED + "\nTransfer-Encoding: chunked", bytes("3\r\n\0\0\0\r\n")),
					"its connection broke");
		}

		@Test
		void areTruncatedIfTheyGoSilent() {
			URI url = host.on("/secret", (out) -> {
				out.write(bytes("HTTP/1.1 200 OK\r\n\r\nabc"));
				out.flush();
				awaitForever();
			});
			assertTruncated(url, "it has gone silent");
		}

		@Test
		void areRawIfTheHostDoesNotFrame() throws IOException {
			assertThat(read(host.serve("/secret", "text/plain", "\0\0\0\0\1x"))).isEqualTo("\0\0\0\0\1x");
		}

		@Test
		void haveNothingAfterTheirEnd() throws IOException {
			assertThatExceptionOfType(IOException.class)
				.isThrownBy(() -> read(host.raw("/secret", FRAMED, frames(0, "a", 1, "", 0, "b"))))
				.withMessageContaining("after its end");
			assertThatExceptionOfType(IOException.class)
				.isThrownBy(() -> read(host.raw("/secret", FRAMED, frames(7, "a"))))
				.withMessageContaining("unknown type 7");
		}

		@Test
		void haveFramesOfAnySize() {
			assertTruncated(host.raw("/secret", FRAMED, new byte[] { 0, -1, -1, -1, -1, 'a' }),
					"it ended inside a frame");
			assertTruncated(host.raw("/secret", FRAMED, new byte[] { 2, -1, -1, -1, -1, 'a' }),
					"it ended inside a frame");
		}

		@Test
		void areWrittenAsTheyCame() {
			String json = stream(URI.create("http://a.example/1"));
			assertThat(new JsonMapper().writeValueAsString(payload(json).as(TaskStream.class))).isEqualTo(json);
		}

	}

	@Nested
	class OtherReferences {

		@Test
		void callbacksAreSeen() {
			TaskCallback callback = payload("""
					{"__REQUENCE_type":"RequenceCallback","lifetime":"durable","name":"approve","nodeId":"n1",
					"bound":true,"outputName":"out","propertyPath":"a.b"}""").as(TaskCallback.class);
			assertThat(callback)
				.isEqualTo(new TaskCallback("durable", null, null, "approve", "n1", true, "out", "a.b"));
		}

		@Test
		void areListed() throws IOException {
			URI url = host.serve("/secret/a.txt", "text/plain", "hello");
			String callback = "{\"__REQUENCE_type\":\"RequenceCallback\",\"lifetime\":\"durable\",\"name\":\"f\"}";
			String nested = "{\"list\":[" + file(url, "text/plain", 5) + "," + callback + ",{\"__REQUENCE_type\":"
					+ "\"Other\",\"in\":" + stream(url) + "}]}";
			URI claimed = host.serve("/claimed", "application/json", nested);
			TaskPayload payload = payload("{\"a\":" + claimCheck(claimed) + ",\"b\":" + file(url, "text/plain", 7)
					+ ",\"c\":{\"__REQUENCE_type\":\"RequenceFile\"}}");
			assertThat(payload.references()).extracting(TaskReference::path).containsExactly("/a", "/b");
			assertThat(host.requests()).isEmpty();
			TaskReferences references = payload.resolve().references();
			assertThat(references).extracting(TaskReference::path)
				.containsExactly("/a/list/0", "/a/list/1", "/a/list/2/in", "/b");
			assertThat(references.files()).extracting(TaskFile::contentLength).containsExactly(5L, 7L);
			assertThat(references.files().get(0))
				.isEqualTo(payload(payload.tree().at("/a/list/0").toString()).as(TaskFile.class));
			assertThat(references.files().get(0).getContentAsByteArray()).isEqualTo(bytes("hello"));
			assertThat(references.streams()).extracting(TaskStream::url).containsExactly(url);
			assertThat(references.callbacks()).extracting(TaskCallback::name).containsExactly("f");
			assertThat(references.isEmpty()).isFalse();
			assertThat(payload("{\"a\":1}").references().isEmpty()).isTrue();
			assertThat(payload("\"__REQUENCE_type\"").references().isEmpty()).isTrue();
		}

		@Test
		void aStreamIsOpenedFromTheList() throws IOException {
			URI url = host.serve("/secret", "text/plain", "a");
			TaskStream stream = payload("[" + stream(url) + "]").references().streams().get(0);
			assertThat(host.requests()).isEmpty();
			assertThat(stream.readAllBytes()).isEqualTo(bytes("a"));
		}

		@Test
		void whatMayNotBeFetchedIsListed() {
			URI url = URI.create("http://169.254.169.254/latest");
			TaskFile listed = payload("[" + file(url, "text/plain", 5) + "]").references().files().get(0);
			assertThatExceptionOfType(TaskReferenceException.class).isThrownBy(listed::getInputStream)
				.satisfies((ex) -> assertThat(ex.reason()).isEqualTo(Reason.NOT_ALLOWED));
		}

		@Test
		void aPayloadWithoutLargeValuesIsResolved() {
			TaskPayload payload = payload("{\"a\":" + file(URI.create("http://a.example/1"), "a/b", 1) + "}");
			assertThat(payload.resolve()).isSameAs(payload);
			assertThat(payload("{}").resolve()).isEqualTo(payload("{}"));
			assertThat(host.requests()).isEmpty();
		}

		@Test
		void stayInTheTree() {
			String json = "{\"scan\":" + file(URI.create("http://a.example/1"), "image/png", 7) + ",\"log\":"
					+ stream(URI.create("http://a.example/2")) + "}";
			assertThat(payload(json).tree()).isEqualTo(new JsonMapper().readTree(json));
			assertThat(host.requests()).isEmpty();
		}

		@ParameterizedTest
		@ValueSource(strings = { "{\"scan\":7}", "{\"scan\":{}}", "{\"scan\":\"http://a.example/1\"}",
				"{\"scan\":{\"__REQUENCE_type\":\"RequenceFile\",\"url\":\"http://a.example/1\",\"size\":1}}",
				"{\"scan\":{\"__REQUENCE_type\":\"RequenceStream\",\"url\":\"http://a.example/1\",\"mime\":\"a/b\"}}",
				"{\"scan\":{\"__REQUENCE_type\":\"RequenceFile\",\"url\":\"http://a.example/1\",\"mime\":\"a/b\","
						+ "\"size\":1.5}}" })
		void doNotFitWhatTheyAreNot(String json) {
			assertThatExceptionOfType(TaskPayloadException.class).isThrownBy(() -> payload(json).as(Scan.class))
				.withMessageContaining("at scan")
				.withMessageNotContaining("a.example");
		}

		@Test
		void areReadByAnyMapper() throws IOException {
			JsonMapper mapper = JsonMapper.builder()
				.propertyNamingStrategy(PropertyNamingStrategies.UPPER_SNAKE_CASE)
				.build();
			PayloadReader own = new ReferencePayloadReader(PayloadReader.using(mapper), loader);
			URI content = host.serve("/content", "text/plain", "abc");
			URI value = host.serve("/value", "application/json", "{\"SCAN\":" + file(content, "text/plain", 3) + "}");
			TaskFile scan = TaskPayload.of(bytes(claimCheck(value)), own).as(Scan.class).scan();
			assertThat(scan.getContentAsString(StandardCharsets.UTF_8)).isEqualTo("abc");
		}

		@Test
		void mayBeMissing() {
			assertThat(payload("{\"scan\":null,\"__REQUENCE_type\":1}").as(Scan.class).scan()).isNull();
		}

	}

	private static void awaitForever() {
		await(new CountDownLatch(1), Integer.MAX_VALUE);
	}

	private static void await(CountDownLatch latch, int millis) {
		try {
			assertThat(latch.await(millis, TimeUnit.MILLISECONDS)).isFalse();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	record Order(Invoice invoice) {

	}

	record Invoice(int amount) {

	}

	record Exact(BigDecimal x, Value v) {

		record Value(BigDecimal a, BigDecimal c, BigDecimal d) {

		}

	}

	record Scan(@Nullable TaskFile scan) {

	}

	record Logged(TaskStream log) {

	}

}
