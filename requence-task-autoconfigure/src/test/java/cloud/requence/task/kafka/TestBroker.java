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

package cloud.requence.task.kafka;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ExecutionException;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jspecify.annotations.Nullable;

import org.springframework.kafka.test.EmbeddedKafkaBroker;
import org.springframework.kafka.test.EmbeddedKafkaKraftBroker;

import cloud.requence.task.TaskUpdate;
import cloud.requence.task.TaskUpdateJson;

/**
 * A broker for all tests, which use topics of their own.
 */
final class TestBroker {

	// One node stores one replica, and is ready at once
	private static final Map<String, String> SINGLE_NODE = Map.of("offsets.topic.num.partitions", "5",
			"transaction.state.log.num.partitions", "5", "transaction.state.log.replication.factor", "1",
			"transaction.state.log.min.isr", "1", "group.initial.rebalance.delay.ms", "0",
			"group.min.session.timeout.ms", "500", "auto.create.topics.enable", "false");

	private static final EmbeddedKafkaBroker BROKER = start();

	private TestBroker() {
	}

	private static EmbeddedKafkaBroker start() {
		EmbeddedKafkaBroker broker = new EmbeddedKafkaKraftBroker(1, 1).brokerProperties(SINGLE_NODE);
		broker.afterPropertiesSet();
		Runtime.getRuntime().addShutdownHook(new Thread(broker::destroy));
		return broker;
	}

	static String address() {
		return BROKER.getBrokersAsString();
	}

	/**
	 * Create a topic with a name that no other has.
	 */
	static String newTopic(int partitions) {
		String name = "updates-" + UUID.randomUUID().toString().substring(0, 8);
		BROKER.addTopics(new NewTopic(name, partitions, (short) 1));
		return name;
	}

	/**
	 * Return the policy by which records of a topic are removed, if there is the topic.
	 */
	static Optional<String> cleanupPolicy(String topic) {
		ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
		try (Admin admin = Admin.create(Map.of("bootstrap.servers", address()))) {
			return Optional
				.of(admin.describeConfigs(List.of(resource)).all().get().get(resource).get("cleanup.policy").value());
		}
		catch (ExecutionException ex) {
			return Optional.empty();
		}
		catch (InterruptedException ex) {
			throw new IllegalStateException(ex);
		}
	}

	static void send(String topic, TaskUpdate... updates) {
		for (TaskUpdate update : updates) {
			send(topic, update.taskId(), TaskUpdateJson.withContext().write(update).getBytes(StandardCharsets.UTF_8));
		}
	}

	static void send(String topic, String key, byte @Nullable [] value) {
		try (KafkaProducer<String, byte[]> producer = producer(Map.of())) {
			producer.send(new ProducerRecord<>(topic, key, value));
		}
	}

	/**
	 * Write records in a transaction that is rolled back.
	 */
	static void sendAndRollBack(String topic, TaskUpdate update) {
		try (KafkaProducer<String, byte[]> producer = producer(Map.of("transactional.id", topic))) {
			producer.initTransactions();
			producer.beginTransaction();
			producer.send(new ProducerRecord<>(topic, update.taskId(),
					TaskUpdateJson.withContext().write(update).getBytes(StandardCharsets.UTF_8)));
			producer.flush();
			producer.abortTransaction();
		}
	}

	private static KafkaProducer<String, byte[]> producer(Map<String, Object> further) {
		Map<String, Object> configuration = new HashMap<>(further);
		configuration.put("bootstrap.servers", address());
		configuration.put("max.request.size", 20_000_000);
		return new KafkaProducer<>(configuration, new StringSerializer(), new ByteArraySerializer());
	}

	/**
	 * Read what a topic holds.
	 */
	static List<ConsumerRecord<String, byte[]>> read(String topic) {
		List<ConsumerRecord<String, byte[]>> records = new ArrayList<>();
		try (KafkaConsumer<String, byte[]> consumer = new KafkaConsumer<>(Map
			.of(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, address(), ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, "false"),
				new StringDeserializer(), new ByteArrayDeserializer())) {
			List<TopicPartition> partitions = consumer.partitionsFor(topic)
				.stream()
				.map((info) -> new TopicPartition(topic, info.partition()))
				.toList();
			consumer.assign(partitions);
			consumer.seekToBeginning(partitions);
			Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
			while (ends.entrySet().stream().anyMatch((end) -> consumer.position(end.getKey()) < end.getValue())) {
				consumer.poll(Duration.ofMillis(50)).forEach(records::add);
			}
		}
		return records;
	}

	static @Nullable String header(ConsumerRecord<?, ?> record, String name) {
		Header header = record.headers().lastHeader(name);
		return (header != null) ? new String(header.value(), StandardCharsets.UTF_8) : null;
	}

}
