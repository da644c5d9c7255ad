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

package cloud.requence.samples.auditlog.evidence.merkle;

import java.util.Arrays;

/**
 * A tile as C2SP's <a href="https://c2sp.org/tlog-tiles">tlog-tiles</a> defines it: the
 * hashes of 256 nodes side by side. The nodes of tile <i>n</i> of level <i>l</i> are
 * those of height 8<i>l</i> from index 256<i>n</i> on. Tiles hold every eighth level of
 * the tree; the levels between are computed.
 */
public final class Tile {

	/** The number of hashes in a full tile. */
	public static final int WIDTH = 256;

	/** The levels of the tree that one level of tiles covers. */
	public static final int HEIGHT = 8;

	private Tile() {
	}

	/**
	 * Return a node above hashes that lie side by side.
	 * @param hashes the hashes of a tile, or of a part of one
	 * @param height how far above the hashes the node is
	 * @param index its index among the nodes of that height, from the start of the hashes
	 * @return its hash
	 * @throws IllegalArgumentException if not all hashes below the node are there
	 */
	public static byte[] node(byte[] hashes, int height, int index) {
		int from = (index << height) * TreeHasher.LENGTH;
		int to = from + (TreeHasher.LENGTH << height);
		if (from < 0 || to > hashes.length) {
			throw new IllegalArgumentException(
					"The hashes below node " + index + " of height " + height + " are incomplete");
		}
		CompactRange range = new CompactRange();
		for (int at = from; at < to; at += TreeHasher.LENGTH) {
			range.append(Arrays.copyOfRange(hashes, at, at + TreeHasher.LENGTH));
		}
		return range.root();
	}

	/**
	 * Return the node above a full tile, which is a hash of a tile of the next level.
	 * @param hashes the 256 hashes
	 * @return its hash
	 */
	public static byte[] root(byte[] hashes) {
		return node(hashes, HEIGHT, 0);
	}

}
