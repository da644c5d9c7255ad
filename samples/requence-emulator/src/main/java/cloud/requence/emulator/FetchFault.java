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

import cloud.requence.emulator.ConnectionFault.Break;
import org.jspecify.annotations.Nullable;

/**
 * What goes wrong with one fetch of a file, a stream, or a value behind a claim check.
 */
sealed interface FetchFault {

	/** An answer in place of the content. */
	record Answer(int status, Map<String, String> headers, byte[] body) implements FetchFault {
	}

	/** No answer, ever. */
	record StallHeaders() implements FetchFault {
	}

	/**
	 * The content, but in an odd way.
	 *
	 * @param contentType the content type if it is a wrong one; empty for none
	 * @param length the announced length if it is a wrong one
	 * @param unframed whether frames are not sent to clients that ask for them
	 * @param endless whether there is no end to it
	 * @param cut where it is interrupted, if it is
	 */
	record OddBody(@Nullable String contentType, @Nullable Long length, boolean unframed, boolean endless,
			@Nullable Cut cut) implements FetchFault {

		static final OddBody NONE = new OddBody(null, null, false, false, null);

	}

	/**
	 * Where and how a body is interrupted.
	 *
	 * @param kind how
	 * @param bytes after this many bytes
	 */
	record Cut(Break kind, long bytes) {
	}

}
