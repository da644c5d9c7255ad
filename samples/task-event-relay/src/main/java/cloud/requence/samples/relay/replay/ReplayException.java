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

package cloud.requence.samples.relay.replay;

import org.jspecify.annotations.Nullable;

/**
 * A replay that has not ended as it should.
 */
public class ReplayException extends RuntimeException {

	private final int letters;

	ReplayException(String message, int letters, @Nullable Throwable cause) {
		super(message, cause);
		this.letters = letters;
	}

	/**
	 * Return how many letters were replayed before. Those of the last transaction are not
	 * counted, though its outcome may not be known.
	 * @return the number of letters
	 */
	public int letters() {
		return this.letters;
	}

}
