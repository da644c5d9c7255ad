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

package cloud.requence.task;

/**
 * The encoding of access tokens: UTF-16 code units as bits, in groups of six, each of
 * them a character, followed by a digit with the number of padding bits.
 */
final class AccessTokenEncoding {

	private static final String ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+-";

	private static final int GROUP_BITS = 6;

	private static final int UNIT_BITS = Character.SIZE;

	private AccessTokenEncoding() {
	}

	static String encode(String plain) {
		StringBuilder encoded = new StringBuilder(plain.length() * 3);
		int buffer = 0;
		int buffered = 0;
		for (int i = 0; i < plain.length(); i++) {
			buffer = (buffer << UNIT_BITS) | plain.charAt(i);
			buffered += UNIT_BITS;
			while (buffered >= GROUP_BITS) {
				buffered -= GROUP_BITS;
				encoded.append(ALPHABET.charAt(buffer >>> buffered));
				buffer &= (1 << buffered) - 1;
			}
		}
		int padding = (buffered > 0) ? GROUP_BITS - buffered : 0;
		if (padding > 0) {
			encoded.append(ALPHABET.charAt(buffer << padding));
		}
		return encoded.append(padding).toString();
	}

	static String decode(String encoded) {
		int groups = encoded.length() - 1;
		int padding = encoded.charAt(groups) - '0';
		int bits = groups * GROUP_BITS - padding;
		if (padding < 0 || padding >= GROUP_BITS || bits <= 0 || bits % UNIT_BITS != 0) {
			throw new InvalidAccessTokenException(
					"The access token is malformed: it seems to be cut off," + " or to be no access token of Requence");
		}
		StringBuilder decoded = new StringBuilder(bits / UNIT_BITS);
		int buffer = 0;
		int buffered = 0;
		for (int i = 0; i < groups; i++) {
			buffer = (buffer << GROUP_BITS) | valueOf(encoded, i);
			buffered += GROUP_BITS;
			if (buffered >= UNIT_BITS) {
				buffered -= UNIT_BITS;
				decoded.append((char) (buffer >>> buffered));
				buffer &= (1 << buffered) - 1;
			}
		}
		if (buffer != 0) {
			throw new InvalidAccessTokenException("The access token is malformed: its end does not fit");
		}
		return decoded.toString();
	}

	private static int valueOf(String encoded, int index) {
		int value = ALPHABET.indexOf(encoded.charAt(index));
		if (value < 0) {
			throw new InvalidAccessTokenException("The access token is malformed: character " + (index + 1)
					+ " is not one that an access token can have");
		}
		return value;
	}

}
