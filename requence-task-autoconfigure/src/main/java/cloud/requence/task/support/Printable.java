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

import java.util.regex.Pattern;

/**
 * Makes texts from the wire safe for log lines and exception messages.
 */
public final class Printable {

	private static final int MAX_NAME_LENGTH = 100;

	/** Controls, invisible formatting, line separators, halves of characters. */
	private static final Pattern UNPRINTABLE = Pattern.compile("[\\p{Cc}\\p{Cf}\\p{Zl}\\p{Zp}\\p{Cs}]");

	private Printable() {
	}

	/**
	 * Return a name or an identifier for people to read.
	 * @param name the name as it came
	 * @return the name, cut to 100 characters, each that cannot be printed replaced
	 */
	public static String name(String name) {
		return name(name, MAX_NAME_LENGTH);
	}

	/**
	 * Return a name or an identifier for people to read.
	 * @param name the name as it came
	 * @param maxLength the number of characters to cut it to
	 * @return the name, each character that cannot be printed replaced
	 */
	public static String name(String name, int maxLength) {
		if (name.length() <= maxLength && isPlain(name)) {
			return name;
		}
		String start = (name.length() > maxLength) ? name.substring(0, maxLength) : name;
		return UNPRINTABLE.matcher(start).replaceAll("?");
	}

	private static boolean isPlain(String name) {
		for (int i = 0; i < name.length(); i++) {
			if (name.charAt(i) < ' ' || name.charAt(i) > '~') {
				return false;
			}
		}
		return true;
	}

}
