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

import java.io.IOException;
import java.nio.file.Path;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.stream.LongStream;

import cloud.requence.emulator.Acknowledgement;
import cloud.requence.emulator.TaskScript;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.core.retry.RetryPolicy;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.integration.jdbc.metadata.JdbcMetadataStore;
import org.springframework.integration.metadata.ConcurrentMetadataStore;
import org.springframework.integration.metadata.SimpleMetadataStore;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.CannotCreateTransactionException;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.TransactionStatus;
import org.springframework.transaction.TransactionSystemException;
import org.springframework.transaction.support.DefaultTransactionStatus;

import cloud.requence.task.CheckpointException;
import cloud.requence.task.DeadLetter;
import cloud.requence.task.PostgresDatabase;
import cloud.requence.task.PostgresExtension;
import cloud.requence.task.TaskUpdate;
import cloud.requence.task.TaskUpdateErrorHandler.OnFailure;
import cloud.requence.task.TaskUpdateHandler;
import cloud.requence.task.TaskWatcher;
import cloud.requence.task.TaskWatcherStatus.State;
import cloud.requence.task.TaskWatcherStoppedEvent;
import cloud.requence.task.UpdateType;
import cloud.requence.task.store.FileCheckpointStore;
import cloud.requence.task.store.MetadataStoreCheckpointStore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.awaitility.Awaitility.await;

/**
 * Tests for a watcher that handles updates in transactions, against the emulator and
 * PostgreSQL.
 */
@ExtendWith(PostgresExtension.class)
class TransactionalWatcherTests {

	private final WatchedEmulator watched = new WatchedEmulator();

	private final AtomicLong jump = new AtomicLong();

	private JdbcTemplate jdbc;

	private JdbcMetadataStore metadata;

	private UnreliableTransactionManager transactions;

	@BeforeEach
	void prepare(PostgresDatabase database) {
		this.jdbc = new JdbcTemplate(database.dataSource());
		this.jdbc.execute("create table effect (position bigint, kind varchar(20))");
		this.metadata = new JdbcMetadataStore(database.dataSource());
		this.metadata.afterPropertiesSet();
		this.transactions = new UnreliableTransactionManager(database);
	}

	@AfterEach
	void close() {
		this.watched.close();
	}

	private Consumer<DefaultTaskWatcherBuilder> transactional() {
		return transactional(this.metadata);
	}

	private Consumer<DefaultTaskWatcherBuilder> transactional(ConcurrentMetadataStore store) {
		return (builder) -> builder.transactionManager(this.transactions)
			.checkpointStore(new MetadataStoreCheckpointStore(store, "test"))
			.checkpoint(Duration.ofMillis(50), 10)
			.ticker(() -> System.nanoTime() + this.jump.get())
			.retry(RetryPolicy.builder().maxRetries(2).delay(Duration.ofMillis(1)).build(), OnFailure.SKIP);
	}

	private void insert(TaskUpdate update) {
		this.jdbc.update("insert into effect values (?, ?)", update.position(), update.type().name());
	}

	private List<Long> effects() {
		return this.jdbc.queryForList("select position from effect order by position", Long.class);
	}

	private void play(int tasks) {
		for (int i = 0; i < tasks; i++) {
			this.watched.emulator().task("invoice").requireAck().start().end("done");
		}
	}

	private void awaitDelivered() {
		await().until(() -> Objects.equals(this.watched.status().deliveredPosition(),
				this.watched.emulator().lastPosition()));
	}

	private Long saved() {
		return Objects.requireNonNull(Objects.requireNonNull(this.watched.status().checkpoint()).position());
	}

	@Test
	void savesEffectAndCheckpointTogether() {
		this.watched.watch(this::insert, transactional());
		play(5);
		awaitDelivered();
		assertThat(effects()).containsExactly(1L, 2L, 3L, 4L, 5L, 6L, 7L, 8L, 9L, 10L);
		assertThat(saved()).isEqualTo(10);
		await().until(() -> this.watched.emulator().acknowledgements().size() == 5);
	}

	/**
	 * Updates that cannot be handled are stored in the transaction that saves the
	 * checkpoint.
	 */
	@Nested
	class WithDeadLetters {

		private final List<DeadLetter> letters = new CopyOnWriteArrayList<>();

		@BeforeEach
		void create() {
			jdbc.execute("create table dead (position bigint primary key)");
		}

