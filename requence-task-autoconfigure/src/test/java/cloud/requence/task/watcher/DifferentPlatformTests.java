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

package cloud.requence.task.watcher;

import java.net.http.HttpClient;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.stream.IntStream;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import cloud.requence.task.TaskUpdate;
import cloud.requence.task.TaskWatcher;
import cloud.requence.task.TaskWatcher.OnRefusedPosition;
import cloud.requence.task.TaskWatcherConnectedEvent;
import cloud.requence.task.TaskWatcherErrorEvent;
import cloud.requence.task.TaskWatcherEvent;
import cloud.requence.task.TaskWatcherGapEvent;
import cloud.requence.task.TaskWatcherGapEvent.Reason;
import cloud.requence.task.TaskWatcherStatus.Gap;
import cloud.requence.task.TaskWatcherReconnectingEvent;
import cloud.requence.task.TaskWatcherStatus.State;
import cloud.requence.task.TaskWatcherStoppedEvent;
import cloud.requence.task.store.FileCheckpointStore;
import cloud.requence.task.stream.JdkStreamConnector;

import static cloud.requence.task.watcher.ScriptedPlatform.update;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Watchers of platforms that differ from the emulator in what the protocol leaves open.
 */
@ExtendWith(OutputCaptureExtension.class)
class DifferentPlatformTests {

	private static final Duration QUIET = Duration.ofMillis(300);

	private final ScriptedPlatform platform = new ScriptedPlatform();

	private final HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

	private final List<TaskUpdate> updates = new CopyOnWriteArrayList<>();

	private final List<TaskWatcherEvent> events = new CopyOnWriteArrayList<>();

	private @Nullable TaskWatcher watcher;

	@AfterEach
	void close() {
		if (this.watcher != null) {
			this.watcher.destroy();
		}
		this.platform.close();
	}

	private TaskWatcher watch() {
		return watch((builder) -> {
		});
	}

	private TaskWatcher watch(Consumer<DefaultTaskWatcherBuilder> customizer) {
		DefaultTaskWatcherBuilder builder = new DefaultTaskWatcherBuilder("test",
				(event) -> this.events.add((TaskWatcherEvent) event))
			.accessToken(this.platform.accessToken())
			.connector(new JdkStreamConnector(this.client))
			.since("2025-12-31T00:00:00Z")
			.reconnect(Duration.ofMillis(50), Duration.ofSeconds(30), 2, 0)
			.handler(this.updates::add);
		customizer.accept(builder);
		TaskWatcher built = builder.build();
		this.watcher = built;
		built.start();
		return built;
	}

	private void awaitRequests(int count) {
		await().atMost(Duration.ofSeconds(20)).until(() -> this.platform.requests().size() >= count);
	}

	private void awaitUpdates(int... numbers) {
		List<String> expected = IntStream.of(numbers).mapToObj((number) -> "u-" + number).toList();
		await().atMost(Duration.ofSeconds(20))
			.untilAsserted(() -> assertThat(this.updates).extracting(TaskUpdate::updateId).isEqualTo(expected));
	}

	private <E extends TaskWatcherEvent> List<E> events(Class<E> type) {
		return this.events.stream().filter(type::isInstance).map(type::cast).toList();
	}

	private static String positioned(int position) {
		return "id: " + position + "\n" + update(position);
	}

	@Nested
	class Quiet {

		@Test
		void streamsThatAreClosedAreOpenedAgainAtOnceAndWithoutAnError(CapturedOutput output) {
			platform.answer()
				.head("HTTP/1.1 200 OK", "Content-Type: text/event-stream", "Transfer-Encoding: chunked")
				.quiet(QUIET)
				.send("0\r\n\r\n");
			watch();
			awaitRequests(6);
			platform.stream().send(positioned(1)).hold();
			awaitUpdates(1);
			assertThat(events(TaskWatcherErrorEvent.class)).isEmpty();
			assertThat(events(TaskWatcherReconnectingEvent.class)).isEmpty();
			assertThat(events(TaskWatcherConnectedEvent.class))
				.allSatisfy((connected) -> assertThat(connected.outage()).isLessThan(Duration.ofSeconds(5)));
			assertThat(watcher().status().connection().totalFailures()).isZero();
			assertThat(output.getAll().lines().filter((line) -> line.contains("Task watcher 'test'"))).hasSize(1);
		}

