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

import reactor.core.publisher.Flux;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.context.ApplicationContext;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.SmartLifecycle;
import org.springframework.context.annotation.Bean;
import org.springframework.core.ParameterizedTypeReference;
import org.springframework.core.env.Environment;
import org.springframework.http.MediaType;
import org.springframework.http.codec.ServerSentEvent;
import org.springframework.web.reactive.function.client.WebClient;

import cloud.requence.samples.benchmarks.WireUpdate.Received;

/**
 * What Spring brings: events with records, on Reactor Netty, published to a listener.
 */
abstract class ServerSentEventListener {

	private final Probe probe;

	ServerSentEventListener(Probe probe) {
		this.probe = probe;
	}

	@Bean
	SmartLifecycle stream(Environment environment, ApplicationContext context) {
		URI address = URI.create(environment.getRequiredProperty("benchmark.address") + "/task/watch-all");
		return new Background(() -> events(address).doOnNext((event) -> publish(event, context)).blockLast());
	}

	private static Flux<ServerSentEvent<WireUpdate>> events(URI address) {
		return WebClient.builder()
			.codecs((codecs) -> codecs.defaultCodecs().maxInMemorySize(1024 * 1024))
			.build()
			.post()
			.uri(address)
			.contentType(MediaType.APPLICATION_JSON)
			.accept(MediaType.TEXT_EVENT_STREAM)
			.bodyValue("{}")
			.retrieve()
			.bodyToFlux(new ParameterizedTypeReference<ServerSentEvent<WireUpdate>>() {
			});
	}

	private static void publish(ServerSentEvent<WireUpdate> event, ApplicationEventPublisher publisher) {
		String id = event.id();
		WireUpdate update = event.data();
		if (id != null && update != null) {
			publisher.publishEvent(new Received(Long.parseLong(id), update));
		}
	}

	void received(Received event) {
		this.probe.received(event.position());
	}

	void read(Received event, JsonMapper mapper) {
		JsonNode payload = event.update().payload();
		this.probe.keep(mapper.treeToValue(payload, Order.class));
	}

}
