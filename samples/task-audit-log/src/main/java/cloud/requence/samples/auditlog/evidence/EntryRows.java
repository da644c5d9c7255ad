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

package cloud.requence.samples.auditlog.evidence;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Objects;

import cloud.requence.samples.auditlog.entry.Entry;
import cloud.requence.samples.auditlog.entry.EntryKind;
import org.jspecify.annotations.Nullable;

/**
 * Reads entries from their table.
 */
final class EntryRows {

	/** All columns of an entry and its leaf hash, in the order of the record. */
	static final String COLUMNS = "sequence, kind, position, update_id, platform_time, recorded_at, task_id, "
			+ "root_task_id, task_name, update_type, node_id, node_alias, outcome, reason, gap_from_position, "
			+ "gap_to_position, gap_from_time, gap_to_time, subject, payload_hash, payload_size, leaf_hash";

	private EntryRows() {
	}

	/**
	 * Read the entry of a row with all {@link #COLUMNS}.
	 * @throws IllegalArgumentException if this application cannot have written it
	 */
	static Entry read(ResultSet row) throws SQLException {
		Instant recordedAt = time(row, 6);
		if (recordedAt == null) {
			throw new IllegalArgumentException("It was recorded at no time");
		}
		Instant platformTime = time(row, 5);
		Instant gapFromTime = time(row, 17);
		Instant gapToTime = time(row, 18);
		Entry entry = new Entry(row.getLong(1), EntryKind.valueOf(row.getString(2)), number(row, 3), row.getString(4),
				platformTime, recordedAt, row.getString(7), row.getString(8), row.getString(9), row.getString(10),
				row.getString(11), row.getString(12), row.getString(13), row.getString(14), number(row, 15),
				number(row, 16), gapFromTime, gapToTime, number(row, 19), row.getBytes(20), row.getInt(21));
		if (!Objects.equals(platformTime, entry.platformTime()) || !Objects.equals(gapFromTime, entry.gapFromTime())
				|| !Objects.equals(gapToTime, entry.gapToTime())) {
			throw new IllegalArgumentException("It has a time outside the years 1 to 9999");
		}
		return entry;
	}

	private static @Nullable Long number(ResultSet row, int column) throws SQLException {
		long value = row.getLong(column);
		return row.wasNull() ? null : value;
	}

	private static @Nullable Instant time(ResultSet row, int column) throws SQLException {
		OffsetDateTime value = row.getObject(column, OffsetDateTime.class);
		return (value != null) ? value.toInstant() : null;
	}

}
