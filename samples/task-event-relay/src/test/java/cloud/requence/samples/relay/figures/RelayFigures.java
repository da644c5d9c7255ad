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

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;

import cloud.requence.emulator.RequenceEmulator;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;

import static org.awaitility.Awaitility.await;

/**
 * Compares the relay with a transactional producer that writes the same records in
 * transactions of the same size. Both run alternately, with the emulator and the broker
 * in the same process.
 */
public final class RelayFigures {

	private static final Logger logger = LoggerFactory.getLogger(RelayFigures.class);

	private static final int TASKS = 10_000;

	private static final int PARTITIONS = 12;

	private static final int TRANSACTION_SIZE = 128;

	private static final int ROUNDS = 4;

	private RelayFigures() {
	}

	/**
	 * Print updates per second of each round. The first one is for warming up.
	 * @param args none
	 */
	public static void main(String[] args) {
		try (RequenceEmulator emulator = RequenceEmulator.builder().build().start()) {
			for (int i = 0; i < TASKS; i++) {
				emulator.task("invoice")
					.input(Map.of("number", i, "text", "x".repeat(200)))
					.start()
					.nodeStart("a")
					.nodeUpdate("a", i)
					.end("done");
			}
			for (int round = 0; round < ROUNDS; round++) {
				List<ConsumerRecord<String, byte[]>> relayed = relay(emulator);
				List<ConsumerRecord<String, byte[]>> produced = produce(relayed);
				logger.info("Round {}: relay {}/s, producer {}/s", round, perSecond(relayed), perSecond(produced));
			}
		}
		System.exit(0);
	}

	private static List<ConsumerRecord<String, byte[]>> relay(RequenceEmulator emulator) {
		String name = TestKafka.uniqueName();
		ConfigurableApplicationContext relay = new SpringApplicationBuilder(EventRelayApplication.class)
			.web(WebApplicationType.NONE)
			.run("--spring.kafka.bootstrap-servers=" + TestKafka.address(), "--relay.name=" + name,
					"--relay.topic=" + name, "--relay.partitions=" + PARTITIONS, "--requence.task.since=1h",
					"--requence.task.listener.transaction-size=" + TRANSACTION_SIZE,
					"--requence.task.access-token=" + emulator.accessToken());
		try {
			await().atMost(Duration.ofMinutes(5))
				.pollInterval(Duration.ofSeconds(3))
				.until(() -> TestKafka.read(name).size() == emulator.lastPosition());
		}
		finally {
			relay.close();
		}
		return TestKafka.read(name);
	}

	private static List<ConsumerRecord<String, byte[]>> produce(List<ConsumerRecord<String, byte[]>> records) {
		String topic = TestKafka.uniqueName();
		TestKafka.create(new NewTopic(topic, PARTITIONS, (short) 1));
		try (KafkaProducer<String, byte[]> producer = new KafkaProducer<>(Map.of("bootstrap.servers",
				TestKafka.address(), "transactional.id", topic, "acks", "all", "linger.ms", "5"),
				new StringSerializer(), new ByteArraySerializer())) {
			producer.initTransactions();
			for (int i = 0; i < records.size(); i += TRANSACTION_SIZE) {
				producer.beginTransaction();
				records.subList(i, Math.min(records.size(), i + TRANSACTION_SIZE))
					.forEach((record) -> producer
						.send(new ProducerRecord<>(topic, null, record.key(), record.value(), record.headers())));
				producer.commitTransaction();
			}
		}
		return TestKafka.read(topic);
	}

	private static long perSecond(List<ConsumerRecord<String, byte[]>> records) {
		LongStream times = records.stream().mapToLong(ConsumerRecord::timestamp);
		var statistics = times.summaryStatistics();
		return records.size() * 1000L / Math.max(1, statistics.getMax() - statistics.getMin());
	}

}
