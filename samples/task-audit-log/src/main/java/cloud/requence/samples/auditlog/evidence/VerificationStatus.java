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
					select last.verified_at, last.size, last.anchored_size, last.fault_count, last.first_fault,
						whole.verified_at, whole.size
					from (select * from verification order by id desc limit 1) last
					left join (select verified_at, size from verification where from_size = 0
						order by verified_at desc limit 1) whole on true""",
					(row, number) -> new Verified(row.getObject(1, OffsetDateTime.class).toInstant(), row.getLong(2),
							row.getLong(3), row.getLong(4), row.getString(5), time(row, 6), row.getLong(7)))
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
	 * @param faultCount the number of faults
	 * @param firstFault the first row that does not fit; null if everything fits
	 * @param wholeAt when everything was last verified; null if it never was
	 * @param wholeSize the number of entries that everything was
	 */
	public record Verified(Instant at, long size, long anchoredSize, long faultCount, @Nullable String firstFault,
			@Nullable Instant wholeAt, long wholeSize) {

		/**
		 * Return whether this is a verification of everything.
		 * @return whether no entry was verified at an earlier time only
		 */
		public boolean isWhole() {
			return this.wholeAt == null || this.wholeAt.equals(this.at) || this.wholeSize == 0;
		}

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
