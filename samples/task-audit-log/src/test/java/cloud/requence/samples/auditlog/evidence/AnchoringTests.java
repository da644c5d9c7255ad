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
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Objects;

import cloud.requence.samples.auditlog.entry.Entry;
import cloud.requence.samples.auditlog.evidence.VerificationStatus.Anchored;
import cloud.requence.samples.auditlog.evidence.VerificationStatus.Failure;
import cloud.requence.samples.auditlog.evidence.VerificationStatus.Verified;
import cloud.requence.samples.auditlog.evidence.merkle.TreeHasher;
import cloud.requence.samples.auditlog.evidence.note.SigningKey;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.boot.health.contributor.Status;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tree heads that are stored elsewhere, and verification at intervals, as the role of the
 * application.
 */
class AnchoringTests {

	private static final Clock CLOCK = Clock.fixed(Instant.parse("2026-11-28T13:00:00Z"), ZoneOffset.UTC);

	@TempDir
	private Path directory = Path.of("anchors");

	private final SampleLog log = new SampleLog();

	private final VerificationStatus status = new VerificationStatus(this.log.writer);

	@Test
	void storesEachNewHeadOnceAndNeverOverwritesOne() throws IOException {
		Anchoring anchoring = anchoring();
		anchoring.anchor();
		assertThat(files()).isEmpty();
		this.log.append(0, 10);
		anchoring.anchor();
		anchoring.anchor();
		this.log.append(10, 7);
		anchoring.anchor();
		assertThat(files()).containsExactly("00000000000000000010.anchor", "00000000000000000017.anchor");
		assertThat(Files.readString(this.directory.resolve("00000000000000000017.anchor"))).startsWith("old 10\n")
			.contains("\n\nexample.com/audit-log\n17\n");
		assertThat(anchoring.problem()).isNull();
		Anchored anchored = Objects.requireNonNull(this.status.anchored());
		assertThat(anchored.size()).isEqualTo(17);
		assertThat(anchored.at()).isEqualTo(CLOCK.instant());
		assertThatExceptionOfType(FileAlreadyExistsException.class)
			.isThrownBy(() -> anchoring.store().add(17, "other"));
		assertThat(Files.readString(this.directory.resolve("00000000000000000017.anchor"))).startsWith("old 10\n");
	}

	@Test
	void storesNothingAfterTheLogWasRewrittenOrCutOff() throws IOException {
		Anchoring anchoring = anchoring();
		this.log.append(0, 10);
		anchoring.anchor();
		this.log.owner.execute("truncate entry, payload, tree");
		this.log.append(0, 4);
		anchoring.anchor();
		assertThat(anchoring.problem()).contains("entries were removed");
		this.log.append(20, 30);
		anchoring.anchor();
		assertThat(anchoring.problem()).contains("entries were changed");
		assertThat(anchoring.failures()).isEqualTo(2);
		assertThat(files()).hasSize(1);
	}

	@Test
	void noticesAnchorsThatAreMissing() throws IOException {
		Anchoring anchoring = anchoring();
		this.log.append(0, 10);
		anchoring.anchor();
		Path file = this.directory.resolve("00000000000000000010.anchor");
		String text = Files.readString(file);
		Files.delete(file);
		this.log.append(10, 7);
		anchoring.anchor();
		assertThat(anchoring.problem()).contains("size 10").contains("missing");
		assertThat(new EvidenceHealth(this.status, anchoring, CLOCK).health().getStatus()).isEqualTo(Status.DOWN);
		assertThat(files()).isEmpty();
		Files.writeString(file, text);
		anchoring.anchor();
		assertThat(anchoring.problem()).isNull();
		assertThat(files()).hasSize(2);
	}

