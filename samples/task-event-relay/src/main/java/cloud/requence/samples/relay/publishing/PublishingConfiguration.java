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

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.kafka.config.TopicBuilder;
import org.springframework.kafka.core.ConsumerFactory;
import org.springframework.kafka.core.DefaultKafkaConsumerFactory;
import org.springframework.kafka.core.DefaultKafkaProducerFactory;
import org.springframework.kafka.core.DefaultTransactionIdSuffixStrategy;
import org.springframework.kafka.core.KafkaAdmin;
import org.springframework.kafka.core.KafkaTemplate;
import org.springframework.kafka.core.ProducerFactory;
import org.springframework.kafka.transaction.KafkaTransactionManager;
import org.springframework.scheduling.concurrent.SimpleAsyncTaskScheduler;
import org.springframework.transaction.support.AbstractPlatformTransactionManager;

import cloud.requence.samples.relay.RelayProperties;
import cloud.requence.task.CheckpointStore;
import cloud.requence.task.Leadership;
import cloud.requence.task.TaskUpdateHandler;

/**
 * A producer with a fixed {@code transactional.id}, the manager of its transactions, and
 * what takes part in them.
 */
@Configuration(proxyBeanMethods = false)
class PublishingConfiguration {

	private static final int BLOCK_MILLIS = (int) Duration.ofSeconds(10).toMillis();

	private static final int TRANSACTION_MILLIS = (int) Duration.ofSeconds(30).toMillis();

	// A broker that cannot be reached must not hold the delivery for minutes
	private static final Map<String, Object> PRODUCER = Map.of(ProducerConfig.ACKS_CONFIG, "all",
			ProducerConfig.MAX_BLOCK_MS_CONFIG, BLOCK_MILLIS, ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, BLOCK_MILLIS,
			ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, TRANSACTION_MILLIS, ProducerConfig.TRANSACTION_TIMEOUT_CONFIG,
			TRANSACTION_MILLIS, ProducerConfig.LINGER_MS_CONFIG, 5);

	private static final Duration ELECTION_PAUSE = Duration.ofSeconds(10);

	private static final String SEGMENT_BYTES = String.valueOf(16 * 1024 * 1024);

	private static final String SEGMENT_MILLIS = String.valueOf(Duration.ofMinutes(10).toMillis());

	private static final int DEFAULT_MAX_REQUEST_SIZE = 1024 * 1024;

	private final RelayProperties properties;

	PublishingConfiguration(RelayProperties properties) {
		this.properties = properties;
	}

	@Bean
	KafkaAdmin.NewTopics relayTopics() {
		return new KafkaAdmin.NewTopics(
				this.properties.withReplicas(TopicBuilder.name(this.properties.topic()))
					.partitions(this.properties.partitions())
					.build(),
				this.properties.withReplicas(TopicBuilder.name(this.properties.checkpointTopic()))
					.partitions(1)
					.compact()
					.config(TopicConfig.SEGMENT_BYTES_CONFIG, SEGMENT_BYTES)
					.config(TopicConfig.SEGMENT_MS_CONFIG, SEGMENT_MILLIS)
					.build());
	}

	@Bean(defaultCandidate = false)
	DefaultKafkaProducerFactory<String, byte[]> relayProducerFactory(ProducerFactory<?, ?> defaults) {
		Map<String, Object> settings = new HashMap<>(defaults.getConfigurationProperties());
		settings.putAll(PRODUCER);
		DefaultKafkaProducerFactory<String, byte[]> factory = new DefaultKafkaProducerFactory<>(settings,
				new StringSerializer(), new ByteArraySerializer());
		factory.setTransactionIdPrefix(this.properties.name() + ".");
		// One producer, and so one transactional.id for all instances
		factory.setTransactionIdSuffixStrategy(new DefaultTransactionIdSuffixStrategy(1));
		return factory;
	}

	@Bean(defaultCandidate = false)
	KafkaTemplate<String, byte[]> relayTemplate(
			@Qualifier("relayProducerFactory") ProducerFactory<String, byte[]> producers) {
		return new KafkaTemplate<>(producers);
	}

	@Bean
	KafkaTransactionManager<String, byte[]> relayTransactionManager(
			@Qualifier("relayProducerFactory") ProducerFactory<String, byte[]> producers) {
		KafkaTransactionManager<String, byte[]> manager = new KafkaTransactionManager<>(producers);
		// The checkpoint has to hear of rollbacks
		manager.setTransactionSynchronization(AbstractPlatformTransactionManager.SYNCHRONIZATION_ALWAYS);
		return manager;
	}

	@Bean(defaultCandidate = false)
	DefaultKafkaConsumerFactory<String, byte[]> relayConsumerFactory(ConsumerFactory<?, ?> defaults) {
		return new DefaultKafkaConsumerFactory<>(defaults.getConfigurationProperties(), new StringDeserializer(),
				new ByteArrayDeserializer());
	}

	@Bean
	CheckpointStore relayCheckpointStore(@Qualifier("relayConsumerFactory") ConsumerFactory<String, byte[]> consumers,
			@Qualifier("relayTemplate") KafkaTemplate<String, byte[]> template) {
		return new KafkaCheckpointStore(new CheckpointTopic(consumers, this.properties.checkpointTopic()),
				this.properties.name(), template);
	}

	@Bean(defaultCandidate = false)
	SimpleAsyncTaskScheduler relayScheduler() {
		SimpleAsyncTaskScheduler scheduler = new SimpleAsyncTaskScheduler();
		scheduler.setThreadNamePrefix("relay-");
		scheduler.setDaemon(true);
		return scheduler;
	}

	@Bean
	Leadership relayLeadership(@Qualifier("relayConsumerFactory") ConsumerFactory<String, byte[]> consumers,
			@Qualifier("relayScheduler") SimpleAsyncTaskScheduler scheduler) {
		return new KafkaLeadership(consumers, this.properties.checkpointTopic(), this.properties.leaderGroup(),
				this.properties.sessionTimeout(), scheduler, ELECTION_PAUSE);
	}

	@Bean
	TaskUpdateHandler relayHandler(@Qualifier("relayTemplate") KafkaTemplate<String, byte[]> template) {
		return new UpdatePublisher(template, this.properties.topic(), maxRequestSize(template));
	}

	private static int maxRequestSize(KafkaTemplate<?, ?> template) {
		Object size = template.getProducerFactory()
			.getConfigurationProperties()
			.getOrDefault(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, DEFAULT_MAX_REQUEST_SIZE);
		return Integer.parseInt(size.toString());
	}

}
