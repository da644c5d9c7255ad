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

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;

import cloud.requence.emulator.RequenceEmulator;
import cloud.requence.emulator.TaskScript;
import cloud.requence.task.AccessToken;
import cloud.requence.task.AckMode;
import cloud.requence.task.CheckpointStore;
import cloud.requence.task.Leadership;
import cloud.requence.task.PostgresDatabase;
import cloud.requence.task.PostgresExtension;
import cloud.requence.task.SwitchableLeadership;
import cloud.requence.task.TaskEnd;
import cloud.requence.task.TaskUpdate;
import cloud.requence.task.TaskUpdateErrorHandler.Decision;
import cloud.requence.task.TaskUpdateErrorHandler.OnFailure;
import cloud.requence.task.TaskUpdateHandler;
import cloud.requence.task.TaskWatcherStatus.State;
import cloud.requence.task.autoconfigure.health.WatcherHealth;
import cloud.requence.task.listener.EventPublishingHandler;
import cloud.requence.task.listener.TaskUpdateListenerFactory;
import cloud.requence.task.store.FileCheckpointStore;
import cloud.requence.task.store.MetadataStoreCheckpointStore;
import com.zaxxer.hikari.HikariDataSource;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.reactivestreams.Subscription;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.Status;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.event.EventListener;
import org.springframework.core.retry.RetryPolicy;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.http.client.reactive.ClientHttpConnector;
import org.springframework.integration.jdbc.metadata.JdbcMetadataStore;
import org.springframework.integration.metadata.SimpleMetadataStore;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.util.unit.DataSize;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

/**
 * Tests for the health of a watcher in each situation in which nothing is delivered, or
 * nothing is watched: down while it stands, and up again as soon as it has passed.
 */
class WatcherHealthTests {

	private static final Duration STUCK_AFTER = Duration.ofMillis(300);

	private static final Duration PATIENCE = Duration.ofSeconds(30);

	private static final String NOTHING_DELIVERED = "updates wait and none is delivered";

	private static final String SAME_UPDATE = "listeners have been handling the same update";

	private static final String CANNOT_WATCH = "it should watch and cannot";

	private static final String NOT_SAVED = "the checkpoint cannot be saved";

	private static final String STOPPED = "it has stopped although it should run";

	private final WatchedEmulator watched = new WatchedEmulator();

	private final CountDownLatch released = new CountDownLatch(1);

	private final AtomicLong jump = new AtomicLong();

	@TempDir
	private Path directory;

	@AfterEach
	void close() {
		Schedulers.resetFactory();
		this.released.countDown();
		this.watched.close();
	}

	private Consumer<DefaultTaskWatcherBuilder> checkpointed() {
		return checkpointed(new FileCheckpointStore(file()));
	}

	private Consumer<DefaultTaskWatcherBuilder> checkpointed(CheckpointStore store) {
		return (builder) -> builder.checkpointStore(store)
			.checkpoint(Duration.ofMillis(20), 10)
			.shutdownTimeout(Duration.ofMillis(200))
			.ticker(() -> System.nanoTime() + this.jump.get());
	}

	private Consumer<DefaultTaskWatcherBuilder> elected(Leadership leadership) {
		return checkpointed().andThen((builder) -> builder.leadership(leadership).checkPeriod(Duration.ofMillis(100)));
	}

	private Path file() {
		return this.directory.resolve("checkpoint");
	}

	private void play(int tasks) {
		for (int i = 0; i < tasks; i++) {
			this.watched.emulator().task("invoice").requireAck().start().end("done");
		}
	}

	/**
	 * Wait as a read from a socket does, which no interrupt ends.
	 */
	private void hang() {
		while (this.released.getCount() > 0) {
			try {
				this.released.await();
			}
			catch (InterruptedException ex) {
				// Waits on
			}
		}
	}

	private Health health() {
		return new WatcherHealth(this.watched.watcher(), STUCK_AFTER).health();
	}

	private void awaitDown(String problem) {
		await().atMost(PATIENCE).untilAsserted(() -> {
			Health health = health();
			assertThat(health.getStatus()).isEqualTo(Status.DOWN);
			assertThat(health.getDetails().get("problem")).asString().startsWith(problem);
		});
	}

