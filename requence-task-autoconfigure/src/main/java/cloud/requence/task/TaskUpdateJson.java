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
import java.util.EnumMap;
import java.util.Map;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import com.fasterxml.jackson.annotation.JsonValue;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonWriteFeature;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JacksonModule;
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.ObjectWriter;
import tools.jackson.databind.ValueDeserializer;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.module.SimpleModule;

import org.springframework.util.Assert;

import cloud.requence.task.support.PlatformJson;

/**
 * Converts updates to JSON and back, for storing or sending them outside of the
 * application.
 * <p>
 * The JSON is an object with these members: {@code version}, which is {@value #VERSION};
 * {@code header}, whose {@code type} is a {@linkplain UpdateType#wireName() name on the
 * wire} such as {@code taskEnd}; {@code context}, which is optional; and the other
 * members of the record of the type, such as {@code result} of a {@link TaskEnd}. Unknown
 * members are ignored. A change that this version could not read will have another
 * {@code version}.
 * <p>
 * The update that is read has the same values as the one that was written. The text of
 * its payloads may differ in white space, escapes and the notation of numbers.
 * <p>
 * Instances are immutable and safe for use by several threads.
 */
public final class TaskUpdateJson {

	/**
	 * The version of the format.
	 */
	public static final int VERSION = 1;

	// Payloads are deeper in this JSON than in the events that they came with
	private static final int MAX_DEPTH = 2 * StreamReadConstraints.DEFAULT_MAX_DEPTH;

	private static final Map<UpdateType, Class<? extends TaskUpdate>> TYPES = new EnumMap<>(Map.of(
			UpdateType.TASK_START, TaskStart.class, UpdateType.TASK_END, TaskEnd.class, UpdateType.TASK_ERROR,
			TaskError.class, UpdateType.TASK_ABORTED, TaskAborted.class, UpdateType.NODE_START, NodeStart.class,
			UpdateType.NODE_UPDATE, NodeUpdate.class, UpdateType.NODE_ERROR, NodeError.class, UpdateType.NODE_DEFER,
			NodeDefer.class, UpdateType.NODE_END, NodeEnd.class, UpdateType.UNKNOWN, UnknownUpdate.class));

	private final ObjectWriter writer;

	private final ObjectReader reader;

	private TaskUpdateJson(ObjectWriter writer, ObjectReader reader) {
		this.writer = writer;
		this.reader = reader;
	}

	/**
	 * Return a converter that writes updates with their contexts. A context has the input
	 * of the task and the latest data of its nodes, and may be much larger than the
	 * update.
	 * @return the converter
	 */
	public static TaskUpdateJson withContext() {
		JsonMapper mapper = mapper().build();
		return new TaskUpdateJson(mapper.writer(), mapper.reader());
	}

	/**
	 * Return a converter that writes updates without their contexts. What it has written
	 * is read with empty contexts.
	 * @return the converter
	 */
	public static TaskUpdateJson withoutContext() {
		JsonMapper mapper = mapper().addMixIn(TaskUpdate.class, WithoutContext.class).build();
		return new TaskUpdateJson(mapper.writer(), mapper().build().reader());
	}

	private static JsonMapper.Builder mapper() {
		return PlatformJson.mapperBuilder(MAX_DEPTH)
			.addMixIn(UpdateType.class, WireName.class)
			.addModule(contexts())
			.disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES,
					DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES);
	}

	private static JacksonModule contexts() {
		return new SimpleModule("requence-contexts").addDeserializer(TaskContext.class, new ContextDeserializer());
	}

	/**
	 * Return a converter whose updates read their payloads in another way.
	 * @param reader reads the payloads of the updates that are read
	 * @return a new converter
	 */
	public TaskUpdateJson withPayloadReader(PayloadReader reader) {
		Assert.notNull(reader, "'reader' must not be null");
		return new TaskUpdateJson(this.writer, this.reader.withAttribute(PayloadReader.class, reader));
	}

	/**
	 * Write an update.
	 * @param update the update
	 * @return the JSON text, which can be encoded in UTF-8
	 */
	public String write(TaskUpdate update) {
		Assert.notNull(update, "'update' must not be null");
		String json = this.writer.writeValueAsString(new Document(VERSION, update));
		// Names and identifiers may have halves of characters
		return StandardCharsets.UTF_8.newEncoder().canEncode(json) ? json
				: this.writer.with(JsonWriteFeature.ESCAPE_NON_ASCII).writeValueAsString(new Document(VERSION, update));
	}

	/**
	 * Read an update.
	 * @param json what {@link #write} has returned, or another text in this format
	 * @return the update
	 * @throws TaskPayloadException if the text is not in this format, or in a version
	 * that is not known
	 */
	public TaskUpdate read(String json) {
		Assert.notNull(json, "'json' must not be null");
		try {
			Outline outline = this.reader.forType(Outline.class).readValue(json);
			if (outline == null || outline.version() != VERSION) {
				throw new TaskPayloadException(
						"Cannot read an update in version " + ((outline != null) ? outline.version() : 0)
								+ " of its JSON format, only in version " + VERSION);
			}
			OutlineHeader header = outline.header();
			if (header == null || header.type() == null || header.taskId() == null) {
				throw new TaskPayloadException("Cannot read an update without the type and the taskId in its header");
			}
			return this.reader.forType(TYPES.get(header.type()))
				.withAttribute(ContextDeserializer.class, header.taskId())
				.readValue(json);
		}
		catch (JacksonException ex) {
			// Neither message nor cause: both quote values of payloads
			throw new TaskPayloadException("Cannot read an update from " + json.length() + " characters of JSON: "
					+ ex.getClass().getSimpleName());
		}
	}

	@JsonPropertyOrder({ "version", "header", "context" })
	private record Document(int version, @JsonUnwrapped TaskUpdate update) {

	}

	/**
	 * What has to be known to read the rest.
	 */
	private record Outline(int version, @Nullable OutlineHeader header) {

	}

	private record OutlineHeader(@Nullable UpdateType type, @Nullable String taskId) {

	}

	interface WithoutContext {

		@JsonIgnore
		TaskContext context();

	}

	interface WireName {

		@JsonValue
		String wireName();

	}

	/**
	 * The members of a context in JSON.
	 */
	private record ContextMembers(@Nullable TaskPayload input, @Nullable TaskPayload result,
			@Nullable Map<String, TaskPayload> nodeData, @Nullable Map<String, String> nodeErrors) {

	}

	private static final class ContextDeserializer extends ValueDeserializer<TaskContext> {

		@Override
		public TaskContext deserialize(JsonParser parser, DeserializationContext context) {
			ContextMembers members = context.readValue(parser, ContextMembers.class);
			return new TaskContext(taskId(context), members.input(), members.result(),
					(members.nodeData() != null) ? members.nodeData() : Map.of(),
					(members.nodeErrors() != null) ? members.nodeErrors() : Map.of());
		}

		@Override
		public Object getAbsentValue(DeserializationContext context) {
			return TaskContext.of(taskId(context));
		}

		@Override
		public Object getNullValue(DeserializationContext context) {
			return TaskContext.of(taskId(context));
		}

		private static String taskId(DeserializationContext context) {
			return String.valueOf(context.getAttribute(ContextDeserializer.class));
		}

	}

}
