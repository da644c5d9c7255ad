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
import java.util.List;

import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DelegatingDataSource;
import org.springframework.jdbc.datasource.LazyConnectionDataSourceProxy;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.DefaultTransactionDefinition;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

import cloud.requence.task.TaskUpdate;
import cloud.requence.task.TaskUpdateHandler;
import cloud.requence.task.delivery.DeliveryUnavailableException;
import cloud.requence.task.test.TestTask;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * Tests for {@link HandlerTransactions}, with a database that fails on demand.
 */
class HandlerTransactionsTests {

	private final Database database = new Database();

	// A connection is fetched with the first statement, so that it is always possible to
	// begin
	private final JdbcTransactionManager manager = new JdbcTransactionManager(
			new LazyConnectionDataSourceProxy(this.database));

	private final JdbcTemplate jdbc = new JdbcTemplate(this.manager.getDataSource());

	private final List<TaskUpdate> handled = new ArrayList<>();

	private final TaskUpdate update = TestTask.of("task-1").end(1);

	@BeforeEach
	void createTable() {
		this.jdbc.execute("create table effect (id int primary key)");
	}

	@AfterEach
	void theThreadIsClean() {
		assertThat(TransactionSynchronizationManager.isActualTransactionActive()).isFalse();
		assertThat(TransactionSynchronizationManager.isSynchronizationActive()).isFalse();
		assertThat(TransactionSynchronizationManager.getResourceMap()).isEmpty();
		assertThat(this.database.open()).isZero();
		this.jdbc.execute("shutdown");
	}

	private void handle(TaskUpdateHandler handler) throws Exception {
		new HandlerTransactions((received) -> {
			handler.handle(received);
			this.handled.add(received);
		}, this.manager).handle(this.update);
	}

	private void write() {
		this.jdbc.update("insert into effect values (?)", 1);
	}

	private int effects() {
		return this.jdbc.queryForObject("select count(*) from effect", Integer.class);
	}

	@Test
	void theEffectsOfAnUpdateAreCommitted() throws Exception {
		handle((received) -> write());
		assertThat(this.handled).containsExactly(this.update);
		assertThat(effects()).isEqualTo(1);
	}

	@Test
	void theEffectsOfAFailureAreRolledBackAndItIsThatOfTheUpdate() {
		assertThatIllegalStateException().isThrownBy(() -> handle((received) -> {
			write();
			throw new IllegalStateException("no");
		})).withMessage("no");
		assertThat(effects()).isZero();
	}

	@Test
	void aDatabaseThatRefusesConnectionsIsNoFailureOfTheUpdate() throws Exception {
		this.database.available = false;
		assertThatExceptionOfType(DeliveryUnavailableException.class).isThrownBy(() -> handle((received) -> write()))
			.withMessageContaining("No transaction can be committed");
		this.database.available = true;
		handle((received) -> write());
		assertThat(effects()).isEqualTo(1);
	}

	@Test
	void aConnectionThatBreaksIsNoFailureOfTheUpdateWhileTheDatabaseIsAway() {
		assertThatExceptionOfType(DeliveryUnavailableException.class).isThrownBy(() -> handle((received) -> {
			write();
			this.database.available = false;
			throw new IllegalStateException("the connection was reset");
		}));
		this.database.available = true;
		assertThat(effects()).isZero();
	}

	@Test
	void whatADatabaseThatAnswersRefusesIsAFailureOfTheUpdate() {
		write();
		assertThatExceptionOfType(DataAccessException.class).isThrownBy(() -> handle((received) -> write()));
	}

	@Test
	void whatFailsAfterTheCommitIsNoFailureOfTheUpdate() throws Exception {
		handle((received) -> {
			write();
			TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {

				@Override
				public void afterCommit() {
					throw new IllegalStateException("the mail server is away");
				}

			});
		});
		assertThat(effects()).isEqualTo(1);
	}

	@Test
	void aTransactionThatAListenerLeavesOpenIsRolledBack() {
		assertThatIllegalStateException().isThrownBy(() -> handle((received) -> {
			this.manager.getTransaction(
					new DefaultTransactionDefinition(DefaultTransactionDefinition.PROPAGATION_REQUIRES_NEW));
			write();
		})).withMessageContaining("left a transaction open");
		assertThat(effects()).isZero();
	}

	/**
	 * A database in memory, whose connections are counted.
	 */
	private static final class Database extends DelegatingDataSource {

		private final List<Connection> connections = new ArrayList<>();

		private volatile boolean available = true;

		Database() {
			JdbcDataSource target = new JdbcDataSource();
			target.setURL("jdbc:h2:mem:handler-transactions;DB_CLOSE_DELAY=-1");
			setTargetDataSource(target);
		}

		@Override
		public Connection getConnection() throws SQLException {
			if (!this.available) {
				throw new SQLException("Connection refused");
			}
			Connection connection = super.getConnection();
			this.connections.add(connection);
			return connection;
		}

		long open() {
			return this.connections.stream().filter((connection) -> {
				try {
					return !connection.isClosed();
				}
				catch (SQLException ex) {
					return true;
				}
			}).count();
		}

	}

}
