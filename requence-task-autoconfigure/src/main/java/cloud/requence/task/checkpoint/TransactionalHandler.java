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

import java.lang.reflect.UndeclaredThrowableException;
import java.util.function.Predicate;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.dao.NonTransientDataAccessResourceException;
import org.springframework.dao.RecoverableDataAccessException;
import org.springframework.dao.TransientDataAccessException;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionException;
import org.springframework.transaction.TransactionStatus;
import org.springframework.transaction.TransactionSystemException;
import org.springframework.transaction.UnexpectedRollbackException;
import org.springframework.transaction.support.DefaultTransactionDefinition;

import cloud.requence.task.TaskUpdate;
import cloud.requence.task.TaskUpdateHandler;
import cloud.requence.task.delivery.DeliveryUnavailableException;

/**
 * Handles each update in a transaction that saves the checkpoint as well: the effect of
 * an update and the knowledge of it are there together, or neither is. If nobody knows
 * how a commit has ended, the checkpoint tells.
 */
public final class TransactionalHandler implements TaskUpdateHandler {

	private static final Log logger = LogFactory.getLog(TransactionalHandler.class);

	private final TaskUpdateHandler delegate;

	private final PlatformTransactionManager transactionManager;

	private final Checkpointer checkpointer;

	private final Predicate<TaskUpdate> acknowledges;

	private final DefaultTransactionDefinition definition = new DefaultTransactionDefinition();

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
		try (Checkpointer.Exclusive checkpoint = this.checkpointer.exclusive()) {
			if (hasCommitted(checkpoint, update)) {
				return;
			}
			TransactionStatus status = begin();
			handle(update, status);
			write(checkpoint, update, status);
			commit(status);
			checkpoint.committed();
		}
	}

	private static boolean hasCommitted(Checkpointer.Exclusive checkpoint, TaskUpdate update) {
		try {
			return checkpoint.hasCommitted(update);
		}
		catch (RuntimeException ex) {
			throw unavailable("The checkpoint cannot be read", ex);
		}
	}

	private TransactionStatus begin() {
		try {
			return this.transactionManager.getTransaction(this.definition);
		}
		catch (TransactionException ex) {
			throw unavailable("There is no transaction to be had", ex);
		}
	}

	private void handle(TaskUpdate update, TransactionStatus status) throws Exception {
		try {
			this.delegate.handle(update);
		}
		catch (Throwable ex) {
			rollBack(status);
			rethrow(ex);
		}
	}

	private static void rethrow(Throwable failure) throws Exception {
		if (failure instanceof Error error) {
			throw error;
		}
		throw (failure instanceof Exception exception) ? exception : new UndeclaredThrowableException(failure);
	}

	private void write(Checkpointer.Exclusive checkpoint, TaskUpdate update, TransactionStatus status) {
		if (status.isRollbackOnly()) {
			rollBack(status);
			throw new UnexpectedRollbackException("A listener has marked the transaction as rollback-only");
		}
		boolean acknowledge = this.acknowledges.test(update);
		boolean written;
		try {
			written = checkpoint.write(update, acknowledge ? update.taskId() : null);
		}
		catch (RuntimeException ex) {
			rollBack(status);
			throw unavailable("The checkpoint cannot be written", ex);
		}
		if (!written) {
			rollBack(status);
			throw unavailable("Somebody else has written the checkpoint", null);
		}
	}

	private void rollBack(TransactionStatus status) {
		try {
			this.transactionManager.rollback(status);
		}
		catch (RuntimeException | Error ex) {
			logger.debug("A transaction could not be rolled back, which its resource will do", ex);
		}
	}

	private void commit(TransactionStatus status) {
		try {
			this.transactionManager.commit(status);
		}
		catch (TransactionSystemException ex) {
			if (CommitFailure.isOfTheUpdate(ex)) {
				throw ex;
			}
			throw unavailable("A transaction could not be committed", ex);
		}
		catch (RecoverableDataAccessException | TransientDataAccessException
				| NonTransientDataAccessResourceException ex) {
			throw unavailable("A transaction could not be committed", ex);
		}
	}

	private static DeliveryUnavailableException unavailable(String problem, @Nullable RuntimeException cause) {
		return new DeliveryUnavailableException(
				problem + ((cause != null) ? " (" + cause.getClass().getSimpleName() + ")" : ""), cause);
	}

}
