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

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.HexFormat;

import org.jspecify.annotations.Nullable;

/**
 * Writes a JSON object in canonical form (RFC 8785), of which all values are strings.
 * Members are added in the order of their names; those without a value are absent.
 */
final class CanonicalJson {

	private static final HexFormat HEX = HexFormat.of();

	private final StringBuilder json = new StringBuilder(512);

	CanonicalJson number(String name, @Nullable Long value) {
		if (value != null) {
			name(name).append(value.longValue()).append('"');
		}
		return this;
	}

	CanonicalJson time(String name, @Nullable Instant value) {
		if (value != null) {
			LocalDateTime time = LocalDateTime.ofInstant(value, ZoneOffset.UTC);
			name(name);
			digits(time.getYear(), 4).append('-');
			digits(time.getMonthValue(), 2).append('-');
			digits(time.getDayOfMonth(), 2).append('T');
			digits(time.getHour(), 2).append(':');
			digits(time.getMinute(), 2).append(':');
			digits(time.getSecond(), 2).append('.');
			digits(time.getNano() / 1000, 6).append("Z\"");
		}
		return this;
	}

	private StringBuilder digits(int value, int width) {
		String digits = Integer.toString(value);
		return this.json.append("000000", 0, width - digits.length()).append(digits);
	}

	CanonicalJson text(String name, @Nullable String value) {
		if (value != null) {
			name(name);
			for (int i = 0; i < value.length(); i++) {
				character(value.charAt(i));
			}
			this.json.append('"');
		}
		return this;
	}

	/**
	 * Return the object.
	 * @return JSON in UTF-8
	 */
	byte[] toBytes() {
		return this.json.append('}').toString().getBytes(StandardCharsets.UTF_8);
	}

	private StringBuilder name(String name) {
		return this.json.append(this.json.isEmpty() ? '{' : ',').append('"').append(name).append("\":\"");
	}

	private void character(char c) {
		switch (c) {
			case '"' -> this.json.append("\\\"");
			case '\\' -> this.json.append("\\\\");
			case '\b' -> this.json.append("\\b");
			case '\f' -> this.json.append("\\f");
			case '\n' -> this.json.append("\\n");
			case '\r' -> this.json.append("\\r");
			case '\t' -> this.json.append("\\t");
			default -> {
				if (c < ' ') {
					this.json.append("\\u00").append(HEX.toHexDigits((byte) c));
				}
				else {
					this.json.append(c);
				}
			}
		}
	}

}
