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
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.TreeMap;

import cloud.requence.samples.auditlog.entry.Entry;
import cloud.requence.samples.auditlog.entry.EntryKind;
import cloud.requence.samples.auditlog.evidence.VerificationReport.Faults;
import cloud.requence.samples.auditlog.evidence.merkle.CompactRange;
import cloud.requence.samples.auditlog.evidence.merkle.Tile;
import cloud.requence.samples.auditlog.evidence.merkle.TreeHasher;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.jdbc.core.JdbcTemplate;

/**
 * Verifies the rows of a database: computes the leaf of each entry, the hash of each
 * payload and the tree again, and compares them with everything that is stored, and with
 * anchors. Reads pages of entries, so that its memory does not grow with the log. For one
 * verification, in a transaction with repeatable reads.
 */
final class DatabaseVerifier {

	// Four tiles of level 0
	private static final int PAGE = 4 * Tile.WIDTH;

	// More than a sequence can fill
	private static final int LEVELS = 7;

	// How much of the payloads is in memory at a time, if more than one fits
	private static final int FETCHED_BYTES = 8 * 1024 * 1024;

	private static final JsonMapper MAPPER = JsonMapper.builder().build();

	private final JdbcTemplate jdbc;

	private final Faults faults;

	private final AnchoredHeads anchors;

	private final ErasedEntries erasedEntries = new ErasedEntries();

	private final AccessVerifier accesses;

	private final TreeHasher hasher = new TreeHasher();

	private final CompactRange range;

	private final long from;

	// Where the log was last known to fit its tree
	private long fittingSize;

	// One difference makes all roots after it differ
	private boolean diverged;

	private long erased;

	private long gaps;

	/**
	 * Create a verifier.
	 * @param jdbc the database
	 * @param start where an earlier verification ended; an empty tree to verify
	 * everything
	 * @param faults collects the faults
	 * @param anchors the heads that are kept elsewhere
	 */
	DatabaseVerifier(JdbcTemplate jdbc, CompactRange start, Faults faults, AnchoredHeads anchors) {
		this.jdbc = jdbc;
		this.range = start;
		this.from = start.size();
		this.fittingSize = start.size();
		this.faults = faults;
		this.anchors = anchors;
		this.accesses = new AccessVerifier(jdbc, start.size(), faults);
	}

	/**
	 * Verify everything up to the newest state of the tree.
	 * @return what was found
	 */
	VerificationReport verify() {
		long size = TreeReader.newest(this.jdbc).size();
		this.jdbc.query("select p.canonical from entry e join payload p using (sequence) where e.kind = 'ERASURE'",
				(row) -> {
					this.erasedEntries.add(row.getBytes(1));
				});
		checkOutside(size);
		this.diverged = !this.anchors.matches(this.range);
		while (this.range.size() < size) {
			long first = this.range.size();
			verifyPage(first, Math.min(size, (first / PAGE + 1) * PAGE));
			if (this.range.size() == first) {
				break;
			}
		}
		this.anchors.finish(Math.max(size, this.from));
		return new VerificationReport("database", this.from, size, this.range.size() - this.from,
				this.anchors.matched(), this.anchors.matchedSize(), this.erased, this.gaps, this.accesses.compared(),
				this.accesses.newer(), this.faults.count(), this.faults.sorted());
	}

	/**
	 * Return where the next verification can start.
	 * @return the tree up to the newest entry; null if it does not fit what is stored of
	 * it, or what is anchored
	 */
	@Nullable CompactRange range() {
		return (!this.diverged && this.range.size() == this.fittingSize) ? this.range : null;
	}

