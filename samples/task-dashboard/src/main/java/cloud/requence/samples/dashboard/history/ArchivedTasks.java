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

import java.util.Optional;

import cloud.requence.samples.dashboard.board.TaskArchive;
import cloud.requence.samples.dashboard.board.TaskBoard;
import cloud.requence.samples.dashboard.board.TaskDetails;
import cloud.requence.samples.dashboard.payload.KeptPayload;
import cloud.requence.samples.dashboard.payload.PayloadAddress;
import cloud.requence.samples.dashboard.payload.PayloadSource;
import reactor.core.publisher.Mono;

import org.springframework.context.annotation.Primary;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionOperations;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Tasks of the history as the board would show them: their updates are applied to an
 * empty board. Payloads may be asked for on threads that may wait.
 */
@Component
@Primary
class ArchivedTasks implements TaskArchive, PayloadSource {

	private final TaskBoard board;

	private final RecordedUpdates updates;

	private final HistoryCalls calls;

	private final TransactionOperations transactions;

	ArchivedTasks(TaskBoard board, RecordedUpdates updates, HistoryCalls calls,
			PlatformTransactionManager transactionManager) {
		this.board = board;
		this.updates = updates;
		this.calls = calls;
		this.transactions = new TransactionTemplate(transactionManager);
	}

	@Override
	public Mono<TaskDetails> details(String id) {
		return this.calls.call(() -> archived(id).details(id)).flatMap(Mono::justOrEmpty);
	}

	@Override
	public Optional<KeptPayload> payload(String taskId, PayloadAddress address) {
		return this.board.payload(taskId, address).or(() -> archived(taskId).payload(taskId, address));
	}

	@Override
	public Optional<String> alias(String taskId, String node) {
		return this.board.alias(taskId, node).or(() -> archived(taskId).alias(taskId, node));
	}

	private TaskBoard archived(String id) {
		TaskBoard archive = this.board.empty();
		this.transactions.executeWithoutResult((transaction) -> this.updates.ofTask(id, (update) -> {
			Integer size = update.payloadSize();
			archive.restore(update.toUpdate(), update.recordedAt(), (size != null) ? size : 0);
		}));
		return archive;
	}

}
