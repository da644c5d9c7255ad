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

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import cloud.requence.samples.auditlog.entry.NewEntry;
import cloud.requence.samples.auditlog.evidence.LogWriter;
import cloud.requence.task.DeadLetter;
import cloud.requence.task.DeadLetterHandler;
import cloud.requence.task.TaskUpdate;
import org.jspecify.annotations.Nullable;

import org.springframework.context.event.EventListener;
import org.springframework.core.Ordered;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.springframework.util.Assert;

/**
 * Records updates in the transactions in which the watcher delivers them. What a
 * transaction brings is written at once, before its commit: the checkpoint is written by
 * then, and either all of it is stored or nothing.
 */
class UpdateRecorder implements DeadLetterHandler {

	private final UpdateEntries entries;

	private final LogWriter writer;

	private final FileRecorder files;

	private final RecordingMetrics metrics;

	UpdateRecorder(UpdateEntries entries, LogWriter writer, FileRecorder files, RecordingMetrics metrics) {
		this.entries = entries;
		this.writer = writer;
		this.files = files;
		this.metrics = metrics;
	}

	@EventListener
	void record(TaskUpdate update) {
		Waiting transaction = transaction();
		addGaps(update, transaction.waiting);
		NewEntry entry = this.entries.of(update);
		transaction.waiting.add(entry);
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
		List<NewEntry> waiting = transaction().waiting;
		addGaps(letter.update(), waiting);
		waiting.add(this.entries.unrecorded(letter.update(), "NOT_RECORDED: " + letter.error()));
	}

	/**
	 * The checkpoint does not move past a gap without the update behind it: both are in
	 * one transaction, so that no gap is missing and none is there twice.
	 */
	private void addGaps(TaskUpdate update, List<NewEntry> waiting) {
		update.header().gaps().forEach((gap) -> waiting.add(this.entries.of(gap)));
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

		// By the index of their entry
		private final Map<Integer, List<FileRequest>> files = new TreeMap<>();

		private List<FileRequest> requests = List.of();

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
			UpdateRecorder.this.metrics.committed(this.waiting);
			UpdateRecorder.this.files.load(this.requests);
		}

		private @Nullable Object unbind() {
			return TransactionSynchronizationManager.unbindResourceIfPossible(UpdateRecorder.this);
		}

	}

}
