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

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

import org.jspecify.annotations.Nullable;

import org.springframework.util.Assert;

import cloud.requence.task.Node;
import cloud.requence.task.PayloadReader;
import cloud.requence.task.TaskPayload;
import cloud.requence.task.stream.UpdateDecodingException.Problem;
import cloud.requence.task.support.JsonScanner;
import cloud.requence.task.support.JsonSyntaxException;
import cloud.requence.task.support.Printable;

/**
 * Reads a frame as an update, in one pass. Values that belong to the application are
 * checked to be JSON and kept as the bytes that they came in. Names, numbers and nesting
 * have no limits of their own, as none of them costs more than its bytes: what is valid
 * JSON is no reason to lose an update. Safe for use by several threads.
 */
public final class UpdateDecoder {

	private static final int MAX_ID_LENGTH = 256;

	/** What exceeds it is left out of the additional members. */
	private static final int MAX_ADDITIONAL = 1000;

	private static final KnownNames MEMBERS = new KnownNames(
			Set.of("taskId", "task_id", "rootTaskId", "updateId", "name", "timestamp", "node", "requireAck", "id",
					"type", "alias", "input", "data", "output", "error", "reason", "result", "exit"));

	private static final Node UNKNOWN_NODE = new Node("", null, null);

	private final PayloadReader payloadReader;

	private final RecurringTexts recurringTexts = new RecurringTexts();

	/**
	 * Create a decoder.
	 * @param payloadReader what the payloads use to read themselves
	 */
	public UpdateDecoder(PayloadReader payloadReader) {
		Assert.notNull(payloadReader, "'payloadReader' must not be null");
		this.payloadReader = payloadReader;
	}

	/**
	 * Decode a frame.
	 * @param frame the frame
	 * @return the update, which does not refer to the frame
	 * @throws UpdateDecodingException if the frame is no update
	 */
	public RawUpdate decode(SseFrame frame) throws UpdateDecodingException {
		int start = frame.offset();
		int end = start + frame.length();
		if (Utf8.isValid(frame.bytes(), start, end)) {
			return new Pass(frame, frame.bytes(), start, end).run();
		}
		byte[] repaired = frame.data().getBytes(StandardCharsets.UTF_8);
		return new Pass(frame, repaired, 0, repaired.length).run();
	}

	/**
	 * One pass over the data of a frame.
	 */
	private final class Pass {

		private final SseFrame frame;

		private final UpdateShape shape;

		private final byte[] bytes;

		private final int start;

		private final int end;

		private @Nullable String taskId;

		// Usually the same as the other one, and not needed then
		private int otherTaskIdStart;

		private int otherTaskIdEnd;

		private @Nullable String rootTaskId;

		private @Nullable String updateId;

		private @Nullable String name;

		private @Nullable Instant timestamp;

		private @Nullable Node node;

		private @Nullable TaskPayload payload;

		private @Nullable String text;

		private boolean requireAck;

		private @Nullable Map<String, TaskPayload> additional;

		Pass(SseFrame frame, byte[] bytes, int start, int end) {
			this.frame = frame;
			this.shape = UpdateShape.ofFrameType(frame.type());
			this.bytes = bytes;
			this.start = start;
			this.end = end;
		}

		RawUpdate run() throws UpdateDecodingException {
			try {
				readMembers(new JsonScanner(this.bytes, this.start, this.end));
			}
			catch (JsonSyntaxException ex) {
				throw new UpdateDecodingException(ex.isTruncated() ? Problem.TRUNCATED : Problem.NOT_JSON);
			}
			return update();
		}

