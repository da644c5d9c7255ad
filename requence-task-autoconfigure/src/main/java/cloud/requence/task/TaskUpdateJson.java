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

import org.springframework.util.Assert;
import org.springframework.util.unit.DataSize;

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
 * The update that is read equals the one that was written, apart from white space around
 * its payloads: their text is copied, and neither its depth nor the length of its numbers
 * is limited. Large values and files remain references; nothing is fetched.
 * <p>
 * Instances are immutable and safe for use by several threads.
 */
public final class TaskUpdateJson {

	/**
	 * The version of the format.
	 */
	public static final int VERSION = 1;

	/**
	 * The size of a context that is written at most, in bytes of its payloads and
	 * characters of its other texts. An update with a larger one is written without it,
	 * as {@linkplain TaskUpdate#incomplete() incomplete}.
	 */
	public static final int MAX_CONTEXT_SIZE = 16 * 1024 * 1024;

	/**
	 * The length of a text that is read at most, in characters.
	 */
	public static final int MAX_LENGTH = 1024 * 1024 * 1024;

	private final boolean context;

	private final long maxContextSize;

	private final PayloadReader payloadReader;

	private TaskUpdateJson(boolean context, long maxContextSize, PayloadReader payloadReader) {
		this.context = context;
		this.maxContextSize = maxContextSize;
		this.payloadReader = payloadReader;
	}

	/**
	 * Return a converter that writes updates with their contexts, up to
	 * {@link #MAX_CONTEXT_SIZE}. A context has the input of the task and the latest data
	 * of its nodes, and may be much larger than the update.
	 * @return the converter
	 */
	public static TaskUpdateJson withContext() {
		return new TaskUpdateJson(true, MAX_CONTEXT_SIZE, PayloadReader.standard());
	}

	/**
	 * Return a converter that writes updates without their contexts. What it has written
	 * is read with empty contexts.
	 * @return the converter
	 */
	public static TaskUpdateJson withoutContext() {
		return new TaskUpdateJson(false, MAX_CONTEXT_SIZE, PayloadReader.standard());
	}

	/**
	 * Return a converter that writes smaller contexts only. An update with a larger one
	 * is written without it, as {@linkplain TaskUpdate#incomplete() incomplete}.
	 * @param maxSize the size of a context at most, in bytes of its payloads and
	 * characters of its other texts; zero to leave all contexts out that are not empty
	 * @return a new converter
	 */
	public TaskUpdateJson withMaxContextSize(DataSize maxSize) {
		Assert.notNull(maxSize, "'maxSize' must not be null");
		Assert.isTrue(!maxSize.isNegative() && maxSize.toBytes() <= MAX_CONTEXT_SIZE,
				"'maxSize' must not be negative or larger than " + MAX_CONTEXT_SIZE + " bytes");
		return new TaskUpdateJson(this.context, maxSize.toBytes(), this.payloadReader);
	}

	/**
	 * Return a converter whose updates read their payloads in another way.
	 * @param reader reads the payloads of the updates that are read
	 * @return a new converter
	 */
	public TaskUpdateJson withPayloadReader(PayloadReader reader) {
		Assert.notNull(reader, "'reader' must not be null");
		return new TaskUpdateJson(this.context, this.maxContextSize, reader);
	}

	/**
	 * Write an update.
	 * @param update the update
	 * @return the JSON text, which can be encoded in UTF-8
	 * @throws TaskPayloadException if a payload that the application has created is not
	 * valid JSON
	 */
	public String write(TaskUpdate update) {
		return new String(writeAsBytes(update), StandardCharsets.UTF_8);
	}

	/**
	 * Write an update in UTF-8, which is faster than {@link #write(TaskUpdate)} and an
	 * encoding of its text.
	 * @param update the update
	 * @return the JSON text
	 * @throws TaskPayloadException if a payload that the application has created is not
	 * valid JSON
	 */
	public byte[] writeAsBytes(TaskUpdate update) {
		Assert.notNull(update, "'update' must not be null");
		return UpdateJsonWriter.write(update, this.context, this.maxContextSize);
	}

	/**
	 * Read an update.
	 * @param json what {@link #write} has returned, or another text in this format
	 * @return the update
	 * @throws TaskPayloadException if the text is not in this format, in a version that
	 * is not known, or longer than {@link #MAX_LENGTH}
	 */
	public TaskUpdate read(String json) {
		Assert.notNull(json, "'json' must not be null");
		return UpdateJsonReader.read(json, this.payloadReader, MAX_LENGTH);
	}

}
