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
 * Makes access tokens as the platform does.
 */
public final class TestAccessTokens {

	private static final String ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+-";

	private TestAccessTokens() {
	}

	public static String api(String secret, String baseUrl) {
		return of("api", secret, baseUrl);
	}

	public static String of(String... parts) {
		StringBuilder bits = new StringBuilder();
		String.join("\uF6EE", parts)
			.chars()
			.forEach((unit) -> bits.append(String.format("%16s", Integer.toBinaryString(unit)).replace(' ', '0')));
		int padding = (6 - bits.length() % 6) % 6;
		bits.append("0".repeat(padding));
		StringBuilder token = new StringBuilder();
		for (int i = 0; i < bits.length(); i += 6) {
			token.append(ALPHABET.charAt(Integer.parseInt(bits.substring(i, i + 6), 2)));
		}
		return token.append(padding).toString();
	}

}