		private void readMembers(JsonScanner scanner) throws UpdateDecodingException, JsonSyntaxException {
			if (scanner.isAtEnd()) {
				throw noUpdateOr(Problem.EMPTY);
			}
			if (!scanner.enterObject()) {
				if (this.frame.type().equals(SseFrame.DEFAULT_TYPE) || this.shape != UpdateShape.UNKNOWN) {
					scanner.skipValue();
				}
				throw noUpdateOr(Problem.NOT_AN_OBJECT);
			}
			while (scanner.nextMember()) {
				String member = name(scanner);
				int valueStart = scanner.index();
				boolean known;
				if (member.equals("node") && this.bytes[valueStart] == '{') {
					known = readNode(scanner);
				}
				else {
					scanner.skipValue();
					known = readKnown(member, valueStart, scanner.index());
				}
				if (!known) {
					keepValue(member, valueStart, scanner.index());
				}
			}
			if (!scanner.isAtEnd()) {
				throw new UpdateDecodingException(Problem.TRAILING_CONTENT);
			}
		}

		/**
		 * Heartbeats and greetings have types of their own, or none, and name no task.
		 */
		private UpdateDecodingException noUpdateOr(Problem problem) {
			return new UpdateDecodingException((this.shape == UpdateShape.UNKNOWN) ? Problem.NO_UPDATE : problem);
		}

		/**
		 * Read a member that all updates have.
		 * @return {@code false} if it is another member, or not of the kind that it
		 * should be
		 */
		private boolean readKnown(String member, int from, int to) {
			switch (member) {
				case "taskId" -> {
					this.taskId = id(from, to);
					return true;
				}
				case "task_id" -> {
					this.otherTaskIdStart = from;
					this.otherTaskIdEnd = to;
					return true;
				}
				case "rootTaskId" -> {
					this.rootTaskId = id(from, to);
					return this.rootTaskId != null || isNull(from);
				}
				case "updateId" -> {
					this.updateId = id(from, to);
					return this.updateId != null || isNull(from);
				}
				case "name" -> {
					this.name = recurring(from, to);
					return this.name != null || isNull(from);
				}
				case "timestamp" -> {
					String time = isInteger(from, to) ? ascii(from, to) : string(from, to);
					this.timestamp = (time != null) ? Timestamps.parse(time) : null;
					return this.timestamp != null || isNull(from);
				}
				case "node" -> {
					return readNodeId(from, to);
				}
				case "requireAck" -> {
					return readRequireAck(from, to);
				}
				default -> {
					return this.shape.isText(member) && readText(from, to);
				}
			}
		}

		private boolean readText(int from, int to) {
			this.text = string(from, to);
			return this.text != null || isNull(from);
		}

		private boolean readRequireAck(int from, int to) {
			String value = isString(from) ? string(from, to) : ascii(from, Math.min(to, from + MAX_ID_LENGTH));
			this.requireAck = "true".equalsIgnoreCase(value) || "1".equals(value);
			return this.requireAck || isNull(from) || "false".equalsIgnoreCase(value) || "0".equals(value);
		}

		/**
		 * Read a node that is no object: it may be the identifier alone.
		 */
		private boolean readNodeId(int from, int to) {
			String id = id(from, to);
			this.node = (id != null) ? new Node(id, null, null) : null;
			return this.shape.hasNode() && (id != null || isNull(from));
		}

		private boolean readNode(JsonScanner scanner) throws JsonSyntaxException {
			String id = null;
			String type = null;
			String alias = null;
			boolean known = true;
			scanner.enterObject();
			while (scanner.nextMember()) {
				String member = name(scanner);
				int valueStart = scanner.index();
				scanner.skipValue();
				switch (member) {
					case "id" -> id = nodeId(valueStart, scanner.index());
					case "type" -> type = recurring(valueStart, scanner.index());
					case "alias" -> alias = recurring(valueStart, scanner.index());
					default -> known = false;
				}
			}
			this.node = new Node((id != null) ? id : "", type, alias);
			return known;
		}

