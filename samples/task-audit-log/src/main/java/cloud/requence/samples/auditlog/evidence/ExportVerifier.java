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

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

import cloud.requence.samples.auditlog.entry.Entry;
import cloud.requence.samples.auditlog.entry.EntryKind;
import cloud.requence.samples.auditlog.evidence.VerificationReport.Faults;
import cloud.requence.samples.auditlog.evidence.merkle.CompactRange;
import cloud.requence.samples.auditlog.evidence.merkle.MerkleProofs;
import cloud.requence.samples.auditlog.evidence.merkle.TreeHasher;
import cloud.requence.samples.auditlog.evidence.note.CanonicalBase64;
import cloud.requence.samples.auditlog.evidence.note.Checkpoint;
import cloud.requence.samples.auditlog.evidence.note.SignedCheckpoint;
import cloud.requence.samples.auditlog.evidence.note.VerifierKey;
import org.jspecify.annotations.Nullable;

/**
 * Verifies an export without a database: its files against the manifest, its entries and
 * payloads against the proof, the proof against the signed tree head, and that against an
 * anchor. Reads line by line. For one verification.
 */
final class ExportVerifier {

	private static final int MAX_MANIFEST = 1_000_000;

	private final ZipFile export;

	private final Collection<VerifierKey> keys;

	private final Faults faults = new Faults();

	private final TreeHasher hasher = new TreeHasher();

	private final CompactRange range = new CompactRange();

	private boolean csv;

	private long entries;

	private long withoutPayload;

	private long gaps;

	private @Nullable Long first;

	private @Nullable Long last;

	ExportVerifier(ZipFile export, Collection<VerifierKey> keys) {
		this.export = export;
		this.keys = keys;
	}

	/**
	 * Verify the export.
	 * @param anchors where anchors are; null if there are none
	 * @return what was found
	 * @throws IOException if the export cannot be read
	 * @throws IllegalArgumentException if it is none
	 */
	VerificationReport verify(@Nullable AnchorStore anchors) throws IOException {
		ExportManifest manifest = manifest();
		Checkpoint head = SignedCheckpoint.open(manifest.head(), this.keys).checkpoint();
		this.csv = manifest.file().endsWith(".csv");
		try (Lines proof = new Lines(open(manifest.proofFile()), false);
				Lines lines = new Lines(open(manifest.file()), this.csv)) {
			if (this.csv) {
				compare("header", new String(ExportRows.header(), StandardCharsets.UTF_8).strip(), lines.next());
			}
			for (String line = proof.next(); line != null; line = proof.next()) {
				verifyProof(line, lines);
			}
			while (lines.next() != null) {
				this.faults.add("entry", this.range.size(), "The proof has no leaf for a line of the export");
			}
			compare("SHA-256 of " + manifest.proofFile(), manifest.proofSha256(), proof.sha256());
			compare("SHA-256 of " + manifest.file(), manifest.sha256(), lines.sha256());
		}
		compare("number of entries", manifest.count(), this.entries);
		compare("first entry", manifest.first(), this.first);
		compare("last entry", manifest.last(), this.last);
		if (this.range.size() != head.size() || !Arrays.equals(this.range.root(), head.root())) {
			this.faults.add("tree", 0, Math.max(0, head.size() - 1), "The proof does not lead to the signed tree head");
		}
		long anchored = (anchors != null) ? verifyAnchor(manifest, head, anchors) : 0;
		return new VerificationReport("export", (this.first != null) ? this.first : 0, head.size(), this.entries,
				(anchored > 0) ? 1 : 0, anchored, this.withoutPayload, this.gaps, 0, 0, this.faults.count(),
				this.faults.sorted());
	}

	private ExportManifest manifest() throws IOException {
		try (InputStream manifest = open(ExportManifest.FILE)) {
			return ExportManifest.parse(manifest.readNBytes(MAX_MANIFEST));
		}
	}

	private InputStream open(String name) throws IOException {
		ZipEntry file = this.export.getEntry(name);
		if (file == null) {
			throw new IllegalArgumentException("The export has no file '" + name + "'");
		}
		return this.export.getInputStream(file);
	}

	private void verifyProof(String line, Lines lines) throws IOException {
		String[] parts = line.split(" ");
		try {
			if (parts.length == 3 && parts[0].equals("leaf")) {
				long sequence = Long.parseLong(parts[1]);
				byte[] leaf = CanonicalBase64.decode(parts[2]);
				if (sequence != this.range.size()) {
					throw new IllegalArgumentException("leaf " + sequence + " is not the next one");
				}
				this.range.append(leaf);
				this.entries++;
				this.first = (this.first != null) ? this.first : Long.valueOf(sequence);
				this.last = sequence;
				verifyEntry(sequence, leaf, lines.next());
				return;
			}
			if (parts.length == 4 && parts[0].equals("node")) {
				int level = Integer.parseInt(parts[1]);
				if (level < 0 || level > 62 || Long.parseLong(parts[2]) != this.range.size() >>> level) {
					throw new IllegalArgumentException("node " + parts[2] + " is not the next one");
				}
				this.range.append(level, CanonicalBase64.decode(parts[3]));
				return;
			}
			throw new IllegalArgumentException("a line is neither leaf nor node");
		}
		catch (IllegalArgumentException ex) {
			this.faults.add("tree", this.range.size(), "The proof is damaged: " + ex.getMessage());
		}
	}

