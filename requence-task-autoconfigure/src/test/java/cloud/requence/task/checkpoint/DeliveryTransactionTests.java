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

import java.net.URI;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

import javax.sql.DataSource;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.test.scheduler.VirtualTimeScheduler;

import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.integration.jdbc.metadata.JdbcMetadataStore;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.ConnectionHolder;
import org.springframework.jdbc.datasource.DelegatingDataSource;
import org.springframework.jdbc.datasource.LazyConnectionDataSourceProxy;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.CannotCreateTransactionException;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.TransactionSystemException;
import org.springframework.transaction.support.DefaultTransactionDefinition;
import org.springframework.transaction.support.DefaultTransactionStatus;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

import cloud.requence.task.CheckpointStore;
import cloud.requence.task.PostgresDatabase;
import cloud.requence.task.PostgresExtension;
import cloud.requence.task.TaskContext;
import cloud.requence.task.TaskEnd;
import cloud.requence.task.TaskUpdate;
import cloud.requence.task.TaskUpdateHandler;
import cloud.requence.task.UpdateHeader;
import cloud.requence.task.UpdateType;
import cloud.requence.task.delivery.DeliveryUnavailableException;
import cloud.requence.task.delivery.EndAcknowledgement;
import cloud.requence.task.store.MetadataStoreCheckpointStore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

/**
 * Tests for {@link TransactionalHandler} and {@link DeliveryTransaction}, with PostgreSQL
 * and faults at each call.
 */
@ExtendWith({ PostgresExtension.class, OutputCaptureExtension.class })
class DeliveryTransactionTests {

	private static final URI BASE_URL = URI.create("https://example.com/api");

	private final VirtualTimeScheduler time = VirtualTimeScheduler.create();

	private final List<String> durable = new ArrayList<>();

	private final TaskUpdate first = end(1);

	private final TaskUpdate second = end(2);

	private JdbcTemplate jdbc;

	private FaultyTransactions transactions;

	private FaultyStore store;

	private Checkpointer checkpointer;

	private boolean superseded;

	@BeforeEach
	void prepare(PostgresDatabase database) {
		use(database.dataSource());
		this.jdbc.execute("create table effect (position bigint)");
	}

	@AfterEach
	void theThreadIsClean() {
		assertThat(TransactionSynchronizationManager.isActualTransactionActive()).isFalse();
		assertThat(TransactionSynchronizationManager.isSynchronizationActive()).isFalse();
		assertThat(TransactionSynchronizationManager.getResourceMap()).isEmpty();
	}

	private void use(DataSource dataSource) {
		this.jdbc = new JdbcTemplate(dataSource);
		this.transactions = new FaultyTransactions(dataSource);
		JdbcMetadataStore metadata = new JdbcMetadataStore(dataSource);
		metadata.afterPropertiesSet();
		this.store = new FaultyStore(new MetadataStoreCheckpointStore(metadata, "test"));
		this.checkpointer = checkpointer();
		this.checkpointer.open(BASE_URL, () -> Instant.EPOCH);
		this.checkpointer.start();
	}

	private Checkpointer checkpointer() {
		return new Checkpointer("test", this.store, Duration.ofSeconds(1), 10, () -> this.time,
				(taskId, done) -> this.durable.add(taskId), new CheckpointObserver() {

					@Override
					public void onSaved() {
						// Nothing waits
					}

					@Override
					public void onSuperseded() {
						DeliveryTransactionTests.this.superseded = true;
					}

				}, Clock.systemUTC(), () -> this.time.now(TimeUnit.NANOSECONDS), 1);
	}

	private static TaskUpdate end(long position) {
		String taskId = "task " + position;
		return new TaskEnd(
				new UpdateHeader(UpdateType.TASK_END, taskId, null, null, null, null, position, false, Map.of()),
				TaskContext.of(taskId), null, null, true);
	}

