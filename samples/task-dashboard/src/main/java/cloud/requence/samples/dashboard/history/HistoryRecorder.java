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

package cloud.requence.samples.dashboard.history;

import java.time.Clock;
import java.util.ArrayList;
import java.util.List;

import cloud.requence.samples.dashboard.board.TaskBoard;
import cloud.requence.task.TaskUpdate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.event.EventListener;
import org.springframework.core.annotation.Order;
import org.springframework.dao.DataAccessException;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * Records the updates of each transaction of the watcher. They are written together
 * before the commit, so that an update is in the history if, and only if, the position of
 * the watcher is behind it. The watcher bounds the number of updates of a transaction.
 */
@Order(0)
class HistoryRecorder {

	private static final Logger logger = LoggerFactory.getLogger(HistoryRecorder.class);

	private final HistoryWriter writer;

	private final Clock clock;

	private final int maxPayload;

	private final ApplicationEventPublisher events;

	private final TaskBoard board;

	/** Written, without an answer to the commit. Guarded by this. */
	private @Nullable Batch doubtful;

	HistoryRecorder(HistoryWriter writer, TaskBoard board, Clock clock, int maxPayload,
			ApplicationEventPublisher events) {
		this.writer = writer;
		this.board = board;
		this.events = events;
		this.clock = clock;
		this.maxPayload = maxPayload;
	}

	@EventListener
	void record(TaskUpdate update) {
		Batch batch = (Batch) TransactionSynchronizationManager.getResource(this);
		if (batch == null) {
			batch = new Batch();
			TransactionSynchronizationManager.bindResource(this, batch);
			TransactionSynchronizationManager.registerSynchronization(batch);
		}
		batch.originals.add(update);
		batch.updates.add(RecordedUpdate.of(update, this.clock.millis(), this.maxPayload));
	}

	/**
	 * Find out the outcome of updates whose commit was not answered, if they are not
	 * followed by others. They are not delivered again if they were committed, and those
	 * who wait for a commit have not heard of it.
	 */
	@Scheduled(fixedDelayString = "1s")
	void askForDoubtful() {
		try {
			resolve(false);
		}
		catch (DataAccessException ex) {
			logger.debug("The outcome of a transaction is still unknown", ex);
		}
	}

	/**
	 * Find out the outcome of updates whose commit was not answered.
	 * @param decided whether a commit cannot arrive any more
	 */
	private synchronized void resolve(boolean decided) {
		Batch batch = this.doubtful;
		if (batch == null) {
			return;
		}
		boolean committed = this.writer.total() >= batch.total;
		if (committed || decided) {
			this.doubtful = null;
		}
		if (committed) {
			logger.info("{} updates were recorded although the commit was not answered", batch.originals.size());
			batch.originals.forEach(this.board::apply);
			batch.ended.forEach(this.events::publishEvent);
		}
	}

	private synchronized void doubt(Batch batch) {
		this.doubtful = batch;
	}

	/**
	 * The updates of one transaction.
	 */
	private final class Batch implements TransactionSynchronization {

		private final List<TaskUpdate> originals = new ArrayList<>();

		private final List<RecordedUpdate> updates = new ArrayList<>();

		private List<EndedTask> ended = List.of();

		/** How many updates the history has with these. */
		private long total;

		private boolean written;

		@Override
		public void beforeCommit(boolean readOnly) {
			resolve(true);
			this.ended = HistoryRecorder.this.writer.write(this.updates);
			this.total = HistoryRecorder.this.writer.total();
			this.written = true;
		}

		@Override
		public void afterCommit() {
			this.ended.forEach(HistoryRecorder.this.events::publishEvent);
		}

		@Override
		public void afterCompletion(int status) {
			TransactionSynchronizationManager.unbindResourceIfPossible(HistoryRecorder.this);
			if (this.written && status != STATUS_COMMITTED) {
				doubt(this);
			}
		}

	}

}
