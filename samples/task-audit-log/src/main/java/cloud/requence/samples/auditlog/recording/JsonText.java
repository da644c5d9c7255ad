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
package cloud.requence.samples.auditlog.recording;

import java.nio.charset.StandardCharsets;

import org.jspecify.annotations.Nullable;

/**
 * Composes a JSON object of values that are JSON already and of texts. Values are copied
 * as they are: neither their numbers nor their escapes change.
 */
final class JsonText {

	private final StringBuilder json = new StringBuilder("{");

	JsonText value(String name, @Nullable String value) {
		if (value != null) {
			name(name);
			this.json.append(value);
		}
		return this;
	}

	JsonText text(String name, @Nullable String text) {
		if (text != null) {
			name(name);
			quote(text);
		}
		return this;
	}

	private void name(String name) {
		if (this.json.length() > 1) {
			this.json.append(',');
		}
		quote(name);
		this.json.append(':');
	}

	private void quote(String text) {
		this.json.append('"');
		for (int i = 0; i < text.length(); i++) {
			char c = text.charAt(i);
			if (c == '"' || c == '\\') {
				this.json.append('\\').append(c);
			}
			else if (c < ' ' || isHalf(text, i)) {
				this.json.append(String.format("\\u%04x", (int) c));
			}
			else {
				this.json.append(c);
			}
		}
		this.json.append('"');
	}

	/**
	 * Return whether a character is a half of one without its other half, which UTF-8
	 * cannot encode.
	 */
	static boolean isHalf(String text, int index) {
		char c = text.charAt(index);
		if (Character.isHighSurrogate(c)) {
			return index + 1 == text.length() || !Character.isLowSurrogate(text.charAt(index + 1));
		}
		return Character.isLowSurrogate(c) && (index == 0 || !Character.isHighSurrogate(text.charAt(index - 1)));
	}

	boolean isEmpty() {
		return this.json.length() == 1;
	}

	@Override
	public String toString() {
		return this.json + "}";
	}

	byte @Nullable [] toBytes() {
		return isEmpty() ? null : toString().getBytes(StandardCharsets.UTF_8);
	}

}
