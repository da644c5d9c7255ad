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

import org.jspecify.annotations.Nullable;

/**
 * What the log contains as a whole.
 *
 * @param size the number of entries
 * @param from when the first entry happened; {@code null} if there is none
 * @param to when the last entry happened
 * @param recordedAt when the last entry was recorded
 * @param gaps the number of gaps
 * @param firstGap when the first gap ended
 */
public record LogSummary(long size, @Nullable Instant from, @Nullable Instant to, @Nullable Instant recordedAt,
		long gaps, @Nullable Instant firstGap) {
}
