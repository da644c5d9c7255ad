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

package cloud.requence.task.checkpoint;

import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.DefaultTransactionDefinition;

import cloud.requence.task.TaskUpdate;
import cloud.requence.task.TaskUpdateHandler;
import cloud.requence.task.delivery.GroupHandler;
import cloud.requence.task.support.LogLimit;

/**
 * Handles updates in a transaction that saves the checkpoint as well: the effects of the
 * updates and their checkpoint are stored together, or none of them is.
 */
public final class TransactionalHandler implements GroupHandler {

	private static final Log logger = LogFactory.getLog(TransactionalHandler.class);

	private final TaskUpdateHandler delegate;

	private final PlatformTransactionManager transactionManager;

	private final Checkpointer checkpointer;

	private final Predicate<TaskUpdate> acknowledges;

	private final int groupSize;

	private final DefaultTransactionDefinition definition = new DefaultTransactionDefinition();

	private final LogLimit committed = new LogLimit(logger, "Failures of transactions that were committed",
			System::nanoTime);

	private final LogLimit leftOpen = new LogLimit(logger, "Transactional resources that were left open",
			System::nanoTime);

	/**
	 * Create a handler.
	 * @param delegate handles the updates
	 * @param transactionManager manages the transactions of the handler's resources and
	 * of the checkpoint's
	 * @param checkpointer saves the checkpoint
	 * @param acknowledges which updates, once handled, are to be acknowledged
	 * @param groupSize how many updates share a transaction at most
	 */
	public TransactionalHandler(TaskUpdateHandler delegate, PlatformTransactionManager transactionManager,
			Checkpointer checkpointer, Predicate<TaskUpdate> acknowledges, int groupSize) {
		this.delegate = delegate;
		this.transactionManager = transactionManager;
		this.checkpointer = checkpointer;
		this.acknowledges = acknowledges;
		this.groupSize = groupSize;
		this.definition.setName("requence-task-delivery");
	}

	@Override
	public int groupSize() {
		return this.groupSize;
	}

	@Override
	public void handle(TaskUpdate update) throws Exception {
		run(List.of(update), this.delegate, this.acknowledges, () -> false);
	}

	/**
	 * Handle an update that could not be handled in another way. Its end is not
	 * acknowledged.
	 * @param update the update
	 * @param handler handles it
	 * @throws Exception the failure of the handler
	 */
	public void handleInstead(TaskUpdate update, TaskUpdateHandler handler) throws Exception {
		run(List.of(update), handler, (end) -> false, () -> false);
	}

	@Override
	public int handle(List<TaskUpdate> updates, Observer observer, BooleanSupplier enough) throws Exception {
		return run(updates, (update) -> observer.handle(update, this.delegate), this.acknowledges, enough);
	}

	private int run(List<TaskUpdate> updates, TaskUpdateHandler handler, Predicate<TaskUpdate> acknowledges,
			BooleanSupplier enough) throws Exception {
		DeliveryTransaction transaction = new DeliveryTransaction(this.transactionManager, this.definition,
				this.checkpointer.writer(), updates, acknowledges, this.committed, this.leftOpen);
		try {
			return transaction.run(handler, enough);
		}
		finally {
			this.committed.summarizeIfAny();
			this.leftOpen.summarizeIfAny();
			this.checkpointer.announce();
		}
	}

}
