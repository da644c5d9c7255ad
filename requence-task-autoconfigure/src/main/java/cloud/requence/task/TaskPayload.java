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

import java.lang.ref.SoftReference;
import java.lang.reflect.Type;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.annotation.JsonDeserialize;
import tools.jackson.databind.annotation.JsonSerialize;

import org.springframework.core.ParameterizedTypeReference;
import org.springframework.util.Assert;

/**
 * A JSON value as it came from the platform: the input of a task, its result, or the data
 * of a node. It is kept as the bytes of the message and parsed by each call, so that a
 * payload that is not read costs nothing.
 * <p>
 * If the value, or a part of it, was too large for the message, the message contains a
 * claim check instead. {@link #tree()} and {@link #as(Class)} return the value itself: it
 * is fetched when the payload is first read, on the thread that reads it. Files and
 * streams remain references in the tree, and become {@link TaskFile} and
 * {@link TaskStream} where the type declares them.
 * <p>
 * Payloads are immutable and safe for use by several threads. Two are equal if their text
 * is. {@link #toString()} contains the size only, as payloads do not belong in logs.
 */
@JsonSerialize(using = TaskPayloadSerializer.class)
@JsonDeserialize(using = TaskPayloadDeserializer.class)
public final class TaskPayload {

	private static final byte[] NULL = { 'n', 'u', 'l', 'l' };

	private final byte[] json;

	private final PayloadReader reader;

	private @Nullable SoftReference<byte[]> resolved;

	private TaskPayload(byte[] json, PayloadReader reader) {
		this.json = json;
		this.reader = reader;
	}

	/**
	 * Create a payload from text.
	 * @param json a JSON value
	 * @return the payload
	 */
	public static TaskPayload of(String json) {
		Assert.notNull(json, "'json' must not be null");
		return of(json.getBytes(StandardCharsets.UTF_8), PayloadReader.standard());
	}

	/**
	 * Create a payload from the bytes of a message.
	 * @param json a JSON value in UTF-8; the array becomes part of the payload and must
	 * not be changed afterwards
	 * @param reader reads the value on demand
	 * @return the payload
	 */
	public static TaskPayload of(byte[] json, PayloadReader reader) {
		return new TaskPayload(json, reader);
	}

	/**
	 * Return the value as a tree.
	 * @return the root of the tree
	 * @throws TaskPayloadException if the value cannot be read
	 * @throws TaskReferenceException if a part of the value cannot be fetched
	 */
	public JsonNode tree() {
		return read(JsonNode.class);
	}

	/**
	 * Return the value as an object.
	 * @param <T> the type of the object
	 * @param type the class of the object
	 * @return the object; {@code null} if the value is the JSON {@code null}
	 * @throws TaskPayloadException if the value does not fit the type
	 * @throws TaskReferenceException if a part of the value cannot be fetched
	 */
	public <T> T as(Class<T> type) {
		Assert.notNull(type, "'type' must not be null");
		return read(type);
	}

	/**
	 * Return the value as an object of a generic type.
	 * @param <T> the type of the object
	 * @param type the type of the object
	 * @return the object; {@code null} if the value is the JSON {@code null}
	 * @throws TaskPayloadException if the value does not fit the type
	 * @throws TaskReferenceException if a part of the value cannot be fetched
	 */
	public <T> T as(ParameterizedTypeReference<T> type) {
		Assert.notNull(type, "'type' must not be null");
		return read(type.getType());
	}

	private <T> T read(Type type) {
		return this.reader.read(ReferenceMarker.isIn(this.json) ? resolved() : this.json, type);
	}

	/**
	 * Claim checks are fetched once, and again only if their memory was reclaimed.
	 */
	private synchronized byte[] resolved() {
		byte[] known = (this.resolved != null) ? this.resolved.get() : null;
		if (known != null) {
			return known;
		}
		byte[] fetched = this.reader.resolve(this.json);
		this.resolved = new SoftReference<>(fetched);
		return fetched;
	}

	/**
	 * List the files, streams and callbacks in the value, at any depth. Nothing is
	 * fetched: a large value is listed itself, and what it contains is not.
	 * {@code resolve().references()} lists that too.
	 * @return the references with their places, at most 10,000
	 * @throws TaskPayloadException if the value is not valid JSON
	 */
	public TaskReferences references() {
		return ReferenceMarker.isIn(this.json) ? new ReferenceSearch(this.json, this.reader).run()
				: TaskReferences.NONE;
	}

	/**
	 * Return this value with its large values in the places of their claim checks, as
	 * {@link #tree()} and {@link #as(Class)} do. They are fetched if they are not in
	 * memory.
	 * @return the payload; this one if it has no claim checks
	 * @throws TaskReferenceException if a part of the value cannot be fetched
	 */
	public TaskPayload resolve() {
		byte[] resolved = ReferenceMarker.isIn(this.json) ? resolved() : this.json;
		return (resolved != this.json) ? new TaskPayload(resolved, this.reader) : this;
	}

	/**
	 * Return whether the value is the JSON {@code null}.
	 * @return whether there is nothing to read
	 */
	public boolean isNull() {
		return Arrays.equals(this.json, NULL);
	}

	/**
	 * Return the value as text, exactly as it came, with claim checks unresolved.
	 * @return the JSON text
	 */
	public String json() {
		return new String(this.json, StandardCharsets.UTF_8);
	}

	/**
	 * Return the size of the value.
	 * @return the length of its text in bytes
	 */
	public int size() {
		return this.json.length;
	}

	byte[] bytes() {
		return this.json;
	}

	@Override
	public boolean equals(@Nullable Object other) {
		return this == other || (other instanceof TaskPayload payload && Arrays.equals(this.json, payload.json));
	}

	@Override
	public int hashCode() {
		return Arrays.hashCode(this.json);
	}

	@Override
	public String toString() {
		return "TaskPayload[" + this.json.length + " bytes]";
	}

}
