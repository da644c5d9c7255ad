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

import java.util.Collection;
import java.util.List;
import java.util.stream.Stream;

import javax.sql.DataSource;

import cloud.requence.samples.auditlog.evidence.merkle.MerkleProofs;
import cloud.requence.samples.auditlog.evidence.note.Anchor;
import cloud.requence.samples.auditlog.evidence.note.Checkpoint;
import cloud.requence.samples.auditlog.evidence.note.InclusionProof;
import cloud.requence.samples.auditlog.evidence.note.SignedCheckpoint;
import cloud.requence.samples.auditlog.evidence.note.SigningKey;
import cloud.requence.samples.auditlog.evidence.note.VerifierKey;
import org.jspecify.annotations.Nullable;

import org.springframework.jdbc.core.JdbcTemplate;

/**
 * Signs the states of the tree, and makes the proofs that lead to them.
 */
public class TreeHeads {

	private final JdbcTemplate jdbc;

	private final SigningKey key;

	private final List<VerifierKey> keys;

	TreeHeads(DataSource dataSource, SigningKey key, Collection<VerifierKey> formerKeys) {
		this.jdbc = new JdbcTemplate(dataSource);
		this.key = key;
		this.keys = Stream.concat(Stream.of(key.verifierKey()), formerKeys.stream()).toList();
	}

	/**
	 * Return the keys that signatures of this log are verified with: the current one
	 * first, then former ones.
	 * @return the public keys
	 */
	public List<VerifierKey> keys() {
		return this.keys;
	}

	/**
	 * Sign the newest state of the tree.
	 * @return the tree head
	 */
	public SignedCheckpoint newest() {
		LogWriter.TreeState state = TreeReader.newest(this.jdbc);
		return SignedCheckpoint.of(new Checkpoint(this.key.verifierKey().name(), state.size(), state.root()), this.key);
	}

	/**
	 * Prove that the log contains an entry.
	 * @param sequence the entry
	 * @return the proof to the newest tree head; null if there is no such entry
	 */
	public @Nullable InclusionProof inclusion(long sequence) {
		SignedCheckpoint head = newest();
		long size = head.checkpoint().size();
		if (sequence < 0 || sequence >= size) {
			return null;
		}
		return new InclusionProof(sequence, MerkleProofs.inclusion(sequence, size, tree(size)), head);
	}

	/**
	 * Prove that the newest tree head extends an earlier one.
	 * @param previous the earlier tree head; null for the first anchor
	 * @return the newest tree head and the proof
	 * @throws IllegalStateException if the log does not extend the earlier one
	 */
	Anchor next(@Nullable Checkpoint previous) {
		SignedCheckpoint head = newest();
		if (previous == null || previous.size() == 0) {
			return new Anchor(0, List.of(), head);
		}
		long size = head.checkpoint().size();
		if (size < previous.size()) {
			throw new IllegalStateException("The log has " + size + " entries and its last anchor " + previous.size()
					+ ": entries were removed");
		}
		Anchor anchor = new Anchor(previous.size(), MerkleProofs.consistency(previous.size(), size, tree(size)), head);
		if (!anchor.extendsTree(previous)) {
			throw new IllegalStateException(
					"The log does not extend its anchor of size " + previous.size() + ": entries were changed");
		}
		return anchor;
	}

	TreeReader tree(long size) {
		return new TreeReader(this.jdbc, size);
	}

}
