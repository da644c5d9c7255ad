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

import java.util.List;
import java.util.Map;

import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.kafka.autoconfigure.KafkaConnectionDetails;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.kafka.test.EmbeddedKafkaBroker;
import org.springframework.kafka.test.EmbeddedKafkaKraftBroker;

/**
 * Without the address of a broker, one in this process. It forgets everything when it
 * ends.
 */
@Configuration(proxyBeanMethods = false)
@ConditionalOnProperty(name = "spring.kafka.bootstrap-servers", matchIfMissing = true, havingValue = "embedded")
class EmbeddedBrokerConfiguration {

	// One node stores one replica, and is ready at once
	private static final Map<String, String> SINGLE_NODE = Map.of("offsets.topic.num.partitions", "5",
			"transaction.state.log.num.partitions", "5", "transaction.state.log.replication.factor", "1",
			"transaction.state.log.min.isr", "1", "group.initial.rebalance.delay.ms", "0",
			"group.min.session.timeout.ms", "500", "auto.create.topics.enable", "false");

	@Bean(destroyMethod = "destroy")
	EmbeddedKafkaBroker embeddedKafkaBroker() {
		return newBroker();
	}

	@Bean
	KafkaConnectionDetails embeddedKafkaConnectionDetails(EmbeddedKafkaBroker broker) {
		return () -> List.of(broker.getBrokersAsString());
	}

	/**
	 * Create a broker that Spring starts, or the caller with
	 * {@link EmbeddedKafkaBroker#afterPropertiesSet()}.
	 */
	static EmbeddedKafkaBroker newBroker() {
		return new EmbeddedKafkaKraftBroker(1, 1).brokerProperties(SINGLE_NODE);
	}

}