	private void awaitUp() {
		await().atMost(PATIENCE).untilAsserted(() -> assertThat(health().getStatus()).isEqualTo(Status.UP));
	}

	private void awaitUpAndAllDelivered() {
		await().atMost(PATIENCE)
			.until(() -> Objects.equals(this.watched.status().deliveredPosition(),
					this.watched.emulator().lastPosition()));
		awaitUp();
	}

	@Nested
	class Listeners {

		@ParameterizedTest
		@ValueSource(ints = { 1, 4 })
		void thatHang(int concurrency) {
			watched.watch((update) -> hang(), (builder) -> builder.concurrency(concurrency));
			play(3);
			awaitDown(SAME_UPDATE);
			released.countDown();
			awaitUpAndAllDelivered();
		}

		@ParameterizedTest
		@ValueSource(ints = { 1, 4 })
		void thatFailForAsLongAsItTakes(int concurrency) {
			watched.watch((update) -> {
				if (released.getCount() > 0) {
					throw new IllegalStateException("not yet");
				}
			}, (builder) -> builder.concurrency(concurrency)
				.retry(RetryPolicy.builder()
					.maxRetries(2)
					.delay(Duration.ofMillis(20))
					.maxDelay(Duration.ofMillis(20))
					.build(), OnFailure.RETRY));
			play(3);
			awaitDown(NOTHING_DELIVERED);
			released.countDown();
			awaitUpAndAllDelivered();
		}

		@Test
		void thatAreToBeCalledAgainInTheEndOfTime() {
			watched.watch((update) -> {
				throw new IllegalStateException("no");
			}, (builder) -> builder
				.errorHandler((update, failure, failures) -> Decision.retryAfter(ChronoUnit.FOREVER.getDuration())));
			play(1);
			awaitDown(NOTHING_DELIVERED);
		}

		@Test
		void whoseErrorHandlerFailsToo() {
			watched.watch((update) -> {
				throw new IllegalStateException("no");
			}, (builder) -> builder.errorHandler((update, failure, failures) -> {
				if (released.getCount() > 0) {
					throw new OutOfMemoryError("Java heap space");
				}
				return Decision.skip();
			}));
			play(1);
			awaitDown(NOTHING_DELIVERED);
			released.countDown();
			awaitUpAndAllDelivered();
		}

		@Test
		void thatStopTheWatcher() {
			watched.watch((update) -> {
				throw new IllegalStateException("no");
			}, (builder) -> builder.errorHandler((update, failure, failures) -> Decision.stop()));
			play(1);
			awaitDown(STOPPED);
		}

		@Test
		void ofATaskThatUsesUpTheRoomOfAllOthers() {
			TaskScript busy = watched.emulator().task("busy").start();
			watched.watch((update) -> {
				if ("busy".equals(update.name())) {
					throw new IllegalStateException("later");
				}
			}, (builder) -> builder.concurrency(4)
				.maxInFlight(4, DataSize.ofMegabytes(1))
				.errorHandler((update, failure, failures) -> Decision.retryAfter(Duration.ofHours(1))));
			for (int i = 0; i < 200; i++) {
				busy.nodeStart("a");
			}
			play(1);
			await().until(() -> watched.status().backlog().full());
			awaitDown(NOTHING_DELIVERED);
		}

		@Test
		void ofAGenericSuperclassTakeTheirTypeOnly() {
			try (AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext(
					TaskUpdateListenerFactory.class, Ends.class)) {
				watched.watch(new EventPublishingHandler(context, () -> "test", false), (builder) -> builder
					.errorHandler((update, failure, failures) -> Decision.retryAfter(Duration.ofHours(1))));
				play(2);
				awaitUpAndAllDelivered();
			}
		}

		@Test
		void thatSubscribeAndWantNothing() {
			AtomicReference<@Nullable Subscription> subscription = new AtomicReference<>();
			watched.watch();
			watched.watcher().updates().subscribe(new BaseSubscriber<>() {

				@Override
				protected void hookOnSubscribe(Subscription made) {
					subscription.set(made);
				}

			});
			play(1);
			awaitDown(SAME_UPDATE);
			Objects.requireNonNull(subscription.get()).request(Long.MAX_VALUE);
			awaitUpAndAllDelivered();
		}

		abstract static class Base<T extends TaskUpdate> {

