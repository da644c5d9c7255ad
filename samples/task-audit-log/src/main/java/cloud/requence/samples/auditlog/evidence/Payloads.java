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

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;

import cloud.requence.samples.auditlog.evidence.merkle.TreeHasher;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/**
 * What holds for every payload: its salted hash, and whether PostgreSQL can search it.
 * The canonical form of a payload is the JSON text as it was recorded, byte for byte.
 */
final class Payloads {

	/** 128 bits: after an erasure no one can try out what the payload may have been. */
	static final int SALT_LENGTH = 16;

	private static final int MAX_DEPTH = 500;

	private static final int MAX_NUMBER_LENGTH = 1000;

	private static final int MAX_EXPONENT = 5000;

	// PostgreSQL writes 1e5000 with all its digits, and a text of 1 GB is an error
	private static final int MAX_EXPONENTS = 100_000;

	private static final JsonFactory JSON = new JsonFactory();

	private Payloads() {
	}

	/**
	 * Return the hash that an entry has of its payload: SHA-256 of the salt followed by
	 * the payload.
	 */
	static byte[] hash(byte[] salt, byte[] canonical) {
		MessageDigest digest = TreeHasher.sha256();
		digest.update(salt);
		return digest.digest(canonical);
	}

	/**
	 * Return the text that becomes the {@code jsonb} of a payload: the payload itself, or
	 * null if it is not JSON or PostgreSQL does not take it as {@code jsonb}: U+0000 or
	 * half a surrogate pair in a string, numbers and depths beyond its limits. The answer
	 * depends on the bytes alone, so that a verification knows whether a body belongs to
	 * a payload.
	 */
	static @Nullable String searchable(byte[] canonical) {
		String text;
		try {
			text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(canonical)).toString();
		}
		catch (CharacterCodingException ex) {
			return null;
		}
		boolean escapes = text.contains("\\u");
		try (JsonParser parser = JSON.createParser(ObjectReadContext.empty(), text)) {
			int depth = 0;
			int exponents = 0;
			boolean complete = false;
			for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
				if (complete || !isSearchable(parser, token, escapes)) {
					return null;
				}
				depth += token.isStructStart() ? 1 : token.isStructEnd() ? -1 : 0;
				exponents += (token == JsonToken.VALUE_NUMBER_FLOAT) ? exponent(parser.getString()) : 0;
				if (depth > MAX_DEPTH || exponents > MAX_EXPONENTS) {
					return null;
				}
				complete = depth == 0;
			}
			return complete ? text : null;
		}
		catch (JacksonException ex) {
			return null;
		}
	}

	private static boolean isSearchable(JsonParser parser, JsonToken token, boolean escapes) {
		return switch (token) {
			case PROPERTY_NAME, VALUE_STRING -> !escapes || isText(parser.getString());
			case VALUE_NUMBER_INT -> parser.getStringLength() <= MAX_NUMBER_LENGTH;
			case VALUE_NUMBER_FLOAT -> isNumber(parser.getString());
			default -> true;
		};
	}

	private static boolean isText(String text) {
		return text.indexOf('\0') < 0 && StandardCharsets.UTF_8.newEncoder().canEncode(text);
	}

	private static boolean isNumber(String number) {
		return number.length() <= MAX_NUMBER_LENGTH && exponent(number) <= MAX_EXPONENT;
	}

	// Without its sign; one of more digits counts as too large
	private static int exponent(String number) {
		int exponent = Math.max(number.indexOf('e'), number.indexOf('E'));
		if (exponent < 0) {
			return 0;
		}
		String digits = number.substring(exponent + 1);
		return (digits.length() <= 6) ? Math.abs(Integer.parseInt(digits)) : Integer.MAX_VALUE;
	}

}
