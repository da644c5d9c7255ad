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
import java.time.Instant;
import java.util.Map;

import cloud.requence.samples.dashboard.board.TaskBoard;
import cloud.requence.samples.dashboard.board.TaskState;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.context.SmartLifecycle;
import org.springframework.transaction.support.TransactionOperations;

/**
 * Fills the board from the history, before browsers and the watcher connect.
 */
class HistoryRestore implements SmartLifecycle {

	private static final Logger logger = LoggerFactory.getLogger(HistoryRestore.class);

	private static final Duration RATE = Duration.ofMinutes(10);

	private final TaskBoard board;

	private final RecordedUpdates updates;

	private final HistoryTasks tasks;

	private final TransactionOperations transactions;

	private final Clock clock;

	private volatile boolean done;

	HistoryRestore(TaskBoard board, RecordedUpdates updates, HistoryTasks tasks, TransactionOperations transactions,
			Clock clock) {
		this.board = board;
		this.updates = updates;
		this.tasks = tasks;
		this.transactions = transactions;
		this.clock = clock;
	}

	@Override
	public void start() {
		if (!this.done) {
			this.transactions.executeWithoutResult((transaction) -> restore());
			this.done = true;
		}
	}

	private void restore() {
		this.tasks.begin();
		this.updates.latest(this.board::room, this::restore);
		this.tasks.protectedTasks().forEach(this.board::protect);
		HistoryTasks.Totals totals = this.tasks.totals();
		this.board.restoreCounters(
				totals.since(), totals.updates(), Map.of(TaskState.SUCCEEDED, totals.succeeded(), TaskState.FAILED,
						totals.failed(), TaskState.ABORTED, totals.aborted()),
				this.updates.rate(this.clock.millis() - RATE.toMillis()));
		if (totals.updates() > 0) {
			logger.info("The board is restored from the history, which has {} updates since {}", totals.updates(),
					Instant.ofEpochMilli(totals.since()));
		}
	}

	private void restore(RecordedUpdate update) {
		Integer size = update.payloadSize();
		this.board.restore(update.toUpdate(), update.recordedAt(), (size != null) ? size : 0);
	}

	@Override
	public void stop() {
		// The board stays as it is
	}

	@Override
	public boolean isRunning() {
		return this.done;
	}

	@Override
	public int getPhase() {
		return 0;
	}

}
