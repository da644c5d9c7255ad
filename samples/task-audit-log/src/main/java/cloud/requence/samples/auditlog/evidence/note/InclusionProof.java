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

package cloud.requence.samples.auditlog.evidence.note;

import java.util.Arrays;
import java.util.Base64;
import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;

import cloud.requence.samples.auditlog.evidence.merkle.MerkleProofs;

/**
 * The proof that the log contains an entry, in the format of C2SP's
 * <a href="https://c2sp.org/tlog-proof">tlog-proof</a>.
 *
 * @param index the sequence of the entry
 * @param proof the inclusion proof
 * @param head the tree head that it leads to
 */
public record InclusionProof(long index, List<byte[]> proof, SignedCheckpoint head) {

	private static final String HEADER = "c2sp.org/tlog-proof@v1";

	/**
	 * Return whether the log contains an entry.
	 * @param leafHash the leaf hash of the entry
	 * @return whether the proof holds
	 */
	public boolean includes(byte[] leafHash) {
		return MerkleProofs.includes(leafHash, this.index, this.head.checkpoint().size(), this.head.checkpoint().root(),
				this.proof);
	}

	/**
	 * Return the proof as a file has it, with the extension {@code .tlog-proof}.
	 * @return lines of text
	 */
	public String text() {
		String hashes = this.proof.stream()
			.map((hash) -> Base64.getEncoder().encodeToString(hash) + "\n")
			.collect(Collectors.joining());
		return HEADER + "\nindex " + this.index + "\n" + hashes + "\n" + this.head.note();
	}

	/**
	 * Read a proof and verify the signature of its tree head.
	 * @param text the content of a file
	 * @param keys the keys of the log
	 * @return the proof
	 * @throws IllegalArgumentException if it is none, or no known key has signed it
	 */
	public static InclusionProof parse(String text, Collection<VerifierKey> keys) {
		int end = text.indexOf("\n\n");
		String[] lines = (end > 0) ? text.substring(0, end).split("\n") : new String[0];
		if (lines.length < 2 || lines.length > 66 || !lines[0].equals(HEADER)
				|| !lines[1].matches("index (0|[1-9][0-9]{0,17})")) {
			throw new IllegalArgumentException("Not an inclusion proof: '" + HEADER + "' and an index expected");
		}
		List<byte[]> proof = Arrays.stream(lines).skip(2).map(Checkpoint::hash).toList();
		return new InclusionProof(Long.parseLong(lines[1].substring(6)), proof,
				SignedCheckpoint.open(text.substring(end + 2), keys));
	}

}
