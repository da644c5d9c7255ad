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

import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * What goes wrong with one connection.
 */
sealed interface ConnectionFault {

	/** An answer in place of a stream. */
	record Answer(int status, Map<String, String> headers, String body) implements ConnectionFault {
	}

	/** Closed as soon as the request was read. */
	record Refuse() implements ConnectionFault {
	}

	/** No answer, ever. */
	record StallHeaders() implements ConnectionFault {
	}

	/** An unusual or interrupted stream. */
	record OddStream(String contentType, boolean gzip, byte[] prefix, @Nullable Cut cut) implements ConnectionFault {

		private static final byte[] NOTHING = new byte[0];

		static final OddStream NONE = new OddStream("text/event-stream", false, NOTHING, null);

		static OddStream of(String contentType) {
			return new OddStream(contentType, false, NOTHING, null);
		}

		static OddStream gzipped() {
			return new OddStream("text/event-stream", true, NOTHING, null);
		}

		static OddStream startingWith(byte[] prefix) {
			return new OddStream("text/event-stream", false, prefix.clone(), null);
		}

		static OddStream cut(Break kind, int events, int bytes) {
			return new OddStream("text/event-stream", false, NOTHING, new Cut(kind, events, bytes));
		}

	}

	/**
	 * Where and how a stream is interrupted.
	 *
	 * @param kind how
	 * @param events after this many whole events
	 * @param bytes and this many bytes of the next one
	 */
	record Cut(Break kind, int events, int bytes) {

	}

	/** How a stream is interrupted. */
	enum Break {

		/** The response ends as it should. */
		END,

		/** The connection closes without the last chunk. */
		DROP,

		/** The connection is reset. */
		RESET,

		/** Nothing more comes, the connection stays. */
		STALL

	}

}