	private void handle(TaskUpdate update) throws Exception {
		handle(update, this::insert);
	}

	private void handle(TaskUpdate update, TaskUpdateHandler listener) throws Exception {
		handler(listener).handle(update);
	}

	private TransactionalHandler handler(TaskUpdateHandler listener) {
		return new TransactionalHandler(listener, this.transactions, this.checkpointer, EndAcknowledgement::isRequired,
				1);
	}

	private void insert(TaskUpdate update) {
		this.jdbc.update("insert into effect values (?)", update.position());
	}

	private List<Long> effects() {
		return this.jdbc.queryForList("select position from effect order by position", Long.class);
	}

	private @Nullable Long position() {
		return new CheckpointFormat().read(Objects.requireNonNull(this.store.load()), "test").position();
	}

	private void tick() {
		this.time.advanceTimeBy(Duration.ofSeconds(1));
	}

	private static Supplier<Throwable> failure(Class<? extends Throwable> type) {
		return () -> {
			try {
				return type.getConstructor(String.class).newInstance("in a test");
			}
			catch (ReflectiveOperationException ex) {
				throw new IllegalStateException(ex);
			}
		};
	}

	@Test
	void savesEffectCheckpointAndAcknowledgementTogether() throws Exception {
		handle(this.first);
		handle(this.second);
		assertThat(effects()).containsExactly(1L, 2L);
		assertThat(position()).isEqualTo(2);
		assertThat(this.durable).containsExactly("task 1", "task 2");
	}

	/**
	 * The update fails, and the database works.
	 */
	@Nested
	class AnUpdateIsAtFault {

		private void assertFault(TaskUpdateHandler listener, Class<? extends Throwable> failure) throws Exception {
			handle(first);
			for (int i = 0; i < 5; i++) {
				assertThatThrownBy(() -> handle(second, listener)).isInstanceOf(failure)
					.isNotInstanceOf(DeliveryUnavailableException.class);
				assertThat(effects()).containsExactly(1L);
				assertThat(position()).isEqualTo(1);
			}
			checkpointer.advanced(2L, 1, null);
			tick();
			assertThat(position()).as("a skip is saved").isEqualTo(2);
			handle(end(3));
			assertThat(effects()).containsExactly(1L, 3L);
			assertThat(durable).containsExactly("task 1", "task 3");
		}

		@Test
		void ifItsListenerThrows() throws Exception {
			assertFault((update) -> {
				insert(update);
				throw new IllegalStateException("in a test");
			}, IllegalStateException.class);
		}

		@Test
		void ifItsListenerThrowsWhatLooksLikeADatabaseThatIsAway() throws Exception {
			assertFault((update) -> {
				insert(update);
				throw new CannotCreateTransactionException("another database");
			}, CannotCreateTransactionException.class);
		}

		@Test
		void ifItsListenerRunsOutOfMemory() throws Exception {
			assertFault((update) -> {
				insert(update);
				throw new OutOfMemoryError("in a test");
			}, OutOfMemoryError.class);
		}

		@Test
		void ifItsListenerHidesAFailure() throws Exception {
			jdbc.execute("create table once (id int primary key)");
			jdbc.update("insert into once values (1)");
			assertFault((update) -> {
				insert(update);
				try {
					jdbc.update("insert into once values (1)");
				}
				catch (DuplicateKeyException ex) {
					// PostgreSQL has aborted the transaction
				}
			}, Exception.class);
		}

		@Test
		void ifItsListenerBreaksTheConnection() throws Exception {
			assertFault((update) -> {
				insert(update);
				jdbc.execute("select pg_terminate_backend(pg_backend_pid())");
			}, Exception.class);
		}

		@Test
		void ifAConstraintIsCheckedAtTheCommit() throws Exception {
			jdbc.execute("create table strict (id int unique deferrable initially deferred)");
			jdbc.update("insert into strict values (1)");
			assertFault((update) -> {
				insert(update);
				jdbc.update("insert into strict values (1)");
			}, Exception.class);
		}

