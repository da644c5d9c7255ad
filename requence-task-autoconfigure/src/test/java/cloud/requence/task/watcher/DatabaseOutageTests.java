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
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.LongStream;

import cloud.requence.emulator.testing.SmallDisk;
import com.zaxxer.hikari.HikariDataSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.core.retry.RetryPolicy;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.integration.jdbc.metadata.JdbcMetadataStore;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.support.JdbcTransactionManager;

import cloud.requence.emulator.Acknowledgement;
import cloud.requence.task.TaskUpdate;
import cloud.requence.task.TaskUpdateErrorHandler.OnFailure;
import cloud.requence.task.TaskUpdateFailedEvent;
import cloud.requence.task.TaskUpdateHandler;
import cloud.requence.task.UpdateType;
import cloud.requence.task.store.MetadataStoreCheckpointStore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Updates in transactions of a PostgreSQL server that is away for a while. With the
 * system property {@code requence.long-outages} set to {@code true} the outages are as
 * long as a failover takes.
 */
class DatabaseOutageTests {

	private static final boolean LONG = Boolean.getBoolean("requence.long-outages");

	private static final Duration REFUSING = Duration.ofMillis(LONG ? 12_000 : 500);

	private static final Duration ABSENT = Duration.ofSeconds(LONG ? 20 : 1);

	private static final Duration PATIENCE = Duration.ofMinutes(LONG ? 2 : 1);

	private static SmallDisk disk;

	private static PostgresServer server;

	private final WatchedEmulator watched = new WatchedEmulator();

	private final HikariDataSource dataSource = new HikariDataSource();

	private final JdbcTemplate jdbc = new JdbcTemplate(this.dataSource);

	private final JdbcTransactionManager transactions = new JdbcTransactionManager(this.dataSource);

	private final Map<String, Long> ends = new ConcurrentHashMap<>();

	@BeforeAll
	static void startServer(@TempDir Path directory) throws Exception {
		disk = SmallDisk.mountedAt(directory);
		server = new PostgresServer(directory.resolve("data"));
	}

	@AfterAll
	static void stopServer() throws Exception {
		server.close();
		disk.unmount();
	}

	@BeforeEach
	void prepare() {
		this.dataSource.setJdbcUrl(server.url());
		this.dataSource.setMaximumPoolSize(3);
		this.dataSource.setConnectionTimeout(1000);
		this.dataSource.setValidationTimeout(500);
		JdbcTemplate database = server.jdbc();
		database.execute("drop table if exists effect");
		database.execute("delete from int_metadata_store");
		database.execute("create table effect (id bigserial, position bigint, millis bigint, content text)");
	}

	@AfterEach
	void close() {
		this.watched.close();
		this.dataSource.close();
	}

	private void watch(TaskUpdateHandler handler) {
		JdbcMetadataStore metadata = new JdbcMetadataStore(this.jdbc);
		metadata.afterPropertiesSet();
		this.watched.watch(handler,
				(builder) -> builder.transactionManager(this.transactions)
					.checkpointStore(new MetadataStoreCheckpointStore(metadata, "test"))
					.checkpoint(Duration.ofMillis(50), 10)
					.retry(RetryPolicy.builder().maxRetries(2).delay(Duration.ofMillis(1)).build(), OnFailure.SKIP));
	}

	private void insert(TaskUpdate update) {
		insert(update, "");
	}

	private void insert(TaskUpdate update, String content) {
		this.jdbc.update(
				"insert into effect (position, millis, content) "
						+ "values (?, floor(extract(epoch from clock_timestamp()) * 1000), ?)",
				update.position(), content);
	}

	private void play(int tasks) {
		for (int i = 0; i < tasks; i++) {
			var task = this.watched.emulator().task("invoice").requireAck().start();
			task.end("done");
			this.ends.put(task.taskId(), this.watched.emulator().lastPosition());
		}
	}

	private void surviveOutage(Duration duration, Step begin, Step end) throws Exception {
		play(10);
		await().atMost(PATIENCE).until(() -> effects().size() >= 5);
		begin.run();
		try {
			long start = System.nanoTime();
			await().atMost(duration.plus(PATIENCE)).pollInterval(Duration.ofMillis(100)).until(() -> {
				play(1);
				return System.nanoTime() - start >= duration.toNanos();
			});
		}
		finally {
			end.run();
		}
		play(10);
		awaitEverything();
	}

	private void awaitEverything() {
		long last = this.watched.emulator().lastPosition();
		await().atMost(PATIENCE).until(() -> effects().size() >= last && acknowledgements().size() >= this.ends.size());
		assertThat(effects()).containsExactlyElementsOf(LongStream.rangeClosed(1, last).boxed().toList());
		assertThat(this.watched.status().updates().failed()).isZero();
		assertThat(this.watched.events(TaskUpdateFailedEvent.class)).isEmpty();
		assertAcknowledgedAfterEffect();
	}

	private void assertAcknowledgedAfterEffect() {
		Map<Long, Long> times = new ConcurrentHashMap<>();
		server.jdbc().query("select position, millis from effect", (row) -> {
			times.put(row.getLong(1), row.getLong(2));
		});
		assertThat(acknowledgements()).extracting(Acknowledgement::taskId)
			.containsExactlyInAnyOrderElementsOf(this.ends.keySet());
		assertThat(acknowledgements()).allSatisfy((acknowledgement) -> assertThat(acknowledgement.time().toEpochMilli())
			.isGreaterThanOrEqualTo(Objects.requireNonNull(times.get(this.ends.get(acknowledgement.taskId())))));
	}

	private List<Acknowledgement> acknowledgements() {
		return this.watched.emulator().acknowledgements();
	}

