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

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Inclusion and consistency proofs of RFC 9162, sections 2.1.3 and 2.1.4.
 */
public final class MerkleProofs {

	private MerkleProofs() {
	}

	/**
	 * Where the hashes of perfect subtrees come from.
	 */
	@FunctionalInterface
	public interface Nodes {

		/**
		 * Return the root of a perfect subtree.
		 * @param level its height, 0 for a leaf
		 * @param index its index among the nodes of that height
		 * @return its hash
		 */
		byte[] hash(int level, long index);

	}

	/**
	 * Return the proof that a tree contains a leaf.
	 * @param index the index of the leaf
	 * @param size the size of the tree
	 * @param nodes its nodes
	 * @return the hashes, from the leaf to the root
	 * @throws IllegalArgumentException if the tree has no such leaf
	 */
	public static List<byte[]> inclusion(long index, long size, Nodes nodes) {
		if (index < 0 || index >= size) {
			throw new IllegalArgumentException("A tree of " + size + " leaves has no leaf " + index);
		}
		List<byte[]> proof = new ArrayList<>();
		inclusion(index, 0, size, nodes, proof);
		return proof;
	}

	private static void inclusion(long index, long from, long to, Nodes nodes, List<byte[]> proof) {
		if (to - from == 1) {
			return;
		}
		long middle = from + leftSize(to - from);
		if (index < middle) {
			inclusion(index, from, middle, nodes, proof);
			proof.add(root(middle, to, nodes));
		}
		else {
			inclusion(index, middle, to, nodes, proof);
			proof.add(root(from, middle, nodes));
		}
	}

	/**
	 * Return the proof that a tree is the beginning of a larger one.
	 * @param first the size of the smaller tree, at least 1
	 * @param second the size of the larger tree
	 * @param nodes its nodes
	 * @return the hashes, empty if both are equal
	 * @throws IllegalArgumentException if the sizes are not in order
	 */
	public static List<byte[]> consistency(long first, long second, Nodes nodes) {
		if (first < 1 || first > second) {
			throw new IllegalArgumentException("No consistency proof from " + first + " to " + second);
		}
		List<byte[]> proof = new ArrayList<>();
		consistency(first, 0, second, true, nodes, proof);
		return proof;
	}

	private static void consistency(long first, long from, long to, boolean known, Nodes nodes, List<byte[]> proof) {
		if (first == to) {
			if (!known) {
				proof.add(root(from, to, nodes));
			}
			return;
		}
		long middle = from + leftSize(to - from);
		if (first <= middle) {
			consistency(first, from, middle, known, nodes, proof);
			proof.add(root(middle, to, nodes));
		}
		else {
			consistency(first, middle, to, false, nodes, proof);
			proof.add(root(from, middle, nodes));
		}
	}

	/**
	 * Return the root of the leaves of a part of a tree that begins where a perfect
	 * subtree of at least its size does.
	 * @param from the first leaf
	 * @param to the leaf after the last one
	 * @param nodes the nodes of the tree
	 * @return the root
	 */
	public static byte[] root(long from, long to, Nodes nodes) {
		long size = to - from;
		if (size == 0) {
			return new TreeHasher().empty();
		}
		if (Long.bitCount(size) == 1) {
			int level = Long.numberOfTrailingZeros(size);
			return nodes.hash(level, from >>> level);
		}
		long middle = from + leftSize(size);
		return new TreeHasher().node(root(from, middle, nodes), root(middle, to, nodes));
	}

	/**
	 * Check the proof that a tree contains a leaf.
	 * @param leafHash the hash of the leaf
	 * @param index its index
	 * @param size the size of the tree
	 * @param root its root
	 * @param proof the proof
	 * @return whether it holds
	 */
	public static boolean includes(byte[] leafHash, long index, long size, byte[] root, List<byte[]> proof) {
		if (index < 0 || index >= size || !areHashes(proof)) {
			return false;
		}
		TreeHasher hasher = new TreeHasher();
		long node = index;
		long last = size - 1;
		byte[] hash = leafHash;
		for (byte[] sibling : proof) {
			if (last == 0) {
				return false;
			}
			if ((node & 1) == 1 || node == last) {
				hash = hasher.node(sibling, hash);
				while ((node & 1) == 0 && node != 0) {
					node >>>= 1;
					last >>>= 1;
				}
			}
			else {
				hash = hasher.node(hash, sibling);
			}
			node >>>= 1;
			last >>>= 1;
		}
		return last == 0 && Arrays.equals(hash, root);
	}

	/**
	 * Check the proof that a tree is the beginning of a larger one.
	 * @param first the size of the smaller tree
	 * @param firstRoot its root
	 * @param second the size of the larger tree
	 * @param secondRoot its root
	 * @param proof the proof
	 * @return whether it holds
	 */
	public static boolean extendsTree(long first, byte[] firstRoot, long second, byte[] secondRoot,
			List<byte[]> proof) {
		if (first < 1 || first > second || !areHashes(proof)) {
			return false;
		}
		if (first == second) {
			return proof.isEmpty() && Arrays.equals(firstRoot, secondRoot);
		}
		List<byte[]> path = new ArrayList<>(proof);
		if (Long.bitCount(first) == 1) {
			path.add(0, firstRoot);
		}
		if (path.isEmpty()) {
			return false;
		}
		TreeHasher hasher = new TreeHasher();
		int shift = Long.numberOfTrailingZeros(~(first - 1));
		long node = (first - 1) >>> shift;
		long last = (second - 1) >>> shift;
		byte[] smaller = path.get(0);
		byte[] larger = path.get(0);
		for (byte[] hash : path.subList(1, path.size())) {
			if (last == 0) {
				return false;
			}
			if ((node & 1) == 1 || node == last) {
				smaller = hasher.node(hash, smaller);
				larger = hasher.node(hash, larger);
				while ((node & 1) == 0 && node != 0) {
					node >>>= 1;
					last >>>= 1;
				}
			}
			else {
				larger = hasher.node(larger, hash);
			}
			node >>>= 1;
			last >>>= 1;
		}
		return last == 0 && Arrays.equals(smaller, firstRoot) && Arrays.equals(larger, secondRoot);
	}

	private static boolean areHashes(List<byte[]> proof) {
		return proof.stream().allMatch((hash) -> hash.length == TreeHasher.LENGTH);
	}

	// The largest power of two below the size.
	private static long leftSize(long size) {
		return Long.highestOneBit(size - 1);
	}

}
