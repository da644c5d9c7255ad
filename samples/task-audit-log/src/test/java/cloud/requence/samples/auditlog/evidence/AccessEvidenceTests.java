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
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Objects;

import cloud.requence.samples.auditlog.evidence.VerificationReport.Fault;
import cloud.requence.samples.auditlog.evidence.merkle.CompactRange;
import org.junit.jupiter.api.Test;

import org.springframework.jdbc.core.JdbcTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * Accesses are part of the log: someone who changes, removes or adds one is found out.
 */
class AccessEvidenceTests {

	private static final Clock CLOCK = Clock.fixed(Instant.parse("2026-11-28T13:00:00Z"), ZoneOffset.UTC);

	private final SampleLog log = new SampleLog();

	private final JdbcTemplate writer = new JdbcTemplate(this.log.writer);

	private final AccessEvidence accesses = new AccessEvidence(this.log.writer, this.log.log, CLOCK);

	@Test
	void hasTheHashOfEachAccess() throws IOException {
		this.log.append(0, 10);
		look(3);
		assertThat(verify().newAccesses()).isEqualTo(3);
		assertThat(verify().text()).contains("Not proven: 3 accesses are not part of the log yet");
		this.accesses.append();
		this.accesses.append();
		assertThat(verify().size()).as("one entry for all of them").isEqualTo(11);
		look(2);
		this.accesses.append();
		VerificationReport report = verify();
		assertThat(report.valid()).as(report.text()).isTrue();
		assertThat(report.size()).isEqualTo(12);
		assertThat(report.accesses()).isEqualTo(5);
		assertThat(report.newAccesses()).isZero();
		assertThat(this.log.owner.queryForMap("select kind, reason from entry where sequence = 11"))
			.containsEntry("kind", "ACCESS")
			.containsEntry("reason", "Hashes of accesses 4 to 5");
	}

	@Test
	void hasTheHashesOfManyInSeveralEntries() throws IOException {
		look(600);
		this.accesses.append();
		VerificationReport report = verify();
		assertThat(report.valid()).as(report.text()).isTrue();
		assertThat(report.size()).isEqualTo(3);
		assertThat(report.accesses()).isEqualTo(600);
	}

	@Test
	void findsEachAccessThatIsChangedRemovedOrAdded() throws IOException {
		look(9);
		// A number that no access has, as its transaction has failed
		this.log.owner.update("delete from access_log where id = 5");
		this.accesses.append();
		look(3);
		this.accesses.append();
		this.log.owner.execute("create table backup as select * from access_log");
		List<String> changes = List.of("at = at + interval '1 microsecond'", "at = 'infinity'", "username = 'ben'",
				"address = '127.0.0.2'", "action = 'ENTRY'", "query = ''", "entries = entries + 1", "entries = null",
				"started_by = 1", "salt = gen_random_uuid()");
		for (int id : List.of(1, 7, 10, 12)) {
			long entry = (id < 10) ? 0 : 1;
			for (String change : changes) {
				assertFault(entry, "Access " + id + " was changed",
						"update access_log set " + change + " where id = " + id);
			}
			assertFault(entry, "Access " + id + " is missing", "delete from access_log where id = " + id);
		}
		for (int id : List.of(-3, 0, 5)) {
			assertFault(0, "Access " + id + " was added later", "insert into access_log overriding system value select "
					+ id
					+ ", at, username, address, action, query, entries, started_by, salt from backup where id = 4");
		}
		assertThat(verify().valid()).isTrue();
	}

	private void assertFault(long entry, String problem, String change) throws IOException {
		assertThat(this.log.owner.update(change)).isOne();
		Fault fault = Objects.requireNonNull(verify().firstFault(), change);
		assertThat(fault).as(change)
			.extracting(Fault::table, Fault::sequence, Fault::problem)
			.containsExactly("access", entry, problem);
		this.log.owner.update("delete from access_log");
		this.log.owner.update("insert into access_log overriding system value select * from backup");
	}

	@Test
	void verifiesThoseThatWereAdded() throws IOException {
		look(3);
		this.accesses.append();
		CompactRange range = Objects.requireNonNull(verification().verify().range());
		look(3);
		this.accesses.append();
		VerificationReport report = verification().verify(copy(range)).report();
		assertThat(report.valid()).as(report.text()).isTrue();
		assertThat(report.accesses()).isEqualTo(3);
		this.log.owner.update("update access_log set username = 'ben' where id = 5");
		assertThat(Objects.requireNonNull(verification().verify(copy(range)).report().firstFault()).problem())
			.isEqualTo("Access 5 was changed");
	}

	@Test
	void neverErasesTheHashes() throws IOException {
		look(3);
		this.accesses.append();
		Erasures erasures = new Erasures(this.log.eraser, Clock.offset(CLOCK, Duration.ofDays(1)));
		assertThat(erasures.eraseOlderThan(Duration.ofHours(1))).isZero();
		assertThat(erasures.eraseEntry(0, "alice", "Request 17")).isZero();
		assertThat(verify().accesses()).isEqualTo(3);
		this.log.owner.update("delete from payload where sequence = 0");
		assertThat(Objects.requireNonNull(verify().firstFault()).problem())
			.isEqualTo("It is missing, and is never erased");
		this.log.owner.update("insert into payload (sequence, salt, canonical) values (0, '', '{}')");
		assertThatIllegalStateException().isThrownBy(this.accesses::append).withMessageContaining("damaged");
		assertThat(verify().valid()).isFalse();
	}

	private void look(int times) {
		for (int i = 0; i < times; i++) {
			this.writer.update("insert into access_log (username, address, action, query, entries) "
					+ "values ('anna', '127.0.0.1', 'SEARCH', 'name=\"Müller & Söhne\"', 3)");
		}
	}

	private static CompactRange copy(CompactRange range) {
		return CompactRange.decode(range.size(), range.encode());
	}

	private VerificationReport verify() throws IOException {
		return verification().verify().report();
	}

	private LogVerification verification() {
		return new LogVerification(this.log.writer, null, this.log.heads.keys());
	}

}
