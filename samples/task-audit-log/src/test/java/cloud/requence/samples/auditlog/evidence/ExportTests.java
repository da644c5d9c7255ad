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

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.UnaryOperator;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;

import cloud.requence.samples.auditlog.TestDatabase;
import cloud.requence.samples.auditlog.entry.Entry;
import cloud.requence.samples.auditlog.entry.NewEntry;
import cloud.requence.samples.auditlog.evidence.merkle.TreeHasher;
import cloud.requence.samples.auditlog.evidence.note.VerifierKey;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.junit.jupiter.api.Assumptions.abort;

/**
 * Exports are verified without a database, and the command {@code verify} with and
 * without one.
 */
class ExportTests {

	private static final String ALL = "true";

	@TempDir
	private Path directory = Path.of("export");

	private final SampleLog log = new SampleLog();

	private final ExportEvidence evidence = new ExportEvidence(this.log.heads, this.log.writer);

	private boolean csv;

	private AnchorStore anchors = new DirectoryAnchorStore(this.directory);

	@BeforeEach
	void recordAndAnchor() {
		this.anchors = new DirectoryAnchorStore(this.directory.resolve("anchors"));
		this.log.append(0, 270);
		new Anchoring(this.log.heads, this.anchors, this.log.writer, Clock.systemUTC()).anchor();
		this.log.append(270, 30);
	}

	@ParameterizedTest
	@ValueSource(strings = { ALL, "false", "sequence = 0", "sequence = 299", "sequence between 100 and 290",
			"sequence % 7 = 3", "task_id = 'task-40'", "kind = 'GAP'" })
	void provesExactlyWhatItContains(String filter) throws IOException {
		VerificationReport report = verify(export(filter));
		assertThat(report.valid()).as(report.text()).isTrue();
		assertThat(report.entries())
			.isEqualTo(this.log.owner.queryForObject("select count(*) from entry where " + filter, Long.class));
		assertThat(report.anchoredSize()).isEqualTo(270);
	}

	@ParameterizedTest
	@ValueSource(strings = { ALL, "false", "sequence = 0", "sequence % 7 = 3", "kind = 'GAP'" })
	void provesEachRowOfASpreadsheet(String filter) throws IOException {
		this.csv = true;
		VerificationReport report = verify(export(filter));
		assertThat(report.valid()).as(report.text()).isTrue();
		assertThat(report.entries())
			.isEqualTo(this.log.owner.queryForObject("select count(*) from entry where " + filter, Long.class));
	}

	@Test
	void findsEachChangedRowOfASpreadsheet() throws IOException {
		this.csv = true;
		Map<String, String> export = export("sequence % 10 = 0");
		String rows = Objects.requireNonNull(export.get("entries.csv"));
		List<String> lines = rows.lines().toList();
		for (int i = 1; i < lines.size(); i++) {
			String line = lines.get(i);
			for (String changed : List.of(line.replaceFirst("^\\d+", "5"),
					line.replaceFirst(",\"UPDATE\",", ",\"GAP\","), line.replaceFirst(",2026", ",2025"),
					line.replaceFirst("00(\\.\\d+)?Z", "00$1000000001Z"), line.replace("\"invoice\"", "\"invoices\""),
					line.replace("\"invoice\"", "invoice"), line.replace("\"invoice\"", "\"'invoice\""),
					line.contains("Müller") ? line.replace("Müller", "Meier")
							: line.replaceFirst(",,,$", ",\"x\",,\"00\""),
					line + ",", "", line.substring(0, line.lastIndexOf(',')), line + "\"")) {
				if (!changed.equals(line)) {
					VerificationReport report = verify(adjusted(export, rows.replace(line + "\r\n", changed + "\r\n")));
					assertThat(Objects.requireNonNull(report.firstFault(), changed).sequence()).as(changed)
						.isEqualTo((i - 1) * 10L);
				}
			}
			assertThat(verify(adjusted(export, rows.replace(line + "\r\n", ""))).valid()).isFalse();
			assertThat(verify(adjusted(export, rows.replace(line, line + "\r\n" + line))).valid()).isFalse();
		}
		String other = lines.get(0).replace("\"taskId\",\"rootTaskId\"", "\"rootTaskId\",\"taskId\"");
		assertThat(Objects.requireNonNull(verify(adjusted(export, rows.replace(lines.get(0), other))).firstFault())
			.problem()).contains("header");
	}

