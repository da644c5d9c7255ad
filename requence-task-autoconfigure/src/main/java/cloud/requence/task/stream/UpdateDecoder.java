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
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.TokenStreamFactory;
import tools.jackson.core.exc.StreamConstraintsException;
import tools.jackson.core.exc.UnexpectedEndOfInputException;
import tools.jackson.core.json.JsonFactory;

import org.springframework.util.Assert;

import cloud.requence.task.Node;
import cloud.requence.task.PayloadReader;
import cloud.requence.task.TaskPayload;
import cloud.requence.task.stream.UpdateDecodingException.Problem;

/**
 * Reads a frame as an update, in one pass. Values that belong to the application are not
 * looked into: they are kept as the bytes that they came in. Not safe for use by several
 * threads.
 */
public final class UpdateDecoder {

	/**
	 * Twice what payloads may have to be read: one too deep is no reason to lose the
	 * update.
	 */
	private static final int MAX_DEPTH = 1000;

	private static final int MAX_ID_LENGTH = 256;

	private static final int MAX_TYPE_NAME_LENGTH = 100;

	private static final int MAX_ADDITIONAL = 1000;

	/** Controls, invisible formatting, line separators, halves of characters. */
	private static final Pattern UNPRINTABLE = Pattern.compile("[\\p{Cc}\\p{Cf}\\p{Zl}\\p{Zp}\\p{Cs}]");

	private final JsonFactory factory = JsonFactory.builder()
		.disable(TokenStreamFactory.Feature.CHARSET_DETECTION)
		.streamReadConstraints(StreamReadConstraints.builder()
			.maxNestingDepth(MAX_DEPTH)
			.maxStringLength(Integer.MAX_VALUE)
			.maxNumberLength(Integer.MAX_VALUE)
			.build())
		.build();

	private final PayloadReader payloadReader;

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

	private static String printable(String typeName) {
		String name = (typeName.length() > MAX_TYPE_NAME_LENGTH) ? typeName.substring(0, MAX_TYPE_NAME_LENGTH)
				: typeName;
		return UNPRINTABLE.matcher(name).replaceAll("?");
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

		private @Nullable String otherTaskId;

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
			if (isBlank()) {
				throw new UpdateDecodingException(Problem.EMPTY);
			}
			try (JsonParser parser = UpdateDecoder.this.factory.createParser(ObjectReadContext.empty(), this.bytes,
					this.start, this.end - this.start)) {
				readMembers(parser);
			}
			catch (StreamConstraintsException ex) {
				throw new UpdateDecodingException(Problem.TOO_COMPLEX);
			}
			catch (UnexpectedEndOfInputException ex) {
				throw new UpdateDecodingException(Problem.TRUNCATED);
			}
			catch (JacksonException ex) {
				throw new UpdateDecodingException(Problem.NOT_JSON);
			}
			return update();
		}

		private boolean isBlank() {
			for (int i = this.start; i < this.end; i++) {
				if (!isWhitespace(this.bytes[i])) {
					return false;
				}
			}
			return true;
		}

		private void readMembers(JsonParser parser) throws UpdateDecodingException {
			if (parser.nextToken() != JsonToken.START_OBJECT) {
				throw new UpdateDecodingException(Problem.NOT_AN_OBJECT);
			}
			String member = parser.nextName();
			while (member != null) {
				member = readMember(parser, member);
			}
			if (!isAtEnd(parser)) {
				throw new UpdateDecodingException(Problem.TRAILING_CONTENT);
			}
		}

		private static boolean isAtEnd(JsonParser parser) {
			try {
				return parser.nextToken() == null;
			}
			catch (JacksonException ex) {
				return false;
			}
		}

		private @Nullable String readMember(JsonParser parser, String member) throws UpdateDecodingException {
			JsonToken token = parser.nextToken();
			int valueStart = tokenStart(parser);
			if (readKnown(parser, member, token)) {
				return parser.nextName();
			}
			parser.skipChildren();
			String next = parser.nextName();
			keepValue(member, valueStart, valueEnd(parser));
			return next;
		}

		private boolean readKnown(JsonParser parser, String member, JsonToken token) {
			switch (member) {
				case "taskId" -> {
					this.taskId = id(parser, token);
					return true;
				}
				case "task_id" -> {
					this.otherTaskId = id(parser, token);
					return true;
				}
				case "rootTaskId" -> {
					this.rootTaskId = id(parser, token);
					return this.rootTaskId != null || token == JsonToken.VALUE_NULL;
				}
				case "updateId" -> {
					this.updateId = id(parser, token);
					return this.updateId != null || token == JsonToken.VALUE_NULL;
				}
				case "name" -> {
					this.name = string(parser, token);
					return this.name != null || token == JsonToken.VALUE_NULL;
				}
				case "timestamp" -> {
					this.timestamp = timestamp(parser, token);
					return this.timestamp != null || token == JsonToken.VALUE_NULL;
				}
				case "node" -> {
					return readNode(parser, token);
				}
				case "requireAck" -> {
					this.requireAck = token == JsonToken.VALUE_TRUE;
					return token == JsonToken.VALUE_TRUE || token == JsonToken.VALUE_FALSE
							|| token == JsonToken.VALUE_NULL;
				}
				default -> {
					return this.shape.isText(member) && readText(parser, token);
				}
			}
		}