		private void keepValue(String member, int from, int to) {
			if (this.shape.isPayload(member)) {
				this.payload = payload(from, to);
			}
			else if (this.shape.isText(member)) {
				this.text = new String(this.bytes, from, to - from, StandardCharsets.UTF_8);
			}
			else if (this.shape != UpdateShape.UNKNOWN) {
				keepAdditional(member, from, to);
			}
		}

		private void keepAdditional(String member, int from, int to) {
			if (this.additional == null) {
				this.additional = new LinkedHashMap<>();
			}
			if (this.additional.size() < MAX_ADDITIONAL || this.additional.containsKey(member)) {
				this.additional.put(member, payload(from, to));
			}
		}

		private RawUpdate update() throws UpdateDecodingException {
			String taskId = this.taskId;
			if (taskId == null && this.otherTaskIdEnd > 0) {
				taskId = id(this.otherTaskIdStart, this.otherTaskIdEnd);
			}
			if (taskId == null) {
				throw noUpdateOr(Problem.NO_TASK_ID);
			}
			// A task that names itself is no sub-task
			String rootTaskId = taskId.equals(this.rootTaskId) ? null : this.rootTaskId;
			boolean unknown = this.shape == UpdateShape.UNKNOWN;
			return new RawUpdate(this.shape.type(), unknown ? Printable.name(this.frame.type()) : this.frame.type(),
					taskId, rootTaskId, this.updateId, this.name, this.timestamp, this.frame.position(), node(),
					unknown ? payload(this.start, this.end) : this.payload, this.text, this.requireAck,
					(this.additional != null) ? this.additional : Map.of(), this.frame.size());
		}

		private @Nullable Node node() {
			if (!this.shape.hasNode()) {
				return null;
			}
			return (this.node != null) ? this.node : UNKNOWN_NODE;
		}

		private @Nullable String id(int from, int to) {
			// Escapes make six bytes of each character at most
			if (to - from > MAX_ID_LENGTH * 6 + 2) {
				return null;
			}
			return id(isInteger(from, to) ? ascii(from, to) : string(from, to));
		}

		private @Nullable String nodeId(int from, int to) {
			String id = (to - from <= MAX_ID_LENGTH) ? recurring(from, to) : null;
			return (id != null) ? id(id) : id(from, to);
		}

		private static @Nullable String id(@Nullable String id) {
			return (id != null && !id.isEmpty() && id.length() <= MAX_ID_LENGTH) ? id : null;
		}

		private @Nullable String string(int from, int to) {
			return isString(from) ? JsonScanner.text(this.bytes, from + 1, to - 1) : null;
		}

		/**
		 * Read a string that many updates have in common.
		 */
		private @Nullable String recurring(int from, int to) {
			if (!isString(from)) {
				return null;
			}
			String raw = UpdateDecoder.this.recurringTexts.get(this.bytes, from + 1, to - 1);
			return (raw.indexOf('\\') < 0) ? raw : JsonScanner.text(this.bytes, from + 1, to - 1);
		}

		private String name(JsonScanner scanner) {
			String known = MEMBERS.find(this.bytes, scanner.nameStart(), scanner.nameEnd());
			return (known != null) ? known : JsonScanner.text(this.bytes, scanner.nameStart(), scanner.nameEnd());
		}

		private String ascii(int from, int to) {
			return new String(this.bytes, from, to - from, StandardCharsets.US_ASCII);
		}

		private boolean isString(int from) {
			return this.bytes[from] == '"';
		}

		private boolean isNull(int from) {
			return this.bytes[from] == 'n';
		}

		private boolean isInteger(int from, int to) {
			int digits = (this.bytes[from] == '-') ? from + 1 : from;
			for (int i = digits; i < to; i++) {
				if (this.bytes[i] < '0' || this.bytes[i] > '9') {
					return false;
				}
			}
			return true;
		}

		private TaskPayload payload(int from, int to) {
			return TaskPayload.of(Arrays.copyOfRange(this.bytes, from, to), UpdateDecoder.this.payloadReader);
		}

	}

}
