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

import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

import cloud.requence.emulator.TaskScript;
import cloud.requence.emulator.EmulatedTaskStatus;
import cloud.requence.emulator.sdk.PythonSdk;
import cloud.requence.task.TaskEnd;
import cloud.requence.task.TaskPayload;
import cloud.requence.task.TaskUpdate;
import cloud.requence.task.TaskWatcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * The official Python SDK and our watcher on one platform.
 */
class PythonSdkTests {

	private final WatchedEmulator watched = new WatchedEmulator();

	private PythonSdk sdk;

	@BeforeEach
	void install() throws Exception {
		this.sdk = PythonSdk.install();
		this.watched.emulator()
			.onTask("invoice",
					(task, input) -> task.nodeStart("check")
						.nodeUpdate("check", Map.of("ok", true))
						.nodeEnd("check")
						.end(Map.of("total", input.path("amount").asInt() * 2)));
	}

	@AfterEach
	void close() {
		this.watched.close();
	}

	@Test
	void theWatcherSeesTheUpdatesThatTheCreatorOfATaskSees() throws Exception {
		this.watched.watch();
		List<JsonNode> said = run("stream", "invoice", "{\"amount\":12}");
		this.watched.awaitAllOnceInOrder();
		assertThat(this.watched.updates()).extracting((update) -> update.type().wireName())
			.containsExactlyElementsOf(said.stream().map((update) -> update.path("type").asString()).toList());
		assertThat(this.watched.updates()).extracting(TaskUpdate::taskId)
			.containsExactlyElementsOf(said.stream().map((update) -> update.path("taskId").asString()).toList());
		TaskEnd end = (TaskEnd) this.watched.updates().get(4);
		assertThat(end.context().input()).isEqualTo(TaskPayload.of("{\"amount\":12}"));
		assertThat(end.result()).isEqualTo(TaskPayload.of("{\"total\":24}"));
		assertThat(end.incomplete()).isFalse();
	}

	@Test
	void aTaskIsAcknowledgedByWhomeverItReaches() throws Exception {
		TaskWatcher watcher = this.watched.watch();
		List<JsonNode> said = run("create", "invoice", "{\"amount\":12}", "true");
		String taskId = said.get(0).path("taskId").asString();
		assertThat(said.get(1).at("/result/result/total").asInt()).isEqualTo(24);
		await().until(() -> watcher.status().acknowledgements().sent() == 1);
		assertThat(this.watched.emulator().status(taskId)).isEqualTo(EmulatedTaskStatus.SUCCESSFUL);
	}

	@Test
	void aTaskThatIsAbortedEndsForTheWatcherToo() throws Exception {
		this.watched.watch();
		TaskScript task = this.watched.emulator().task("invoice").start();
		run("abort", task.taskId(), "enough");
		this.watched.awaitAllOnceInOrder();
		assertThat(this.watched.updates()).last()
			.extracting((update) -> update.type().wireName())
			.isEqualTo("taskAborted");
	}

	@Test
	void theWatcherOutlivesTheWatcherOfTheSdk() throws Exception {
		this.watched.watch();
		TaskScript task = this.watched.emulator().task("invoice").start();
		try (PythonSdk.Call call = this.sdk.start(this.watched.emulator().accessToken(), "watch")) {
			await().until(() -> call.said().size() == 2);
			task.nodeStart("check").nodeEnd("check").end(Map.of());
			// Another of its threads may still say something
			assertThat(call.join()).anyMatch((said) -> said.has("died"));
		}
		this.watched.emulator().task("invoice").start().end(Map.of());
		this.watched.awaitAllOnceInOrder();
		assertThat(this.watched.updates()).hasSize(6);
	}

	private List<JsonNode> run(String... arguments) throws Exception {
		return this.sdk.run(this.watched.emulator().accessToken(), arguments);
	}

}
