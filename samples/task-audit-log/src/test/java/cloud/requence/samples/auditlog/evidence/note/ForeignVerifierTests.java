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

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

import cloud.requence.samples.auditlog.evidence.merkle.CompactRange;
import cloud.requence.samples.auditlog.evidence.merkle.MerkleProofs;
import cloud.requence.samples.auditlog.evidence.merkle.TreeHasher;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

/**
 * Heads, inclusion proofs and anchors, verified by a Go program that uses
 * {@code golang.org/x/mod/sumdb/note} and {@code tlog} and shares no code with this log.
 * Skipped without Go, unless {@code CI} is {@code true}.
 */
class ForeignVerifierTests {

	private static final String ORIGIN = "example.com/audit-log";

	@TempDir
	private static Path directory;

	private static Path auditor = Path.of("auditor");

	private final SigningKey key = new SigningKey(ORIGIN, SigningKey.generate());

	private final SigningKey formerKey = new SigningKey(ORIGIN, SigningKey.generate());

	private final TreeHasher hasher = new TreeHasher();

	@BeforeAll
	static void buildAuditor() {
		auditor = directory.resolve("auditor");
		Result build;
		try {
			build = run(Path.of("src/test/go"), "go", "build", "-o", auditor.toString(), ".");
		}
		catch (UncheckedIOException ex) {
			build = new Result(-1, "", "Go is not installed: " + ex.getMessage());
		}
		if (build.exitCode != 0) {
			String reason = "The auditor in src/test/go was not built: " + build.error;
			if ("true".equals(System.getenv("CI"))) {
				fail(reason);
			}
			abort(reason);
		}
	}

	@Test
	void verifiesTreeHeads() {
		Path head = write("checkpoint", head(300).note());
		assertThat(audit("checkpoint", this.key, head)).isEqualTo(new Result(0, "300\n", ""));
		assertThat(audit("checkpoint", this.formerKey, head).exitCode).isEqualTo(1);
		Path empty = write("empty", head(0).note());
		assertThat(audit("checkpoint", this.key, empty)).isEqualTo(new Result(0, "0\n", ""));
	}

	@Test
	void verifiesTreeHeadsOfFormerKeys() {
		Path head = write("former", SignedCheckpoint.of(head(300).checkpoint(), this.formerKey).note());
		assertThat(run(directory, auditor.toString(), "checkpoint", this.key.verifierKey().toString(),
				this.formerKey.verifierKey().toString(), head.toString()))
			.isEqualTo(new Result(0, "300\n", ""));
	}

	@Test
	void verifiesInclusionProofs() {
		for (long index : List.of(0L, 1L, 255L, 256L, 298L, 299L)) {
			Path proof = write("proof",
					new InclusionProof(index, MerkleProofs.inclusion(index, 300, this::node), head(300)).text());
			assertThat(audit("inclusion", this.key, proof, write("entry", leaf(index))))
				.isEqualTo(new Result(0, "300\n", ""));
			assertThat(audit("inclusion", this.key, proof, write("other", leaf(index + 1))).exitCode).isEqualTo(1);
		}
	}

	@Test
	void verifiesAnchors() {
		for (long previous : List.of(1L, 128L, 255L, 299L)) {
			Path older = write("older", head(previous).note());
			Path anchor = write("anchor",
					new Anchor(previous, MerkleProofs.consistency(previous, 300, this::node), head(300)).text());
			assertThat(audit("consistency", this.key, older, anchor)).isEqualTo(new Result(0, "300\n", ""));
			SignedCheckpoint forged = SignedCheckpoint.of(new Checkpoint(ORIGIN, previous, new byte[32]), this.key);
			assertThat(audit("consistency", this.key, write("forged", forged.note()), anchor).exitCode).isEqualTo(1);
		}
	}

	private SignedCheckpoint head(long size) {
		return SignedCheckpoint.of(new Checkpoint(ORIGIN, size, MerkleProofs.root(0, size, this::node)), this.key);
	}

	private byte[] node(int level, long index) {
		CompactRange range = new CompactRange();
		for (long leaf = index << level; leaf < (index + 1) << level; leaf++) {
			range.append(this.hasher.leaf(leaf(leaf).getBytes(StandardCharsets.UTF_8)));
		}
		return range.root();
	}

	private static String leaf(long index) {
		return "{\"sequence\":\"" + index + "\"}";
	}

	private static Path write(String name, String content) {
		try {
			return Files.writeString(directory.resolve(name), content);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private static Result audit(String what, SigningKey key, Path... files) {
		List<String> command = new ArrayList<>(List.of(auditor.toString(), what, key.verifierKey().toString()));
		for (Path file : files) {
			command.add(file.toString());
		}
		return run(directory, command.toArray(String[]::new));
	}

	private static Result run(Path workingDirectory, String... command) {
		try {
			Path output = Files.createTempFile(directory, "output", "");
			Path error = Files.createTempFile(directory, "error", "");
			Process process = new ProcessBuilder(command).directory(workingDirectory.toFile())
				.redirectOutput(output.toFile())
				.redirectError(error.toFile())
				.start();
			if (!process.waitFor(4, TimeUnit.MINUTES)) {
				process.destroyForcibly();
				throw new IllegalStateException(command[0] + " does not end");
			}
			return new Result(process.exitValue(), Files.readString(output), Files.readString(error));
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		catch (InterruptedException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private record Result(int exitCode, String output, String error) {
	}

}
