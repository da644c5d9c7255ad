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

import tools.jackson.databind.json.JsonMapper;

import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.event.EventListener;

import cloud.requence.samples.benchmarks.WireUpdate.Received;

/**
 * Spring's decoder of events, with listeners that do more or less.
 */
final class ServerSentEventPipeline {

	private ServerSentEventPipeline() {
	}

	/**
	 * One listener that does not look at the payload.
	 */
	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Counting extends ServerSentEventListener {

		Counting(Probe probe) {
			super(probe);
		}

		@EventListener
		void on(Received event) {
			received(event);
		}

	}

	/**
	 * One listener that reads the payload.
	 */
	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Reading extends ServerSentEventListener {

		private final JsonMapper mapper;

		Reading(Probe probe, JsonMapper mapper) {
			super(probe);
			this.mapper = mapper;
		}

		@EventListener
		void on(Received event) {
			read(event, this.mapper);
			received(event);
		}

	}

}
