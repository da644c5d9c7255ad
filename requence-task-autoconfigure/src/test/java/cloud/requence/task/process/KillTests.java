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

package cloud.requence.task.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;

import cloud.requence.emulator.testing.BusyPlatform;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.data.redis.connection.RedisConnectionFactory;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;
import org.springframework.jdbc.core.JdbcTemplate;

import cloud.requence.emulator.Acknowledgement;
import cloud.requence.task.PostgresDatabase;
import cloud.requence.task.PostgresExtension;
import cloud.requence.task.RedisExtension;
import cloud.requence.task.process.recording.RecordingApplication;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Applications that are killed at random moments while much happens. The system property
 * {@code requence.kills} says how often each of them is.
 */
class KillTests {

	private static final Log logger = LogFactory.getLog(KillTests.class);

	private static final int KILLS = Integer.getInteger("requence.kills", 1);

	// They keep the strongest promise
	private static final int KILLS_IN_TRANSACTIONS = 2 * KILLS - 1;

	private static final int EVERY = 100;

	// Twice the number of updates that wait to be saved, and the one that is being
	// handled
	private static final int MAX_REPEATS = 2 * EVERY + 1;

	@TempDir
	private Path directory;

	private final List<String> arguments = new ArrayList<>();

	private Records killAndRecover(int kills, BusyPlatform platform, RecordsReader reader) throws Exception {
		Random random = new Random(kills);
		for (int i = 0; i < kills; i++) {
			try (ChildApplication application = start(platform)) {
				application.awaitLog("is connected");
				LockSupport.parkNanos((long) (random.nextDouble() * 1.5e9));
				application.kill();
			}
		}
		long last = platform.quiet();
		try (ChildApplication application = start(platform)) {
			await().atMost(Duration.ofMinutes(2))
				.pollInterval(Duration.ofMillis(50))
				.until(() -> reader.read().lost(last).isEmpty() && platform.emulator().awaitingDelivery().isEmpty());
			application.terminate();
		}
		return reader.read();
	}

	private ChildApplication start(BusyPlatform platform) throws IOException {
		return new ChildApplication(RecordingApplication.class, Files.createTempDirectory(this.directory, "run"),
				platform.emulator().accessToken(), List.of(), this.arguments.toArray(String[]::new));
	}

	private void use(String... more) {
		this.arguments.addAll(Arrays.asList(more));
	}

	private void assertAcknowledgedAfterHandling(BusyPlatform platform, Records records) {
		Map<Long, Long> handled = records.firstTimes();
		List<Acknowledgement> acknowledgements = platform.emulator().acknowledgements();
		assertThat(acknowledgements).extracting(Acknowledgement::taskId)
			.containsExactlyInAnyOrderElementsOf(platform.ends().keySet());
		assertThat(acknowledgements).allSatisfy((acknowledgement) -> assertThat(acknowledgement.time().toEpochMilli())
			.isGreaterThanOrEqualTo(handled.get(platform.ends().get(acknowledgement.taskId()))));
	}

	private static void report(String store, int kills, BusyPlatform platform, Records records) {
		long most = records.repeatsOfRestarts().stream().mapToLong(Long::longValue).max().orElse(0);
		logger.info("%s: %d kills, %d updates, 0 lost, %d repeats, at most %d after a kill, %d acknowledgements"
			.formatted(store, kills, platform.emulator().lastPosition(), records.repeats(), most,
					platform.emulator().acknowledgements().size()));
	}

	@Test
	@Timeout(1200)
	void nothingIsLostWithAFile() throws Exception {
		use("--requence.task.checkpoint.store=file",
				"--requence.task.checkpoint.file=" + this.directory.resolve("checkpoint"));
		killAndRecoverWithAFile("file");
	}

	@Test
	@Timeout(1200)
	@ExtendWith(RedisExtension.class)
	void nothingIsLostWithRedis(RedisConnectionFactory connections) throws Exception {
		use("--requence.task.checkpoint.store=metadata-store",
				"--redis.port=" + ((LettuceConnectionFactory) connections).getPort());
		killAndRecoverWithAFile("Redis");
	}

	/**
	 * Kill applications that record in a file what they have handled.
	 */
	private void killAndRecoverWithAFile(String store) throws Exception {
		Path record = this.directory.resolve("record.txt");
		use("--record.file=" + record,
				"--spring.autoconfigure.exclude=org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration");
		try (BusyPlatform platform = new BusyPlatform(200)) {
			Records records = killAndRecover(KILLS, platform, () -> readFile(record));
			report(store, KILLS, platform, records);
			assertThat(records.repeatsOfRestarts())
				.allSatisfy((count) -> assertThat(count).isLessThanOrEqualTo(MAX_REPEATS));
			assertAcknowledgedAfterHandling(platform, records);
		}
	}

	private static Records readFile(Path record) throws IOException {
		String text = Files.exists(record) ? Files.readString(record) : "";
		return new Records(text.substring(0, text.lastIndexOf('\n') + 1)
			.lines()
			.map((line) -> line.split(" "))
			.map((parts) -> new Records.Entry(Long.parseLong(parts[0]), Long.parseLong(parts[1])))
			.toList());
	}

	@Nested
	@ExtendWith(PostgresExtension.class)
	class InPostgres {

		private JdbcTemplate jdbc;

		private void use(PostgresDatabase database, boolean transactional) {
			this.jdbc = new JdbcTemplate(database.dataSource());
			this.jdbc.execute("create table record (id bigserial, position bigint, millis bigint)");
			KillTests.this.use("--record.database=true", "--requence.task.checkpoint.store=metadata-store",
					"--requence.task.listener.transactional=" + transactional,
					"--spring.datasource.url=" + database.url(), "--spring.datasource.hikari.maximum-pool-size=3");
		}

		private Records read() {
			return new Records(this.jdbc.query("select position, millis from record order by id",
					(row, number) -> new Records.Entry(row.getLong(1), row.getLong(2))));
		}

		@Test
		@Timeout(1200)
		void nothingIsLost(PostgresDatabase database) throws Exception {
			use(database, false);
			try (BusyPlatform platform = new BusyPlatform(100)) {
				Records records = killAndRecover(KILLS, platform, this::read);
				report("PostgreSQL", KILLS, platform, records);
				assertThat(records.repeatsOfRestarts())
					.allSatisfy((count) -> assertThat(count).isLessThanOrEqualTo(MAX_REPEATS));
				assertAcknowledgedAfterHandling(platform, records);
			}
		}

		@Test
		@Timeout(1200)
		void nothingIsLostAndNothingHappensTwiceInTransactions(PostgresDatabase database) throws Exception {
			use(database, true);
			// As many as can be handled in transactions, so that there is no backlog
			try (BusyPlatform platform = new BusyPlatform(50)) {
				Records records = killAndRecover(KILLS_IN_TRANSACTIONS, platform, this::read);
				report("PostgreSQL, transactional", KILLS_IN_TRANSACTIONS, platform, records);
				assertThat(records.repeats()).isZero();
				assertAcknowledgedAfterHandling(platform, records);
			}
		}

	}

	/**
	 * Reads what was recorded so far.
	 */
	@FunctionalInterface
	private interface RecordsReader {

		Records read() throws Exception;

	}

}
