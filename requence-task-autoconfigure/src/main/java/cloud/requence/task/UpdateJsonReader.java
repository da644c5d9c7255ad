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

import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import cloud.requence.task.TaskWatcherGapEvent.Reason;
import cloud.requence.task.TaskWatcherStatus.Gap;
import cloud.requence.task.support.JsonScanner;
import cloud.requence.task.support.JsonSyntaxException;

/**
 * Reads the JSON of an update. Payloads are copied and not parsed, so that they need no
 * limits of their own.
 */
final class UpdateJsonReader {

	private final byte[] json;

	private final PayloadReader payloadReader;

	private UpdateJsonReader(byte[] json, PayloadReader payloadReader) {
		this.json = json;
		this.payloadReader = payloadReader;
	}

	/**
	 * Read an update.
	 * @param json the JSON text
	 * @param payloadReader reads the payloads of the update
	 * @param maxLength the length of the text at most, in characters
	 * @return the update
	 * @throws TaskPayloadException if the text cannot be read; the message quotes nothing
	 */
	static TaskUpdate read(String json, PayloadReader payloadReader, int maxLength) {
		if (json.length() > maxLength) {
			throw unreadable(json, "it is longer than " + maxLength);
		}
		try {
			byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
			return new UpdateJsonReader(bytes, payloadReader).update();
		}
		catch (JsonSyntaxException ex) {
			throw unreadable(json, ex.getMessage());
		}
		catch (DateTimeException ex) {
			throw unreadable(json, "a time is not valid");
		}
		catch (NumberFormatException ex) {
			throw unreadable(json, "a number is not valid");
		}
		catch (UnexpectedKindException ex) {
			throw unreadable(json, ex.getMessage());
		}
	}

	private static TaskPayloadException unreadable(String json, @Nullable String reason) {
		return new TaskPayloadException(
				"Cannot read an update from " + json.length() + " characters of JSON: " + reason);
	}

	private TaskUpdate update() throws JsonSyntaxException {
		Members members = new Members(new Range(0, this.json.length));
		long version = members.has("version") ? members.number("version") : 0;
		if (version != TaskUpdateJson.VERSION) {
			throw new TaskPayloadException("Cannot read an update in version " + version
					+ " of its JSON format, only in version " + TaskUpdateJson.VERSION);
		}
		UpdateHeader header = header(members.object("header"));
		TaskContext context = context(members.object("context"), header.taskId());
		return switch (header.type()) {
			case TASK_START -> new TaskStart(header, context, members.payload("input"));
			case TASK_END ->
				new TaskEnd(header, context, members.payload("result"), members.text("exit"), members.is("requireAck"));
			case TASK_ERROR -> new TaskError(header, context, members.text("reason"), members.is("requireAck"));
			case TASK_ABORTED -> new TaskAborted(header, context, members.text("reason"), members.is("requireAck"));
			case NODE_START -> new NodeStart(header, context, node(members));
			case NODE_UPDATE ->
				new NodeUpdate(header, context, node(members), members.payload("data"), members.text("output"));
			case NODE_ERROR -> new NodeError(header, context, node(members), members.text("error"));
			case NODE_DEFER -> new NodeDefer(header, context, node(members), members.text("reason"));
			case NODE_END -> new NodeEnd(header, context, node(members));
			case UNKNOWN -> new UnknownUpdate(header, context, present("typeName", members.text("typeName")),
					present("data", members.payload("data")));
		};
	}

	private UpdateHeader header(Members header) throws JsonSyntaxException {
		String type = header.text("type");
		String taskId = header.text("taskId");
		if (type == null || taskId == null) {
			throw new TaskPayloadException("Cannot read an update without the type and the taskId in its header");
		}
		return new UpdateHeader(type(type), taskId, header.text("rootTaskId"), header.text("updateId"),
				header.text("name"), time(header.text("timestamp")), header.optionalNumber("position"),
				header.is("incomplete"), header.object("additional").payloads(), gaps(header.object("gaps")));
	}

	private static List<Gap> gaps(Members gaps) throws JsonSyntaxException {
		List<Gap> list = new ArrayList<>();
		for (Reason reason : Reason.values()) {
			if (gaps.has(reason.name())) {
				Members gap = gaps.object(reason.name());
				list.add(new Gap(reason, gap.optionalNumber("fromPosition"), time(gap.text("fromTime")),
						gap.optionalNumber("toPosition"), present("toTime", time(gap.text("toTime")))));
			}
		}
		return list;
	}

