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

package cloud.requence.samples.auditlog.recording;

import java.io.ByteArrayInputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;

import javax.sql.DataSource;

import cloud.requence.samples.auditlog.TestDatabase;
import cloud.requence.samples.auditlog.entry.Entry;
import cloud.requence.samples.auditlog.entry.EntryKind;
import cloud.requence.samples.auditlog.entry.NewEntry;
import cloud.requence.samples.auditlog.evidence.LogWriter;
import cloud.requence.task.TaskFile;
import org.junit.jupiter.api.Test;

import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Files are loaded after their updates were recorded, and so perhaps after they were
 * erased.
 */
class FileRecorderTests {

	private final String database = TestDatabase.create();

	private final DataSource writer = TestDatabase.user(this.database, TestDatabase.WRITER_ROLE);

	private final JdbcTemplate jdbc = new JdbcTemplate(this.writer);

	private final TransactionTemplate transactions = new TransactionTemplate(new JdbcTransactionManager(this.writer));

	private final LogWriter log = new LogWriter(this.writer);

	@Test
	void recordsNothingOfAFileWhosePayloadWasErasedWhileItWasLoaded() throws Exception {
		CountDownLatch loading = new CountDownLatch(2);
		CountDownLatch erased = new CountDownLatch(1);
		FileRequest kept = request("task-0", loading, erased);
		FileRequest removed = request("task-1", loading, erased);
		try (FileRecorder recorder = new FileRecorder(FileMode.STORE, 1000, this.jdbc, this.transactions, this.log,
				Clock.systemUTC(), Executors.defaultThreadFactory())) {
			List<FileRequest> requests = List.of(kept.of(0), removed.of(1));
			this.transactions.executeWithoutResult((status) -> {
				byte[] payload = "{}".getBytes(StandardCharsets.UTF_8);
				this.log
					.append(List.of(new NewEntry(kept.subject(), payload), new NewEntry(removed.subject(), payload)));
				recorder.request(requests);
			});
			recorder.load(requests);
			loading.await();
			new JdbcTemplate(TestDatabase.user(this.database, TestDatabase.ERASER_ROLE))
				.update("delete from payload where sequence = 1");
			erased.countDown();
			await().untilAsserted(() -> assertThat(recorder.waiting()).isZero());
		}
		assertThat(this.jdbc.queryForList("select subject from entry where kind = 'FILE'", Long.class))
			.containsExactly(0L);
		assertThat(this.jdbc.queryForList("select subject from file", Long.class)).containsExactly(0L);
	}

	private static FileRequest request(String task, CountDownLatch loading, CountDownLatch erased) {
		Entry subject = new Entry(0, EntryKind.UPDATE, null, null, null, Instant.parse("2026-11-28T12:00:00Z"), task,
				task, null, "TASK_START", null, null, null, null, null, null, null, null, null, null, 0);
		TaskFile file = new TaskFile(URI.create("http://localhost/" + task), "text/plain", 4, () -> {
			loading.countDown();
			try {
				erased.await();
			}
			catch (InterruptedException ex) {
				throw new IllegalStateException(ex);
			}
			return new ByteArrayInputStream("scan".getBytes(StandardCharsets.UTF_8));
		});
		return new FileRequest(subject, 0, "/input", file);
	}

}
