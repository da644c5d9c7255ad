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

package cloud.requence.task.stream;

import java.nio.charset.StandardCharsets;
import java.util.Collection;

import org.jspecify.annotations.Nullable;

/**
 * Names that are expected, so that they need not be made from bytes each time.
 */
final class KnownNames {

	/** By length. */
	private final Name[][] names;

	KnownNames(Collection<String> names) {
		int longest = names.stream().mapToInt(String::length).max().orElse(0);
		this.names = new Name[longest + 1][];
		for (int i = 0; i <= longest; i++) {
			int length = i;
			this.names[i] = names.stream()
				.filter((name) -> name.length() == length)
				.map(Name::new)
				.toArray(Name[]::new);
		}
	}

	/**
	 * Return the name that the bytes spell.
	 * @return the name; {@code null} if it is not among the known ones
	 */
	@Nullable String find(byte[] bytes, int start, int end) {
		int length = end - start;
		if (length < this.names.length) {
			for (Name name : this.names[length]) {
				if (name.matches(bytes, start)) {
					return name.text;
				}
			}
		}
		return null;
	}

	private static final class Name {

		private final String text;

		private final byte[] ascii;

		Name(String text) {
			this.text = text;
			this.ascii = text.getBytes(StandardCharsets.US_ASCII);
		}

		// Backwards, as many begin alike
		boolean matches(byte[] bytes, int start) {
			for (int i = this.ascii.length - 1; i >= 0; i--) {
				if (bytes[start + i] != this.ascii[i]) {
					return false;
				}
			}
			return true;
		}

	}

}
