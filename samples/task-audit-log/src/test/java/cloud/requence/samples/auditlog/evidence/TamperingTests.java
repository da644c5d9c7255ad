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

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;

import javax.sql.DataSource;

import cloud.requence.samples.auditlog.TestDatabase;
import cloud.requence.samples.auditlog.entry.Entry;
import cloud.requence.samples.auditlog.entry.NewEntry;
import cloud.requence.samples.auditlog.evidence.VerificationReport.Fault;
import cloud.requence.samples.auditlog.evidence.merkle.CompactRange;
import cloud.requence.samples.auditlog.evidence.merkle.MerkleProofs;
import cloud.requence.samples.auditlog.evidence.merkle.TreeHasher;
import cloud.requence.samples.auditlog.evidence.note.Anchor;
import cloud.requence.samples.auditlog.evidence.note.Checkpoint;
import cloud.requence.samples.auditlog.evidence.note.SignedCheckpoint;
import cloud.requence.samples.auditlog.evidence.note.SigningKey;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Someone who can write to the database changes, deletes, inserts and exchanges rows:
 * each is found out, at every row of a sample log, and the row is named. Each change is
 * made in a transaction that is rolled back after the verification.
 */
class TamperingTests {

	private static final int SIZE = 300;

	private static final String ORIGIN = "example.com/audit-log";

	private static final SigningKey key = new SigningKey(ORIGIN, SigningKey.generate());

	// Another valid value for each column of an entry, given its own
	private static final Map<String, String> OTHER_VALUES = Map.ofEntries(
			Map.entry("kind", "case kind when 'GAP' then 'UPDATE' else 'GAP' end"),
			Map.entry("position", "coalesce(position, 0) + 1"),
			Map.entry("update_id", "coalesce(update_id, '') || 'x'"),
			Map.entry("platform_time", "coalesce(platform_time, now()) + interval '1 microsecond'"),
			Map.entry("recorded_at", "recorded_at - interval '1 microsecond'"),
			Map.entry("task_id", "coalesce(task_id, '') || 'x'"),
			Map.entry("root_task_id", "coalesce(root_task_id, '') || 'x'"),
			Map.entry("task_name", "coalesce(task_name, '') || 'x'"),
			Map.entry("update_type", "case when update_type is null then '' end"),
			Map.entry("node_id", "case when node_id is null then '' end"),
			Map.entry("node_alias", "coalesce(node_alias, '') || 'x'"),
			Map.entry("outcome", "case when outcome is null then 'ended' else 'failed' end"),
			Map.entry("reason", "coalesce(reason, '') || ' '"),
			Map.entry("gap_from_position", "coalesce(gap_from_position, 0) - 1"),
			Map.entry("gap_to_position", "coalesce(gap_to_position, 0) + 1"),
			Map.entry("gap_from_time", "case when gap_from_time is null then now() end"),
			Map.entry("gap_to_time", "coalesce(gap_to_time + interval '1 day', 'infinity')"),
			Map.entry("subject", "coalesce(subject, 0) + 1"),
			Map.entry("payload_hash",
					"case when payload_hash is null then sha256('') else set_byte(payload_hash, 31, "
							+ "255 - get_byte(payload_hash, 31)) end"),
			Map.entry("payload_size", "payload_size + 1"),
			Map.entry("leaf_hash", "set_byte(leaf_hash, 0, 255 - get_byte(leaf_hash, 0))"));

	@TempDir
	private static Path directory;

	private static SingleConnectionDataSource dataSource = new SingleConnectionDataSource();

	private static AnchorStore anchors = new DirectoryAnchorStore(Path.of("anchors"));

	private JdbcTemplate jdbc = new JdbcTemplate();

	private TransactionTemplate transactions = new TransactionTemplate();

	@BeforeAll
	static void recordSampleLog() throws IOException {
		DataSource owner = TestDatabase.owner(TestDatabase.create());
		dataSource = new SingleConnectionDataSource(connection(owner), true);
		LogWriter writer = new LogWriter(dataSource);
		TransactionTemplate transactions = new TransactionTemplate(new JdbcTransactionManager(dataSource));
		for (int from = 0; from < SIZE; from += 30) {
			int first = from;
			transactions.executeWithoutResult((status) -> writer.append(SampleEntries.of(first, 30)));
		}
		anchors = new DirectoryAnchorStore(directory);
		anchor(0, 150);
		anchor(150, 270);
	}

