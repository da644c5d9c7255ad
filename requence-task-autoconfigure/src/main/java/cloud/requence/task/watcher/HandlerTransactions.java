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

package cloud.requence.task.watcher;

import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.TransactionException;
import org.springframework.transaction.TransactionStatus;
import org.springframework.transaction.support.DefaultTransactionDefinition;

import cloud.requence.task.TaskUpdate;
import cloud.requence.task.TaskUpdateHandler;
import cloud.requence.task.delivery.DeliveryUnavailableException;

/**
 * Handles each update in a transaction of its own, without a checkpoint. If no
 * transaction can be begun, the delivery waits.
 */
final class HandlerTransactions implements TaskUpdateHandler {

	private final TaskUpdateHandler handler;

	private final PlatformTransactionManager manager;

	HandlerTransactions(TaskUpdateHandler handler, PlatformTransactionManager manager) {
		this.handler = handler;
		this.manager = manager;
	}

	@Override
	public void handle(TaskUpdate update) throws Exception {
		TransactionStatus transaction = begin();
		try {
			this.handler.handle(update);
		}
		catch (Throwable ex) {
			rollBack(transaction, ex);
			throw ex;
		}
		this.manager.commit(transaction);
	}

	private TransactionStatus begin() {
		try {
			return this.manager
				.getTransaction(new DefaultTransactionDefinition(TransactionDefinition.PROPAGATION_REQUIRES_NEW));
		}
		catch (TransactionException ex) {
			throw new DeliveryUnavailableException("no transaction can be begun", ex);
		}
	}

	private void rollBack(TransactionStatus transaction, Throwable failure) {
		try {
			this.manager.rollback(transaction);
		}
		catch (Throwable ex) {
			failure.addSuppressed(ex);
		}
	}

}