		private void insert(TaskUpdate update) {
			TransactionalWatcherTests.this.insert(update);
			if (update.type() == UpdateType.TASK_END) {
				throw new IllegalStateException("never");
			}
		}

		private void store(DeadLetter letter) {
			jdbc.update("insert into dead values (?)", letter.update().position());
			this.letters.add(letter);
		}

		private List<Long> dead() {
			return jdbc.queryForList("select position from dead order by position", Long.class);
		}

		@Test
		void deadLetterAndCheckpointAreSavedTogether() {
			watched.watch(this::insert, transactional().andThen((builder) -> builder.deadLetterHandler((letter) -> {
				store(letter);
				// Rolled back with the checkpoint, so that its key can be inserted again
				transactions.failedCommits.set((this.letters.size() == 1) ? 1 : 0);
			})));
			play(3);
			awaitDelivered();
			assertThat(dead()).containsExactly(2L, 4L, 6L);
			assertThat(effects()).containsExactly(1L, 3L, 5L);
			assertThat(saved()).isEqualTo(6);
			assertThat(watched.status().updates().failed()).isEqualTo(3);
			assertThat(this.letters).hasSize(4);
			assertThat(watched.emulator().acknowledgements()).isEmpty();
		}

		@Test
		void aDeadLetterIsNoDeliveryIfTheOutcomeOfItsCommitIsUnknown() {
			AtomicInteger calls = new AtomicInteger();
			watched.watch((update) -> {
				calls.incrementAndGet();
				insert(update);
			}, transactional(unreliable()).andThen((builder) -> builder.deadLetterHandler((letter) -> {
				store(letter);
				transactions.unreadable.set(1);
				transactions.lostAnswers.set(1);
			})));
			play(1);
			awaitDelivered();
			assertThat(dead()).containsExactly(2L);
			assertThat(transactions.unreadable).hasValue(0);
			assertThat(this.letters).hasSize(1);
			assertThat(calls).hasValue(4);
			assertThat(watched.status().updates().failed()).isEqualTo(1);
			assertThat(watched.status().updates().delivered()).isEqualTo(1);
			assertThat(watched.emulator().acknowledgements()).isEmpty();
		}

		/**
		 * A store that cannot be read after a commit whose answer is lost.
		 */
		private ConcurrentMetadataStore unreliable() {
			return (ConcurrentMetadataStore) Proxy.newProxyInstance(getClass().getClassLoader(),
					new Class<?>[] { ConcurrentMetadataStore.class }, (proxy, method, arguments) -> {
						if (method.getName().equals("get") && transactions.answerLost
								&& transactions.unreadable.getAndUpdate((left) -> Math.max(0, left - 1)) > 0) {
							throw new TransactionSystemException("the connection was lost");
						}
						return method.invoke(metadata, arguments);
					});
		}

		@Test
		void nothingIsSkippedWhileDeadLettersCannotBeStored() {
			AtomicInteger attempts = new AtomicInteger();
			watched.watch(this::insert, transactional().andThen((builder) -> builder.deadLetterHandler((letter) -> {
				store(letter);
				if (attempts.incrementAndGet() == 1) {
					throw new IllegalStateException("full");
				}
			})));
			play(1);
			awaitDelivered();
			assertThat(dead()).containsExactly(2L);
			assertThat(attempts).hasValue(2);
			assertThat(saved()).isEqualTo(2);
		}

	}

	/**
	 * Updates that share transactions, because they wait when the delivery begins.
	 */
	@Nested
	class InSharedTransactions {

		private final List<Long> handled = new CopyOnWriteArrayList<>();

		private Consumer<DefaultTaskWatcherBuilder> settings = (builder) -> {
		};

		private void watch(TaskUpdateHandler handler) throws InterruptedException {
			watch(handler, () -> play(19));
		}

		private void watch(TaskUpdateHandler handler, Runnable others) throws InterruptedException {
			CountDownLatch firstIsHandled = new CountDownLatch(1);
			CountDownLatch othersWait = new CountDownLatch(1);
			watched.watch((update) -> {
				this.handled.add(Objects.requireNonNull(update.position()));
				firstIsHandled.countDown();
				othersWait.await();
				handler.handle(update);
			}, transactional().andThen((builder) -> builder.transactionSize(10)).andThen(this.settings));
			TaskScript first = watched.emulator().task("invoice").requireAck().start();
			assertThat(firstIsHandled.await(30, TimeUnit.SECONDS)).isTrue();
			first.end("done");
			others.run();
			await().until(() -> watched.status().backlog().updates() == 40);
			othersWait.countDown();
		}

