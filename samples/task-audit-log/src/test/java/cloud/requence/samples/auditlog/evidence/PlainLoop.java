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

import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

import cloud.requence.samples.auditlog.entry.Entry;
import cloud.requence.samples.auditlog.evidence.merkle.CompactRange;
import cloud.requence.samples.auditlog.evidence.merkle.Tile;
import cloud.requence.samples.auditlog.evidence.merkle.TreeHasher;
import org.jspecify.annotations.Nullable;

/**
 * What the recording is compared with: a loop over entries that are there already, which
 * writes the same rows and hashes in transactions of the same size, on one connection and
 * without reading anything.
 */
public final class PlainLoop {

	private final Connection connection;

	private final CompactRange range = new CompactRange();

	private final TreeHasher hasher = new TreeHasher();

	private final SecureRandom random = new SecureRandom();

	// The hashes of the last tile of each level, which is not full
	private final List<List<byte[]>> tiles = new ArrayList<>();

	/**
	 * Create a loop.
	 * @param connection to an empty log, not in auto-commit mode
	 */
	public PlainLoop(Connection connection) {
		this.connection = connection;
	}

	/**
	 * Write a transaction.
	 * @param entries the entries; the payload of each is made of its position
	 * @param payloads their payloads
	 * @throws SQLException if they cannot be written
	 */
	public void write(List<Entry> entries, List<@Nullable String> payloads) throws SQLException {
		long before = this.range.size();
		try (PreparedStatement entryInsert = this.connection.prepareStatement(
				"insert into entry values " + "(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
				PreparedStatement payloadInsert = this.connection
					.prepareStatement("insert into payload values (?, ?, ?, ?::jsonb)")) {
			byte[] salts = new byte[16 * entries.size()];
			this.random.nextBytes(salts);
			for (int i = 0; i < entries.size(); i++) {
				String payload = payloads.get(i);
				byte[] canonical = (payload != null) ? payload.getBytes(StandardCharsets.UTF_8) : null;
				byte[] salt = Arrays.copyOfRange(salts, 16 * i, 16 * i + 16);
				Entry entry = entries.get(i)
					.at(this.range.size(), (canonical != null) ? Payloads.hash(salt, canonical) : null,
							(canonical != null) ? canonical.length : 0);
				byte[] leaf = this.hasher.leaf(EntryEncoding.encode(entry));
				this.range.append(leaf);
				bind(entryInsert, entry, leaf);
				entryInsert.addBatch();
				if (canonical != null) {
					payloadInsert.setLong(1, entry.sequence());
					payloadInsert.setBytes(2, salt);
					payloadInsert.setBytes(3, canonical);
					payloadInsert.setString(4, payload);
					payloadInsert.addBatch();
				}
				tile(0, leaf);
			}
			entryInsert.executeBatch();
			payloadInsert.executeBatch();
		}
		tree(before, entries.get(entries.size() - 1).recordedAt());
		this.connection.commit();
	}

	private void tile(int level, byte[] hash) throws SQLException {
		if (this.tiles.size() == level) {
			this.tiles.add(new ArrayList<>());
		}
		List<byte[]> tile = this.tiles.get(level);
		tile.add(hash);
		if (tile.size() == Tile.WIDTH) {
			byte[] hashes = new byte[Tile.WIDTH * TreeHasher.LENGTH];
			for (int i = 0; i < Tile.WIDTH; i++) {
				System.arraycopy(tile.get(i), 0, hashes, i * TreeHasher.LENGTH, TreeHasher.LENGTH);
			}
			tile.clear();
			byte[] root = Tile.root(hashes);
			try (PreparedStatement insert = this.connection.prepareStatement("insert into tile values (?, ?, ?, ?)")) {
				insert.setInt(1, level);
				insert.setLong(2, (this.range.size() >> (8 * (level + 1))) - 1);
				insert.setBytes(3, hashes);
				insert.setBytes(4, root);
				insert.executeUpdate();
			}
			tile(level + 1, root);
		}
	}

	private void tree(long before, Instant recordedAt) throws SQLException {
		try (PreparedStatement insert = this.connection.prepareStatement(
				"insert into tree (size, previous_size, root, range, recorded_at) values (?, ?, ?, ?, ?)")) {
			insert.setLong(1, this.range.size());
			insert.setLong(2, before);
			insert.setBytes(3, this.range.root());
			insert.setBytes(4, this.range.encode());
			bind(insert, 5, recordedAt);
			insert.executeUpdate();
		}
	}

	private static void bind(PreparedStatement statement, Entry entry, byte[] leaf) throws SQLException {
		statement.setLong(1, entry.sequence());
		statement.setString(2, entry.kind().name());
		bind(statement, 3, entry.position());
		statement.setString(4, entry.updateId());
		bind(statement, 5, entry.platformTime());
		bind(statement, 6, entry.recordedAt());
		statement.setString(7, entry.taskId());
		statement.setString(8, entry.rootTaskId());
		statement.setString(9, entry.taskName());
		statement.setString(10, entry.updateType());
		statement.setString(11, entry.nodeId());
		statement.setString(12, entry.nodeAlias());
		statement.setString(13, entry.outcome());
		statement.setString(14, entry.reason());
		bind(statement, 15, entry.gapFromPosition());
		bind(statement, 16, entry.gapToPosition());
		bind(statement, 17, entry.gapFromTime());
		bind(statement, 18, entry.gapToTime());
		bind(statement, 19, entry.subject());
		statement.setBytes(20, entry.payloadHash());
		statement.setInt(21, entry.payloadSize());
		statement.setBytes(22, leaf);
	}

	private static void bind(PreparedStatement statement, int index, @Nullable Long value) throws SQLException {
		statement.setObject(index, value, Types.BIGINT);
	}

	private static void bind(PreparedStatement statement, int index, @Nullable Instant value) throws SQLException {
		OffsetDateTime time = (value != null) ? value.atOffset(ZoneOffset.UTC) : null;
		statement.setObject(index, time, Types.TIMESTAMP_WITH_TIMEZONE);
	}

}
