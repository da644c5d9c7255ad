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

import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A way to watch tasks: an application whose listener calls the {@link Probe} for every
 * update.
 *
 * @param label the name in reports
 * @param configuration the application
 * @param libraries what is on its class path
 * @param properties its properties
 */
record Pipeline(String label, Class<?> configuration, Set<Library> libraries, Map<String, String> properties) {

	/** The least that it can take: a socket, and a parser that looks at the envelope. */
	static final Pipeline LIMIT = of("limit", SocketPipeline.class, Library.WEB_CLIENT);

	/** The starter as it comes, with a listener that does not look at the payload. */
	static final Pipeline STARTER = starter("starter", StarterPipeline.Counting.class);

	/**
	 * The starter on the other HTTP clients. With HttpComponents it uses the JDK's
	 * client.
	 */
	static final List<Pipeline> CONNECTORS = List.of(STARTER.on("Reactor Netty", Library.REACTOR_NETTY),
			STARTER.on("Jetty", Library.JETTY));

	/** The library okhttp-eventsource, and Jackson. */
	static final Pipeline EVENT_SOURCE = of("okhttp-eventsource", EventSourcePipeline.class, Library.WEB_CLIENT,
			Library.JSON_MAPPER, Library.EVENT_SOURCE);

	/** The decoder of Spring for server-sent events. */
	static final Pipeline SERVER_SENT_EVENT = of("WebClient ServerSentEvent", ServerSentEventPipeline.Counting.class,
			Library.WEB_CLIENT, Library.JSON_MAPPER, Library.REACTOR_NETTY);

	/** The starter with a listener that reads each payload as a record. */
	static final Pipeline STARTER_READING = starter("starter, payload read", StarterPipeline.Reading.class);

	/** Spring's decoder with a listener that reads each payload as a record. */
	static final Pipeline SERVER_SENT_EVENT_READING = of("WebClient ServerSentEvent, payload read",
			ServerSentEventPipeline.Reading.class, Library.WEB_CLIENT, Library.JSON_MAPPER, Library.REACTOR_NETTY);

	/** An application that does nothing. */
	static final Pipeline EMPTY = of("empty application", EmptyPipeline.class);

	static Pipeline of(String label, Class<?> configuration, Library... libraries) {
		Set<Library> set = EnumSet.noneOf(Library.class);
		set.addAll(List.of(libraries));
		return new Pipeline(label, configuration, set, Map.of());
	}

	static Pipeline starter(String label, Class<?> configuration) {
		return of(label, configuration, Library.STARTER, Library.WEB_CLIENT);
	}

	private Pipeline on(String client, Library library) {
		return named(this.label + " on " + client).with(library);
	}

	Pipeline named(String name) {
		return new Pipeline(name, this.configuration, this.libraries, this.properties);
	}

	Pipeline with(Library library) {
		Set<Library> more = EnumSet.copyOf(this.libraries);
		more.add(library);
		return new Pipeline(this.label, this.configuration, more, this.properties);
	}

	Pipeline with(String property, Object value) {
		Map<String, String> more = new LinkedHashMap<>(this.properties);
		more.put(property, value.toString());
		return new Pipeline(this.label, this.configuration, this.libraries, more);
	}

}
