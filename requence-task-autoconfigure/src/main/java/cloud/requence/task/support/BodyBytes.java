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

package cloud.requence.task.support;

import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferUtils;

/**
 * Reads bodies of responses into memory.
 */
public final class BodyBytes {

	private BodyBytes() {
	}

	/**
	 * Read a body.
	 * @param body the body, whose buffers are released
	 * @param maxSize the size up to which it is read
	 * @return the bytes, none for an empty body; a
	 * {@link org.springframework.core.io.buffer.DataBufferLimitException} if there are
	 * too many
	 */
	public static Mono<byte[]> read(Flux<DataBuffer> body, int maxSize) {
		return DataBufferUtils.join(body, maxSize).map(BodyBytes::take).defaultIfEmpty(new byte[0]);
	}

	private static byte[] take(DataBuffer buffer) {
		try {
			byte[] bytes = new byte[buffer.readableByteCount()];
			buffer.read(bytes);
			return bytes;
		}
		finally {
			DataBufferUtils.release(buffer);
		}
	}

}