	private static Connection connection(DataSource owner) {
		try {
			return owner.getConnection();
		}
		catch (SQLException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private static void anchor(long previous, long size) throws IOException {
		TreeReader tree = new TreeReader(new JdbcTemplate(dataSource), size);
		Checkpoint head = new Checkpoint(ORIGIN, size, tree.range().root());
		List<byte[]> proof = (previous > 0) ? MerkleProofs.consistency(previous, size, tree) : List.of();
		anchors.add(size, new Anchor(previous, proof, SignedCheckpoint.of(head, key)).text());
	}

	@BeforeEach
	void openLog() {
		this.jdbc = new JdbcTemplate(dataSource);
		// Changes that are rolled back leave rows behind that each read has to skip
		this.jdbc.execute("vacuum analyze");
		this.transactions = new TransactionTemplate(new JdbcTransactionManager(dataSource));
	}

	@Test
	void findsNothingInTheLogAsItWasWritten() {
		VerificationReport report = verify();
		assertThat(report.valid()).as(report.text()).isTrue();
		assertThat(report.size()).isEqualTo(SIZE);
		assertThat(report.entries()).isEqualTo(SIZE);
		assertThat(report.anchors()).isEqualTo(2);
		assertThat(report.anchoredSize()).isEqualTo(270);
		assertThat(report.gaps()).isEqualTo(12);
		assertThat(report.text()).contains("#270 to #299 are newer than the last anchor");
	}

	@Test
	void findsEachChangedColumnOfEachEntry() {
		assertThat(columns("entry")).containsExactlyInAnyOrderElementsOf(with(OTHER_VALUES.keySet(), "sequence"));
		OTHER_VALUES.forEach((column, value) -> {
			for (int sequence = 0; sequence < SIZE; sequence += column.equals("reason") ? 1 : 13) {
				Fault fault = tamper("update entry set " + column + " = " + value + " where sequence = " + sequence);
				assertThat(fault.sequence()).as(column + " of " + sequence + ": " + fault).isEqualTo(sequence);
				assertThat(fault.table()).isEqualTo("entry");
			}
		});
	}

	@Test
	void findsEachDeletedEntry() {
		for (int sequence = 0; sequence < SIZE; sequence++) {
			Fault fault = tamper("delete from entry where sequence = " + sequence);
			assertThat(fault.sequence()).isEqualTo(sequence);
		}
	}

	@Test
	void findsEachInsertedEntry() {
		for (int sequence : List.of(-1, SIZE, SIZE + 1, Integer.MAX_VALUE)) {
			Fault fault = tamper(
					"insert into entry select " + sequence + ", " + rest("entry") + " from entry where sequence = 17");
			assertThat(fault.sequence()).isEqualTo(sequence);
		}
	}

	@Test
	void findsEachPairOfNeighboursThatIsExchanged() {
		for (int sequence = 0; sequence < SIZE - 1; sequence++) {
			int first = sequence;
			Fault fault = tamper((database) -> exchange(database, "entry", first, first + 1));
			assertThat(fault.sequence()).as(fault.toString()).isEqualTo(sequence);
		}
	}

	@Test
	void findsEachChangedPayload() {
		for (long sequence : payloads()) {
			for (String change : List.of("salt = set_byte(salt, 0, 255 - get_byte(salt, 0))", "salt = ''",
					"canonical = convert_to(convert_from(canonical, 'UTF8') || ' ', 'UTF8')", "canonical = 'x'",
					"body = jsonb_set(body, '{number}', '-1')", "body = null", "body = body || '{\"more\":1}'")) {
				Fault fault = tamper("update payload set " + change + " where sequence = " + sequence);
				assertThat(fault).extracting(Fault::table, Fault::sequence)
					.as(change + " of " + sequence)
					.containsExactly("payload", sequence);
			}
			Fault deleted = tamper("delete from payload where sequence = " + sequence);
			assertThat(deleted).extracting(Fault::table, Fault::sequence).containsExactly("payload", sequence);
		}
	}

	@Test
	void findsInsertedAndExchangedPayloads() {
		for (int sequence : List.of(-1, 1, 24, SIZE, SIZE + 7)) {
			Fault fault = tamper("insert into payload (sequence, salt, canonical, body) select " + sequence
					+ ", salt, canonical, body from payload where sequence = 0");
			assertThat(fault).extracting(Fault::table, Fault::sequence).containsExactly("payload", (long) sequence);
		}
		assertThat(tamper((database) -> exchange(database, "payload", 2, 3)).sequence()).isEqualTo(2);
	}

	@Test
	void findsEachChangedTile() {
		for (String change : List.of("hashes = set_byte(hashes, 5 * 32, 255 - get_byte(hashes, 5 * 32))",
				"root = set_byte(root, 0, 255 - get_byte(root, 0))", "hashes = ''", "root = ''", "level = 1",
				"index = 1", "level = -1", "level = 9")) {
			assertThat(tamper("update tile set " + change).table()).as(change).isEqualTo("tile");
		}
		assertThat(tamper("delete from tile").table()).isEqualTo("tile");
		assertThat(tamper("insert into tile select 0, 1, hashes, root from tile").table()).isEqualTo("tile");
		assertThat(tamper("insert into tile select 1, 0, hashes, root from tile").table()).isEqualTo("tile");
	}

	@Test
	void findsEachChangedStateOfTheTree() {
		for (int size = 30; size <= SIZE; size += 30) {
			for (String change : List.of("size = size + 1", "size = size - 1", "size = -size",
					"previous_size = previous_size + 1", "root = set_byte(root, 9, 255 - get_byte(root, 9))",
					"root = ''", "range = set_byte(range, 9, 255 - get_byte(range, 9))", "range = range || '\\x00'",
					"recorded_at = recorded_at + interval '1 microsecond'")) {
				Fault fault = tamper("update tree set " + change + " where size = " + size);
				assertThat(fault.table()).as(change + " of " + size).isIn("tree", "entry");
			}
			assertThat(tamper("delete from tree where size = " + size)).isNotNull();
		}
		assertThat(tamper("insert into tree select 45, 30, root, range, recorded_at from tree where size = 60").table())
			.isEqualTo("tree");
		assertThat(tamper("insert into tree select 0, 0, root, range, recorded_at from tree where size = 60").table())
			.isEqualTo("tree");
		assertThat(tamper("delete from tree").table()).isEqualTo("entry");
	}

	@Test
	void findsAChangedEntryWithItsLeafHashAdjusted() {
		for (int sequence = 0; sequence < SIZE; sequence += 3) {
			int changed = sequence;
			Fault fault = tamper((database) -> {
				database.update("update entry set task_id = 'other' where sequence = ?", changed);
				adjustLeafHash(database, changed);
			});
			assertThat(fault.sequence()).as(fault.toString()).isBetween(changed / 30 * 30L, (long) changed);
			assertThat(fault.last()).isBetween((long) changed, changed / 30 * 30L + 29);
			if (sequence < 256) {
				assertThat(fault.sequence()).as("named by its tile").isEqualTo(sequence);
			}
		}
	}

	@Test
	void findsByAnchorsThatTheWholeTailWasRewritten() {
		for (int from : List.of(0, 120, 149, 150, 269)) {
			Fault fault = tamper((database) -> rewrite(database, from, SIZE));
			assertThat(fault.table()).isEqualTo("anchor");
			assertThat(fault.sequence()).isEqualTo((from < 150) ? 0 : 150);
			assertThat(fault.last()).isEqualTo((from < 150) ? 149 : 269);
		}
	}

	@Test
	void findsByAnchorsThatTheTailWasCutOff() {
		Fault fault = tamper((database) -> rewrite(database, 260, 269));
		assertThat(fault.table()).isEqualTo("anchor");
		assertThat(fault.problem()).contains("removed");
	}

	@Test
	void doesNotClaimToFindWhatWasRewrittenAfterTheLastAnchor() {
		VerificationReport report = verifyAfter((database) -> rewrite(database, 270, SIZE));
		assertThat(report.valid()).isTrue();
		assertThat(report.limits()).anyMatch((limit) -> limit.startsWith("Entries #270 to #299"));
	}

	@Test
	void verifiesFromWhereItEnded() throws IOException {
		for (int from : List.of(1, 30, 255, 256, 257, 299, 300)) {
			CompactRange start = new TreeReader(this.jdbc, from).range();
			VerificationReport report = verification().verify(start).report();
			assertThat(report.entries()).isEqualTo(SIZE - from);
			// A state within a transaction of the recorder is no state of the tree
			if (from % 30 == 0) {
				assertThat(report.valid()).as(report.text()).isTrue();
			}
		}
		CompactRange other = new CompactRange();
		other.append(new byte[TreeHasher.LENGTH]);
		assertThat(verification().verify(other).report().valid()).isFalse();
	}

	private Fault tamper(String sql) {
		return tamper((database) -> assertThat(database.update(sql)).isPositive());
	}

	private Fault tamper(Consumer<JdbcTemplate> change) {
		VerificationReport report = verifyAfter(change);
		assertThat(report.valid()).isFalse();
		return Objects.requireNonNull(report.firstFault());
	}

	private VerificationReport verifyAfter(Consumer<JdbcTemplate> change) {
		return Objects.requireNonNull(this.transactions.execute((status) -> {
			change.accept(this.jdbc);
			status.setRollbackOnly();
			return verify();
		}));
	}

	// Within the transaction of the change, which the snapshot of a verification of its
	// own would not see
	private VerificationReport verify() {
		VerificationReport.Faults faults = new VerificationReport.Faults();
		AnchoredHeads heads = new AnchoredHeads(faults);
		try {
			anchors.forEach(0, (name, text) -> heads.add(name, text, List.of(key.verifierKey())));
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		return new DatabaseVerifier(this.jdbc, new CompactRange(), faults, heads).verify();
	}

	private LogVerification verification() {
		return new LogVerification(dataSource, anchors, List.of(key.verifierKey()));
	}

	private void exchange(JdbcTemplate database, String table, int first, int second) {
		database.update("update " + table + " set sequence = -7 where sequence = " + first);
		database.update("update " + table + " set sequence = " + first + " where sequence = " + second);
		database.update("update " + table + " set sequence = " + second + " where sequence = -7");
	}

	private void adjustLeafHash(JdbcTemplate database, int sequence) {
		Entry entry = Objects
			.requireNonNull(database.queryForObject("select " + EntryRows.COLUMNS + " from entry where sequence = ?",
					(row, number) -> EntryRows.read(row), sequence));
		database.update("update entry set leaf_hash = ? where sequence = ?",
				new TreeHasher().leaf(EntryEncoding.encode(entry)), sequence);
	}

	// What someone with this code and the database, and without the anchors, would do
	private void rewrite(JdbcTemplate database, int from, int size) {
		int kept = from / 30 * 30;
		for (String table : List.of("entry", "payload")) {
			database.update("delete from " + table + " where sequence >= ?", kept);
		}
		database.update("delete from tree where size > ?", kept);
		database.update("delete from tile where (index + 1) * 256 > ?", kept);
		List<NewEntry> entries = new ArrayList<>(SampleEntries.of(kept, size - kept));
		entries.set(from - kept, SampleEntries.of(7, 1).get(0));
		for (int at = 0; at < entries.size(); at += 30) {
			new LogWriter(dataSource).append(entries.subList(at, Math.min(at + 30, entries.size())));
		}
	}

	private List<Long> payloads() {
		return this.jdbc.queryForList("select sequence from payload where sequence % 12 = 0 order by sequence",
				Long.class);
	}

	private List<String> columns(String table) {
		return this.jdbc.queryForList("select column_name from information_schema.columns where table_name = ? "
				+ "and is_generated = 'NEVER' " + "order by ordinal_position", String.class, table);
	}

	private String rest(String table) {
		return String.join(", ", columns(table).stream().filter((column) -> !column.equals("sequence")).toList());
	}

	private static List<String> with(Iterable<String> names, String... more) {
		List<String> all = new ArrayList<>(Arrays.asList(more));
		names.forEach(all::add);
		return all;
	}

}
