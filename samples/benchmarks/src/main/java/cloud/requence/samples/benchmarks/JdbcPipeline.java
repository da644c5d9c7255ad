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

package cloud.requence.samples.benchmarks;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;

import javax.sql.DataSource;

import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.SmartLifecycle;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.event.EventListener;
import org.springframework.core.env.Environment;
import org.springframework.integration.jdbc.metadata.JdbcMetadataStore;
import org.springframework.jdbc.core.JdbcTemplate;

import cloud.requence.task.TaskUpdate;

/**
 * Inserts a row for each update.
 */
final class JdbcPipeline {

	private static final String INSERT = "insert into effect (task_id, type, position) values (?, ?, ?)";

	private JdbcPipeline() {
	}

	/**
	 * With the starter.
	 */
	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Listener extends StarterListener {

		private final JdbcTemplate jdbc;

		Listener(Probe probe, JdbcTemplate jdbc) {
			super(probe);
			this.jdbc = jdbc;
		}

		@Bean
		static JdbcMetadataStore metadataStore(DataSource dataSource) {
			return new JdbcMetadataStore(dataSource);
		}

		@EventListener
		void on(TaskUpdate update) {
			this.jdbc.update(INSERT, update.taskId(), update.type().name(), update.position());
			received(update);
		}

	}

	/**
	 * In a loop.
	 */
	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Loop {

		private final Probe probe;

		Loop(Probe probe) {
			this.probe = probe;
		}

		@Bean
		SmartLifecycle inserts(DataSource dataSource, Environment environment) {
			int rows = environment.getRequiredProperty("benchmark.rows", Integer.class);
			return new Background(() -> {
				try (Connection connection = dataSource.getConnection()) {
					insert(connection, rows);
				}
				catch (SQLException ex) {
					throw new IllegalStateException(ex);
				}
			});
		}

		private void insert(Connection connection, int rows) throws SQLException {
			connection.setAutoCommit(false);
			try (PreparedStatement statement = connection.prepareStatement(INSERT)) {
				for (long position = 1;; position++) {
					statement.setString(1, "00000001-0000-4000-8000-000000000001");
					statement.setString(2, "NODE_UPDATE");
					statement.setLong(3, position);
					statement.executeUpdate();
					if (position % rows == 0) {
						connection.commit();
					}
					this.probe.received(position);
				}
			}
		}

	}

}
