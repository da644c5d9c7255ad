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

package cloud.requence.samples.relay.figures;

import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.LongSummaryStatistics;
import java.util.Map;
import java.util.Objects;

import org.apache.kafka.clients.admin.Admin;
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

import cloud.requence.samples.relay.EventRelayApplication;
import cloud.requence.samples.relay.TestKafka;
import cloud.requence.task.TaskWatcher;

import static org.awaitility.Awaitility.await;

/**
 * Compares the relay with a transactional producer that writes the same records, in the
 * order of the stream, in transactions of the same size. Both run alternately in this
 * process; the broker has one of its own.
 */
public final class RelayFigures {

	private static final Logger logger = LoggerFactory.getLogger(RelayFigures.class);

	private static final int TASKS = 40_000;

	private static final int PARTITIONS = 12;

	private static final int TRANSACTION_SIZE = 128;

	private static final int WARM_UP = 2;

	private static final int ROUNDS = 5;

	private final String broker;

	private RelayFigures(String broker) {
		this.broker = broker;
	}

	/**
	 * Print updates per second of each round, after those for warming up.
	 * @param args none
	 */
	public static void main(String[] args) throws IOException, InterruptedException {
		try (Broker broker = new Broker(Files.createTempDirectory("relay-figures"));
				RecordedPlatform platform = RecordedPlatform.record(TASKS)) {
			RelayFigures figures = new RelayFigures(broker.address());
			for (int round = -WARM_UP; round < ROUNDS; round++) {
				List<ConsumerRecord<String, byte[]>> relayed = figures.relay(platform);
				List<ConsumerRecord<String, byte[]>> produced = figures.produce(relayed);
				logger.info("Round {}: relay {}/s, producer {}/s, {} %", round + 1, perSecond(relayed),
						perSecond(produced), 100 * perSecond(relayed) / perSecond(produced));
			}
		}
		System.exit(0);
	}

	private List<ConsumerRecord<String, byte[]>> relay(RecordedPlatform platform) {
		String name = TestKafka.uniqueName();
		try (ConfigurableApplicationContext relay = new SpringApplicationBuilder(EventRelayApplication.class)
			.web(WebApplicationType.NONE)
			.run("--spring.kafka.bootstrap-servers=" + this.broker, "--relay.name=" + name, "--relay.topic=" + name,
					"--relay.partitions=" + PARTITIONS, "--requence.task.since=1h",
					"--requence.task.listener.transaction-size=" + TRANSACTION_SIZE,
					"--requence.task.access-token=" + platform.accessToken())) {
			TaskWatcher watcher = relay.getBean(TaskWatcher.class);
			await().atMost(Duration.ofMinutes(5))
				.until(() -> Objects.equals(watcher.status().deliveredPosition(), platform.updates()));
		}
		return TestKafka.read(this.broker, name)
			.stream()
			.sorted(Comparator.comparingLong(TestKafka::position))
			.toList();
	}

	private List<ConsumerRecord<String, byte[]>> produce(List<ConsumerRecord<String, byte[]>> records) {
		String topic = TestKafka.uniqueName();
		try (Admin admin = Admin.create(Map.of("bootstrap.servers", this.broker))) {
			admin.createTopics(List.of(new NewTopic(topic, PARTITIONS, (short) 1)))
				.all()
				.toCompletionStage()
				.toCompletableFuture()
				.join();
		}
		try (KafkaProducer<String, byte[]> producer = new KafkaProducer<>(
				Map.of("bootstrap.servers", this.broker, "transactional.id", topic, "acks", "all", "linger.ms", "5"),
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
		return TestKafka.read(this.broker, topic);
	}

	private static long perSecond(List<ConsumerRecord<String, byte[]>> records) {
		LongSummaryStatistics times = records.stream().mapToLong(ConsumerRecord::timestamp).summaryStatistics();
		return records.size() * 1000L / Math.max(1, times.getMax() - times.getMin());
	}

}
