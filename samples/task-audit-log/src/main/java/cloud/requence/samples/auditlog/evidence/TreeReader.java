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

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import cloud.requence.samples.auditlog.evidence.merkle.CompactRange;
import cloud.requence.samples.auditlog.evidence.merkle.MerkleProofs;
import cloud.requence.samples.auditlog.evidence.merkle.Tile;
import cloud.requence.samples.auditlog.evidence.merkle.TreeHasher;
import org.jspecify.annotations.Nullable;

import org.springframework.jdbc.core.JdbcTemplate;

/**
 * Reads nodes of the tree as it was at one size: from tiles, and from the entries and the
 * nodes above tiles where a tile is not full. For one thread; keeps the tiles that were
 * read last.
 */
final class TreeReader implements MerkleProofs.Nodes {

	private static final int CACHED_TILES = 64;

	private final JdbcTemplate jdbc;

	private final long size;

	private final Map<TileId, byte[]> tiles = new LinkedHashMap<>(16, 0.75f, true) {

		private static final long serialVersionUID = 1L;

		@Override
		protected boolean removeEldestEntry(Map.Entry<TileId, byte[]> eldest) {
			return size() > CACHED_TILES;
		}

	};

	TreeReader(JdbcTemplate jdbc, long size) {
		this.jdbc = jdbc;
		this.size = size;
	}

	/**
	 * Return the newest state of the tree.
	 * @return the state, that of an empty tree if there is none
	 */
	static LogWriter.TreeState newest(JdbcTemplate jdbc) {
		return jdbc
			.query("select size, root from tree order by size desc limit 1",
					(row, number) -> new LogWriter.TreeState(row.getLong(1), row.getBytes(2)))
			.stream()
			.findFirst()
			.orElseGet(() -> new LogWriter.TreeState(0, new TreeHasher().empty()));
	}

	/**
	 * Return the tree at its size.
	 * @return its compact range
	 */
	CompactRange range() {
		CompactRange range = new CompactRange();
		for (int level = 62; level >= 0; level--) {
			if ((this.size >>> level & 1) == 1) {
				range.append(level, hash(level, range.size() >>> level));
			}
		}
		return range;
	}

	@Override
	public byte[] hash(int level, long index) {
		if (index < 0 || (index + 1) << level > this.size) {
			throw new IllegalArgumentException(
					"A tree of size " + this.size + " has no node " + index + " of level " + level);
		}
		int height = level % Tile.HEIGHT;
		int nodesOfTile = Tile.WIDTH >> height;
		byte[] hashes = tile(new TileId(level / Tile.HEIGHT, index / nodesOfTile));
		return Tile.node(hashes, height, (int) (index % nodesOfTile));
	}

	private byte[] tile(TileId id) {
		byte[] hashes = this.tiles.get(id);
		if (hashes == null) {
			hashes = readTile(id);
			this.tiles.put(id, hashes);
		}
		return hashes;
	}

	private byte[] readTile(TileId id) {
		long first = id.index * Tile.WIDTH;
		long end = Math.min(first + Tile.WIDTH, this.size >>> id.level * Tile.HEIGHT);
		byte @Nullable [] full = (end - first == Tile.WIDTH) ? fullTile(id) : null;
		if (full != null) {
			return full;
		}
		List<byte[]> hashes = (id.level == 0)
				? this.jdbc.queryForList(
						"select leaf_hash from entry where sequence >= ? and sequence < ? order by sequence",
						byte[].class, first, end)
				: this.jdbc.queryForList(
						"select root from tile where level = ? and index >= ? and index < ? order by index",
						byte[].class, id.level - 1, first, end);
		byte[] tile = new byte[hashes.size() * TreeHasher.LENGTH];
		for (int i = 0; i < hashes.size(); i++) {
			System.arraycopy(hashes.get(i), 0, tile, i * TreeHasher.LENGTH, TreeHasher.LENGTH);
		}
		return tile;
	}

	private byte @Nullable [] fullTile(TileId id) {
		return this.jdbc
			.queryForList("select hashes from tile where level = ? and index = ?", byte[].class, id.level, id.index)
			.stream()
			.findFirst()
			.orElse(null);
	}

	private record TileId(int level, long index) {
	}

}