	@Test
	void findsWhatALineSaysBesidesItsEntry() throws IOException {
		String task = "t".repeat(200);
		Entry sample = SampleEntries.of(0, 1).get(0).entry();
		this.log.append(
				List.of(new NewEntry(
						new Entry(0, sample.kind(), 1L, null, sample.platformTime(), sample.recordedAt(), task, null,
								"invoice", null, null, null, null, null, null, null, null, null, null, null, 0),
						null)));
		Map<String, String> json = export("sequence = 300");
		String line = Objects.requireNonNull(json.get("entries.jsonl"));
		for (String changed : List.of(line.replace(task, task + " and more"), line.replace("000Z\"", "0009Z\""),
				line.replace("\"kind\"", "\"note\":\"x\",\"kind\""),
				line.replace("\"kind\":\"UPDATE\"", "\"kind\":\"GAP\",\"kind\":\"UPDATE\""),
				line.replace("}\n", "} \n"), line.replace("}}\n", "},\"approved\":true}\n"))) {
			assertThat(changed).isNotEqualTo(line);
			assertThat(verify(adjusted(json, changed)).valid()).as(changed).isFalse();
		}
		this.csv = true;
		Map<String, String> rows = export("sequence = 300");
		String row = Objects.requireNonNull(rows.get("entries.csv"));
		assertThat(verify(rows).valid()).isTrue();
		assertThat(verify(adjusted(rows, row.replace(task, task + " and more"))).valid()).isFalse();
	}

	@Test
	void needsNoProofOfWhatIsComplete() throws IOException {
		assertThat(export(ALL).get(ExportProof.FILE)).doesNotContain("node");
		assertThat(Objects.requireNonNull(export("sequence = 0").get(ExportProof.FILE)).lines().count()).isLessThan(15);
	}

	@ParameterizedTest
	@ValueSource(booleans = { false, true })
	void verifiesWhatJsonAndSpreadsheetsMakeDifficult(boolean spreadsheet) throws IOException {
		this.csv = spreadsheet;
		NewEntry entry = SampleEntries.of(0, 1).get(0);
		List<NewEntry> entries = new ArrayList<>();
		for (String payload : List.of("\"a\\nb\\u2028\\ud800\"", "{\n \"a\" : 1.0e2 }", "not JSON", "\u2028\r\n", "",
				"=1+1", "'", "'=x", "''", "-1", "\"", "a,\"b\"\r\n\"\",c", "\n")) {
			entries.add(new NewEntry(entry.entry(), payload.getBytes(StandardCharsets.UTF_8)));
		}
		entries.add(new NewEntry(entry.entry(), new byte[] { (byte) 0xff, 0, '\n' }));
		this.log.append(entries);
		VerificationReport report = verify(export("sequence >= 298"));
		assertThat(report.valid()).as(report.text()).isTrue();
		assertThat(report.entries()).isEqualTo(16);
		assertThat(report.erased()).isZero();
	}

	@Test
	void verifiesAnExportWithErasedPayloads() throws IOException {
		new Erasures(this.log.eraser, Clock.systemUTC()).eraseTask("task-2", "alice", "Request 17");
		VerificationReport report = verify(export("task_id = 'task-2'"));
		assertThat(report.valid()).as(report.text()).isTrue();
		assertThat(report.erased()).isEqualTo(2);
	}

