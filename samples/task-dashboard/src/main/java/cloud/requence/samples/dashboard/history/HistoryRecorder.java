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

import cloud.requence.task.TaskUpdate;

import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.event.EventListener;
import org.springframework.core.annotation.Order;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * Records the updates of each transaction of the watcher. They are written together
 * before the commit, so that an update is in the history if, and only if, the position of
 * the watcher is behind it. The watcher bounds the number of updates of a transaction.
 */
@Order(0)
class HistoryRecorder {

	private final HistoryWriter writer;

	private final Clock clock;

	private final int maxPayload;

	private final ApplicationEventPublisher events;

	HistoryRecorder(HistoryWriter writer, Clock clock, int maxPayload, ApplicationEventPublisher events) {
		this.writer = writer;
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
		batch.updates.add(RecordedUpdate.of(update, this.clock.millis(), this.maxPayload));
	}

	/**
	 * The updates of one transaction.
	 */
	private final class Batch implements TransactionSynchronization {

		private final List<RecordedUpdate> updates = new ArrayList<>();

		private List<EndedTask> ended = List.of();

		@Override
		public void beforeCommit(boolean readOnly) {
			this.ended = HistoryRecorder.this.writer.write(this.updates);
		}

		@Override
		public void afterCommit() {
			this.ended.forEach(HistoryRecorder.this.events::publishEvent);
		}

		@Override
		public void afterCompletion(int status) {
			TransactionSynchronizationManager.unbindResourceIfPossible(HistoryRecorder.this);
		}

	}

}
