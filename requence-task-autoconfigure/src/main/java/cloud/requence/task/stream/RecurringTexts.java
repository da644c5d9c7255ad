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
 * Short texts that recur, such as the names of tasks and the aliases of nodes: the many
 * that are kept share one string each. A text takes the place of another one that has the
 * same slot, which bounds the memory. Safe for use by several threads, each of which sees
 * a string or none.
 */
final class RecurringTexts {

	private static final int SLOTS = 512;

	private static final int MAX_LENGTH = 64;

	private final @Nullable String[] slots = new String[SLOTS];

	/**
	 * Return the text that valid UTF-8 stands for.
	 */
	String get(byte[] bytes, int start, int end) {
		int length = end - start;
		if (length > MAX_LENGTH) {
			return new String(bytes, start, length, StandardCharsets.UTF_8);
		}
		int hash = length;
		for (int i = start; i < end; i++) {
			hash = 31 * hash + bytes[i];
		}
		int slot = (hash ^ (hash >>> 16)) & (SLOTS - 1);
		String present = this.slots[slot];
		if (present != null && isAscii(present, bytes, start, length)) {
			return present;
		}
		String text = new String(bytes, start, length, StandardCharsets.UTF_8);
		this.slots[slot] = text;
		return text;
	}

	private static boolean isAscii(String text, byte[] bytes, int start, int length) {
		if (text.length() != length) {
			return false;
		}
		for (int i = 0; i < length; i++) {
			if (text.charAt(i) != bytes[start + i]) {
				return false;
			}
		}
		return true;
	}

}