	private void verifyEntry(long sequence, byte[] leaf, @Nullable String text) {
		if (text == null) {
			this.faults.add("entry", sequence, "It is missing");
			return;
		}
		ExportLines.Line line;
		try {
			line = this.csv ? ExportRows.read(text) : ExportLines.read(text);
		}
		catch (IllegalArgumentException ex) {
			this.faults.add("entry", sequence, "Its line cannot be read: " + ex.getMessage());
			return;
		}
		Entry entry = line.entry();
		this.gaps += (entry.kind() == EntryKind.GAP) ? 1 : 0;
		if (!Arrays.equals(leaf, this.hasher.leaf(EntryEncoding.encode(entry)))) {
			this.faults.add("entry", sequence, "It does not have the leaf hash of the proof");
			return;
		}
		// What a reader sees and the hashes do not cover: a text behind one that is cut,
		// a
		// member twice
		if (!Arrays.equals(written(line), (text + (this.csv ? "\r\n" : "\n")).getBytes(StandardCharsets.UTF_8))) {
			this.faults.add("entry", sequence, "Its line is not as an export writes it");
			return;
		}
		byte[] salt = line.salt();
		byte[] payload = line.payload();
		if (entry.payloadHash() == null) {
			if (payload != null) {
				this.faults.add("payload", sequence, "Its entry has no payload");
			}
		}
		else if (payload == null || salt == null) {
			this.withoutPayload++;
		}
		else if (!Arrays.equals(entry.payloadHash(), Payloads.hash(salt, payload))
				|| payload.length != entry.payloadSize()) {
			this.faults.add("payload", sequence, "It does not have the hash and size that its entry states");
		}
	}

	private byte[] written(ExportLines.Line line) {
		return this.csv ? ExportRows.write(line.entry(), line.salt(), line.payload())
				: ExportLines.write(line.entry(), line.salt(), line.payload());
	}

	private void compare(String what, @Nullable Object stated, @Nullable Object found) {
		if (!String.valueOf(stated).equals(String.valueOf(found))) {
			this.faults.add("export", 0, "The manifest states another " + what + ": " + stated + ", found " + found);
		}
	}

	private long verifyAnchor(ExportManifest manifest, Checkpoint head, AnchorStore anchors) throws IOException {
		AnchoredHeads heads = new AnchoredHeads(this.faults);
		anchors.forEach(manifest.anchoredSize(), (name, text) -> heads.add(name, text, this.keys));
		Checkpoint anchor = heads.at(manifest.anchoredSize());
		if (anchor == null) {
			if (manifest.anchoredSize() > 0) {
				this.faults.add("anchor", manifest.anchoredSize() - 1,
						"The anchor of size " + manifest.anchoredSize() + " that the manifest refers to is missing");
			}
			return 0;
		}
		List<byte[]> proof = manifest.anchorConsistency().stream().map(CanonicalBase64::decode).toList();
		if (!anchor.origin().equals(head.origin())
				|| !MerkleProofs.extendsTree(anchor.size(), anchor.root(), head.size(), head.root(), proof)) {
			this.faults.add("anchor", 0, anchor.size() - 1,
					"The tree head of the export does not extend the anchor of size " + anchor.size());
			return 0;
		}
		return anchor.size();
	}

	/**
	 * The lines of a file and the hash of all of it.
	 */
	private static final class Lines implements AutoCloseable {

		private static final int MAX_LENGTH = 512 * 1024 * 1024;

		private final MessageDigest digest = TreeHasher.sha256();

		private final BufferedReader reader;

		private final boolean csv;

		Lines(InputStream file, boolean csv) {
			this.csv = csv;
			this.reader = new BufferedReader(
					new InputStreamReader(new DigestInputStream(file, this.digest), StandardCharsets.UTF_8), 1 << 16);
		}

		// Only a line feed ends a line, and that of a CSV also has a carriage return
		@Nullable String next() throws IOException {
			StringBuilder line = new StringBuilder(256);
			boolean quoted = false;
			for (int c = this.reader.read(); c >= 0; c = this.reader.read()) {
				if (c == '\n' && !quoted) {
					int end = line.length() - 1;
					return (this.csv && end >= 0 && line.charAt(end) == '\r') ? line.substring(0, end)
							: line.toString();
				}
				quoted = this.csv && (quoted != (c == '"'));
				if (line.length() == MAX_LENGTH) {
					throw new IOException("A line is longer than any that an export has");
				}
				line.append((char) c);
			}
			return line.isEmpty() ? null : line.toString();
		}

		String sha256() {
			return HexFormat.of().formatHex(this.digest.digest());
		}

		@Override
		public void close() throws IOException {
			this.reader.close();
		}

	}

}
