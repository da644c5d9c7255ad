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
package cloud.requence.samples.auditlog.speed;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;

import cloud.requence.samples.auditlog.TaskAuditLogApplication;
import cloud.requence.samples.auditlog.entry.Entry;
import cloud.requence.samples.auditlog.entry.EntryKind;
import cloud.requence.samples.auditlog.evidence.PlainLoop;
import cloud.requence.samples.auditlog.evidence.TestVerification;
import cloud.requence.task.TaskWatcher;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.flywaydb.core.Flyway;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.jdbc.core.JdbcTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Records a backlog, in turns with a plain JDBC loop that writes the same rows to another
 * database of the same server, and logs how fast both are. The system property
 * {@code requence.recorded-updates} sets how many updates each of them writes.
 */
@Timeout(3600)
class RecordingSpeedTests {

	private static final Log logger = LogFactory.getLog(RecordingSpeedTests.class);

	private static final int UPDATES = Integer.getInteger("requence.recorded-updates", 20_000);

	private static final int ROUNDS = 10;

	// The first turns of both compile the code
	private static final int WARM_UP = 2;

	private static final int TRANSACTION = 100;

	@TempDir
	private Path directory;

	@Test
	void recordsABacklog() throws Exception {
		try (EmbeddedPostgres server = EmbeddedPostgres.builder()
			.setDataDirectory(this.directory.resolve("data"))
			.setServerConfig("synchronous_commit", "on")
			.setServerConfig("max_wal_size", "2GB")
			.setServerConfig("shared_buffers", "256MB")
			.start(); BacklogPlatform platform = new BacklogPlatform()) {
			JdbcTemplate owner = new JdbcTemplate(server.getPostgresDatabase());
			owner.execute("create database plain");
			Flyway.configure()
				.dataSource(server.getDatabase("postgres", "plain"))
				.placeholders(Map.of("writerRole", "audit_writer", "eraserRole", "audit_eraser"))
				.load()
				.migrate();
			owner.execute("create role application login in role audit_writer");
			String url = "jdbc:postgresql://localhost:" + server.getPort() + "/";
			try (ConfigurableApplicationContext application = SpringApplication.run(TaskAuditLogApplication.class,
					"--spring.datasource.url=" + url + "postgres", "--spring.datasource.username=application",
					"--spring.flyway.url=" + url + "postgres", "--spring.flyway.user=postgres", "--server.port=0",
					"--audit.security.users.auditor.password={noop}secret",
					"--requence.task.access-token=" + platform.accessToken());
					Connection connection = DriverManager.getConnection(url + "plain?reWriteBatchedInserts=true",
							"application", "")) {
				connection.setAutoCommit(false);
				long postmaster = Long
					.parseLong(Files.readAllLines(this.directory.resolve("data/postmaster.pid")).get(0).trim());
				measure(platform, application.getBean(TaskWatcher.class), new PlainLoop(connection), postmaster);
			}
			report(owner);
			assertThat(owner.queryForObject("select count(*) from entry", Integer.class)).isEqualTo(UPDATES);
			assertThat(owner.queryForObject("select count(distinct position) from entry", Integer.class))
				.isEqualTo(UPDATES);
			assertThat(TestVerification.verify(server.getPostgresDatabase()).text()).startsWith("VALID");
			assertThat(TestVerification.verify(server.getDatabase("postgres", "plain")).text()).startsWith("VALID");
		}
	}

