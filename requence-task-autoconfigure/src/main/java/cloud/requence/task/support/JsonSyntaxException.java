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

/**
 * Bytes are not valid JSON. The message contains none of them.
 */
public final class JsonSyntaxException extends Exception {

	private final boolean truncated;

	JsonSyntaxException(boolean truncated) {
		// Without a stack trace: a stream may be full of them
		super(truncated ? "The JSON is truncated" : "The JSON is not valid", null, false, false);
		this.truncated = truncated;
	}

	/**
	 * Return whether the end is missing.
	 * @return {@code true} if what is there could be the start of valid JSON
	 */
	public boolean isTruncated() {
		return this.truncated;
	}

}
