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

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import javax.sql.DataSource;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.core.io.ClassPathResource;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.jdbc.datasource.embedded.EmbeddedDatabase;
import org.springframework.jdbc.datasource.embedded.EmbeddedDatabaseBuilder;
import org.springframework.jdbc.datasource.embedded.EmbeddedDatabaseType;
import org.springframework.jdbc.datasource.init.ResourceDatabasePopulator;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.TransactionSystemException;
import org.springframework.transaction.support.DefaultTransactionStatus;
import org.springframework.transaction.support.TransactionOperations;
import org.springframework.transaction.support.TransactionTemplate;

import cloud.requence.task.DeadLetter;
import cloud.requence.task.PostgresDatabase;
import cloud.requence.task.PostgresExtension;
import cloud.requence.task.TaskUpdate;
import cloud.requence.task.TaskUpdateHandler;
import cloud.requence.task.TaskUpdateJson;
import cloud.requence.task.test.TestTask;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * Tests for {@link JdbcDeadLetters} and {@link DeadLetterReplay}.
 */
class JdbcDeadLettersTests {

	private static final Instant FIRST = Instant.parse("2026-11-28T10:00:00.123456Z");

	@Nested
	class InH2 extends Contract {

		private final EmbeddedDatabase database = new EmbeddedDatabaseBuilder().setType(EmbeddedDatabaseType.H2)
			.generateUniqueName(true)
			.build();

		@BeforeEach
		void create() {
			create(this.database, "h2");
		}

		@AfterEach
		void shutDown() {
			this.database.shutdown();
		}

	}

	@Nested
	@ExtendWith(PostgresExtension.class)
	class InPostgreSql extends Contract {

		@BeforeEach
		void create(PostgresDatabase database) {
			create(database.dataSource(), "postgresql");
		}

	}

	/**
	 * The scripts for databases that are not at hand, with the types that H2 knows of
	 * them.
	 */
	@ParameterizedTest
	@CsvSource({ "MySQL, mysql", "MariaDB, mariadb", "Oracle, oracle", "MSSQLServer, sqlserver" })
	void areStoredInTheTablesOfOtherDatabases(String mode, String platform) {
		DriverManagerDataSource dataSource = new DriverManagerDataSource(
				"jdbc:h2:mem:" + platform + ";DB_CLOSE_DELAY=-1;MODE=" + mode);
		try {
			new ResourceDatabasePopulator(new ClassPathResource("schema-" + platform + ".sql", JdbcDeadLetters.class))
				.execute(dataSource);
			JdbcDeadLetters letters = new JdbcDeadLetters(dataSource, TaskUpdateJson.withContext());
			DeadLetter letter = new DeadLetter("test", TestTask.of("task-1").input("x".repeat(100_000)).start(),
					"com.example.Invoices.done", "\u20ac".repeat(2000), 3, FIRST);
			letters.handle(letter);
			assertThat(letters.find(JdbcDeadLetters.id(letter))).isEqualTo(letter);
		}
		finally {
			new JdbcTemplate(dataSource).execute("shutdown");
		}
	}

	abstract static class Contract {

		private DataSource dataSource;

		private JdbcDeadLetters letters;

		void create(DataSource dataSource, String platform) {
			this.dataSource = dataSource;
			ResourceDatabasePopulator script = new ResourceDatabasePopulator(
					new ClassPathResource("schema-" + platform + ".sql", JdbcDeadLetters.class));
			script.execute(dataSource);
			script.execute(dataSource);
			this.letters = new JdbcDeadLetters(dataSource, TaskUpdateJson.withContext());
		}

		private static DeadLetter letter(TaskUpdate update, String error, Instant failedAt) {
			return new DeadLetter("test", update, "com.example.Invoices.done", error, 3, failedAt);
		}

		private DeadLetterReplay replay(TaskUpdateHandler handler) {
			return new DeadLetterReplay(this.letters, "test",
					new TransactionTemplate(new JdbcTransactionManager(this.dataSource)), handler, (update) -> {
					});
		}

		@Test
		void returnsWhatItHasStored() {
			DeadLetter letter = letter(
					TestTask.of("task-1").name("\u00fc \u20ac").input(Map.of("text", "x".repeat(100_000))).end(null),
					"java.lang.IllegalStateException: " + "\u20ac".repeat(1960), FIRST);
			this.letters.handle(letter);
			assertThat(this.letters.count()).isEqualTo(1);
			assertThat(this.letters.ids(10)).containsExactly(JdbcDeadLetters.id(letter));
			assertThat(this.letters.find(JdbcDeadLetters.id(letter))).isEqualTo(letter);
		}

