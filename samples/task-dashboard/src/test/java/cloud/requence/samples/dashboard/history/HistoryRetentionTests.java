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

package cloud.requence.samples.dashboard.history;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

import javax.sql.DataSource;

import cloud.requence.samples.dashboard.support.MutableClock;
import cloud.requence.samples.dashboard.support.SharedFixtures;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

import org.springframework.core.io.ClassPathResource;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;
import org.springframework.jdbc.datasource.embedded.EmbeddedDatabase;
import org.springframework.jdbc.datasource.embedded.EmbeddedDatabaseBuilder;
import org.springframework.jdbc.datasource.embedded.EmbeddedDatabaseType;
import org.springframework.jdbc.datasource.init.ResourceDatabasePopulator;
import org.springframework.util.unit.DataSize;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link HistoryRetention}.
 */
class HistoryRetentionTests {

	@Nested
	class WithH2 extends Contract {

		private EmbeddedDatabase database;

		@Override
		DataSource open() {
			this.database = new EmbeddedDatabaseBuilder().generateUniqueName(true)
				.setType(EmbeddedDatabaseType.H2)
				.build();
			return this.database;
		}

		@AfterEach
		void close() {
			this.database.shutdown();
		}

	}

	@Nested
	class WithPostgres extends Contract {

		private SingleConnectionDataSource database;

		@Override
		DataSource open() throws Exception {
			this.database = new SingleConnectionDataSource(SharedFixtures.postgresDatabase(), true);
			return this.database;
		}

		@AfterEach
		void close() {
			this.database.destroy();
		}

	}

	abstract static class Contract {

		private final MutableClock clock = new MutableClock();

		private JdbcTemplate jdbc;

		abstract DataSource open() throws Exception;

		@BeforeEach
		void createTables() throws Exception {
			DataSource database = open();
			new ResourceDatabasePopulator(new ClassPathResource("schema.sql")).execute(database);
			this.jdbc = new JdbcTemplate(database);
			new HistoryTasks(this.jdbc, this.clock).begin();
			this.jdbc.update("update history_state set updates = 7, succeeded = 3");
		}

		private void task(String id, String state, Duration heardAgo, int size) {
			long heardAt = this.clock.millis() - heardAgo.toMillis();
			this.jdbc.update("""
					insert into task (id, name, state, start_seen, is_protected, require_ack, started_at, ended_at,
						updated_at, updates, hidden_node_updates, nodes, nodes_done, errors, size)
					values (?, 'invoice', ?, true, false, false, ?, cast(? as bigint), ?, 1, 0, 1, 0, 0, ?)""", id,
					state, heardAt - 1000, state.equals("running") ? null : heardAt, heardAt, size);
			this.jdbc.update("""
					insert into task_node (task_id, node_id, state, started_at, changed_at, errors)
					values (?, 'scan', 'done', 1, 1, 0)""", id);
			this.jdbc.update("""
					insert into task_update (task_id, type, happened_at, recorded_at, incomplete, require_ack)
					values (?, 'taskStart', 1, 1, false, false)""", id);
		}

		private void clean(DataSize size) {
			new HistoryRetention(this.jdbc, this.clock, new HistoryProperties(Path.of("none"), Duration.ofDays(14),
					size, DataSize.ofKilobytes(64), 1000, Duration.ofSeconds(15)))
				.clean();
		}

		private List<String> kept(String column, String table) {
			return this.jdbc.queryForList("select " + column + " from " + table + " order by " + column, String.class);
		}

		private void assertKept(String... ids) {
			assertThat(kept("id", "task")).containsExactly(ids);
			assertThat(kept("task_id", "task_node")).containsExactly(ids);
			assertThat(kept("task_id", "task_update")).containsExactly(ids);
			HistoryTasks.Totals totals = new HistoryTasks(this.jdbc, this.clock).totals();
			assertThat(totals.updates()).isEqualTo(7);
			assertThat(totals.succeeded()).isEqualTo(3);
		}

		@Test
		void deletesTasksOfWhichNothingWasHeardForLong() {
			task("a", "succeeded", Duration.ofDays(15), 100);
			task("b", "running", Duration.ofDays(15), 100);
			task("c", "failed", Duration.ofDays(13), 100);
			task("d", "running", Duration.ofDays(13), 100);
			for (int i = 0; i < 450; i++) {
				task("old " + i, "aborted", Duration.ofDays(20), 100);
			}
			clean(DataSize.ofMegabytes(1));
			assertKept("c", "d");
		}

		@Test
		void deletesTheOldestIfTheyAreTooLarge() {
			task("a", "running", Duration.ofDays(9), 400);
			task("b", "succeeded", Duration.ofDays(3), 400);
			task("c", "failed", Duration.ofDays(2), 400);
			task("d", "succeeded", Duration.ofDays(1), 400);
			clean(DataSize.ofBytes(1000));
			assertKept("a", "d");
		}

		@Test
		void deletesRunningTasksIfNothingElseIsLeft() {
			for (int i = 100; i < 600; i++) {
				task("running " + i, "running", Duration.ofMinutes(i), 100);
			}
			task("ended", "succeeded", Duration.ofMinutes(1), 100);
			clean(DataSize.ofBytes(250));
			assertKept("running 100", "running 101");
		}

		@Test
		void keepsASingleTaskThatIsTooLarge() {
			task("a", "succeeded", Duration.ofDays(1), 4000);
			clean(DataSize.ofBytes(1000));
			assertKept("a");
		}

	}

}
