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

package cloud.requence.task.store;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.data.redis.connection.RedisConnectionFactory;
import org.springframework.integration.jdbc.metadata.JdbcMetadataStore;
import org.springframework.integration.metadata.ConcurrentMetadataStore;
import org.springframework.integration.metadata.MetadataStore;
import org.springframework.integration.metadata.SimpleMetadataStore;
import org.springframework.integration.redis.metadata.RedisMetadataStore;

import cloud.requence.task.CheckpointException;
import cloud.requence.task.CheckpointStore;
import cloud.requence.task.CheckpointUnavailableException;
import cloud.requence.task.PostgresDatabase;
import cloud.requence.task.PostgresExtension;
import cloud.requence.task.RedisExtension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * What each {@link CheckpointStore} has to do, with several writers.
 */
class CheckpointStoreContractTests {

	/**
	 * The cases.
	 */
	abstract static class Contract {

		private final String name = UUID.randomUUID().toString();

		/**
		 * Create a store, as each instance of an application does.
		 */
		abstract CheckpointStore store(String name);

		@Test
		void storesWhatIsExpectedInPlaceOfWhatIsExpected() {
			CheckpointStore store = store(this.name);
			CheckpointStore other = store(this.name);
			assertThat(store.load()).isNull();
			assertThat(store.compareAndSet("nothing", "one")).isFalse();
			assertThat(store.load()).isNull();
			assertThat(store.compareAndSet(null, "one")).isTrue();
			assertThat(other.compareAndSet(null, "other")).isFalse();
			assertThat(other.compareAndSet("one", "two")).isTrue();
			assertThat(store.compareAndSet("one", "three")).isFalse();
			assertThat(store.load()).isEqualTo("two");
		}

		@Test
		void letsOneOfTwoWritersWin() throws Exception {
			List<CheckpointStore> stores = List.of(store(this.name), store(this.name));
			String current = null;
			for (int round = 0; round < 50; round++) {
				String expected = current;
				String prefix = round + " by ";
				CyclicBarrier barrier = new CyclicBarrier(2);
				List<CompletableFuture<Boolean>> wins = new ArrayList<>();
				for (int writer = 0; writer < 2; writer++) {
					CheckpointStore store = stores.get(writer);
					String text = prefix + writer;
					wins.add(CompletableFuture.supplyAsync(() -> race(barrier, store, expected, text)));
				}
				boolean first = wins.get(0).get(30, TimeUnit.SECONDS);
				boolean second = wins.get(1).get(30, TimeUnit.SECONDS);
				current = stores.get(0).load();
				assertThat(first).isNotEqualTo(second);
				assertThat(current).isEqualTo(prefix + (first ? 0 : 1));
			}
		}

		private static boolean race(CyclicBarrier barrier, CheckpointStore store, @Nullable String expected,
				String text) {
			try {
				barrier.await();
			}
			catch (Exception ex) {
				throw new IllegalStateException(ex);
			}
			while (true) {
				try {
					return store.compareAndSet(expected, text);
				}
				catch (CheckpointException ex) {
					// Another writer has the lock: the caller tries again
					Thread.onSpinWait();
				}
			}
		}

		@Test
		void isNotDisturbedByAnotherKey() {
			CheckpointStore store = store(this.name);
			CheckpointStore busy = store("other " + this.name);
			AtomicBoolean done = new AtomicBoolean();
			AtomicInteger writes = new AtomicInteger();
			CompletableFuture<Void> writing = CompletableFuture.runAsync(() -> {
				String current = null;
				do {
					String next = "busy " + writes.incrementAndGet();
					assertThat(busy.compareAndSet(current, next)).isTrue();
					current = next;
				}
				while (!done.get());
			});
			String current = null;
			for (int i = 0; i < 50; i++) {
				String next = "mine " + i;
				assertThat(store.compareAndSet(current, next)).isTrue();
				assertThat(store.load()).isEqualTo(next);
				current = next;
			}
			done.set(true);
			writing.join();
			assertThat(busy.load()).isEqualTo("busy " + writes.get());
		}

	}

	@Nested
	class AFile extends Contract {

		@TempDir
		private Path directory;

		@Override
		CheckpointStore store(String name) {
			return new FileCheckpointStore(this.directory.resolve(name));
		}

	}

	@Nested
	class Memory extends Contract {

		private final MetadataStore store = new SimpleMetadataStore();

		@Override
		CheckpointStore store(String name) {
			return new MetadataStoreCheckpointStore(this.store, name);
		}

	}

	@Nested
	@ExtendWith(PostgresExtension.class)
	class Postgres extends Contract {

		private PostgresDatabase database;

		@BeforeEach
		void use(PostgresDatabase database) {
			this.database = database;
		}

		@Override
		CheckpointStore store(String name) {
			JdbcMetadataStore store = new JdbcMetadataStore(this.database.dataSource());
			store.afterPropertiesSet();
			return new MetadataStoreCheckpointStore(store, name);
		}

	}

	@Nested
	@ExtendWith(RedisExtension.class)
	class Redis extends Contract {

		private RedisConnectionFactory connections;

