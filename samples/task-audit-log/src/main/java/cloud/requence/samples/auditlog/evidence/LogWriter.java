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

import java.security.SecureRandom;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;

import javax.sql.DataSource;

import cloud.requence.samples.auditlog.entry.Entry;
import cloud.requence.samples.auditlog.entry.NewEntry;
import cloud.requence.samples.auditlog.evidence.merkle.CompactRange;
import cloud.requence.samples.auditlog.evidence.merkle.Tile;
import cloud.requence.samples.auditlog.evidence.merkle.TreeHasher;
import org.jspecify.annotations.Nullable;

import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.StatementCallback;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * Appends entries to the log in the transaction of the caller: rows, payloads, tiles and
 * the new state of the tree, each by one statement. Transactions that append wait for
 * each other, in all instances; the log has the order of their commits. Only inserts and
 * reads.
 */
public class LogWriter {

	// An arbitrary number: the lock of this log among the advisory locks of the database.
	private static final long LOCK = 7_283_940_113L;

	// Two statements in one round trip: the second one sees what was committed while the
	// first one waited.
	private static final String LOCK_AND_READ_TREE = "select pg_advisory_xact_lock(" + LOCK
			+ "); select size, range from tree order by size desc limit 1";

	// All rows of a transaction at once, by columns: the fastest way that PostgreSQL has
	// beside COPY
	private static final String INSERT_ENTRIES = """
			insert into entry (sequence, kind, position, update_id, platform_time, recorded_at, task_id, root_task_id,
				task_name, update_type, node_id, node_alias, outcome, reason, gap_from_position, gap_to_position,
				gap_from_time, gap_to_time, subject, payload_hash, payload_size, leaf_hash)
			select * from unnest(?::bigint[], ?::text[], ?::bigint[], ?::text[], ?::timestamptz[], ?::timestamptz[],
				?::text[], ?::text[], ?::text[], ?::text[], ?::text[], ?::text[], ?::text[], ?::text[], ?::bigint[],
				?::bigint[], ?::timestamptz[], ?::timestamptz[], ?::bigint[], ?::bytea[], ?::int[], ?::bytea[])""";

	// Not in the statement of the entries: a trigger of a payload may read its entry
	private static final String INSERT_PAYLOADS_AND_TREE = """
			with payloads as (
				insert into payload (sequence, salt, canonical, body)
				select sequence, salt, canonical, body::jsonb
				from unnest(?::bigint[], ?::bytea[], ?::bytea[], ?::text[]) as p (sequence, salt, canonical, body)
			)
			insert into tree (size, previous_size, root, range, recorded_at) values (?, ?, ?, ?, ?)""";

	private static final String INSERT_TILE = "insert into tile (level, index, hashes, root) values (?, ?, ?, ?)";

	private final JdbcTemplate jdbc;

	private final SecureRandom random = new SecureRandom();

	/**
	 * Create a writer.
	 * @param dataSource the database, with the role that may insert
	 */
	public LogWriter(DataSource dataSource) {
		this.jdbc = new JdbcTemplate(dataSource);
	}

	/**
	 * Append entries. Once per transaction is fastest. The isolation of the transaction
	 * should be read committed: with a stricter one, a transaction that had to wait for
	 * another fails.
	 * @param newEntries the entries in their order
	 * @return the new state of the tree
	 * @throws IllegalStateException if there is no transaction
	 */
	public TreeState append(List<NewEntry> newEntries) {
		if (!TransactionSynchronizationManager.isActualTransactionActive()) {
			throw new IllegalStateException("Entries are appended in a transaction");
		}
		CompactRange range = lockAndReadTree();
		if (newEntries.isEmpty()) {
			return new TreeState(range.size(), range.root());
		}
		byte[] salts = new byte[newEntries.size() * Payloads.SALT_LENGTH];
		this.random.nextBytes(salts);
		TreeHasher hasher = new TreeHasher();
		List<PlacedEntry> entries = new ArrayList<>(newEntries.size());
		long first = range.size();
		for (NewEntry newEntry : newEntries) {
			int salt = entries.size() * Payloads.SALT_LENGTH;
			PlacedEntry entry = PlacedEntry.of(newEntry, range.size(),
					Arrays.copyOfRange(salts, salt, salt + Payloads.SALT_LENGTH), hasher);
			entries.add(entry);
			range.append(entry.leafHash);
		}
		byte[] root = range.root();
		insert(first, entries, range, root);
		insertTiles(first, entries);
		return new TreeState(range.size(), root);
	}