	private static void measure(BacklogPlatform platform, TaskWatcher watcher, PlainLoop loop, long postmaster)
			throws Exception {
		int turn = UPDATES / ROUNDS;
		double[] recorded = new double[ROUNDS];
		double[] plain = new double[ROUNDS];
		ProcessorTime recording = new ProcessorTime(0, 0);
		ProcessorTime looping = new ProcessorTime(0, 0);
		for (int round = 0; round < ROUNDS; round++) {
			long from = (long) round * turn + 1;
			ProcessorTime before = ProcessorTime.now(postmaster);
			long begin = System.nanoTime();
			platform.release(from + turn - 1);
			await().atMost(Duration.ofMinutes(10))
				.pollDelay(Duration.ZERO)
				.pollInterval(Duration.ofMillis(2))
				.until(() -> Objects.equals(watcher.status().deliveredPosition(), from + turn - 1));
			recorded[round] = turn / seconds(begin);
			recording = (round < WARM_UP) ? recording : recording.plus(ProcessorTime.now(postmaster).since(before));
			List<Entry> entries = entries(from, turn);
			List<@Nullable String> payloads = payloads(from, turn);
			before = ProcessorTime.now(postmaster);
			begin = System.nanoTime();
			for (int i = 0; i < turn; i += TRANSACTION) {
				int end = Math.min(turn, i + TRANSACTION);
				loop.write(entries.subList(i, end), payloads.subList(i, end));
			}
			plain[round] = turn / seconds(begin);
			looping = (round < WARM_UP) ? looping : looping.plus(ProcessorTime.now(postmaster).since(before));
			System.gc();
			Runtime runtime = Runtime.getRuntime();
			logger.info("Round %d: %.0f recorded/s, %.0f plain/s, ratio %.2f, %d MB of heap".formatted(round,
					recorded[round], plain[round], recorded[round] / plain[round],
					(runtime.totalMemory() - runtime.freeMemory()) >> 20));
		}
		long measured = (long) (ROUNDS - WARM_UP) * turn;
		logger.info("Processor time per update: recorded %s, plain %s".formatted(recording.perUpdate(measured),
				looping.perUpdate(measured)));
		double[] ratios = new double[ROUNDS - WARM_UP];
		for (int i = 0; i < ratios.length; i++) {
			ratios[i] = recorded[i + WARM_UP] / plain[i + WARM_UP];
		}
		Arrays.sort(ratios);
		logger.info("%d updates: %.0f recorded/s, %.0f plain/s, median of the ratios %.2f, from %.2f to %.2f"
			.formatted(UPDATES, median(recorded), median(plain), median(ratios), ratios[0], ratios[ratios.length - 1]));
	}

	private static double median(double[] values) {
		double[] sorted = (values.length == ROUNDS) ? Arrays.copyOfRange(values, WARM_UP, ROUNDS) : values.clone();
		Arrays.sort(sorted);
		return (sorted[sorted.length / 2] + sorted[(sorted.length - 1) / 2]) / 2;
	}

	private static double seconds(long begin) {
		return (System.nanoTime() - begin) / 1e9;
	}

	private static List<Entry> entries(long from, int count) {
		List<Entry> entries = new ArrayList<>(count);
		Instant time = Instant.parse("2026-11-28T10:00:00Z");
		for (long position = from; position < from + count; position++) {
			int kind = (int) (position % 4);
			boolean node = kind == 1 || kind == 2;
			entries.add(new Entry(0, EntryKind.UPDATE, position,
					"7d0c2f14-21c0-4a4e-8a44-" + String.format("%012x", position), time, Instant.now(),
					BacklogPlatform.taskId(position), null, "invoice",
					List.of("taskStart", "nodeStart", "nodeUpdate", "taskEnd").get(kind), node ? "node-1" : null,
					node ? "read" : null, (kind == 3) ? "ended" : null, null, null, null, null, null, null, null, 0));
		}
		return entries;
	}

	private static List<@Nullable String> payloads(long from, int count) {
		List<@Nullable String> payloads = new ArrayList<>(count);
		for (long position = from; position < from + count; position++) {
			String payload = BacklogPlatform.payload(position);
			payloads.add(switch ((int) (position % 4)) {
				case 0 -> "{\"input\":" + payload + "}";
				case 1 -> "{\"nodeType\":\"service\"}";
				case 2 -> "{\"data\":" + payload + ",\"output\":\"out\",\"nodeType\":\"service\"}";
				default -> "{\"result\":" + payload + ",\"requireAck\":false}";
			});
		}
		return payloads;
	}

	private static void report(JdbcTemplate owner) {
		for (String table : List.of("entry", "payload", "tree", "tile")) {
			logger.info("Table %s: %.0f MB per million updates".formatted(table,
					Objects.requireNonNull(
							owner.queryForObject("select pg_total_relation_size(?::regclass)", Long.class, table))
							/ (double) UPDATES));
		}
	}

}
