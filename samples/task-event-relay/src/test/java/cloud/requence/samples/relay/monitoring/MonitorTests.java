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

package cloud.requence.samples.relay.monitoring;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;

import cloud.requence.samples.relay.RelayProperties;
import cloud.requence.samples.relay.TestKafka;
import cloud.requence.samples.relay.monitoring.TopicState.Group;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests for {@link Monitor} and what it reads from a broker.
 */
class MonitorTests {

	private final RelayProperties relay = new RelayProperties(TestKafka.uniqueName(), TestKafka.uniqueName(), 2, null,
			Duration.ofSeconds(6));

	private final BrokerReader reader = reader(TestKafka.address(), List.of(), 3);

	@BeforeEach
	void createTopic() {
		TestKafka.create(new NewTopic(this.relay.topic(), 2, (short) 1));
	}

	@AfterEach
	void close() {
		this.reader.close();
	}

	private BrokerReader reader(String address, List<String> groups, int maxDeadLetters) {
		MonitoringProperties properties = new MonitoringProperties(Duration.ofSeconds(1), Duration.ofSeconds(5),
				Duration.ofSeconds(60), groups, 2, maxDeadLetters);
		return new BrokerReader(this.relay, properties, Admin
			.create(Map.of("bootstrap.servers", address, "default.api.timeout.ms", 2000, "request.timeout.ms", 2000)),
				consumer(address, null));
	}

	private static KafkaConsumer<String, byte[]> consumer(String address, String group) {
		Map<String, Object> settings = new HashMap<>(Map.of("bootstrap.servers", address, "isolation.level",
				"read_committed", "auto.offset.reset", "earliest", "enable.auto.commit", false));
		if (group != null) {
			settings.put("group.id", group);
			settings.put("client.id", "client of " + group);
		}
		return new KafkaConsumer<>(settings, new StringDeserializer(), new ByteArrayDeserializer());
	}

	/**
	 * Write records, each in a transaction of its own.
	 */
	private void publish(int partition, long... positions) {
		try (KafkaProducer<String, byte[]> producer = new KafkaProducer<>(
				Map.of("bootstrap.servers", TestKafka.address(), "transactional.id", this.relay.name()),
				new StringSerializer(), new ByteArraySerializer())) {
			producer.initTransactions();
			for (long position : positions) {
				producer.beginTransaction();
				ProducerRecord<String, byte[]> record = new ProducerRecord<>(this.relay.topic(), partition, "key",
						new byte[10]);
				record.headers().add("position", String.valueOf(position).getBytes(StandardCharsets.UTF_8));
				producer.send(record);
				producer.commitTransaction();
			}
		}
	}

	private Group group(String name) {
		// The broker needs a moment until it lists a new topic
		return await()
			.until(() -> this.reader.read().groups().stream().filter((group) -> group.name().equals(name)).findFirst(),
					Optional::isPresent)
			.orElseThrow();
	}

	@Test
	void showsPartitionsWithTheirLastPositions() {
		publish(1, 5, 6, 7);
		TopicState state = this.reader.read();
		assertThat(state.partitions()).hasSize(2);
		assertThat(state.partitions().get(0).end()).isZero();
		assertThat(state.partitions().get(0).lastAt()).isNull();
		assertThat(state.partitions().get(1).end()).isEqualTo(6);
		assertThat(state.partitions().get(1).lastPosition()).isEqualTo(7);
		publish(1, 8);
		TopicState later = this.reader.read();
		assertThat(later.partitions().get(1).lastPosition()).isEqualTo(8);
		assertThat(later.rate()).isPositive();
		assertThat(later.partitions().get(1).rate()).isPositive();
		assertThat(later.partitions().get(0).rate()).isZero();
	}

	@Test
	void findsTheLastRecordBehindTransactionsThatWereRolledBack() {
		publish(0, 3);
		try (KafkaProducer<String, byte[]> producer = new KafkaProducer<>(
				Map.of("bootstrap.servers", TestKafka.address(), "transactional.id", this.relay.name()),
				new StringSerializer(), new ByteArraySerializer())) {
			producer.initTransactions();
			IntStream.range(0, 20).forEach((i) -> {
				producer.beginTransaction();
				producer.send(new ProducerRecord<>(this.relay.topic(), 0, "key", new byte[10]));
				producer.flush();
				producer.abortTransaction();
			});
		}
		TopicState state = this.reader.read();
		assertThat(state.partitions().get(0).end()).isGreaterThan(40);
		assertThat(state.partitions().get(0).lastPosition()).isEqualTo(3);
	}