		@Test
		void storesWhateverAnUpdateContains() {
			DeadLetter letter = new DeadLetter("w".repeat(1000),
					TestTask.of("\u0000\ud83d" + "t".repeat(1000)).name("\u0000\udca9").input("\u0000").start(), null,
					"e", 1, FIRST);
			this.letters.handle(letter);
			assertThat(this.letters.find(this.letters.ids(1).get(0)).update()).isEqualTo(letter.update());
		}

		@Test
		void storesAnUpdateOnce() {
			TestTask task = TestTask.of("task-1");
			TaskUpdate update = task.start();
			this.letters.handle(letter(update, "first", FIRST));
			this.letters.handle(letter(update, "second", FIRST.plusSeconds(1)));
			this.letters.handle(letter(task.nodeStart("a"), "another update", FIRST));
			assertThat(this.letters.count()).isEqualTo(2);
			assertThat(this.letters.find(JdbcDeadLetters.id(letter(update, "", FIRST))).error()).isEqualTo("second");
		}

		@Test
		void listsThemInTheOrderInWhichTheyFailed() {
			DeadLetter later = letter(TestTask.of("later").start(), "e", FIRST.plusMillis(2));
			DeadLetter earlier = letter(TestTask.of("earlier").start(), "e", FIRST.plusMillis(1));
			this.letters.handle(later);
			this.letters.handle(earlier);
			assertThat(this.letters.ids(10)).containsExactly(JdbcDeadLetters.id(earlier), JdbcDeadLetters.id(later));
			assertThat(this.letters.ids(1)).containsExactly(JdbcDeadLetters.id(earlier));
		}

		@Test
		void replayDeliversAndDeletes() {
			DeadLetter letter = letter(TestTask.of("task-1").input(1).end("done"), "e", FIRST);
			this.letters.handle(letter);
			List<TaskUpdate> handled = new ArrayList<>();
			DeadLetterReplay replay = replay(handled::add);
			assertThat(replay.replay(JdbcDeadLetters.id(letter))).isTrue();
			assertThat(handled).containsExactly(letter.update());
			assertThat(this.letters.count()).isZero();
			assertThat(replay.replay(JdbcDeadLetters.id(letter))).isFalse();
		}

		@Test
		void replayThatFailsChangesNothing() {
			JdbcTemplate jdbc = new JdbcTemplate(this.dataSource);
			jdbc.execute("create table effect (task varchar(20))");
			DeadLetter letter = letter(TestTask.of("task-1").start(), "e", FIRST);
			this.letters.handle(letter);
			DeadLetterReplay replay = replay((update) -> {
				jdbc.update("insert into effect values (?)", update.taskId());
				throw new IllegalStateException("again");
			});
			assertThatIllegalStateException().isThrownBy(() -> replay.replay(JdbcDeadLetters.id(letter)))
				.withMessage("again");
			assertThat(this.letters.find(JdbcDeadLetters.id(letter))).isEqualTo(letter);
			assertThat(jdbc.queryForObject("select count(*) from effect", Long.class)).isZero();
		}

		@Test
		void replayAcknowledgesAfterTheCommit() {
			DeadLetter letter = letter(TestTask.of("task-1").end("done"), "e", FIRST);
			this.letters.handle(letter);
			List<TaskUpdate> acknowledged = new ArrayList<>();
			JdbcTransactionManager manager = new JdbcTransactionManager(this.dataSource);
			DeadLetterReplay replay = new DeadLetterReplay(this.letters, "test", new TransactionTemplate(manager),
					(update) -> {
					}, acknowledged::add);
			String id = JdbcDeadLetters.id(letter);
			new TransactionTemplate(manager).executeWithoutResult((status) -> {
				assertThat(replay.replay(id)).isTrue();
				assertThat(acknowledged).isEmpty();
				status.setRollbackOnly();
			});
			assertThat(acknowledged).isEmpty();
			assertThat(this.letters.count()).isEqualTo(1);
			assertThat(replay.replay(id)).isTrue();
			assertThat(acknowledged).containsExactly(letter.update());
			assertThat(this.letters.count()).isZero();
		}

		@Test
		void replayWhoseCommitFailsAcknowledgesNothing() {
			DeadLetter letter = letter(TestTask.of("task-1").end("done"), "e", FIRST);
			this.letters.handle(letter);
			List<TaskUpdate> acknowledged = new ArrayList<>();
			JdbcTransactionManager manager = new JdbcTransactionManager(this.dataSource) {

				@Override
				protected void doCommit(DefaultTransactionStatus status) {
					doRollback(status);
					throw new TransactionSystemException("commit");
				}

			};
			DeadLetterReplay replay = new DeadLetterReplay(this.letters, "test", new TransactionTemplate(manager),
					(update) -> {
					}, acknowledged::add);
			assertThatExceptionOfType(TransactionSystemException.class)
				.isThrownBy(() -> replay.replay(JdbcDeadLetters.id(letter)));
			assertThat(acknowledged).isEmpty();
			assertThat(this.letters.count()).isEqualTo(1);
		}