	// What is in no page. Each query has one range, which an index answers.
	private void checkOutside(long size) {
		if (size < this.from) {
			this.faults.add("tree", size, this.from - 1, "The log is shorter than when it was last verified");
		}
		this.jdbc.query("""
				(select 'entry', sequence, 'It is not part of the tree' from entry
				where sequence < 0 order by sequence limit 1)
				union all (select 'entry', sequence, 'It is not part of the tree' from entry
				where sequence >= ? order by sequence limit 1)
				union all (select 'payload', sequence, 'It has no entry in the tree' from payload
				where sequence < 0 order by sequence limit 1)
				union all (select 'payload', sequence, 'It has no entry in the tree' from payload
				where sequence >= ? order by sequence limit 1)
				union all (select 'tree', size, 'A tree of this size is never written' from tree
				where size <= 0 limit 1)
				union all (select 'tile', index, 'The tree has no such tile of level ' || level from tile
				where level not between 0 and 6 or index < 0 or index >= ? >> ((level + 1) * 8) limit 1)""", (row) -> {
			this.faults.add(row.getString(1), row.getLong(2), row.getString(3));
		}, size, size, size);
		this.jdbc.query("select sequence from file where sequence >= ? order by sequence limit 1", (row) -> {
			this.faults.add("file", row.getLong(1), "It has no entry in the tree");
		}, size);
		this.jdbc.query("select sequence from file where sequence < 0 order by sequence limit 1", (row) -> {
			this.faults.add("file", row.getLong(1), "It has no entry in the tree");
		});
	}

	private void verifyPage(long first, long end) {
		Map<Long, byte[]> tiles = tiles(first, end);
		Map<Long, Head> heads = heads(first, end);
		List<Entry> entries = new ArrayList<>(PAGE);
		this.jdbc.query(
				"select " + EntryRows.COLUMNS + " from entry where sequence >= ? and sequence < ? order by sequence",
				(row) -> {
					verifyEntry(row, tiles, heads, entries);
				}, first, end);
		if (this.range.size() < end) {
			this.faults.add("entry", this.range.size(), "It is missing");
		}
		heads.keySet()
			.stream()
			.sorted()
			.filter((size) -> size <= this.range.size())
			.forEach((size) -> this.faults.add("tree", size - 1, "The tree of size " + size + " was not compared"));
		verifyPayloads(first, end, entries);
	}

	private void verifyEntry(ResultSet row, Map<Long, byte[]> tiles, Map<Long, Head> heads, List<Entry> entries)
			throws SQLException {
		long sequence = row.getLong(1);
		if (sequence != this.range.size()) {
			// The row before is missing, which is seen at the end of the page
			return;
		}
		byte[] stored = row.getBytes(22);
		byte[] leaf = stored;
		Instant recordedAt = Instant.MIN;
		try {
			Entry entry = EntryRows.read(row);
			entries.add(entry);
			recordedAt = entry.recordedAt();
			this.gaps += (entry.kind() == EntryKind.GAP) ? 1 : 0;
			leaf = this.hasher.leaf(EntryEncoding.encode(entry));
			if (!Arrays.equals(leaf, stored)) {
				this.faults.add("entry", sequence, "Its columns do not have its leaf hash");
			}
		}
		catch (IllegalArgumentException ex) {
			this.faults.add("entry", sequence, "This application has not written it: " + ex.getMessage());
		}
		if (stored.length != TreeHasher.LENGTH) {
			stored = leaf;
		}
		byte[] tile = tiles.get(sequence / Tile.WIDTH);
		if (tile != null) {
			int at = (int) (sequence % Tile.WIDTH) * TreeHasher.LENGTH;
			if (!Arrays.equals(tile, at, at + TreeHasher.LENGTH, stored, 0, TreeHasher.LENGTH)) {
				this.faults.add("tile", sequence, "Its leaf hash is not that of tile " + sequence / Tile.WIDTH);
			}
		}
		// The stored hash, so that one changed row does not make all others doubtful
		this.range.append(stored);
		compareHead(heads.remove(this.range.size()), recordedAt);
	}

	private void compareHead(@Nullable Head head, Instant recordedAt) {
		long size = this.range.size();
		if (head != null && !this.diverged) {
			if (!Arrays.equals(head.root, this.range.root()) || !Arrays.equals(head.range, this.range.encode())) {
				this.faults.add("tree", this.fittingSize, size - 1, "The tree of size " + size + " has another root");
				this.diverged = true;
			}
			else if (head.previousSize != this.fittingSize) {
				this.faults.add("tree", this.fittingSize, size - 1, "The tree of size " + size + " follows one of size "
						+ head.previousSize + ", and the one before has size " + this.fittingSize);
			}
			if (!head.recordedAt.equals(recordedAt)) {
				this.faults.add("tree", size - 1, "The tree of size " + size + " has another time than its last entry");
			}
			this.fittingSize = size;
		}
		if (!this.diverged) {
			this.diverged = !this.anchors.matches(this.range);
		}
	}

