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

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

import cloud.requence.task.TaskWatcherStatus.Gap;
import cloud.requence.task.support.JsonScanner;
import cloud.requence.task.support.JsonSyntaxException;

/**
 * Writes an update as JSON. Payloads are copied as they are, since a generator has limits
 * that they may exceed.
 */
final class UpdateJsonWriter {

	// Halves of characters, which names and identifiers may have, are escaped
	private static final JsonFactory FACTORY = new JsonFactory();

	private static final int INITIAL_SIZE = 1024;

	private final ByteArrayOutputStream text;

	private final JsonGenerator json;

	private UpdateJsonWriter(ByteArrayOutputStream text, JsonGenerator json) {
		this.text = text;
		this.json = json;
	}

	/**
	 * Write an update.
	 * @param update the update
	 * @param withContext whether to write its context, if it is not too large
	 * @param maxContextSize the size of a context at most
	 * @return the JSON text in UTF-8
	 */
	static byte[] write(TaskUpdate update, boolean withContext, long maxContextSize) {
		boolean tooLarge = withContext && sizeOf(update.context()) > maxContextSize;
		TaskContext context = (withContext && !tooLarge) ? update.context() : null;
		ByteArrayOutputStream text = new ByteArrayOutputStream(INITIAL_SIZE);
		try (JsonGenerator json = FACTORY.createGenerator(ObjectWriteContext.empty(), text)) {
			new UpdateJsonWriter(text, json).document(update, context, tooLarge);
		}
		return text.toByteArray();
	}

	private static long sizeOf(TaskContext context) {
		long size = sizeOf(context.input()) + sizeOf(context.result());
		for (Map.Entry<String, TaskPayload> data : context.nodeData().entrySet()) {
			size += data.getKey().length() + sizeOf(data.getValue());
		}
		for (Map.Entry<String, String> error : context.nodeErrors().entrySet()) {
			size += error.getKey().length() + error.getValue().length();
		}
		return size;
	}

	private static long sizeOf(@Nullable TaskPayload payload) {
		return (payload != null) ? payload.size() : 0;
	}

	private void document(TaskUpdate update, @Nullable TaskContext context, boolean incomplete) {
		this.json.writeStartObject();
		this.json.writeNumberProperty("version", TaskUpdateJson.VERSION);
		header(update.header(), incomplete);
		if (context != null) {
			context(context);
		}
		members(update);
		this.json.writeEndObject();
	}

	private void header(UpdateHeader header, boolean incomplete) {
		this.json.writeObjectPropertyStart("header");
		text("type", header.type().wireName());
		text("taskId", header.taskId());
		text("rootTaskId", header.rootTaskId());
		text("updateId", header.updateId());
		text("name", header.name());
		text("timestamp", (header.timestamp() != null) ? header.timestamp().toString() : null);
		number("position", header.position());
		this.json.writeBooleanProperty("incomplete", incomplete || header.incomplete());
		payloads("additional", header.additional());
		if (!header.gaps().isEmpty()) {
			gaps(header.gaps());
		}
		this.json.writeEndObject();
	}

	private void gaps(List<Gap> gaps) {
		this.json.writeObjectPropertyStart("gaps");
		for (Gap gap : gaps) {
			this.json.writeObjectPropertyStart(gap.reason().name());
			number("fromPosition", gap.fromPosition());
			text("fromTime", (gap.fromTime() != null) ? gap.fromTime().toString() : null);
			number("toPosition", gap.toPosition());
			text("toTime", gap.toTime().toString());
			this.json.writeEndObject();
		}
		this.json.writeEndObject();
	}

	private void context(TaskContext context) {
		this.json.writeObjectPropertyStart("context");
		text("taskId", context.taskId());
		payload("input", context.input());
		payload("result", context.result());
		payloads("nodeData", context.nodeData());
		this.json.writeObjectPropertyStart("nodeErrors");
		context.nodeErrors().forEach(this::text);
		this.json.writeEndObject();
		this.json.writeEndObject();
	}

	private void members(TaskUpdate update) {
		if (update instanceof TaskStart start) {
			payload("input", start.input());
		}
		else if (update instanceof NodeStart start) {
			node(start.node());
		}
		else if (update instanceof NodeUpdate data) {
			node(data.node());
			payload("data", data.data());
			text("output", data.output());
		}
		else if (update instanceof NodeError error) {
			node(error.node());
			text("error", error.error());
		}
		else if (update instanceof NodeDefer defer) {
			node(defer.node());
			text("reason", defer.reason());
		}
		else if (update instanceof NodeEnd end) {
			node(end.node());
		}
		else if (update instanceof TaskEnd end) {
			payload("result", end.result());
			text("exit", end.exit());
			this.json.writeBooleanProperty("requireAck", end.requireAck());
		}
		else if (update instanceof TaskError error) {
			text("reason", error.reason());
			this.json.writeBooleanProperty("requireAck", error.requireAck());
		}
		else if (update instanceof TaskAborted aborted) {
			text("reason", aborted.reason());
			this.json.writeBooleanProperty("requireAck", aborted.requireAck());
		}
		else if (update instanceof UnknownUpdate unknown) {
			text("typeName", unknown.typeName());
			payload("data", unknown.data());
		}
	}

	private void node(Node node) {
		this.json.writeObjectPropertyStart("node");
		text("id", node.id());
		text("type", node.type());
		text("alias", node.alias());
		this.json.writeEndObject();
	}

	private void payloads(String name, Map<String, TaskPayload> payloads) {
		this.json.writeObjectPropertyStart(name);
		payloads.forEach(this::payload);
		this.json.writeEndObject();
	}

	private void payload(String name, @Nullable TaskPayload payload) {
		if (payload != null) {
			check(payload.bytes());
			this.json.writeName(name);
			this.json.writeRawValue("");
			this.json.flush();
			this.text.writeBytes(utf8(payload));
		}
	}

	// Those of an application need not be valid UTF-8, which strict readers insist on
	private static byte[] utf8(TaskPayload payload) {
		byte[] json = payload.bytes();
		for (byte unit : json) {
			if (unit < 0) {
				return payload.json().getBytes(StandardCharsets.UTF_8);
			}
		}
		return json;
	}

	// Payloads of the platform are valid, those of an application may be anything
	private static void check(byte[] payload) {
		if (!isValid(new JsonScanner(payload, 0, payload.length))) {
			throw new TaskPayloadException(
					"Cannot write a payload of " + payload.length + " bytes, which is not valid JSON");
		}
	}

	private static boolean isValid(JsonScanner scanner) {
		try {
			scanner.skipValue();
			return scanner.isAtEnd();
		}
		catch (JsonSyntaxException ex) {
			return false;
		}
	}

	private void number(String name, @Nullable Long value) {
		if (value != null) {
			this.json.writeNumberProperty(name, value);
		}
		else {
			this.json.writeNullProperty(name);
		}
	}

	private void text(String name, @Nullable String value) {
		if (value != null) {
			this.json.writeStringProperty(name, value);
		}
		else {
			this.json.writeNullProperty(name);
		}
	}

}
