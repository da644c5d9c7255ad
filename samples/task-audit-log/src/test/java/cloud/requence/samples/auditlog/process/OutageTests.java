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
package cloud.requence.samples.auditlog.process;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.stream.LongStream;
import java.util.stream.Stream;

import cloud.requence.emulator.RequenceEmulator;
import cloud.requence.emulator.testing.SmallDisk;
import cloud.requence.samples.auditlog.TaskAuditLogApplication;
import cloud.requence.samples.auditlog.evidence.TestVerification;
import cloud.requence.task.TaskWatcher;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.jdbc.core.JdbcTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * A database that is there and takes nothing.
 */
@ExtendWith(OutputCaptureExtension.class)
class OutageTests {

	private static final Duration PATIENCE = Duration.ofMinutes(2);

	@TempDir
	private static Path directory;

	private static SmallDisk disk;

	private static PostgresServer server;

	private static RequenceEmulator emulator;

	private static ConfigurableApplicationContext application;

	@BeforeAll
	static void start() throws Exception {
		disk = SmallDisk.mountedAt(directory);
		server = new PostgresServer(directory.resolve("data"));
		emulator = RequenceEmulator.builder().build().start();
		application = SpringApplication.run(TaskAuditLogApplication.class,
				Stream.concat(server.arguments().stream(),
						Stream.of("--requence.task.access-token=" + emulator.accessToken(),
								"--requence.task.ack.mode=after-delivery"))
					.toArray(String[]::new));
	}

	@AfterAll
	static void close() throws Exception {
		application.close();
		emulator.close();
		server.close();
		disk.unmount();
	}

	@Test
	void aReadOnlyDatabaseIsWaitedFor(CapturedOutput output) throws Exception {
		surviveOutage(output, () -> readOnly(true), () -> readOnly(false));
	}

	@Test
	void aFullDiskIsWaitedFor(CapturedOutput output) throws Exception {
		disk.assumeMounted();
		surviveOutage(output, disk::fill, disk::free);
	}

	private void readOnly(boolean readOnly) {
		JdbcTemplate database = server.jdbc();
		database.execute("alter system set default_transaction_read_only = " + (readOnly ? "on" : "off"));
		database.execute("select pg_reload_conf()");
	}

	private void surviveOutage(CapturedOutput output, Change begin, Change end) throws Exception {
		play(20);
		awaitRecorded();
		await().atMost(PATIENCE).until(() -> emulator.awaitingDelivery().isEmpty());
		begin.run();
		try {
			play(50);
			await().atMost(PATIENCE).until(() -> output.getAll().contains("The delivery waits, and nothing is lost"));
			assertThat((long) emulator.acknowledgements().size()).isLessThanOrEqualTo(endsRecorded());
		}
		finally {
			end.run();
		}
		play(20);
		awaitRecorded();
		await().atMost(PATIENCE).until(() -> emulator.awaitingDelivery().isEmpty());
		assertThat(server.jdbc().queryForList("select position from entry order by sequence", Long.class))
			.containsExactlyElementsOf(LongStream.rangeClosed(1, emulator.lastPosition()).boxed().toList());
		assertThat(server.jdbc().queryForList("select distinct kind from entry", String.class))
			.containsExactly("UPDATE");
		assertThat(TestVerification.verify(server.dataSource()).text()).startsWith("VALID");
	}

	private void play(int tasks) {
		for (int i = 0; i < tasks; i++) {
			emulator.task("invoice")
				.input(List.of("x".repeat(1900)))
				.requireAck()
				.start()
				.nodeUpdate("read", "y".repeat(1900))
				.end("z".repeat(1900));
		}
	}

	private void awaitRecorded() {
		await().atMost(PATIENCE)
			.until(() -> application.getBean(TaskWatcher.class).status().deliveredPosition(),
					(position) -> Objects.equals(position, emulator.lastPosition()));
	}

	private long endsRecorded() {
		return Objects.requireNonNull(
				server.jdbc().queryForObject("select count(*) from entry where update_type = 'taskEnd'", Long.class));
	}

	/**
	 * Begins or ends an outage.
	 */
	@FunctionalInterface
	private interface Change {

		void run() throws Exception;

	}

}
