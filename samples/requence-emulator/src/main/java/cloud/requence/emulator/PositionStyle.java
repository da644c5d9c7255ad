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

package cloud.requence.emulator;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * How positions of the log become ids of events, and back.
 *
 * @param kind how
 * @param base where positions start again, for {@link Kind#RESTARTED}
 */
record PositionStyle(Kind kind, long base) {

	static final PositionStyle PLAIN = new PositionStyle(Kind.PLAIN, 0);

	private static final int GAP = 10;

	/**
	 * Return the frame of an entry with its id as clients see it. Frames with an id of
	 * their own stay as they are.
	 */
	byte[] apply(LogEntry entry) {
		byte[] line = ("id: " + entry.position() + "\n").getBytes(StandardCharsets.US_ASCII);
		byte[] text = entry.text();
		if (this.kind == Kind.PLAIN || text.length < line.length
				|| !Arrays.equals(text, 0, line.length, line, 0, line.length)) {
			return text;
		}
		byte[] newLine = line(entry.position()).getBytes(StandardCharsets.US_ASCII);
		byte[] result = Arrays.copyOf(newLine, newLine.length + text.length - line.length);
		System.arraycopy(text, line.length, result, newLine.length, text.length - line.length);
		return result;
	}

	/**
	 * Return the position in the log that a client means.
	 */
	long position(long id) {
		return switch (this.kind) {
			case GAPS -> Math.floorDiv(id, GAP);
			case SWAPPED -> swapped(id);
			case RESTARTED -> id + this.base;
			default -> id;
		};
	}

	private String line(long position) {
		return switch (this.kind) {
			case PLAIN -> "id: " + position + "\n";
			case NONE -> "";
			case TEXT -> "id: event-" + position + "\n";
			case GAPS -> "id: " + position * GAP + "\n";
			case SWAPPED -> "id: " + swapped(position) + "\n";
			case RESTARTED -> "id: " + ((position > this.base) ? position - this.base : position) + "\n";
		};
	}

	private static long swapped(long position) {
		return (position % 2 == 0) ? position - 1 : position + 1;
	}

	/** How positions become ids. */
	enum Kind {

		/** They are the ids. */
		PLAIN,

		/** Events have no ids. */
		NONE,

		/** Ids are no numbers. */
		TEXT,

		/** Each is ten times as large. */
		GAPS,

		/** Two neighbours each have changed places. */
		SWAPPED,

		/** Later ones start with 1 again. */
		RESTARTED

	}

}
