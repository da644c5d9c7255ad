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

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Objects;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

import org.springframework.jdbc.datasource.ConnectionHolder;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionStatus;
import org.springframework.transaction.support.DefaultTransactionDefinition;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

import cloud.requence.task.TaskUpdate;
import cloud.requence.task.TaskUpdateHandler;
import cloud.requence.task.delivery.DeliveryUnavailableException;
import cloud.requence.task.support.LogLimit;

/**
 * Handles each update in a transaction of its own, without a checkpoint.
 * <p>
 * After a failure a further transaction is begun and committed, on a connection that is
 * asked whether it works. If that fails too, the delivery waits; otherwise the failure is
 * the update's. A database that takes connections and refuses to write is not found out:
 * without a checkpoint there is nothing that could be written.
 */
public final class HandlerTransactions implements TaskUpdateHandler {

	private static final Log logger = LogFactory.getLog(HandlerTransactions.class);

	private final TaskUpdateHandler handler;

	private final PlatformTransactionManager manager;

	private final DefaultTransactionDefinition definition = new DefaultTransactionDefinition();

	private final LogLimit committed = new LogLimit(logger, "Failures of transactions that were committed",
			System::nanoTime);

	private final LogLimit leftOpen = new LogLimit(logger, "Transactional resources that were left open",
			System::nanoTime);

	/**
	 * Create a handler.
	 * @param handler handles the updates
	 * @param manager manages the transactions of the handler's resources
	 */
	public HandlerTransactions(TaskUpdateHandler handler, PlatformTransactionManager manager) {
		this.handler = handler;
		this.manager = manager;
		this.definition.setName("requence-task-delivery");
	}

	@Override
	public void handle(TaskUpdate update) throws Exception {
		Completion completion = new Completion();
		try {
			run(completion, () -> this.handler.handle(update));
		}
		catch (DeliveryUnavailableException ex) {
			throw ex;
		}
		catch (Throwable ex) {
			if (completion.committed) {
				this.committed.warn("A transaction was committed although this has failed after it", ex);
				return;
			}
			probe(ex);
			throw ex;
		}
		finally {
			this.committed.summarizeIfAny();
			this.leftOpen.summarizeIfAny();
		}
	}

	private void run(Completion completion, Work work) throws Exception {
		TransactionThread thread = new TransactionThread(this.leftOpen);
		TransactionStatus status = begin(thread);
		try {
			thread.begun();
			if (TransactionSynchronizationManager.isSynchronizationActive()) {
				TransactionSynchronizationManager.registerSynchronization(completion);
			}
			work.run();
			thread.checkTransaction();
			this.manager.commit(status);
		}
		finally {
			end(thread, status);
		}
	}

	private TransactionStatus begin(TransactionThread thread) {
		try {
			thread.prepare();
			TransactionStatus status = this.manager.getTransaction(this.definition);
			if (status.isNewTransaction()) {
				return status;
			}
		}
		catch (Throwable ex) {
			throw unavailable("No transaction can be begun", ex);
		}
		throw new DeliveryUnavailableException("The transaction manager has returned a transaction that is in progress",
				null);
	}

	private void end(TransactionThread thread, TransactionStatus status) {
		attempt(() -> {
			if (!status.isCompleted()) {
				attempt(thread::restoreTransaction);
				this.manager.rollback(status);
			}
		});
		attempt(thread::clear);
	}

	private static void attempt(Runnable action) {
		try {
			action.run();
		}
		catch (Throwable ex) {
			logger.debug("The end of a transaction has failed", ex);
		}
	}

	private void probe(Throwable failure) {
		try {
			run(new Completion(), HandlerTransactions::checkConnections);
		}
		catch (Throwable ex) {
			logger.debug("The failure of a transaction does not count, as the database cannot be used", failure);
			throw (ex instanceof DeliveryUnavailableException unavailable) ? unavailable
					: unavailable("No transaction can be committed", ex);
		}
	}

	private static void checkConnections() throws Exception {
		if (TransactionThread.JDBC) {
			JdbcConnections.check();
		}
	}

	private static DeliveryUnavailableException unavailable(String problem, Throwable cause) {
		return new DeliveryUnavailableException(problem + " (" + cause.getClass().getSimpleName() + ")", cause);
	}

	/**
	 * What is done in a transaction.
	 */
	private interface Work {

		void run() throws Exception;

	}

	/**
	 * Hears how a transaction has ended. A synchronization that throws after the commit
	 * is no failure of the transaction.
	 */
	private static final class Completion implements TransactionSynchronization {

		private boolean committed;

		@Override
		public void afterCompletion(int status) {
			this.committed = status == STATUS_COMMITTED;
		}

	}

	/**
	 * What needs the classes of Spring JDBC.
	 */
	private static final class JdbcConnections {

		private static final int TIMEOUT_SECONDS = 5;

		/**
		 * Ask the connections of the transaction. One that is fetched lazily is fetched.
		 */
		static void check() throws SQLException {
			for (Object resource : TransactionSynchronizationManager.getResourceMap().values()) {
				if (resource instanceof ConnectionHolder holder) {
					// Belongs to the transaction
					@SuppressWarnings("resource")
					Connection connection = Objects.requireNonNull(holder.getConnection());
					if (!connection.isValid(TIMEOUT_SECONDS)) {
						throw new SQLException("The connection is not valid");
					}
				}
			}
		}

	}

}
