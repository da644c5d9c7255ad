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
package cloud.requence.samples.auditlog.database;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.jdbc.core.JdbcTemplate;

/**
 * A PostgreSQL in a process of its own, which ends with the application. One that a
 * killed application has left behind is ended before the next starts.
 */
final class EmbeddedDatabase implements AutoCloseable {

	/** The user of the application. */
	static final String APPLICATION = "audit_log";

	/** The user of erasures. */
	static final String ERASER = "audit_erasure";

	private static final Log logger = LogFactory.getLog(EmbeddedDatabase.class);

	private static final String NAME = "postgres";

	private static final Duration PATIENCE = Duration.ofSeconds(60);

	private final EmbeddedPostgres postgres;

	private EmbeddedDatabase(EmbeddedPostgres postgres) {
		this.postgres = postgres;
	}

	static EmbeddedDatabase start(Path directory) {
		Path data = directory.resolve("postgresql");
		try {
			Files.createDirectories(data);
			endLeftServer(data);
			EmbeddedPostgres postgres = EmbeddedPostgres.builder()
				.setDataDirectory(data)
				.setCleanDataDirectory(false)
				.setPGStartupWait(PATIENCE)
				// It ends after what uses it: when the application context is closed
				.setRegisterShutdownHook(false)
				// Switched off by default, as these servers usually serve tests
				.setServerConfig("synchronous_commit", "on")
				.setServerConfig("fsync", "on")
				.setServerConfig("full_page_writes", "on")
				.start();
			EmbeddedDatabase database = new EmbeddedDatabase(postgres);
			database.createUser(APPLICATION, "audit_writer");
			database.createUser(ERASER, "audit_eraser");
			logger.info("No database is configured: the log is kept by an embedded PostgreSQL in " + data);
			return database;
		}
		catch (IOException ex) {
			throw new UncheckedIOException("The embedded PostgreSQL cannot be started in " + data
					+ ". Set 'spring.datasource.url' to use another one", ex);
		}
	}

	String url() {
		return "jdbc:postgresql://localhost:" + this.postgres.getPort() + "/" + NAME;
	}

	private void createUser(String name, String role) {
		new JdbcTemplate(this.postgres.getPostgresDatabase()).execute("""
				do $$
				begin
					if not exists (select from pg_roles where rolname = '%2$s') then
						create role %2$s nologin;
					end if;
					if not exists (select from pg_roles where rolname = '%1$s') then
						create role %1$s login in role %2$s;
					end if;
				end
				$$""".formatted(name, role));
	}

	private static void endLeftServer(Path data) throws IOException {
		Optional<ProcessHandle> server = server(data);
		if (server.isEmpty() || isInUse(data)) {
			return;
		}
		logger.warn("Ending the PostgreSQL in " + data + ", which another application has left behind");
		server.get().destroy();
		try {
			server.get().onExit().get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
		}
		catch (ExecutionException | TimeoutException ex) {
			throw new IOException("The PostgreSQL with process id " + server.get().pid() + " does not end", ex);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IOException("Interrupted", ex);
		}
	}

	private static Optional<ProcessHandle> server(Path data) throws IOException {
		Path file = data.resolve("postmaster.pid");
		if (!Files.exists(file)) {
			return Optional.empty();
		}
		return Files.readAllLines(file)
			.stream()
			.findFirst()
			.map(String::trim)
			.filter((line) -> line.matches("[0-9]{1,9}"))
			.flatMap((line) -> ProcessHandle.of(Long.parseLong(line)))
			.filter((process) -> process.info().command().map((command) -> command.contains("postgres")).orElse(false));
	}

	/**
	 * An application that uses the directory holds a lock on a file in it.
	 */
	private static boolean isInUse(Path data) throws IOException {
		Path file = data.resolve("epg-lock");
		if (!Files.exists(file)) {
			return false;
		}
		try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
			@Nullable FileLock lock = channel.tryLock();
			if (lock != null) {
				lock.release();
			}
			return lock == null;
		}
		catch (OverlappingFileLockException ex) {
			return true;
		}
	}

	@Override
	public void close() throws IOException {
		this.postgres.close();
	}

}