	@Test
	void showsFailuresInHealthAndMetricsUntilTheyEnd() throws IOException {
		Anchoring anchoring = anchoring();
		EvidenceHealth health = new EvidenceHealth(this.status, anchoring, CLOCK);
		SimpleMeterRegistry registry = new SimpleMeterRegistry();
		health.bindTo(registry);
		assertThat(health.health().getStatus()).isEqualTo(Status.UP);
		assertThat(registry.get("audit.anchor.age").gauge().value()).isNaN();
		this.log.append(0, 10);
		Path blocked = this.directory.resolve("anchors");
		Files.writeString(blocked, "not a directory");
		Anchoring failing = new Anchoring(this.log.heads, new DirectoryAnchorStore(blocked), this.log.writer, CLOCK);
		failing.anchor();
		assertThat(new EvidenceHealth(this.status, failing, CLOCK).health().getStatus()).isEqualTo(Status.DOWN);
		Files.delete(blocked);
		failing.anchor();
		assertThat(new EvidenceHealth(this.status, failing, CLOCK).health().getStatus()).isEqualTo(Status.UP);
		assertThat(failing.failures()).isEqualTo(1);
		assertThat(registry.get("audit.anchor.age").gauge().value()).isZero();
	}

	@Test
	void refusesAnchorsOfAnotherKey() throws IOException {
		this.log.append(0, 10);
		anchoring().anchor();
		TreeHeads others = new TreeHeads(this.log.writer, new SigningKey(SampleLog.ORIGIN, SigningKey.generate()),
				List.of());
		Anchoring anchoring = new Anchoring(others, new DirectoryAnchorStore(this.directory), this.log.writer, CLOCK);
		this.log.append(10, 1);
		anchoring.anchor();
		assertThat(anchoring.problem()).contains("No known key");
		TreeHeads rotated = new TreeHeads(this.log.writer, new SigningKey(SampleLog.ORIGIN, SigningKey.generate()),
				this.log.heads.keys());
		new Anchoring(rotated, new DirectoryAnchorStore(this.directory), this.log.writer, CLOCK).anchor();
		assertThat(files()).hasSize(2);
		assertThat(
				new LogVerification(this.log.writer, new DirectoryAnchorStore(this.directory), rotated.keys()).verify()
					.report()
					.anchors())
			.isEqualTo(2);
	}

	@Test
	void verifiesWhatIsNewAndEverythingOnceInAWhile() throws IOException {
		this.log.append(0, 10);
		anchoring().anchor();
		verifications(CLOCK.instant()).verify();
		assertThat(lastFrom()).isZero();
		this.log.append(10, 290);
		verifications(CLOCK.instant().plusSeconds(60)).verify();
		assertThat(lastFrom()).isEqualTo(10);
		Verified verified = Objects.requireNonNull(this.status.verified());
		assertThat(verified.size()).isEqualTo(300);
		assertThat(verified.failure()).isNull();
		assertThat(verified.isWhole()).as("what is old was not verified again").isFalse();
		assertThat(verified.wholeAt()).isEqualTo(CLOCK.instant());
		assertThat(verified.wholeSize()).isEqualTo(10);
		verifications(CLOCK.instant().plusSeconds(120)).verify();
		assertThat(this.status.verified()).as("nothing is new").isEqualTo(verified);
		this.log.owner.update("update entry set outcome = 'failed' where sequence = 3");
		verifications(CLOCK.instant().plusSeconds(180)).verify();
		assertThat(this.status.verified()).as("nothing is new, and what is old was verified").isEqualTo(verified);
		// What the application may add, and did not
		this.log.owner
			.update("insert into verification (verified_at, from_size, size, range, anchored_size, fault_count) "
					+ "select timestamptz '2100-01-01', 0, size, range, 0, 0 from verification order by id desc limit 1");
		verifications(CLOCK.instant().plus(Duration.ofHours(25))).verify();
		assertThat(failure().first()).startsWith("entry #3");
		verifications(CLOCK.instant().plus(Duration.ofHours(26))).verify();
		assertThat(new EvidenceHealth(this.status, anchoring(), CLOCK).health().getStatus()).isEqualTo(Status.DOWN);
		this.log.owner.update("update entry set outcome = 'ended' where sequence = 3");
		assertThat(verifications(CLOCK.instant().plus(Duration.ofHours(27))).verifyAll().valid()).isTrue();
		assertThat(new EvidenceHealth(this.status, anchoring(), CLOCK).health().getStatus()).isEqualTo(Status.UP);
	}