	private static @Nullable Instant time(@Nullable String text) {
		return (text != null) ? Instant.parse(text) : null;
	}

	private static UpdateType type(String wireName) {
		return Arrays.stream(UpdateType.values())
			.filter((type) -> type.wireName().equals(wireName))
			.findFirst()
			.orElseThrow(() -> new UnexpectedKindException("its type is not known"));
	}

	private TaskContext context(Members context, String taskId) throws JsonSyntaxException {
		return new TaskContext(taskId, context.payload("input"), context.payload("result"),
				context.object("nodeData").payloads(), context.object("nodeErrors").texts());
	}

	private static Node node(Members members) throws JsonSyntaxException {
		Members node = members.object("node");
		return new Node(present("id", node.text("id")), node.text("type"), node.text("alias"));
	}

	private static <T> T present(String name, @Nullable T value) {
		if (value == null) {
			throw new UnexpectedKindException("'" + name + "' is missing");
		}
		return value;
	}

	/**
	 * A value, without white space around it.
	 */
	private record Range(int from, int to) {

	}

	/**
	 * The members of an object. Of several with the same name the last one counts.
	 */
	private final class Members {

		private final Map<String, Range> ranges = new LinkedHashMap<>();

		Members(@Nullable Range object) throws JsonSyntaxException {
			if (object != null) {
				read(new JsonScanner(UpdateJsonReader.this.json, object.from(), object.to()));
			}
		}

		private void read(JsonScanner scanner) throws JsonSyntaxException {
			if (!scanner.enterObject()) {
				throw new UnexpectedKindException("a value is no object");
			}
			while (scanner.nextMember()) {
				String name = JsonScanner.text(UpdateJsonReader.this.json, scanner.nameStart(), scanner.nameEnd());
				int from = scanner.index();
				scanner.skipValue();
				this.ranges.put(name, new Range(from, scanner.index()));
			}
			if (!scanner.isAtEnd()) {
				throw new UnexpectedKindException("something follows its end");
			}
		}

		boolean has(String name) {
			return find(name) != null;
		}

		private @Nullable Range find(String name) {
			Range range = this.ranges.get(name);
			return (range == null || startsWith(range, 'n')) ? null : range;
		}

		private boolean startsWith(Range range, char first) {
			return UpdateJsonReader.this.json[range.from()] == first;
		}

		Members object(String name) throws JsonSyntaxException {
			return new Members(find(name));
		}

		@Nullable TaskPayload payload(String name) {
			Range range = this.ranges.get(name);
			return (range != null) ? payload(range) : null;
		}

		private TaskPayload payload(Range range) {
			return TaskPayload.of(Arrays.copyOfRange(UpdateJsonReader.this.json, range.from(), range.to()),
					UpdateJsonReader.this.payloadReader);
		}

		Map<String, TaskPayload> payloads() {
			Map<String, TaskPayload> payloads = new LinkedHashMap<>();
			this.ranges.forEach((name, range) -> payloads.put(name, payload(range)));
			return payloads;
		}

		Map<String, String> texts() {
			Map<String, String> texts = new LinkedHashMap<>();
			this.ranges.keySet().forEach((name) -> texts.put(name, present(name, text(name))));
			return texts;
		}

		@Nullable String text(String name) {
			Range range = find(name);
			if (range == null) {
				return null;
			}
			if (!startsWith(range, '"')) {
				throw new UnexpectedKindException("a value is no text");
			}
			return JsonScanner.text(UpdateJsonReader.this.json, range.from() + 1, range.to() - 1);
		}

		long number(String name) {
			return Long.parseLong(raw(find(name)));
		}

		@Nullable Long optionalNumber(String name) {
			return has(name) ? number(name) : null;
		}

		boolean is(String name) {
			String raw = raw(find(name));
			if (!raw.equals("true") && !raw.equals("false") && !raw.isEmpty()) {
				throw new UnexpectedKindException("a value is neither true nor false");
			}
			return raw.equals("true");
		}

		private String raw(@Nullable Range range) {
			return (range != null) ? new String(UpdateJsonReader.this.json, range.from(), range.to() - range.from(),
					StandardCharsets.US_ASCII) : "";
		}

	}

	/**
	 * A value is of another kind than the format requires. The message quotes nothing.
	 */
	private static final class UnexpectedKindException extends RuntimeException {

		UnexpectedKindException(String message) {
			super(message);
		}

	}

}
