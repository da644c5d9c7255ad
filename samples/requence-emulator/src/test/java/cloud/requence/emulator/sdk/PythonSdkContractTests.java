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

package cloud.requence.emulator.sdk;

import java.util.List;
import java.util.Map;

import cloud.requence.emulator.Acknowledgement;
import cloud.requence.emulator.RequenceEmulator;
import cloud.requence.emulator.TaskScript;
import cloud.requence.emulator.TaskStatus;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * The official Python SDK, unchanged, takes the emulator for the platform.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PythonSdkContractTests {

	private static final String INPUT = "{\"amount\": 12}";

	private final RequenceEmulator emulator = RequenceEmulator.builder().build().start();

	private PythonSdk sdk;

	@BeforeAll
	void install() throws Exception {
		this.sdk = PythonSdk.install();
	}

	@AfterEach
	void reset() {
		this.emulator.reset();
	}

	private List<JsonNode> run(String... arguments) throws Exception {
		return this.sdk.run(this.emulator.accessToken(), arguments);
	}

	@Nested
	class Creating {

		@Test
		void givesTheResult() throws Exception {
			PythonSdkContractTests.this.emulator.onTask("invoice",
					(task, input) -> task.nodeStart("check")
						.nodeUpdate("check", Map.of("ok", true))
						.nodeEnd("check")
						.end(Map.of("total", input.path("amount").asInt() * 2)));
			List<JsonNode> said = run("create", "invoice", INPUT, "false");
			assertThat(said.get(1).at("/result/result/total").asInt()).isEqualTo(24);
			assertThat(said.get(1).at("/result/node_data/check/ok").asBoolean()).isTrue();
			assertThat(status(said)).isEqualTo(TaskStatus.SUCCESSFUL);
			assertThat(PythonSdkContractTests.this.emulator.acknowledgements()).isEmpty();
		}

		@Test
		void endsWithAnAcknowledgementWhenRequired() throws Exception {
			List<JsonNode> said = run("create", "invoice", INPUT, "true");
			String taskId = said.get(0).path("taskId").asString();
			await().until(() -> status(said) == TaskStatus.SUCCESSFUL);
			assertThat(PythonSdkContractTests.this.emulator.acknowledgements()).extracting(Acknowledgement::taskId)
				.containsExactly(taskId);
		}

		@Test
		void reportsAFailedTask() throws Exception {
			PythonSdkContractTests.this.emulator.onTask("invoice", (task, input) -> task.fail("no money"));
			List<JsonNode> said = run("create", "invoice", INPUT, "false");
			assertThat(said.get(1).path("failed").asString()).isEqualTo("TaskException");
			assertThat(status(said)).isEqualTo(TaskStatus.FAILED);
		}

		private TaskStatus status(List<JsonNode> said) {
			return PythonSdkContractTests.this.emulator.status(said.get(0).path("taskId").asString());
		}

	}

	@Nested
	class Streaming {

		@Test
		void showsEveryUpdate() throws Exception {
			assertThat(run("stream", "invoice", INPUT)).extracting((update) -> update.path("type").asString())
				.containsExactly("taskStart", "nodeStart", "nodeUpdate", "nodeEnd", "taskEnd");
		}

		@Test
		void showsEveryUpdateInAnEventLoop() throws Exception {
			assertThat(run("stream_async", "invoice", INPUT)).extracting((update) -> update.path("type").asString())
				.containsExactly("taskStart", "nodeStart", "nodeUpdate", "nodeEnd", "taskEnd");
		}

		@Test
		void leavesNoStreamBehind() throws Exception {
			run("stream", "invoice", INPUT);
			await().until(() -> PythonSdkContractTests.this.emulator.openStreams() == 0);
		}

	}

	@Nested
	class Managing {

		@Test
		void fetchesATask() throws Exception {
			TaskScript task = PythonSdkContractTests.this.emulator.task("invoice")
				.input(Map.of("amount", 12))
				.start()
				.nodeUpdate("check", 1)
				.nodeError("book", "locked");
			JsonNode said = run("get", task.taskId()).get(0);
			assertThat(said.path("status").asString()).isEqualTo("RUNNING");
			assertThat(said.at("/context/input/amount").asInt()).isEqualTo(12);
			assertThat(said.at("/context/node_data/check").asInt()).isEqualTo(1);
			assertThat(said.at("/context/node_error/book").asString()).isEqualTo("locked");
		}

		@Test
		void findsNoTaskThatDoesNotExist() throws Exception {
			assertThat(run("get", "none").get(0).path("message").asString()).isEqualTo("task not found");
		}

		@Test
		void abortsATaskOnce() throws Exception {
			TaskScript task = PythonSdkContractTests.this.emulator.task("invoice").start();
			assertThat(run("abort", task.taskId(), "too late").get(0).path("failed").isNull()).isTrue();
			assertThat(PythonSdkContractTests.this.emulator.status(task.taskId())).isEqualTo(TaskStatus.STOPPED);
			JsonNode again = run("abort", task.taskId(), "too late").get(0);
			assertThat(again.path("failed").asString()).isEqualTo("TaskAbortException");
			assertThat(again.path("message").asString()).isEqualTo("The task has ended");
		}

		@Test
		void protectsATask() throws Exception {
			TaskScript task = PythonSdkContractTests.this.emulator.task("invoice").start();
			assertThat(run("protect", task.taskId()).get(0).path("failed").isNull()).isTrue();
			assertThat(run("protect", "none").get(0).path("failed").asString()).isEqualTo("TaskProtectException");
		}

	}

	@Nested
	class Watching {

		@Test
		void showsUpdatesUntilTheFirstTaskEnds() throws Exception {
			TaskScript task = PythonSdkContractTests.this.emulator.task("invoice").start();
			try (PythonSdk.Call call = PythonSdkContractTests.this.sdk
				.start(PythonSdkContractTests.this.emulator.accessToken(), "watch")) {
				await().until(() -> call.said().size() == 2);
				task.nodeStart("check").nodeEnd("check");
				// When this client dies it takes with it what it has not shown yet
				await().until(() -> call.said().size() == 4);
				task.end(Map.of());
				List<JsonNode> said = call.join();
				assertThat(said.get(0).path("connected").asBoolean()).isTrue();
				assertThat(said.subList(1, 4)).extracting((update) -> update.path("type").asString())
					.containsExactly("taskStart", "nodeStart", "nodeEnd");
				assertThat(said.subList(1, 4)).extracting((update) -> update.path("taskId").asString())
					.containsOnly(task.taskId());
				// A known fault of this client, not of ours: a later version may do
				// better.
				assertThat(said.get(4).path("died").asString()).isEqualTo("KeyError");
			}
		}

	}

}
