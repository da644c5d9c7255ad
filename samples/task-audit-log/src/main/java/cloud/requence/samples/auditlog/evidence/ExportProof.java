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

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;

import cloud.requence.samples.auditlog.evidence.merkle.MerkleProofs;
import cloud.requence.samples.auditlog.evidence.merkle.TreeHasher;
import cloud.requence.samples.auditlog.evidence.note.SignedCheckpoint;
import org.jspecify.annotations.Nullable;

/**
 * Proves that the entries of an export are in the log, while it is written. The proof
 * covers the whole tree from left to right: a line {@code leaf <sequence> <hash>} for
 * each entry, and {@code node <level> <index> <hash>} for each largest subtree without
 * one. All of them together have the root of the tree head. The lines are in a temporary
 * file until the entries are written. For one thread, in the transaction that reads the
 * entries.
 */
public final class ExportProof implements AutoCloseable {

	/** The name of the file in an export. */
	public static final String FILE = "proof.txt";

	private final SignedCheckpoint head;

	private final long size;

	private final TreeReader tree;

	private final long anchoredSize;

	private final List<byte[]> anchorConsistency;

	private final Path file;

	private final MessageDigest digest = TreeHasher.sha256();

	private final OutputStream lines;

	// Everything before is covered
	private long covered;

	private long count;

	private @Nullable Long first;

	private @Nullable Long last;

	ExportProof(SignedCheckpoint head, TreeReader tree, long anchoredSize) throws IOException {
		this.head = head;
		this.size = head.checkpoint().size();
		this.tree = tree;
		this.anchoredSize = anchoredSize;
		this.anchorConsistency = (anchoredSize > 0) ? MerkleProofs.consistency(anchoredSize, this.size, tree)
				: List.of();
		this.file = Files.createTempFile("audit-export", ".proof");
		this.lines = new BufferedOutputStream(new DigestOutputStream(Files.newOutputStream(this.file), this.digest));
	}

	/**
	 * Return the tree head that the proof leads to.
	 * @return the head; its size is the sequence of the first entry that is too new
	 */
	public SignedCheckpoint head() {
		return this.head;
	}

	/**
	 * Add an entry of the export.
	 * @param sequence the entry; entries are exported in the order of their sequences
	 * @throws IllegalArgumentException if it is not after the one before, or not in the
	 * tree
	 * @throws IOException if the temporary file cannot be written
	 */
	public void add(long sequence) throws IOException {
		if (sequence < this.covered || sequence >= this.size) {
			throw new IllegalArgumentException(
					"Entry #" + sequence + " is not among #" + this.covered + " to #" + (this.size - 1));
		}
		cover(sequence);
		line("leaf " + sequence, this.tree.hash(0, sequence));
		this.covered = sequence + 1;
		this.count++;
		this.first = (this.first != null) ? this.first : Long.valueOf(sequence);
		this.last = sequence;
	}

	private void cover(long end) throws IOException {
		while (this.covered < end) {
			int level = Math.min(62, Long.numberOfTrailingZeros(this.covered));
			while (this.covered + (1L << level) > end || this.covered + (1L << level) < 0) {
				level--;
			}
			long index = this.covered >>> level;
			line("node " + level + " " + index, this.tree.hash(level, index));
			this.covered += 1L << level;
		}
	}

	private void line(String what, byte[] hash) throws IOException {
		this.lines
			.write((what + " " + Base64.getEncoder().encodeToString(hash) + "\n").getBytes(StandardCharsets.US_ASCII));
	}

	/**
	 * Cover the rest of the tree and write the proof.
	 * @param target where to
	 * @throws IOException if it cannot be written
	 */
	public void writeTo(OutputStream target) throws IOException {
		cover(this.size);
		this.lines.close();
		Files.copy(this.file, target);
	}

	/**
	 * Return the manifest. The proof has been written before.
	 * @param query what was asked for, as a URL
	 * @param exportedAt when
	 * @param exportedBy by whom
	 * @param entries the name of the file with the entries
	 * @param sha256 its SHA-256
	 * @return the manifest
	 */
	public ExportManifest manifest(String query, Instant exportedAt, String exportedBy, String entries, byte[] sha256) {
		HexFormat hex = HexFormat.of();
		return new ExportManifest(ExportManifest.VERSION, query, exportedAt, exportedBy, this.count, this.first,
				this.last, entries, hex.formatHex(sha256), FILE, hex.formatHex(this.digest.digest()), this.head.note(),
				this.anchoredSize, this.anchorConsistency.stream().map(Base64.getEncoder()::encodeToString).toList());
	}

	@Override
	public void close() throws IOException {
		this.lines.close();
		Files.deleteIfExists(this.file);
	}

}
