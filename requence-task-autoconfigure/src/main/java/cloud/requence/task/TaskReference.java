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

import java.util.Objects;

import org.jspecify.annotations.Nullable;

import org.springframework.util.Assert;

/**
 * A place in a payload whose value is stored elsewhere: a file, a stream, a large value,
 * or the function of a service. Listed by {@link TaskPayload#references()} without
 * fetching anything.
 * <p>
 * Immutable and safe for use by several threads, apart from the position of
 * {@link #stream()}, which {@link TaskStream#getInputStream()} does not change. Two are
 * equal if they are at the same place and refer to the same value.
 */
public final class TaskReference {

	private final String path;

	private final Kind kind;

	private final @Nullable String name;

	private final @Nullable String mimeType;

	private final @Nullable Long size;

	private final @Nullable Object value;

	private TaskReference(String path, Kind kind, @Nullable String name, @Nullable String mimeType, @Nullable Long size,
			@Nullable Object value) {
		Assert.notNull(path, "'path' must not be null");
		this.path = path;
		this.kind = kind;
		this.name = name;
		this.mimeType = mimeType;
		this.size = size;
		this.value = value;
	}

	static TaskReference to(String path, TaskFile file) {
		return new TaskReference(path, Kind.FILE, file.getFilename(), file.mimeType(), file.contentLength(), file);
	}

	static TaskReference to(String path, TaskStream stream) {
		return new TaskReference(path, Kind.STREAM, null, stream.mimeType(), null, stream);
	}

	static TaskReference to(String path, TaskCallback callback) {
		return new TaskReference(path, Kind.CALLBACK, callback.name(), null, null, callback);
	}

	static TaskReference toLargeValue(String path, long size) {
		return new TaskReference(path, Kind.LARGE_VALUE, null, null, size, null);
	}

	/**
	 * Return where the reference is in the payload.
	 * @return a JSON pointer, such as {@code /documents/0}, to be used with
	 * {@link tools.jackson.databind.JsonNode#at(String) JsonNode.at}; empty if the whole
	 * payload is the reference
	 */
	public String path() {
		return this.path;
	}

	/**
	 * Return what it refers to.
	 * @return the kind
	 */
	public Kind kind() {
		return this.kind;
	}

	/**
	 * Return the name of the file, which is the last part of its address, or of the
	 * function.
	 * @return the name as it came; {@code null} if it is unknown
	 */
	public @Nullable String name() {
		return this.name;
	}

	/**
	 * Return the type of the content of a file or stream, such as {@code image/png}.
	 * @return the type that the platform states; {@code null} for other kinds
	 */
	public @Nullable String mimeType() {
		return this.mimeType;
	}

	/**
	 * Return the size of the file or large value.
	 * @return the size in bytes that the platform states; {@code null} for other kinds
	 */
	public @Nullable Long size() {
		return this.size;
	}

	/**
	 * Return the file.
	 * @return the file, fetched when it is opened; {@code null} for other kinds
	 */
	public @Nullable TaskFile file() {
		return (this.value instanceof TaskFile file) ? file : null;
	}

	/**
	 * Return the stream.
	 * @return the stream, fetched when it is read; {@code null} for other kinds
	 */
	public @Nullable TaskStream stream() {
		return (this.value instanceof TaskStream stream) ? stream : null;
	}

	/**
	 * Return the function of a service.
	 * @return the function; {@code null} for other kinds
	 */
	public @Nullable TaskCallback callback() {
		return (this.value instanceof TaskCallback callback) ? callback : null;
	}

	@Override
	public boolean equals(@Nullable Object other) {
		return this == other
				|| (other instanceof TaskReference that && this.path.equals(that.path) && this.kind == that.kind
						&& Objects.equals(this.size, that.size) && Objects.equals(this.value, that.value));
	}

	@Override
	public int hashCode() {
		return Objects.hash(this.path, this.kind, this.size, this.value);
	}

	/**
	 * Contains kind and size only, as payloads do not belong in logs.
	 */
	@Override
	public String toString() {
		return "TaskReference[" + this.kind + ((this.size != null) ? ", " + this.size + " bytes]" : "]");
	}

	/**
	 * What a reference can refer to.
	 */
	public enum Kind {

		/** A file. */
		FILE,

		/** A stream of bytes. */
		STREAM,

		/** The function of a service, which cannot be called. */
		CALLBACK,

		/**
		 * A value that was too large for the message. {@link TaskPayload#resolve()} puts
		 * it in the place of the reference.
		 */
		LARGE_VALUE

	}

}
