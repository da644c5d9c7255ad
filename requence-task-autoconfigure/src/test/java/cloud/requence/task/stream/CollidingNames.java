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

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Names of eight letters that have the same hash in Jackson's table of names, whatever
 * the seed of the table is.
 */
final class CollidingNames {

	/** The inverse of 33, by which the second half is multiplied, modulo 2^32. */
	private static final int INVERSE = 0x3e0f83e1;

	private CollidingNames() {
	}

	static List<String> first(int count) {
		List<String> names = new ArrayList<>();
		for (int i = 0; names.size() < count; i++) {
			int first = letters(i);
			int hash = first + (first >>> 15);
			hash ^= hash >>> 9;
			int second = (0x12345678 - hash) * INVERSE;
			if (isText(second)) {
				names.add(new String(ByteBuffer.allocate(8).putInt(first).putInt(second).array(),
						StandardCharsets.US_ASCII));
			}
		}
		return names;
	}

	private static int letters(int number) {
		int quad = 0;
		for (int rest = number, i = 0; i < 4; i++, rest /= 64) {
			quad = quad << 8 | ('0' + rest % 64 + ((rest % 64 >= 44) ? 1 : 0));
		}
		return quad;
	}

	private static boolean isText(int quad) {
		for (int shift = 0; shift < 32; shift += 8) {
			int letter = quad >>> shift & 0xff;
			if (letter < ' ' || letter > '~' || letter == '"' || letter == '\\') {
				return false;
			}
		}
		return true;
	}

}
