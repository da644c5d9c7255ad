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

package cloud.requence.task.deadletter;

import java.lang.reflect.UndeclaredThrowableException;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

import org.springframework.transaction.support.TransactionOperations;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.springframework.util.Assert;

import cloud.requence.task.DeadLetter;
import cloud.requence.task.TaskUpdate;
import cloud.requence.task.TaskUpdateHandler;

/**
 * Delivers dead letters of one watcher again, and deletes them when that succeeds.
 * Updates are delivered on the thread of the caller, to all listeners, and not in their
 * place in the stream: later updates of the same task have been delivered before. Safe
 * for use by several threads and instances of an application.
 */
public final class DeadLetterReplay {

	private static final Log logger = LogFactory.getLog(DeadLetterReplay.class);

	private static final int PAGE = 1000;

	private final JdbcDeadLetters letters;

	private final String watcher;

	private final TransactionOperations transactions;

	private final TaskUpdateHandler handler;

	private final Consumer<TaskUpdate> delivered;

	/**
	 * Create a replay.
	 * @param letters the dead letters
	 * @param watcher the name of the watcher whose dead letters are delivered again
	 * @param transactions runs the handler and the deletion together;
	 * {@link TransactionOperations#withoutTransaction()} to run them one after the other,
	 * so that two replays of a dead letter at the same time may both deliver it
	 * @param handler receives the updates
	 * @param delivered receives each update that the handler has handled, after the
	 * deletion is committed, for example to acknowledge it. What it throws is logged
	 */
	public DeadLetterReplay(JdbcDeadLetters letters, String watcher, TransactionOperations transactions,
			TaskUpdateHandler handler, Consumer<TaskUpdate> delivered) {
		Assert.notNull(letters, "'letters' must not be null");
		Assert.hasText(watcher, "'watcher' must not be empty");
		Assert.notNull(transactions, "'transactions' must not be null");
		Assert.notNull(handler, "'handler' must not be null");
		Assert.notNull(delivered, "'delivered' must not be null");
		this.letters = letters;
		this.watcher = watcher;
		this.transactions = transactions;
		this.handler = handler;
		this.delivered = delivered;
	}

	/**
	 * Deliver a dead letter again and delete it. If the handler throws, it remains
	 * stored.
	 * @param id its identifier
	 * @return whether there was one
	 * @throws IllegalStateException if it is one of another watcher
	 * @throws RuntimeException what the handler has thrown; a checked exception is the
	 * cause of an {@link UndeclaredThrowableException}
	 */
	public boolean replay(String id) {
		AtomicReference<TaskUpdate> replayed = new AtomicReference<>();
		boolean found = Boolean.TRUE.equals(this.transactions.execute((status) -> replay(id, replayed::set)));
		TaskUpdate update = replayed.get();
		if (update != null) {
			afterCommit(id, update);
		}
		return found;
	}

	/**
	 * Replay a dead letter in a transaction.
	 * @param unsynchronized receives the update if nothing tells when the transaction is
	 * committed
	 */
	private boolean replay(String id, Consumer<TaskUpdate> unsynchronized) {
		DeadLetter letter = this.letters.find(id);
		if (letter == null) {
			return false;
		}
		if (!JdbcDeadLetters.isOf(this.watcher, letter)) {
			throw new IllegalStateException("The dead letter " + id + " is one of watcher '" + letter.watcher()
					+ "', and cannot be delivered to the handler of watcher '" + this.watcher + "'");
		}
		// In a transaction the deletion makes other replays of the letter wait
		boolean transactional = TransactionSynchronizationManager.isActualTransactionActive();
		if (transactional && !this.letters.delete(id)) {
			return false;
		}
		handle(letter.update());
		boolean deleted = transactional || this.letters.delete(id);
		// It may be a part of a transaction of the caller
		if (TransactionSynchronizationManager.isSynchronizationActive()) {
			TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {

				@Override
				public void afterCommit() {
					DeadLetterReplay.this.afterCommit(id, letter.update());
				}

			});
		}
		else {
			unsynchronized.accept(letter.update());
		}
		return deleted;
	}

	private void afterCommit(String id, TaskUpdate update) {
		try {
			this.delivered.accept(update);
		}
		// The delivery is committed, and must not appear as failed
		catch (RuntimeException ex) {
			logger.warn("The dead letter " + id + " was delivered and deleted, but not acknowledged", ex);
		}
	}

	private void handle(TaskUpdate update) {
		try {
			this.handler.handle(update);
		}
		catch (RuntimeException ex) {
			throw ex;
		}
		catch (Exception ex) {
			throw new UndeclaredThrowableException(ex);
		}
	}

	/**
	 * Deliver the dead letters of the watcher again, in the order in which they failed.
	 * Those that fail again remain stored, and are logged. Those that are stored in the
	 * meantime may be left for the next call.
	 * @return how many were delivered
	 */
	public int replayAll() {
		int replayed = 0;
		int failed = 0;
		long left = this.letters.count();
		List<String> ids = this.letters.ids(this.watcher, 0, PAGE);
		while (!ids.isEmpty() && left > 0) {
			for (String id : ids) {
				try {
					replayed += replay(id) ? 1 : 0;
				}
				catch (RuntimeException ex) {
					log(id, ex, failed++ == 0);
				}
			}
			left -= ids.size();
			// Those that remain are the first ones now
			ids = this.letters.ids(this.watcher, failed, PAGE);
		}
		return replayed;
	}

	/**
	 * Thousands of dead letters often have one cause: one stack trace shows it.
	 */
	private static void log(String id, RuntimeException failure, boolean first) {
		String message = "The dead letter " + id + " has failed again, and remains stored";
		if (first) {
			logger.warn(message, failure);
		}
		else {
			logger.warn(message + ": " + failure.getClass().getName());
			logger.debug("The failure of the dead letter " + id, failure);
		}
	}

}