	@Test
	void findsEachChangedLineEvenIfTheManifestIsAdjusted() throws IOException {
		Map<String, String> export = export("sequence % 10 = 0");
		List<String> lines = Objects.requireNonNull(export.get("entries.jsonl")).lines().toList();
		for (int i = 0; i < lines.size(); i++) {
			int changed = i;
			for (UnaryOperator<String> change : List.<UnaryOperator<String>>of(
					(line) -> line.replaceFirst("\"recordedAt\":\"2026", "\"recordedAt\":\"2025"),
					(line) -> line.replaceFirst("\"sequence\":\"\\d+", "\"sequence\":\"5"),
					(line) -> line.contains("\"payload\"") ? line.replace("Müller", "Meier")
							: line.replace("}", ",\"salt\":\"00\",\"payload\":\"x\"}"))) {
				List<String> others = new ArrayList<>(lines);
				others.set(changed, change.apply(lines.get(changed)));
				assertThat(others).isNotEqualTo(lines);
				VerificationReport report = verify(adjusted(export, others));
				assertThat(Objects.requireNonNull(report.firstFault()).sequence()).isEqualTo(changed * 10L);
				assertThat(report.faultCount()).isEqualTo(1);
			}
			List<String> fewer = new ArrayList<>(lines);
			fewer.remove(changed);
			assertThat(Objects.requireNonNull(verify(adjusted(export, fewer)).firstFault()).sequence())
				.isEqualTo(changed * 10L);
			List<String> more = new ArrayList<>(lines);
			more.add(changed, lines.get(changed));
			assertThat(verify(adjusted(export, more)).valid()).isFalse();
		}
	}

	@Test
	void findsEachChangedLineOfTheProof() throws IOException {
		Map<String, String> export = export("sequence = 7 or sequence = 280");
		List<String> lines = Objects.requireNonNull(export.get(ExportProof.FILE)).lines().toList();
		for (int i = 0; i < lines.size(); i++) {
			for (String other : List.of("", "leaf", "leaf x y", "node 63 0 AAAA", lines.get(i).replaceFirst(" ", " 1"),
					lines.get(i).replaceFirst(".=", "A="))) {
				List<String> changed = new ArrayList<>(lines);
				changed.set(i, other.equals(lines.get(i)) ? lines.get(i).replaceFirst(".=", "Q=") : other);
				Map<String, String> damaged = new LinkedHashMap<>(export);
				damaged.put(ExportProof.FILE, String.join("\n", changed) + "\n");
				assertThat(verify(withHashes(damaged)).valid()).as(changed.get(i)).isFalse();
			}
		}
	}

	@Test
	void findsAChangedManifest() throws IOException {
		Map<String, String> export = export("sequence % 50 = 7");
		String manifest = Objects.requireNonNull(export.get(ExportManifest.FILE));
		for (String member : List.of("count", "first", "last", "sha256", "proofSha256")) {
			Map<String, String> changed = new LinkedHashMap<>(export);
			changed.put(ExportManifest.FILE, manifest.replaceFirst("(\"" + member + "\" : \"?)", "$11"));
			assertThat(changed).isNotEqualTo(export);
			assertThat(verify(changed).valid()).as(member).isFalse();
		}
		Map<String, String> forged = new LinkedHashMap<>(export);
		forged.put(ExportManifest.FILE, manifest.replace("audit-log\\n300", "audit-log\\n301"));
		assertThatIllegalArgumentException().isThrownBy(() -> verify(forged)).withMessageContaining("signature");
		Map<String, String> unanchored = new LinkedHashMap<>(export);
		unanchored.put(ExportManifest.FILE, manifest.replace("\"anchoredSize\" : 270", "\"anchoredSize\" : 269"));
		assertThat(Objects.requireNonNull(verify(unanchored).firstFault()).table()).isEqualTo("anchor");
	}

