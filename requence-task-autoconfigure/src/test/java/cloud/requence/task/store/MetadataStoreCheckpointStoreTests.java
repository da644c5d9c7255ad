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

import java.util.UUID;

import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.data.redis.connection.RedisConnectionFactory;
import org.springframework.integration.jdbc.metadata.JdbcMetadataStore;
import org.springframework.integration.metadata.MetadataStore;
import org.springframework.integration.metadata.SimpleMetadataStore;
import org.springframework.integration.redis.metadata.RedisMetadataStore;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;

import cloud.requence.task.CheckpointException;
import cloud.requence.task.CheckpointStore;
import cloud.requence.task.PostgresDatabase;
import cloud.requence.task.PostgresExtension;
import cloud.requence.task.RedisExtension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests for {@link MetadataStoreCheckpointStore}.
 */
class MetadataStoreCheckpointStoreTests {

	private static void assertKeepsItsPromise(MetadataStore metadata) {
		String key = UUID.randomUUID().toString();
		CheckpointStore store = new MetadataStoreCheckpointStore(metadata, key);
		CheckpointStore other = new MetadataStoreCheckpointStore(metadata, key);
		assertThat(store.load()).isNull();
		assertThat(store.compareAndSet("nothing", "one")).isFalse();
		assertThat(store.compareAndSet(null, "one")).isTrue();
		assertThat(other.compareAndSet(null, "other")).isFalse();
		assertThat(other.load()).isEqualTo("one");
		assertThat(other.compareAndSet("one", "two")).isTrue();
		assertThat(store.compareAndSet("one", "three")).isFalse();
		assertThat(store.load()).isEqualTo("two");
		String longest = "x".repeat(4000);
		assertThat(store.compareAndSet("two", longest)).isTrue();
		assertThat(other.load()).isEqualTo(longest);
		assertThat(store).hasToString("key '" + key + "' of the " + metadata.getClass().getSimpleName());
	}

	@Test
	void keepsItsPromiseInMemory() {
		assertKeepsItsPromise(new SimpleMetadataStore());
	}

	@Test
	void keepsItAsFarAsItCanWithoutCompareAndSet() {
		SimpleMetadataStore simple = new SimpleMetadataStore();
		assertKeepsItsPromise(new MetadataStore() {

			@Override
			public void put(String key, String value) {
				simple.put(key, value);
			}

			@Override
			public String get(String key) {
				return simple.get(key);
			}

			@Override
			public String remove(String key) {
				return simple.remove(key);
			}

		});
	}

	@Test
	void needsAKeyThatAllStoresTake() {
		assertThatIllegalArgumentException()
			.isThrownBy(() -> new MetadataStoreCheckpointStore(new SimpleMetadataStore(), "x".repeat(256)));
	}

	@Nested
	@ExtendWith(PostgresExtension.class)
	class InPostgres {

		@Test
		void keepsItsPromise(PostgresDatabase database) {
			JdbcMetadataStore metadata = new JdbcMetadataStore(database.dataSource());
			metadata.afterPropertiesSet();
			assertKeepsItsPromise(metadata);
		}

		@Test
		void namesATableThatIsMissing(PostgresDatabase database) {
			JdbcMetadataStore metadata = new JdbcMetadataStore(database.dataSource());
			metadata.setTablePrefix("MISSING_");
			metadata.afterPropertiesSet();
			MetadataStoreCheckpointStore store = new MetadataStoreCheckpointStore(metadata, "billing");
			assertNamesTheTable(store::load);
			assertNamesTheTable(() -> store.checkTransactions(new DataSourceTransactionManager(database.dataSource())));
		}

		private static void assertNamesTheTable(ThrowingCallable call) {
			assertThatExceptionOfType(CheckpointException.class).isThrownBy(call)
				.withMessageContaining("key 'billing' of the JdbcMetadataStore")
				.withMessageContaining("missing_metadata_store")
				.satisfies((ex) -> assertThat(ex.remedy()).contains("spring.integration.jdbc.initialize-schema"));
		}

	}

	@Nested
	@ExtendWith(RedisExtension.class)
	class InRedis {

		@Test
		void keepsItsPromise(RedisConnectionFactory connections) {
			assertKeepsItsPromise(new RedisMetadataStore(connections));
		}

	}

}
