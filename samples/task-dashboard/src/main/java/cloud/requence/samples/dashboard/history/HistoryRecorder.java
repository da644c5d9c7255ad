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
import java.time.Duration;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;

import cloud.requence.samples.dashboard.board.TaskBoard;
import cloud.requence.samples.dashboard.history.HistoryWriter.Written;
import cloud.requence.task.TaskUpdate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.event.EventListener;
import org.springframework.dao.DataAccessException;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * Records the updates of each transaction of the watcher, and then shows them on the
 * board. They are written together before the commit, so that an update is in the history
 * if, and only if, the position of the watcher is behind it. The watcher bounds the
 * number of updates of a transaction. Safe for use by any thread.
 */
class HistoryRecorder {

	private static final Logger logger = LoggerFactory.getLogger(HistoryRecorder.class);

	private static final Duration LONGEST_COMMIT = Duration.ofMinutes(10);

	private final HistoryWriter writer;

	private final Clock clock;

	private final int maxPayload;

	private final ApplicationEventPublisher events;

	private final TaskBoard board;

	/** Written, without an answer to the commit. Guarded by this. */
	private final List<Batch> doubtful = new ArrayList<>();

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
		RecordedUpdate recorded = RecordedUpdate.of(update, this.clock.millis(), this.maxPayload);
		batch.updates.add(recorded);
		batch.originals.put(recorded, update);
	}

	/**
	 * Find out the outcome of updates whose commit was not answered, if they are not
	 * followed by others. They may not be delivered again if they were committed, and
	 * those who wait for a commit have not heard of it.
	 */
	@Scheduled(fixedDelayString = "1s")
	void askForDoubtful() {
		try {
			resolve(null);
		}
		catch (DataAccessException ex) {
			logger.debug("The outcome of a transaction is still unknown", ex);
		}
	}

	/**
	 * Find out the outcome of updates whose commit was not answered.
	 * @param next the thread that begins another transaction, so that a commit of its own
	 * cannot arrive any more
	 */
	private synchronized void resolve(@Nullable Thread next) {
		long now = this.clock.millis();
		for (Iterator<Batch> batches = this.doubtful.iterator(); batches.hasNext();) {
			Batch batch = batches.next();
			boolean committed = this.writer.isCommitted(batch.written());
			if (committed || batch.thread == next || batch.begunAt < now - LONGEST_COMMIT.toMillis()) {
				batches.remove();
			}
			if (committed) {
				logger.info("{} updates were recorded although the commit was not answered",
						batch.written().updates().size());
				show(batch);
			}
		}
	}

	private synchronized void doubt(Batch batch) {
		this.doubtful.add(batch);
	}

	private void show(Batch batch) {
		batch.written()
			.updates()
			.forEach((update) -> this.board.apply(Objects.requireNonNull(batch.originals.get(update))));
		batch.written().ended().forEach(this.events::publishEvent);
	}

	/**
	 * The updates of one transaction.
	 */
	private final class Batch implements TransactionSynchronization {

		private final List<RecordedUpdate> updates = new ArrayList<>();

		private final Map<RecordedUpdate, TaskUpdate> originals = new IdentityHashMap<>();

		private final Thread thread = Thread.currentThread();

		private final long begunAt = HistoryRecorder.this.clock.millis();

		private @Nullable Written written;

		private Written written() {
			return Objects.requireNonNull(this.written);
		}

		@Override
		public void beforeCommit(boolean readOnly) {
			resolve(this.thread);
			this.written = HistoryRecorder.this.writer.write(this.updates);
		}

		@Override
		public void afterCompletion(int status) {
			TransactionSynchronizationManager.unbindResourceIfPossible(HistoryRecorder.this);
			if (this.written == null || this.written.updates().isEmpty()) {
				return;
			}
			if (status == STATUS_COMMITTED) {
				show(this);
			}
			else {
				doubt(this);
			}
		}

	}

}