	@Test
	void verifiesWithTheStandardLibraryOfPython() throws IOException {
		assumePython();
		this.log.append(List.of(new NewEntry(SampleEntries.of(0, 1).get(0).entry(), new byte[] { (byte) 0xff, 0 })));
		new Erasures(this.log.eraser, Clock.systemUTC()).eraseTask("task-2", "alice",
				"Request 17 \u2028 \\ \"x\" \u0001");
		String root = this.log.heads.newest().note().lines().skip(2).findFirst().orElseThrow();
		for (String filter : List.of(ALL, "false", "sequence % 7 = 6", "task_id = 'task-40'")) {
			assertThat(python(write(export(filter)))).isEqualTo("0 302 " + root + "\n");
		}
		Map<String, String> export = export("sequence % 7 = 6");
		List<String> lines = Objects.requireNonNull(export.get("entries.jsonl")).lines().toList();
		List<String> changed = new ArrayList<>(lines);
		changed.set(3, lines.get(3).replace("\"position\":\"10", "\"position\":\"11"));
		assertThat(python(write(adjusted(export, changed)))).isEqualTo("1 #27 has another leaf hash\n");
	}

	private static void assumePython() throws IOException {
		try {
			new ProcessBuilder("python3", "--version").redirectOutput(Redirect.DISCARD).start();
		}
		catch (IOException ex) {
			if ("true".equals(System.getenv("CI"))) {
				throw ex;
			}
			abort("Python 3 is not installed: " + ex.getMessage());
		}
	}

	private String python(Path export) throws IOException {
		Process process = new ProcessBuilder("python3", "src/test/python/verify_export.py", export.toString())
			.redirectErrorStream(true)
			.start();
		String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
		return process.onExit().join().exitValue() + " " + output;
	}

	@Test
	void refusesEntriesThatAreOutOfOrderOrTooNew() throws IOException {
		try (ExportProof proof = this.evidence.begin()) {
			proof.add(5);
			assertThatIllegalArgumentException().isThrownBy(() -> proof.add(5));
			assertThatIllegalArgumentException().isThrownBy(() -> proof.add(4));
			assertThatIllegalArgumentException().isThrownBy(() -> proof.add(300));
		}
	}

	@Test
	void verifiesFromTheCommandLine() throws IOException {
		Path keys = Files.writeString(this.directory.resolve("keys"), this.log.key.verifierKey() + "\n");
		Path zip = write(export("sequence % 10 = 0"));
		String anchored = "--anchors=" + this.directory.resolve("anchors");
		assertThat(command("--export=" + zip, "--keys=" + keys, anchored)).startsWith("0 VALID: export, 30 entries");
		String database = "--database=" + TestDatabase.url(this.log.name);
		assertThat(command(database, "--username=audit_writer_user", "--keys=" + keys, anchored))
			.startsWith("0 VALID: database, 300 entries from #0 of a tree of 300, 1 anchors up to 270")
			.contains("#270 to #299 are newer than the last anchor");
		this.log.owner.update("update entry set task_name = 'other' where sequence = 42");
		assertThat(command(database, "--username=audit_writer_user", "--keys=" + keys))
			.startsWith("1 NOT VALID: database")
			.contains("FAULT: entry #42: Its columns do not have its leaf hash");
		assertThat(command("--export=" + zip)).startsWith("2 verify --database");
		assertThat(command("--export=" + zip, database, "--keys=" + keys)).startsWith("2 verify --database");
		assertThat(command("--export=" + zip, "--keys=" + keys, "--anchors=none")).startsWith("2 Nothing was verified");
		assertThat(command("--export=" + keys, "--keys=" + keys)).startsWith("2 Nothing was verified");
		assertThat(command("--database=jdbc:postgresql://localhost:1/none", "--keys=" + keys))
			.startsWith("2 Nothing was verified");
	}

	private static String command(String... options) {
		List<String> args = new ArrayList<>(List.of("verify"));
		args.addAll(List.of(options));
		ByteArrayOutputStream out = new ByteArrayOutputStream();
		int exitCode = VerifyCommand.run(args.toArray(String[]::new), Map.of(),
				new PrintStream(out, true, StandardCharsets.UTF_8));
		return exitCode + " " + out.toString(StandardCharsets.UTF_8);
	}

