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

import org.jspecify.annotations.Nullable;

/**
 * An event of the stream as it is on the wire: a view into the decoder's memory, valid
 * only while {@link SseFrameConsumer#onFrame(SseFrame)} runs.
 */
public final class SseFrame {

	static final String DEFAULT_TYPE = "message";

	private static final byte[] NO_BYTES = {};

	private byte[] bytes = NO_BYTES;

	private int offset;

	private int length;

	private String type = DEFAULT_TYPE;

	private @Nullable Long position;

	private int size;

	private final SseEventId lastEventId;

	SseFrame(SseEventId lastEventId) {
		this.lastEventId = lastEventId;
	}

	void set(byte[] bytes, int offset, int length, String type, @Nullable Long position, int size) {
		this.bytes = bytes;
		this.offset = offset;
		this.length = length;
		this.type = type;
		this.position = position;
		this.size = size;
	}

	// The decoder may release the array that contains the data
	void clear() {
		set(NO_BYTES, 0, 0, DEFAULT_TYPE, null, 0);
	}

	/**
	 * Return the type of the event.
	 * @return the type, {@code message} if the event had none; not bounded and not
	 * escaped
	 */
	public String type() {
		return this.type;
	}

	/**
	 * Return the number in the event's own {@code id} field.
	 * @return the number; {@code null} if the event had no such field or if it is no
	 * integer from 0 to 2^53
	 */
	public @Nullable Long position() {
		return this.position;
	}

	/**
	 * Return the identifier of this event or else of the last one before it that had one.
	 * @return the identifier, empty if there was none
	 */
	public String lastEventId() {
		return this.lastEventId.toString();
	}

	/**
	 * Return the size of the event's fields.
	 * @return the size in bytes
	 */
	public int size() {
		return this.size;
	}

	/**
	 * Return the data as text. Bytes that are no UTF-8 are replaced.
	 * @return the text, the lines separated by line feeds
	 */
	public String data() {
		return new String(this.bytes, this.offset, this.length, StandardCharsets.UTF_8);
	}

	/**
	 * Return the array that holds the data, not to be changed or kept.
	 */
	byte[] bytes() {
		return this.bytes;
	}

	int offset() {
		return this.offset;
	}

	int length() {
		return this.length;
	}

	@Override
	public String toString() {
		return "SseFrame[" + this.length + " bytes]";
	}

}
