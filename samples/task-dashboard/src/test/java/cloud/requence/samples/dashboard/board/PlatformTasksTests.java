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

package cloud.requence.samples.dashboard.board;

import java.time.Duration;
import java.util.Map;
import java.util.Objects;

import cloud.requence.emulator.RequenceEmulator;
import cloud.requence.emulator.TaskScript;
import cloud.requence.samples.dashboard.support.MutableClock;
import cloud.requence.task.client.TaskClient;
import cloud.requence.task.client.TaskNotFoundException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.tuple;

/**
 * Tests for {@link PlatformTasks}.
 */
class PlatformTasksTests {

	private final RequenceEmulator emulator = RequenceEmulator.builder().build().start();

	private final PlatformTasks tasks = new PlatformTasks(
			TaskClient.builder().accessToken(this.emulator.accessToken()).build(), new MutableClock());

	@AfterEach
	void close() {
		this.emulator.close();
	}

	private TaskDetails details(TaskScript task) {
		return details(task.taskId());
	}

	private TaskDetails details(String id) {
		return Objects.requireNonNull(this.tasks.details(id).block(Duration.ofSeconds(10)));
	}

	@Test
	void describesATaskWithoutTimes() {
		TaskDetails details = details(this.emulator.task("invoice")
			.name("Invoice 7")
			.input(Map.of("amount", 12))
			.start()
			.nodeStart("scan")
			.nodeUpdate("scan", "pages")
			.nodeEnd("scan")
			.nodeStart("book")
			.nodeError("book", "No money")
			.fail("No such supplier"));
		assertThat(details.fromPlatform()).isTrue();
		assertThat(details.task().name()).isEqualTo("Invoice 7");
		assertThat(details.task().state()).isEqualTo(TaskState.FAILED);
		assertThat(details.nodes()).extracting(BoardNode.View::alias, BoardNode.View::state)
			.containsExactlyInAnyOrder(tuple("scan", NodeState.DONE), tuple("book", NodeState.FAILED));
		assertThat(details.input()).isNotNull().extracting((input) -> input.kept().json()).isEqualTo("{\"amount\":12}");
	}

	@Test
	void knowsWhichTasksWaitForTheirAcknowledgement() {
		TaskDetails details = details(this.emulator.task("invoice").requireAck().start().end("done"));
		assertThat(details.task().unacknowledged()).isTrue();
		assertThat(details.result()).isNotNull();
	}

	@Test
	void knowsWhichTasksRun() {
		TaskDetails details = details(this.emulator.task("invoice").start().nodeStart("scan"));
		assertThat(details.task().state()).isEqualTo(TaskState.RUNNING);
		assertThat(details.task().endedAt()).isNull();
	}

	@Test
	void failsForATaskThatThePlatformDoesNotKnow() {
		assertThatExceptionOfType(TaskNotFoundException.class).isThrownBy(() -> details("none"));
	}

}
