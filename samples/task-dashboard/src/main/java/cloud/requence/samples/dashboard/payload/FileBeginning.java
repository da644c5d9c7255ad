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

package cloud.requence.samples.dashboard.payload;

import org.jspecify.annotations.Nullable;

/**
 * The beginning of a file or a stream, as a browser sees it.
 *
 * @param text the beginning; {@code null} if it is no text
 * @param end whether this is the whole content, how much follows, or that it ends early
 * @param problem why it ends too early, in words
 */
record FileBeginning(@Nullable String text, End end, @Nullable String problem) {

	/**
	 * What comes after the beginning.
	 */
	enum End {

		/**
		 * Nothing.
		 */
		COMPLETE,

		/**
		 * More of it.
		 */
		MORE,

		/**
		 * More of it, which has not been written yet.
		 */
		OPEN,

		/**
		 * Something is missing.
		 */
		BROKEN

	}

}
