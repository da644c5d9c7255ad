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

package cloud.requence.samples.dashboard.board;

import org.jspecify.annotations.Nullable;

import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.PooledDataBuffer;

/**
 * Knows whether the last message to a browser has left. A server releases what it has
 * written, and not before, so nothing else has to be known of it. For use by one thread
 * at a time.
 */
final class Outbox {

	private @Nullable DataBuffer last;

	DataBuffer put(DataBuffer message) {
		this.last = message;
		return message;
	}

	boolean isEmpty() {
		return !(this.last instanceof PooledDataBuffer pooled && pooled.isAllocated());
	}

}
