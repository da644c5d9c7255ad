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

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

import io.micrometer.core.instrument.MeterRegistry;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;

import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.kafka.core.ConsumerFactory;
import org.springframework.kafka.core.KafkaAdmin;

import cloud.requence.samples.relay.RelayProperties;
import cloud.requence.samples.relay.monitoring.Reading.Failure;

/**
 * The monitor, and what it reports to.
 */
@Configuration(proxyBeanMethods = false)
@ConditionalOnWebApplication
class MonitoringConfiguration {

	private static final int MAX_PARTITION_FETCH = 64 * 1024;

	private static final int MAX_FETCH = 4 * 1024 * 1024;

	@Bean
	MonitoringMetrics monitoringMetrics(MeterRegistry registry) {
		return new MonitoringMetrics(registry);
	}

	@Bean
	Monitor monitor(RelayProperties relay, MonitoringProperties properties, KafkaAdmin admin,
			ConsumerFactory<?, ?> consumers, List<Consumer<Reading>> listeners) {
		Map<String, Object> adminSettings = withTimeouts(admin.getConfigurationProperties(), properties);
		Map<String, Object> consumerSettings = withTimeouts(consumers.getConfigurationProperties(), properties);
		consumerSettings.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
		consumerSettings.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
		consumerSettings.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
		consumerSettings.put(ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG, MAX_PARTITION_FETCH);
		consumerSettings.put(ConsumerConfig.FETCH_MAX_BYTES_CONFIG, MAX_FETCH);
		return new Monitor(
				() -> new BrokerReader(relay, properties, Admin.create(adminSettings),
						new KafkaConsumer<>(consumerSettings, new StringDeserializer(), new ByteArrayDeserializer())),
				properties.interval(), listeners);
	}

	private static Map<String, Object> withTimeouts(Map<String, Object> defaults, MonitoringProperties properties) {
		Map<String, Object> settings = new HashMap<>(defaults);
		int timeout = (int) properties.timeout().toMillis();
		settings.put(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, timeout);
		settings.put(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, timeout);
		return settings;
	}

	/**
	 * Up if the broker can be read. What it says was read before.
	 */
	@Bean
	HealthIndicator kafkaHealthIndicator(Monitor monitor) {
		return () -> {
			Reading reading = monitor.reading();
			Failure failure = reading.failure();
			if (failure != null) {
				return Health.down()
					.withDetail("since", failure.since())
					.withDetail("reason", failure.reason())
					.build();
			}
			return (reading.state() != null) ? Health.up().withDetail("readAt", reading.state().at()).build()
					: Health.unknown().build();
		};
	}

}
