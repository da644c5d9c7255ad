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
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.data.redis.connection.RedisConnectionFactory;
import org.springframework.integration.redis.metadata.RedisMetadataStore;

import cloud.requence.task.RedisExtension;
import cloud.requence.task.TaskUpdate;
import cloud.requence.task.TaskWatcher;
import cloud.requence.task.TaskWatcherStatus.State;
import cloud.requence.task.TaskWatcherStoppedEvent;
import cloud.requence.task.store.MetadataStoreCheckpointStore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Watchers whose checkpoints are in the same store. The system property
 * {@code requence.shared-store-tasks} sets how many tasks they see.
 */
@ExtendWith(RedisExtension.class)
class SharedStoreTests {

	private static final int TASKS = Integer.getInteger("requence.shared-store-tasks", 30);

	private final WatchedEmulator watched = new WatchedEmulator();

	private final List<TaskWatcher> watchers = new ArrayList<>();

	@AfterEach
	void close() {
		this.watchers.forEach(TaskWatcher::destroy);
		this.watched.close();
	}

	@Test
	void noneOfFourWatchersStops(RedisConnectionFactory connections) {
		List<List<TaskUpdate>> updates = new ArrayList<>();
		for (int i = 0; i < 4; i++) {
			List<TaskUpdate> received = new CopyOnWriteArrayList<>();
			updates.add(received);
			String key = "watcher " + i;
			this.watchers.add(this.watched.watch(received::add,
					(builder) -> builder
						.checkpointStore(
								new MetadataStoreCheckpointStore(new RedisMetadataStore(connections, "of four"), key))
						.checkpoint(Duration.ofMillis(1), 1)));
		}
		for (int i = 1; i <= TASKS; i++) {
			this.watched.emulator().task("invoice").requireAck().start().end("done");
			long expected = this.watched.emulator().lastPosition();
			await().atMost(Duration.ofSeconds(30))
				.pollDelay(Duration.ZERO)
				.pollInterval(Duration.ofMillis(1))
				.until(() -> this.watchers.stream()
					.allMatch((watcher) -> Long.valueOf(expected).equals(watcher.status().deliveredPosition())));
		}
		assertThat(this.watched.events(TaskWatcherStoppedEvent.class)).isEmpty();
		assertThat(this.watchers).allSatisfy((watcher) -> {
			assertThat(watcher.status().state()).isEqualTo(State.STREAMING);
			await().until(() -> watcher.status().checkpoint().position() == TASKS * 2L);
		});
		assertThat(updates).allSatisfy((received) -> assertThat(received).hasSize(TASKS * 2));
	}

}
