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

package cloud.requence.task.stream;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

import org.springframework.core.ParameterizedTypeReference;

import cloud.requence.task.Node;
import cloud.requence.task.PayloadReader;
import cloud.requence.task.TaskPayload;
import cloud.requence.task.UpdateType;
import cloud.requence.task.stream.UpdateDecodingException.Problem;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

/**
 * Tests for {@link UpdateDecoder}.
 */
class UpdateDecoderTests {

	private static final ParameterizedTypeReference<Map<String, Object>> MAP = new ParameterizedTypeReference<>() {
	};

	private final UpdateDecoder decoder = new UpdateDecoder(PayloadReader.standard());

	private RawUpdate decode(@Nullable String type, String data) throws UpdateDecodingException {
		return decode(type, data.getBytes(StandardCharsets.UTF_8));
	}

	private RawUpdate decode(@Nullable String type, byte[] data) throws UpdateDecodingException {
		Decoded decoded = new Decoded(this.decoder);
		SseFrameDecoder frames = new SseFrameDecoder(100_000_000, decoded);
		frames.decode(utf8("id: 5\n" + ((type != null) ? "event: " + type + "\n" : "") + "data: "));
		frames.decode(ByteBuffer.wrap(data));
		frames.decode(utf8("\n\n"));
		if (decoded.failure != null) {
			throw decoded.failure;
		}
		return Objects.requireNonNull(decoded.update);
	}

	private static ByteBuffer utf8(String text) {
		return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
	}

	private Problem problemOf(String type, String data) {
		return problemOf(type, data.getBytes(StandardCharsets.UTF_8));
	}

	private Problem problemOf(String type, byte[] data) {
		UpdateDecodingException failure = catchThrowableOfType(UpdateDecodingException.class, () -> decode(type, data));
		assertThat(failure).isNotNull();
		return failure.problem();
	}

	private static TaskPayload json(String json) {
		return TaskPayload.of(json);
	}

	@Nested
	class Members {

		@Test
		void mayComeInAnyOrder() throws UpdateDecodingException {
			RawUpdate update = decode("nodeUpdate",
					"{\"output\":\"o\",\"data\":[1,2],\"node\":{\"alias\":\"a\",\"type\":\"service\",\"id\":\"n\"},"
							+ "\"timestamp\":\"2026-11-23T10:00:00Z\",\"name\":\"N\",\"updateId\":\"u\","
							+ "\"rootTaskId\":\"r\",\"taskId\":\"t\"}");
			assertThat(update).isEqualTo(new RawUpdate(UpdateType.NODE_UPDATE, "nodeUpdate", "t", "r", "u", "N",
					Instant.parse("2026-11-23T10:00:00Z"), 5L, new Node("n", "service", "a"), json("[1,2]"), "o", false,
					Map.of(), update.size()));
			assertThat(update.size()).isGreaterThan(100);
		}

		@Test
		void countOnceTheLastTime() throws UpdateDecodingException {
			RawUpdate update = decode("taskEnd",
					"{\"taskId\":\"a\",\"taskId\":\"b\",\"result\":1,\"result\":2,\"exit\":\"x\",\"exit\":null,"
							+ "\"requireAck\":true,\"requireAck\":false,\"more\":1,\"more\":2}");
			assertThat(update.taskId()).isEqualTo("b");
			assertThat(update.payload()).isEqualTo(json("2"));
			assertThat(update.text()).isNull();
			assertThat(update.requireAck()).isFalse();
			assertThat(update.additional()).isEqualTo(Map.of("more", json("2")));
		}

