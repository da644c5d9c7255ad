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

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.Stream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.http.client.reactive.ClientHttpConnector;
import org.springframework.util.unit.DataSize;

import cloud.requence.emulator.Faults;
import cloud.requence.emulator.RecordedRequest;
import cloud.requence.emulator.TaskScript;
import cloud.requence.task.NodeUpdate;
import cloud.requence.task.TaskEnd;
import cloud.requence.task.TaskPayload;
import cloud.requence.task.TaskWatcher;
import cloud.requence.task.TaskWatcherConnectedEvent;
import cloud.requence.task.TaskWatcherErrorEvent;
import cloud.requence.task.TaskWatcherGapEvent.Reason;
import cloud.requence.task.TaskWatcherReconnectingEvent;
import cloud.requence.task.TaskWatcherStatus.Gap;
import cloud.requence.task.TaskWatcherStatus.State;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.params.provider.Arguments.arguments;

/**
 * Watchers of an emulator that misbehaves: whatever happens, every update comes once, in
 * order, and with its context.
 */
class TaskWatcherFaultTests {

	private final WatchedEmulator watched = new WatchedEmulator();

	@AfterEach
	void close() {
		this.watched.close();
	}

	@Test
	void anErrorOfTheClientWhileReadingOnEndsNothingButTheConnection() {
		AtomicInteger errors = new AtomicInteger();
		ClientHttpConnector failing = OutOfMemoryConnector.create(errors);
		CountDownLatch proceed = new CountDownLatch(1);
		this.watched.watch((update) -> {
			proceed.await();
			this.watched.updates().add(update);
		}, (builder) -> builder.connector(failing).maxInFlight(2, DataSize.ofMegabytes(1)));
		for (int i = 0; i < 100; i++) {
			finish(runHalf("invoice"));
		}
		await().until(() -> this.watched.status().backlog().updates() >= 2);
		errors.set(2);
		proceed.countDown();
		this.watched.awaitAllOnceInOrder();
		assertThat(errors).hasValue(0);
	}

	static Stream<Arguments> faultsThatHeal() {
		return Stream.of(fault("end between events", (faults) -> faults.times(3).endAfter(3)),
				fault("end inside an event", (faults) -> faults.times(3).endInside(2, 40)),
				fault("end without last chunk between events", (faults) -> faults.times(3).dropAfter(3)),
				fault("end without last chunk inside an event", (faults) -> faults.times(3).dropInside(2, 40)),
				fault("reset between events", (faults) -> faults.times(3).resetAfter(3)),
				fault("reset inside an event", (faults) -> faults.times(3).resetInside(2, 40)),
				fault("closed at once", (faults) -> faults.times(3).refuse()),
				fault("end before the first event", (faults) -> faults.times(3).endAfter(0)),
				fault("404", (faults) -> faults.times(2).answer(404, "no such route")),
				fault("408", (faults) -> faults.answer(408, "")),
				fault("429 with Retry-After", (faults) -> faults.answer(429, Map.of("Retry-After", "1"), "slow down")),
				fault("429 with nonsense",
						(faults) -> faults.times(2).answer(429, Map.of("Retry-After", "-1, soon"), "")),
				fault("500", (faults) -> faults.times(3).answer(500, "oops")),
				fault("502", (faults) -> faults.times(2).answer(502, "<html>Bad gateway</html>")),
				fault("503", (faults) -> faults.times(2).answer(503, "")),
				fault("504", (faults) -> faults.times(2).answer(504, "")),
				fault("204", (faults) -> faults.times(2).noContent204()),
				fault("redirect", (faults) -> faults.times(2).redirect("http://localhost:9/elsewhere")),
				fault("HTML", (faults) -> faults.times(2).contentType("text/html")),
				fault("JSON", (faults) -> faults.contentType("application/json")),
				fault("no content type", (faults) -> faults.contentType("")),
				fault("gzip", (faults) -> faults.contentEncodingGzip()),
				fault("garbage", (faults) -> faults.garbage(GARBAGE)),
				fault("huge error page", (faults) -> faults.answer(500, "x".repeat(5_000_000))),
				fault("byte by byte", Faults::byteWise), fault("byte order mark", Faults::bom),
				fault("CR", (faults) -> faults.lineEnding("\r")), fault("CRLF", (faults) -> faults.lineEnding("\r\n")),
				fault("heartbeats", (faults) -> faults.heartbeats(Duration.ofMillis(5))),
				fault("retry field", (faults) -> faults.retry(1)), fault("slow", (faults) -> faults.throttle(50_000)),
				fault("repeats", (faults) -> {
					faults.repeatLast(7);
					faults.times(3).endAfter(9);
				}));
	}

	private static final byte[] GARBAGE = "\u0000\u0001 nonsense\ndata: [1,\n\ndata: no JSON\nid: x\n\n: \n\n"
		.getBytes(StandardCharsets.UTF_8);

	private static Arguments fault(String name, Consumer<Faults> fault) {
		return arguments(name, fault);
	}