		private List<Long> all() {
			return LongStream.rangeClosed(1, 40).boxed().toList();
		}

		@Test
		void aTransactionAndACheckpointServeSeveralUpdates() throws InterruptedException {
			watch(TransactionalWatcherTests.this::insert);
			awaitDelivered();
			assertThat(effects()).isEqualTo(all());
			assertThat(this.handled).isEqualTo(all());
			assertThat(transactions.commits).hasValueLessThan(10);
			assertThat(saved()).isEqualTo(40);
			await().until(() -> watched.emulator().acknowledgements().size() == 20);
		}

		@Test
		void transactionsAreFullWhileEnoughUpdatesWait() throws InterruptedException {
			watch(TransactionalWatcherTests.this::insert, () -> {
				for (int i = 0; i < 19; i++) {
					watched.emulator().task("invoice").start().end("done");
				}
			});
			awaitDelivered();
			assertThat(this.handled).isEqualTo(all());
			// The first update, the end with its acknowledgement, and the others
			assertThat(transactions.commits).hasValueLessThanOrEqualTo(2 + 4);
		}

		@Test
		void transactionsThatAreLargerThanWhatMayBeUnsavedFollowOnEachOther() throws InterruptedException {
			this.settings = (builder) -> builder.checkpoint(Duration.ofMillis(50), 1);
			watch(TransactionalWatcherTests.this::insert, () -> {
				for (int i = 0; i < 19; i++) {
					watched.emulator().task("invoice").start().end("done");
				}
			});
			awaitDelivered();
			assertThat(this.handled).isEqualTo(all());
		}

		@Test
		void whatIsBehindTooManyEndsForOneTransactionSharesTheNext() throws InterruptedException {
			this.settings = (builder) -> builder.checkpoint(Duration.ofMillis(50), 100).transactionSize(40);
			watch(TransactionalWatcherTests.this::insert);
			awaitDelivered();
			assertThat(this.handled).isEqualTo(all());
			// Twenty ends, eight of them in a transaction
			assertThat(transactions.commits).hasValueLessThan(8);
		}

		@Test
		void oneThatFailsIsSkippedAndTheOthersAreDeliveredOneByOne() throws InterruptedException {
			watch((update) -> {
				insert(update);
				if (Objects.requireNonNull(update.position()) == 20) {
					throw new IllegalStateException("never");
				}
			});
			awaitDelivered();
			assertThat(effects()).isEqualTo(all().stream().filter((position) -> position != 20).toList());
			// Not with others any more, but as often as the retries demand
			assertThat(this.handled).filteredOn((position) -> position == 20).hasSizeBetween(3, 4);
			assertThat(this.handled).filteredOn((position) -> position == 21).hasSize(1);
			assertThat(watched.status().updates().failed()).isEqualTo(1);
			assertThat(watched.status().updates().delivered()).isEqualTo(39);
		}

		@Test
		void aDatabaseThatIsAwaySkipsNothing() throws InterruptedException {
			transactions.unavailable.set(1);
			watch(TransactionalWatcherTests.this::insert);
			await().atMost(Duration.ofSeconds(30)).until(() -> effects().size() == 40);
			assertThat(watched.status().updates().failed()).isZero();
		}

		@Test
		void effectsAreThereOnceIfTheAnswerOfACommitIsLost() throws InterruptedException {
			transactions.lostAnswers.set(1);
			watch(TransactionalWatcherTests.this::insert);
			await().atMost(Duration.ofSeconds(30)).until(() -> effects().size() == 40);
			awaitDelivered();
			assertThat(effects()).isEqualTo(all());
			assertThat(this.handled).isEqualTo(all());
			await().until(() -> watched.emulator().acknowledgements().size() == 20);
		}

		@Test
		void effectsAreThereOnceIfACommitFails() throws InterruptedException {
			transactions.failedCommits.set(2);
			watch(TransactionalWatcherTests.this::insert);
			await().atMost(Duration.ofSeconds(30)).until(() -> effects().size() == 40);
			awaitDelivered();
			assertThat(effects()).isEqualTo(all());
			assertThat(watched.status().updates().failed()).isZero();
		}

	}

