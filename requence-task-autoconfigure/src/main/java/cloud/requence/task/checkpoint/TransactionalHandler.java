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
import java.util.function.Predicate;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.DefaultTransactionDefinition;

import cloud.requence.task.TaskUpdate;
import cloud.requence.task.TaskUpdateHandler;
import cloud.requence.task.support.LogLimit;

/**
 * Handles each update in a transaction that saves the checkpoint as well: the effect of
 * an update and its checkpoint are stored together, or neither is.
 */
public final class TransactionalHandler implements TaskUpdateHandler {

	private static final Log logger = LogFactory.getLog(TransactionalHandler.class);

	private final TaskUpdateHandler delegate;

	private final PlatformTransactionManager transactionManager;

	private final Checkpointer checkpointer;

	private final Predicate<TaskUpdate> acknowledges;

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
	 */
	public TransactionalHandler(TaskUpdateHandler delegate, PlatformTransactionManager transactionManager,
			Checkpointer checkpointer, Predicate<TaskUpdate> acknowledges) {
		this.delegate = delegate;
		this.transactionManager = transactionManager;
		this.checkpointer = checkpointer;
		this.acknowledges = acknowledges;
		this.definition.setName("requence-task-delivery");
	}

	@Override
	public void handle(TaskUpdate update) throws Exception {
		DeliveryTransaction transaction = new DeliveryTransaction(this.transactionManager, this.definition,
				this.checkpointer, List.of(update), this.acknowledges, this.committed, this.leftOpen);
		try {
			transaction.run(this.delegate);
		}
		finally {
			this.committed.summarizeIfAny();
			this.leftOpen.summarizeIfAny();
			this.checkpointer.announce();
		}
	}

}