	// Tiles of level 0 by their index. Those of the levels above are complete with the
	// last entry below them.
	private Map<Long, byte[]> tiles(long first, long end) {
		Map<Long, byte[]> tiles = new HashMap<>();
		for (int level = 0; level < LEVELS; level++) {
			int shift = (level + 1) * Tile.HEIGHT;
			for (long index = first >>> shift; index < end >>> shift; index++) {
				TileRow tile = tile(level, index);
				if (tile == null) {
					this.faults.add("tile", index << shift, ((index + 1) << shift) - 1,
							"Tile " + index + " of level " + level + " is missing");
				}
				else if (tile.hashes.length != Tile.WIDTH * TreeHasher.LENGTH
						|| !Arrays.equals(Tile.root(tile.hashes), tile.root)
						|| (level > 0 && !Arrays.equals(tile.hashes, rootsBelow(level, index)))) {
					this.faults.add("tile", index << shift, ((index + 1) << shift) - 1,
							"Tile " + index + " of level " + level + " has other hashes than what is below it");
				}
				else if (level == 0) {
					tiles.put(index, tile.hashes);
				}
			}
		}
		return tiles;
	}

	private @Nullable TileRow tile(int level, long index) {
		return this.jdbc
			.query("select hashes, root from tile where level = ? and index = ?",
					(row, number) -> new TileRow(row.getBytes(1), row.getBytes(2)), level, index)
			.stream()
			.findFirst()
			.orElse(null);
	}

	private byte[] rootsBelow(int level, long index) {
		byte[] roots = new byte[Tile.WIDTH * TreeHasher.LENGTH];
		List<byte[]> rows = this.jdbc.queryForList(
				"select root from tile where level = ? and index >= ? and index < ? order by index", byte[].class,
				level - 1, index * Tile.WIDTH, (index + 1) * Tile.WIDTH);
		for (int i = 0; i < rows.size(); i++) {
			byte[] root = rows.get(i);
			System.arraycopy(root, 0, roots, i * TreeHasher.LENGTH, Math.min(root.length, TreeHasher.LENGTH));
		}
		return roots;
	}

	private Map<Long, Head> heads(long first, long end) {
		Map<Long, Head> heads = new HashMap<>();
		this.jdbc.query("select size, previous_size, root, range, recorded_at from tree where size > ? and size <= ?",
				(row) -> {
					heads.put(row.getLong(1), new Head(row.getLong(2), row.getBytes(3), row.getBytes(4),
							row.getObject(5, OffsetDateTime.class).toInstant()));
				}, first, end);
		return heads;
	}

	private void verifyPayloads(long first, long end, List<Entry> entries) {
		Map<Long, Entry> expected = new HashMap<>();
		int largest = 1;
		for (Entry entry : entries) {
			if (entry.payloadHash() != null) {
				expected.put(entry.sequence(), entry);
				largest = Math.max(largest, entry.payloadSize());
			}
		}
		List<Long> searchable = new ArrayList<>();
		Map<Long, String> files = new HashMap<>();
		NavigableMap<Long, byte[]> accesses = new TreeMap<>();
		this.jdbc.setFetchSize(Math.max(1, Math.min(PAGE, FETCHED_BYTES / largest)));
		this.jdbc.query(
				"select sequence, salt, canonical, body is null from payload where sequence >= ? and sequence < ?",
				(row) -> {
					Entry entry = expected.remove(row.getLong(1));
					verifyPayload(row, entry, searchable);
					if (entry != null && entry.kind() == EntryKind.FILE) {
						addStoredFile(entry.sequence(), row.getBytes(3), files);
					}
					if (entry != null && entry.kind() == EntryKind.ACCESS) {
						accesses.put(entry.sequence(), row.getBytes(3));
					}
				}, first, end);
		this.jdbc.setFetchSize(-1);
		for (Entry entry : expected.values()) {
			if (entry.kind() == EntryKind.ERASURE || entry.kind() == EntryKind.ACCESS) {
				this.faults.add("payload", entry.sequence(), "It is missing, and is never erased");
			}
			else if (this.erasedEntries.contains(entry.sequence())) {
				this.erased++;
			}
			else {
				this.faults.add("payload", entry.sequence(), "It is missing, and no erasure says so");
			}
		}
		verifyBodies(searchable);
		verifyFiles(first, end, entries, files);
		accesses.forEach(this.accesses::verify);
	}