		@ParameterizedTest
		@ValueSource(
				classes = { IllegalStateException.class, OutOfMemoryError.class, TransactionSystemException.class })
		void ifItsCommitThrows(Class<? extends Throwable> type) throws Exception {
			assertFault((update) -> {
				insert(update);
				transactions.beforeCommit = failure(type);
			}, type);
		}

		@ParameterizedTest
		@EnumSource(FaultyStore.Moment.class)
		void ifTheWriteOfItsCheckpointThrows(FaultyStore.Moment moment) throws Exception {
			assertFault((update) -> {
				insert(update);
				store.failOnce(moment, () -> new OutOfMemoryError("in a test"));
			}, OutOfMemoryError.class);
		}

		@Test
		void ifItMarksItsTransaction() throws Exception {
			assertFault((update) -> {
				insert(update);
				transactions.rollback(transactions.getTransaction(new DefaultTransactionDefinition()));
			}, Exception.class);
		}

		@ParameterizedTest
		@ValueSource(ints = { TransactionDefinition.PROPAGATION_REQUIRES_NEW,
				TransactionDefinition.PROPAGATION_NOT_SUPPORTED })
		void ifItLeavesATransactionOpen(int propagation) throws Exception {
			assertFault((update) -> {
				insert(update);
				transactions.getTransaction(new DefaultTransactionDefinition(propagation));
			}, IllegalStateException.class);
			await().untilAsserted(() -> assertThat(
					jdbc.queryForObject("select count(*) from pg_stat_activity where datname = current_database()"
							+ " and state like 'idle in transaction%'", Integer.class))
				.isZero());
		}

		@Test
		void ifItLeavesATransactionOpenAndThrows() throws Exception {
			assertFault((update) -> {
				insert(update);
				transactions
					.getTransaction(new DefaultTransactionDefinition(TransactionDefinition.PROPAGATION_REQUIRES_NEW));
				insert(update);
				throw new IllegalStateException("in a test");
			}, IllegalStateException.class);
		}

	}

	/**
	 * The database cannot be used, whatever an exception looks like.
	 */
	@Nested
	class TheDatabaseIsAway {

		private void assertWaits(Runnable away, Runnable back) throws Exception {
			handle(first);
			away.run();
			for (int i = 0; i < 5; i++) {
				assertThatExceptionOfType(DeliveryUnavailableException.class).isThrownBy(() -> handle(second));
				assertThatExceptionOfType(DeliveryUnavailableException.class).as("whatever a listener throws")
					.isThrownBy(() -> handle(second, (update) -> {
						throw new IllegalArgumentException("in a test");
					}));
			}
			back.run();
			handle(second);
			assertThat(effects()).containsExactly(1L, 2L);
			assertThat(durable).containsExactly("task 1", "task 2");
			assertThat(superseded).isFalse();
		}

		@Test
		void ifNoTransactionCanBeBegun() throws Exception {
			assertWaits(() -> transactions.beforeBegin = () -> new IllegalStateException("in a test"),
					() -> transactions.beforeBegin = null);
		}

		@Test
		void ifItsDiskIsFullForAListenerThoughACheckpointHasRoom() throws Exception {
			handle(first);
			for (int i = 0; i < 5; i++) {
				assertThatExceptionOfType(DeliveryUnavailableException.class)
					.isThrownBy(() -> handle(second, (update) -> {
						throw new IllegalStateException("wrapped", new DataAccessResourceFailureException("insert",
								new SQLException("could not extend file", "53100")));
					}));
			}
			handle(second);
			assertThat(effects()).containsExactly(1L, 2L);
		}

		@Test
		void ifItIsReadOnly() throws Exception {
			assertWaits(() -> transactions.readOnly = true, () -> transactions.readOnly = false);
		}

