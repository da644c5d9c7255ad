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
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;

import org.springframework.core.io.ClassPathResource;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.init.DatabasePopulatorUtils;
import org.springframework.jdbc.datasource.init.ResourceDatabasePopulator;

import static org.awaitility.Awaitility.await;

/**
 * A PostgreSQL server that can be stopped, started and frozen, with the tables of Spring
 * Integration.
 */
final class PostgresServer implements AutoCloseable {

	private static final Duration PATIENCE = Duration.ofMinutes(1);

	private final Path data;

	private EmbeddedPostgres postgres;

	PostgresServer(Path data) throws IOException {
		this.data = data;
		this.postgres = start(0);
		DatabasePopulatorUtils.execute(
				new ResourceDatabasePopulator(
						new ClassPathResource("org/springframework/integration/jdbc/schema-postgresql.sql")),
				this.postgres.getPostgresDatabase());
	}

	private EmbeddedPostgres start(int port) throws IOException {
		EmbeddedPostgres.Builder builder = EmbeddedPostgres.builder()
			.setDataDirectory(this.data)
			.setCleanDataDirectory(false)
			.setServerConfig("synchronous_commit", "on")
			.setPGStartupWait(PATIENCE);
		return ((port > 0) ? builder.setPort(port) : builder).start();
	}

	String url() {
		return this.postgres.getJdbcUrl("postgres", "postgres");
	}

	/**
	 * Return access to the database for the test, beside the application.
	 */
	JdbcTemplate jdbc() {
		return new JdbcTemplate(this.postgres.getPostgresDatabase());
	}

	/**
	 * Stop without a checkpoint, as a crash of the server does.
	 */
	void stopImmediately() throws IOException, InterruptedException {
		ProcessHandle postmaster = postmaster();
		signal("QUIT", List.of(postmaster));
		await().atMost(PATIENCE).until(() -> !postmaster.isAlive());
	}

	/**
	 * Stop, and break all connections.
	 */
	void stop() throws IOException, InterruptedException {
		ProcessHandle postmaster = postmaster();
		signal("INT", List.of(postmaster));
		await().atMost(PATIENCE).until(() -> !postmaster.isAlive());
	}

	/**
	 * Start again at the same port.
	 */
	void startAgain() throws IOException {
		int port = this.postgres.getPort();
		this.postgres.close();
		this.postgres = start(port);
	}

	void freeze() throws IOException, InterruptedException {
		signal("STOP", processes());
	}

	void thaw() throws IOException, InterruptedException {
		signal("CONT", processes());
	}

	private List<ProcessHandle> processes() throws IOException {
		ProcessHandle postmaster = postmaster();
		List<ProcessHandle> processes = new ArrayList<>(List.of(postmaster));
		postmaster.descendants().forEach(processes::add);
		return processes;
	}

	private ProcessHandle postmaster() throws IOException {
		long pid = Long.parseLong(Files.readAllLines(this.data.resolve("postmaster.pid")).get(0));
		return ProcessHandle.of(pid).orElseThrow();
	}

	private static void signal(String name, List<ProcessHandle> processes) throws IOException, InterruptedException {
		List<String> command = new ArrayList<>(List.of("kill", "-" + name));
		processes.forEach((process) -> command.add(String.valueOf(process.pid())));
		new ProcessBuilder(command).inheritIO().start().waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS);
	}

	@Override
	public void close() {
		try {
			this.postgres.close();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
