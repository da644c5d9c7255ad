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
import java.time.temporal.ChronoUnit;

import org.jspecify.annotations.Nullable;

/**
 * One row of the audit log: a leaf of its Merkle tree. Its values are those that
 * PostgreSQL returns: times are cut to microseconds, and are null outside the years 1 to
 * 9999; texts are cut to the length of their column, and characters that have no UTF-8
 * form, and U+0000, are replaced by U+FFFD.
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
 * @param reason why a gap exists, why a payload was erased or held, why a file has no
 * content; at most 1,000 characters. An update has its reason in the payload, which can
 * be erased
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

	private static final Instant FIRST_TIME = Instant.parse("0001-01-01T00:00:00Z");

	private static final Instant LAST_TIME = Instant.parse("9999-12-31T23:59:59.999999Z");

	/**
	 * Make the values those that the database returns: see the class.
	 */
	public Entry {
		updateId = text(updateId, 200);
		platformTime = time(platformTime);
		Instant recorded = time(recordedAt);
		if (recorded == null) {
			throw new IllegalArgumentException("The time of recording is outside the years 1 to 9999");
		}
		recordedAt = recorded;
		taskId = text(taskId, 200);
		rootTaskId = text(rootTaskId, 200);
		taskName = text(taskName, 400);
		updateType = text(updateType, 40);
		nodeId = text(nodeId, 200);
		nodeAlias = text(nodeAlias, 400);
		outcome = text(outcome, 20);
		reason = text(reason, 1000);
		gapFromTime = time(gapFromTime);
		gapToTime = time(gapToTime);
	}

	/**
	 * Return this entry at its place in the log.
	 * @param newSequence the index of the leaf
	 * @param newPayloadHash the salted hash of its payload
	 * @param newPayloadSize the size of its payload
	 * @return a copy
	 */
	public Entry at(long newSequence, byte @Nullable [] newPayloadHash, int newPayloadSize) {
		return new Entry(newSequence, this.kind, this.position, this.updateId, this.platformTime, this.recordedAt,
				this.taskId, this.rootTaskId, this.taskName, this.updateType, this.nodeId, this.nodeAlias, this.outcome,
				this.reason, this.gapFromPosition, this.gapToPosition, this.gapFromTime, this.gapToTime, this.subject,
				newPayloadHash, newPayloadSize);
	}

	private static @Nullable Instant time(@Nullable Instant time) {
		if (time == null || time.isBefore(FIRST_TIME) || time.isAfter(LAST_TIME)) {
			return null;
		}
		return time.truncatedTo(ChronoUnit.MICROS);
	}

	// PostgreSQL holds neither U+0000 nor half a surrogate pair, and UTF-8 has no form
	// for the latter.
	private static @Nullable String text(@Nullable String text, int maxLength) {
		if (text == null) {
			return null;
		}
		int length = text.length();
		if (length > maxLength) {
			length = Character.isHighSurrogate(text.charAt(maxLength - 1)) ? maxLength - 1 : maxLength;
		}
		StringBuilder cleaned = null;
		for (int i = 0; i < length; i++) {
			char c = text.charAt(i);
			boolean pair = Character.isHighSurrogate(c) && i + 1 < length
					&& Character.isLowSurrogate(text.charAt(i + 1));
			if (pair) {
				i++;
			}
			else if (c == 0 || Character.isSurrogate(c)) {
				cleaned = (cleaned != null) ? cleaned : new StringBuilder(text.substring(0, length));
				cleaned.setCharAt(i, '\uFFFD');
			}
		}
		return (cleaned != null) ? cleaned.toString() : text.substring(0, length);
	}

}