		@Test
		void streamsThatAreResetAreOpenedAgainAfterTheFirstDelayAndReportedOnce(CapturedOutput output) {
			platform.stream().quiet(QUIET).reset();
			watch();
			awaitRequests(6);
			platform.stream().send(positioned(1)).hold();
			awaitUpdates(1);
			assertThat(events(TaskWatcherErrorEvent.class)).hasSize(1);
			assertThat(events(TaskWatcherReconnectingEvent.class))
				.allSatisfy((reconnecting) -> assertThat(reconnecting.delay()).isEqualTo(Duration.ofMillis(50)));
			assertThat(output.getAll().lines().filter((line) -> line.contains("Task watcher 'test'")))
				.hasSizeLessThan(5);
		}

		@Test
		void headersMayBeWithheldUntilTheFirstEvent(CapturedOutput output) {
			platform.answer().quiet(QUIET);
			watch();
			awaitRequests(6);
			assertThat(watcher().status().state()).isIn(State.CONNECTING, State.BACKING_OFF);
			assertThat(watcher().status().connection().disconnectedSince()).isNotNull();
			platform.answer()
				.quiet(QUIET)
				.head("HTTP/1.1 200 OK", "Content-Type: text/event-stream")
				.send(positioned(1))
				.hold();
			awaitUpdates(1);
			assertThat(events(TaskWatcherReconnectingEvent.class))
				.allSatisfy((reconnecting) -> assertThat(reconnecting.delay()).isEqualTo(Duration.ofMillis(50)));
			assertThat(watcher().status().connection().disconnectedSince()).isNull();
			assertThat(events(TaskWatcherErrorEvent.class)).hasSize(1);
			assertThat(output.getAll().lines().filter((line) -> line.contains("Task watcher 'test'")))
				.hasSizeLessThan(5);
		}

		@Test
		void headersMayTakeFourResponseTimeouts() {
			platform.answer()
				.quiet(QUIET.multipliedBy(2))
				.head("HTTP/1.1 200 OK", "Content-Type: text/event-stream")
				.send(positioned(1))
				.hold();
			watch((builder) -> builder.responseTimeout(QUIET));
			awaitUpdates(1);
			assertThat(platform.requests()).hasSize(1);
		}

		@Test
		void streamsThatEndAtOnceAreOpenedLessAndLessOften() {
			platform.stream();
			watch();
			await().atMost(Duration.ofSeconds(20)).until(() -> events(TaskWatcherReconnectingEvent.class).size() >= 5);
			assertThat(events(TaskWatcherReconnectingEvent.class).subList(0, 5))
				.extracting((reconnecting) -> reconnecting.delay().toMillis())
				.containsExactly(50L, 100L, 200L, 400L, 800L);
			assertThat(events(TaskWatcherErrorEvent.class)).hasSize(1);
		}

		@ParameterizedTest
		@ValueSource(strings = { ": heartbeat\n\n", "\n", "event: ping\n\n", "event: ping\ndata: {}\n\n",
				"event: connected\ndata: {\"connection\":7}\n\n", "event: heartbeat\ndata: \n\n", "retry: 10\n\n" })
		void heartbeatsAreNeitherUpdatesNorErrors(String heartbeat, CapturedOutput output) {
			platform.stream()
				.send(heartbeat)
				.send(positioned(1))
				.send(heartbeat)
				.send(positioned(2))
				.send(heartbeat)
				.hold();
			watch();
			awaitUpdates(1, 2);
			assertThat(watcher().status().gaps().count()).isZero();
			assertThat(watcher().status().updates().malformed()).isZero();
			assertThat(output).doesNotContain(" WARN ");
		}

	}

	@Nested
	class Positions {

		@ParameterizedTest
		@ValueSource(strings = { "", "id: a8f3\n", "id: 01JDX-7\n" })
		void areNotNeeded(String id) {
			platform.stream().send(id + update(100)).send(id + update(101)).send(id + update(102));
			platform.stream().send(id + update(101)).send(id + update(102)).send(id + update(103)).hold();
			watch();
			awaitUpdates(100, 101, 102, 103);
			assertThat(platform.requests().get(1)).isEqualTo("{\"since\":\"" + ScriptedPlatform.time(72) + "\"}");
			assertThat(watcher().status().updates().repeats()).isEqualTo(2);
		}

