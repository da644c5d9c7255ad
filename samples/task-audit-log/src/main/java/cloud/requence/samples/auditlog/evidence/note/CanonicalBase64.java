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

package cloud.requence.samples.auditlog.evidence.note;

import java.util.Base64;

/**
 * Decodes Base64 (RFC 4648) of which each text has one meaning and each meaning one text:
 * the bits that a last character does not need are zero.
 */
public final class CanonicalBase64 {

	private CanonicalBase64() {
	}

	/**
	 * Decode a text.
	 * @param text the text, with padding
	 * @return the bytes
	 * @throws IllegalArgumentException if encoding the bytes does not give the same text
	 */
	public static byte[] decode(String text) {
		byte[] bytes = Base64.getDecoder().decode(text);
		if (!Base64.getEncoder().encodeToString(bytes).equals(text)) {
			throw new IllegalArgumentException("Not canonical Base64");
		}
		return bytes;
	}

}
