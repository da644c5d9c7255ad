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

package cloud.requence.task.faults;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

import com.zaxxer.hikari.HikariDataSource;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

import org.springframework.jdbc.core.JdbcTemplate;

import cloud.requence.task.PostgresDatabase;

/**
 * What all runs use: a database that works, a timer, and the threads of the platform.
 */
final class SharedResources implements AutoCloseable {

	private final HikariDataSource pool = new HikariDataSource();

	private final JdbcTemplate jdbc;

	private final Timer timer = new Timer();

	private final ExecutorService threads = Executors.newCachedThreadPool();

	private final Scheduler network = Schedulers.fromExecutorService(this.threads);

	SharedResources(PostgresDatabase database, int connections) {
		this.pool.setDataSource(database.dataSource());
		this.pool.setMaximumPoolSize(connections);
		this.jdbc = new JdbcTemplate(this.pool);
		this.jdbc.execute("create table effect (id bigserial, run bigint, position bigint)");
		this.jdbc.execute("create index effect_run on effect (run)");
		this.jdbc.execute("create table unique_effect (run bigint, position bigint, primary key (run, position))");
		this.jdbc.execute("create table deferred_effect (run bigint, position bigint,"
				+ " unique (run, position) deferrable initially deferred)");
	}

	HikariDataSource pool() {
		return this.pool;
	}

	JdbcTemplate jdbc() {
		return this.jdbc;
	}

	Timer timer() {
		return this.timer;
	}

	Scheduler network() {
		return this.network;
	}

	@Override
	public void close() {
		this.timer.close();
		this.network.dispose();
		this.threads.shutdownNow();
		this.pool.close();
	}

}
