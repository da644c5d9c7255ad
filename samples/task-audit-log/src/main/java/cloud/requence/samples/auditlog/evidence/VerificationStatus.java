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

import javax.sql.DataSource;

import org.jspecify.annotations.Nullable;

import org.springframework.jdbc.core.JdbcTemplate;

/**
 * How far the log is verified and anchored, whichever instance has done that.
 */
public class VerificationStatus {

	private final JdbcTemplate jdbc;

	VerificationStatus(DataSource dataSource) {
		this.jdbc = new JdbcTemplate(dataSource);
	}

	/**
	 * Return the last verification.
	 * @return what it has found; null if there was none
	 */
	public @Nullable Verified verified() {
		return this.jdbc
			.query("""
					select last.verified_at, last.size, last.anchored_size, whole.verified_at, whole.size,
						failed.verified_at, failed.fault_count, failed.first_fault, last.fault_count = 0
					from (select * from verification order by id desc limit 1) last
					left join (select id, verified_at, size from verification where from_size = 0
						order by id desc limit 1) whole on true
					left join lateral (select verified_at, fault_count, first_fault from verification
						where fault_count > 0 and id >= coalesce(whole.id, 0) order by id limit 1) failed on true""",
					(row, number) -> new Verified(row.getObject(1, OffsetDateTime.class).toInstant(), row.getLong(2),
							row.getLong(3), time(row, 4), row.getLong(5), failure(row)))
			.stream()
			.findFirst()
			.orElse(null);
	}

	/**
	 * Return the newest tree head that is stored elsewhere.
	 * @return the head; null if there is none
	 */
	public @Nullable Anchored anchored() {
		return this.jdbc
			.query("select anchored_at, size, target from anchor order by size desc, anchored_at desc limit 1",
					(row, number) -> new Anchored(row.getObject(1, OffsetDateTime.class).toInstant(), row.getLong(2),
							row.getString(3)))
			.stream()
			.findFirst()
			.orElse(null);
	}

	private static @Nullable Failure failure(ResultSet row) throws SQLException {
		Instant at = time(row, 6);
		return (at != null) ? new Failure(at, row.getLong(7), row.getString(8), row.getBoolean(9)) : null;
	}

	private static @Nullable Instant time(ResultSet row, int column) throws SQLException {
		OffsetDateTime time = row.getObject(column, OffsetDateTime.class);
		return (time != null) ? time.toInstant() : null;
	}

	/**
	 * A verification. It says of the entries before {@code wholeSize} what was found at
	 * {@code wholeAt}, and not at {@code at}, unless it was one of everything.
	 *
	 * @param at when it ended
	 * @param size the number of entries up to which the log is verified
	 * @param anchoredSize the size of the newest anchor that it has compared
	 * @param wholeAt when everything was last verified; null if it never was
	 * @param wholeSize the number of entries that everything was
	 * @param failure the first verification that has found a fault, the last one of
	 * everything or one since then; null if none has
	 */
	public record Verified(Instant at, long size, long anchoredSize, @Nullable Instant wholeAt, long wholeSize,
			@Nullable Failure failure) {

		/**
		 * Return whether this is a verification of everything.
		 * @return whether no entry was verified at an earlier time only
		 */
		public boolean isWhole() {
			return this.wholeAt == null || this.wholeAt.equals(this.at) || this.wholeSize == 0;
		}

	}

	/**
	 * A verification that has found a fault.
	 *
	 * @param at when it ended
	 * @param count the number of faults
	 * @param first the first row that does not fit
	 * @param newFits whether the last verification, of what was added, has found none
	 */
	public record Failure(Instant at, long count, String first, boolean newFits) {
	}

	/**
	 * A tree head that is stored elsewhere.
	 *
	 * @param at when it was stored
	 * @param size the number of entries that it covers
	 * @param target where it is stored
	 */
	public record Anchored(Instant at, long size, String target) {
	}

}
