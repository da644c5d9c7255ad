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
import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;

import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferUtils;

/**
 * What an HTTP client has read at once, in the form in which the client hands it over.
 */
final class ReceivedBytes {

	private final List<ByteBuffer> buffers;

	private final @Nullable DataBuffer pooled;

	private ReceivedBytes(List<ByteBuffer> buffers, @Nullable DataBuffer pooled) {
		this.buffers = buffers;
		this.pooled = pooled;
	}

	static ReceivedBytes of(List<ByteBuffer> buffers) {
		return new ReceivedBytes(buffers, null);
	}

	static ReceivedBytes of(DataBuffer buffer) {
		return new ReceivedBytes(List.of(), buffer);
	}

	/**
	 * Pass the bytes on, and release them.
	 */
	void passTo(StreamListener listener) {
		if (this.pooled == null) {
			listener.onBytes(this.buffers);
			return;
		}
		try (DataBuffer.ByteBufferIterator iterator = this.pooled.readableByteBuffers()) {
			List<ByteBuffer> views = new ArrayList<>(1);
			iterator.forEachRemaining(views::add);
			listener.onBytes(views);
		}
		finally {
			release();
		}
	}

	void release() {
		if (this.pooled != null) {
			DataBufferUtils.release(this.pooled);
		}
	}

}
