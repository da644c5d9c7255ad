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
 * A tree head to be kept elsewhere, with the proof that it extends the one before. Its
 * text is the body of an {@code add-checkpoint} request of C2SP's
 * <a href="https://c2sp.org/tlog-witness">tlog-witness</a>.
 *
 * @param previousSize the size of the tree of the anchor before, 0 for the first
 * @param consistency the consistency proof, empty for the first
 * @param head the tree head
 */
public record Anchor(long previousSize, List<byte[]> consistency, SignedCheckpoint head) {

	private static final int MAX_PROOF = 126;

	/**
	 * Return whether this anchor extends another one.
	 * @param previous the root of the anchor before
	 * @return whether the proof holds
	 */
	public boolean extendsTree(Checkpoint previous) {
		return this.previousSize == previous.size() && MerkleProofs.extendsTree(previous.size(), previous.root(),
				this.head.checkpoint().size(), this.head.checkpoint().root(), this.consistency);
	}

	/**
	 * Return the anchor as it is stored.
	 * @return lines of text
	 */
	public String text() {
		String proof = this.consistency.stream()
			.map((hash) -> Base64.getEncoder().encodeToString(hash) + "\n")
			.collect(Collectors.joining());
		return "old " + this.previousSize + "\n" + proof + "\n" + this.head.note();
	}

	/**
	 * Read an anchor and verify its signature.
	 * @param text the anchor as it was stored
	 * @param keys the keys of the log
	 * @return the anchor
	 * @throws IllegalArgumentException if it is none, or no known key has signed it
	 */
	public static Anchor parse(String text, Collection<VerifierKey> keys) {
		int end = text.indexOf("\n\n");
		String[] lines = (end > 0) ? text.substring(0, end).split("\n") : new String[0];
		if (lines.length == 0 || lines.length > MAX_PROOF || !lines[0].matches("old (0|[1-9][0-9]{0,17})")) {
			throw new IllegalArgumentException("Not an anchor: 'old', the size before and a proof expected");
		}
		List<byte[]> proof = Arrays.stream(lines).skip(1).map(Checkpoint::hash).toList();
		return new Anchor(Long.parseLong(lines[0].substring(4)), proof,
				SignedCheckpoint.open(text.substring(end + 2), keys));
	}

}