	private static List<Long> effects() {
		return server.jdbc().queryForList("select position from effect order by id", Long.class);
	}

	/**
	 * What begins or ends an outage.
	 */
	@FunctionalInterface
	private interface Step {

		void run() throws Exception;

	}

	@Nested
	class EverythingHappensOnce {

		@Test
		void ifTheDatabaseIsReadOnlyForAWhile() throws Exception {
			watch(DatabaseOutageTests.this::insert);
			surviveOutage(REFUSING, () -> readOnly(true), () -> readOnly(false));
		}

		/**
		 * For connections that are open, as in a failover.
		 */
		private void readOnly(boolean readOnly) {
			JdbcTemplate database = server.jdbc();
			database.execute("alter system set default_transaction_read_only = " + (readOnly ? "on" : "off"));
			database.execute("select pg_reload_conf()");
		}

		@Test
		void ifTheDatabaseRefusesCommitsAlone() throws Exception {
			JdbcTemplate database = server.jdbc();
			database.execute("create or replace function refuse_commit() returns trigger language plpgsql as "
					+ "'begin raise exception ''not now''; end'");
			watch(DatabaseOutageTests.this::insert);
			surviveOutage(REFUSING,
					() -> database.execute("create constraint trigger refuse_commit after insert or update"
							+ " on int_metadata_store deferrable initially deferred"
							+ " for each row execute function refuse_commit()"),
					() -> database.execute("drop trigger refuse_commit on int_metadata_store"));
		}

		@ParameterizedTest
		@ValueSource(strings = { "effect", "int_metadata_store", "effect,int_metadata_store" })
		void ifTheDiskIsFullForATable(String tables) throws Exception {
			JdbcTemplate database = server.jdbc();
			database.execute("create or replace function refuse() returns trigger language plpgsql as "
					+ "'begin raise exception ''could not extend file'' using errcode = ''53100''; end'");
			watch(DatabaseOutageTests.this::insert);
			surviveOutage(REFUSING, () -> {
				for (String table : tables.split(",")) {
					database.execute("create trigger full_disk before insert or update on " + table
							+ " for each row execute function refuse()");
				}
			}, () -> {
				for (String table : tables.split(",")) {
					database.execute("drop trigger full_disk on " + table);
				}
			});
		}

		@Test
		void ifTheDiskIsFullForAWhile() throws Exception {
			disk.assumeMounted();
			watch((update) -> insert(update, "x".repeat(1900)));
			surviveOutage(REFUSING, disk::fill, disk::free);
		}

		@Test
		void ifTheServerIsStoppedAndStarted() throws Exception {
			watch(DatabaseOutageTests.this::insert);
			surviveOutage(ABSENT, server::stop, server::startAgain);
		}

		@Test
		void ifTheServerCrashes() throws Exception {
			watch(DatabaseOutageTests.this::insert);
			surviveOutage(ABSENT, server::stopImmediately, server::startAgain);
		}

		@Test
		void ifTheServerIsFrozen() throws Exception {
			watch(DatabaseOutageTests.this::insert);
			surviveOutage(ABSENT, server::freeze, server::thaw);
		}

		@Test
		void ifTheServerIsFrozenAndTheDriverDoesNotWait() throws Exception {
			DatabaseOutageTests.this.dataSource.addDataSourceProperty("socketTimeout", "1");
			watch(DatabaseOutageTests.this::insert);
			surviveOutage(ABSENT, server::freeze, server::thaw);
		}

	}

	@Nested
	class AnUpdateIsSkippedForItsOwnFault {

		@Test
		void ifAListenerCatchesADuplicateKey() {
			server.jdbc().execute("create unique index effect_once on effect (position)");
			watch((update) -> {
				insert(update);
				if (isThirdStart(update)) {
					try {
						insert(update);
					}
					catch (DuplicateKeyException ex) {
						// Has aborted the transaction
					}
				}
			});
			assertOthersAreDelivered();
		}

		@Test
		void ifItsRowIsRefusedAtTheCommit() {
			server.jdbc()
				.execute(
						"alter table effect add constraint effect_once unique (position) deferrable initially deferred");
			watch((update) -> {
				insert(update);
				if (isThirdStart(update)) {
					insert(update);
				}
			});
			assertOthersAreDelivered();
		}

		@Test
		void ifAListenerOverrunsTheTimeoutOfTheTransaction() {
			DatabaseOutageTests.this.transactions.setDefaultTimeout(1);
			watch((update) -> {
				insert(update);
				if (isThirdStart(update)) {
					DatabaseOutageTests.this.jdbc.execute("select pg_sleep(2)");
				}
			});
			assertOthersAreDelivered();
		}

		@Test
		void ifAListenerOverrunsTheTimeoutOfAStatement() {
			DatabaseOutageTests.this.dataSource.setConnectionInitSql("set statement_timeout = 200");
			watch((update) -> {
				insert(update);
				if (isThirdStart(update)) {
					DatabaseOutageTests.this.jdbc.execute("select pg_sleep(2)");
				}
			});
			assertOthersAreDelivered();
		}

		private boolean isThirdStart(TaskUpdate update) {
			return Objects.equals(update.position(), 5L) && update.type() == UpdateType.TASK_START;
		}

		private void assertOthersAreDelivered() {
			play(10);
			await().atMost(PATIENCE).until(() -> acknowledgements().size() == 10);
			assertThat(effects()).containsExactlyElementsOf(
					LongStream.rangeClosed(1, 20).filter((position) -> position != 5).boxed().toList());
			assertThat(DatabaseOutageTests.this.watched.events(TaskUpdateFailedEvent.class))
				.extracting((event) -> event.update().position())
				.containsExactly(5L);
			assertAcknowledgedAfterEffect();
		}

	}

}
