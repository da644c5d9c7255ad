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

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.Iterator;

/**
 * A Merkle tree of which only the roots of its perfect subtrees are kept: at most 63
 * hashes, whatever its size. Leaves and whole subtrees are appended on the right. For one
 * thread.
 */
public final class CompactRange {

	private final TreeHasher hasher = new TreeHasher();

	// From the right, which is the smallest subtree, to the left.
	private final Deque<byte[]> subtrees;

	private long size;

	/**
	 * Create a tree without leaves.
	 */
	public CompactRange() {
		this(0, new ArrayDeque<>());
	}

	private CompactRange(long size, Deque<byte[]> subtrees) {
		this.size = size;
		this.subtrees = subtrees;
	}

	/**
	 * Return the number of leaves.
	 * @return the size of the tree
	 */
	public long size() {
		return this.size;
	}

	/**
	 * Append a leaf.
	 * @param leafHash its hash
	 */
	public void append(byte[] leafHash) {
		append(0, leafHash);
	}

	/**
	 * Append a perfect subtree of which only the root is known.
	 * @param level its height: it has 2<sup>level</sup> leaves
	 * @param hash its root
	 * @throws IllegalArgumentException if no such subtree begins at the size of this tree
	 */
	public void append(int level, byte[] hash) {
		if (level < 0 || level > 62 || Long.numberOfTrailingZeros(this.size) < level || hash.length != TreeHasher.LENGTH
				|| this.size + (1L << level) < 0) {
			throw new IllegalArgumentException("No subtree of level " + level + " begins at " + this.size);
		}
		byte[] subtree = hash;
		for (long rest = this.size >>> level; (rest & 1) == 1; rest >>>= 1) {
			subtree = this.hasher.node(this.subtrees.pop(), subtree);
		}
		this.subtrees.push(subtree);
		this.size += 1L << level;
	}

	/**
	 * Return the root of the tree.
	 * @return 32 bytes
	 */
	public byte[] root() {
		Iterator<byte[]> fromTheRight = this.subtrees.iterator();
		if (!fromTheRight.hasNext()) {
			return this.hasher.empty();
		}
		byte[] root = fromTheRight.next();
		while (fromTheRight.hasNext()) {
			root = this.hasher.node(fromTheRight.next(), root);
		}
		return root.clone();
	}

	/**
	 * Return the roots of the perfect subtrees, the largest first, without separators.
	 * With {@link #size()} this is the whole state.
	 * @return 32 bytes for each bit that is set in the size
	 */
	public byte[] encode() {
		byte[] encoded = new byte[this.subtrees.size() * TreeHasher.LENGTH];
		int end = encoded.length;
		for (byte[] subtree : this.subtrees) {
			end -= TreeHasher.LENGTH;
			System.arraycopy(subtree, 0, encoded, end, TreeHasher.LENGTH);
		}
		return encoded;
	}

	/**
	 * Restore a tree.
	 * @param size the number of its leaves
	 * @param encoded what {@link #encode()} returned
	 * @return the tree
	 * @throws IllegalArgumentException if both do not belong together
	 */
	public static CompactRange decode(long size, byte[] encoded) {
		if (size < 0 || encoded.length != Long.bitCount(size) * TreeHasher.LENGTH) {
			throw new IllegalArgumentException(
					"A tree of " + size + " leaves has no compact range of " + encoded.length + " bytes");
		}
		Deque<byte[]> subtrees = new ArrayDeque<>();
		for (int from = 0; from < encoded.length; from += TreeHasher.LENGTH) {
			subtrees.push(Arrays.copyOfRange(encoded, from, from + TreeHasher.LENGTH));
		}
		return new CompactRange(size, subtrees);
	}

}
