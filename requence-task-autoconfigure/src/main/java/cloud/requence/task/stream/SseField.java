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
import java.util.Arrays;

import org.jspecify.annotations.Nullable;

/**
 * The fields of an event stream that mean something. All other lines are comments, or
 * fields to be ignored.
 */
enum SseField {

	DATA("data"), EVENT("event"), ID("id"), RETRY("retry");

	private final byte[] name;

	SseField(String name) {
		this.name = name.getBytes(StandardCharsets.US_ASCII);
	}

	/**
	 * Return the field of a complete line.
	 */
	static @Nullable SseField of(byte[] bytes, int start, int end) {
		SseField field = candidate(bytes[start]);
		return (field != null && end - start >= field.name.length && field.agrees(bytes, start, end)) ? field : null;
	}

	/**
	 * Return the field that a line belongs to or, if its name is not complete yet, may
	 * come to belong to.
	 */
	static @Nullable SseField ofUnfinished(byte[] bytes, int start, int end) {
		SseField field = candidate(bytes[start]);
		return (field != null && field.agrees(bytes, start, end)) ? field : null;
	}

	// No two names begin with the same letter
	private static @Nullable SseField candidate(byte first) {
		return switch (first) {
			case 'd' -> DATA;
			case 'e' -> EVENT;
			case 'i' -> ID;
			case 'r' -> RETRY;
			default -> null;
		};
	}

	private boolean agrees(byte[] bytes, int start, int end) {
		int length = Math.min(this.name.length, end - start);
		int colon = start + this.name.length;
		return Arrays.equals(bytes, start, start + length, this.name, 0, length)
				&& (colon >= end || bytes[colon] == ':');
	}

	int nameLength() {
		return this.name.length;
	}

	/**
	 * Return where the value of a line of this field starts: after the colon and one
	 * space, or at the end of the line.
	 */
	int valueStart(byte[] bytes, int start, int end) {
		int value = start + this.name.length + 1;
		if (value < end && bytes[value] == ' ') {
			value++;
		}
		return Math.min(value, end);
	}

}
