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

package cloud.requence.samples.auditlog;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

import javax.sql.DataSource;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import org.flywaydb.core.Flyway;

/**
 * The one PostgreSQL of all tests of this module. Each test class gets a database of its
 * own, copied from one that the migrations have run on.
 */
public final class TestDatabase {

	/** What the application may do. */
	public static final String WRITER_ROLE = "audit_writer";

	/** What an erasure may do. */
	public static final String ERASER_ROLE = "audit_eraser";

	private static final String TEMPLATE = "audit_template";

	private static final AtomicInteger numbers = new AtomicInteger();

	private static final EmbeddedPostgres server = start();

	private TestDatabase() {
	}

	/**
	 * Create a database with the schema and without rows.
	 * @return its name
	 */
	public static synchronized String create() {
		String name = "audit_" + numbers.incrementAndGet();
		execute("create database " + name + " template " + TEMPLATE);
		return name;
	}

	/**
	 * Return a database as its owner.
	 * @param name the name that {@link #create()} returned
	 * @return a data source that opens a connection each time
	 */
	public static DataSource owner(String name) {
		return server.getDatabase("postgres", name);
	}

	/**
	 * Return a database as a user who can only do what a role allows.
	 * @param name the name that {@link #create()} returned
	 * @param role one of the roles above
	 * @return a data source that opens a connection each time
	 */
	public static synchronized DataSource user(String name, String role) {
		String user = role + "_user";
		execute("do $$ begin if not exists (select from pg_roles where rolname = '" + user + "') then create role "
				+ user + " login in role " + role + "; end if; end $$");
		return server.getDatabase(user, name);
	}

	/**
	 * Return the URL of a database.
	 * @param name the name that {@link #create()} returned
	 * @return the JDBC URL, without user
	 */
	public static String url(String name) {
		return "jdbc:postgresql://localhost:" + server.getPort() + "/" + name;
	}

	private static EmbeddedPostgres start() {
		try {
			EmbeddedPostgres started = EmbeddedPostgres.builder()
				.setServerConfig("fsync", "off")
				.setServerConfig("max_connections", "200")
				.start();
			Runtime.getRuntime().addShutdownHook(new Thread(() -> close(started)));
			try (Connection connection = started.getPostgresDatabase().getConnection();
					Statement statement = connection.createStatement()) {
				statement.execute("create database " + TEMPLATE);
			}
			Flyway.configure()
				.dataSource(started.getDatabase("postgres", TEMPLATE))
				.placeholders(Map.of("writerRole", WRITER_ROLE, "eraserRole", ERASER_ROLE))
				.load()
				.migrate();
			return started;
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		catch (SQLException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private static void execute(String sql) {
		try (Connection connection = server.getPostgresDatabase().getConnection();
				Statement statement = connection.createStatement()) {
			statement.execute(sql);
		}
		catch (SQLException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private static void close(EmbeddedPostgres started) {
		try {
			started.close();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
