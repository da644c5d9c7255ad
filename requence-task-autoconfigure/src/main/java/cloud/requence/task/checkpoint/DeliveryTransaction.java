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
import java.sql.SQLException;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.TransactionStatus;
import org.springframework.transaction.UnexpectedRollbackException;

import cloud.requence.task.TaskUpdate;
import cloud.requence.task.TaskUpdateHandler;
import cloud.requence.task.delivery.DeliveryUnavailableException;
import cloud.requence.task.support.Causes;
import cloud.requence.task.support.LogLimit;

/**
 * One attempt to handle updates in a transaction that saves the checkpoint as well. Used
 * once, by the thread that delivers.
 * <p>
 * Whether a failure is the fault of the updates or of the database cannot be seen from
 * its exception, so the database is asked: after the rollback the checkpoint is written
 * as it was, and committed, in a transaction of its own. If that works, the failure is
 * the updates', and is thrown; otherwise the delivery waits. A rollback in place of the
 * commit would prove too little: a database may accept every statement and refuse each
 * commit. Only of a full disk the exception itself is the proof. How a commit ended that
 * has thrown is read from the checkpoint.
 */
final class DeliveryTransaction {

	private static final Log logger = LogFactory.getLog(DeliveryTransaction.class);

	// As PostgreSQL and others name it
	private static final String DISK_FULL = "53100";

	private final PlatformTransactionManager transactionManager;

	private final TransactionDefinition definition;

	private final CheckpointWriter writer;

	// Those that are handled: fewer than given if there were enough
	private List<TaskUpdate> updates;

	private final Predicate<TaskUpdate> acknowledges;

	private final LogLimit committedLog;

	private final TransactionThread thread;

	private State state = State.NEW;

	DeliveryTransaction(PlatformTransactionManager transactionManager, TransactionDefinition definition,
			CheckpointWriter writer, List<TaskUpdate> updates, Predicate<TaskUpdate> acknowledges,
			LogLimit committedLog, LogLimit leftOpenLog) {
		this.transactionManager = transactionManager;
		this.definition = definition;
		this.writer = writer;
		this.updates = updates;
		this.acknowledges = acknowledges;
		this.committedLog = committedLog;
		this.thread = new TransactionThread(leftOpenLog);
	}

	/**
	 * Handle the updates, unless an earlier transaction has committed them after all.
	 * @param handler handles the updates, in their order
	 * @param enough returns whether to commit behind the update that was handled last
	 * @return how many updates, from the first, were handled
	 * @throws DeliveryUnavailableException if the updates have to wait, without fault
	 * @throws Exception the failure of the updates
	 */
	int run(TaskUpdateHandler handler, BooleanSupplier enough) throws Exception {
		try (CheckpointWriter.Exclusive checkpoint = this.writer.exclusive()) {
			if (isCommitted(checkpoint)) {
				return this.updates.size();
			}
			checkpoint.begin(this);
		}
		try {
			Throwable failure = attempt(handler, enough);
			if (failure != null) {
				conclude(failure);
			}
			return this.updates.size();
		}
		finally {
			this.writer.ended(this);
		}
	}

	private @Nullable Throwable attempt(TaskUpdateHandler handler, BooleanSupplier enough) {
		TransactionStatus status = null;
		try {
			status = begin();
			this.state = State.BEGUN;
			this.thread.begun();
			handle(handler, enough);
			this.thread.checkTransaction();
			if (status.isRollbackOnly()) {
				throw new UnexpectedRollbackException("A listener has marked the transaction as rollback-only");
			}
			this.state = State.HANDLED;
			writeAndCommit(status);
			return null;
		}
		catch (Throwable ex) {
			return ex;
		}
		finally {
			end(status);
		}
	}

	private void handle(TaskUpdateHandler handler, BooleanSupplier enough) throws Exception {
		int handled = 0;
		do {
			handler.handle(this.updates.get(handled++));
		}
		while (handled < this.updates.size() && !enough.getAsBoolean());
		this.updates = this.updates.subList(0, handled);
	}

	private TransactionStatus begin() {
		TransactionStatus status;
		try {
			this.thread.prepare();
			status = this.transactionManager.getTransaction(this.definition);
		}
		catch (Throwable ex) {
			throw unavailable("No transaction can be begun", ex);
		}
		if (!status.isNewTransaction()) {
			throw unavailable("The transaction manager has returned a transaction that is in progress", null);
		}
		return status;
	}

	private void writeAndCommit(TransactionStatus status) {
		List<String> acknowledgements = this.updates.stream()
			.filter(this.acknowledges)
			.map(TaskUpdate::taskId)
			.toList();
		try (CheckpointWriter.Exclusive checkpoint = this.writer.exclusive()) {
			try {
				if (!checkpoint.write(this, this.updates, acknowledgements)) {
					throw unavailable("The checkpoint has changed", null);
				}
				this.state = State.WRITTEN;
				this.transactionManager.commit(status);
				this.state = State.COMMITTED;
				checkpoint.committed();
			}
			catch (Throwable ex) {
				if (this.state == State.WRITTEN) {
					this.state = State.UNKNOWN;
				}
				else if (this.state == State.HANDLED) {
					checkpoint.withdraw();
				}
				throw ex;
			}
		}
	}