	private CompactRange lockAndReadTree() {
		return Objects.requireNonNull(this.jdbc.execute((StatementCallback<CompactRange>) (statement) -> {
			statement.execute(LOCK_AND_READ_TREE);
			statement.getMoreResults();
			try (ResultSet row = statement.getResultSet()) {
				return row.next() ? CompactRange.decode(row.getLong(1), row.getBytes(2)) : new CompactRange();
			}
		}));
	}

	private void insert(long first, List<PlacedEntry> entries, CompactRange range, byte[] root) {
		List<PlacedEntry> payloads = entries.stream().filter((entry) -> entry.payload != null).toList();
		Instant recordedAt = entries.get(entries.size() - 1).entry.recordedAt();
		this.jdbc.update(INSERT_ENTRIES, (statement) -> PlacedEntry.bind(new Columns(statement), entries));
		this.jdbc.update(INSERT_PAYLOADS_AND_TREE, (statement) -> {
			PlacedEntry.bindPayloads(new Columns(statement), payloads);
			statement.setLong(5, range.size());
			statement.setLong(6, first);
			statement.setBytes(7, root);
			statement.setBytes(8, range.encode());
			statement.setObject(9, recordedAt.atOffset(ZoneOffset.UTC));
		});
	}

	private void insertTiles(long first, List<PlacedEntry> entries) {
		long size = first + entries.size();
		for (long tile = first / Tile.WIDTH; tile < size / Tile.WIDTH; tile++) {
			long start = tile * Tile.WIDTH;
			byte[] hashes = new byte[Tile.WIDTH * TreeHasher.LENGTH];
			int filled = 0;
			if (start < first) {
				List<byte[]> before = this.jdbc.queryForList(
						"select leaf_hash from entry where sequence >= ? and sequence < ? order by sequence",
						byte[].class, start, first);
				filled = copy(before, hashes, 0);
			}
			int from = (int) Math.max(0, start - first);
			List<byte[]> added = entries.subList(from, (int) (start + Tile.WIDTH - first))
				.stream()
				.map((entry) -> entry.leafHash)
				.toList();
			filled = copy(added, hashes, filled);
			insertTile(0, tile, hashes, filled);
		}
	}

	// A full tile is one hash of the next level, which it may complete in turn.
	private void insertTile(int level, long index, byte[] hashes, int filled) {
		if (filled != hashes.length) {
			throw new IllegalStateException("Tile " + index + " of level " + level + " is incomplete");
		}
		this.jdbc.update(INSERT_TILE, level, index, hashes, Tile.root(hashes));
		if ((index + 1) % Tile.WIDTH == 0) {
			List<byte[]> roots = this.jdbc.queryForList(
					"select root from tile where level = ? and index > ? and index <= ? order by index", byte[].class,
					level, index - Tile.WIDTH, index);
			byte[] above = new byte[Tile.WIDTH * TreeHasher.LENGTH];
			insertTile(level + 1, index / Tile.WIDTH, above, copy(roots, above, 0));
		}
	}

	private static int copy(List<byte[]> hashes, byte[] target, int at) {
		for (byte[] hash : hashes) {
			System.arraycopy(hash, 0, target, at, TreeHasher.LENGTH);
			at += TreeHasher.LENGTH;
		}
		return at;
	}

	/**
	 * The state of the tree after an append.
	 *
	 * @param size the number of entries, which is the sequence of the next one
	 * @param root the root of the tree
	 */
	public record TreeState(long size, byte[] root) {
	}

