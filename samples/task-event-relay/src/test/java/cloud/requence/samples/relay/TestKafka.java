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

package cloud.requence.samples.relay;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jspecify.annotations.Nullable;

import org.springframework.kafka.test.EmbeddedKafkaBroker;

/**
 * A broker for all tests, which use topics of their own, and what it holds.
 */
public final class TestKafka {

	private TestKafka() {
	}

	private static EmbeddedKafkaBroker start() {
		EmbeddedKafkaBroker broker = EmbeddedBrokerConfiguration.newBroker();
		broker.afterPropertiesSet();
		Runtime.getRuntime().addShutdownHook(new Thread(broker::destroy));
		return broker;
	}

	/**
	 * Start a broker that tells its clients another port, such as that of a network in
	 * front of it.
	 */
	public static EmbeddedKafkaBroker newBroker(int port) {
		EmbeddedKafkaBroker broker = EmbeddedBrokerConfiguration.newBroker()
			.brokerProperties(Map.of("advertised.listeners", "EXTERNAL://localhost:" + port));
		broker.afterPropertiesSet();
		return broker;
	}

	/**
	 * Return the port that a broker listens on.
	 */
	public static int port(EmbeddedKafkaBroker broker) {
		String address = broker.getBrokersAsString();
		return Integer.parseInt(address.substring(address.lastIndexOf(':') + 1));
	}

	/**
	 * Return the address of the broker.
	 */
	public static String address() {
		return Shared.BROKER.getBrokersAsString();
	}

	/**
	 * Return a name that nothing else has.
	 */
	public static String uniqueName() {
		return "relay-" + UUID.randomUUID().toString().substring(0, 8);
	}

	/**
	 * Create a topic.
	 */
	public static void create(NewTopic topic) {
		Shared.BROKER.addTopics(topic);
	}

	/**
	 * Return whether another broker has a topic.
	 */
	public static boolean exists(String address, String topic) throws Exception {
		try (Admin admin = Admin.create(Map.of("bootstrap.servers", address))) {
			return admin.listTopics().names().get().contains(topic);
		}
	}

	/**
	 * Read what was committed to a topic until now.
	 */
	public static List<ConsumerRecord<String, byte[]>> read(String topic) {
		synchronized (Shared.CONSUMER) {
			return read(Shared.CONSUMER, topic);
		}
	}

	/**
	 * Read what was committed to a topic of another broker until now.
	 */
	public static List<ConsumerRecord<String, byte[]>> read(String address, String topic) {
		try (KafkaConsumer<String, byte[]> consumer = consumer(address)) {
			return read(consumer, topic);
		}
	}

	private static List<ConsumerRecord<String, byte[]>> read(KafkaConsumer<String, byte[]> consumer, String topic) {
		List<ConsumerRecord<String, byte[]>> records = new ArrayList<>();
		List<TopicPartition> partitions = consumer.partitionsFor(topic)
			.stream()
			.map((info) -> new TopicPartition(topic, info.partition()))
			.toList();
		consumer.assign(partitions);
		consumer.seekToBeginning(partitions);
		Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
		while (ends.entrySet().stream().anyMatch((end) -> consumer.position(end.getKey()) < end.getValue())) {
			consumer.poll(Duration.ofMillis(100)).forEach(records::add);
		}
		return records;
	}

	/**
	 * Return the position of the update in a record of the relay.
	 */
	public static long position(ConsumerRecord<String, byte[]> record) {
		return Long.parseLong(new String(record.headers().lastHeader("position").value(), StandardCharsets.UTF_8));
	}

	/**
	 * Write a record with headers, whose names and values alternate.
	 */
	public static void send(String topic, String key, byte @Nullable [] value, String... headers) {
		ProducerRecord<String, byte[]> record = new ProducerRecord<>(topic, key, value);
		for (int i = 0; i < headers.length; i += 2) {
			record.headers().add(headers[i], headers[i + 1].getBytes(StandardCharsets.UTF_8));
		}
		Shared.PRODUCER.send(record);
		Shared.PRODUCER.flush();
	}

	private static KafkaConsumer<String, byte[]> consumer(String address) {
		return new KafkaConsumer<>(
				Map.of(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, address, ConsumerConfig.ISOLATION_LEVEL_CONFIG,
						"read_committed", ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, "false"),
				new StringDeserializer(), new ByteArrayDeserializer());
	}

	/**
	 * The broker, which starts when it is needed, and its clients, as tests read many
	 * times and write many records.
	 */
	private static final class Shared {

		private static final EmbeddedKafkaBroker BROKER = start();

		private static final KafkaConsumer<String, byte[]> CONSUMER = consumer(BROKER.getBrokersAsString());

		private static final KafkaProducer<String, byte[]> PRODUCER = new KafkaProducer<>(
				Map.of("bootstrap.servers", BROKER.getBrokersAsString()), new StringSerializer(),
				new ByteArraySerializer());

	}

}