	@Test
	void undoesWhatAFailedListenerHasDone() {
		AtomicInteger failures = new AtomicInteger(2);
		this.watched.watch((update) -> {
			insert(update);
			if (failures.getAndDecrement() > 0) {
				throw new IOException("after the effect");
			}
		}, transactional());
		play(1);
		awaitDelivered();
		assertThat(effects()).containsExactly(1L, 2L);
	}

	@Test
	void skipsAnUpdateThatCannotBeHandledWithoutItsEffect() {
		this.watched.watch((update) -> {
			insert(update);
			if (update.type() == UpdateType.TASK_START) {
				throw new IllegalStateException("never");
			}
		}, transactional());
		play(2);
		awaitDelivered();
		assertThat(effects()).containsExactly(2L, 4L);
		assertThat(this.watched.status().updates().failed()).isEqualTo(2);
	}

	@Test
	void takesATransactionThatAListenerGivesUpForAFailure() {
		this.watched.watch((update) -> {
			insert(update);
			if (update.type() == UpdateType.TASK_START) {
				Objects.requireNonNull(this.transactions.current).setRollbackOnly();
			}
		}, transactional());
		play(1);
		awaitDelivered();
		assertThat(effects()).containsExactly(2L);
		assertThat(this.watched.status().updates().failed()).isEqualTo(1);
	}

	@Test
	void takesWhatTheCommitRefusesForAFailure() {
		this.jdbc.execute("create table strict (position bigint unique deferrable initially deferred)");
		this.watched.watch((update) -> {
			this.jdbc.update("insert into strict values (1)");
			insert(update);
		}, transactional());
		play(1);
		awaitDelivered();
		assertThat(effects()).containsExactly(1L);
		assertThat(this.watched.status().updates().failed()).isEqualTo(1);
	}

	@Test
	void takesWhatTheApplicationRefusesAtTheCommitForAFailure() {
		this.watched.watch((update) -> {
			insert(update);
			if (update.position() == 1) {
				this.transactions.invalidCommits.set(1);
			}
		}, transactional());
		play(1);
		awaitDelivered();
		assertThat(effects()).containsExactly(2L);
		assertThat(this.watched.status().updates().failed()).isEqualTo(1);
	}

	@Test
	void waitsForADatabaseThatIsAway() {
		this.transactions.unavailable.set(2);
		this.watched.watch(this::insert, transactional());
		play(2);
		await().atMost(Duration.ofSeconds(30)).until(() -> effects().size() == 4);
		assertThat(this.watched.status().updates().failed()).isZero();
		assertThat(this.transactions.unavailable).hasValue(0);
	}

	@Test
	void hasTheEffectOnceIfTheAnswerOfACommitIsLost() {
		this.transactions.lostAnswers.set(1);
		this.watched.watch(this::insert, transactional());
		play(2);
		await().atMost(Duration.ofSeconds(30)).until(() -> effects().size() == 4);
		awaitDelivered();
		assertThat(effects()).containsExactly(1L, 2L, 3L, 4L);
		assertThat(this.transactions.lostAnswers).hasValue(0);
		await().until(() -> this.watched.emulator().acknowledgements().size() == 2);
	}

	@Test
	void hasTheEffectOnceIfACommitFails() {
		this.transactions.failedCommits.set(1);
		this.watched.watch(this::insert, transactional());
		play(2);
		await().atMost(Duration.ofSeconds(30)).until(() -> effects().size() == 4);
		awaitDelivered();
		assertThat(effects()).containsExactly(1L, 2L, 3L, 4L);
		assertThat(this.transactions.failedCommits).hasValue(0);
	}

	@Test
	void hasTheEffectOnceIfTheAnswerOfALaterCommitIsLost() {
		AtomicInteger calls = new AtomicInteger();
		this.watched.watch((update) -> {
			insert(update);
			if (update.position() == 2 && calls.incrementAndGet() == 1) {
				this.transactions.lostAnswers.set(1);
			}
		}, transactional());
		play(2);
		awaitDelivered();
		assertThat(effects()).containsExactly(1L, 2L, 3L, 4L);
		assertThat(calls).hasValue(1);
	}

	@Test
	void countsAFailureThatAListenerHasHidden() {
		this.jdbc.execute("create table once (id int primary key)");
		this.watched.watch((update) -> {
			try {
				this.jdbc.update("insert into once values (1)");
			}
			catch (DuplicateKeyException ex) {
				// PostgreSQL has aborted the transaction
			}
		}, transactional());
		play(2);
		awaitDelivered();
		assertThat(this.watched.status().updates().failed()).isEqualTo(3);
	}

