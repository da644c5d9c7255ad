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

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

import org.springframework.kafka.core.ConsumerFactory;
import org.springframework.kafka.core.DefaultKafkaConsumerFactory;
import org.springframework.kafka.listener.ConcurrentMessageListenerContainer;
import org.springframework.kafka.listener.ContainerProperties;
import org.springframework.kafka.listener.DefaultErrorHandler;
import org.springframework.util.backoff.FixedBackOff;

/**
 * How the consumers of updates are configured: on top of what the application has set for
 * its consumers, without its deserializers.
 */
final class UpdateConsumers {

	// What an instance that is killed has handled, and another one handles again, at most
	private static final int MAX_POLL_RECORDS = 100;

	// Also how precise the delays of retries are
	private static final Duration POLL_TIMEOUT = Duration.ofMillis(100);

	private static final Duration AUTHORIZATION_RETRY = Duration.ofSeconds(30);

	private static final Duration FAILURE_RETRY = Duration.ofSeconds(1);

	private static final long DEFAULT_MAX_POLL_INTERVAL = 300_000;

	private final KafkaSettings settings;

	private final Map<String, Object> configuration;

	UpdateConsumers(KafkaSettings settings) {
		this.settings = settings;
		this.configuration = new HashMap<>(settings.consumer());
		this.configuration.put(ConsumerConfig.GROUP_ID_CONFIG, settings.groupId());
		this.configuration.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
		this.configuration.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
		this.configuration.putIfAbsent(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
		this.configuration.putIfAbsent(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, MAX_POLL_RECORDS);
		if (!"consumer"
			.equalsIgnoreCase(String.valueOf(this.configuration.get(ConsumerConfig.GROUP_PROTOCOL_CONFIG)))) {
			this.configuration.putIfAbsent(ConsumerConfig.PARTITION_ASSIGNMENT_STRATEGY_CONFIG,
					CooperativeStickyAssignor.class.getName());
		}
	}

	/**
	 * Return after which time a consumer that does not poll loses its partitions.
	 */
	Duration maxPollInterval() {
		Object interval = this.configuration.get(ConsumerConfig.MAX_POLL_INTERVAL_MS_CONFIG);
		return Duration
			.ofMillis((interval != null) ? Long.parseLong(interval.toString().strip()) : DEFAULT_MAX_POLL_INTERVAL);
	}

	/**
	 * Return settings that let a listener commit the offsets, or have a record read
	 * again.
	 */
	ContainerProperties containerProperties() {
		ContainerProperties properties = new ContainerProperties(this.settings.topics());
		properties.setGroupId(this.settings.groupId());
		properties.setAckMode(ContainerProperties.AckMode.MANUAL);
		// A commit that throws in the consumer's thread would keep it from reading a
		// record again
		properties.setSyncCommits(false);
		properties.setPollTimeout(POLL_TIMEOUT.toMillis());
		properties.setStopImmediate(true);
		properties.setPauseImmediate(true);
		properties.setAuthExceptionRetryInterval(AUTHORIZATION_RETRY);
		return properties;
	}

	ConsumerFactory<byte[], byte[]> factory(List<? extends ConsumerFactory.Listener<?, ?>> listeners) {
		DefaultKafkaConsumerFactory<byte[], byte[]> consumers = new DefaultKafkaConsumerFactory<>(this.configuration,
				new ByteArrayDeserializer(), new ByteArrayDeserializer());
		listeners.forEach((listener) -> consumers.addListener(adapt(listener)));
		return consumers;
	}

	ConcurrentMessageListenerContainer<byte[], byte[]> container(ConsumerFactory<byte[], byte[]> consumers,
			ContainerProperties properties) {
		ConcurrentMessageListenerContainer<byte[], byte[]> container = new ConcurrentMessageListenerContainer<>(
				consumers, properties);
		container.setConcurrency(this.settings.concurrency());
		// Its listener decides what is skipped, and nothing else does
		container.setCommonErrorHandler(
				new DefaultErrorHandler(new FixedBackOff(FAILURE_RETRY.toMillis(), FixedBackOff.UNLIMITED_ATTEMPTS)));
		return container;
	}

	// They see consumers, and no records
	@SuppressWarnings("unchecked")
	private static ConsumerFactory.Listener<byte[], byte[]> adapt(ConsumerFactory.Listener<?, ?> listener) {
		return (ConsumerFactory.Listener<byte[], byte[]>) listener;
	}

}