	private Map<String, String> export(String filter) throws IOException {
		Map<String, String> files = new LinkedHashMap<>();
		try (ExportProof proof = this.evidence.begin()) {
			ByteArrayOutputStream entries = new ByteArrayOutputStream();
			entries.writeBytes(this.csv ? ExportRows.header() : new byte[0]);
			this.log.owner.query("select " + EntryRows.COLUMNS + ", salt, canonical from entry left join payload p "
					+ "using (sequence) where " + filter + " order by sequence", (row) -> {
						Entry entry = EntryRows.read(row);
						try {
							entries.write(this.csv ? ExportRows.write(entry, row.getBytes(23), row.getBytes(24))
									: ExportLines.write(entry, row.getBytes(23), row.getBytes(24)));
							proof.add(entry.sequence());
						}
						catch (IOException ex) {
							throw new IllegalStateException(ex);
						}
					});
			ByteArrayOutputStream proofLines = new ByteArrayOutputStream();
			proof.writeTo(proofLines);
			String name = this.csv ? "entries.csv" : "entries.jsonl";
			files.put(name, entries.toString(StandardCharsets.UTF_8));
			files.put(ExportProof.FILE, proofLines.toString(StandardCharsets.UTF_8));
			ExportManifest manifest = proof.manifest("/export?x", Instant.EPOCH, "alice", name,
					TreeHasher.sha256().digest(entries.toByteArray()));
			files.put(ExportManifest.FILE, new String(manifest.toJson(), StandardCharsets.UTF_8));
		}
		return files;
	}

	private Map<String, String> adjusted(Map<String, String> export, List<String> lines) {
		return adjusted(export, String.join("\n", lines) + "\n");
	}

	private Map<String, String> adjusted(Map<String, String> export, String content) {
		Map<String, String> changed = new LinkedHashMap<>(export);
		changed.put(this.csv ? "entries.csv" : "entries.jsonl", content);
		return withHashes(changed);
	}

	private Map<String, String> withHashes(Map<String, String> export) {
		ExportManifest old = ExportManifest.parse(bytes(export.get(ExportManifest.FILE)));
		Map<String, String> changed = new LinkedHashMap<>(export);
		ExportManifest manifest = new ExportManifest(old.version(), old.query(), old.exportedAt(), old.exportedBy(),
				old.count(), old.first(), old.last(), old.file(), sha256(export.get(old.file())), old.proofFile(),
				sha256(export.get(old.proofFile())), old.head(), old.anchoredSize(), old.anchorConsistency());
		changed.put(ExportManifest.FILE, new String(manifest.toJson(), StandardCharsets.UTF_8));
		return changed;
	}

	private static String sha256(@Nullable String content) {
		return HexFormat.of().formatHex(TreeHasher.sha256().digest(bytes(content)));
	}

	private static byte[] bytes(@Nullable String content) {
		return Objects.requireNonNull(content).getBytes(StandardCharsets.UTF_8);
	}

	private VerificationReport verify(Map<String, String> export) throws IOException {
		List<VerifierKey> keys = List.of(this.log.key.verifierKey());
		try (ZipFile zip = new ZipFile(write(export).toFile())) {
			return new ExportVerifier(zip, keys).verify(this.anchors);
		}
	}

	private Path write(Map<String, String> export) throws IOException {
		Path file = this.directory.resolve("export.zip");
		try (OutputStream out = Files.newOutputStream(file);
				ZipOutputStream zip = new ZipOutputStream(out, StandardCharsets.UTF_8)) {
			for (Map.Entry<String, String> content : export.entrySet()) {
				zip.putNextEntry(new ZipEntry(content.getKey()));
				zip.write(bytes(content.getValue()));
				zip.closeEntry();
			}
		}
		return file;
	}

}
