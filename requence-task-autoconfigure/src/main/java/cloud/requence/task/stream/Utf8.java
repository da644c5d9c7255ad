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

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Checks whether bytes are valid UTF-8, without decoding them.
 */
final class Utf8 {

	private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

	private static final long HIGH_BITS = 0x8080808080808080L;

	private Utf8() {
	}

	static boolean isValid(byte[] bytes, int from, int to) {
		int index = from;
		while (true) {
			index = skipAscii(bytes, index, to);
			if (index == to) {
				return true;
			}
			int length = sequenceLength(bytes, index, to);
			if (length == 0) {
				return false;
			}
			index += length;
		}
	}

	private static int skipAscii(byte[] bytes, int from, int to) {
		int index = from;
		while (index <= to - 32 && (((long) LONGS.get(bytes, index) | (long) LONGS.get(bytes, index + 8)
				| (long) LONGS.get(bytes, index + 16) | (long) LONGS.get(bytes, index + 24)) & HIGH_BITS) == 0) {
			index += 32;
		}
		while (index < to && bytes[index] >= 0) {
			index++;
		}
		return index;
	}

	// Zero for what is no character: stray and missing continuations, overlong forms,
	// surrogates, and what lies beyond Unicode
	private static int sequenceLength(byte[] bytes, int index, int to) {
		int first = bytes[index] & 0xff;
		int length = (first < 0xe0) ? 2 : (first < 0xf0) ? 3 : 4;
		if (first < 0xc2 || first > 0xf4 || to - index < length) {
			return 0;
		}
		int second = bytes[index + 1] & 0xff;
		int lowest = (first == 0xe0) ? 0xa0 : (first == 0xf0) ? 0x90 : 0x80;
		int highest = (first == 0xed) ? 0x9f : (first == 0xf4) ? 0x8f : 0xbf;
		if (second < lowest || second > highest) {
			return 0;
		}
		for (int i = index + 2; i < index + length; i++) {
			if ((bytes[i] & 0xc0) != 0x80) {
				return 0;
			}
		}
		return length;
	}

}
