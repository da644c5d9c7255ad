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
import java.time.Clock;
import java.time.OffsetDateTime;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

import javax.sql.DataSource;

import cloud.requence.samples.auditlog.entry.Entry;
import cloud.requence.samples.auditlog.entry.EntryKind;
import cloud.requence.samples.auditlog.entry.NewEntry;
import cloud.requence.samples.auditlog.evidence.merkle.TreeHasher;
import cloud.requence.samples.auditlog.security.AccessLog;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Makes accesses part of the log: at an interval, an entry of kind {@code ACCESS} has the
 * hash of each that was added since the entry before. So a look at a page does not wait
 * for the recording, and the recording not for a look.
 */
final class AccessEvidence {

	// The columns of an access, each of which is hashed
	static final String COLUMNS = "id, at, username, address, action, query, entries, started_by, salt";

	private static final String NEWEST = "select canonical from entry join payload using (sequence) "
			+ "where kind = 'ACCESS' and sequence < ? order by sequence desc limit 1";

	private static final JsonMapper MAPPER = JsonMapper.builder().build();

	// How many accesses one entry has the hashes of
	private static final int BATCH = 256;

	private final JdbcTemplate jdbc;

	private final TransactionTemplate transactions;

	private final LogWriter writer;

	private final Clock clock;

	AccessEvidence(DataSource dataSource, LogWriter writer, Clock clock) {
		this.jdbc = new JdbcTemplate(dataSource);
		this.transactions = new TransactionTemplate(new JdbcTransactionManager(dataSource));
		this.writer = writer;
		this.clock = clock;
	}

	/**
	 * Append what is needed for all accesses so far.
	 * @throws IllegalStateException if the last entry of this kind was damaged
	 */
	void append() {
		boolean more = true;
		while (more) {
			more = Boolean.TRUE.equals(this.transactions.execute((status) -> appendBatch()));
		}
	}

	private boolean appendBatch() {
		// The lock of the log first: a look at a page does not wait for the recording
		this.writer.append(List.of());
		this.jdbc.queryForList("select pg_advisory_xact_lock(" + AccessLog.LOCK + ")");
		long last = lastBefore(this.jdbc, Long.MAX_VALUE);
		NavigableMap<Long, String> rows = new TreeMap<>();
		this.jdbc.query("select " + COLUMNS + " from access_log where id > ? order by id limit " + BATCH, (row) -> {
			rows.put(row.getLong(1), hash(row));
		}, last);
		if (rows.isEmpty()) {
			return false;
		}
		Entry entry = new Entry(0, EntryKind.ACCESS, null, null, null, this.clock.instant(), null, null, null, null,
				null, null, null, "Hashes of accesses " + rows.firstKey() + " to " + rows.lastKey(), null, null, null,
				null, null, null, 0);
		this.writer.append(List.of(new NewEntry(entry, MAPPER.writeValueAsBytes(Map.of("rows", rows)))));
		return rows.size() == BATCH;
	}

	/**
	 * Return the number of the last access that is part of the log.
	 * @param sequence before which entry
	 * @return the number; one before all if there is none
	 */
	static long lastBefore(JdbcTemplate jdbc, long sequence) {
		return jdbc.queryForList(NEWEST, byte[].class, sequence)
			.stream()
			.map((payload) -> read(payload).lastKey())
			.findFirst()
			.orElse(Long.MIN_VALUE);
	}

	/**
	 * Read the payload of an entry.
	 * @return the hash of each access by its number, at least one
	 * @throws IllegalStateException if it is none that this has written
	 */
	static NavigableMap<Long, String> read(byte[] payload) {
		NavigableMap<Long, String> rows = new TreeMap<>();
		try {
			for (Map.Entry<String, JsonNode> row : MAPPER.readTree(payload).path("rows").properties()) {
				rows.put(Long.valueOf(row.getKey()), row.getValue().asString(""));
			}
		}
		catch (JacksonException | NumberFormatException ex) {
			rows.clear();
		}
		if (rows.isEmpty()) {
			throw new IllegalStateException("An entry of accesses was damaged: verify the log");
		}
		return rows;
	}

	/**
	 * Return the SHA-256 of the canonical form of an access.
	 * @param row a row with all {@link #COLUMNS}
	 * @return the hash in hexadecimal; empty if no access can be such a row
	 */
	static String hash(ResultSet row) throws SQLException {
		OffsetDateTime at = row.getObject(2, OffsetDateTime.class);
		if (at.getYear() < 1 || at.getYear() > 9999) {
			return "";
		}
		byte[] canonical = new CanonicalJson().text("action", row.getString(5))
			.text("address", row.getString(4))
			.time("at", at.toInstant())
			.number("entries", number(row, 7))
			.number("id", row.getLong(1))
			.text("query", row.getString(6))
			.text("salt", row.getString(9))
			.number("startedBy", number(row, 8))
			.text("user", row.getString(3))
			.text("version", EntryEncoding.VERSION)
			.toBytes();
		return HexFormat.of().formatHex(TreeHasher.sha256().digest(canonical));
	}

	private static @Nullable Long number(ResultSet row, int column) throws SQLException {
		long value = row.getLong(column);
		return row.wasNull() ? null : value;
	}

}