		@Test
		void replayWithoutTransactionsAcknowledgesAfterTheDeletion() {
			DeadLetter letter = letter(TestTask.of("task-1").end("done"), "e", FIRST);
			this.letters.handle(letter);
			List<Long> left = new ArrayList<>();
			DeadLetterReplay replay = new DeadLetterReplay(this.letters, "test",
					TransactionOperations.withoutTransaction(), (update) -> {
					}, (update) -> left.add(this.letters.count()));
			assertThat(replay.replay(JdbcDeadLetters.id(letter))).isTrue();
			assertThat(left).containsExactly(0L);
		}

		@Test
		void replayThatCannotBeAcknowledgedIsDone() {
			this.letters.handle(letter(TestTask.of("task-1").end("done"), "e", FIRST));
			DeadLetterReplay replay = new DeadLetterReplay(this.letters, "test",
					new TransactionTemplate(new JdbcTransactionManager(this.dataSource)), (update) -> {
					}, (update) -> {
						throw new IllegalStateException("stopped");
					});
			assertThat(replay.replayAll()).isEqualTo(1);
			assertThat(this.letters.count()).isZero();
		}

		@Test
		void replayOfAllContinuesAfterAFailure() {
			for (String task : List.of("a", "bad", "c")) {
				this.letters.handle(letter(TestTask.of(task).start(), "e", FIRST));
			}
			assertThat(replay((update) -> {
				if (update.taskId().equals("bad")) {
					throw new IllegalStateException("again");
				}
			}).replayAll()).isEqualTo(2);
			assertThat(this.letters.find(this.letters.ids(10).get(0)).update().taskId()).isEqualTo("bad");
		}

		@Test
		@ExtendWith(OutputCaptureExtension.class)
		void replayOfAllReachesThoseBehindManyThatFail(CapturedOutput output) {
			new TransactionTemplate(new JdbcTransactionManager(this.dataSource)).executeWithoutResult((status) -> {
				for (int i = 0; i < 1001; i++) {
					this.letters.handle(letter(TestTask.of("bad-" + i).start(), "e", FIRST));
				}
			});
			this.letters.handle(letter(TestTask.of("good").start(), "e", FIRST.plusSeconds(1)));
			assertThat(replay((update) -> {
				if (!update.taskId().equals("good")) {
					throw new IllegalStateException("again");
				}
			}).replayAll()).isEqualTo(1);
			assertThat(this.letters.count()).isEqualTo(1001);
			assertThat(output).containsOnlyOnce("at " + DeadLetterReplay.class.getName() + ".replayAll")
				.contains("remains stored: java.lang.IllegalStateException");
		}

		@Test
		void replayRefusesTheLettersOfOtherWatchers() {
			DeadLetter letter = new DeadLetter("other", TestTask.of("task-1").start(), null, "e", 1, FIRST);
			this.letters.handle(letter);
			List<TaskUpdate> handled = new ArrayList<>();
			DeadLetterReplay replay = replay(handled::add);
			assertThatIllegalStateException().isThrownBy(() -> replay.replay(JdbcDeadLetters.id(letter)))
				.withMessageContaining("watcher 'other'")
				.withMessageContaining("watcher 'test'");
			assertThat(replay.replayAll()).isZero();
			assertThat(handled).isEmpty();
			assertThat(this.letters.count()).isEqualTo(1);
		}

		@Test
		void replayWithoutTransactionsKeepsWhatFails() {
			DeadLetter letter = letter(TestTask.of("task-1").start(), "e", FIRST);
			this.letters.handle(letter);
			DeadLetterReplay replay = new DeadLetterReplay(this.letters, "test",
					TransactionOperations.withoutTransaction(), (update) -> {
						throw new IllegalStateException("again");
					}, (update) -> {
					});
			assertThatIllegalStateException().isThrownBy(() -> replay.replay(JdbcDeadLetters.id(letter)));
			assertThat(this.letters.count()).isEqualTo(1);
		}

		@Test
		void takesPartInTheTransaction() {
			DeadLetter letter = letter(TestTask.of("task-1").start(), "e", FIRST);
			new TransactionTemplate(new JdbcTransactionManager(this.dataSource)).executeWithoutResult((status) -> {
				this.letters.handle(letter);
				status.setRollbackOnly();
			});
			assertThat(this.letters.count()).isZero();
		}

		@Test
		void namesTheTableThatIsMissing() {
			new JdbcTemplate(this.dataSource).execute("drop table REQUENCE_DEAD_LETTER");
			assertThatExceptionOfType(DataAccessException.class).isThrownBy(this.letters::count)
				.withMessageContaining("REQUENCE_DEAD_LETTER");
		}

	}

}
