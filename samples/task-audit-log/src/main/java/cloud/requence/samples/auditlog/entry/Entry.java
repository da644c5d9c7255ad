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

package cloud.requence.samples.auditlog.entry;

import java.time.Instant;

import org.jspecify.annotations.Nullable;

/**
 * One row of the audit log: a leaf of its Merkle tree. Times are cut to microseconds,
 * which is what PostgreSQL keeps.
 *
 * @param sequence the index of the leaf, without a hole from 0
 * @param kind what the entry is about
 * @param position the platform's position of the update, if it has one
 * @param updateId the platform's id of the update
 * @param platformTime when the platform says that it happened
 * @param recordedAt when it was recorded
 * @param taskId the task
 * @param rootTaskId the task that started the tree of tasks
 * @param taskName the name of the task
 * @param updateType the type of the update as the platform names it
 * @param nodeId the id of the node
 * @param nodeAlias the alias of the node
 * @param outcome how the task or the node ended
 * @param reason why the task or the node failed, why a gap exists, why a payload was
 * erased; at most 1,000 characters
 * @param gapFromPosition the last position before a gap
 * @param gapToPosition the first position after a gap
 * @param gapFromTime the start of a gap
 * @param gapToTime the end of a gap
 * @param subject the sequence of the entry that an erasure is about
 * @param payloadHash the salted SHA-256 of the payload, 32 bytes; null if there is none
 * @param payloadSize the size of the payload in bytes as it was hashed, 0 if there is
 * none
 */
public record Entry(long sequence, EntryKind kind, @Nullable Long position, @Nullable String updateId,
		@Nullable Instant platformTime, Instant recordedAt, @Nullable String taskId, @Nullable String rootTaskId,
		@Nullable String taskName, @Nullable String updateType, @Nullable String nodeId, @Nullable String nodeAlias,
		@Nullable String outcome, @Nullable String reason, @Nullable Long gapFromPosition, @Nullable Long gapToPosition,
		@Nullable Instant gapFromTime, @Nullable Instant gapToTime, @Nullable Long subject,
		byte @Nullable [] payloadHash, int payloadSize) {
}
