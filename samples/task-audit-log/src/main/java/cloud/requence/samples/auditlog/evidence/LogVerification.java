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
import java.util.Collection;
import java.util.Objects;

import javax.sql.DataSource;

import cloud.requence.samples.auditlog.evidence.VerificationReport.Faults;
import cloud.requence.samples.auditlog.evidence.merkle.CompactRange;
import cloud.requence.samples.auditlog.evidence.note.VerifierKey;
import org.jspecify.annotations.Nullable;

import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Verifies a database against the anchors of a store, without writing anything.
 */
final class LogVerification {

	private final JdbcTemplate jdbc;

	private final TransactionTemplate snapshot;

	private final @Nullable AnchorStore anchors;

	private final Collection<VerifierKey> keys;

	LogVerification(DataSource dataSource, @Nullable AnchorStore anchors, Collection<VerifierKey> keys) {
		this.jdbc = new JdbcTemplate(dataSource);
		this.snapshot = new TransactionTemplate(new JdbcTransactionManager(dataSource));
		this.snapshot.setReadOnly(true);
		this.snapshot.setIsolationLevel(TransactionDefinition.ISOLATION_REPEATABLE_READ);
		this.anchors = anchors;
		this.keys = keys;
	}

	/**
	 * Verify everything.
	 * @return what was found and where the log ends
	 * @throws IOException if the anchors cannot be read
	 */
	Result verify() throws IOException {
		return verify(new CompactRange());
	}

	/**
	 * Verify what was added since an earlier verification.
	 * @param start where that ended; is moved forward
	 * @return what was found and where the log ends
	 * @throws IOException if the anchors cannot be read
	 */
	Result verify(CompactRange start) throws IOException {
		Faults faults = new Faults();
		AnchoredHeads heads = new AnchoredHeads(faults);
		if (this.anchors != null) {
			this.anchors.forEach(start.size(), (name, text) -> heads.add(name, text, this.keys));
		}
		return Objects.requireNonNull(this.snapshot.execute((status) -> {
			DatabaseVerifier verifier = new DatabaseVerifier(this.jdbc, start, faults, heads);
			VerificationReport report = verifier.verify();
			return new Result(report, verifier.range());
		}));
	}

	/**
	 * What a verification returns.
	 *
	 * @param report what was found
	 * @param range where the next verification can start; null if the tree does not fit
	 */
	record Result(VerificationReport report, @Nullable CompactRange range) {
	}

}
