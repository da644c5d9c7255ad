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

package cloud.requence.samples.auditlog.search;

import java.time.Instant;

import cloud.requence.samples.auditlog.entry.Entry;
import org.jspecify.annotations.Nullable;

/**
 * An entry as it is shown.
 *
 * @param entry the entry
 * @param happenedAt when it happened: the platform's time, or the end of a gap, or the
 * time of the recording
 * @param reason why the task or the node failed, as long as its payload is stored; of
 * other kinds than an update, the reason of the entry; {@code null} if there is none
 * @param payload the outcome of its payload
 * @param excerpt the beginning of the payload, or where it matches a text; {@code null}
 * if it has none or is large
 * @param body the whole payload; {@code null} if it has none or was not asked for
 */
public record FoundEntry(Entry entry, Instant happenedAt, @Nullable String reason, PayloadState payload,
		@Nullable String excerpt, @Nullable String body) {

	/** Precedes a word that matches in an excerpt. */
	public static final char MATCH = '\uE000';

	/** Follows a word that matches in an excerpt. */
	public static final char END_OF_MATCH = '\uE001';

	/**
	 * The outcome of a payload.
	 */
	public enum PayloadState {

		/** The entry never had one. */
		NONE,

		/** It is stored. */
		STORED,

		/** It was erased. */
		ERASED

	}

	/**
	 * Return the place of the entry.
	 * @return its cursor
	 */
	public EntryCursor cursor() {
		return new EntryCursor(this.happenedAt, this.entry.sequence());
	}

}
