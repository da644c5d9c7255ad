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

import java.util.List;
import java.util.Objects;

import javax.sql.DataSource;

import cloud.requence.samples.auditlog.TestDatabase;
import cloud.requence.samples.auditlog.entry.NewEntry;
import cloud.requence.samples.auditlog.evidence.LogWriter.TreeState;
import cloud.requence.samples.auditlog.evidence.note.SigningKey;

import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * A log in a database of its own, written and erased with the roles of an application.
 */
final class SampleLog {

	static final String ORIGIN = "example.com/audit-log";

	final SigningKey key = new SigningKey(ORIGIN, SigningKey.generate());

	final String name = TestDatabase.create();

	final JdbcTemplate owner = new JdbcTemplate(TestDatabase.owner(this.name));

	final DataSource writer = TestDatabase.user(this.name, TestDatabase.WRITER_ROLE);

	final DataSource eraser = TestDatabase.user(this.name, TestDatabase.ERASER_ROLE);

	final LogWriter log = new LogWriter(this.writer);

	final TransactionTemplate transactions = new TransactionTemplate(new JdbcTransactionManager(this.writer));

	final TreeHeads heads = new TreeHeads(this.writer, this.key, List.of());

	TreeState append(int from, int count) {
		return append(SampleEntries.of(from, count));
	}

	TreeState append(List<NewEntry> entries) {
		return Objects.requireNonNull(this.transactions.execute((status) -> this.log.append(entries)));
	}

}
