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

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import javax.sql.DataSource;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;

import org.springframework.jdbc.core.JdbcTemplate;

import static org.awaitility.Awaitility.await;

/**
 * A PostgreSQL server for applications in other processes, which can be killed. Its owner
 * migrates, the applications connect as a user that may insert and read.
 */
final class PostgresServer implements AutoCloseable {

	static final String USER = "application";

	private static final Duration PATIENCE = Duration.ofMinutes(1);

	private final Path data;

	private EmbeddedPostgres postgres;

	PostgresServer(Path data) throws IOException {
		this.data = data;
		this.postgres = start(0);
		jdbc().execute("create role audit_writer nologin");
		jdbc().execute("create role " + USER + " login in role audit_writer");
		jdbc().execute("create role erasure login");
	}

	private EmbeddedPostgres start(int port) throws IOException {
		EmbeddedPostgres.Builder builder = EmbeddedPostgres.builder()
			.setDataDirectory(this.data)
			.setCleanDataDirectory(false)
			.setServerConfig("synchronous_commit", "on")
			.setServerConfig("track_commit_timestamp", "on")
			.setServerConfig("max_wal_size", "64MB")
			.setPGStartupWait(PATIENCE);
		return ((port > 0) ? builder.setPort(port) : builder).start();
	}

	/**
	 * Return the properties of an application that records here.
	 */
	List<String> arguments() {
		String url = this.postgres.getJdbcUrl(USER, "postgres").replaceAll("\\?.*", "");
		return List.of("--spring.datasource.url=" + url, "--spring.datasource.username=" + USER,
				"--spring.flyway.url=" + url, "--spring.flyway.user=postgres",
				"--spring.datasource.hikari.connection-timeout=1000", "--server.port=0",
				"--audit.security.users.auditor.password={noop}secret", "--audit.recording.lock-time-to-live=2s",
				"--requence.task.since=1h");
	}

	/**
	 * Return access to the database as its owner.
	 */
	JdbcTemplate jdbc() {
		return new JdbcTemplate(dataSource());
	}

	DataSource dataSource() {
		return this.postgres.getPostgresDatabase();
	}

	/**
	 * Kill all processes of the server, as a loss of power does, and start it again at
	 * the same port.
	 */
	void killAndStartAgain() throws IOException, InterruptedException {
		ProcessHandle postmaster = postmaster();
		List<ProcessHandle> processes = new ArrayList<>(List.of(postmaster));
		postmaster.descendants().forEach(processes::add);
		processes.forEach(ProcessHandle::destroyForcibly);
		await().atMost(PATIENCE).until(() -> processes.stream().noneMatch(ProcessHandle::isAlive));
		int port = this.postgres.getPort();
		this.postgres.close();
		this.postgres = start(port);
	}

	private ProcessHandle postmaster() throws IOException {
		long pid = Long.parseLong(Files.readAllLines(this.data.resolve("postmaster.pid")).get(0).trim());
		return ProcessHandle.of(pid).orElseThrow();
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