			@EventListener
			void on(T update) {
				assertThat(update.type().isTerminal()).isTrue();
			}

		}

		static class Ends extends Base<TaskEnd> {

		}

	}

	@Nested
	class Clients {

		@Test
		void thatRunOutOfMemory() {
			AtomicInteger errors = new AtomicInteger(1);
			ClientHttpConnector failing = OutOfMemoryConnector.create(errors);
			watched.watch((update) -> hang(),
					(builder) -> builder.connector(failing).maxInFlight(2, DataSize.ofMegabytes(1)));
			play(50);
			await().until(() -> watched.status().backlog().updates() >= 2);
			awaitDown(SAME_UPDATE);
			released.countDown();
			awaitUpAndAllDelivered();
			assertThat(errors).hasValue(0);
		}

		@Test
		void whoseAccessTokenLeadsToAnotherPlatform() {
			try (RequenceEmulator other = RequenceEmulator.builder().build().start()) {
				AtomicReference<String> token = new AtomicReference<>(watched.emulator().accessToken());
				watched.watch((builder) -> builder.accessToken(() -> AccessToken.parse(token.get()))
					.shutdownTimeout(Duration.ofMillis(200)));
				play(1);
				awaitUpAndAllDelivered();
				token.set(other.accessToken());
				watched.emulator().stop();
				awaitDown(STOPPED);
			}
		}

	}

	@Nested
	class Acknowledgements {

		@Test
		void thatTheApplicationOwes() {
			watched.watch(checkpointed().andThen((builder) -> builder.ackMode(AckMode.MANUAL)));
			play(1001);
			awaitDown(NOTHING_DELIVERED);
			assertThat(watched.status().acknowledgements().awaited()).isEqualTo(1000);
			watched.updates()
				.stream()
				.filter((update) -> update.type().isTerminal())
				.forEach((update) -> watched.watcher().acknowledge(update.taskId()));
			await().atMost(PATIENCE).until(() -> watched.updates().size() == 2002);
			awaitUp();
		}

		/**
		 * The work of one task takes long after its listener has returned.
		 */
		@Test
		void thatTheApplicationOwesAndThatHoldNothingUp() {
			AtomicReference<@Nullable String> first = new AtomicReference<>();
			watched.watch((update) -> {
				if (update.type().isTerminal() && !first.compareAndSet(null, update.taskId())) {
					watched.watcher().acknowledge(update.taskId());
				}
				watched.updates().add(update);
				// So that the next one waits already
				await().until(() -> released.getCount() == 0 || watched.status().backlog().updates() > 1);
			}, checkpointed().andThen((builder) -> builder.ackMode(AckMode.MANUAL)));
			await().during(STUCK_AFTER.multipliedBy(5)).atMost(PATIENCE).untilAsserted(() -> {
				play(1);
				assertThat(health().getStatus()).isNotEqualTo(Status.DOWN);
			});
			assertThat(watched.updates()).hasSizeGreaterThan(5);
			released.countDown();
		}

		@Test
		void thatThePlatformDoesNotTake() {
			watched.emulator().faults().failAcks(503, Integer.MAX_VALUE);
			watched.watch(checkpointed());
			play(100);
			awaitDown(NOTHING_DELIVERED);
			watched.emulator().faults().failAcks(503, 0);
			awaitUpAndAllDelivered();
		}

	}

	@Nested
	class Stores {

		private final UnreliableStore unreliable = new UnreliableStore();

		private final CheckpointStore store = new MetadataStoreCheckpointStore(this.unreliable, "test");

		@Test
		void thatSayYesAndWriteNothing() {
			watched.watch(checkpointed(this.store));
			play(1);
			awaitUpAndAllDelivered();
			this.unreliable.lies = true;
			play(1);
			awaitDown(NOT_SAVED);
			this.unreliable.lies = false;
			awaitUpAndAllDelivered();
		}

		@Test
		void thatDoNotRespond() {
			watched.watch(checkpointed(this.store));
			play(1);
			awaitUpAndAllDelivered();
			this.unreliable.hangs = true;
			play(1);
			await().until(() -> this.unreliable.waiting.get() > 0);
			WatcherHealthTests.this.jump.addAndGet(Duration.ofSeconds(10).toNanos());
			awaitDown(NOT_SAVED);
			released.countDown();
			awaitUpAndAllDelivered();
		}

