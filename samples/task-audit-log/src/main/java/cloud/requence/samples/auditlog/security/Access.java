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

package cloud.requence.samples.auditlog.security;

import java.time.Instant;

import org.jspecify.annotations.Nullable;

/**
 * A look at the log, or an export of it.
 *
 * @param id the number of the access
 * @param at when it was
 * @param user who it was
 * @param address the address of the client, of the proxy unless forwarded headers are
 * trusted
 * @param action what it was
 * @param query what was looked for: the parameters of the request
 * @param entries the number of entries that were sent; {@code null} if an export has
 * begun
 * @param startedBy the access that this one completes
 */
public record Access(long id, Instant at, String user, String address, Action action, String query,
		@Nullable Long entries, @Nullable Long startedBy) {

	/**
	 * What a user did.
	 */
	public enum Action {

		/** Looked for entries. */
		SEARCH,

		/** Looked at a task. */
		TASK,

		/** Looked at an entry. */
		ENTRY,

		/** Saved a payload. */
		PAYLOAD,

		/** Began an export. */
		EXPORT,

		/** Received the whole export. */
		EXPORT_COMPLETE,

		/** Received a part of the export. */
		EXPORT_FAILED,

		/** Looked at the state of the evidence, and at the tasks that are held. */
		EVIDENCE,

		/** Looked at this record. */
		ACCESS_LOG

	}

}
