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

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;

import cloud.requence.samples.auditlog.entry.Entry;
import cloud.requence.samples.auditlog.entry.EntryKind;
import cloud.requence.samples.auditlog.entry.NewEntry;
import cloud.requence.samples.auditlog.evidence.LogWriter;
import cloud.requence.task.TaskFile;
import cloud.requence.task.TaskReferenceException;
import cloud.requence.task.TaskWatcherConnectedEvent;
import cloud.requence.task.TaskWatcherStoppedEvent;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.context.event.EventListener;
import org.springframework.dao.DataAccessException;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.transaction.TransactionException;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Loads the files of recorded payloads on threads of its own, so that a slow server does
 * not stop the recording, and adds an entry for each: with its SHA-256 and size, or with
 * the reason why there is none. Files that were requested and are not waiting in this
 * process, as the one that has recorded them has ended, get such a reason too.
 */
final class FileRecorder implements AutoCloseable {

	private static final Log logger = LogFactory.getLog(FileRecorder.class);

	private static final int THREADS = 2;

	private static final int MAX_WAITING = 1000;

	private static final int MAX_ATTEMPTS = 4;

	private static final Duration FIRST_DELAY = Duration.ofSeconds(5);

	// Longer than all attempts of another instance that has just lost the leadership
	private static final Duration ABANDONED_AFTER = Duration.ofMinutes(10);

	private static final Duration CHECK = Duration.ofMinutes(1);

	private static final String ABANDONED = """
			select entry.sequence, number, entry.task_id, entry.root_task_id, entry.task_name
			from file_request
			join entry on entry.sequence = file_request.subject
			left join file on file.subject = file_request.subject and file.number = file_request.number
			where file.sequence is null and entry.recorded_at < ?
			order by 1, 2 limit 1000""";

	private final FileMode mode;

	private final long maxSize;

	private final JdbcTemplate jdbc;

	private final TransactionTemplate transactions;

	private final LogWriter writer;

	private final Clock clock;

	private final ExecutorService executor;

	private volatile boolean leading;

	private final Set<String> waiting = ConcurrentHashMap.newKeySet();

	FileRecorder(FileMode mode, long maxSize, JdbcTemplate jdbc, TransactionTemplate transactions, LogWriter writer,
			Clock clock, ThreadFactory threads) {
		this.mode = mode;
		this.maxSize = maxSize;
		this.jdbc = jdbc;
		this.transactions = transactions;
		this.writer = writer;
		this.clock = clock;
		this.executor = Executors.newFixedThreadPool(THREADS, threads);
		if (isActive()) {
			later(CHECK, this::recordAbandonedIfLeading);
		}
	}

	@EventListener
	void connected(TaskWatcherConnectedEvent event) {
		this.leading = true;
	}

	@EventListener
	void stopped(TaskWatcherStoppedEvent event) {
		this.leading = false;
	}

	private void recordAbandonedIfLeading() {
		try {
			if (this.leading) {
				recordAbandoned();
			}
		}
		catch (RuntimeException ex) {
			logger.debug("Files that were not loaded could not be recorded, which is tried again", ex);
		}
		later(CHECK, this::recordAbandonedIfLeading);
	}

	boolean isActive() {
		return this.mode != FileMode.NONE;
	}

	/**
	 * Write the requests in the transaction of their updates.
	 */
	void request(List<FileRequest> requests) {
		this.jdbc.batchUpdate("insert into file_request (subject, number) values (?, ?)", requests, requests.size(),
				(statement, request) -> {
					statement.setLong(1, request.subject().sequence());
					statement.setInt(2, request.number());
				});
	}

	/**
	 * Load files whose requests are committed.
	 */
	void load(List<FileRequest> requests) {
		for (FileRequest request : requests) {
			if (this.waiting.size() < MAX_WAITING) {
				this.waiting.add(key(request.subject().sequence(), request.number()));
				load(request, 1, Duration.ZERO);
			}
			else {
				logger.warn("Too many files wait: that of entry " + request.subject().sequence() + " is not loaded");
			}
		}
	}

	private void load(FileRequest request, int attempt, Duration delay) {
		later(delay, () -> attempt(request, attempt));
	}

	/**
	 * Nothing happens any more once this is closed.
	 */
	private void later(Duration delay, Runnable action) {
		CompletableFuture.delayedExecutor(delay.toMillis(), TimeUnit.MILLISECONDS, this.executor).execute(action);
	}

	private void attempt(FileRequest request, int attempt) {
		try {
			record(request, read(request.file()));
			this.waiting.remove(key(request.subject().sequence(), request.number()));
		}
		catch (DataAccessException | TransactionException ex) {
			// The database is waited for
			load(request, attempt, FIRST_DELAY);
		}
		catch (IOException | RuntimeException ex) {
			boolean lasting = ex instanceof TaskReferenceException failure && !failure.reason().isWorthRetrying();
			if (lasting || attempt == MAX_ATTEMPTS) {
				fail(request, (ex instanceof TaskReferenceException failure) ? failure.reason().name()
						: ex.getClass().getSimpleName());
			}
			else {
				load(request, attempt + 1, FIRST_DELAY.multipliedBy(1L << (2 * (attempt - 1))));
			}
		}
	}