		@Test
		void thatLoseTheirLastWrite() {
			watched.watch(checkpointed(this.store));
			String before = Objects.requireNonNull(this.store.load());
			play(1);
			awaitUpAndAllDelivered();
			await().until(() -> Objects.requireNonNull(this.store.load()).contains("\"position\":2"));
			this.unreliable.put("test", before);
			play(1);
			awaitUpAndAllDelivered();
			await().until(() -> Objects.requireNonNull(this.store.load()).contains("\"position\":4"));
		}

		@Test
		void thatAreClaimedByOthersAtTheSameTime() {
			this.unreliable.busy.set(2);
			watched.watch(checkpointed(this.store));
			play(1);
			awaitUpAndAllDelivered();
			assertThat(this.unreliable.busy).hasValue(0);
		}

		@Test
		void thatAreToBeWrittenAsRarelyAsPossible() {
			watched.watch(checkpointed(this.store)
				.andThen((builder) -> builder.checkpoint(Duration.ofMillis(20), Integer.MAX_VALUE)));
			play(2);
			awaitUpAndAllDelivered();
		}

		/**
		 * Does not do what it says.
		 */
		private final class UnreliableStore extends SimpleMetadataStore {

			private final AtomicInteger busy = new AtomicInteger();

			private final AtomicInteger waiting = new AtomicInteger();

			private volatile boolean lies;

			private volatile boolean hangs;

			@Override
			public @Nullable String putIfAbsent(String key, String value) {
				if (this.busy.getAndUpdate((left) -> Math.max(0, left - 1)) > 0) {
					throw new IllegalStateException("could not serialize access due to concurrent update");
				}
				return super.putIfAbsent(key, value);
			}

			@Override
			public boolean replace(String key, String oldValue, String newValue) {
				if (this.hangs) {
					this.waiting.incrementAndGet();
					hang();
				}
				return this.lies || super.replace(key, oldValue, newValue);
			}

		}

	}

	@Nested
	@ExtendWith(PostgresExtension.class)
	class Transactions {

		private final HikariDataSource dataSource = new HikariDataSource();

		private final Manager transactions = new Manager(this.dataSource);

		private final JdbcTemplate jdbc = new JdbcTemplate(this.dataSource);

		private final AtomicInteger errors = new AtomicInteger();

		private final AtomicBoolean armed = new AtomicBoolean(true);

		@BeforeEach
		void prepare(PostgresDatabase database) {
			this.dataSource.setJdbcUrl(database.url());
			this.dataSource.setMaximumPoolSize(2);
			this.dataSource.setConnectionTimeout(300);
			this.jdbc.execute("create table effect (position bigint primary key)");
		}

		@AfterEach
		void closeDataSource() {
			released.countDown();
			watched.close();
			this.dataSource.close();
		}

		private void watch(TaskUpdateHandler handler, OnFailure onFailure) {
			JdbcMetadataStore metadata = new JdbcMetadataStore(this.jdbc) {

				@Override
				public boolean replace(String key, String oldValue, String newValue) {
					boolean replaced = super.replace(key, oldValue, newValue);
					if (Transactions.this.errors.getAndUpdate((left) -> Math.max(0, left - 1)) > 0) {
						throw new OutOfMemoryError("Java heap space");
					}
					return replaced;
				}

			};
			metadata.afterPropertiesSet();
			watched.watch(handler,
					checkpointed(new MetadataStoreCheckpointStore(metadata, "test")).andThen((builder) -> builder
						.transactionManager(this.transactions)
						.retry(RetryPolicy.builder().maxRetries(2).delay(Duration.ofMillis(1)).build(), onFailure)));
		}

		private void insert(TaskUpdate update) {
			this.jdbc.update("insert into effect values (?)", update.position());
		}

		private int effects() {
			return Objects.requireNonNull(this.jdbc.queryForObject("select count(*) from effect", Integer.class));
		}

		@Test
		void inADatabaseThatIsReadOnly() {
			watch(this::insert, OnFailure.SKIP);
			play(1);
			awaitUpAndAllDelivered();
			this.transactions.readOnly = true;
			play(2);
			awaitDown(NOTHING_DELIVERED);
			this.transactions.readOnly = false;
			awaitUpAndAllDelivered();
			assertThat(effects()).isEqualTo(6);
		}