	private void verifyPayload(ResultSet row, @Nullable Entry entry, List<Long> searchable) throws SQLException {
		long sequence = row.getLong(1);
		byte[] canonical = row.getBytes(3);
		if (entry == null) {
			this.faults.add("payload", sequence, "Its entry has no payload");
		}
		else if (!Arrays.equals(Payloads.hash(row.getBytes(2), canonical), entry.payloadHash())
				|| canonical.length != entry.payloadSize()) {
			this.faults.add("payload", sequence, "It does not have the hash and size that its entry states");
		}
		else if (this.erasedEntries.contains(sequence)) {
			this.faults.add("payload", sequence, "It was erased, and is there again");
		}
		else if ((Payloads.searchable(canonical) == null) != row.getBoolean(4)) {
			this.faults.add("payload", sequence, "What is searched is not the payload");
		}
		else if (!row.getBoolean(4)) {
			searchable.add(sequence);
		}
	}

	// Only of payloads with the right hash: others may not be JSON, which would end the
	// query.
	private void verifyBodies(List<Long> searchable) {
		this.jdbc.query(
				"select sequence from payload where sequence = any (?) "
						+ "and body::text is distinct from convert_from(canonical, 'UTF8')::jsonb::text",
				(statement) -> statement.setArray(1,
						statement.getConnection().createArrayOf("bigint", searchable.toArray())),
				(row) -> {
					this.faults.add("payload", row.getLong(1), "What is searched is not the payload");
				});
	}

	// A payload that is damaged states nothing, which is a fault of its own
	private static void addStoredFile(long sequence, byte[] payload, Map<Long, String> files) {
		try {
			JsonNode file = MAPPER.readTree(payload);
			if (file.path("stored").asBoolean(false)) {
				files.put(sequence, file.path("sha256").asString(""));
			}
		}
		catch (JacksonException ex) {
			return;
		}
	}

	/**
	 * Compare the content of files with the entries that state their SHA-256.
	 * @param stored the SHA-256 of each content that is to be there, by its entry
	 */
	private void verifyFiles(long first, long end, List<Entry> entries, Map<Long, String> stored) {
		Map<Long, Entry> files = new HashMap<>();
		entries.stream()
			.filter((entry) -> entry.kind() == EntryKind.FILE)
			.forEach((entry) -> files.put(entry.sequence(), entry));
		this.jdbc.query("select sequence, subject, encode(sha256(content), 'hex') from file "
				+ "where sequence >= ? and sequence < ? order by sequence", (row) -> {
					long sequence = row.getLong(1);
					verifyFile(sequence, row.getLong(2), row.getString(3), files.get(sequence),
							stored.remove(sequence));
				}, first, end);
		stored.keySet()
			.stream()
			.sorted()
			.filter((sequence) -> !isErased(files.get(sequence)))
			.forEach((sequence) -> this.faults.add("file", sequence, "It is missing, and no erasure says so"));
	}

	private void verifyFile(long sequence, long subject, @Nullable String content, @Nullable Entry entry,
			@Nullable String stated) {
		if (entry == null || !Objects.equals(entry.subject(), subject)) {
			this.faults.add("file", sequence, "Its entry is not that of a file of #" + subject);
		}
		else if (content != null && isErased(entry)) {
			this.faults.add("file", sequence, "It was erased, and is there again");
		}
		else if (!Objects.equals(content, stated)) {
			this.faults.add("file", sequence, "Its content does not have the hash that its entry states");
		}
	}

	private boolean isErased(@Nullable Entry file) {
		if (file == null || file.subject() == null) {
			return false;
		}
		return this.erasedEntries.contains(file.subject()) || this.erasedEntries.contains(file.sequence());
	}

	private record Head(long previousSize, byte[] root, byte[] range, Instant recordedAt) {
	}

	private record TileRow(byte[] hashes, byte[] root) {
	}

}
