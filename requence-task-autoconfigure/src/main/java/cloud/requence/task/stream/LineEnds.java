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
 * Finds the ends of lines, 32 bytes at a time.
 */
final class LineEnds {

	private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

	private static final long HIGH_BITS = 0x8080808080808080L;

	/** One more than carriage return: line ends are almost the only bytes below it. */
	private static final long LIMITS = 0x0e0e0e0e0e0e0e0eL;

	private LineEnds() {
	}

	/**
	 * Return the index of the first line feed or carriage return.
	 * @param bytes where to look
	 * @param from the first index
	 * @param to the index after the last one
	 * @return the index, or {@code to} if there is none
	 */
	static int find(byte[] bytes, int from, int to) {
		int index = from;
		while (index <= to - 32 && (belowLimit(bytes, index) | belowLimit(bytes, index + 8)
				| belowLimit(bytes, index + 16) | belowLimit(bytes, index + 24)) == 0) {
			index += 32;
		}
		for (; index <= to - 8; index += 8) {
			long found = belowLimit(bytes, index);
			while (found != 0) {
				int candidate = index + (Long.numberOfTrailingZeros(found) >>> 3);
				if (isLineEnd(bytes[candidate])) {
					return candidate;
				}
				found &= found - 1;
			}
		}
		while (index < to && !isLineEnd(bytes[index])) {
			index++;
		}
		return index;
	}

	// Has the high bit of every byte that is below the limit, and perhaps of some above
	// such a byte
	private static long belowLimit(byte[] bytes, int index) {
		long word = (long) LONGS.get(bytes, index);
		return (word - LIMITS) & ~word & HIGH_BITS;
	}

	private static boolean isLineEnd(byte value) {
		return value == '\n' || value == '\r';
	}

}
