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
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

import javax.sql.DataSource;

import cloud.requence.samples.auditlog.entry.Entry;
import cloud.requence.samples.auditlog.entry.NewEntry;
import cloud.requence.samples.auditlog.evidence.merkle.CompactRange;
import cloud.requence.samples.auditlog.evidence.merkle.Tile;
import cloud.requence.samples.auditlog.evidence.merkle.TreeHasher;
import org.jspecify.annotations.Nullable;

import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * Appends entries to the log in the transaction of the caller: rows, payloads, tiles and
 * the new state of the tree, in batches. Transactions that append wait for each other, in
 * all instances; the log has the order of their commits. Only inserts and reads.
 */
public class LogWriter {

	// An arbitrary number: the lock of this log among the advisory locks of the database.
	private static final long LOCK = 7_283_940_113L;

	private static final String LOCK_TREE = "select pg_advisory_xact_lock(" + LOCK + ")";

	private static final String NEWEST_TREE = "select size, range from tree order by size desc limit 1";

	private static final String INSERT_ENTRY = "insert into entry (sequence, kind, position, update_id, platform_time, "
			+ "recorded_at, task_id, root_task_id, task_name, update_type, node_id, node_alias, outcome, reason, "
			+ "gap_from_position, gap_to_position, gap_from_time, gap_to_time, subject, payload_hash, payload_size, "
			+ "leaf_hash) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";

	private static final String INSERT_PAYLOAD = "insert into payload (sequence, salt, canonical, body) "
			+ "values (?, ?, ?, ?::jsonb)";

	private static final String INSERT_TILE = "insert into tile (level, index, hashes, root) values (?, ?, ?, ?)";

	private static final String INSERT_TREE = "insert into tree (size, previous_size, root, range, recorded_at) "
			+ "values (?, ?, ?, ?, ?)";

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
		this.jdbc.execute(LOCK_TREE);
		CompactRange range = this.jdbc
			.query(NEWEST_TREE, (row, number) -> CompactRange.decode(row.getLong(1), row.getBytes(2)))
			.stream()
			.findFirst()
			.orElseGet(CompactRange::new);
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
		this.jdbc.batchUpdate(INSERT_ENTRY, entries, entries.size(), (statement, entry) -> entry.bind(statement));
		insertPayloads(entries.stream().filter((entry) -> entry.payload != null).toList());
		insertTiles(first, entries);
		byte[] root = range.root();
		Instant recordedAt = entries.get(entries.size() - 1).entry.recordedAt();
		this.jdbc.update(INSERT_TREE, range.size(), first, root, range.encode(), recordedAt.atOffset(ZoneOffset.UTC));
		return new TreeState(range.size(), root);
	}

	private void insertPayloads(List<PlacedEntry> entries) {
		if (!entries.isEmpty()) {
			this.jdbc.batchUpdate(INSERT_PAYLOAD, entries, entries.size(), (statement, entry) -> {
				statement.setLong(1, entry.entry.sequence());
				statement.setBytes(2, entry.salt);
				statement.setBytes(3, entry.payload);
				statement.setString(4, entry.body);
			});
		}
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

		void bind(PreparedStatement statement) throws SQLException {
			statement.setLong(1, this.entry.sequence());
			statement.setString(2, this.entry.kind().name());
			bind(statement, 3, this.entry.position());
			statement.setString(4, this.entry.updateId());
			bind(statement, 5, this.entry.platformTime());
			bind(statement, 6, this.entry.recordedAt());
			statement.setString(7, this.entry.taskId());
			statement.setString(8, this.entry.rootTaskId());
			statement.setString(9, this.entry.taskName());
			statement.setString(10, this.entry.updateType());
			statement.setString(11, this.entry.nodeId());
			statement.setString(12, this.entry.nodeAlias());
			statement.setString(13, this.entry.outcome());
			statement.setString(14, this.entry.reason());
			bind(statement, 15, this.entry.gapFromPosition());
			bind(statement, 16, this.entry.gapToPosition());
			bind(statement, 17, this.entry.gapFromTime());
			bind(statement, 18, this.entry.gapToTime());
			bind(statement, 19, this.entry.subject());
			statement.setBytes(20, this.entry.payloadHash());
			statement.setInt(21, this.entry.payloadSize());
			statement.setBytes(22, this.leafHash);
		}

		private static void bind(PreparedStatement statement, int index, @Nullable Long value) throws SQLException {
			if (value != null) {
				statement.setLong(index, value);
			}
			else {
				statement.setNull(index, Types.BIGINT);
			}
		}

		private static void bind(PreparedStatement statement, int index, @Nullable Instant value) throws SQLException {
			if (value != null) {
				statement.setObject(index, value.atOffset(ZoneOffset.UTC));
			}
			else {
				statement.setNull(index, Types.TIMESTAMP_WITH_TIMEZONE);
			}
		}

	}

}
