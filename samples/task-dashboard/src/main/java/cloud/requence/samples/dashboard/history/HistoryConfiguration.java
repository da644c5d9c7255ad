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

import java.time.Clock;
import java.time.Duration;
import java.util.UUID;

import javax.sql.DataSource;

import cloud.requence.emulator.RequenceEmulator;
import cloud.requence.samples.dashboard.board.TaskBoard;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.jdbc.autoconfigure.JdbcConnectionDetails;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.scheduling.annotation.EnableScheduling;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Sets up the history and its database.
 */
@Configuration(proxyBeanMethods = false)
@EnableScheduling
class HistoryConfiguration {

	/** For the connection, and for the answer to a query that was stopped. */
	private static final Duration PATIENCE = Duration.ofSeconds(15);

	/**
	 * Without a database of its own the history is in a file. That of the emulator inside
	 * is in memory, as the emulator forgets its tasks as well. H2 closes another kind of
	 * file for good when a thread that uses it is interrupted, as that of a query is when
	 * its browser leaves.
	 */
	@Bean
	@ConditionalOnProperty(name = "spring.datasource.url", havingValue = "none", matchIfMissing = true)
	JdbcConnectionDetails historyConnectionDetails(HistoryProperties properties,
			ObjectProvider<RequenceEmulator> emulator) {
		String url = (emulator.getIfAvailable() != null)
				? "jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_ON_EXIT=FALSE;DB_CLOSE_DELAY=-1"
				: "jdbc:h2:async:" + properties.file().toAbsolutePath() + ";DB_CLOSE_ON_EXIT=FALSE";
		return new JdbcConnectionDetails() {

			@Override
			public String getUsername() {
				return "sa";
			}

			@Override
			public String getPassword() {
				return "";
			}

			@Override
			public String getJdbcUrl() {
				return url;
			}

		};
	}

	@Bean
	JdbcCheckpointStore historyCheckpointStore(JdbcClient jdbc) {
		return new JdbcCheckpointStore(jdbc);
	}

	@Bean
	HistoryRecorder historyRecorder(JdbcTemplate jdbc, TaskBoard board, Clock clock, HistoryProperties properties,
			ApplicationEventPublisher events) {
		return new HistoryRecorder(new HistoryWriter(jdbc), board, clock, (int) properties.maxPayload().toBytes(),
				events);
	}

	@Bean
	HistoryTasks historyTasks(DataSource dataSource, JdbcTemplate initialized, Clock clock,
			HistoryProperties properties) {
		JdbcTemplate jdbc = new JdbcTemplate(dataSource);
		jdbc.setQueryTimeout((int) properties.queryTimeout().toSeconds());
		return new HistoryTasks(jdbc, clock);
	}

	@Bean(destroyMethod = "close")
	HistoryCalls historyCalls(HistoryProperties properties) {
		return new HistoryCalls(properties.queryTimeout().plus(PATIENCE));
	}

	@Bean
	HistoryExport historyExport(HistoryTasks tasks, HistoryCalls calls, JsonMapper mapper,
			HistoryProperties properties) {
		return new HistoryExport(tasks, calls, mapper, properties.maxExport());
	}

	@Bean
	RecordedUpdates recordedUpdates(JdbcTemplate jdbc) {
		return new RecordedUpdates(jdbc);
	}

	@Bean
	HistoryRestore historyRestore(TaskBoard board, RecordedUpdates updates, HistoryTasks tasks,
			PlatformTransactionManager transactionManager, Clock clock) {
		return new HistoryRestore(board, updates, tasks, new TransactionTemplate(transactionManager), clock);
	}

	@Bean
	UsualLimits usualLimits(HistoryTasks tasks, TaskBoard board, Clock clock,
			@Value("${dashboard.attention.overdue-factor:3}") double factor,
			@Value("${dashboard.attention.overdue-min-tasks:20}") int minTasks) {
		return new UsualLimits(tasks, board::usualLimits, clock, factor, minTasks);
	}

	@Bean
	HistoryRetention historyRetention(JdbcTemplate jdbc, Clock clock, HistoryProperties properties) {
		return new HistoryRetention(jdbc, clock, properties);
	}

}
