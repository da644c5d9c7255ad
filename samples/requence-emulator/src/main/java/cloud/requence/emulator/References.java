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

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * JSON objects that stand for what lives elsewhere.
 */
final class References {

	private static final String TAG = "__REQUENCE_type";

	private References() {
	}

	static ObjectNode create(String type, String url) {
		return JsonNodeFactory.instance.objectNode().put(TAG, type).put("url", url);
	}

	/**
	 * Add a size, as the number that JSON is read as: it then is equal to a received one.
	 */
	static ObjectNode addSize(ObjectNode reference, long size) {
		return (size == (int) size) ? reference.put("size", (int) size) : reference.put("size", size);
	}

	static boolean isReference(JsonNode value) {
		return value.path(TAG).isString();
	}

}
