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
 * A JSON value that the emulator keeps, because it is too large for a message. Written as
 * JSON it becomes its reference, so that it may be put into inputs, data and results as
 * it is.
 *
 * @param url where the value can be fetched, without a token
 * @param size how many bytes the value's JSON has
 */
public record EmulatedClaimCheck(String url, long size) {

	/**
	 * Return the JSON object that stands for the value.
	 * @return a new object, which may be changed to make a bad reference
	 */
	@JsonValue
	public ObjectNode reference() {
		return References.addSize(References.create("ClaimCheck", this.url), this.size);
	}

}