		@ParameterizedTest
		@ValueSource(
				classes = { IllegalStateException.class, OutOfMemoryError.class, TransactionSystemException.class })
		void ifItRefusesCommits(Class<? extends Throwable> type) throws Exception {
			assertWaits(() -> transactions.insteadOfCommit = failure(type), () -> transactions.insteadOfCommit = null);
		}

		@Test
		void ifItRefusesTheCheckpointAtTheCommit() throws Exception {
			assertWaits(() -> {
				jdbc.execute("create function refuse() returns trigger language plpgsql as "
						+ "'begin raise exception ''in a test''; end'");
				jdbc.execute("create constraint trigger refuse after insert or update on int_metadata_store"
						+ " deferrable initially deferred for each row execute function refuse()");
			}, () -> jdbc.execute("drop trigger refuse on int_metadata_store"));
		}

		@Test
		void ifItIsNotKnownWhetherItCommits() throws Exception {
			handle(first);
			transactions.afterCommit = () -> new TransactionSystemException("in a test");
			for (int i = 0; i < 200; i++) {
				assertThatExceptionOfType(DeliveryUnavailableException.class)
					.isThrownBy(() -> handle(second, (update) -> {
						throw new IllegalArgumentException("in a test");
					}));
				assertThat(position()).isEqualTo(1);
			}
			transactions.afterCommit = null;
			handle(second);
			assertThat(effects()).containsExactly(1L, 2L);
			assertThat(superseded).isFalse();
		}

		@Test
		void ifItRefusesConnectionsThatAreMadeLate(PostgresDatabase database) throws Exception {
			boolean[] away = { false };
			use(new LazyConnectionDataSourceProxy(new DelegatingDataSource(database.dataSource()) {

				@Override
				public Connection getConnection() throws SQLException {
					if (away[0]) {
						throw new SQLException("in a test");
					}
					return super.getConnection();
				}

			}));
			jdbc.execute("create table effect (position bigint)");
			assertWaits(() -> away[0] = true, () -> away[0] = false);
		}

		@ParameterizedTest
		@EnumSource(FaultyStore.Moment.class)
		void ifTheCheckpointCannotBeWritten(FaultyStore.Moment moment) throws Exception {
			assertWaits(() -> store.fail(moment, () -> new IllegalStateException("in a test")), store::work);
		}

		@Test
		void ifTheCheckpointCannotBeRead() throws Exception {
			assertWaits(() -> {
				transactions.afterCommit = () -> new IllegalStateException("in a test");
				store.unreadable = true;
			}, () -> {
				transactions.afterCommit = null;
				store.unreadable = false;
			});
		}

	}

	/**
	 * Asking the database changes nothing that matters.
	 */
	@Nested
	class TheProbe {

		private void probe() {
			assertThatIllegalArgumentException().isThrownBy(() -> handle(second, (update) -> {
				throw new IllegalArgumentException("in a test");
			}));
		}

		@Test
		void leavesPositionAndAcknowledgements() throws Exception {
			handle(first);
			checkpointer.advanced(2L, 1, "task 2");
			for (int i = 0; i < 200; i++) {
				probe();
			}
			assertThat(position()).isEqualTo(1);
			assertThat(durable).containsExactly("task 1");
			tick();
			assertThat(position()).isEqualTo(2);
			assertThat(durable).containsExactly("task 1", "task 2");
		}

		@Test
		void isCommitted() throws Exception {
			handle(first);
			String before = store.load();
			probe();
			assertThat(store.load()).isNotNull().isNotEqualTo(before);
		}

		@Test
		void restoresACheckpointThatTheStoreHasLost() throws Exception {
			handle(first);
			jdbc.update("delete from int_metadata_store");
			assertThatExceptionOfType(DeliveryUnavailableException.class).as("once, to find out")
				.isThrownBy(() -> handle(second, (update) -> {
					throw new IllegalArgumentException("in a test");
				}));
			probe();
			assertThat(position()).isEqualTo(1);
		}

