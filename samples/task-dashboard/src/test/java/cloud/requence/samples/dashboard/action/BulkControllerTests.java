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

package cloud.requence.samples.dashboard.action;

import java.net.http.HttpResponse;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

import cloud.requence.emulator.EmulatedTaskStatus;
import cloud.requence.emulator.RequenceEmulator;
import cloud.requence.emulator.TaskScript;
import cloud.requence.samples.dashboard.support.RunningDashboard;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.JsonNode;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests for {@link BulkController}, and for running a task again.
 */
@ExtendWith(OutputCaptureExtension.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class BulkControllerTests {

	private final RequenceEmulator platform = RequenceEmulator.builder().build().start();

	private RunningDashboard dashboard;

	@BeforeAll
	void start() {
		this.dashboard = RunningDashboard.start(this.platform, "--dashboard.actions.max-bulk=3");
	}

	@AfterAll
	void close() {
		this.dashboard.close();
		this.platform.close();
	}

	private List<TaskScript> running(String name, int count) {
		List<TaskScript> tasks = IntStream.range(0, count)
			.mapToObj((i) -> this.platform.task("template").name(name).start())
			.toList();
		await()
			.untilAsserted(() -> assertThat(this.dashboard.json("/api/history/tasks?name={name}", name).path("tasks"))
				.hasSizeGreaterThanOrEqualTo(count));
		return tasks;
	}

	private JsonNode act(int status, Map<String, ?> wish) {
		HttpResponse<String> response = this.dashboard.post("/api/tasks/bulk", wish);
		assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
		return this.dashboard.parse(response.body());
	}

	@Test
	void abortsWhatIsFilteredAfterAConfirmation(CapturedOutput output) {
		List<TaskScript> tasks = running("a", 2);
		this.platform.task("template").name("a").start().end("done");
		List<TaskScript> others = running("b", 1);
		Map<String, ?> filter = Map.of("name", List.of("a"));
		assertThat(act(200, Map.of("action", "abort", "filter", filter)).path("count").asInt()).isEqualTo(2);
		assertThat(tasks).noneMatch(TaskScript::hasEnded);
		JsonNode outcome = act(200, Map.of("action", "abort", "filter", filter, "reason", "maintenance", "confirm", 2));
		assertThat(outcome.path("done").asInt()).isEqualTo(2);
		assertThat(outcome.path("failures")).isEmpty();
		assertThat(tasks).allMatch(TaskScript::hasEnded);
		assertThat(others).noneMatch(TaskScript::hasEnded);
		for (TaskScript task : tasks) {
			assertThat(output).contains("Abort of task " + task.taskId() + " by a user without login from 127.0.0.1");
		}
		await().untilAsserted(() -> assertThat(this.dashboard.json("/api/history/tasks?name=a&outcome=aborted")
			.path("tasks")
			.valueStream()
			.map((task) -> task.path("reason").asString())).containsExactly("maintenance", "maintenance"));
	}

	@Test
	void doesNothingIfTheNumberHasChanged() {
		List<TaskScript> tasks = running("c", 2);
		assertThat(
				act(409, Map.of("action", "abort", "filter", Map.of("name", List.of("c")), "confirm", 1)).path("detail")
					.asString())
			.contains("2 tasks now");
		assertThat(tasks).noneMatch(TaskScript::hasEnded);
	}

	@Test
	void refusesTooMany() {
		List<TaskScript> tasks = running("d", 4);
		assertThat(
				act(400, Map.of("action", "abort", "filter", Map.of("name", List.of("d")), "confirm", 4)).path("detail")
					.asString())
			.contains("more than 3");
		assertThat(tasks).noneMatch(TaskScript::hasEnded);
	}

	@Test
	void tellsWhatCouldNotBeDone() {
		String id = running("e", 1).get(0).taskId();
		String unknown = "11111111-1111-1111-1111-111111111111";
		JsonNode outcome = act(200, Map.of("action", "protect", "ids", List.of(id, unknown, id), "confirm", 2));
		assertThat(outcome.path("done").asInt()).isOne();
		assertThat(outcome.path("failures")).hasSize(1);
		assertThat(outcome.path("failures").get(0).path("id").asString()).isEqualTo(unknown);
		assertThat(
				this.dashboard.json("/api/history/tasks?name=e").path("tasks").get(0).path("isProtected").asBoolean())
			.isTrue();
	}

	@Test
	void actsOnTheOtherTasksIfOneIsInvalid(CapturedOutput output) {
		TaskScript task = running("h", 1).get(0);
		JsonNode outcome = act(200, Map.of("action", "abort", "ids", List.of("..", task.taskId()), "confirm", 2));
		assertThat(outcome.path("done").asInt()).isOne();
		assertThat(task.hasEnded()).isTrue();
		assertThat(output).contains("Abort of task .. by a user without login from 127.0.0.1 failed: ");
	}

	@Test
	void needsAnActionAndTasks() {
		act(400, Map.of("action", "abort"));
		act(400, Map.of("ids", List.of("x")));
		act(400, Map.of("action", "abort", "ids", List.of("x"), "filter", Map.of()));
		act(400, Map.of("action", "explode", "ids", List.of("x")));
		act(400, Map.of("action", "abort", "ids", Arrays.asList("x", null), "confirm", 2));
	}

	@Test
	void runsATaskAgainWithTheSameInput(CapturedOutput output) {
		String first = this.platform.task("template").name("f").input(Map.of("number", 7)).start().fail("no").taskId();
		HttpResponse<String> response = this.dashboard.post("/api/task/again?id=" + first, Map.of());
		assertThat(response.statusCode()).isEqualTo(200);
		String second = this.dashboard.parse(response.body()).path("id").asString();
		assertThat(second).isNotEqualTo(first);
		assertThat(this.platform.status(second)).isNotNull().isNotEqualTo(EmulatedTaskStatus.FAILED);
		assertThat(output)
			.contains("Repetition of task " + first + " by a user without login from 127.0.0.1: " + second);
		await().untilAsserted(() -> {
			JsonNode task = this.dashboard.json("/api/task?id=" + second);
			assertThat(task.path("task").path("name").asString()).isEqualTo("f");
			assertThat(this.dashboard.json("/api/task/payload?of=input&id=" + second).path("text").asString())
				.isEqualTo("{\"number\":7}");
		});
	}

	@Test
	void saysThatThereIsNothingToRunAgain() {
		assertThat(
				this.dashboard.post("/api/task/again?id=11111111-1111-1111-1111-111111111111", Map.of()).statusCode())
			.isEqualTo(404);
	}

}
