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

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Objects;

import cloud.requence.samples.auditlog.security.Access.Action;
import org.jspecify.annotations.Nullable;

import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.security.web.authentication.WebAuthenticationDetails;
import org.springframework.stereotype.Component;

/**
 * A record of who looked at what. Nothing is shown before its access is recorded: if that
 * fails, the request fails.
 */
@Component
public class AccessLog {

	/**
	 * A number among the advisory locks of the database. It is shared while an access is
	 * added: while it is held exclusively, none with a lower number is added any more.
	 */
	public static final long LOCK = 7_283_940_114L;

	private static final int MAX_QUERY = 4000;

	// The lock is taken before the number
	private static final String INSERT = """
			with adding as materialized (select pg_advisory_xact_lock_shared(%d))
			insert into access_log (username, address, action, query, entries, started_by)
			select ?, ?, ?, ?, ?::bigint, ?::bigint from adding returning id""".formatted(LOCK);

	private final JdbcTemplate jdbc;

	AccessLog(JdbcTemplate jdbc) {
		this.jdbc = jdbc;
	}

	/**
	 * Record what the user of this request is about to see.
	 * @param action what the user does
	 * @param query what was looked for
	 * @param entries the number of entries; {@code null} if it is not known yet
	 * @return the number of the access
	 */
	public long record(Action action, String query, @Nullable Long entries) {
		return insert(action, query, entries, null);
	}

	/**
	 * Record how an export ended.
	 * @param export the number of the access with which it began
	 * @param action how it ended
	 * @param query what was looked for
	 * @param entries the number of entries that were sent
	 */
	public void complete(long export, Action action, String query, long entries) {
		insert(action, query, entries, export);
	}

	/**
	 * Return accesses.
	 * @param before the number before which they are; {@code null} for the latest
	 * @param size how many
	 * @return the latest first
	 */
	public List<Access> find(@Nullable Long before, int size) {
		return this.jdbc.query("select * from access_log where id < ? order by id desc limit ?", AccessLog::access,
				(before != null) ? before : Long.MAX_VALUE, size);
	}

	private long insert(Action action, String query, @Nullable Long entries, @Nullable Long startedBy) {
		Authentication user = Objects.requireNonNull(SecurityContextHolder.getContext().getAuthentication(),
				"Only users look at the log");
		String address = (user.getDetails() instanceof WebAuthenticationDetails details) ? details.getRemoteAddress()
				: "unknown";
		Long id = this.jdbc.queryForObject(INSERT, Long.class, limited(user.getName(), 200), limited(address, 100),
				action.name(), limited(query, MAX_QUERY), entries, startedBy);
		return Objects.requireNonNull(id);
	}

	private static String limited(String text, int length) {
		String stored = text.replace('\0', '\uFFFD');
		return (stored.length() > length) ? stored.substring(0, length - 1) + "…" : stored;
	}

	private static Access access(ResultSet row, int number) throws SQLException {
		return new Access(row.getLong("id"), row.getObject("at", OffsetDateTime.class).toInstant(),
				row.getString("username"), row.getString("address"), Action.valueOf(row.getString("action")),
				row.getString("query"), row.getObject("entries", Long.class), row.getObject("started_by", Long.class));
	}

}
