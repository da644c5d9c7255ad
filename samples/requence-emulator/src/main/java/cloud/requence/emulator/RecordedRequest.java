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

import java.time.Instant;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/**
 * A request that the emulator got.
 *
 * @param time when it was there, body included unless it is a file's or a stream's
 * @param method the method
 * @param path the path, base path included
 * @param headers the headers, the token included, under names in any case; several values
 * of one name joined by a comma
 * @param body the body as text, cut off after 64 K characters; empty when there was none,
 * and for files and streams
 */
public record RecordedRequest(Instant time, String method, String path, Map<String, String> headers, String body) {

	public RecordedRequest {
		Map<String, String> copy = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
		copy.putAll(headers);
		headers = Collections.unmodifiableMap(copy);
	}

	@Override
	public String toString() {
		return this.method + " " + this.path;
	}

}