	@ParameterizedTest(name = "{0}")
	@MethodSource("faultsThatHeal")
	void everyUpdateComesOnceInOrderAndWithItsContext(String name, Consumer<Faults> fault) {
		fault.accept(this.watched.emulator().faults());
		TaskScript invoice = runHalf("invoice");
		this.watched.watch();
		TaskScript onboarding = runHalf("onboarding");
		finish(invoice);
		finish(onboarding);
		this.watched.awaitAllOnceInOrder();
		assertThat(ends()).hasSize(2).allSatisfy((end) -> {
			assertThat(end.incomplete()).isFalse();
			assertThat(end.context().input()).isEqualTo(TaskPayload.of("{\"no\":4711}"));
			assertThat(end.context().nodeData()).hasSize(5);
			assertThat(end.context().nodeErrors()).containsOnlyKeys("node-4");
			assertThat(end.context().result()).isNotNull();
		});
		await().until(() -> this.watched.emulator().openStreams() == 1);
	}

	private Stream<TaskEnd> ends() {
		return this.watched.updates().stream().filter(TaskEnd.class::isInstance).map(TaskEnd.class::cast);
	}

	private TaskScript runHalf(String template) {
		TaskScript task = this.watched.emulator().task(template).input(Map.of("no", 4711)).start();
		for (int i = 0; i < 3; i++) {
			task.nodeStart("node-" + i).nodeUpdate("node-" + i, Map.of("step", i)).nodeEnd("node-" + i);
		}
		return task;
	}

	private void finish(TaskScript task) {
		for (int i = 3; i < 5; i++) {
			task.nodeStart("node-" + i).nodeUpdate("node-" + i, Map.of("step", i));
		}
		task.nodeError("node-4", "unreadable").end(Map.of("done", true));
	}

	@Test
	void asksAsTheProtocolWantsItAndResumesAtThePosition() {
		this.watched.emulator().faults().endAfter(5);
		finish(runHalf("invoice"));
		this.watched.watch();
		this.watched.awaitAllOnceInOrder();
		assertThat(this.watched.emulator().watchRequests()).hasSize(2);
		RecordedRequest first = this.watched.emulator().watchRequests().get(0);
		assertThat(first.method()).isEqualTo("POST");
		assertThat(first.path()).endsWith("/task/watch-all");
		assertThat(header(first, "Authorization")).isEqualTo("Bearer emulator-secret");
		assertThat(header(first, "Accept")).isEqualTo("text/event-stream");
		assertThat(header(first, "Content-Type")).isEqualTo("application/json");
		assertThat(first.headers().keySet()).noneMatch((name) -> name.equalsIgnoreCase("Accept-Encoding"));
		assertThat(first.body()).matches("\\{\"since\":\"\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z\"}");
		RecordedRequest second = this.watched.emulator().watchRequests().get(1);
		assertThat(second.body()).isEqualTo(first.body().replace("}", ",\"lastPosition\":5}"));
	}

	private static String header(RecordedRequest request, String name) {
		return request.headers()
			.entrySet()
			.stream()
			.filter((header) -> header.getKey().equalsIgnoreCase(name))
			.map(Map.Entry::getValue)
			.findFirst()
			.orElse("");
	}

	@ParameterizedTest
	@ValueSource(ints = { 401, 403 })
	void isRefusedUntilTheAccessTokenIsAnother(int status) {
		this.watched.emulator().faults().answer(status, "unavailable");
		this.watched.watch((builder) -> builder.refusedDelay(Duration.ofMillis(300)));
		TaskWatcherErrorEvent error = this.watched.awaitEvent(TaskWatcherErrorEvent.class);
		assertThat(error.status()).isEqualTo(status);
		assertThat(error.reason()).isEqualTo("unavailable");
		assertThat(error.unreachable()).isFalse();
		finish(runHalf("invoice"));
		this.watched.awaitAllOnceInOrder();
		assertThat(this.watched.awaitEvent(TaskWatcherConnectedEvent.class).afterRefusal()).isTrue();
	}

	@ParameterizedTest
	@ValueSource(ints = { 502, 503, 504 })
	void tellsThatThePlatformIsUnreachable(int status) {
		this.watched.emulator().faults().times(2).answer(status, "");
		this.watched.watch();
		this.watched.awaitState(State.STREAMING);
		assertThat(this.watched.awaitEvent(TaskWatcherErrorEvent.class).unreachable()).isTrue();
		assertThat(this.watched.events(TaskWatcherErrorEvent.class)).hasSize(1);
		assertThat(this.watched.events(TaskWatcherReconnectingEvent.class)).hasSize(2);
	}

	@Test
	void waitsAsLongAsThePlatformAsks() {
		this.watched.emulator().faults().answer(429, Map.of("Retry-After", "3"), "slow down");
		this.watched.watch((builder) -> builder.reconnect(Duration.ofMillis(10), Duration.ofSeconds(30), 2, 0));
		TaskWatcherReconnectingEvent event = this.watched.awaitEvent(TaskWatcherReconnectingEvent.class);
		assertThat(event.delay()).isEqualTo(Duration.ofSeconds(3));
		assertThat(event.cause()).startsWith("HTTP 429 from http://").endsWith(": slow down");
	}