		private boolean readText(JsonParser parser, JsonToken token) {
			this.text = string(parser, token);
			return this.text != null || token == JsonToken.VALUE_NULL;
		}

		private boolean readNode(JsonParser parser, JsonToken token) {
			this.node = null;
			if (token != JsonToken.START_OBJECT) {
				return false;
			}
			String id = null;
			String type = null;
			String alias = null;
			boolean known = true;
			for (String member = parser.nextName(); member != null; member = parser.nextName()) {
				JsonToken value = parser.nextToken();
				switch (member) {
					case "id" -> id = id(parser, value);
					case "type" -> type = string(parser, value);
					case "alias" -> alias = string(parser, value);
					default -> known = false;
				}
				parser.skipChildren();
			}
			this.node = (id != null) ? new Node(id, type, alias) : null;
			return known;
		}

		private void keepValue(String member, int valueStart, int valueEnd) throws UpdateDecodingException {
			if (this.shape.isPayload(member)) {
				this.payload = payload(valueStart, valueEnd);
			}
			else if (this.shape.isText(member)) {
				this.text = new String(this.bytes, valueStart, valueEnd - valueStart, StandardCharsets.UTF_8);
			}
			else if (this.shape != UpdateShape.UNKNOWN) {
				keepAdditional(member, payload(valueStart, valueEnd));
			}
		}

		private void keepAdditional(String member, TaskPayload value) throws UpdateDecodingException {
			if (this.additional == null) {
				this.additional = new LinkedHashMap<>();
			}
			if (this.additional.size() >= MAX_ADDITIONAL) {
				throw new UpdateDecodingException(Problem.TOO_COMPLEX);
			}
			this.additional.put(member, value);
		}

		private RawUpdate update() throws UpdateDecodingException {
			String taskId = (this.taskId != null) ? this.taskId : this.otherTaskId;
			if (taskId == null) {
				throw new UpdateDecodingException(Problem.NO_TASK_ID);
			}
			if (this.shape.hasNode() && this.node == null) {
				throw new UpdateDecodingException(Problem.NO_NODE);
			}
			// A task that names itself is no sub-task
			String rootTaskId = taskId.equals(this.rootTaskId) ? null : this.rootTaskId;
			boolean unknown = this.shape == UpdateShape.UNKNOWN;
			return new RawUpdate(this.shape.type(), unknown ? printable(this.frame.type()) : this.frame.type(), taskId,
					rootTaskId, this.updateId, this.name, this.timestamp, this.frame.position(),
					this.shape.hasNode() ? this.node : null, unknown ? payload(this.start, this.end) : this.payload,
					this.text, this.requireAck, (this.additional != null) ? this.additional : Map.of(),
					this.frame.size());
		}

		private @Nullable String id(JsonParser parser, JsonToken token) {
			if (token != JsonToken.VALUE_STRING && token != JsonToken.VALUE_NUMBER_INT) {
				parser.skipChildren();
				return null;
			}
			int length = parser.getStringLength();
			return (length > 0 && length <= MAX_ID_LENGTH) ? parser.getString() : null;
		}

		private @Nullable String string(JsonParser parser, JsonToken token) {
			return (token == JsonToken.VALUE_STRING) ? parser.getString() : null;
		}

		private @Nullable Instant timestamp(JsonParser parser, JsonToken token) {
			boolean readable = token == JsonToken.VALUE_STRING || token == JsonToken.VALUE_NUMBER_INT;
			return readable ? Timestamps.parse(parser.getString()) : null;
		}

		private TaskPayload payload(int from, int to) {
			return TaskPayload.of(Arrays.copyOfRange(this.bytes, from, to), UpdateDecoder.this.payloadReader);
		}

		// The parser counts from where it was told to start
		private int tokenStart(JsonParser parser) {
			return this.start + (int) parser.currentTokenLocation().getByteOffset();
		}

		// The parser is at the next name or at the end of the object: between it and the
		// value are white space and a comma at most
		private int valueEnd(JsonParser parser) {
			int valueEnd = trimmed(tokenStart(parser));
			return (this.bytes[valueEnd - 1] == ',') ? trimmed(valueEnd - 1) : valueEnd;
		}

		private int trimmed(int valueEnd) {
			int trimmed = valueEnd;
			while (isWhitespace(this.bytes[trimmed - 1])) {
				trimmed--;
			}
			return trimmed;
		}

		private static boolean isWhitespace(byte value) {
			return value == ' ' || value == '\t' || value == '\n' || value == '\r';
		}

	}

}