	@Test
	void goesOnFromTheLastStateThatFitsAfterAFault() throws IOException {
		this.log.append(0, 10);
		verifications(CLOCK.instant()).verify();
		this.log.owner.update("update entry set outcome = 'failed' where sequence = 3");
		verifications(CLOCK.instant().plusSeconds(10)).verifyAll();
		assertThat(failure().first()).startsWith("entry #3");
		assertThat(failure().newFits()).isFalse();
		this.log.append(10, 290);
		verifications(CLOCK.instant().plusSeconds(60)).verify();
		assertThat(lastFrom()).isEqualTo(10);
		assertThat(Objects.requireNonNull(this.status.verified()).size()).isEqualTo(300);
		assertThat(failure().first()).as("counts until everything is verified").startsWith("entry #3");
		assertThat(failure().newFits()).isTrue();
		assertThat(new EvidenceHealth(this.status, anchoring(), CLOCK).health().getStatus()).isEqualTo(Status.DOWN);
		// The tree itself was changed: no state after it fits
		this.log.append(300, 10);
		this.log.owner.update("update entry set leaf_hash = sha256(leaf_hash) where sequence = 305");
		for (int minute = 2; minute < 5; minute++) {
			verifications(CLOCK.instant().plusSeconds(60L * minute)).verify();
			assertThat(lastFrom()).isEqualTo(300);
		}
		assertThat(this.log.owner.queryForObject("select count(*) from verification where from_size = 300", Long.class))
			.as("is said once")
			.isOne();
		assertThat(failure().newFits()).isFalse();
		this.log.append(310, 10);
		verifications(CLOCK.instant().plusSeconds(600)).verify();
		assertThat(lastFrom()).isEqualTo(300);
		this.log.owner.update("update entry set outcome = 'ended' where sequence = 3");
		rehash(305);
		verifications(CLOCK.instant().plusSeconds(660)).verify();
		assertThat(Objects.requireNonNull(this.status.verified()).size()).isEqualTo(320);
		assertThat(failure().first()).startsWith("entry #3");
		assertThat(verifications(CLOCK.instant().plusSeconds(700)).verifyAll().valid()).isTrue();
		assertThat(Objects.requireNonNull(this.status.verified()).failure()).isNull();
	}

	private void rehash(int sequence) {
		Entry entry = Objects.requireNonNull(
				this.log.owner.queryForObject("select " + EntryRows.COLUMNS + " from entry where sequence = ?",
						(row, number) -> EntryRows.read(row), sequence));
		this.log.owner.update("update entry set leaf_hash = ? where sequence = ?",
				new TreeHasher().leaf(EntryEncoding.encode(entry)), sequence);
	}

	private Failure failure() {
		return Objects.requireNonNull(Objects.requireNonNull(this.status.verified()).failure());
	}

	private Anchoring anchoring() {
		return new Anchoring(this.log.heads, new DirectoryAnchorStore(this.directory), this.log.writer, CLOCK);
	}

	private Verifications verifications(Instant now) {
		return new Verifications(
				new LogVerification(this.log.writer, new DirectoryAnchorStore(this.directory), this.log.heads.keys()),
				this.log.writer, Duration.ofHours(24), Clock.fixed(now, ZoneOffset.UTC));
	}

	private Long lastFrom() {
		return this.log.owner.queryForObject("select from_size from verification order by id desc limit 1", Long.class);
	}

	private List<String> files() throws IOException {
		try (var files = Files.list(this.directory)) {
			return files.map((file) -> file.getFileName().toString()).sorted().toList();
		}
	}

}
