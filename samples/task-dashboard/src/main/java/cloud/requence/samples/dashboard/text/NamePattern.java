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

import java.util.Arrays;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;

/**
 * Patterns of the names of tasks, with {@code *} for any text.
 */
public final class NamePattern {

	private static final String UUID = "[\\da-f]{8}(?:-[\\da-f]{4}){3}-[\\da-f]{12}";

	private static final String HEXADECIMAL = "(?<![\\p{L}\\d])(?=[a-f]*\\d)[\\da-f]{6,}(?![\\p{L}\\d])";

	private static final Pattern VARIABLE = Pattern.compile("(?i)" + UUID + "|" + HEXADECIMAL + "|\\d+");

	// Dates, times and versions are one thing
	private static final Pattern REPEATED = Pattern.compile("\\*[-.,:/_ *]*\\*");

	private NamePattern() {
	}

	/**
	 * Return the pattern that a name follows, which names share that differ in numbers,
	 * hexadecimal identifiers or UUIDs only.
	 * @param name the name
	 * @return the name with {@code *} for each of them, at most as long as the name
	 */
	public static String of(String name) {
		return REPEATED.matcher(VARIABLE.matcher(name).replaceAll("*")).replaceAll("*");
	}

	/**
	 * Return whether a name follows a pattern.
	 */
	public static boolean matches(String pattern, @Nullable String name) {
		String text = Objects.requireNonNullElse(name, "");
		String[] parts = pattern.split("\\*", -1);
		if (parts.length == 1) {
			return text.equals(pattern);
		}
		String last = parts[parts.length - 1];
		if (!text.startsWith(parts[0]) || !text.endsWith(last)) {
			return false;
		}
		int position = parts[0].length();
		for (int i = 1; i < parts.length - 1; i++) {
			int found = text.indexOf(parts[i], position);
			if (found < 0) {
				return false;
			}
			position = found + parts[i].length();
		}
		return position <= text.length() - last.length();
	}

	/**
	 * Return the same as a regular expression of Prometheus.
	 */
	public static String regex(String pattern) {
		return Arrays.stream(pattern.split("\\*", -1))
			.map((part) -> Pattern.compile("[.+*?()|\\[\\]{}^$\\\\]").matcher(part).replaceAll("\\\\$0"))
			.collect(Collectors.joining(".*"));
	}

}
