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

package cloud.requence.samples.relay.demo;

import java.time.Clock;
import java.util.List;

import cloud.requence.emulator.RequenceEmulator;

import org.springframework.boot.autoconfigure.condition.ConditionalOnExpression;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.kafka.test.EmbeddedKafkaBroker;

import cloud.requence.samples.relay.RelayProperties;

/**
 * Starts consumers in this process if both the broker and the emulator are in it.
 */
@Configuration(proxyBeanMethods = false)
@ConditionalOnWebApplication
@ConditionalOnProperty(name = "spring.kafka.bootstrap-servers", matchIfMissing = true, havingValue = "embedded")
@ConditionalOnExpression("'${requence.task.access-token:}${requence.access-token:}'.isBlank()")
class DemoConfiguration {

	@Bean
	DemoConsumers demoConsumers(DemoProperties demo, RelayProperties relay, EmbeddedKafkaBroker broker,
			RequenceEmulator emulator) {
		InvoiceSystem system = new InvoiceSystem(Clock.systemUTC());
		return new DemoConsumers(demo.consumers(), system,
				(number) -> List.of("--spring.kafka.bootstrap-servers=" + broker.getBrokersAsString(),
						"--spring.kafka.client-id=demo-consumer-" + number,
						"--requence.task.access-token=" + emulator.accessToken(),
						"--requence.task.kafka.topic=" + relay.topic(), "--requence.task.listener.retry.delay=200ms"));
	}

}
