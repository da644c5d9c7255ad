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

import java.net.URI;
import java.time.Duration;

import org.jspecify.annotations.Nullable;

import org.springframework.core.retry.RetryPolicy;
import org.springframework.integration.jdbc.metadata.JdbcMetadataStore;
import org.springframework.integration.metadata.ConcurrentMetadataStore;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;
import org.springframework.util.unit.DataSize;

import cloud.requence.task.AccessToken;
import cloud.requence.task.CheckpointStore;
import cloud.requence.task.SwitchableLeadership;
import cloud.requence.task.TaskUpdate;
import cloud.requence.task.TaskUpdateErrorHandler.OnFailure;
import cloud.requence.task.TaskUpdateFailedEvent;
import cloud.requence.task.TaskWatcher;
import cloud.requence.task.TaskWatcherStatus;
import cloud.requence.task.store.MetadataStoreCheckpointStore;
import cloud.requence.task.watcher.DefaultTaskWatcherBuilder;

/**
 * An application with a watcher. After a crash nothing that it does reaches anything.
 */
final class SimulatedApplication {

	// More than single faults and the edges of outages can make one update fail
	private static final int MAX_RETRIES = 12;

	private static final AccessToken TOKEN = AccessToken.of("secret", URI.create("http://localhost/api"));

	private final String name;

	private final Run run;

	private final SwitchableLeadership leadership;

	private final FaultyDataSource dataSource;

	private final JdbcTemplate jdbc;

	private final JdbcTransactionManager transactions;

	private final TaskWatcher watcher;

	private volatile boolean crashed;

	SimulatedApplication(String name, Run run) {
		this.name = name;
		this.run = run;
		this.leadership = new SwitchableLeadership(() -> run.relinquished(this));
		this.dataSource = new FaultyDataSource(run.pool(), run.plan(), run.timer(), this::isCrashed);
		this.jdbc = new JdbcTemplate(this.dataSource);
		this.transactions = new JdbcTransactionManager(this.dataSource);
		this.watcher = build();
	}

	private TaskWatcher build() {
		Scenario scenario = this.run.scenario();
		DefaultTaskWatcherBuilder builder = new DefaultTaskWatcherBuilder(this.name, this::onEvent)
			.accessToken(() -> TOKEN)
			.connector(this.run.platform().connector(this::isCrashed));
		builder.since("1h")
			.reconnect(Duration.ofMillis(10), Duration.ofMillis(50), 2, 0.5)
			.responseTimeout(Duration.ofSeconds(5))
			.shutdownTimeout(Duration.ofSeconds(5))
			.handler(this::handle)
			.retry(RetryPolicy.builder().maxRetries(MAX_RETRIES).delay(Duration.ofMillis(1)).build(), OnFailure.SKIP)
			.ackMode(scenario.ackMode())
			.concurrency(scenario.concurrency())
			.maxInFlight(scenario.maxInFlight(), DataSize.ofMegabytes(1))
			.checkpoint(Duration.ofMillis(20), scenario.checkpointEvery())
			.checkpointStore(store())
			.leadership((scenario.instances() > 1) ? this.leadership : null);
		if (scenario.isTransactional()) {
			builder.transactionManager(this.transactions).transactionSize(scenario.transactionSize());
		}
		return builder.build();
	}

	private @Nullable CheckpointStore store() {
		return switch (this.run.scenario().store()) {
			case NONE -> null;
			case MEMORY, FILE -> new FaultyCheckpointStore(this.run.sharedStore(), this.run.plan(), this::isCrashed);
			case METADATA -> metadata(this.run.sharedMetadata());
			case JDBC, TRANSACTIONAL -> metadata(jdbcMetadata());
		};
	}

	private CheckpointStore metadata(ConcurrentMetadataStore store) {
		return new MetadataStoreCheckpointStore(new FaultyMetadataStore(store, this.run.plan(), this::isCrashed),
				"checkpoint");
	}

	private JdbcMetadataStore jdbcMetadata() {
		JdbcMetadataStore store = new JdbcMetadataStore(this.jdbc);
		store.setRegion(this.run.region());
		store.afterPropertiesSet();
		return store;
	}

	private void onEvent(Object event) {
		if (!this.crashed) {
			this.run.trace().add(this.name + " publishes " + event.getClass().getSimpleName());
			if (event instanceof TaskUpdateFailedEvent failed) {
				this.run.failed(failed.update(), failed.exception());
			}
		}
	}

	private void handle(TaskUpdate update) throws Exception {
		if (this.crashed) {
			throw new IllegalStateException("the application has crashed");
		}
		this.run.handle(update, this);
	}

	/**
	 * Make the commit of a transaction fail, or its statements.
	 */
	void spoil(ListenerFault fault, long position) {
		switch (fault) {
			case CATCHES_A_DUPLICATE_KEY -> this.run.insertTwice(this.jdbc, "unique_effect", position);
			case IS_REFUSED_AT_THE_COMMIT -> this.run.insertTwice(this.jdbc, "deferred_effect", position);
			default ->
				new TransactionTemplate(this.transactions).executeWithoutResult((status) -> status.setRollbackOnly());
		}
	}

	JdbcTemplate jdbc() {
		return this.jdbc;
	}

	boolean isCrashed() {
		return this.crashed;
	}

	SwitchableLeadership leadership() {
		return this.leadership;
	}

	TaskWatcher watcher() {
		return this.watcher;
	}

	TaskWatcherStatus status() {
		return this.watcher.status();
	}

	void crash() {
		this.crashed = true;
		this.dataSource.abandon();
	}

	void destroy() {
		this.watcher.destroy();
	}

	@Override
	public String toString() {
		return this.name;
	}

}
