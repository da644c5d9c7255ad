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

import java.net.http.HttpClient;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;

import cloud.requence.emulator.RequenceEmulator;
import cloud.requence.task.TaskUpdate;
import cloud.requence.task.TaskUpdateHandler;
import cloud.requence.task.TaskWatcher;
import cloud.requence.task.TaskWatcherEvent;
import cloud.requence.task.TaskWatcherStatus;
import cloud.requence.task.stream.JdkStreamConnector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * An emulator and a watcher of it that records what it delivers.
 */
final class WatchedEmulator implements AutoCloseable {

	private static final Duration PATIENCE = Duration.ofSeconds(30);

	private final RequenceEmulator emulator = RequenceEmulator.builder().build().start();

	private final HttpClient client = HttpClient.newBuilder()
		.version(HttpClient.Version.HTTP_1_1)
		.connectTimeout(Duration.ofSeconds(5))
		.build();

	private final List<TaskUpdate> updates = new CopyOnWriteArrayList<>();

	private final List<TaskWatcherEvent> events = new CopyOnWriteArrayList<>();

	private volatile @Nullable TaskWatcher watcher;

	RequenceEmulator emulator() {
		return this.emulator;
	}

	TaskWatcher watch() {
		return watch((builder) -> {
		});
	}

	TaskWatcher watch(Consumer<DefaultTaskWatcherBuilder> customizer) {
		return watch(this.updates::add, customizer);
	}

	TaskWatcher watch(TaskUpdateHandler handler, Consumer<DefaultTaskWatcherBuilder> customizer) {
		DefaultTaskWatcherBuilder builder = new DefaultTaskWatcherBuilder("test",
				(event) -> this.events.add((TaskWatcherEvent) event))
			.accessToken(this.emulator.accessToken())
			.connector(new JdkStreamConnector(this.client))
			.since("1h")
			.reconnect(Duration.ofMillis(20), Duration.ofMillis(200), 2, 0.5)
			.handler(handler);
		customizer.accept(builder);
		TaskWatcher built = builder.build();
		this.watcher = built;
		built.start();
		return built;
	}

	List<TaskUpdate> updates() {
		return this.updates;
	}

	<E extends TaskWatcherEvent> List<E> events(Class<E> type) {
		return this.events.stream().filter(type::isInstance).map(type::cast).toList();
	}

	<E extends TaskWatcherEvent> E awaitEvent(Class<E> type) {
		await().atMost(PATIENCE).until(() -> !events(type).isEmpty());
		return events(type).get(0);
	}

	void awaitState(TaskWatcherStatus.State state) {
		await().atMost(PATIENCE).until(() -> watcher().status().state() == state);
	}

	/**
	 * Wait until everything in the emulator's log is delivered, and check that it came
	 * once and in order.
	 */
	void awaitAllOnceInOrder() {
		awaitAllOnceInOrder(PATIENCE);
	}

	void awaitAllOnceInOrder(Duration patience) {
		await().atMost(patience).until(() -> {
			Long delivered = watcher().status().deliveredPosition();
			return delivered != null && delivered >= this.emulator.lastPosition();
		});
		assertThat(this.updates).extracting(TaskUpdate::position).doesNotHaveDuplicates().isSorted();
		assertThat(this.updates).hasSize((int) this.emulator.lastPosition());
	}

	TaskWatcherStatus status() {
		return watcher().status();
	}

	/**
	 * Return whether there is a watcher yet: another thread may build and start it.
	 */
	boolean isBuilt() {
		return this.watcher != null;
	}

	TaskWatcher watcher() {
		TaskWatcher current = this.watcher;
		assertThat(current).isNotNull();
		return current;
	}

	@Override
	public void close() {
		if (this.watcher != null) {
			this.watcher.destroy();
		}
		this.emulator.close();
	}

}
