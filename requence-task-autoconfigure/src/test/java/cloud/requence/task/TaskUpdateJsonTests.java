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

package cloud.requence.task;

import java.io.IOException;
import java.lang.reflect.Type;
import java.time.Instant;
import java.util.Map;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.json.JsonMapper;

import cloud.requence.task.test.TestTask;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link TaskUpdateJson}.
 */
class TaskUpdateJsonTests {

	private final TaskUpdateJson json = TaskUpdateJson.withContext();

	static Stream<TaskUpdate> updates() {
		TestTask task = TestTask.of("task-1").name("Invoice \u00fc").input(Map.of("number", "7", "amount", 1.50));
		return Stream.of(task.start(), task.nodeStart("read"), task.nodeUpdate("read", Map.of("a", 1)),
				task.nodeError("read", "broken"), task.nodeDefer("read", "later"), task.nodeEnd("read"),
				TestTask.of("t").incomplete().unknown("taskMoved", Map.of("to", "there")),
				TestTask.of("t").rootTask("root").requireAck().input(null).end(Map.of("booked", true)),
				TestTask.of("t").end(null), TestTask.of("t").requireAck().fail("no money"),
				TestTask.of("t").at(Instant.parse("2026-11-28T10:00:00.123456789Z")).abort("no time"));
	}

	@ParameterizedTest
	@MethodSource("updates")
	void readsWhatItHasWritten(TaskUpdate update) {
		assertThat(this.json.read(this.json.write(update))).isEqualTo(update);
	}

	@ParameterizedTest
	@MethodSource("updates")
	void leavesTheContextOut(TaskUpdate update) {
		TaskUpdateJson small = TaskUpdateJson.withoutContext();
		assertThat(JsonMapper.shared().readTree(small.write(update)).has("context")).isFalse();
		TaskUpdate read = small.read(small.write(update));
		assertThat(read.header()).isEqualTo(update.header());
		assertThat(read.context()).isEqualTo(TaskContext.of(update.taskId()));
		assertThat(small.write(read)).isEqualTo(small.write(update));
	}

	@Test
	void hasTheDocumentedForm() {
		UpdateHeader header = new UpdateHeader(UpdateType.TASK_END, "task-1", null, "update-9", "invoice",
				Instant.parse("2026-11-28T10:00:00Z"), 9L, false, Map.of("extra", TaskPayload.of("1")));
		TaskContext context = TaskContext.of("task-1")
			.withInput(TaskPayload.of("{\"number\":\"7\"}"))
			.withNodeData("read", TaskPayload.of("[1]"))
			.withNodeError("check", "broken");
		assertThat(this.json.write(new TaskEnd(header, context, TaskPayload.of("true"), "approved", true)))
			.isEqualTo("""
					{"version":1,"header":{"type":"taskEnd","taskId":"task-1","rootTaskId":null,\
					"updateId":"update-9","name":"invoice","timestamp":"2026-11-28T10:00:00Z","position":9,\
					"incomplete":false,"additional":{"extra":1}},\
					"context":{"taskId":"task-1","input":{"number":"7"},"nodeData":{"read":[1]},\
					"nodeErrors":{"check":"broken"}},"result":true,"exit":"approved","requireAck":true}""");
	}

	@Test
	void ignoresMembersOfLaterVersions() {
		TaskUpdate read = this.json.read("""
				{"later":{"a":[1]},"version":1,"reason":"r","requireAck":true,
				"header":{"taskId":"t","later":1,"type":"taskError"}}""");
		assertThat(read)
			.isEqualTo(new TaskError(UpdateHeader.of(UpdateType.TASK_ERROR, "t"), TaskContext.of("t"), "r", true));
	}

	@Test
	void keepsPayloadsAsDeepAsTheStreamAllows() {
		String deep = "[".repeat(500) + "]".repeat(500);
		TaskUpdate update = new TaskEnd(UpdateHeader.of(UpdateType.TASK_END, "t"),
				TaskContext.of("t").withNodeData("a", TaskPayload.of(deep)), TaskPayload.of(deep), null, false);
		assertThat(this.json.read(this.json.write(update))).isEqualTo(update);
	}

	@Test
	void keepsHalvesOfCharacters() {
		TaskUpdate update = TestTask.of("t").name("half \ud83d name \u0000").start();
		String json = this.json.write(update);
		assertThat(json).isASCII();
		assertThat(this.json.read(json)).isEqualTo(update);
	}

	@Test
	void readsPayloadsWithTheGivenReader() throws IOException {
		PayloadReader reader = new PayloadReader() {

			@Override
			@SuppressWarnings("unchecked")
			public <T> T read(byte[] json, Type type) {
				return (T) "of this reader";
			}

		};
		TaskUpdate update = this.json.withPayloadReader(reader)
			.read(this.json.write(TestTask.of("t").input(1).start()));
		assertThat(((TaskStart) update).input().as(String.class)).isEqualTo("of this reader");
		assertThat(update.context().input().as(String.class)).isEqualTo("of this reader");
	}

	@ParameterizedTest
	@MethodSource("refused")
	void refusesWhatItCannotRead(String text, String message) {
		assertThatExceptionOfType(TaskPayloadException.class).isThrownBy(() -> this.json.read(text))
			.withMessageContaining(message)
			.withMessageNotContaining("secret")
			.withNoCause();
	}

	static Stream<String[]> refused() {
		return Stream.of(new String[] { "", "0 characters" }, new String[] { "{\"secret", "8 characters" },
				new String[] { "[]", "2 characters" }, new String[] { "null", "version 0" },
				new String[] { "{}", "version 0" }, new String[] { "{\"version\":2}", "only in version 1" },
				new String[] { "{\"version\":1}", "without the type" },
				new String[] { "{\"version\":1,\"header\":{\"type\":\"taskEnd\"}}", "without the type" },
				new String[] { "{\"version\":1,\"header\":{\"type\":\"secret\",\"taskId\":\"t\"}}", "characters" });
	}

}