		@Test
		void withoutAConnection() throws SQLException {
			this.dataSource.setMaximumPoolSize(1);
			watch(this::insert, OnFailure.SKIP);
			play(1);
			awaitUpAndAllDelivered();
			try (Connection other = this.dataSource.getConnection()) {
				assertThat(other.isClosed()).isFalse();
				play(1);
				awaitDown(NOTHING_DELIVERED);
			}
			awaitUpAndAllDelivered();
			assertThat(effects()).isEqualTo(4);
		}

		@Test
		void whoseUpdateIsAtFault() {
			watch(this::insertTwice, OnFailure.SKIP);
			play(1);
			awaitUpAndAllDelivered();
			assertThat(watched.status().updates().failed()).isEqualTo(2);
		}

		@Test
		void whoseUpdateIsAtFaultForEver() {
			watch(this::insertTwice, OnFailure.RETRY);
			play(1);
			awaitDown(NOTHING_DELIVERED);
		}

		private void insertTwice(TaskUpdate update) {
			insert(update);
			try {
				insert(update);
			}
			catch (DuplicateKeyException ex) {
				// PostgreSQL has aborted the transaction
			}
		}

		@Test
		void whoseCheckpointRunsOutOfMemory() {
			watch((update) -> {
				insert(update);
				if (update.position() == 2 && this.armed.compareAndSet(true, false)) {
					this.errors.set(1);
				}
			}, OnFailure.RETRY);
			play(1);
			awaitUpAndAllDelivered();
			assertThat(effects()).isEqualTo(2);
		}

		@Test
		void ofAListenerThatHasSurvivedAStop() {
			AtomicInteger calls = new AtomicInteger();
			watch((update) -> {
				calls.incrementAndGet();
				hang();
				insert(update);
			}, OnFailure.SKIP);
			play(1);
			await().until(() -> calls.get() == 1);
			watched.watcher().stop();
			watched.watcher().start();
			awaitDown(SAME_UPDATE);
			released.countDown();
			awaitUpAndAllDelivered();
			assertThat(effects()).isEqualTo(2);
		}

		/**
		 * Begins transactions that cannot write, as a database does after a failover.
		 */
		private static final class Manager extends JdbcTransactionManager {

			private volatile boolean readOnly;

			Manager(HikariDataSource dataSource) {
				super(dataSource);
			}

			@Override
			protected void prepareTransactionalConnection(Connection connection, TransactionDefinition definition)
					throws SQLException {
				if (this.readOnly) {
					try (Statement statement = connection.createStatement()) {
						statement.execute("set transaction read only");
					}
				}
			}

		}

	}

	@Nested
	class Starts {

		@ParameterizedTest
		@ValueSource(ints = { 1, 2 })
		void thatFail(int scheduler) {
			AtomicInteger created = new AtomicInteger();
			Schedulers.setFactory(new Schedulers.Factory() {

				@Override
				public Scheduler newSingle(ThreadFactory threads) {
					if (created.incrementAndGet() == scheduler) {
						throw new OutOfMemoryError("unable to create native thread");
					}
					return Schedulers.Factory.super.newSingle(threads);
				}

			});
			assertThat(catchThrowable(() -> watched.watch(checkpointed()))).isInstanceOf(OutOfMemoryError.class);
			awaitDown(STOPPED);
			watched.watcher().start();
			play(1);
			awaitUpAndAllDelivered();
		}

		@ParameterizedTest
		@ValueSource(booleans = { true, false })
		void thatWaitForTheStore(boolean elected) {
			FileCheckpointStore file = new FileCheckpointStore(file());
			CheckpointStore store = new CheckpointStore() {

				@Override
				public @Nullable String load() {
					hang();
					return file.load();
				}

				@Override
				public boolean compareAndSet(@Nullable String expected, String checkpoint) {
					return file.compareAndSet(expected, checkpoint);
				}

			};
			SwitchableLeadership leadership = new SwitchableLeadership();
			leadership.set(true);
			CompletableFuture<Void> started = CompletableFuture
				.runAsync(() -> watched.watch(checkpointed(store).andThen((builder) -> {
					if (elected) {
						builder.leadership(leadership);
					}
				})));
			await().until(() -> watched.isBuilt() && watched.watcher().isRunning());
			awaitDown(CANNOT_WATCH);
			released.countDown();
			started.join();
			play(1);
			awaitUpAndAllDelivered();
		}

	}