		@Test
		void leavesTheCheckpointOfAnotherInstance() {
			Checkpointer other = checkpointer();
			String[] claimed = { null };
			assertThatExceptionOfType(DeliveryUnavailableException.class).isThrownBy(() -> handle(first, (update) -> {
				CompletableFuture.runAsync(() -> other.open(BASE_URL, () -> Instant.EPOCH)).join();
				claimed[0] = store.load();
				throw new IllegalArgumentException("in a test");
			}));
			assertThat(store.load()).isNotNull().isEqualTo(claimed[0]);
		}

	}

	/**
	 * How a commit has ended is read from the checkpoint.
	 */
	@Nested
	class TheAnswerOfACommitIsLost {

		@Test
		void andItHasArrived() throws Exception {
			handle(first);
			transactions.afterCommit = () -> new TransactionSystemException("in a test");
			handle(second);
			transactions.afterCommit = null;
			assertThat(effects()).containsExactly(1L, 2L);
			assertThat(durable).containsExactly("task 1", "task 2");
		}

		@Test
		void andItHasArrivedWithWhatWasSkippedBefore() throws Exception {
			checkpointer.advanced(1L, 1, null);
			transactions.afterCommit = () -> new OutOfMemoryError("in a test");
			store.unreadable = true;
			assertThatExceptionOfType(DeliveryUnavailableException.class).isThrownBy(() -> handle(second));
			checkpointer.advanced(1L, 1, null);
			tick();
			transactions.afterCommit = null;
			store.unreadable = false;
			handle(second, (update) -> {
				throw new IllegalStateException("is not called again");
			});
			assertThat(effects()).containsExactly(2L);
			assertThat(checkpointer.status().unsaved()).isOne();
			handle(end(3));
			assertThat(position()).isEqualTo(3);
		}

		@Test
		void andAThreadThatSavesFindsOut() throws Exception {
			transactions.afterCommit = () -> new TransactionSystemException("in a test");
			store.unreadable = true;
			assertThatExceptionOfType(DeliveryUnavailableException.class).isThrownBy(() -> handle(first));
			transactions.afterCommit = null;
			store.unreadable = false;
			checkpointer.acknowledged("another");
			time.advanceTimeBy(Duration.ofMinutes(1));
			assertThat(durable).containsExactly("task 1");
			handle(first);
			assertThat(effects()).containsExactly(1L);
		}

		@Test
		void andASynchronizationHasThrownIt() throws Exception {
			handle(first, (update) -> {
				insert(update);
				TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {

					@Override
					public void afterCommit() {
						throw new IllegalStateException("in a test");
					}

				});
			});
			assertThat(effects()).containsExactly(1L);
			assertThat(durable).containsExactly("task 1");
		}

		@Test
		void andItArrivesWhileItIsLookedFor() throws Exception {
			handle(first);
			transactions.commitsLate = true;
			CompletableFuture<Void> commit = CompletableFuture.runAsync(this::commitWhenSomethingWaits);
			handle(second);
			commit.join();
			assertThat(effects()).containsExactly(1L, 2L);
			assertThat(durable).containsExactly("task 1", "task 2");
			assertThat(superseded).isFalse();
		}

