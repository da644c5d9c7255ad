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
import java.util.HexFormat;
import java.util.Locale;

import cloud.requence.samples.auditlog.entry.Entry;
import cloud.requence.samples.auditlog.search.FoundEntry;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonRawValue;
import org.jspecify.annotations.Nullable;

/**
 * An entry in the API. Members without a value are absent.
 *
 * @param sequence the index in the log
 * @param kind what the entry is about
 * @param happenedAt the time that filters and the order of pages refer to
 * @param position the platform's position of the update
 * @param updateId the platform's id of the update
 * @param platformTime when the platform says that it happened
 * @param recordedAt when it was recorded
 * @param taskId the task
 * @param rootTaskId the task that started the tree of tasks
 * @param taskName the name of the task
 * @param updateType the type of the update
 * @param nodeId the id of the node
 * @param nodeAlias the alias of the node
 * @param outcome how the task or the node ended
 * @param reason why
 * @param gapFromPosition the last position before a gap
 * @param gapToPosition the first position after a gap
 * @param gapFromTime the start of a gap
 * @param gapToTime the end of a gap
 * @param subject the entry that this one is about
 * @param payloadHash the salted SHA-256 of the payload
 * @param payloadSize the size of the payload in bytes
 * @param payloadState {@code none}, {@code stored} or {@code erased}
 * @param payload the payload, unless it is in a list or larger than 64 KB
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record ApiEntry(long sequence, String kind, Instant happenedAt, @Nullable Long position, @Nullable String updateId,
		@Nullable Instant platformTime, Instant recordedAt, @Nullable String taskId, @Nullable String rootTaskId,
		@Nullable String taskName, @Nullable String updateType, @Nullable String nodeId, @Nullable String nodeAlias,
		@Nullable String outcome, @Nullable String reason, @Nullable Long gapFromPosition, @Nullable Long gapToPosition,
		@Nullable Instant gapFromTime, @Nullable Instant gapToTime, @Nullable Long subject,
		@Nullable String payloadHash, int payloadSize, String payloadState, @JsonRawValue @Nullable String payload) {

	static ApiEntry of(FoundEntry found) {
		Entry entry = found.entry();
		byte[] hash = entry.payloadHash();
		return new ApiEntry(entry.sequence(), entry.kind().name(), found.happenedAt(), entry.position(),
				entry.updateId(), entry.platformTime(), entry.recordedAt(), entry.taskId(), entry.rootTaskId(),
				entry.taskName(), entry.updateType(), entry.nodeId(), entry.nodeAlias(), entry.outcome(),
				found.reason(), entry.gapFromPosition(), entry.gapToPosition(), entry.gapFromTime(), entry.gapToTime(),
				entry.subject(), (hash != null) ? HexFormat.of().formatHex(hash) : null, entry.payloadSize(),
				found.payload().name().toLowerCase(Locale.ROOT), found.body());
	}

}
