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

package cloud.requence.task.test;

import java.time.Instant;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;

import cloud.requence.task.NodeDefer;
import cloud.requence.task.NodeError;
import cloud.requence.task.NodeUpdate;
import cloud.requence.task.TaskContext;
import cloud.requence.task.TaskEnd;
import cloud.requence.task.TaskPayload;
import cloud.requence.task.TaskStart;
import cloud.requence.task.TaskUpdate;
import cloud.requence.task.UnknownUpdate;
import cloud.requence.task.UpdateType;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests for {@link TestTask}.
 */
class TestTaskTests {

	private final TestTask task = TestTask.of("task-1");

	@Test
	void makesUpdatesOfAllTypes() {
		List<TaskUpdate> updates = List.of(this.task.start(), this.task.nodeStart("a"), this.task.nodeUpdate("a", 1),
				this.task.nodeError("a", "broken"), this.task.nodeDefer("a", "busy"), this.task.nodeEnd("a"),
				this.task.end(2), this.task.fail("broken"), this.task.abort("over"), this.task.unknown("odd", 3));
		assertThat(updates).extracting(TaskUpdate::type).containsExactly(UpdateType.values());
		assertThat(updates).extracting(TaskUpdate::taskId).containsOnly("task-1");
		assertThat(updates).extracting(TaskUpdate::position).containsExactly(1L, 2L, 3L, 4L, 5L, 6L, 7L, 8L, 9L, 10L);
		assertThat(updates).extracting(TaskUpdate::updateId).doesNotHaveDuplicates();
	}

	@Test
	void keepsWhatWasToldOfTheTask() {
		this.task.input(Map.of("amount", 12));
		TaskStart start = this.task.start();
		NodeUpdate update = this.task.nodeUpdate("check", Map.of("ok", true), "good");
		NodeError error = this.task.nodeError("pay", "no money");
		TaskEnd end = this.task.requireAck().end(new Invoice("7"), "approved");
		assertThat(start.input()).isEqualTo(TaskPayload.of("{\"amount\":12}"));
		assertThat(start.context()).isEqualTo(TaskContext.of("task-1").withInput(start.input()));
		assertThat(update.data()).isEqualTo(update.context().nodeData("check"));
		assertThat(update.output()).isEqualTo("good");
		assertThat(update.node().alias()).isEqualTo("check");
		assertThat(error.context().nodeError("pay")).isEqualTo("no money");
		assertThat(end.context()).isEqualTo(error.context().withResult(TaskPayload.of("{\"number\":\"7\"}")));
		assertThat(end.context().result().as(Invoice.class)).isEqualTo(new Invoice("7"));
		assertThat(end.exit()).isEqualTo("approved");
		assertThat(end.requireAck()).isTrue();
	}

	@Test
	void knowsItsInputWithoutAStart() {
		assertThat(this.task.input(7).fail(null).context().input()).isEqualTo(TaskPayload.of("7"));
	}

	@Test
	void doesWithoutValuesAndAliases() {
		assertThat(this.task.input(null).start().input()).isNull();
		assertThat(this.task.nodeUpdate(null, 1).context().nodeData()).isEmpty();
		assertThat(this.task.nodeUpdate("a", null).context().nodeData()).isEmpty();
		assertThat(this.task.end(null).result()).isNull();
		NodeDefer defer = this.task.nodeDefer(null, null);
		assertThat(defer.node().alias()).isNull();
		assertThat(defer.reason()).isNull();
	}

	@Test
	void takesPayloadsAsTheyAre() {
		TaskPayload payload = TaskPayload.of("[1, 2]");
		assertThat(this.task.end(payload).result()).isSameAs(payload);
		UnknownUpdate unknown = this.task.unknown("odd", payload);
		assertThat(unknown.data()).isSameAs(payload);
		assertThat(unknown.typeName()).isEqualTo("odd");
	}

	@Test
	void describesTheTaskInTheHeader() {
		Instant time = Instant.parse("2026-03-04T05:06:07Z");
		TaskStart start = this.task.name("Invoice 7").rootTask("root-1").incomplete().at(time).start();
		assertThat(start.name()).isEqualTo("Invoice 7");
		assertThat(start.rootTaskId()).isEqualTo("root-1");
		assertThat(start.incomplete()).isTrue();
		assertThat(start.timestamp()).isEqualTo(time);
		assertThat(this.task.abort(null).timestamp()).isEqualTo(time.plusSeconds(1));
	}

	@Test
	void needsAnId() {
		assertThatIllegalArgumentException().isThrownBy(() -> TestTask.of(" "));
	}

	private record Invoice(String number) {

	}

}