		@Test
		void areNotNeededForACheckpoint(@TempDir Path directory) {
			Path file = directory.resolve("checkpoint");
			platform.stream().send(update(100)).send(update(101)).send(update(102)).hold();
			watch((builder) -> builder.checkpointStore(new FileCheckpointStore(file)));
			awaitUpdates(100, 101, 102);
			watcher().destroy();
			platform.stream().send(update(103)).hold();
			watch((builder) -> builder.checkpointStore(new FileCheckpointStore(file)));
			awaitUpdates(100, 101, 102, 103);
			assertThat(platform.requests().get(1)).isEqualTo("{\"since\":\"" + ScriptedPlatform.time(72) + "\"}");
		}

		@Test
		void mayBeRefusedAfterARestart(@TempDir Path directory) {
			Path file = directory.resolve("checkpoint");
			platform.stream().send("id: 7\n" + update(100)).hold();
			watch((builder) -> builder.checkpointStore(new FileCheckpointStore(file)));
			awaitUpdates(100);
			watcher().destroy();
			refuseThreeTimes("410 Gone");
			platform.stream().send("id: 9\n" + update(101)).hold();
			watch((builder) -> builder.checkpointStore(new FileCheckpointStore(file)));
			awaitUpdates(100, 101);
			assertThat(platform.requests().get(1)).contains("\"lastPosition\":7");
			assertThat(platform.requests().get(4)).isEqualTo("{\"since\":\"" + ScriptedPlatform.time(70) + "\"}");
		}

		@Test
		void mayHaveGapsAndComeLate() {
			platform.stream().send(positioned(10)).send(positioned(40)).send(positioned(30)).send(positioned(50));
			platform.stream().send(positioned(40)).send(positioned(50)).send(positioned(60)).hold();
			watch();
			awaitUpdates(10, 40, 30, 50, 60);
			assertThat(platform.requests().get(1)).contains("\"lastPosition\":50");
			assertThat(watcher().status().gaps().count()).isZero();
		}

		@Test
		void mayRestart() {
			platform.stream().send("id: 1000\n" + update(1));
			platform.stream().send("id: 1\n" + update(2)).send("id: 2\n" + update(3));
			platform.stream().send("id: 3\n" + update(4)).hold();
			watch();
			awaitUpdates(1, 2, 3, 4);
			assertThat(platform.requests().get(2)).contains("\"lastPosition\":2");
		}

		@Test
		void maySeparateUpdatesOfOneIdentifier() {
			platform.stream().send("id: 1\n" + update(1)).send("id: 2\n" + update(1)).send("id: 3\n" + update(1));
			platform.stream().send("id: 3\n" + update(1)).send("id: 4\n" + update(1)).hold();
			watch();
			awaitUpdates(1, 1, 1, 1);
			assertThat(updates).extracting(TaskUpdate::position).containsExactly(1L, 2L, 3L, 4L);
		}

		@ParameterizedTest
		@ValueSource(strings = { "410 Gone", "400 Bad Request", "416 Range Not Satisfiable", "404 Not Found" })
		void mayBeRefused(String status) {
			platform.stream().send("id: 7\n" + update(100));
			refuseThreeTimes(status);
			platform.stream().send("id: 1\n" + update(100)).send("id: 2\n" + update(101)).hold();
			watch();
			awaitUpdates(100, 101);
			assertThat(platform.requests().subList(1, 4)).allMatch((body) -> body.contains("\"lastPosition\":7"));
			assertThat(platform.requests().get(4)).isEqualTo("{\"since\":\"" + ScriptedPlatform.time(70) + "\"}");
			await().until(() -> !events(TaskWatcherGapEvent.class).isEmpty());
			TaskWatcherGapEvent gap = events(TaskWatcherGapEvent.class).get(0);
			assertThat(gap.reason()).isEqualTo(Reason.REFUSED_POSITION);
			assertThat(gap.fromPosition()).isEqualTo(7);
			assertThat(gap.fromTime()).isEqualTo(Instant.parse(ScriptedPlatform.time(100)));
			assertThat(gap.toPosition()).isNull();
			assertThat(watcher().status().gaps().last()).isEqualTo(gap.gap());
			assertThat(updates.get(0).header().gaps()).isEmpty();
			assertThat(updates.get(1).header().gaps()).containsExactly(
					new Gap(Reason.REFUSED_POSITION, gap.fromPosition(), gap.fromTime(), 2L, gap.toTime()));
		}

