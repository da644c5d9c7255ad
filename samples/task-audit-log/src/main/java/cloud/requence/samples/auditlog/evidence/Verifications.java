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
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantLock;

import javax.sql.DataSource;

import cloud.requence.samples.auditlog.evidence.LogVerification.Result;
import cloud.requence.samples.auditlog.evidence.VerificationReport.Fault;
import cloud.requence.samples.auditlog.evidence.merkle.CompactRange;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.core.NestedExceptionUtils;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * Verifies the log again and again: what was added since the last time, and everything
 * once in a while. After a fault it continues from the last state of the tree that fits,
 * and the fault counts until a verification of everything finds none.
 */
public class Verifications {

	private static final Logger logger = LoggerFactory.getLogger(Verifications.class);

	// A log that does not grow is not written about each time
	private static final Duration REPEAT = Duration.ofMinutes(15);

	// How long a request waits for a verification of what was added
	private static final Duration PATIENCE = Duration.ofSeconds(10);

	private final ReentrantLock running = new ReentrantLock();

	// Since when the one runs that was started last; null if it has ended
	private final AtomicReference<@Nullable Instant> started = new AtomicReference<>();

	private volatile @Nullable Outcome outcome;

	private final LogVerification verification;

	private final JdbcTemplate jdbc;

	private final Duration fullInterval;

	private final Clock clock;

	Verifications(LogVerification verification, DataSource dataSource, Duration fullInterval, Clock clock) {
		this.verification = verification;
		this.jdbc = new JdbcTemplate(dataSource);
		this.fullInterval = fullInterval;
		this.clock = clock;
	}

	/**
	 * Verify everything.
	 * @return what was found
	 * @throws IOException if the anchors cannot be read
	 * @throws IllegalStateException if another verification takes long
	 */
	public VerificationReport verifyAll() throws IOException {
		try {
			if (!this.running.tryLock(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
				throw new IllegalStateException("Another verification is running");
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IllegalStateException("The verification was interrupted", ex);
		}
		try {
			return verifyEverything();
		}
		finally {
			this.running.unlock();
		}
	}

	/**
	 * Start to verify everything, on a thread of its own.
	 * @return {@code false} if one that was started before has not ended
	 */
	public boolean start() {
		if (!this.started.compareAndSet(null, this.clock.instant())) {
			return false;
		}
		Thread thread = new Thread(this::runStarted, "audit-verification");
		// It only reads: nothing is lost if the application ends
		thread.setDaemon(true);
		thread.start();
		return true;
	}

	private void runStarted() {
		try {
			this.outcome = new Outcome(verifyAll(), null);
		}
		catch (IOException | RuntimeException ex) {
			logger.warn("A verification could not be completed", ex);
			this.outcome = new Outcome(null,
					String.valueOf(NestedExceptionUtils.getMostSpecificCause(ex).getMessage()));
		}
		finally {
			this.started.set(null);
		}
	}

	/**
	 * Return since when a verification runs that was started here.
	 * @return the time; null if none runs
	 */
	public @Nullable Instant runningSince() {
		return this.started.get();
	}

	/**
	 * Return what the last verification that was started here has led to.
	 * @return the outcome; null if there is none
	 */
	public @Nullable Outcome outcome() {
		return this.outcome;
	}

	private VerificationReport verifyEverything() throws IOException {
		Result result = this.verification.verify();
		store(result);
		return result.report();
	}

	/**
	 * Verify what has to be verified now. Does nothing while another verification is
	 * running.
	 * @throws IOException if the anchors cannot be read
	 */
	void verify() throws IOException {
		if (this.running.tryLock()) {
			try {
				verifyDue();
			}
			finally {
				this.running.unlock();
			}
		}
	}

	private void verifyDue() throws IOException {
		Instant now = this.clock.instant();
		if (isOlder("from_size = 0", now.minus(this.fullInterval))) {
			verifyEverything();
			return;
		}
		CompactRange start = lastRange();
		if (start == null) {
			return;
		}
		Result result = this.verification.verify(start);
		VerificationReport report = result.report();
		boolean news = report.valid() ? report.entries() > 0 : !isKnown(report);
		if (news || isOlder("true", now.minus(REPEAT))) {
			store(result);
		}
	}

	private boolean isKnown(VerificationReport report) {
		return !this.jdbc
			.queryForList(
					"select 1 from (select * from verification order by id desc limit 1) as last "
							+ "where fault_count = ? and first_fault = ?",
					Integer.class, report.faultCount(), text(report.firstFault()))
			.isEmpty();
	}

	private boolean isOlder(String condition, Instant limit) {
		// The application may add rows here: one of the future puts off nothing
		OffsetDateTime last = this.jdbc.queryForObject(
				"select max(verified_at) from verification where verified_at <= ? and " + condition,
				OffsetDateTime.class, this.clock.instant().atOffset(ZoneOffset.UTC));
		return last == null || last.toInstant().isBefore(limit);
	}

	// Null if there was none that fits
	private @Nullable CompactRange lastRange() {
		return this.jdbc
			.query("select size, range from (select * from verification order by id desc limit 1) as last "
					+ "where fault_count = 0 or size > 0",
					(row, number) -> CompactRange.decode(row.getLong(1), row.getBytes(2)))
			.stream()
			.findFirst()
			.orElse(null);
	}

	private void store(Result result) {
		VerificationReport report = result.report();
		CompactRange fitting = (result.range() != null) ? result.range() : lastRange();
		CompactRange range = (fitting != null) ? fitting : new CompactRange();
		String fault = text(report.firstFault());
		if (fault != null) {
			logger.error("The log does not verify: {} faults, the first: {}", report.faultCount(), fault);
		}
		this.jdbc.update(
				"insert into verification (verified_at, from_size, size, range, anchored_size, fault_count, first_fault) "
						+ "values (?, ?, ?, ?, ?, ?, ?)",
				this.clock.instant().atOffset(ZoneOffset.UTC), report.from(), range.size(), range.encode(),
				report.anchoredSize(), report.faultCount(), fault);
	}

	private static @Nullable String text(@Nullable Fault fault) {
		String text = (fault != null) ? fault.toString() : null;
		return (text != null && text.length() > 1000) ? text.substring(0, 1000) : text;
	}

	/**
	 * What a verification has led to.
	 *
	 * @param report what was found; null if it could not be completed
	 * @param problem why it could not be completed
	 */
	public record Outcome(@Nullable VerificationReport report, @Nullable String problem) {
	}

}
