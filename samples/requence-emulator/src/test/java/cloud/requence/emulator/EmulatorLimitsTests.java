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
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.awaitility.Awaitility.await;

/**
 * Tests for {@link EmulatorLimits}.
 */
class EmulatorLimitsTests {

	private RequenceEmulator emulator = RequenceEmulator.builder().build();

	@AfterEach
	void close() {
		this.emulator.close();
	}

	private void start(EmulatorLimits limits) {
		this.emulator = RequenceEmulator.builder().limits(limits).build().start();
	}

	private void publish(int count, int size) {
		for (int i = 0; i < count; i++) {
			this.emulator.publish("nodeStart", Map.of("taskId", "a", "text", "x".repeat(size)));
		}
	}

	private static String head(String method, String path, String... headers) {
		return method + " " + path + " HTTP/1.1\r\nHost: localhost\r\n"
				+ String.join("", List.of(headers).stream().map((header) -> header + "\r\n").toList()) + "\r\n";
	}

	@Nested
	class Memory {

		@Test
		void holdsNoMoreBytesOfUpdatesThanAllowed() throws IOException {
			start(EmulatorLimits.large().withUpdateBytes(100_000));
			publish(1000, 1000);
			try (RawClient client = RawClient.watch(EmulatorLimitsTests.this.emulator)) {
				String text = client.readUntil("id: 1000\n");
				assertThat(text.length()).isLessThan(120_000);
			}
		}

		@Test
		void holdsAnUpdateThatIsLargerThanAllowed() throws IOException {
			start(EmulatorLimits.large().withUpdateBytes(1000));
			publish(2, 5000);
			try (RawClient client = RawClient.watch(EmulatorLimitsTests.this.emulator)) {
				assertThat(client.readUntil("id: 2\n")).doesNotContain("id: 1\n");
			}
		}

		@Test
		void dropsTasksThatMayStillBeOfUseLast() {
			start(EmulatorLimits.large().withTasks(100));
			String running = EmulatorLimitsTests.this.emulator.task("invoice").start().taskId();
			String awaiting = EmulatorLimitsTests.this.emulator.task("invoice").requireAck().start().end(1).taskId();
			String ended = EmulatorLimitsTests.this.emulator.task("invoice").start().end(1).taskId();
			List<String> later = new ArrayList<>();
			for (int i = 0; i < 98; i++) {
				later.add(EmulatorLimitsTests.this.emulator.task("invoice").start().end(1).taskId());
			}
			assertThat(status(running)).isEqualTo(EmulatedTaskStatus.RUNNING);
			assertThat(status(awaiting)).isEqualTo(EmulatedTaskStatus.AWAITING_DELIVERY);
			assertThat(status(ended)).isNull();
			assertThat(status(later.get(97))).isEqualTo(EmulatedTaskStatus.SUCCESSFUL);
		}

		@Test
		void isBoundedHoweverTasksAre() {
			start(EmulatorLimits.large().withTasks(100));
			List<String> tasks = IntStream.range(0, 1000)
				.mapToObj((i) -> EmulatorLimitsTests.this.emulator.task("invoice").requireAck().start())
				.map((task) -> task.end(1).taskId())
				.toList();
			assertThat(tasks.stream().filter((task) -> status(task) != null)).hasSizeBetween(70, 100);
			assertThat(EmulatorLimitsTests.this.emulator.awaitingDelivery()).hasSizeLessThanOrEqualTo(100);
			for (int i = 0; i < 1000; i++) {
				EmulatorLimitsTests.this.emulator.publish("taskStart", Map.of("taskId", "raw " + i));
			}
			assertThat(IntStream.range(0, 1000).filter((i) -> status("raw " + i) != null).count()).isLessThan(101);
		}

		@Test
		void holdsNoMoreBytesOfTasksThanAllowed() {
			start(EmulatorLimits.large().withUpdateBytes(300_000));
			List<String> tasks = IntStream.range(0, 100)
				.mapToObj((i) -> EmulatorLimitsTests.this.emulator.task("invoice").input("x".repeat(10_000)).start())
				.map(TaskScript::taskId)
				.toList();
			assertThat(tasks.stream().filter((task) -> status(task) != null)).hasSizeBetween(1, 10);
			assertThat(status(tasks.get(99))).isEqualTo(EmulatedTaskStatus.RUNNING);
		}