		@Test
		void stopTheWatcherIfTheyAreRefusedAndItIsTo() {
			platform.stream().send(positioned(7));
			refuseThreeTimes("410 Gone");
			platform.stream().send(positioned(8)).hold();
			watch((builder) -> builder.onRefusedPosition(OnRefusedPosition.STOP));
			await().atMost(Duration.ofSeconds(20)).until(() -> !events(TaskWatcherStoppedEvent.class).isEmpty());
			assertThat(events(TaskWatcherStoppedEvent.class)).singleElement()
				.extracting(TaskWatcherStoppedEvent::reason)
				.isEqualTo(TaskWatcherStoppedEvent.Reason.REFUSED);
			assertThat(watcher().status().expectedToRun()).isTrue();
			assertThat(watcher().isRunning()).isFalse();
			awaitUpdates(7);
			await().until(() -> platform.openConnections() == 0);
			assertThat(watcher().status().receivedPosition()).isEqualTo(7);
		}

		private void refuseThreeTimes(String status) {
			for (int i = 0; i < 3; i++) {
				platform.answer()
					.head("HTTP/1.1 " + status, "Content-Type: text/plain", "Content-Length: 7", "Connection: close")
					.send("too old");
			}
		}

	}

	@Nested
	class Responses {

		@ParameterizedTest
		@ValueSource(strings = { "HTTP/1.1 201 Created\r\nContent-Type: text/event-stream",
				"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nContent-Encoding: none", "HTTP/1.1 200 OK",
				"HTTP/1.0 200 OK\r\nContent-Type: text/event-stream",
				"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream, text/event-stream; charset=utf-8",
				"HTTP/1.1 200\r\ncontent-type: text/event-stream;charset=UTF-8\r\nconnection: close",
				"HTTP/1.1 103 Early Hints\r\nLink: </style.css>\r\n\r\nHTTP/1.1 200 OK\r\nContent-Type: text/event-stream" })
		void areStreams(String head) {
			platform.answer().head(head).send(positioned(1)).send(positioned(2));
			platform.answer().head(head).send(positioned(3)).hold();
			watch();
			awaitUpdates(1, 2, 3);
			assertThat(events(TaskWatcherErrorEvent.class)).isEmpty();
		}

		@ParameterizedTest
		@ValueSource(strings = { "data: \"confidential\"\n\n", "id: 1\rdata: confidential\r\r", "\ufeffdata: {\n",
				"{\"taskId\":\"t-1\",\"result\":\"confidential\"}\n",
				"[{\"task_id\":\"t-1\",\"result\":\"confidential\"}]" })
		void ofAnotherTypeDoNotBringUpdatesIntoTheLog(String body, CapturedOutput output) {
			platform.answer()
				.head("HTTP/1.1 200 OK", "Content-Type: text/plain", "Connection: close")
				.send(body + "confidential");
			watch();
			await().until(() -> !events(TaskWatcherErrorEvent.class).isEmpty());
			assertThat(watcher().status().connection().lastError()).contains("content type 'text/plain'")
				.contains("updates, which are not shown");
			assertThat(output.getAll()).contains("content type 'text/plain'").doesNotContain("confidential");
		}

		@Test
		void mayBeChunkedAnywhere() {
			String text = positioned(1) + positioned(2);
			ScriptedPlatform.Script script = platform.answer()
				.head("HTTP/1.1 200 OK", "Content-Type: text/event-stream", "Transfer-Encoding: chunked");
			text.chars().forEach((character) -> script.chunk(Character.toString(character)));
			script.hold();
			watch();
			awaitUpdates(1, 2);
		}

	}

	private TaskWatcher watcher() {
		TaskWatcher current = this.watcher;
		assertThat(current).isNotNull();
		return current;
	}

	@Nested
	class Acknowledgements {

		@Test
		void countByTheirStatusIfTheResponseBreaksOff() {
			platform.stream().send(end()).hold();
			platform.answer().head("HTTP/1.1 200 OK", "Content-Length: 2");
			watch();
			awaitAcknowledgement();
		}

		@Test
		void countByTheirStatusIfTheResponseNeverEnds() {
			platform.stream().send(end()).hold();
			platform.answer().head("HTTP/1.1 200 OK", "Transfer-Encoding: chunked").chunk("{").hold();
			watch();
			awaitAcknowledgement();
		}

		private static String end() {
			return "id: 1\nevent: taskEnd\ndata: {\"taskId\":\"t-1\",\"updateId\":\"u-1\",\"requireAck\":true}\n\n";
		}

		private void awaitAcknowledgement() {
			await().atMost(Duration.ofSeconds(20)).until(() -> watcher().status().acknowledgements().sent() == 1);
			assertThat(platform.requests()).hasSize(2);
		}

	}

}
