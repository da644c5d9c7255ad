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
 * What a server writes while there is no event, to keep the connection open.
 */
public enum Heartbeat {

	/**
	 * A comment.
	 */
	COMMENT(":\n"),

	/**
	 * An empty line.
	 */
	NEWLINE("\n"),

	/**
	 * An event without data, which clients must not see.
	 */
	EVENT_WITHOUT_DATA("event: heartbeat\n\n"),

	/**
	 * An event with data in JSON that is no update.
	 */
	JSON_PING("event: ping\ndata: {\"type\":\"ping\"}\n\n");

	private final String text;

	Heartbeat(String text) {
		this.text = text;
	}

	String text() {
		return this.text;
	}

}