		private void commitWhenSomethingWaits() {
			await().until(() -> transactions.late != null);
			await()
				.until(() -> jdbc.queryForObject("select count(*) from pg_locks where not granted", Integer.class) > 0);
			try (Connection late = Objects.requireNonNull(transactions.late)) {
				late.commit();
			}
			catch (SQLException ex) {
				throw new IllegalStateException(ex);
			}
		}

	}

	@Test
	void logsLittleIfEachUpdateFailsAfterItsCommit(CapturedOutput output) throws Exception {
		TransactionalHandler handler = handler((update) -> {
			insert(update);
			TransactionSynchronizationManager.bindResource(new Object(), "left open");
			TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {

				@Override
				public void afterCommit() {
					throw new IllegalStateException("in a test");
				}

			});
		});
		for (int i = 1; i <= 50; i++) {
			handler.handle(end(i));
		}
		assertThat(effects()).hasSize(50);
		assertThat(output.getAll().lines().filter((line) -> line.contains("was committed although"))).hasSize(3);
		assertThat(output.getAll().lines().filter((line) -> line.contains("transactional resources open"))).hasSize(3);
	}

	@Test
	void writesNothingAfterAnotherInstanceHasTakenOver() throws Exception {
		handle(this.first);
		Checkpointer other = checkpointer();
		assertThatExceptionOfType(DeliveryUnavailableException.class).isThrownBy(() -> handle(this.second, (update) -> {
			insert(update);
			CompletableFuture.runAsync(() -> other.open(BASE_URL, () -> Instant.EPOCH)).join();
		}));
		assertThat(this.superseded).isTrue();
		assertThatExceptionOfType(DeliveryUnavailableException.class).isThrownBy(() -> handle(this.second));
		assertThat(effects()).containsExactly(1L);
		assertThat(this.checkpointer.open(BASE_URL, () -> Instant.EPOCH).known()).isFalse();
		handle(this.second);
		assertThat(effects()).containsExactly(1L, 2L);
	}

	@Test
	void writesNothingAfterTheWatcherWasStartedAgain() {
		assertThatExceptionOfType(DeliveryUnavailableException.class).isThrownBy(() -> handle(this.first, (update) -> {
			insert(update);
			CompletableFuture.runAsync(() -> this.checkpointer.open(BASE_URL, () -> Instant.EPOCH))
				.get(30, TimeUnit.SECONDS);
		}));
		assertThat(effects()).isEmpty();
		assertThatCode(() -> handle(this.first)).doesNotThrowAnyException();
		assertThat(effects()).containsExactly(1L);
	}

	@Test
	void showsOthersThatALongTransactionIsAlive() throws Exception {
		Checkpointer other = checkpointer();
		handle(this.first, (update) -> {
			insert(update);
			for (int i = 0; i < 20; i++) {
				assertThat(other.isAbandoned()).isFalse();
				this.time.advanceTimeBy(Duration.ofSeconds(20));
			}
		});
		assertThat(effects()).containsExactly(1L);
		assertThat(position()).isEqualTo(1);
	}

	@Test
	void removesATransactionThatWasLeftOpenBefore() throws Exception {
		this.transactions.getTransaction(new DefaultTransactionDefinition());
		insert(this.second);
		handle(this.first);
		assertThat(effects()).containsExactly(1L);
	}

	@Test
	void doesNotWaitForAStoreThatHangs() throws Exception {
		CountDownLatch released = new CountDownLatch(1);
		this.store.fail(FaultyStore.Moment.BEFORE, () -> {
			assertThatCode(released::await).doesNotThrowAnyException();
			return new IllegalStateException("in a test");
		});
		CompletableFuture<Void> handling = CompletableFuture
			.runAsync(() -> assertThatExceptionOfType(DeliveryUnavailableException.class)
				.isThrownBy(() -> handle(this.first)));
		await().until(() -> this.store.calls > 1);
		this.time.advanceTimeBy(Duration.ofMillis(1));
		assertThat(this.checkpointer.status().lastError()).isNull();
		released.countDown();
		handling.join();
	}

	/**
	 * A store that fails on demand, before or after it has written.
	 */
	private static final class FaultyStore implements CheckpointStore {

		private final CheckpointStore delegate;

		private volatile int calls;

		private @Nullable Moment moment;

		private boolean once;

		private Supplier<? extends Throwable> failure = IllegalStateException::new;

		private volatile boolean unreadable;

		FaultyStore(CheckpointStore delegate) {
			this.delegate = delegate;
		}

		void fail(Moment moment, Supplier<? extends Throwable> failure) {
			this.moment = moment;
			this.failure = failure;
		}

		void failOnce(Moment moment, Supplier<? extends Throwable> failure) {
			fail(moment, failure);
			this.once = true;
		}

		void work() {
			this.moment = null;
		}

		@Override
		public @Nullable String load() {
			if (this.unreadable) {
				throw new IllegalStateException("in a test");
			}
			return this.delegate.load();
		}

		@Override
		@SuppressWarnings("NonAtomicVolatileUpdate")
		public boolean compareAndSet(@Nullable String expected, String checkpoint) {
			this.calls++;
			failAt(Moment.BEFORE);
			boolean written = this.delegate.compareAndSet(expected, checkpoint);
			failAt(Moment.AFTER);
			return written;
		}

		private void failAt(Moment current) {
			if (this.moment == current) {
				if (this.once) {
					work();
				}
				FaultyTransactions.sneakyThrow(this.failure.get());
			}
		}

		enum Moment {

			BEFORE, AFTER

		}

	}

	/**
	 * Transactions that fail on demand.
	 */
	private static final class FaultyTransactions extends JdbcTransactionManager {

		private @Nullable Supplier<? extends Throwable> beforeBegin;

		// Once
		private @Nullable Supplier<? extends Throwable> beforeCommit;

		private @Nullable Supplier<? extends Throwable> insteadOfCommit;

		private @Nullable Supplier<? extends Throwable> afterCommit;

		private boolean readOnly;

		private boolean commitsLate;

		private volatile @Nullable Connection late;

		FaultyTransactions(DataSource dataSource) {
			super(dataSource);
		}

		@SuppressWarnings("unchecked")
		static <T extends Throwable> void sneakyThrow(Throwable failure) throws T {
			throw (T) failure;
		}

		@Override
		protected void doBegin(Object transaction, TransactionDefinition definition) {
			if (this.beforeBegin != null) {
				FaultyTransactions.<RuntimeException>sneakyThrow(this.beforeBegin.get());
			}
			super.doBegin(transaction, definition);
			if (this.readOnly) {
				new JdbcTemplate(Objects.requireNonNull(getDataSource())).execute("set transaction read only");
			}
		}

		@Override
		protected void doCommit(DefaultTransactionStatus status) {
			Supplier<? extends Throwable> failure = this.beforeCommit;
			if (failure != null) {
				this.beforeCommit = null;
				super.doRollback(status);
				FaultyTransactions.<RuntimeException>sneakyThrow(failure.get());
			}
			if (this.insteadOfCommit != null) {
				super.doRollback(status);
				FaultyTransactions.<RuntimeException>sneakyThrow(this.insteadOfCommit.get());
			}
			if (this.commitsLate) {
				this.commitsLate = false;
				commitLate(status);
				throw new TransactionSystemException("in a test");
			}
			super.doCommit(status);
			if (this.afterCommit != null) {
				FaultyTransactions.<RuntimeException>sneakyThrow(this.afterCommit.get());
			}
		}

		/**
		 * The server commits the transaction later, when nothing is left of it here.
		 */
		private void commitLate(DefaultTransactionStatus status) {
			DataSource source = Objects.requireNonNull(getDataSource());
			ConnectionHolder holder = (ConnectionHolder) TransactionSynchronizationManager.unbindResource(source);
			try {
				ConnectionHolder other = new ConnectionHolder(source.getConnection());
				TransactionSynchronizationManager.bindResource(source, other);
				Object transaction = status.getTransaction();
				var setter = transaction.getClass()
					.getSuperclass()
					.getMethod("setConnectionHolder", ConnectionHolder.class);
				setter.setAccessible(true);
				setter.invoke(transaction, other);
			}
			catch (ReflectiveOperationException | SQLException ex) {
				throw new IllegalStateException(ex);
			}
			this.late = holder.getConnection();
		}

	}

}
