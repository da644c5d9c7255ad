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
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Objects;

import cloud.requence.samples.auditlog.evidence.VerificationReport.Fault;
import cloud.requence.samples.auditlog.evidence.note.InclusionProof;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.jdbc.core.JdbcTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * Payloads are erased, entries stay, and everything still verifies. Tasks that are held
 * lose nothing.
 */
class ErasureTests {

	// Sample entries are recorded from 12:00 on, one each millisecond
	private static final Clock CLOCK = Clock.fixed(Instant.parse("2026-11-28T13:00:00Z"), ZoneOffset.UTC);

	private final SampleLog log = new SampleLog();

	private final Erasures erasures = new Erasures(this.log.eraser, CLOCK);

	private final Holds holds = new Holds(this.log.writer, this.log.log, CLOCK);

	@Test
	void erasesTheTaskAndKeepsTheProofs() throws IOException {
		this.log.append(0, 60);
		InclusionProof before = Objects.requireNonNull(this.log.heads.inclusion(6));
		assertThat(this.erasures.eraseTask("task-2", "alice", "Request 17")).isEqualTo(2);
		assertThat(payloads("where sequence in (6, 7, 8)")).isZero();
		byte[] leaf = Objects.requireNonNull(
				this.log.owner.queryForObject("select leaf_hash from entry where sequence = 6", byte[].class));
		assertThat(before.includes(leaf)).isTrue();
		assertThat(Objects.requireNonNull(this.log.heads.inclusion(6)).includes(leaf)).isTrue();
		VerificationReport report = verify();
		assertThat(report.valid()).as(report.text()).isTrue();
		assertThat(report.erased()).isEqualTo(2);
		assertThat(report.text()).contains("2 payloads were erased");
		assertThat(this.log.owner.queryForMap("select kind, task_id, reason, subject from entry where sequence = 60"))
			.containsEntry("kind", "ERASURE")
			.containsEntry("task_id", "task-2")
			.containsEntry("reason", "Request 17")
			.containsEntry("subject", 6L);
		assertThat(this.log.owner.queryForObject("select canonical from payload where sequence = 60", byte[].class))
			.asString(StandardCharsets.UTF_8)
			.isEqualTo("{\"by\":\"alice\",\"erased\":[[6,6],[8,8]],\"reason\":\"Request 17\"}");
		assertThat(this.erasures.eraseTask("task-2", "alice", "again")).isZero();
	}

	@Test
	void erasesOneEntry() throws IOException {
		this.log.append(0, 10);
		assertThat(this.erasures.eraseEntry(3, "alice", "Request 18")).isEqualTo(1);
		assertThat(this.erasures.eraseEntry(4, "alice", "It has none")).isZero();
		assertThat(this.erasures.eraseEntry(10, "alice", "The erasure itself")).isZero();
		assertThat(verify().erased()).isEqualTo(1);
	}

	@Test
	void findsAnErasureThatNoEntryStates() throws IOException {
		this.log.append(0, 10);
		new JdbcTemplate(this.log.eraser).update("delete from payload where sequence = 3");
		assertThat(verify().firstFault()).extracting(Fault::table, Fault::sequence).containsExactly("payload", 3L);
	}

	@Test
	void findsAPayloadThatIsThereAgain() throws IOException {
		this.log.append(0, 10);
		this.log.owner.execute("create table backup as select sequence, salt, canonical, body from payload");
		this.erasures.eraseEntry(3, "alice", "Request 18");
		this.log.owner
			.update("insert into payload (sequence, salt, canonical, body) select * from backup where sequence = 3");
		assertThat(Objects.requireNonNull(verify().firstFault()).problem()).contains("is there again");
	}

