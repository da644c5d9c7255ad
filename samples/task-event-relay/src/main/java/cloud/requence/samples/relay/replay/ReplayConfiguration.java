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

package cloud.requence.samples.relay.replay;

import java.time.Duration;

import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.kafka.core.ConsumerFactory;
import org.springframework.kafka.core.ProducerFactory;

import cloud.requence.samples.relay.RelayProperties;

/**
 * Replays with the settings that all clients have.
 */
@Configuration(proxyBeanMethods = false)
@ConditionalOnWebApplication
class ReplayConfiguration {

	private static final Duration TIME_LIMIT = Duration.ofSeconds(20);

	@Bean
	DeadLetterReplay deadLetterReplay(RelayProperties relay, ProducerFactory<?, ?> producers,
			ConsumerFactory<?, ?> consumers) {
		return new DeadLetterReplay(relay, producers.getConfigurationProperties(),
				consumers.getConfigurationProperties(), TIME_LIMIT);
	}

}
