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

package cloud.requence.samples.auditlog.web;

import java.time.Instant;

import org.jspecify.annotations.Nullable;

/**
 * What is known of the evidence, for the head of each page.
 *
 * @param verified the last verification; {@code null} if there was none
 * @param anchored the newest head that is stored elsewhere; {@code null} if there is none
 */
public record EvidenceStatus(@Nullable Verification verified, @Nullable Anchor anchored) {

	/**
	 * A verification.
	 *
	 * @param at when it ended
	 * @param size the number of entries that it covered
	 * @param problem what does not fit; {@code null} if everything fits
	 */
	public record Verification(Instant at, long size, @Nullable String problem) {
	}

	/**
	 * A head of the log that is stored elsewhere.
	 *
	 * @param at when it was stored
	 * @param size the number of entries that it covers
	 */
	public record Anchor(Instant at, long size) {
	}

}
