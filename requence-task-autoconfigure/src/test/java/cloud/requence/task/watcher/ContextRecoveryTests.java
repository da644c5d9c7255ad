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

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.stream.IntStream;

import cloud.requence.emulator.RecordedRequest;
import cloud.requence.emulator.TaskScript;
import cloud.requence.task.ContextRecovery;
import cloud.requence.task.TaskPayload;
import cloud.requence.task.TaskUpdate;
import cloud.requence.task.UpdateType;
import cloud.requence.task.store.FileCheckpointStore;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests for a watcher that completes contexts after a restart, against the emulator.
 */
class ContextRecoveryTests {

	private final WatchedEmulator watched = new WatchedEmulator();

	@TempDir
	private Path directory;

	private FileCheckpointStore store;

	@BeforeEach
	void createStore() {
		this.store = new FileCheckpointStore(this.directory.resolve("checkpoint"));
	}

	@AfterEach
	void close() {
		this.watched.close();
	}

	private Consumer<DefaultTaskWatcherBuilder> recovering(ContextRecovery recovery) {
		return (builder) -> builder.checkpointStore(this.store)
			.checkpoint(Duration.ofMillis(20), 10)
			.contextRecovery(recovery);
	}

	private TaskScript seenUpToTheMiddle(String number) {
		TaskScript task = this.watched.emulator()
			.task("invoice")
			.input(Map.of("number", number))
			.start()
			.nodeStart("scan")
			.nodeUpdate("scan", Map.of("pages", 3))
			.nodeEnd("scan");
		return task;
	}

	private void restart(ContextRecovery recovery) {
		this.watched.watch(recovering(recovery));
		this.watched.awaitAllOnceInOrder();
		this.watched.watcher().destroy();
		this.watched.updates().clear();
	}

	private List<String> asked() {
		return this.watched.emulator()
			.requests()
			.stream()
			.filter((request) -> request.method().equals("GET"))
			.map(RecordedRequest::path)
			.toList();
	}

	private void awaitDelivered() {
		await().until(() -> Objects.equals(this.watched.status().deliveredPosition(),
				this.watched.emulator().lastPosition()));
	}

	@Test
	void isIncompleteUnlessAskedFor() {
		TaskScript task = seenUpToTheMiddle("7");
		restart(ContextRecovery.NONE);
		this.watched.watch(recovering(ContextRecovery.NONE));
		task.end("done");
		awaitDelivered();
		assertThat(this.watched.updates()).allMatch(TaskUpdate::incomplete);
		assertThat(asked()).isEmpty();
	}

	@ParameterizedTest
	@ValueSource(ints = { 1, 4 })
	void completesTasksSeenFirstInTheMiddle(int concurrency) {
		TaskScript task = seenUpToTheMiddle("7");
		restart(ContextRecovery.FETCH);
		this.watched.watch((builder) -> {
			recovering(ContextRecovery.FETCH).accept(builder);
			builder.concurrency(concurrency);
		});
		task.nodeStart("check");
		task.nodeUpdate("check", 1);
		await().until(() -> this.watched.updates().size() == 2);
		task.end("done");
		awaitDelivered();
		assertThat(this.watched.updates()).hasSize(3).noneMatch(TaskUpdate::incomplete).allSatisfy((update) -> {
			assertThat(update.context().input()).isEqualTo(TaskPayload.of("{\"number\":\"7\"}"));
			assertThat(update.context().nodeData("scan")).isEqualTo(TaskPayload.of("{\"pages\":3}"));
		});
		assertThat(asked()).hasSize(1);
	}

	@Test
	void completesATaskOfWhichOnlyTheEndIsSeen() {
		TaskScript task = seenUpToTheMiddle("7");
		restart(ContextRecovery.FETCH);
		task.end("done");
		this.watched.watch(recovering(ContextRecovery.FETCH));
		awaitDelivered();
		assertThat(this.watched.updates()).singleElement().satisfies((update) -> {
			assertThat(update.type()).isEqualTo(UpdateType.TASK_END);
			assertThat(update.incomplete()).isFalse();
			assertThat(update.context().input()).isNotNull();
		});
	}

	@Test
	void leavesIncompleteWhatThePlatformDoesNotTell() {
		this.watched.watch(recovering(ContextRecovery.FETCH));
		String unknown = "11111111-1111-1111-1111-111111111111";
		this.watched.emulator().publish("nodeStart", Map.of("taskId", unknown, "node", Map.of("id", "1")));
		this.watched.emulator().publish("nodeEnd", Map.of("taskId", unknown, "node", Map.of("id", "1")));
		awaitDelivered();
		assertThat(this.watched.updates()).hasSize(2).allMatch(TaskUpdate::incomplete);
	}

	@Test
	void asksNotTooMuchAtOnceAndLosesNothing() {
		List<TaskScript> tasks = IntStream.range(0, 50)
			.mapToObj((number) -> seenUpToTheMiddle(String.valueOf(number)))
			.toList();
		restart(ContextRecovery.FETCH);
		tasks.forEach((task) -> task.nodeStart("check").nodeEnd("check").end("done"));
		this.watched.watch(recovering(ContextRecovery.FETCH));
		awaitDelivered();
		assertThat(this.watched.updates()).hasSize(150).noneMatch(TaskUpdate::incomplete);
		assertThat(this.watched.updates()).extracting(TaskUpdate::position).doesNotHaveDuplicates();
		assertThat(asked()).hasSize(50);
	}

}
