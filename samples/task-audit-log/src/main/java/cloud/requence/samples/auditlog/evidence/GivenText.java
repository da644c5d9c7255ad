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

package cloud.requence.samples.auditlog.evidence;

import org.jspecify.annotations.Nullable;

import org.springframework.util.StringUtils;

/**
 * Checks what auditors write before it becomes an entry.
 */
final class GivenText {

	private GivenText() {
	}

	/**
	 * Check the id of a task.
	 * @throws IllegalArgumentException if an entry cannot have it
	 */
	static String task(@Nullable String text) {
		return check(text, 200, "The id of a task");
	}

	/**
	 * Check a reason.
	 * @throws IllegalArgumentException if an entry cannot have it
	 */
	static String reason(@Nullable String text) {
		return check(text, 1000, "A reason");
	}

	// PostgreSQL has no text with U+0000
	private static String check(@Nullable String text, int maxLength, String what) {
		if (!StringUtils.hasText(text) || text.length() > maxLength) {
			throw new IllegalArgumentException(what + " of at most " + maxLength + " characters is needed");
		}
		if (text.indexOf('\0') >= 0) {
			throw new IllegalArgumentException(what + " has the character U+0000");
		}
		return text;
	}

}