	@Test
	void keepsWhatIsHeld() throws IOException {
		this.log.append(0, 60);
		long payloads = payloads("");
		this.holds.hold("task-2", "bob", "Case 4");
		assertThat(this.holds.isHeld("task-2")).isTrue();
		assertThatIllegalStateException().isThrownBy(() -> this.erasures.eraseTask("task-2", "alice", "Request 17"))
			.withMessageContaining("is held");
		assertThatIllegalStateException().isThrownBy(() -> this.erasures.eraseEntry(6, "alice", "Request 17"))
			.withMessageContaining("#6 is held");
		long kept = payloads("where sequence in (6, 7, 8)");
		assertThat(this.erasures.eraseOlderThan(Duration.ofMinutes(30))).isEqualTo(payloads - kept);
		assertThat(payloads("where sequence in (6, 7, 8)")).isEqualTo(kept).isEqualTo(2);
		this.holds.release("task-2", "bob", "Case 4 is closed");
		assertThat(this.holds.isHeld("task-2")).isFalse();
		assertThat(this.erasures.eraseTask("task-2", "alice", "Request 17")).isEqualTo(2);
		VerificationReport report = verify();
		assertThat(report.valid()).as(report.text()).isTrue();
		assertThat(payloads("join entry using (sequence) where kind in ('HOLD', 'RELEASE', 'ERASURE')")).isEqualTo(4);
	}

	@Test
	void keepsTheTasksThatAHeldTaskHasStarted() {
		this.log.append(0, 10);
		this.log.owner.update("update entry set root_task_id = 'task-0' where task_id = 'task-2'");
		this.holds.hold("task-0", "bob", "Case 4");
		assertThatIllegalStateException().isThrownBy(() -> this.erasures.eraseTask("task-2", "alice", "Request 17"));
		assertThat(this.erasures.eraseTask("task-1", "alice", "Request 17")).isEqualTo(2);
	}

	@ParameterizedTest
	@ValueSource(ints = { 1, 7, 30 })
	void erasesWhatIsOlderThanTheRetention(int batch) throws IOException {
		for (int from = 0; from < 60; from += batch) {
			this.log.append(from, Math.min(batch, 60 - from));
		}
		// Entry 29 is recorded at 29 + 3 ms
		Duration age = Duration.between(Instant.parse("2026-11-28T12:00:00.033Z"), CLOCK.instant());
		this.erasures.eraseOlderThan(age);
		int complete = 30 / batch * batch;
		assertThat(this.log.owner.queryForObject("select min(sequence) from payload", Long.class))
			.isGreaterThanOrEqualTo(complete)
			.isLessThan(complete + 3);
		assertThat(this.erasures.eraseOlderThan(age)).isZero();
		assertThat(verify().valid()).isTrue();
	}

	@Test
	void erasesNothingWithoutAUserForIt() {
		this.log.append(0, 10);
		assertThatIllegalStateException()
			.isThrownBy(() -> new Erasures(null, CLOCK).eraseTask("task-2", "alice", "Request 17"))
			.withMessageContaining("audit.database.eraser.username");
	}

	@Test
	void combinesTheRangesOfErasures() {
		ErasedEntries erased = new ErasedEntries();
		List.of(new long[] { 5, 7 }, new long[] { 9, 9 }, new long[] { 8, 8 }, new long[] { 20, 30 },
				new long[] { 1, 3 }, new long[] { 0, 25 }, new long[] { 4, 2 })
			.forEach((range) -> erased.add(range[0], range[1]));
		erased.add("{\"erased\":[[40,41],[\"a\",3],7]}".getBytes(StandardCharsets.UTF_8));
		erased.add("{".getBytes(StandardCharsets.UTF_8));
		for (long sequence = 0; sequence < 50; sequence++) {
			assertThat(erased.contains(sequence)).as("#" + sequence)
				.isEqualTo(sequence <= 30 || sequence == 40 || sequence == 41);
		}
	}

	private long payloads(String condition) {
		return Objects
			.requireNonNull(this.log.owner.queryForObject("select count(*) from payload " + condition, Long.class));
	}

	private VerificationReport verify() throws IOException {
		return new LogVerification(this.log.writer, null, this.log.heads.keys()).verify().report();
	}

}
