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

package cloud.requence.samples.relay.publishing;

/**
 * The names of the headers of a record. Their values are texts in UTF-8.
 */
public final class RecordHeaders {

	/** The version of the schema of the value. */
	public static final String SCHEMA_VERSION = "schema-version";

	/** The type of the update, as on the wire. */
	public static final String TYPE = "type";

	/** The position of the update, missing if it has none. */
	public static final String POSITION = "position";

	/** The identifier of the update, missing if it has none. */
	public static final String UPDATE_ID = "update-id";

	/** Whether the context of the task is incomplete: {@code true} or {@code false}. */
	public static final String INCOMPLETE = "incomplete";

	private RecordHeaders() {
	}

}
