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

package cloud.requence.samples.benchmarks;

import java.net.URI;

import com.launchdarkly.eventsource.ConnectStrategy;
import com.launchdarkly.eventsource.EventSource;
import com.launchdarkly.eventsource.MessageEvent;
import okhttp3.MediaType;
import okhttp3.RequestBody;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.ApplicationContext;
import org.springframework.context.SmartLifecycle;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.event.EventListener;
import org.springframework.core.env.Environment;

import cloud.requence.samples.benchmarks.WireUpdate.Received;

/**
 * A library for event streams, and Jackson, published to a listener.
 */
@Configuration(proxyBeanMethods = false)
@EnableAutoConfiguration
class EventSourcePipeline {

	private final Probe probe;

	EventSourcePipeline(Probe probe) {
		this.probe = probe;
	}

	@Bean
	SmartLifecycle stream(Environment environment, ApplicationContext context, JsonMapper mapper) {
		URI address = URI.create(environment.getRequiredProperty("benchmark.address") + "/task/watch-all");
		return new Background(() -> {
			ConnectStrategy strategy = ConnectStrategy.http(address)
				.methodAndBody("POST", RequestBody.create("{}", MediaType.get("application/json")));
			try (EventSource source = new EventSource.Builder(strategy).build()) {
				for (MessageEvent message : source.messages()) {
					context.publishEvent(new Received(Long.parseLong(message.getLastEventId()),
							mapper.readValue(message.getData(), WireUpdate.class)));
				}
			}
		});
	}

	@EventListener
	void on(Received event) {
		this.probe.received(event.position());
	}

}