	/**
	 * Whatever has happened, nothing of the transaction stays on the thread.
	 */
	private void end(@Nullable TransactionStatus status) {
		if (status != null && !status.isCompleted()) {
			restoreTransaction();
			rollBack(status);
		}
		if (this.state != State.COMMITTED && this.state != State.UNKNOWN) {
			this.state = State.ROLLED_BACK;
		}
		clearThread();
	}

	private void restoreTransaction() {
		try {
			this.thread.restoreTransaction();
		}
		catch (Throwable ex) {
			logger.debug("A transaction that was suspended cannot be restored", ex);
		}
	}

	private void clearThread() {
		try {
			this.thread.clear();
		}
		catch (Throwable ex) {
			logger.debug("The resources that a listener has left on its thread cannot be removed", ex);
		}
	}

	private void rollBack(TransactionStatus status) {
		try {
			this.transactionManager.rollback(status);
		}
		catch (Throwable ex) {
			logger.debug("A transaction could not be rolled back, so that the database has to", ex);
		}
	}

	/**
	 * Find out what a failure means.
	 */
	private void conclude(Throwable failure) throws Exception {
		try (CheckpointWriter.Exclusive checkpoint = this.writer.exclusive()) {
			if (this.state == State.COMMITTED || isCommitted(checkpoint)) {
				this.committedLog.warn("A transaction was committed although this has failed in it or after it",
						failure);
				return;
			}
			this.state = State.ROLLED_BACK;
			Throwable reason = (failure instanceof DeliveryUnavailableException) ? null : obstacle(failure, checkpoint);
			if (reason == null) {
				rethrow(failure);
				return;
			}
			logger.debug("The failure of a transaction does not count, as the database cannot be written", failure);
			if (!isCommitted(checkpoint)) {
				throw unavailable("The database cannot be written", reason);
			}
		}
	}

	private boolean isCommitted(CheckpointWriter.Exclusive checkpoint) {
		try {
			boolean committed = checkpoint.hasCommitted(this.updates);
			this.state = committed ? State.COMMITTED : this.state;
			return committed;
		}
		catch (DeliveryUnavailableException ex) {
			throw ex;
		}
		catch (Throwable ex) {
			throw unavailable("The checkpoint cannot be read", ex);
		}
	}

	/**
	 * Find out whether the database is the reason of a failure. A checkpoint takes the
	 * place of the last one, so that it is written even to a disk that is full: that the
	 * disk is full the database has to say.
	 * @return the reason why the database cannot be written; {@code null} if it can
	 */
	private @Nullable Throwable obstacle(Throwable failure, CheckpointWriter.Exclusive checkpoint) {
		Throwable reason = probe(checkpoint);
		return (reason == null && isDiskFull(failure)) ? failure : reason;
	}

	private static boolean isDiskFull(Throwable failure) {
		return Causes.of(failure)
			.anyMatch((cause) -> cause instanceof SQLException exception && DISK_FULL.equals(exception.getSQLState()));
	}

	/**
	 * Find out whether the database takes a checkpoint. If the outcome of its commit is
	 * unknown it may still arrive, and adds nothing then.
	 * @return the reason why not; {@code null} if it does
	 */
	private @Nullable Throwable probe(CheckpointWriter.Exclusive checkpoint) {
		TransactionStatus status = null;
		boolean written = false;
		try {
			status = this.transactionManager.getTransaction(this.definition);
			written = status.isNewTransaction() && checkpoint.probe();
			if (!written) {
				throw unavailable("The checkpoint has changed", null);
			}
			this.transactionManager.commit(status);
			checkpoint.committed();
			return null;
		}
		catch (Throwable ex) {
			if (!written) {
				checkpoint.withdraw();
			}
			return ex;
		}
		finally {
			if (status != null && !status.isCompleted()) {
				rollBack(status);
			}
			clearThread();
		}
	}

	private static void rethrow(Throwable failure) throws Exception {
		if (failure instanceof Error error) {
			throw error;
		}
		throw (failure instanceof Exception exception) ? exception : new UndeclaredThrowableException(failure);
	}

	private static DeliveryUnavailableException unavailable(String problem, @Nullable Throwable cause) {
		return new DeliveryUnavailableException(
				problem + ((cause != null) ? " (" + cause.getClass().getSimpleName() + ")" : ""), cause);
	}

	/**
	 * How far an attempt is.
	 */
	private enum State {

		/** Nothing was done. */
		NEW,

		/** The transaction was begun. */
		BEGUN,

		/** The updates were handled. */
		HANDLED,

		/** The checkpoint was written. */
		WRITTEN,

		/** Effects and checkpoint are stored. */
		COMMITTED,

		/** The commit has thrown, and the checkpoint has not been read since. */
		UNKNOWN,

		/** Neither effects nor checkpoint are stored. */
		ROLLED_BACK

	}

}
