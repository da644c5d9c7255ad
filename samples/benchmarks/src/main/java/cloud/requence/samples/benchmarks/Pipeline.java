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

import java.util.List;
import java.util.Map;

/**
 * A way to watch tasks. Each has one listener that is called for every update.
 */
enum Pipeline {

	/** The least that it can take: a socket, and a parser that looks at the envelope. */
	SOCKET("socket, envelope only", SocketPipeline.class),

	/** The starter as it comes. */
	STARTER("starter", StarterPipeline.Counting.class),

	/** The starter with a listener that reads each payload as a record. */
	STARTER_READING("starter, payload read", StarterPipeline.Reading.class),

	/** The starter with a listener for each type of update. */
	STARTER_TYPES("starter, a listener by type", StarterPipeline.ByType.class),

	/** The starter with Reactor Netty. */
	STARTER_NETTY("starter on Reactor Netty", StarterPipeline.Counting.class,
			Map.of("spring.http.clients.reactive.connector", "reactor")),

	/** The decoder of Spring for server-sent events. */
	SERVER_SENT_EVENT("WebClient ServerSentEvent", ServerSentEventPipeline.Counting.class),

	/** The same with a listener that reads each payload as a record. */
	SERVER_SENT_EVENT_READING("WebClient ServerSentEvent, payload read", ServerSentEventPipeline.Reading.class),

	/** The library okhttp-eventsource and Jackson. */
	EVENT_SOURCE("okhttp-eventsource", EventSourcePipeline.class),

	/** An application that does nothing. */
	EMPTY("empty application", EmptyPipeline.class);

	private final String label;

	private final Class<?> configuration;

	private final Map<String, Object> properties;

	Pipeline(String label, Class<?> configuration) {
		this(label, configuration, Map.of("spring.http.clients.reactive.connector", "jdk"));
	}

	Pipeline(String label, Class<?> configuration, Map<String, Object> properties) {
		this.label = label;
		this.configuration = configuration;
		this.properties = properties;
	}

	/**
	 * Return the pipelines whose throughput is compared.
	 */
	static List<Pipeline> forThroughput() {
		return List.of(SOCKET, STARTER, STARTER_NETTY, SERVER_SENT_EVENT, EVENT_SOURCE, STARTER_READING,
				SERVER_SENT_EVENT_READING);
	}

	String label() {
		return this.label;
	}

	Class<?> configuration() {
		return this.configuration;
	}

	Map<String, Object> properties() {
		return this.properties;
	}

}