		@ParameterizedTest
		@CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
				{"taskId":"a"}                  | a
				{"task_id":"a"}                 | a
				{"taskId":"a","task_id":"b"}    | a
				{"task_id":"b","taskId":"a"}    | a
				{"taskId":null,"task_id":"b"}   | b
				{"taskId":{},"task_id":"b"}     | b
				{"taskId":"","task_id":"b"}     | b
				{"taskId":42}                   | 42
				{"taskId":"\\u0041\\/\\ud83d\\ude00"} | A/😀
				{"task\\u0049d":"a"}             | a
				""")
		void nameTheTaskInEitherSpelling(String data, String taskId) throws UpdateDecodingException {
			RawUpdate update = decode("taskStart", data);
			assertThat(update.taskId()).isEqualTo(taskId);
			assertThat(update.additional()).isEmpty();
		}

		@Test
		void areAdditionalIfTheyAreNotKnown() throws UpdateDecodingException {
			RawUpdate update = decode("nodeStart",
					" { \"taskId\" : \"t\" , \"node\" : {\"id\":\"n\",\"type\":null} , \"data\" : { \"a\" : [ ] } , "
							+ "\"s\" : \"\\\"}\" , \"n\" : -1.5e+3 , \"z\" : null , \"t\" : true } ");
			assertThat(update.node()).isEqualTo(new Node("n", null, null));
			assertThat(update.payload()).isNull();
			assertThat(update.additional()).containsExactly(Map.entry("data", json("{ \"a\" : [ ] }")),
					Map.entry("s", json("\"\\\"}\"")), Map.entry("n", json("-1.5e+3")), Map.entry("z", json("null")),
					Map.entry("t", json("true")));
		}

		@Test
		void ofANodeKeepItAsAdditional() throws UpdateDecodingException {
			RawUpdate update = decode("nodeStart",
					"{\"taskId\":\"t\",\"node\": {\"id\":\"n\",\"position\":{\"x\":1},\"alias\":\"a\"} ,\"data\":1}");
			assertThat(update.node()).isEqualTo(new Node("n", null, "a"));
			assertThat(update.additional()).containsExactly(
					Map.entry("node", json("{\"id\":\"n\",\"position\":{\"x\":1},\"alias\":\"a\"}")),
					Map.entry("data", json("1")));
		}

		@Test
		void areAdditionalIfTheyAreOfAnotherTypeThanUsual() throws UpdateDecodingException {
			RawUpdate update = decode("taskStart", "{\"taskId\":\"t\",\"rootTaskId\":{\"id\":1},\"updateId\":[1],"
					+ "\"name\":{},\"timestamp\":\"soon\",\"requireAck\":\"yes\",\"node\":\"n\"}");
			assertThat(update).isEqualTo(new RawUpdate(UpdateType.TASK_START, "taskStart", "t", null, null, null, null,
					5L, null, null, null, false, update.additional(), update.size()));
			assertThat(update.additional())
				.isEqualTo(Map.of("rootTaskId", json("{\"id\":1}"), "updateId", json("[1]"), "name", json("{}"),
						"timestamp", json("\"soon\""), "requireAck", json("\"yes\""), "node", json("\"n\"")));
		}

		@Test
		void mayBeNull() throws UpdateDecodingException {
			RawUpdate update = decode("taskError", "{\"taskId\":\"t\",\"rootTaskId\":null,\"updateId\":null,"
					+ "\"name\":null,\"timestamp\":null,\"reason\":null,\"requireAck\":null}");
			assertThat(update).isEqualTo(new RawUpdate(UpdateType.TASK_ERROR, "taskError", "t", null, null, null, null,
					5L, null, null, null, false, Map.of(), update.size()));
		}

		@ParameterizedTest
		@CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
				"plain"             | plain
				"a\\n\\u00e9\\""    | `a
				é"`
				{"code":7}          | {"code":7}
				42                  | 42
				["a", "b"]          | ["a", "b"]
				""")
		void areTextInWhateverFormAnErrorComes(String error, String text) throws UpdateDecodingException {
			RawUpdate update = decode("nodeError",
					"{\"taskId\":\"t\",\"node\":{\"id\":\"n\"},\"error\":" + error.strip() + "}");
			assertThat(update.text()).isEqualTo(text);
			assertThat(update.additional()).isEmpty();
		}

