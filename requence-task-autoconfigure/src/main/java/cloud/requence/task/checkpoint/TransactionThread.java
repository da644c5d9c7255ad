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
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.jdbc.datasource.ConnectionHolder;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.springframework.transaction.support.TransactionSynchronizationUtils;
import org.springframework.util.ClassUtils;

import cloud.requence.task.support.LogLimit;

/**
 * What transactions keep on the thread that delivers. Finds out whether a listener has
 * left a transaction open, which would take the place of the one that the update is
 * handled in, and removes what it has left.
 */
final class TransactionThread implements TransactionSynchronization {

	private static final Log logger = LogFactory.getLog(TransactionThread.class);

	static final boolean JDBC = ClassUtils.isPresent("org.springframework.jdbc.datasource.ConnectionHolder",
			TransactionThread.class.getClassLoader());

	private final LogLimit leftOpen;

	private Map<Object, Object> before = Map.of();

	private Map<Object, Object> resources = Map.of();

	private boolean synchronizes;

	// While another transaction has taken the place of the one that was begun
	private @Nullable List<TransactionSynchronization> suspended;

	TransactionThread(LogLimit leftOpen) {
		this.leftOpen = leftOpen;
	}

	/**
	 * Remove what earlier users of the thread have left.
	 */
	void prepare() {
		if (TransactionSynchronizationManager.isActualTransactionActive()
				|| TransactionSynchronizationManager.isSynchronizationActive()) {
			this.leftOpen.warn("A transaction was left open on the thread of the delivery before an update was handled:"
					+ " it is rolled back", null);
			abandon(Map.of());
		}
		this.before = copyOfResources();
	}

	/**
	 * The transaction for an update was begun.
	 */
	void begun() {
		this.resources = copyOfResources();
		this.synchronizes = TransactionSynchronizationManager.isSynchronizationActive();
		if (this.synchronizes) {
			TransactionSynchronizationManager.registerSynchronization(this);
		}
	}

	@Override
	public void suspend() {
		this.suspended = List.copyOf(TransactionSynchronizationManager.getSynchronizations());
	}

	@Override
	public void resume() {
		this.suspended = null;
	}

	/**
	 * Fail if the transaction that was begun is not that of the thread.
	 */
	void checkTransaction() {
		if (!isCurrent()) {
			throw new IllegalStateException("A listener has left a transaction open that it has begun, or has suspended"
					+ " the transaction of its update: begin transactions with a TransactionTemplate, or complete"
					+ " them in a 'finally' block");
		}
	}

	private boolean isCurrent() {
		Map<Object, Object> current = TransactionSynchronizationManager.getResourceMap();
		return this.suspended == null && this.resources.entrySet()
			.stream()
			.allMatch((resource) -> current.get(resource.getKey()) == resource.getValue());
	}

	/**
	 * Put the transaction that was begun back in its place, to be rolled back.
	 */
	void restoreTransaction() {
		if (isCurrent()) {
			return;
		}
		List<TransactionSynchronization> synchronizations = (this.suspended != null) ? this.suspended : List.of();
		abandon(this.resources);
		this.resources.forEach((key, value) -> {
			if (!TransactionSynchronizationManager.hasResource(key)) {
				TransactionSynchronizationManager.bindResource(key, value);
			}
		});
		TransactionSynchronizationManager.setActualTransactionActive(true);
		if (this.synchronizes) {
			TransactionSynchronizationManager.initSynchronization();
			for (TransactionSynchronization synchronization : synchronizations) {
				attempt(synchronization::resume);
				TransactionSynchronizationManager.registerSynchronization(synchronization);
			}
		}
	}

	/**
	 * Remove what was not there before the transaction, once it has ended.
	 */
	void clear() {
		boolean active = TransactionSynchronizationManager.isActualTransactionActive()
				|| TransactionSynchronizationManager.isSynchronizationActive();
		List<Object> left = new ArrayList<>(TransactionSynchronizationManager.getResourceMap().keySet());
		left.removeAll(this.before.keySet());
		if (active || !left.isEmpty()) {
			this.leftOpen.warn("A listener has left transactional resources open on the thread of the delivery: they"
					+ " are removed", null);
			abandon(this.before);
		}
	}

	/**
	 * End the current transaction without its manager, and unbind all resources but some.
	 */
	private void abandon(Map<Object, Object> kept) {
		if (TransactionSynchronizationManager.isSynchronizationActive()) {
			List<TransactionSynchronization> synchronizations = TransactionSynchronizationManager.getSynchronizations();
			attempt(TransactionSynchronizationUtils::triggerBeforeCompletion);
			attempt(() -> TransactionSynchronizationUtils.invokeAfterCompletion(synchronizations,
					TransactionSynchronization.STATUS_ROLLED_BACK));
		}
		copyOfResources().forEach((key, value) -> {
			if (kept.get(key) != value && !this.before.containsKey(key)) {
				TransactionSynchronizationManager.unbindResourceIfPossible(key);
				release(value);
			}
		});
		TransactionSynchronizationManager.clear();
	}

	private static Map<Object, Object> copyOfResources() {
		return new HashMap<>(TransactionSynchronizationManager.getResourceMap());
	}

	private static void release(Object resource) {
		if (JDBC) {
			JdbcResources.release(resource);
		}
	}

	private static void attempt(Runnable action) {
		try {
			action.run();
		}
		catch (Throwable ex) {
			logger.debug("A synchronization of a transaction has failed", ex);
		}
	}

	/**
	 * What needs the classes of Spring JDBC.
	 */
	private static final class JdbcResources {

		static void release(Object resource) {
			if (!(resource instanceof ConnectionHolder holder)) {
				return;
			}
			try (Connection connection = Objects.requireNonNull(holder.getConnection())) {
				connection.rollback();
			}
			catch (SQLException | RuntimeException ex) {
				logger.debug("A connection that was left open cannot be closed", ex);
			}
		}

	}

}