	@Nested
	class Leaders {

		private final SwitchableLeadership leadership = new SwitchableLeadership();

		@Test
		void thatNobodyHasReported() {
			watched.watch(elected(this.leadership));
			watched.awaitState(State.STANDBY);
			awaitUp();
			play(1);
			this.leadership.setSilently(true);
			awaitUpAndAllDelivered();
			this.leadership.setSilently(false);
			watched.awaitState(State.STANDBY);
			awaitUp();
		}

		@Test
		void thatCannotReadTheirCheckpoint() throws Exception {
			watched.watch(elected(this.leadership));
			Files.createDirectory(file());
			this.leadership.set(true);
			awaitDown(CANNOT_WATCH);
			Files.delete(file());
			play(1);
			WatcherHealthTests.this.jump.addAndGet(StartRetry.DELAY.toNanos());
			awaitUpAndAllDelivered();
		}

		@Test
		void thatHaveStopped() {
			this.leadership.set(true);
			watched.watch((update) -> {
				throw new IllegalStateException("no");
			}, elected(this.leadership)
				.andThen((builder) -> builder.errorHandler((update, failure, failures) -> Decision.stop())));
			play(1);
			awaitDown(STOPPED);
		}

		@Test
		void thatArePaused() {
			this.leadership.set(true);
			watched.watch(elected(this.leadership));
			watched.awaitState(State.STREAMING);
			watched.watcher().pause();
			play(1);
			this.leadership.set(false);
			watched.awaitState(State.STANDBY);
			awaitUp();
			this.leadership.set(true);
			watched.awaitState(State.PAUSED);
			awaitUp();
			watched.watcher().resume();
			awaitUpAndAllDelivered();
		}

		/**
		 * Another instance writes the checkpoint, and the election insists.
		 */
		@Test
		void thatCannotRelinquishTheLeadership() throws Exception {
			watched.watch(elected(new Stubborn()));
			play(1);
			awaitUpAndAllDelivered();
			await().until(() -> Files.readString(file()).contains("\"position\":2"));
			Files.writeString(file(),
					Files.readString(file()).replaceFirst("\"writer\":\"\\w+", "\"writer\":\"another"));
			play(1);
			watched.awaitState(State.STANDBY);
			awaitDown(CANNOT_WATCH);
		}

		@Test
		void thatCannotFindOutWhetherTheyLead() {
			Stubborn stubborn = new Stubborn();
			watched.watch(elected(stubborn));
			play(1);
			awaitUpAndAllDelivered();
			stubborn.fails = true;
			watched.awaitState(State.STANDBY);
			awaitDown("it is not known whether this instance is the leader");
			stubborn.fails = false;
			play(1);
			awaitUpAndAllDelivered();
		}

		/**
		 * The lock is lost in each listener, as it waits for the only connection.
		 */
		@Test
		void thatLoseTheLeadershipBeforeAnythingIsDelivered() {
			AtomicInteger calls = new AtomicInteger();
			AtomicInteger looks = new AtomicInteger();
			Semaphore looked = new Semaphore(0);
			watched.watch((update) -> {
				calls.incrementAndGet();
				looked.acquire();
				this.leadership.set(false);
				new CountDownLatch(1).await();
			}, elected(this.leadership));
			play(1);
			await().atMost(PATIENCE).untilAsserted(() -> {
				this.leadership.set(true);
				await().until(() -> calls.get() > looks.get());
				Status status = health().getStatus();
				looks.incrementAndGet();
				looked.release();
				assertThat(status).isEqualTo(Status.DOWN);
			});
		}

		/**
		 * An election that does not take a leadership back.
		 */
		private static final class Stubborn implements Leadership {

			private volatile boolean fails;

			@Override
			public boolean isLeader() {
				if (this.fails) {
					throw new IllegalStateException("the lock cannot be read");
				}
				return true;
			}

			@Override
			public void addListener(Runnable listener) {
				// Reports nothing
			}

			@Override
			public void removeListener(Runnable listener) {
				// Reports nothing
			}

			@Override
			public void relinquish() {
				// Stays the leader
			}

		}

	}

}