	@Test
	void remembersWhatWasSkippedAfterAnOrderlyStop() {
		AtomicInteger calls = new AtomicInteger();
		TaskUpdateHandler handler = (update) -> {
			insert(update);
			if (update.position() == 4) {
				calls.incrementAndGet();
				this.transactions.invalidCommits.set(1);
			}
		};
		TaskWatcher watcher = this.watched.watch(handler, transactional());
		play(2);
		awaitDelivered();
		watcher.destroy();
		assertThat(calls).hasValue(3);
		this.watched.watch(handler, transactional());
		play(1);
		awaitDelivered();
		assertThat(calls).hasValue(3);
		assertThat(effects()).containsExactly(1L, 2L, 3L, 5L, 6L);
	}

	@Test
	void goesOnAfterARestartWithoutARepeat() {
		for (int i = 0; i < 5; i++) {
			TaskWatcher watcher = this.watched.watch(this::insert, transactional());
			play(2);
			watcher.destroy();
		}
		this.watched.watch(this::insert, transactional());
		awaitDelivered();
		assertThat(effects()).hasSize(20).doesNotHaveDuplicates();
		await().until(() -> this.watched.emulator()
			.acknowledgements()
			.stream()
			.map(Acknowledgement::taskId)
			.distinct()
			.count() == 10);
	}

	@Test
	void movesPastHiddenUpdatesToo() {
		this.watched.watch(this::insert, (builder) -> {
			transactional().accept(builder);
			builder.only(List.of(UpdateType.TASK_START));
		});
		play(3);
		awaitDelivered();
		assertThat(effects()).containsExactly(1L, 3L, 5L);
		await().until(() -> saved() == 6);
	}

	@Test
	void undoesWhatItDidAfterAnotherInstanceHasTakenOver() {
		TaskWatcher stale = this.watched.watch(this::insert, transactional());
		play(1);
		awaitDelivered();
		takeOver(new MetadataStoreCheckpointStore(this.metadata, "test"));
		play(1);
		this.watched.awaitState(State.STANDBY);
		assertThat(this.watched.awaitEvent(TaskWatcherStoppedEvent.class).reason())
			.isEqualTo(TaskWatcherStoppedEvent.Reason.NOT_LEADER);
		assertThat(effects()).containsExactly(1L, 2L);
		stale.stop();
		stale.start();
		awaitDelivered();
		assertThat(effects()).containsExactly(1L, 2L, 3L, 4L);
	}

	/**
	 * Write as another instance does, although the watcher may save at the same moment.
	 */
	private static void takeOver(MetadataStoreCheckpointStore store) {
		await().until(() -> {
			String found = Objects.requireNonNull(store.load());
			return store.compareAndSet(found, found.replace("\"writer\":\"", "\"writer\":\"x"));
		});
	}

	@Test
	void startsWithoutWaitingForAListenerOfTheLastRun() {
		CountDownLatch release = new CountDownLatch(1);
		CountDownLatch entered = new CountDownLatch(1);
		TaskWatcher watcher = this.watched.watch((update) -> {
			entered.countDown();
			while (release.getCount() > 0) {
				try {
					release.await();
				}
				catch (InterruptedException ex) {
					// As a read from a socket, which no interrupt ends
				}
			}
			insert(update);
		}, transactional().andThen((builder) -> builder.shutdownTimeout(Duration.ofMillis(100))));
		play(1);
		await().until(() -> entered.getCount() == 0);
		watcher.stop();
		CompletableFuture<Void> started = CompletableFuture.runAsync(watcher::start);
		await().until(started::isDone);
		assertThat(watcher.isRunning()).isTrue();
		this.watched.awaitState(State.STREAMING);
		assertThat(effects()).isEmpty();
		release.countDown();
		awaitDelivered();
		assertThat(effects()).containsExactly(1L, 2L);
	}

	@Test
	void waitsForADatabaseThatIsAwayAtALaterStart() {
		TaskWatcher watcher = this.watched.watch(this::insert, transactional());
		play(1);
		awaitDelivered();
		watcher.stop();
		this.transactions.unavailable.set(1);
		watcher.start();
		assertThat(watcher.isRunning()).isTrue();
		assertThat(this.watched.status().state()).isEqualTo(State.BACKING_OFF);
		assertThat(this.watched.status().stall()).isNotNull();
		this.jump.set(Duration.ofSeconds(6).toNanos());
		play(1);
		await().atMost(Duration.ofSeconds(30)).until(() -> effects().size() == 4);
		assertThat(this.watched.status().stall()).isNull();
	}

