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

package cloud.requence.task.autoconfigure;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

import org.springframework.context.ApplicationEventPublisher;

import cloud.requence.task.AccessToken;
import cloud.requence.task.PayloadReader;
import cloud.requence.task.TaskWatcher;
import cloud.requence.task.TaskWatcherFactory;
import cloud.requence.task.watcher.DefaultTaskWatcherBuilder;

/**
 * Builds watchers with the settings of the application. They share one connector.
 */
final class AutoConfiguredTaskWatcherFactory implements TaskWatcherFactory {

	private static final Log logger = LogFactory.getLog(AutoConfiguredTaskWatcherFactory.class);

	private final Set<String> names = ConcurrentHashMap.newKeySet();

	private final ApplicationEventPublisher publisher;

	private final Supplier<AccessToken> accessToken;

	private final SharedStreamConnector connector;

	private final WatcherConfigurer values;

	private final WatcherConfigurer settings;

	AutoConfiguredTaskWatcherFactory(ApplicationEventPublisher publisher, Supplier<AccessToken> accessToken,
			SharedStreamConnector connector, WatcherConfigurer values, WatcherConfigurer settings) {
		this.publisher = publisher;
		this.accessToken = accessToken;
		this.connector = connector;
		this.values = values;
		this.settings = settings;
	}

	@Override
	public DefaultTaskWatcherBuilder builder(String name) {
		if (!this.names.add(name)) {
			logger.warn("There is another task watcher '" + name + "': their logs and metrics cannot be told apart, and"
					+ " with a checkpoint only one of them can watch. Give each watcher a name of its own");
		}
		DefaultTaskWatcherBuilder builder = create(name);
		this.settings.configure(name, builder);
		return builder;
	}

	/**
	 * Return a reader of payloads as the watchers have it.
	 */
	PayloadReader payloadReader() {
		return create(WatcherConfigurer.PRIMARY).buildPayloadReader();
	}

	private DefaultTaskWatcherBuilder create(String name) {
		DefaultTaskWatcherBuilder builder = new DefaultTaskWatcherBuilder(name, this.publisher);
		builder.accessToken(this.accessToken);
		builder.connector(this.connector.get());
		this.values.configure(name, builder);
		return builder;
	}

}