		@BeforeEach
		void use(RedisConnectionFactory connections) {
			this.connections = connections;
		}

		@Override
		CheckpointStore store(String name) {
			return new MetadataStoreCheckpointStore(new RedisMetadataStore(this.connections, "contract"), name);
		}

	}

	/**
	 * Returns {@code true} whatever is stored, as ZooKeeper's does.
	 */
	@Nested
	class AStoreThatAlwaysAgrees extends Contract {

		private final SimpleMetadataStore store = new SimpleMetadataStore();

		@Override
		CheckpointStore store(String name) {
			return new MetadataStoreCheckpointStore(new Answers(this.store, true), name);
		}

	}

	/**
	 * Returns {@code false} whatever was stored.
	 */
	@Nested
	class AStoreThatAlwaysRefuses extends Contract {

		private final SimpleMetadataStore store = new SimpleMetadataStore();

		@Override
		CheckpointStore store(String name) {
			return new MetadataStoreCheckpointStore(new Answers(this.store, false), name);
		}

	}

	@Test
	void aSlowStoreThatWritesNothingIsGivenUpSoon() {
		AtomicInteger calls = new AtomicInteger();
		MetadataStoreCheckpointStore store = new MetadataStoreCheckpointStore(
				new Answers(new SimpleMetadataStore(), true) {

					@Override
					public String putIfAbsent(String key, String value) {
						calls.incrementAndGet();
						return null;
					}

				}, "key", () -> Duration.ofSeconds(calls.get()).toNanos());
		assertThatExceptionOfType(CheckpointUnavailableException.class)
			.isThrownBy(() -> store.compareAndSet(null, "one"))
			.withMessageContaining("busy");
		assertThat(calls).hasValue(10);
	}

	@Test
	void aStoreThatWritesNothingIsBusy() {
		SimpleMetadataStore simple = new SimpleMetadataStore();
		MetadataStoreCheckpointStore store = new MetadataStoreCheckpointStore(new Answers(simple, true) {

			@Override
			public boolean replace(String key, String oldValue, String newValue) {
				return true;
			}

		}, "key");
		assertThat(store.compareAndSet(null, "one")).isTrue();
		assertThatExceptionOfType(CheckpointException.class).isThrownBy(() -> store.compareAndSet("one", "two"))
			.withMessageContaining("busy");
		assertThat(store.load()).isEqualTo("one");
	}

	@Test
	@ExtendWith(RedisExtension.class)
	void anApplicationThatWritesAllTheTimeDisturbsNoCheckpoint(RedisConnectionFactory connections) {
		RedisMetadataStore application = new RedisMetadataStore(connections, "busy");
		AtomicBoolean done = new AtomicBoolean();
		CompletableFuture<Void> writing = CompletableFuture.runAsync(() -> {
			for (int i = 0; !done.get(); i++) {
				application.put("application", "value " + i);
			}
		});
		try {
			CheckpointStore store = new MetadataStoreCheckpointStore(new RedisMetadataStore(connections, "busy"),
					"watcher");
			String current = null;
			for (int i = 0; i < 20; i++) {
				String next = "revision " + i;
				assertThat(store.compareAndSet(current, next)).isTrue();
				assertThat(store.load()).isEqualTo(next);
				current = next;
			}
		}
		finally {
			done.set(true);
			writing.join();
		}
	}

	@Test
	@ExtendWith(RedisExtension.class)
	void fourWatchersShareAStore(RedisConnectionFactory connections) {
		List<CompletableFuture<Void>> watchers = new ArrayList<>();
		for (int watcher = 0; watcher < 4; watcher++) {
			MetadataStoreCheckpointStore store = new MetadataStoreCheckpointStore(
					new RedisMetadataStore(connections, "shared"), "watcher " + watcher);
			watchers.add(CompletableFuture.runAsync(() -> {
				String current = null;
				for (int i = 0; i < 100; i++) {
					String next = "revision " + i;
					assertThat(store.compareAndSet(current, next)).isTrue();
					assertThat(store.load()).isEqualTo(next);
					current = next;
				}
			}));
		}
		watchers.forEach(CompletableFuture::join);
	}

	/**
	 * A store with one answer.
	 */
	private static class Answers implements ConcurrentMetadataStore {

		private final SimpleMetadataStore delegate;

		private final boolean answer;

		Answers(SimpleMetadataStore delegate, boolean answer) {
			this.delegate = delegate;
			this.answer = answer;
		}

		@Override
		public @Nullable String putIfAbsent(String key, String value) {
			String before = this.delegate.putIfAbsent(key, value);
			return this.answer ? null : Objects.requireNonNullElse(before, "another");
		}

		@Override
		public boolean replace(String key, String oldValue, String newValue) {
			this.delegate.replace(key, oldValue, newValue);
			return this.answer;
		}

		@Override
		public void put(String key, String value) {
			this.delegate.put(key, value);
		}

		@Override
		public @Nullable String get(String key) {
			return this.delegate.get(key);
		}

		@Override
		public @Nullable String remove(String key) {
			return this.delegate.remove(key);
		}

	}

}
