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

package cloud.requence.samples.dashboard.text;

import org.jspecify.annotations.Nullable;

/**
 * Keeps text from the platform within bounds.
 */
public final class BoundedText {

	public static final int MAX_NAME = 200;

	public static final int MAX_MESSAGE = 2000;

	private BoundedText() {
	}

	public static String limit(String text, int max) {
		if (text.length() <= max) {
			return text;
		}
		return text.substring(0, Character.isHighSurrogate(text.charAt(max - 1)) ? max - 1 : max);
	}

	public static @Nullable String name(@Nullable String text) {
		return (text != null && !text.isBlank()) ? limit(text, MAX_NAME) : null;
	}

	public static @Nullable String message(@Nullable String text) {
		return (text != null && !text.isBlank()) ? limit(text, MAX_MESSAGE) : null;
	}

	/**
	 * Replace what PostgreSQL refuses: the character 0, and halves of surrogate pairs.
	 * @param text the text
	 * @return the text, the same unless something was replaced
	 */
	public static String clean(String text) {
		StringBuilder cleaned = null;
		for (int i = 0; i < text.length(); i++) {
			char c = text.charAt(i);
			if (Character.isHighSurrogate(c) && i + 1 < text.length() && Character.isLowSurrogate(text.charAt(i + 1))) {
				i++;
			}
			else if (c == 0 || Character.isSurrogate(c)) {
				cleaned = (cleaned != null) ? cleaned : new StringBuilder(text);
				cleaned.setCharAt(i, '\uFFFD');
			}
		}
		return (cleaned != null) ? cleaned.toString() : text;
	}

	public static int size(@Nullable String text) {
		return (text != null) ? text.length() * Character.BYTES : 0;
	}

}