		@Test
		void holdsTheLatestRequestsAndAcknowledgements() throws Exception {
			start(EmulatorLimits.large().withRecordings(10, 1_000_000));
			FileClient client = new FileClient(EmulatorLimitsTests.this.emulator);
			for (int i = 0; i < 20; i++) {
				client.prepare();
			}
			assertThat(EmulatorLimitsTests.this.emulator.requests()).hasSize(10);
		}

		@Test
		void holdsNoMoreBytesOfRequestsThanAllowed() throws Exception {
			start(EmulatorLimits.large().withRecordings(1000, 5000));
			for (int i = 0; i < 20; i++) {
				try (RawClient client = RawClient.send(EmulatorLimitsTests.this.emulator, "POST", "/api/task/abort/x",
						"emulator-secret", "y".repeat(1000))) {
					client.readUntil("No such task");
				}
			}
			assertThat(EmulatorLimitsTests.this.emulator.requests()).hasSizeBetween(1, 5);
		}

		private EmulatedTaskStatus status(String task) {
			return EmulatorLimitsTests.this.emulator.status(task);
		}

	}

	@Nested
	class Uploads {

		@Test
		void makeRoomForLaterOnes() throws Exception {
			start(EmulatorLimits.large().withUploads(10, 5000));
			FileClient client = new FileClient(EmulatorLimitsTests.this.emulator);
			String own = EmulatorLimitsTests.this.emulator.files().store(new byte[10_000], "a/b").url();
			List<String> urls = new ArrayList<>();
			for (int i = 0; i < 8; i++) {
				urls.add(client.postJson(client.uploadUrl(), new byte[1000], "a/b").path("url").asString());
			}
			assertThat(client.get(urls.get(0)).statusCode()).isEqualTo(404);
			assertThat(client.get(urls.get(2)).statusCode()).isEqualTo(404);
			assertThat(client.get(urls.get(3)).statusCode()).isEqualTo(200);
			assertThat(client.get(urls.get(7)).statusCode()).isEqualTo(200);
			assertThat(client.get(own).statusCode()).isEqualTo(200);
		}

		@Test
		void areLimitedInNumberWithTheStreams() throws Exception {
			start(EmulatorLimits.large().withUploads(3, 1_000_000));
			FileClient client = new FileClient(EmulatorLimitsTests.this.emulator);
			List<String> urls = new ArrayList<>();
			for (int i = 0; i < 5; i++) {
				urls.add(client.postJson(client.streamUrl(), new byte[0], "a/b").path("url").asString());
			}
			assertThat(client.post(urls.get(1), BodyPublishers.ofString("x")).statusCode()).isEqualTo(404);
			assertThat(client.post(urls.get(2), BodyPublishers.ofString("x")).statusCode()).isEqualTo(204);
		}

	}

	@Nested
	class Positions {

		@Test
		void thatAreForgottenStartAtTheOldestUpdate() throws IOException {
			start(EmulatorLimits.large().withUpdates(10));
			publish(25, 1);
			try (RawClient client = watchFrom(2)) {
				assertThat(client.readUntil("id: 25\n")).contains("id: 11\n").doesNotContain("id: 10\n");
			}
		}

		@Test
		void thatAreForgottenCanBeRefused() throws IOException {
			EmulatorLimitsTests.this.emulator = RequenceEmulator.builder()
				.updatesKept(10)
				.refuseForgottenPositions()
				.build()
				.start();
			publish(25, 1);
			for (int position : new int[] { 0, 2, 9 }) {
				try (RawClient client = watchFrom(position)) {
					assertThat(client.readUntil("no longer available")).startsWith("HTTP/1.1 410");
				}
			}
			for (int position : new int[] { 10, 24, 25, 99 }) {
				try (RawClient client = watchFrom(position)) {
					assertThat(client.readUntil("\r\n\r\n")).startsWith("HTTP/1.1 200");
				}
			}
		}

		private RawClient watchFrom(long position) {
			return RawClient.watch(EmulatorLimitsTests.this.emulator,
					"{\"since\": \"2026-01-01T10:00:00Z\", \"lastPosition\": " + position + "}");
		}

	}

	@Nested
	class Requests {

		private static final String AUTHORIZED = "Authorization: Bearer emulator-secret";

		@Test
		void areAuthorizedBeforeTheirBodyIsRead() throws IOException {
			start(EmulatorLimits.large());
			try (RawClient client = RawClient.send(EmulatorLimitsTests.this.emulator,
					head("POST", "/api/task/watch-all", "Content-Length: 1000000000"))) {
				assertThat(client.readUntil("Invalid access token")).startsWith("HTTP/1.1 401");
			}
			try (RawClient client = RawClient.send(EmulatorLimitsTests.this.emulator,
					head("POST", "/other", "Transfer-Encoding: chunked"))) {
				assertThat(client.readUntil("No such path")).startsWith("HTTP/1.1 404");
			}
		}