	@Test
	void namesTheSettingIfTheDatabaseIsAwayAtTheFirstStart() {
		this.transactions.probed = true;
		this.transactions.unavailable.set(1);
		assertThatExceptionOfType(CheckpointException.class)
			.isThrownBy(() -> this.watched.watch(this::insert, transactional()))
			.withMessageContaining("cannot be written in a transaction")
			.withMessageContaining("CannotCreateTransactionException")
			.withMessageContaining("requence.task.listener.transactional")
			.satisfies((ex) -> assertThat(ex.remedy()).contains("database"));
		assertThat(this.watched.watcher().isRunning()).isFalse();
		this.watched.watcher().start();
		play(1);
		awaitDelivered();
	}

	@Test
	void refusesAStoreThatTakesNoPart() {
		SimpleMetadataStore simple = new SimpleMetadataStore();
		assertThatExceptionOfType(CheckpointException.class)
			.isThrownBy(() -> this.watched.watch(this::insert, transactional(simple)))
			.withMessageContaining("does not take part in the transactions")
			.satisfies((ex) -> assertThat(ex.remedy()).contains("JdbcMetadataStore"));
		assertThat(simple.get("test")).isNull();
		assertThat(simple).extracting("metadata").asInstanceOf(InstanceOfAssertFactories.MAP).isEmpty();
	}

	@Test
	void refusesWhatCannotKeepThePromise() {
		TaskUpdateHandler handler = this::insert;
		assertThatIllegalStateException().isThrownBy(() -> this.watched.watch(handler, (builder) -> {
			transactional().accept(builder);
			builder.concurrency(2);
		})).withMessageContaining("one after the other");
		assertThatIllegalStateException().isThrownBy(() -> this.watched.watch(handler, (builder) -> {
			transactional().accept(builder);
			builder.checkpointStore(null);
		})).withMessageContaining("checkpoint store");
		assertThatIllegalStateException().isThrownBy(() -> this.watched.watch(handler, (builder) -> {
			transactional().accept(builder);
			builder.checkpointStore(new FileCheckpointStore(Path.of("never-written")));
		})).withMessageContaining("a file does not");
	}

	/**
	 * Fails as databases do.
	 */
	private static final class UnreliableTransactionManager extends JdbcTransactionManager {

		private final AtomicInteger unavailable = new AtomicInteger();

		private final AtomicInteger commits = new AtomicInteger();

		private final AtomicInteger lostAnswers = new AtomicInteger();

		private final AtomicInteger unreadable = new AtomicInteger();

		private volatile boolean answerLost;

		private final AtomicInteger failedCommits = new AtomicInteger();

		private final AtomicInteger invalidCommits = new AtomicInteger();

		private volatile @Nullable TransactionStatus current;

		private volatile boolean probed;

		UnreliableTransactionManager(PostgresDatabase database) {
			super(database.dataSource());
		}

		@Override
		protected void doBegin(Object transaction, TransactionDefinition definition) {
			if (this.probed && this.unavailable.get() > 0) {
				this.unavailable.decrementAndGet();
				throw new CannotCreateTransactionException("away");
			}
			super.doBegin(transaction, definition);
		}

		@Override
		protected void prepareSynchronization(DefaultTransactionStatus status, TransactionDefinition definition) {
			super.prepareSynchronization(status, definition);
			this.current = status;
		}

		@Override
		protected void doRollback(DefaultTransactionStatus status) {
			super.doRollback(status);
			this.probed = true;
		}

		@Override
		protected void doCommit(DefaultTransactionStatus status) {
			if (this.failedCommits.get() > 0) {
				this.failedCommits.decrementAndGet();
				super.doRollback(status);
				throw new TransactionSystemException("could not commit");
			}
			if (this.invalidCommits.get() > 0) {
				this.invalidCommits.decrementAndGet();
				super.doRollback(status);
				throw new TransactionSystemException("could not commit", new IllegalArgumentException("not valid"));
			}
			super.doCommit(status);
			this.commits.incrementAndGet();
			if (this.lostAnswers.get() > 0) {
				this.lostAnswers.decrementAndGet();
				this.answerLost = true;
				throw new TransactionSystemException("the connection was lost");
			}
		}

	}

}