		@Test
		void doNotMakeATaskItsOwnSubTask() throws UpdateDecodingException {
			assertThat(decode("taskStart", "{\"taskId\":\"t\",\"rootTaskId\":\"t\"}").rootTaskId()).isNull();
		}

		@Test
		void mayTellTheTimeAsNumber() throws UpdateDecodingException {
			assertThat(decode("taskStart", "{\"taskId\":\"t\",\"timestamp\":1795428000123}").timestamp())
				.isEqualTo(Instant.parse("2026-11-23T10:00:00.123Z"));
		}

		@ParameterizedTest
		@ValueSource(strings = { "1.5e3", "-1", "true", "{}", "99999999999999999999999", "\"\"" })
		void doNotTellTheTimeIfItIsGarbage(String timestamp) throws UpdateDecodingException {
			assertThat(decode("taskStart", "{\"taskId\":\"t\",\"timestamp\":" + timestamp + "}").timestamp()).isNull();
		}

	}

	@Nested
	class LiberalReading {

		@ParameterizedTest
		@CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
				{"taskId":"t"}                             | `` |
				{"taskId":"t","node":null}                 | `` |
				{"taskId":"t","node":"n"}                  | n  |
				{"taskId":"t","node":7}                    | 7  |
				{"taskId":"t","node":[]}                   | `` |
				{"taskId":"t","node":{}}                   | `` |
				{"taskId":"t","node":{"id":{}}}            | `` |
				{"taskId":"t","node":{"alias":"a"}}        | `` | a
				{"taskId":"t","node":{"id":null,"alias":"a"}} | `` | a
				{"taskId":"t","node":{"id":"n","alias":1}} | n  |
				""")
		void deliversUpdatesOfNodesWhateverTheirNodeIs(String data, String id, @Nullable String alias)
				throws UpdateDecodingException {
			for (String type : List.of("nodeStart", "nodeUpdate", "nodeError", "nodeDefer", "nodeEnd")) {
				assertThat(decode(type, data).node()).isEqualTo(new Node(id, null, alias));
			}
		}

		@ParameterizedTest
		@CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
				true    | true
				"true"  | true
				"True"  | true
				1       | true
				"1"     | true
				false   | false
				"false" | false
				0       | false
				"0"     | false
				null    | false
				""")
		void knowsWhetherAnAcknowledgementIsNeededInAnySpelling(String value, boolean needed)
				throws UpdateDecodingException {
			RawUpdate update = decode("taskEnd", "{\"taskId\":\"t\",\"requireAck\":" + value + "}");
			assertThat(update.requireAck()).isEqualTo(needed);
			assertThat(update.additional()).isEmpty();
		}

	}

	@Nested
	class Payloads {

		@ParameterizedTest
		@CsvSource({ "taskStart, input", "nodeUpdate, data", "taskEnd, result" })
		void areKeptAsTheyCame(String type, String member) throws UpdateDecodingException {
			String value = "{ \"a\" : [ 1.50 , \"\\u00e9é\" ] , \"b\" : { } }";
			RawUpdate update = decode(type,
					"{\"taskId\":\"t\",\"node\":{\"id\":\"n\"},\"" + member + "\" : " + value + " }");
			assertThat(update.payload()).isEqualTo(json(value));
		}

		@ParameterizedTest
		@ValueSource(strings = { "null", "true", "false", "0", "-1.5E-3", "\"\"", "\"a,}]\\\\\"", "[]", "{}", "[[[]]]",
				"\"\\ud83d\\ude00😀\"" })
		void mayBeAnyValue(String value) throws UpdateDecodingException {
			assertThat(decode("taskStart", "{\"taskId\":\"t\",\"input\":" + value + "}").payload())
				.isEqualTo(json(value));
			assertThat(
					decode("taskStart", "{\"input\": \t" + value + "\n ,\"taskId\":\"t\"}".replace("\n", "\r\ndata:"))
						.payload())
				.isEqualTo(json(value));
		}

		@Test
		void areNoneIfTheyAreAbsent() throws UpdateDecodingException {
			assertThat(decode("taskStart", "{\"taskId\":\"t\"}").payload()).isNull();
		}

		@Test
		void doNotShareTheMemoryOfTheirFrame() throws UpdateDecodingException {
			TaskPayload payload = decode("taskStart", "{\"taskId\":\"t\",\"input\":\"first\"}").payload();
			decode("taskStart", "{\"taskId\":\"t\",\"input\":\"other\"}");
			assertThat(payload).isEqualTo(json("\"first\""));
		}

		@Test
		void mayHoldEndlessNumbersAndNames() throws UpdateDecodingException {
			String number = "9".repeat(1_000_000);
			TaskPayload payload = decode("taskStart", "{\"taskId\":\"t\",\"input\":[" + number + "," + number + ".5]}")
				.payload();
			assertThat(payload).isNotNull();
			assertThat(payload.size()).isGreaterThan(2_000_000);
		}

		@ParameterizedTest
		@ValueSource(ints = { 0x80, 0xc3, 0xff, 0xed })
		void areRepairedIfTheyAreNotUtf8(int garbage) throws UpdateDecodingException {
			byte[] data = "{\"taskId\":\"t\",\"input\":\"a#b\"}".getBytes(StandardCharsets.UTF_8);
			data[data.length - 4] = (byte) garbage;
			TaskPayload payload = decode("taskStart", data).payload();
			assertThat(payload).isEqualTo(json("\"a\ufffdb\""));
			assertThat(payload.as(String.class)).isEqualTo("a\ufffdb");
		}

		@Test
		void areReadByTheGivenReader() throws UpdateDecodingException {
			PayloadReader reader = new PayloadReader() {
				@Override
				@SuppressWarnings("unchecked")
				public <T> T read(byte[] json, java.lang.reflect.Type type) {
					return (T) ("read " + json.length);
				}
			};
			Decoded decoded = new Decoded(new UpdateDecoder(reader));
			new SseFrameDecoder(1000, decoded)
				.decode(utf8("event: taskStart\ndata: {\"taskId\":\"t\",\"input\":123}\n\n"));
			assertThat(Objects.requireNonNull(Objects.requireNonNull(decoded.update).payload()).as(String.class))
				.isEqualTo("read 3");
		}

	}

	@Nested
	class UnknownTypes {

		@ParameterizedTest
		@ValueSource(strings = { "taskPaused", "message", "unknown", "TASKSTART", "taskStart ", "x" })
		void keepTheWholeUpdate(String type) throws UpdateDecodingException {
			String data = "{\"taskId\":\"t\",\"name\":\"N\",\"node\":7,\"input\":{\"a\":1},\"requireAck\":true}";
			RawUpdate update = decode(type, data);
			assertThat(update).isEqualTo(new RawUpdate(UpdateType.UNKNOWN, type, "t", null, null, "N", null, 5L, null,
					json(data), null, true, Map.of(), update.size()));
		}

		@Test
		void areWhatAFrameWithoutATypeHas() throws UpdateDecodingException {
			RawUpdate update = decode(null, "{\"taskId\":\"t\"}");
			assertThat(update.type()).isEqualTo(UpdateType.UNKNOWN);
			assertThat(update.typeName()).isEqualTo("message");
		}

		@Test
		void haveNamesThatAreFitForALog() throws UpdateDecodingException {
			String name = decode("a\tb\u001b[31m\u202e\u0085\u2028" + "x".repeat(1_000_000), "{\"taskId\":\"t\"}")
				.typeName();
			assertThat(name).startsWith("a?b?[31m???x").hasSize(100);
		}

		@ParameterizedTest
		@CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
				ping      | {}
				ping      | {"at":"2026-11-23T10:00:00Z"}
				ping      | 2026-11-23T10:00:00Z
				ping      | still here
				ping      | ` `
				connected | {"connectionId":"c","taskId":null}
				message   | {"type":"ping"}
				message   | 17
				message   | ``
				""")
		void areNoUpdatesWithoutATask(String type, String data) {
			assertThat(problemOf(type, data)).isEqualTo(Problem.NO_UPDATE);
		}

		@ParameterizedTest
		@CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
				message    | still here       | NOT_JSON
				taskPaused | {"taskId":"t",}  | NOT_JSON
				taskPaused | {"taskId":"t"    | TRUNCATED
				taskPaused | {"taskId":"t"} x | TRAILING_CONTENT
				""")
		void areMalformedIfTheyMayHaveBeenUpdates(String type, String data, Problem problem) {
			assertThat(problemOf(type, data)).isEqualTo(problem);
		}

	}

	@Nested
	class MalformedFrames {

		@ParameterizedTest
		@CsvSource(delimiter = '|', quoteCharacter = '`', ignoreLeadingAndTrailingWhitespace = true,
				maxCharsPerColumn = 10_000, textBlock = """
						``                                          | EMPTY
						` `                                         | EMPTY
						nonsense                                    | NOT_JSON
						{taskId:"t"}                                | NOT_JSON
						{'taskId':'t'}                              | NOT_JSON
						{"taskId":"t",}                             | NOT_JSON
						{"taskId":"t" "name":"n"}                   | NOT_JSON
						{"taskId" "t"}                              | NOT_JSON
						{"taskId":"t","input":NaN}                  | NOT_JSON
						{"taskId":"t","input":-Infinity}            | NOT_JSON
						{"taskId":"t","input":+1}                   | NOT_JSON
						{"taskId":"t","input":01}                   | NOT_JSON
						{"taskId":"t","input":.5}                   | NOT_JSON
						{"taskId":"t","input":1.}                   | NOT_JSON
						{"taskId":"t","input":1e}                   | NOT_JSON
						{"taskId":"t","input":-}                    | NOT_JSON
						{"taskId":"t","input":1x}                   | NOT_JSON
						{"taskId":"t","input":tru}                  | NOT_JSON
						{"taskId":"t","input":truest}               | NOT_JSON
						{"taskId":"t","input":[1,]}                 | NOT_JSON
						{"taskId":"t","input":[1}                   | NOT_JSON
						{"taskId":"t","input":[1 2]}                | NOT_JSON
						{"taskId":"t","input":{"a":1]}              | NOT_JSON
						{"taskId":"t","input":{"a"}}                | NOT_JSON
						{"taskId":"t","input":{1:1}}                | NOT_JSON
						{"taskId":"t","input":"\\x"}                | NOT_JSON
						{"taskId":"t","input":"\\u12g4"}            | NOT_JSON
						{"taskId":"t","input":"\u0001"}             | NOT_JSON
						{"taskId":"t","input":/*1*/1}               | NOT_JSON
						{"taskId":"t","input":1\u00a0}              | NOT_JSON
						{                                           | TRUNCATED
						{"taskId                                    | TRUNCATED
						{"taskId":                                  | TRUNCATED
						{"taskId":"t                                | TRUNCATED
						{"taskId":"t"                               | TRUNCATED
						{"taskId":"t","input":[                     | TRUNCATED
						{"taskId":"t","input":{"a":{                | TRUNCATED
						{"taskId":"t","input":"\\                   | TRUNCATED
						{"taskId":"t"}{"taskId":"t"}                | TRAILING_CONTENT
						{"taskId":"t"} x                            | TRAILING_CONTENT
						{"taskId":"t"}]                             | TRAILING_CONTENT
						["taskId","t"]                              | NOT_AN_OBJECT
						"taskId"                                    | NOT_AN_OBJECT
						42                                          | NOT_AN_OBJECT
						null                                        | NOT_AN_OBJECT
						true                                        | NOT_AN_OBJECT
						{}                                          | NO_TASK_ID
						{"taskId":null}                             | NO_TASK_ID
						{"taskId":""}                               | NO_TASK_ID
						{"taskId":true}                             | NO_TASK_ID
						{"taskId":1.5}                              | NO_TASK_ID
						{"taskId":["t"]}                            | NO_TASK_ID
						{"taskId":{"taskId":"t"}}                   | NO_TASK_ID
						{"TaskId":"t"}                              | NO_TASK_ID
						{"input":{"taskId":"t"}}                    | NO_TASK_ID
						""")
		void areRefused(@Nullable String data, Problem problem) {
			assertThat(problemOf("taskStart", (data != null) ? data : "")).isEqualTo(problem);
		}

		@ParameterizedTest
		@ValueSource(strings = { "{\"taskId\":\"%s\"}", "{\"taskId\":%s}", "{\"task_id\":\"%s\"}" })
		void areThoseWithAnEndlessTaskId(String data) {
			assertThat(problemOf("taskStart", data.formatted("1".repeat(1_000_000)))).isEqualTo(Problem.NO_TASK_ID);
		}

		@Test
		void areNotQuoted() {
			UpdateDecodingException failure = catchThrowableOfType(UpdateDecodingException.class,
					() -> decode("taskStart", "{\"taskId\":\"secret\",\"input\":secret"));
			assertThat(failure).hasMessage("The data is not JSON").hasNoCause();
			assertThat(failure.getStackTrace()).isEmpty();
		}

	}

	@Nested
	class HostileFrames {

		@ParameterizedTest
		@ValueSource(strings = { "name", "rootTaskId", "updateId", "timestamp" })
		void mayHaveMembersOfAMegabyte(String member) throws UpdateDecodingException {
			RawUpdate update = decode("taskStart",
					"{\"taskId\":\"t\",\"" + member + "\":\"" + "x".repeat(1_000_000) + "\"}");
			assertThat(update.taskId()).isEqualTo("t");
			assertThat(update.updateId()).isNull();
			assertThat(update.rootTaskId()).isNull();
			assertThat(update.timestamp()).isNull();
		}

		@Test
		void mayHaveAMillionNames() throws UpdateDecodingException {
			StringBuilder data = new StringBuilder("{\"taskId\":\"t\",\"input\":{");
			for (int i = 0; i < 1_000_000; i++) {
				data.append("\"n").append(Integer.toHexString(i * 0x9e3779b1)).append("\":0,");
			}
			TaskPayload payload = decode("taskStart", data + "\"last\":1}}").payload();
			assertThat(payload).isNotNull();
		}

		@Test
		void mayHaveNamesWithTheSameHash() throws UpdateDecodingException {
			String members = CollidingNames.first(20_000)
				.stream()
				.map((name) -> "\"" + name + "\":0")
				.collect(Collectors.joining(","));
			RawUpdate update = decode("taskStart", "{\"taskId\":\"t\",\"input\":{" + members + "}," + members + "}");
			TaskPayload input = Objects.requireNonNull(update.payload());
			assertThat(input.tree().size()).isEqualTo(20_000);
			assertThat(input.as(MAP)).hasSize(20_000);
			assertThat(update.additional()).hasSize(1000);
		}

		@Test
		void doNotHarmTheUpdatesAfterThem() throws UpdateDecodingException {
			List<String> names = CollidingNames.first(20_000);
			for (String name : names.subList(0, 2000)) {
				Objects
					.requireNonNull(decode("taskStart", "{\"taskId\":\"t\",\"input\":{\"" + name + "\":0}}").payload())
					.tree();
			}
			for (String name : names.subList(2000, 2500)) {
				TaskPayload input = decode("taskStart",
						"{\"taskId\":\"t\",\"input\":{\"" + name + "\":[1,2]},\"" + name + "\":1}")
					.payload();
				assertThat(Objects.requireNonNull(input).tree().path(name).path(1).intValue()).isEqualTo(2);
			}
		}

		@ParameterizedTest
		@ValueSource(ints = { 50_001, 10_000_000 })
		void mayHaveEndlessNames(int length) throws UpdateDecodingException {
			String name = "n".repeat(length);
			RawUpdate update = decode("nodeUpdate", "{\"taskId\":\"t\",\"data\":{\"" + name
					+ "\":1},\"node\":{\"id\":\"n\",\"" + name + "\":2},\"" + name + "\":3}");
			TaskPayload data = Objects.requireNonNull(update.payload());
			assertThat(data.tree().path(name).intValue()).isEqualTo(1);
			assertThat(data.as(MAP)).containsOnlyKeys(name);
			assertThat(update.additional()).containsOnlyKeys("node", name);
		}

		@Test
		void keepAThousandAdditionalMembers() throws UpdateDecodingException {
			StringBuilder data = new StringBuilder("{\"taskId\":\"t\"");
			for (int i = 0; i < 1_000_000; i++) {
				data.append(",\"m").append(i).append("\":0");
			}
			RawUpdate update = decode("taskEnd", data + ",\"m999\":1,\"result\":2,\"requireAck\":true}");
			assertThat(update.payload()).isEqualTo(json("2"));
			assertThat(update.requireAck()).isTrue();
			assertThat(update.additional()).hasSize(1000).containsEntry("m999", json("1")).doesNotContainKey("m1000");
		}

		@ParameterizedTest
		@ValueSource(ints = { 999, 1000, 10_000_000 })
		void mayBeNestedAsDeeplyAsTheyFit(int depth) throws UpdateDecodingException {
			String arrays = "[".repeat(depth) + "]".repeat(depth);
			RawUpdate update = decode("taskStart", "{\"taskId\":\"t\",\"more\":" + "{\"a\":".repeat(depth) + "0"
					+ "}".repeat(depth) + ",\"input\":" + arrays + "}");
			assertThat(Objects.requireNonNull(update.payload()).size()).isEqualTo(arrays.length());
			assertThat(problemOf("taskStart", "{\"taskId\":\"t\",\"input\":" + "[".repeat(depth)))
				.isEqualTo(Problem.TRUNCATED);
			assertThat(problemOf("taskStart",
					"{\"taskId\":\"t\",\"input\":" + "[".repeat(depth) + "]".repeat(depth - 1) + "}}"))
				.isEqualTo(Problem.NOT_JSON);
		}

		@Test
		void mayHaveNulWhereAnEncodingIsGuessedFrom() {
			assertThat(problemOf("taskStart", "{\0\"\0t\0\"\0:\0" + "1\0}\0")).isEqualTo(Problem.NOT_JSON);
			assertThat(problemOf("taskStart", "\0{\0\"\0t\0\"\0:\0" + "1\0}")).isEqualTo(Problem.NOT_JSON);
			assertThat(problemOf("taskStart", "\ufeff{\"taskId\":\"t\"}")).isEqualTo(Problem.NOT_JSON);
		}

		@Test
		void mayHoldLoneSurrogates() throws UpdateDecodingException {
			RawUpdate update = decode("taskStart", "{\"taskId\":\"\\ud800\",\"input\":\"\\udfff\"}");
			assertThat(update.taskId()).hasSize(1);
			assertThat(Objects.requireNonNull(update.payload()).as(JsonNode.class)).isNotNull();
		}

	}

	private static final class Decoded extends RecordingConsumer {

		private final UpdateDecoder decoder;

		private @Nullable RawUpdate update;

		private @Nullable UpdateDecodingException failure;

		Decoded(UpdateDecoder decoder) {
			this.decoder = decoder;
		}

		@Override
		public void onFrame(SseFrame frame) {
			try {
				this.update = this.decoder.decode(frame);
			}
			catch (UpdateDecodingException ex) {
				this.failure = ex;
			}
		}

	}

}
