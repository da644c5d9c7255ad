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

import com.fasterxml.jackson.annotation.JsonValue;
import tools.jackson.databind.node.ObjectNode;

/**
 * A file that the emulator keeps. Written as JSON it becomes its reference, so that it
 * may be put into inputs, data and results as it is.
 *
 * @param url where it can be fetched, without a token
 * @param mime its media type
 * @param size how many bytes it has
 */
public record EmulatedFile(String url, String mime, long size) {

	/**
	 * Return the JSON object that stands for this file in a value.
	 * @return a new object, which may be changed to make a bad reference
	 */
	@JsonValue
	public ObjectNode reference() {
		return References.addSize(References.create("RequenceFile", this.url).put("mime", this.mime), this.size);
	}

}