	@Test
	void showsNoControlCharactersAndNoSecretOfAnAnswer() {
		this.watched.emulator()
			.faults()
			.answer(500, "line 1\r\n\u001b[31mBearer emulator-secret\u0000 ${jndi:x}" + "y".repeat(9000));
		this.watched.watch();
		String reason = this.watched.awaitEvent(TaskWatcherErrorEvent.class).reason();
		assertThat(reason).startsWith("line 1 [31mBearer ****** ${jndi:x}y").hasSize(500);
	}

	@Test
	void breaksAConnectionThatIsSilent() {
		this.watched.emulator().faults().stallAfter(4);
		finish(runHalf("invoice"));
		this.watched.watch((builder) -> builder.idleTimeout(Duration.ofMillis(500)));
		this.watched.awaitAllOnceInOrder();
		await().until(() -> this.watched.emulator().openStreams() == 1);
	}

	@Test
	void givesUpAnAnswerThatDoesNotCome() {
		this.watched.emulator().faults().stallHeaders();
		finish(runHalf("invoice"));
		this.watched.watch((builder) -> builder.responseTimeout(Duration.ofMillis(500)));
		this.watched.awaitAllOnceInOrder();
		assertThat(this.watched.awaitEvent(TaskWatcherErrorEvent.class).reason()).isEqualTo("No answer within 2000 ms");
	}

	@Test
	void closesTheConnectionsItRenews() {
		this.watched.watch((builder) -> builder.maxAge(Duration.ofMillis(200)));
		await().until(() -> this.watched.emulator().watchRequests().size() >= 5);
		finish(runHalf("invoice"));
		this.watched.awaitAllOnceInOrder();
		await().untilAsserted(() -> assertThat(this.watched.emulator().openStreams()).isLessThanOrEqualTo(1));
		assertThat(this.watched.events(TaskWatcherErrorEvent.class)).isEmpty();
	}

	@Test
	void healsWhenThePlatformComesBack() {
		this.watched.watch();
		this.watched.awaitState(State.STREAMING);
		TaskScript task = runHalf("invoice");
		this.watched.emulator().stop();
		this.watched.awaitEvent(TaskWatcherErrorEvent.class);
		finish(task);
		this.watched.emulator().start();
		this.watched.awaitAllOnceInOrder();
	}

	@Test
	void deliversUpdatesOfEightMegabytes() {
		String large = "x".repeat(8 * 1024 * 1024);
		TaskScript task = this.watched.emulator().task("scan").input(Map.of("image", large)).start();
		task.nodeUpdate("scan", large).end(large);
		this.watched.watch();
		this.watched.awaitAllOnceInOrder();
		NodeUpdate update = (NodeUpdate) this.watched.updates().get(1);
		assertThat(update.data()).isNotNull();
		assertThat(update.data().as(String.class)).isEqualTo(large);
	}

	@Test
	void skipsUpdatesThatAreTooLarge() {
		TaskScript task = this.watched.emulator().task("scan").input("small").start();
		task.nodeUpdate("scan", "x".repeat(200_000)).nodeUpdate("scan", "x").end("done");
		this.watched.emulator().faults().endAfter(3);
		TaskWatcher watcher = this.watched.watch((builder) -> builder.maxEventSize(DataSize.ofKilobytes(100)));
		await().until(() -> this.watched.updates().size() == 3);
		assertThat(watcher.status().updates().oversized()).isOne();
		assertThat(this.watched.updates()).extracting((update) -> update.header().gaps().size())
			.containsExactly(0, 1, 0);
		assertThat(this.watched.updates().get(1).header().gaps().get(0)).returns(Reason.EVENT_TOO_LARGE, Gap::reason)
			.returns(1L, Gap::fromPosition)
			.returns(2L, Gap::toPosition);
		assertThat(this.watched.emulator().watchRequests().get(1).body()).contains("\"lastPosition\":3");
	}

	@Test
	void skipsAndCountsWhatCannotBeDecoded() {
		TaskScript task = this.watched.emulator().task("scan").input("small").start();
		this.watched.emulator().appendRaw("event: nodeStart\ndata: {\"taskId\":\n\n");
		this.watched.emulator().appendRaw("event: nodeStart\ndata: [1, 2]\n\n");
		this.watched.emulator().appendRaw("event: nodeStart\ndata: {\"updateId\":\"u\"}\n\n");
		task.end("done");
		TaskWatcher watcher = this.watched.watch();
		await().until(() -> this.watched.updates().size() == 2);
		assertThat(watcher.status().updates().malformed()).isEqualTo(3);
		assertThat(this.watched.updates().get(1).header().gaps()).singleElement()
			.returns(Reason.UNDECODABLE_EVENT, Gap::reason)
			.returns(1L, Gap::fromPosition)
			.returns(5L, Gap::toPosition);
		assertThat(watcher.status().receivedPosition()).isEqualTo(this.watched.emulator().lastPosition());
	}

}
