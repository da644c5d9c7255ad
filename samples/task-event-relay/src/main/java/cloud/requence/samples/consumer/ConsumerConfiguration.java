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

package cloud.requence.samples.consumer;

import java.util.Properties;

import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;

import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.kafka.config.TopicBuilder;
import org.springframework.kafka.core.ConsumerFactory;
import org.springframework.kafka.core.DefaultKafkaConsumerFactory;
import org.springframework.kafka.core.KafkaAdmin;
import org.springframework.kafka.core.KafkaTemplate;
import org.springframework.kafka.listener.ConcurrentMessageListenerContainer;
import org.springframework.kafka.listener.ContainerProperties;
import org.springframework.kafka.listener.DefaultErrorHandler;
import org.springframework.util.backoff.BackOff;
import org.springframework.util.backoff.ExponentialBackOff;

import cloud.requence.task.TaskPayloadException;
import cloud.requence.task.client.TaskClient;
import cloud.requence.task.client.TaskPlatformUnreachableException;

/**
 * The container that reads the partitions of the topic, and what follows a failure.
 */
@Configuration(proxyBeanMethods = false)
class ConsumerConfiguration {

	// What an instance that is killed has handled, and another one handles again, at most
	private static final String MAX_POLL_RECORDS = "100";

	private static final long MAX_DELAY_MILLIS = 30_000;

	private final ConsumerProperties properties;

	ConsumerConfiguration(ConsumerProperties properties) {
		this.properties = properties;
	}

	@Bean
	KafkaAdmin.NewTopics consumerTopics() {
		return new KafkaAdmin.NewTopics(
				TopicBuilder.name(this.properties.deadLetterTopic()).partitions(1).compact().build(),
				TopicBuilder.name(this.properties.replayTopic()).partitions(1).build());
	}

	@Bean
	UpdateRecordListener updateRecordListener(ApplicationContext context, TaskClient client) {
		return new UpdateRecordListener(context, client);
	}

	@Bean
	ConcurrentMessageListenerContainer<String, byte[]> updateContainer(ConsumerFactory<?, ?> defaults,
			KafkaTemplate<String, byte[]> template, UpdateRecordListener listener) {
		ContainerProperties settings = new ContainerProperties(this.properties.topic(), this.properties.replayTopic());
		settings.setGroupId(this.properties.group());
		settings.setMessageListener(listener);
		settings.setKafkaConsumerProperties(consumerProperties());
		ConcurrentMessageListenerContainer<String, byte[]> container = new ConcurrentMessageListenerContainer<>(
				new DefaultKafkaConsumerFactory<>(defaults.getConfigurationProperties(), new StringDeserializer(),
						new ByteArrayDeserializer()),
				settings);
		container.setConcurrency(this.properties.concurrency());
		container.setCommonErrorHandler(errorHandler(template));
		return container;
	}

	private static Properties consumerProperties() {
		Properties properties = new Properties();
		properties.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
		properties.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
		properties.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, MAX_POLL_RECORDS);
		properties.put(ConsumerConfig.PARTITION_ASSIGNMENT_STRATEGY_CONFIG, CooperativeStickyAssignor.class.getName());
		return properties;
	}

	private DefaultErrorHandler errorHandler(KafkaTemplate<String, byte[]> template) {
		DefaultErrorHandler handler = new DefaultErrorHandler(
				new DeadLetterRecoverer(template, this.properties.deadLetterTopic()),
				backOff(this.properties.maxRetries()));
		handler.addNotRetryableExceptions(TaskPayloadException.class);
		// The end was handled: it waits for the platform, and is no dead letter
		BackOff forever = backOff(Long.MAX_VALUE);
		handler.setBackOffFunction((record, failure) -> (failure instanceof TaskPlatformUnreachableException
				|| failure.getCause() instanceof TaskPlatformUnreachableException) ? forever : null);
		return handler;
	}

	private ExponentialBackOff backOff(long maxAttempts) {
		ExponentialBackOff backOff = new ExponentialBackOff(this.properties.retryDelay().toMillis(), 2);
		backOff.setMaxInterval(MAX_DELAY_MILLIS);
		backOff.setMaxAttempts(maxAttempts);
		return backOff;
	}

}