		@Test
		void areRefusedEarlyWhenTheyAnnounceTooMuch() throws IOException {
			start(EmulatorLimits.small());
			try (RawClient client = RawClient.send(EmulatorLimitsTests.this.emulator,
					head("POST", "/api/task/prepare/x", AUTHORIZED, "Content-Length: 150000000"))) {
				assertThat(client.readUntil("Larger than the limit of 1048576 bytes")).startsWith("HTTP/1.1 413");
			}
		}

		@Test
		void areRefusedWhenTheySendTooMuch() throws IOException {
			start(EmulatorLimits.large().withRequests(1000, Duration.ofSeconds(10)));
			try (RawClient client = RawClient.send(EmulatorLimitsTests.this.emulator,
					head("POST", "/api/task/prepare/x", AUTHORIZED, "Transfer-Encoding: chunked"))) {
				client.write("7d0\r\n" + "x".repeat(2000) + "\r\n");
				assertThat(client.readUntil("Larger than the limit of 1000 bytes")).startsWith("HTTP/1.1 413");
			}
			assertThat(EmulatorLimitsTests.this.emulator.requests()).singleElement()
				.satisfies((request) -> assertThat(request.body()).isEmpty());
		}

		@ParameterizedTest
		@ValueSource(strings = { "", "POST /api/task/watch-all HTTP/1.1\r\n", "GET /health HTTP/1.1\r\nHost: loc" })
		void areClosedWhenTheirHeadersTakeTooLong(String beginning) throws IOException {
			start(EmulatorLimits.large().withRequests(1000, Duration.ofMillis(300)));
			try (RawClient client = RawClient.send(EmulatorLimitsTests.this.emulator, beginning)) {
				assertThat(client.readAll()).doesNotContain("200");
			}
		}

		@Test
		void areClosedWhenTheirHeadersDripForTooLong() throws IOException {
			start(EmulatorLimits.large().withRequests(1000, Duration.ofMillis(500)));
			try (RawClient client = RawClient.send(EmulatorLimitsTests.this.emulator, "GET /health HTTP/1.1\r\nX: ")) {
				await().pollInterval(Duration.ofMillis(50)).until(() -> {
					try {
						client.write("x");
						return false;
					}
					catch (IOException ex) {
						return true;
					}
				});
			}
		}

		@Test
		void areClosedWhenTheirBodyDoesNotCome() throws IOException {
			start(EmulatorLimits.large().withRequests(1000, Duration.ofMillis(300)));
			try (RawClient client = RawClient.send(EmulatorLimitsTests.this.emulator,
					head("POST", "/api/task/prepare/x", AUTHORIZED, "Content-Length: 100"))) {
				assertThat(client.readAll()).doesNotContain("200");
			}
		}

		@Test
		void areRefusedWhenTheirBodyDripsForTooLong() throws IOException {
			start(EmulatorLimits.large().withRequests(1000, Duration.ofMillis(300)));
			try (RawClient client = RawClient.send(EmulatorLimitsTests.this.emulator,
					head("POST", "/api/task/prepare/x", AUTHORIZED, "Content-Length: 1000"))) {
				await().pollInterval(Duration.ofMillis(50)).until(() -> {
					client.write("x");
					return client.socket().getInputStream().available() > 0;
				});
				assertThat(client.readUntil("\r\n\r\n")).startsWith("HTTP/1.1 408");
			}
		}

		@Test
		void doNotLimitHowLongAStreamIsSilent() throws Exception {
			start(EmulatorLimits.large().withRequests(1000, Duration.ofMillis(200)));
			publish(1, 1);
			try (RawClient client = RawClient.watch(EmulatorLimitsTests.this.emulator)) {
				client.readUntil("id: 1\n");
				await().during(Duration.ofSeconds(1)).until(() -> EmulatorLimitsTests.this.emulator.openStreams() == 1);
				publish(1, 1);
				client.readUntil("id: 2\n");
			}
		}

	}

	@Test
	void areSensible() {
		assertThatIllegalArgumentException().isThrownBy(() -> EmulatorLimits.large().withUpdates(9));
		assertThatIllegalArgumentException().isThrownBy(() -> EmulatorLimits.large().withTasks(0));
		assertThatIllegalArgumentException().isThrownBy(() -> EmulatorLimits.large().withRequests(1, Duration.ZERO));
	}

}
