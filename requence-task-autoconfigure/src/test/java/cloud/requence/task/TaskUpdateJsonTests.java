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
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.util.unit.DataSize;

import cloud.requence.task.TaskWatcherGapEvent.Reason;
import cloud.requence.task.TaskWatcherStatus.Gap;
import cloud.requence.task.test.TestTask;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

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
				TestTask.of("t").end(null), TestTask.of("t").requireAck().fail("no money"), behindGaps(),
				TestTask.of("t").at(Instant.parse("2026-11-28T10:00:00.123456789Z")).abort("no time"));
	}

	private static TaskUpdate behindGaps() {
		Instant time = Instant.parse("2026-11-28T10:00:00Z");
		UpdateHeader header = new UpdateHeader(UpdateType.TASK_START, "t", null, null, null, null, 9L, false, Map.of(),
				List.of(new Gap(Reason.REFUSED_POSITION, null, null, null, time),
						new Gap(Reason.UNDECODABLE_EVENT, 7L, time.minusNanos(1), 8L, time)));
		return new TaskStart(header, TaskContext.of("t"), null);
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

	@ParameterizedTest
	@MethodSource("payloads")
	void keepsTheTextOfPayloads(String payload) {
		TaskPayload value = TaskPayload.of(payload);
		UpdateHeader header = new UpdateHeader(UpdateType.TASK_END, "t", null, null, null, null, null, false,
				Map.of("more", value));
		TaskUpdate update = new TaskEnd(header, TaskContext.of("t").withInput(value).withNodeData("a", value), value,
				null, false);
		assertThat(this.json.read(this.json.write(update))).isEqualTo(update);
	}

	static Stream<String> payloads() {
		return Stream.of("[".repeat(500_000) + "]".repeat(500_000), "{\"a\":".repeat(501) + "1" + "}".repeat(501),
				"1".repeat(2_000_000), "-0.10E+0002", "{ \"a\" : \"\\u00fc\\/\",\n\"a\": [ ] }",
				"{\"" + "n".repeat(60_000) + "\":0}", "null", "\"\\ud83d\"");
	}

	@Test
	void leavesOutAContextThatIsTooLarge() {
		TaskPayload large = TaskPayload.of("\"" + "x".repeat(TaskUpdateJson.MAX_CONTEXT_SIZE / 2 - 3) + "\"");
		TaskContext most = TaskContext.of("t").withInput(large).withNodeData("a", large);
		TaskUpdate written = new TaskStart(UpdateHeader.of(UpdateType.TASK_START, "t"), most, large);
		assertThat(this.json.read(this.json.write(written))).isEqualTo(written);
		TaskUpdate update = new TaskStart(written.header(), most.withNodeError("b", "ab"), large);
		TaskUpdate read = this.json.read(this.json.write(update));
		assertThat(read.incomplete()).isTrue();
		assertThat(read.context()).isEqualTo(TaskContext.of("t"));
		assertThat(((TaskStart) read).input()).isEqualTo(large);
	}

	@Test
	void leavesOutAContextThatIsLargerThanRequested() {
		TaskUpdate written = TestTask.of("t").input(Map.of("a", 1)).start();
		TaskUpdateJson limited = this.json.withMaxContextSize(DataSize.ofBytes(7));
		assertThat(limited.read(limited.write(written))).isEqualTo(written);
		TaskUpdate read = this.json.read(this.json.withMaxContextSize(DataSize.ofBytes(6)).write(written));
		assertThat(read.incomplete()).isTrue();
		assertThat(read.context()).isEqualTo(TaskContext.of("t"));
		TaskUpdate empty = new NodeEnd(UpdateHeader.of(UpdateType.NODE_END, "t"), TaskContext.of("t"),
				new Node("n", null, null));
		TaskUpdateJson none = this.json.withMaxContextSize(DataSize.ofBytes(0));
		assertThat(none.read(none.write(empty)).incomplete()).isFalse();
	}

	@Test
	void refusesSizesThatAreNone() {
		assertThatIllegalArgumentException().isThrownBy(() -> this.json.withMaxContextSize(DataSize.ofBytes(-1)));
		assertThatIllegalArgumentException()
			.isThrownBy(() -> this.json.withMaxContextSize(DataSize.ofBytes(TaskUpdateJson.MAX_CONTEXT_SIZE + 1L)));
	}

	@Test
	void refusesATextThatIsTooLong() {
		String text = this.json.write(TestTask.of("t").start());
		assertThat(UpdateJsonReader.read(text, PayloadReader.standard(), text.length())).isNotNull();
		assertThatExceptionOfType(TaskPayloadException.class)
			.isThrownBy(() -> UpdateJsonReader.read(text, PayloadReader.standard(), text.length() - 1))
			.withMessageContaining("longer than");
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "{", "1,\"version\":2", "[}", "secret" })
	void refusesToWriteWhatIsNoPayload(String payload) {
		TaskUpdate update = new TaskStart(UpdateHeader.of(UpdateType.TASK_START, "t"), TaskContext.of("t"),
				TaskPayload.of(payload));
		assertThatExceptionOfType(TaskPayloadException.class).isThrownBy(() -> this.json.write(update))
			.withMessageContaining("not valid JSON")
			.withMessageNotContaining("secret");
	}

	@ParameterizedTest
	@ValueSource(strings = { "half \ud83d name \u0000", "\ude00", "last \ud83d", "\ud83d\ud83d\ude00", "\ude00\ud83d" })
	void keepsHalvesOfCharacters(String name) {
		TaskUpdate update = TestTask.of("t").name(name).start();
		String json = this.json.write(update);
		assertThat(StandardCharsets.UTF_8.newEncoder().canEncode(json)).isTrue();
		assertThat(this.json.read(json)).isEqualTo(update);
	}

	@Test
	void writesUtf8ThoughAPayloadIsNone() {
		byte[] latin = "{\"name\":\"\u00e9\"}".getBytes(StandardCharsets.ISO_8859_1);
		TaskUpdate update = new TaskStart(UpdateHeader.of(UpdateType.TASK_START, "t"), TaskContext.of("t"),
				TaskPayload.of(latin, PayloadReader.standard()));
		byte[] json = this.json.writeAsBytes(update);
		assertThat(new String(json, StandardCharsets.UTF_8).getBytes(StandardCharsets.UTF_8)).isEqualTo(json);
	}

	@Test
	void writesTheSameAsBytes() {
		TaskUpdate update = TestTask.of("t").name("\u20ac \ud83d\ude00").input("\u00e9").start();
		assertThat(this.json.writeAsBytes(update)).asString(StandardCharsets.UTF_8)
			.isEqualTo(this.json.write(update))
			.contains("\u20ac \ud83d\ude00", "\u00e9");
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
				new String[] { "[]", "2 characters" }, new String[] { "null", "4 characters" },
				new String[] { "{}", "version 0" }, new String[] { "{\"version\":2}", "only in version 1" },
				new String[] { "{\"version\":1}", "without the type" },
				new String[] { "{\"version\":1,\"header\":{\"type\":\"taskEnd\"}}", "without the type" },
				new String[] { "{\"version\":1,\"header\":{\"type\":\"secret\",\"taskId\":\"t\"}}", "characters" },
				new String[] { start("\"timestamp\":\"secret\""), "characters" },
				new String[] { start("\"position\":12345678901234567890"), "characters" },
				new String[] { start("\"position\":\"secret\""), "characters" },
				new String[] { start("\"incomplete\":1"), "characters" },
				new String[] { start("\"name\":1"), "characters" },
				new String[] { start("\"additional\":1"), "characters" },
				new String[] { start("\"name\":null") + "secret", "characters" },
				new String[] { "{\"version\":1,\"header\":{\"type\":\"unknown\",\"taskId\":\"t\"}}", "characters" },
				new String[] { "{\"version\":1,\"header\":{\"type\":\"nodeEnd\",\"taskId\":\"t\"}}", "characters" });
	}

	private static String start(String member) {
		return "{\"version\":1,\"header\":{\"type\":\"taskStart\",\"taskId\":\"t\"," + member + "}}";
	}

}
