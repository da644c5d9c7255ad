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

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.Stream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.slf4j.MDC;

import org.springframework.core.retry.RetryPolicy;
import org.springframework.integration.jdbc.metadata.JdbcMetadataStore;
import org.springframework.jdbc.support.JdbcTransactionManager;

import cloud.requence.emulator.TaskScript;
import cloud.requence.task.PostgresDatabase;
import cloud.requence.task.PostgresExtension;
import cloud.requence.task.TaskUpdate;
import cloud.requence.task.TaskUpdateErrorHandler;
import cloud.requence.task.TaskUpdateErrorHandler.OnFailure;
import cloud.requence.task.store.MetadataStoreCheckpointStore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests for the logging context of a handler, in all ways in which updates are delivered.
 */
@ExtendWith(PostgresExtension.class)
class LoggingContextDeliveryTests {

	private static final int TASKS = 20;

	private final WatchedEmulator watched = new WatchedEmulator();

	private final List<String> before = new CopyOnWriteArrayList<>();

	private final List<String> seen = new CopyOnWriteArrayList<>();

	private final List<String> wrong = new CopyOnWriteArrayList<>();

	@AfterEach
	void close() {
		this.watched.close();
	}

	private static String context() {
		Map<String, String> context = MDC.getCopyOfContextMap();
		return (context != null) ? new TreeMap<>(context).toString() : "{}";
	}

	private static String contextOf(TaskUpdate update) {
		return "{requence.task.id=" + update.taskId() + ", requence.task.name=" + update.name()
				+ ", requence.task.position=" + update.position() + "}";
	}

	private void record(TaskUpdate update) {
		String context = context();
		this.seen.add(context);
		if (!context.equals(contextOf(update))) {
			this.wrong.add(context);
		}
	}

	/**
	 * The filter runs on the same thread, before an update is named.
	 */
	private void watch(Consumer<DefaultTaskWatcherBuilder> settings) {
		CountDownLatch all = new CountDownLatch(1);
		this.watched.watch((update) -> {
			all.await();
			record(update);
		}, settings.andThen((builder) -> builder.filter((update) -> {
			this.before.add(context());
			return true;
		})));
		for (int i = 0; i < TASKS; i++) {
			TaskScript task = this.watched.emulator().task("invoice").start();
			task.nodeStart("a").nodeEnd("a").end("done");
		}
		all.countDown();
		await().atMost(Duration.ofSeconds(30)).until(() -> this.watched.status().updates().delivered() == TASKS * 4L);
	}

	static Stream<Arguments> deliveries() {
		Stream<Arguments> everywhere = Stream.of(delivery("serial", (builder) -> builder.concurrency(1)),
				delivery("in lanes", (builder) -> builder.concurrency(4)));
		return (Runtime.version().feature() < 21) ? everywhere : Stream.concat(everywhere,
				Stream.of(delivery("on virtual threads", (builder) -> builder.concurrency(4).virtualThreads(true)),
						delivery("on one virtual thread", (builder) -> builder.virtualThreads(true))));
	}

	private static Arguments delivery(String name, Consumer<DefaultTaskWatcherBuilder> settings) {
		return Arguments.argumentSet(name, settings);
	}

	@ParameterizedTest
	@MethodSource("deliveries")
	void namesTheUpdateThatIsHandled(Consumer<DefaultTaskWatcherBuilder> settings) {
		watch(settings);
		assertThat(this.seen).hasSize(TASKS * 4);
		assertThat(this.wrong).isEmpty();
		assertThat(this.before).containsOnly("{}");
	}

	@ParameterizedTest
	@MethodSource("deliveries")
	void namesNothingIfItIsOff(Consumer<DefaultTaskWatcherBuilder> settings) {
		watch(settings.andThen((builder) -> builder.mdc(false)));
		assertThat(this.seen).hasSize(TASKS * 4).containsOnly("{}");
	}

	@ParameterizedTest
	@MethodSource("transactionSizes")
	void namesTheUpdateThatIsHandledInATransaction(int size, PostgresDatabase database) {
		JdbcMetadataStore metadata = new JdbcMetadataStore(database.dataSource());
		metadata.afterPropertiesSet();
		watch((builder) -> builder.transactionManager(new JdbcTransactionManager(database.dataSource()))
			.transactionSize(size)
			.checkpointStore(new MetadataStoreCheckpointStore(metadata, "test")));
		assertThat(this.seen).hasSize(TASKS * 4);
		assertThat(this.wrong).isEmpty();
		assertThat(this.before).containsOnly("{}");
	}

	static List<Integer> transactionSizes() {
		return List.of(1, 10);
	}

	@Test
	void namesTheUpdateToSubscribersAndTheErrorHandler() {
		AtomicInteger failures = new AtomicInteger();
		TaskUpdateErrorHandler retry = TaskUpdateErrorHandler
			.retrying(RetryPolicy.builder().maxRetries(2).delay(Duration.ofMillis(1)).build(), OnFailure.SKIP);
		this.watched.emulator().task("invoice").start();
		this.watched.watch((update) -> {
			record(update);
			int attempt = failures.incrementAndGet();
			if (attempt == 1) {
				throw new IllegalStateException("first");
			}
			if (attempt == 2) {
				throw new AssertionError("second");
			}
		}, (builder) -> builder.errorHandler((update, failure, number) -> {
			record(update);
			return retry.decide(update, failure, number);
		}));
		this.watched.watcher().updates().subscribe(this::record);
		this.watched.emulator().task("other").start();
		await().until(() -> this.watched.status().updates().delivered() == 2);
		assertThat(this.seen).hasSizeGreaterThanOrEqualTo(7);
		assertThat(this.wrong).isEmpty();
	}

}
