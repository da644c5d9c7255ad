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

package cloud.requence.emulator;

/**
 * Writes access tokens the way the platform hands them out.
 */
final class AccessTokens {

	private static final char SEPARATOR = '\uF6EE';

	private static final String ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+-";

	private AccessTokens() {
	}

	static String encode(String secret, String baseUrl) {
		String plain = "api" + SEPARATOR + secret + SEPARATOR + baseUrl;
		StringBuilder token = new StringBuilder(plain.length() * 3);
		int bits = 0;
		int held = 0;
		for (char unit : plain.toCharArray()) {
			held = (held << 16) | unit;
			bits += 16;
			while (bits >= 6) {
				bits -= 6;
				token.append(ALPHABET.charAt((held >> bits) & 0x3F));
			}
			held &= (1 << bits) - 1;
		}
		int padding = (bits > 0) ? 6 - bits : 0;
		if (padding > 0) {
			token.append(ALPHABET.charAt((held << padding) & 0x3F));
		}
		return token.append(padding).toString();
	}

}