	private void fail(FileRequest request, String reason) {
		try {
			record(request, Content.none("NOT_LOADED: " + reason));
			this.waiting.remove(key(request.subject().sequence(), request.number()));
		}
		catch (DataAccessException | TransactionException ex) {
			load(request, MAX_ATTEMPTS, FIRST_DELAY);
		}
	}

	/**
	 * Read the whole file for its hash, and keep it if it is to be stored and not too
	 * large.
	 */
	private Content read(TaskFile file) throws IOException {
		boolean store = this.mode == FileMode.STORE && file.contentLength() <= this.maxSize;
		MessageDigest digest = sha256();
		ByteArrayOutputStream kept = new ByteArrayOutputStream();
		long size = 0;
		try (InputStream input = file.getInputStream()) {
			byte[] buffer = new byte[16 * 1024];
			for (int read = input.read(buffer); read >= 0; read = input.read(buffer)) {
				digest.update(buffer, 0, read);
				size += read;
				if (store) {
					kept.write(buffer, 0, read);
				}
			}
		}
		return new Content(digest.digest(), size, store ? kept.toByteArray() : null, null);
	}

	private static MessageDigest sha256() {
		try {
			return MessageDigest.getInstance("SHA-256");
		}
		catch (NoSuchAlgorithmException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private void record(FileRequest request, Content content) {
		JsonText json = new JsonText().text("path", request.path())
			.text("name", request.file().getFilename())
			.text("mimeType", request.file().mimeType());
		if (content.sha256() != null) {
			json.text("sha256", HexFormat.of().formatHex(content.sha256()))
				.value("size", String.valueOf(content.size()))
				.value("stored", String.valueOf(content.bytes() != null));
		}
		record(request.subject(), request.number(), json.toBytes(), content);
	}

	private void record(Entry subject, int number, byte @Nullable [] payload, Content content) {
		Entry entry = new Entry(0, EntryKind.FILE, null, null, null, this.clock.instant(), subject.taskId(),
				subject.rootTaskId(), subject.taskName(), null, null, null, null, content.reason(), null, null, null,
				null, subject.sequence(), null, 0);
		try {
			this.transactions.executeWithoutResult((status) -> {
				// Takes the lock of erasures
				this.writer.append(List.of());
				if (!isRequested(subject.sequence(), number)) {
					logger.debug("The payload of entry " + subject.sequence() + " was erased, and so is its file");
					return;
				}
				long sequence = this.writer.append(List.of(new NewEntry(entry, payload))).size() - 1;
				this.jdbc.update("insert into file (sequence, subject, number, content) values (?, ?, ?, ?)", sequence,
						subject.sequence(), number, content.bytes());
			});
		}
		catch (DuplicateKeyException ex) {
			logger.debug("Another instance has recorded the file of entry " + subject.sequence());
		}
	}

	// An erasure takes the request of a file with it
	private boolean isRequested(long subject, int number) {
		return !this.jdbc
			.queryForList("select 1 from file_request where subject = ? and number = ?", Integer.class, subject, number)
			.isEmpty();
	}

	/**
	 * Look for files that no one will load any more.
	 */
	private void recordAbandoned() {
		List<Abandoned> abandoned = this.jdbc.query(ABANDONED, Abandoned::of,
				Timestamp.from(this.clock.instant().minus(ABANDONED_AFTER)));
		for (Abandoned one : abandoned) {
			if (!this.waiting.contains(key(one.subject().sequence(), one.number()))) {
				record(one.subject(), one.number(), null, Content.none("NOT_LOADED: the application has ended"));
			}
		}
	}

	int waiting() {
		return this.waiting.size();
	}

	private static String key(long subject, int number) {
		return subject + "/" + number;
	}

	@Override
	public void close() {
		this.executor.shutdownNow();
	}

	/**
	 * What was read of a file.
	 */
	private record Content(byte @Nullable [] sha256, long size, byte @Nullable [] bytes, @Nullable String reason) {

		static Content none(String reason) {
			return new Content(null, 0, null, reason);
		}

	}

	/**
	 * A file that was requested and not loaded.
	 */
	private record Abandoned(Entry subject, int number) {

		static Abandoned of(ResultSet row, int index) throws SQLException {
			return new Abandoned(new Entry(row.getLong(1), EntryKind.UPDATE, null, null, null, Instant.EPOCH,
					row.getString(3), row.getString(4), row.getString(5), null, null, null, null, null, null, null,
					null, null, null, null, 0), row.getInt(2));
		}

	}

}
