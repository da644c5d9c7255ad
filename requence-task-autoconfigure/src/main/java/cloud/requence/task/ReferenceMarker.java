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

import java.nio.charset.StandardCharsets;

/**
 * The member that makes an object a reference to a value that is stored elsewhere.
 */
final class ReferenceMarker {

	static final String MEMBER = "__REQUENCE_type";

	private static final byte[] NAME = MEMBER.getBytes(StandardCharsets.US_ASCII);

	private ReferenceMarker() {
	}

	/**
	 * Return whether the name of the member occurs. Escaped spellings of it do not count:
	 * the platform sends none.
	 */
	static boolean isIn(byte[] json) {
		for (int i = 0; i <= json.length - NAME.length; i++) {
			if (json[i] == '_' && matches(json, i)) {
				return true;
			}
		}
		return false;
	}

	private static boolean matches(byte[] json, int start) {
		for (int i = 1; i < NAME.length; i++) {
			if (json[start + i] != NAME[i]) {
				return false;
			}
		}
		return true;
	}

}
