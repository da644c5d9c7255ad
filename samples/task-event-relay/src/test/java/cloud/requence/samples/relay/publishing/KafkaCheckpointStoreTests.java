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

package cloud.requence.samples.relay.publishing;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;

import cloud.requence.samples.relay.TestKafka;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import org.springframework.kafka.core.DefaultKafkaConsumerFactory;
import org.springframework.kafka.core.DefaultKafkaProducerFactory;
import org.springframework.kafka.core.DefaultTransactionIdSuffixStrategy;
import org.springframework.kafka.core.KafkaTemplate;
import org.springframework.kafka.transaction.KafkaTransactionManager;
import org.springframework.transaction.support.AbstractPlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link KafkaCheckpointStore}.
 */
class KafkaCheckpointStoreTests {

	private final String topic = TestKafka.uniqueName();

	private final CheckpointTopic reader = new CheckpointTopic(
			new DefaultKafkaConsumerFactory<>(Map.of("bootstrap.servers", TestKafka.address()),
					new StringDeserializer(), new ByteArrayDeserializer()),
			this.topic);

	private final Instance first = new Instance();

	private final Instance second = new Instance();

	@BeforeEach
	void createTopic() {
		TestKafka.create(new NewTopic(this.topic, 1, (short) 1));
	}

	@AfterEach
	void close() {
		this.first.close();
		this.second.close();
	}

	@Test
	void replacesWhatIsExpected() {
		assertThat(this.first.store.load()).isNull();
		assertThat(this.first.store.compareAndSet(null, "1")).isTrue();
		assertThat(this.first.store.load()).isEqualTo("1");
		assertThat(this.first.store.compareAndSet("1", "2")).isTrue();
		assertThat(this.second.store.load()).isEqualTo("2");
	}

	@Test
	void keepsWhatIsNotExpected() {
		this.first.store.compareAndSet(null, "1");
		assertThat(this.first.store.compareAndSet(null, "2")).isFalse();
		assertThat(this.first.store.compareAndSet("0", "2")).isFalse();
		assertThat(this.first.store.load()).isEqualTo("1");
	}

	@Test
	void isWrittenInATransactionOrNotAtAll() {
		this.first.store.compareAndSet(null, "1");
		this.first.transactions.executeWithoutResult((status) -> {
			assertThat(this.first.store.compareAndSet("1", "2")).isTrue();
			assertThat(this.first.store.load()).isEqualTo("1");
			status.setRollbackOnly();
		});
		assertThat(this.first.store.load()).isEqualTo("1");
		assertThat(this.first.store.compareAndSet("2", "3")).isFalse();
		this.first.transactions.executeWithoutResult((status) -> this.first.store.compareAndSet("1", "4"));
		assertThat(this.first.store.load()).isEqualTo("4");
	}

	@Test
	void ignoresOtherKeys() {
		this.first.store.compareAndSet(null, "1");
		this.first.template.executeInTransaction((operations) -> operations.send(this.topic, "other", new byte[1]));
		assertThat(this.first.store.load()).isEqualTo("1");
	}

	@Test
	void findsTheLastOneBehindManyThatWereRolledBack() {
		this.first.store.compareAndSet(null, "1");
		IntStream.range(0, 70).forEach((i) -> this.first.transactions.executeWithoutResult((status) -> {
			this.first.store.compareAndSet("1", "no " + i);
			status.setRollbackOnly();
		}));
		assertThat(this.second.store.load()).isEqualTo("1");
	}

	@Test
	void anotherInstanceEndsATransactionThatIsOpen() {
		this.first.store.compareAndSet(null, "1");
		assertThatExceptionOfType(KafkaException.class)
			.isThrownBy(() -> this.first.transactions.executeWithoutResult((status) -> {
				assertThat(this.first.store.compareAndSet("1", "late")).isTrue();
				assertThat(CompletableFuture.supplyAsync(() -> this.second.store.compareAndSet("1", "2")).join())
					.isTrue();
			}));
		assertThat(this.first.store.load()).isEqualTo("2");
	}

	@Test
	void anInstanceThatWasFencedDoesNotWrite() {
		this.first.store.compareAndSet(null, "1");
		this.second.store.compareAndSet("1", "2");
		assertThatExceptionOfType(KafkaException.class).isThrownBy(() -> this.first.store.compareAndSet("1", "late"));
		// With another producer, which fences the second one in turn
		assertThat(this.first.store.compareAndSet("1", "late")).isFalse();
		assertThat(this.first.store.compareAndSet("2", "3")).isTrue();
		assertThatExceptionOfType(KafkaException.class).isThrownBy(() -> this.second.store.compareAndSet("2", "late"));
		assertThat(this.second.store.compareAndSet("2", "late")).isFalse();
		assertThat(this.second.store.load()).isEqualTo("3");
	}

	/**
	 * What one instance of the relay has.
	 */
	private final class Instance {

		private final DefaultKafkaProducerFactory<String, byte[]> producers = new DefaultKafkaProducerFactory<>(
				new HashMap<>(Map.of("bootstrap.servers", TestKafka.address())), new StringSerializer(),
				new ByteArraySerializer());

		private final KafkaTemplate<String, byte[]> template;

		private final TransactionTemplate transactions;

		private final KafkaCheckpointStore store;

		Instance() {
			this.producers.setTransactionIdPrefix(KafkaCheckpointStoreTests.this.topic);
			this.producers.setTransactionIdSuffixStrategy(new DefaultTransactionIdSuffixStrategy(1));
			this.template = new KafkaTemplate<>(this.producers);
			KafkaTransactionManager<String, byte[]> manager = new KafkaTransactionManager<>(this.producers);
			manager.setTransactionSynchronization(AbstractPlatformTransactionManager.SYNCHRONIZATION_ALWAYS);
			this.transactions = new TransactionTemplate(manager);
			this.store = new KafkaCheckpointStore(KafkaCheckpointStoreTests.this.reader, "relay", this.template);
		}

		void close() {
			this.producers.destroy();
		}

	}

}