	@Test
	void showsGroupsThatReadTheTopic() {
		publish(0, 1, 2);
		publish(1, 3, 4);
		String name = "group of " + this.relay.topic();
		try (KafkaConsumer<String, byte[]> consumer = consumer(TestKafka.address(), name)) {
			consumer.subscribe(List.of(this.relay.topic()));
			List<Long> read = new CopyOnWriteArrayList<>();
			await().until(() -> {
				consumer.poll(Duration.ofMillis(100)).forEach((record) -> read.add(record.offset()));
				return read.size() == 4;
			});
			// As a listener does: behind the records, in front of the marker
			consumer.commitSync(Map.of(new TopicPartition(this.relay.topic(), 0), new OffsetAndMetadata(3)));
			Group group = group(name);
			assertThat(group.members()).singleElement().satisfies((member) -> {
				assertThat(member.client()).isEqualTo("client of " + name);
				assertThat(member.host()).isEqualTo("127.0.0.1");
				assertThat(member.partitions()).containsExactly(0, 1);
			});
			assertThat(group.progress().get(0).committed()).isEqualTo(3);
			assertThat(group.progress().get(0).lag()).isZero();
			assertThat(group.progress().get(1).committed()).isNull();
			assertThat(group.progress().get(1).lag()).isEqualTo(3);
			assertThat(group.progress().get(1).member()).isEqualTo("client of " + name);
			assertThat(group.lag()).isEqualTo(3);
			assertThat(group.deadLetters()).isNull();
		}
		assertThat(group(name).members()).isEmpty();
		assertThat(group(name).lag()).isEqualTo(3);
	}

	@Test
	void showsAFewGroupsAndCountsTheOthers() {
		IntStream.range(0, 5)
			.forEach((i) -> TestKafka.create(new NewTopic(this.relay.deadLetterTopic("group" + i), 1, (short) 1)));
		TopicState state = await().until(this.reader::read, (read) -> read.furtherGroups() == 3);
		assertThat(state.groups()).extracting(Group::name).containsExactly("group0", "group1");
		try (BrokerReader configured = reader(TestKafka.address(), List.of("group4"), 3)) {
			assertThat(configured.read().groups()).extracting(Group::name).containsExactly("group4");
		}
	}

	@Test
	void listsDeadLettersUntilTheyAreReplayed() {
		String topic = this.relay.deadLetterTopic("readers");
		TestKafka.create(new NewTopic(topic, 1, (short) 1));
		assertThat(group("readers").deadLetters()).isEqualTo(new TopicState.DeadLetters(List.of(), false));
		TestKafka.send(topic, "updates-0@1", new byte[10], "type", "taskEnd", "position", "17", "error",
				"x".repeat(2000));
		DeadLetter letter = group("readers").deadLetters().letters().get(0);
		assertThat(letter.key()).isEqualTo("updates-0@1");
		assertThat(letter.taskId()).isNull();
		assertThat(letter.type()).isEqualTo("taskEnd");
		assertThat(letter.position()).isEqualTo(17);
		assertThat(letter.error()).hasSize(500);
		assertThat(letter.at()).isBetween(Instant.now().minusSeconds(60), Instant.now());
		TestKafka.send(topic, "updates-0@1", null);
		assertThat(group("readers").deadLetters()).isEqualTo(new TopicState.DeadLetters(List.of(), false));
	}

	@Test
	void listsAFewDeadLettersAndTheOthersWhenThoseAreReplayed() {
		String topic = this.relay.deadLetterTopic("readers");
		TestKafka.create(new NewTopic(topic, 1, (short) 1));
		IntStream.range(0, 5).forEach((i) -> TestKafka.send(topic, "key" + i, new byte[1]));
		assertThat(group("readers").deadLetters().letters()).extracting(DeadLetter::key)
			.containsExactly("key0", "key1", "key2");
		assertThat(group("readers").deadLetters().more()).isTrue();
		IntStream.range(0, 2).forEach((i) -> TestKafka.send(topic, "key" + i, null));
		group("readers");
		assertThat(group("readers").deadLetters().letters()).extracting(DeadLetter::key)
			.containsExactly("key2", "key3", "key4");
		assertThat(group("readers").deadLetters().more()).isFalse();
	}

	@Test
	void saysSinceWhenTheBrokerCannotBeReadAndKeepsWhatItHasRead() {
		List<BrokerReader> readers = new CopyOnWriteArrayList<>(List.of(this.reader));
		SimpleMeterRegistry registry = new SimpleMeterRegistry();
		TestKafka.create(new NewTopic(this.relay.deadLetterTopic("readers"), 1, (short) 1));
		Monitor monitor = new Monitor(() -> readers.get(0), Duration.ofMillis(100),
				List.of(new MonitoringMetrics(registry)));
		try {
			monitor.start();
			await().until(() -> monitor.reading().state() != null);
			await().until(() -> registry.find("relay.group.lag").gauge() != null);
			assertThat(monitor.reading().failure()).isNull();
			monitor.stop();
			readers.set(0, reader("127.0.0.1:1", List.of(), 3));
			monitor.start();
			await().atMost(Duration.ofSeconds(30)).until(() -> monitor.reading().failure() != null);
			Reading first = monitor.reading();
			assertThat(first.state()).isNotNull();
			await().until(() -> monitor.reading() != first);
			assertThat(monitor.reading().failure().since()).isEqualTo(first.failure().since());
			assertThat(registry.find("relay.group.lag").gauge()).isNull();
		}
		finally {
			monitor.stop();
		}
	}

}
