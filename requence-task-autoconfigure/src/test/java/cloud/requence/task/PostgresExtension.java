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

package cloud.requence.task;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

import javax.sql.DataSource;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

import org.springframework.core.io.ClassPathResource;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.init.DatabasePopulatorUtils;
import org.springframework.jdbc.datasource.init.ResourceDatabasePopulator;

/**
 * Gives tests a PostgreSQL server: one for all of them, and a database for each that
 * asks.
 */
public final class PostgresExtension implements ParameterResolver {

	private static final Namespace NAMESPACE = Namespace.create(PostgresExtension.class);

	@Override
	public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
		return parameter.getParameter().getType() == PostgresDatabase.class;
	}

	@Override
	public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
		return context.getRoot()
			.getStore(NAMESPACE)
			.computeIfAbsent(Server.class, (key) -> new Server(), Server.class)
			.createDatabase();
	}

	/**
	 * The server, as long as there are tests.
	 */
	private static final class Server implements AutoCloseable {

		private final EmbeddedPostgres postgres;

		private final AtomicInteger databases = new AtomicInteger();

		Server() {
			try {
				this.postgres = EmbeddedPostgres.builder().setPGStartupWait(Duration.ofMinutes(1)).start();
			}
			catch (IOException ex) {
				throw new UncheckedIOException(ex);
			}
		}

		PostgresDatabase createDatabase() {
			String name = "test_" + this.databases.incrementAndGet();
			new JdbcTemplate(this.postgres.getPostgresDatabase()).execute("create database " + name);
			DataSource dataSource = this.postgres.getDatabase("postgres", name);
			DatabasePopulatorUtils.execute(
					new ResourceDatabasePopulator(
							new ClassPathResource("org/springframework/integration/jdbc/schema-postgresql.sql")),
					dataSource);
			return new PostgresDatabase(dataSource, this.postgres.getJdbcUrl("postgres", name));
		}

		@Override
		public void close() throws IOException {
			this.postgres.close();
		}

	}

}
