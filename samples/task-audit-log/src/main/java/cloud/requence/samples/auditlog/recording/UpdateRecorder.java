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

import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import cloud.requence.samples.auditlog.entry.NewEntry;
import cloud.requence.samples.auditlog.evidence.LogWriter;
import cloud.requence.task.DeadLetter;
import cloud.requence.task.DeadLetterHandler;
import cloud.requence.task.TaskUpdate;
import cloud.requence.task.TaskWatcherConnectedEvent;
import cloud.requence.task.TaskWatcherGapEvent.Reason;
import cloud.requence.task.TaskWatcherStatus.Gap;
import org.jspecify.annotations.Nullable;

import org.springframework.context.event.EventListener;
import org.springframework.core.Ordered;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.springframework.util.Assert;

/**
 * Records updates in the transactions in which the watcher delivers them. What a
 * transaction brings is written at once, before its commit: the checkpoint is written by
 * then, and either all of it is stored or nothing.
 */
class UpdateRecorder implements DeadLetterHandler {

	// Behind other entries, if these are not too many
	private static final String LAST_PLACE = """
			select position, platform_time
			from (select sequence, position, platform_time from entry order by sequence desc limit 10000) newest
			where position is not null order by sequence desc limit 1""";

	private final UpdateEntries entries;

	private final LogWriter writer;

	private final FileRecorder files;

	private final RecordingMetrics metrics;

	private final JdbcTemplate jdbc;

	// The update that was committed last; null if the log knows it better
	private volatile @Nullable Place last;

	UpdateRecorder(UpdateEntries entries, LogWriter writer, FileRecorder files, RecordingMetrics metrics,
			JdbcTemplate jdbc) {
		this.entries = entries;
		this.writer = writer;
		this.files = files;
		this.metrics = metrics;
		this.jdbc = jdbc;
	}

	/**
	 * Another instance may have recorded meanwhile.
	 */
	@EventListener
	void connected(TaskWatcherConnectedEvent event) {
		this.last = null;
	}

	@EventListener
	void record(TaskUpdate update) {
		Waiting transaction = transaction();
		addGaps(update, transaction);
		NewEntry entry = this.entries.of(update);
		transaction.add(entry);
		if (this.files.isActive()) {
			transaction.addFiles(this.entries.files(update, entry));
		}
	}

	/**
	 * The database does not take an update although it takes others: an entry says so, as
	 * nothing may be missing silently. Called in a transaction with the checkpoint.
	 */
	@Override
	public void handle(DeadLetter letter) {
		Waiting transaction = transaction();
		addGaps(letter.update(), transaction);
		transaction.add(this.entries.unrecorded(letter.update(), "NOT_RECORDED: " + letter.error()));
	}

	/**
	 * The checkpoint does not move past a gap without the update behind it: both are in
	 * one transaction, so that no gap is missing and none is there twice.
	 */
	private void addGaps(TaskUpdate update, Waiting transaction) {
		List<Gap> gaps = update.header().gaps();
		gaps.forEach((gap) -> transaction.waiting.add(this.entries.of(gap)));
		Long position = update.position();
		Place before = (position != null) ? transaction.last() : null;
		// After a refused position the stream resumes by time: that gap says so already
		if (position != null && before != null && position <= before.position()
				&& gaps.stream().noneMatch((gap) -> gap.reason() == Reason.REFUSED_POSITION)) {
			transaction.waiting.add(this.entries.wentBack(before.position(), before.time(), position));
		}
	}

	/**
	 * Return where the log is, whichever instance has recorded it.
	 */
	private @Nullable Place placeOfLog() {
		try {
			return this.jdbc.query(LAST_PLACE, (row, number) -> {
				OffsetDateTime time = row.getObject(2, OffsetDateTime.class);
				return new Place(row.getLong(1), (time != null) ? time.toInstant() : null);
			}).stream().findFirst().orElse(null);
		}
		catch (DataAccessException ex) {
			throw RecordingException.of(ex);
		}
	}

	private Waiting transaction() {
		Assert.state(TransactionSynchronizationManager.isSynchronizationActive(),
				"Updates are recorded in transactions only: set 'requence.task.listener.transactional' to 'true'");
		Waiting waiting = (Waiting) TransactionSynchronizationManager.getResource(this);
		if (waiting == null) {
			waiting = new Waiting();
			TransactionSynchronizationManager.registerSynchronization(waiting);
			TransactionSynchronizationManager.bindResource(this, waiting);
		}
		return waiting;
	}

	/**
	 * The entries of a transaction that are not written yet.
	 */
	private final class Waiting implements TransactionSynchronization, Ordered {

		private final List<NewEntry> waiting = new ArrayList<>();

		private @Nullable Place last = UpdateRecorder.this.last;

		// By the index of their entry
		private final Map<Integer, List<FileRequest>> files = new TreeMap<>();

		private List<FileRequest> requests = List.of();

		private @Nullable Place last() {
			if (this.last == null) {
				this.last = placeOfLog();
			}
			return this.last;
		}

		private void add(NewEntry added) {
			this.waiting.add(added);
			Long position = added.entry().position();
			if (position != null) {
				this.last = new Place(position, added.entry().platformTime());
			}
		}

		/**
		 * Add the files of the last entry.
		 */
		private void addFiles(List<FileRequest> added) {
			if (!added.isEmpty()) {
				this.files.put(this.waiting.size() - 1, added);
			}
		}

		@Override
		public int getOrder() {
			return LOWEST_PRECEDENCE;
		}

		@Override
		public void suspend() {
			unbind();
		}

		@Override
		public void resume() {
			TransactionSynchronizationManager.bindResource(UpdateRecorder.this, this);
		}

		@Override
		public void beforeCommit(boolean readOnly) {
			try {
				UpdateRecorder.this.metrics.time(this::write);
			}
			catch (RuntimeException ex) {
				throw RecordingException.of(ex);
			}
		}

		private void write() {
			long size = UpdateRecorder.this.writer.append(this.waiting).size();
			if (this.files.isEmpty()) {
				return;
			}
			long first = size - this.waiting.size();
			List<FileRequest> written = new ArrayList<>();
			this.files.forEach((index, added) -> added.forEach((request) -> written.add(request.of(first + index))));
			UpdateRecorder.this.files.request(written);
			this.requests = written;
		}

		@Override
		public void beforeCompletion() {
			unbind();
		}

		@Override
		public void afterCommit() {
			UpdateRecorder.this.last = this.last;
			UpdateRecorder.this.metrics.committed(this.waiting);
			UpdateRecorder.this.files.load(this.requests);
		}

		@Override
		public void afterCompletion(int status) {
			if (status != STATUS_COMMITTED) {
				UpdateRecorder.this.last = null;
			}
		}

		private @Nullable Object unbind() {
			return TransactionSynchronizationManager.unbindResourceIfPossible(UpdateRecorder.this);
		}

	}

	/**
	 * Where a stream is.
	 *
	 * @param position the position of an update
	 * @param time the platform's time of it
	 */
	private record Place(long position, @Nullable Instant time) {
	}

}
