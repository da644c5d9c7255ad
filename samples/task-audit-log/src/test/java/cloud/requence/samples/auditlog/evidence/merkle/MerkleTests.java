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

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.IntStream;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * The Merkle tree, against the vectors of certificate transparency and against the
 * definitions of RFC 9162 written down as they stand there.
 */
class MerkleTests {

	private static final HexFormat HEX = HexFormat.of();

	// The leaves of the reference tree of certificate transparency.
	private static final List<byte[]> REFERENCE = IntStream.range(0, 8)
		.mapToObj((i) -> List
			.of("", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f")
			.get(i))
		.map(HEX::parseHex)
		.toList();

	private final TreeHasher hasher = new TreeHasher();

	@ParameterizedTest
	@CsvSource({ "0, e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
			"1, 6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
			"2, fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
			"3, aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
			"4, d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
			"5, 4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
			"6, 76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
			"7, ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
			"8, 5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328" })
	void hasTheRootsOfTheReferenceTree(int size, String root) {
		CompactRange range = new CompactRange();
		REFERENCE.subList(0, size).forEach((leaf) -> range.append(this.hasher.leaf(leaf)));
		assertThat(HEX.formatHex(range.root())).isEqualTo(root);
	}

	@ParameterizedTest
	@CsvSource({
			"0, 8, 96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7"
					+ " 5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e"
					+ " 6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
			"5, 8, bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b"
					+ " ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0"
					+ " d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
			"2, 3, fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
			"1, 5, 6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"
					+ " 5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e"
					+ " bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b" })
	void hasTheInclusionProofsOfTheReferenceTree(int index, int size, String proof) {
		assertThat(MerkleProofs.inclusion(index, size, new NaiveTree(REFERENCE))).map(HEX::formatHex)
			.containsExactly(proof.split(" "));
	}

	@ParameterizedTest
	@CsvSource({
			"1, 8, 96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7"
					+ " 5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e"
					+ " 6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
			"6, 8, 0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a"
					+ " ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0"
					+ " d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
			"2, 5, 5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e"
					+ " bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b" })
	void hasTheConsistencyProofsOfTheReferenceTree(int first, int second, String proof) {
		assertThat(MerkleProofs.consistency(first, second, new NaiveTree(REFERENCE))).map(HEX::formatHex)
			.containsExactly(proof.split(" "));
	}

	@Test
	void provesEachLeafOfEachSmallTreeAndNoOther() {
		NaiveTree tree = NaiveTree.ofSize(40);
		for (int size = 1; size <= 40; size++) {
			byte[] root = tree.root(size);
			for (int index = 0; index < size; index++) {
				List<byte[]> proof = MerkleProofs.inclusion(index, size, tree);
				for (int claimed = 0; claimed < size; claimed++) {
					assertThat(MerkleProofs.includes(tree.hash(0, index), claimed, size, root, proof))
						.isEqualTo(claimed == index);
				}
				assertThat(MerkleProofs.includes(tree.hash(0, (index + 1) % 40), index, size, root, proof)).isFalse();
			}
		}
	}

	@Test
	void provesThatEachSmallTreeExtendsEachSmallerOne() {
		NaiveTree tree = NaiveTree.ofSize(40);
		for (int second = 1; second <= 40; second++) {
			for (int first = 1; first <= second; first++) {
				List<byte[]> proof = MerkleProofs.consistency(first, second, tree);
				byte[] firstRoot = tree.root(first);
				byte[] secondRoot = tree.root(second);
				assertThat(MerkleProofs.extendsTree(first, firstRoot, second, secondRoot, proof)).isTrue();
				if (first < second) {
					assertThat(MerkleProofs.extendsTree(first, secondRoot, second, secondRoot, proof)).isFalse();
					assertThat(MerkleProofs.extendsTree(first, firstRoot, second, firstRoot, proof)).isFalse();
					assertThat(MerkleProofs.extendsTree(first + 1, firstRoot, second, secondRoot, proof)).isFalse();
				}
			}
		}
	}

	@Property(tries = 100)
	void rejectsEachProofOfWhichABitIsChanged(@ForAll @IntRange(min = 2, max = 600) int size,
			@ForAll @IntRange(max = 599) int leaf, @ForAll @IntRange(max = 100_000) int place) {
		NaiveTree tree = NaiveTree.ofSize(size);
		int index = leaf % size;
		List<byte[]> inclusion = flipBit(MerkleProofs.inclusion(index, size, tree), place);
		assertThat(MerkleProofs.includes(tree.hash(0, index), index, size, tree.root(size), inclusion)).isFalse();
		int first = 1 + leaf % (size - 1);
		List<byte[]> consistency = flipBit(MerkleProofs.consistency(first, size, tree), place);
		assertThat(MerkleProofs.extendsTree(first, tree.root(first), size, tree.root(size), consistency)).isFalse();
		assertThat(MerkleProofs.extendsTree(first, tree.root(first), size, tree.root(size), List.of(new byte[31])))
			.isFalse();
	}

	@Property(tries = 100)
	void keepsTheSameRootInACompactRange(@ForAll @IntRange(max = 600) int size,
			@ForAll @IntRange(max = 600) int restored) {
		NaiveTree tree = NaiveTree.ofSize(size);
		CompactRange range = new CompactRange();
		for (int i = 0; i < size; i++) {
			if (i == restored) {
				range = CompactRange.decode(range.size(), range.encode());
			}
			range.append(tree.hash(0, i));
		}
		assertThat(range.size()).isEqualTo(size);
		assertThat(range.root()).isEqualTo(tree.root(size));
		assertThat(MerkleProofs.root(0, size, tree)).isEqualTo(tree.root(size));
	}

	@Property(tries = 100)
	void takesWholeSubtreesInPlaceOfLeaves(@ForAll @IntRange(min = 1, max = 600) int size,
			@ForAll List<@IntRange(max = 9) Integer> levels) {
		NaiveTree tree = NaiveTree.ofSize(size);
		CompactRange range = new CompactRange();
		for (int next = 0; range.size() < size; next++) {
			int level = levels.isEmpty() ? 0 : levels.get(next % levels.size());
			level = Math.min(level, Long.numberOfTrailingZeros(range.size()));
			while (range.size() + (1L << level) > size) {
				level--;
			}
			range.append(level, tree.hash(level, range.size() >>> level));
		}
		assertThat(range.root()).isEqualTo(tree.root(size));
	}

	@Test
	void rejectsWhatIsNoCompactRange() {
		assertThatIllegalArgumentException().isThrownBy(() -> CompactRange.decode(3, new byte[32]));
		assertThatIllegalArgumentException().isThrownBy(() -> CompactRange.decode(-1, new byte[2048]));
		CompactRange range = new CompactRange();
		range.append(new byte[32]);
		assertThatIllegalArgumentException().isThrownBy(() -> range.append(1, new byte[32]));
		assertThatIllegalArgumentException().isThrownBy(() -> range.append(new byte[31]));
		assertThatExceptionOfType(IllegalArgumentException.class)
			.isThrownBy(() -> MerkleProofs.inclusion(5, 5, NaiveTree.ofSize(6)));
	}

	@Test
	void computesEachNodeOfATile() {
		NaiveTree tree = NaiveTree.ofSize(Tile.WIDTH);
		byte[] hashes = new byte[Tile.WIDTH * TreeHasher.LENGTH];
		for (int i = 0; i < Tile.WIDTH; i++) {
			System.arraycopy(tree.hash(0, i), 0, hashes, i * TreeHasher.LENGTH, TreeHasher.LENGTH);
		}
		for (int height = 0; height <= Tile.HEIGHT; height++) {
			for (int index = 0; index < Tile.WIDTH >> height; index++) {
				assertThat(Tile.node(hashes, height, index)).isEqualTo(tree.hash(height, index));
			}
		}
		assertThat(Tile.root(hashes)).isEqualTo(tree.root(Tile.WIDTH));
		byte[] part = Arrays.copyOf(hashes, 200 * TreeHasher.LENGTH);
		assertThat(Tile.node(part, 3, 24)).isEqualTo(tree.hash(3, 24));
		assertThatIllegalArgumentException().isThrownBy(() -> Tile.node(part, 3, 25));
	}

	private static List<byte[]> flipBit(List<byte[]> proof, int place) {
		List<byte[]> changed = new ArrayList<>(proof.stream().map(byte[]::clone).toList());
		byte[] hash = changed.get(place % changed.size());
		hash[place / 8 % hash.length] ^= (byte) (1 << (place % 8));
		return changed;
	}

	/**
	 * MTH of RFC 9162, section 2.1.1, word by word.
	 */
	private static final class NaiveTree implements MerkleProofs.Nodes {

		private final TreeHasher hasher = new TreeHasher();

		private final List<byte[]> leaves;

		NaiveTree(List<byte[]> leaves) {
			this.leaves = leaves;
		}

		static NaiveTree ofSize(int size) {
			return new NaiveTree(
					IntStream.range(0, size).mapToObj((i) -> ("leaf " + i).getBytes(StandardCharsets.UTF_8)).toList());
		}

		byte[] root(int size) {
			return root(this.leaves.subList(0, size));
		}

		private byte[] root(List<byte[]> part) {
			if (part.isEmpty()) {
				return this.hasher.empty();
			}
			if (part.size() == 1) {
				return this.hasher.leaf(part.get(0));
			}
			int k = 1;
			while (k * 2 < part.size()) {
				k *= 2;
			}
			return this.hasher.node(root(part.subList(0, k)), root(part.subList(k, part.size())));
		}

		@Override
		public byte[] hash(int level, long index) {
			int from = Math.toIntExact(index << level);
			return root(this.leaves.subList(from, from + (1 << level)));
		}

	}

}
