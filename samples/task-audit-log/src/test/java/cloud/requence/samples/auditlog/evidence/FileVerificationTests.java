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
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;

import cloud.requence.samples.auditlog.entry.Entry;
import cloud.requence.samples.auditlog.entry.EntryKind;
import cloud.requence.samples.auditlog.entry.NewEntry;
import cloud.requence.samples.auditlog.evidence.VerificationReport.Fault;
import cloud.requence.samples.auditlog.evidence.merkle.TreeHasher;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The content of files is verified by the entries that state its SHA-256, and erased with
 * the payloads that it belongs to.
 */
class FileVerificationTests {

	// After three updates: one file is stored, one is too large
	private static final long STORED = 3;

	private static final long LARGE = 4;

	private final SampleLog log = new SampleLog();

	private final Erasures erasures = new Erasures(this.log.eraser, Clock.systemUTC());

	@BeforeEach
	void recordFiles() {
		this.log.append(0, 3);
		byte[] content = "the scan".getBytes(StandardCharsets.UTF_8);
		String hash = HexFormat.of().formatHex(TreeHasher.sha256().digest(content));
		this.log.append(List.of(file(hash, true), file(hash, false)));
		this.log.owner.update("insert into file_request values (0, 1), (0, 2)");
		this.log.owner.update("insert into file values (?, 0, 1, ?), (?, 0, 2, null)", STORED, content, LARGE);
	}

	private static NewEntry file(String hash, boolean stored) {
		Entry entry = new Entry(0, EntryKind.FILE, null, null, null, Instant.parse("2026-11-28T12:01:00Z"), "task-0",
				null, null, null, null, null, null, null, null, null, null, null, 0L, null, 0);
		return new NewEntry(entry, "{\"sha256\":\"%s\",\"size\":8,\"stored\":%s}".formatted(hash, stored)
			.getBytes(StandardCharsets.UTF_8));
	}

	@Test
	void findsNothingInFilesAsTheyWereStored() throws IOException {
		assertThat(verify().valid()).as(verify().text()).isTrue();
	}

	@ParameterizedTest
	@ValueSource(strings = { "update file set content = 'another' where sequence = 3",
			"update file set content = null where sequence = 3", "update file set subject = 2 where sequence = 3",
			"update file set sequence = 2 where sequence = 3", "update file set sequence = 7 where sequence = 3",
			"update file set sequence = -1 where sequence = 3", "update file set content = 'more' where sequence = 4",
			"delete from file where sequence = 3",
			"insert into file (sequence, subject, number, content) values (1, 0, 3, 'more')" })
	void findsChangedRemovedAndInsertedFiles(String change) throws IOException {
		assertThat(this.log.owner.update(change)).isOne();
		VerificationReport report = verify();
		assertThat(report.faults()).extracting(Fault::table).as(report.text()).isNotEmpty().containsOnly("file");
	}

	@ParameterizedTest
	@ValueSource(longs = { 0, STORED })
	void erasesTheFileWithThePayloadThatRefersToItAndWithTheOneThatDescribesIt(long sequence) throws IOException {
		assertThat(this.erasures.eraseEntry(sequence, "alice", "Request 17")).isOne();
		assertThat(this.log.owner.queryForList("select sequence from file where content is not null")).isEmpty();
		// So that no one loads it again, or states that it was not loaded
		assertThat(this.log.owner.queryForList("select number from file_request where number = 1")).isEmpty();
		assertThat(verify().valid()).as(verify().text()).isTrue();
	}

	@Test
	void findsAnErasedFileThatIsThereAgain() throws IOException {
		this.log.owner.execute("create table backup as select * from file");
		this.erasures.eraseEntry(0, "alice", "Request 17");
		this.log.owner.update("insert into file select * from backup where sequence = ?", STORED);
		Fault fault = verify().firstFault();
		assertThat(fault).isNotNull()
			.extracting(Fault::table, Fault::sequence, Fault::problem)
			.containsExactly("file", STORED, "It was erased, and is there again");
	}

	private VerificationReport verify() throws IOException {
		return new LogVerification(this.log.writer, null, this.log.heads.keys()).verify().report();
	}

}