	private record PlacedEntry(Entry entry, byte[] leafHash, byte[] salt, byte @Nullable [] payload,
			@Nullable String body) {

		static PlacedEntry of(NewEntry newEntry, long sequence, byte[] salt, TreeHasher hasher) {
			byte[] payload = newEntry.payload();
			Entry entry = (payload != null)
					? newEntry.entry().at(sequence, Payloads.hash(salt, payload), payload.length)
					: newEntry.entry().at(sequence, null, 0);
			return new PlacedEntry(entry, hasher.leaf(EntryEncoding.encode(entry)), salt, payload,
					(payload != null) ? Payloads.searchable(payload) : null);
		}

		static void bind(Columns columns, List<PlacedEntry> entries) throws SQLException {
			columns.numbers(entries, (entry) -> entry.entry.sequence());
			columns.texts(entries, (entry) -> entry.entry.kind().name());
			columns.numbers(entries, (entry) -> entry.entry.position());
			columns.texts(entries, (entry) -> entry.entry.updateId());
			columns.times(entries, (entry) -> entry.entry.platformTime());
			columns.times(entries, (entry) -> entry.entry.recordedAt());
			columns.texts(entries, (entry) -> entry.entry.taskId());
			columns.texts(entries, (entry) -> entry.entry.rootTaskId());
			columns.texts(entries, (entry) -> entry.entry.taskName());
			columns.texts(entries, (entry) -> entry.entry.updateType());
			columns.texts(entries, (entry) -> entry.entry.nodeId());
			columns.texts(entries, (entry) -> entry.entry.nodeAlias());
			columns.texts(entries, (entry) -> entry.entry.outcome());
			columns.texts(entries, (entry) -> entry.entry.reason());
			columns.numbers(entries, (entry) -> entry.entry.gapFromPosition());
			columns.numbers(entries, (entry) -> entry.entry.gapToPosition());
			columns.times(entries, (entry) -> entry.entry.gapFromTime());
			columns.times(entries, (entry) -> entry.entry.gapToTime());
			columns.numbers(entries, (entry) -> entry.entry.subject());
			columns.bytes(entries, (entry) -> entry.entry.payloadHash());
			columns.numbers(entries, (entry) -> (long) entry.entry.payloadSize());
			columns.bytes(entries, (entry) -> entry.leafHash);
		}

		static void bindPayloads(Columns columns, List<PlacedEntry> payloads) throws SQLException {
			columns.numbers(payloads, (entry) -> entry.entry.sequence());
			columns.bytes(payloads, (entry) -> entry.salt);
			columns.bytes(payloads, (entry) -> entry.payload);
			columns.texts(payloads, (entry) -> entry.body);
		}

	}

	/**
	 * Binds one array after the other.
	 */
	private static final class Columns {

		private final PreparedStatement statement;

		private int index;

		Columns(PreparedStatement statement) {
			this.statement = statement;
		}

		void numbers(List<PlacedEntry> entries, Function<PlacedEntry, @Nullable Long> value) throws SQLException {
			bind("int8", entries.stream().map(value).toArray(Long[]::new));
		}

		void texts(List<PlacedEntry> entries, Function<PlacedEntry, @Nullable String> value) throws SQLException {
			bind("text", entries.stream().map(value).toArray(String[]::new));
		}

		void times(List<PlacedEntry> entries, Function<PlacedEntry, @Nullable Instant> value) throws SQLException {
			bind("text",
					entries.stream()
						.map(value)
						.map((time) -> (time != null) ? time.toString() : null)
						.toArray(String[]::new));
		}

		void bytes(List<PlacedEntry> entries, Function<PlacedEntry, byte @Nullable []> value) throws SQLException {
			bind("bytea", entries.stream().map(value).toArray(byte[][]::new));
		}

		private void bind(String type, Object[] values) throws SQLException {
			this.statement.setArray(++this.index, this.statement.getConnection().createArrayOf(type, values));
		}

	}

}
