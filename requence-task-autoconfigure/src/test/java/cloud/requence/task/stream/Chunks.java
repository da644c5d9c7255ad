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
import java.util.Collection;
import java.util.TreeSet;

/**
 * Feeds a decoder in pieces.
 */
final class Chunks {

	private Chunks() {
	}

	static void whole(SseFrameDecoder decoder, byte[] bytes) {
		decoder.decode(ByteBuffer.wrap(bytes));
	}

	static void ofSize(SseFrameDecoder decoder, byte[] bytes, int size) {
		for (int start = 0; start < bytes.length; start += size) {
			decoder.decode(readOnly(bytes, start, Math.min(bytes.length, start + size)));
		}
	}

	static void cutAt(SseFrameDecoder decoder, byte[] bytes, Collection<Integer> cuts) {
		int start = 0;
		for (int cut : new TreeSet<>(cuts)) {
			if (cut > start && cut < bytes.length) {
				decoder.decode(readOnly(bytes, start, cut));
				start = cut;
			}
		}
		decoder.decode(readOnly(bytes, start, bytes.length));
	}

	// As the HTTP client of the JDK hands them out
	private static ByteBuffer readOnly(byte[] bytes, int start, int end) {
		return ByteBuffer.wrap(bytes, start, end - start).slice().asReadOnlyBuffer();
	}

}
