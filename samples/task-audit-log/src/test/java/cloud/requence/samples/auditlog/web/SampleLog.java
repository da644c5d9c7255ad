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

package cloud.requence.samples.auditlog.web;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

import javax.sql.DataSource;

import cloud.requence.samples.auditlog.entry.Entry;
import cloud.requence.samples.auditlog.entry.EntryKind;
import cloud.requence.samples.auditlog.entry.NewEntry;
import cloud.requence.samples.auditlog.evidence.LogWriter;
import org.jspecify.annotations.Nullable;

import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Fills a log with a few tasks of all kinds, one minute after the other from 10:00 UTC
 * on.
 */
final class SampleLog {

	static final Instant START = Instant.parse("2026-05-01T10:00:00Z");

	static final String INVOICE = "3f2504e0-4f89-11d3-9a0c-0305e82c3301";

	static final String FAILED = "77f1e0a2-0000-4000-8000-000000000002";

	static final String HOSTILE = "<script>alert(1)</script>/../x";

	private final List<NewEntry> entries = new ArrayList<>();

	private Instant time = START;

	/**
	 * Fill an empty log.
	 * @param dataSource the database as its owner
	 */
	static void fill(DataSource dataSource) {
		SampleLog log = new SampleLog();
		log.invoice();
		log.failedInvoice();
		log.gap();
		log.hostile();
		log.erasure();
		log.write(dataSource);
		new JdbcTemplate(dataSource).update("delete from payload where sequence = ?", 8);
	}

	private void invoice() {
		update(INVOICE, INVOICE, "Invoice", "taskStart", null, null,
				"{\"input\":{\"invoice\":\"INV-2026-0042\",\"customer\":\"Müller & Söhne\",\"amount\":12.50}}");
		update(INVOICE, INVOICE, "Invoice", "nodeStart", "scan", null, "{\"nodeType\":\"ocr\"}");
		update(INVOICE, INVOICE, "Invoice", "nodeUpdate", "scan", null,
				"{\"data\":{\"pages\":2,\"supplier\":\"unknown\",\"total\":12.50},\"output\":\"page\"}");
		update(INVOICE, INVOICE, "Invoice", "nodeUpdate", "scan", null,
				"{\"data\":{\"pages\":3,\"supplier\":\"Acme\",\"total\":12.50,\"currency\":\"EUR\"},\"output\":\"page\"}");
		update(INVOICE, INVOICE, "Invoice", "nodeEnd", "scan", "ended", null);
		update(INVOICE, INVOICE, "Invoice", "taskEnd", null, "ended",
				"{\"result\":{\"booked\":true},\"exit\":\"done\",\"requireAck\":false}");
	}

	private void failedInvoice() {
		update(FAILED, INVOICE, "Payment", "taskStart", null, null, "{\"input\":{\"invoice\":\"INV-2026-0043\"}}");
		update(FAILED, INVOICE, "Payment", "nodeError", "check", "failed", "{\"error\":\"The amount does not match\"}");
		// The payload of this one is erased
		update(FAILED, INVOICE, "Payment", "taskError", null, "failed",
				"{\"reason\":\"Erica Mustermann has not paid\",\"requireAck\":false}");
	}

	private void gap() {
		this.time = this.time.plusSeconds(60);
		this.entries
			.add(new NewEntry(
					new Entry(0, EntryKind.GAP, null, null, null, this.time, null, null, null, null, null, null, null,
							"REFUSED_POSITION", 1008L, 1011L, this.time.minusSeconds(90), this.time, null, null, 0),
					null));
	}

	private void hostile() {
		update(HOSTILE, null, "=cmd|'/c calc'!A1", "taskAborted", null, "aborted",
				"{\"reason\":\"</pre><img src=x onerror=alert(1)><script>alert(1)</script>\"}");
	}

	private void erasure() {
		this.time = this.time.plusSeconds(60);
		this.entries.add(new NewEntry(
				new Entry(0, EntryKind.ERASURE, null, null, null, this.time, null, null, null, null, null, null, null,
						"Request of the customer", null, null, null, null, 8L, null, 0),
				"{\"by\":\"anna\",\"erased\":[[8,8]],\"reason\":\"Request of the customer\"}"
					.getBytes(StandardCharsets.UTF_8)));
	}

	private void update(String task, @Nullable String root, String name, String type, @Nullable String node,
			@Nullable String outcome, @Nullable String payload) {
		this.time = this.time.plusSeconds(60);
		long number = this.entries.size();
		this.entries.add(new NewEntry(
				new Entry(0, EntryKind.UPDATE, 1000 + number, "update-" + number, this.time, this.time.plusMillis(200),
						task, root, name, type, (node != null) ? "id-of-" + node : null, node, outcome, null, null,
						null, null, null, null, null, 0),
				(payload != null) ? payload.getBytes(StandardCharsets.UTF_8) : null));
	}

	private void write(DataSource dataSource) {
		new TransactionTemplate(new JdbcTransactionManager(dataSource))
			.executeWithoutResult((status) -> new LogWriter(dataSource).append(this.entries));
	}

}
