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

import java.io.Flushable;
import java.nio.file.Path;

import javax.sql.DataSource;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.jdbc.metadata.DataSourcePoolMetadataProvider;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;
import org.springframework.integration.metadata.MetadataStore;
import org.springframework.integration.metadata.SimpleMetadataStore;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.util.StringUtils;

import cloud.requence.task.store.FileCheckpointStore;
import cloud.requence.task.store.MetadataStoreCheckpointStore;

/**
 * Auto-configuration for where watchers keep their checkpoints, and whether that is a
 * part of transactions.
 */
@AutoConfiguration(before = RequenceTaskAutoConfiguration.class)
@ConditionalOnRequenceTaskEnabled
public final class RequenceTaskCheckpointAutoConfiguration {

	private static final Log logger = LogFactory.getLog(RequenceTaskCheckpointAutoConfiguration.class);

	RequenceTaskCheckpointAutoConfiguration() {
	}

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnProperty(name = "requence.task.checkpoint.store", havingValue = "file")
	static class FileConfiguration {

		@Bean
		CheckpointConfigurer requenceTaskFileCheckpointConfigurer(RequenceTaskProperties properties) {
			Path file = properties.getCheckpoint().getFile();
			return new CheckpointConfigurer((watcher) -> new FileCheckpointStore(
					file.resolveSibling(WatcherConfigurer.distinct(String.valueOf(file.getFileName()), watcher))));
		}

	}

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass(MetadataStore.class)
	@ConditionalOnProperty(name = "requence.task.checkpoint.store", havingValue = "metadata-store")
	static class MetadataStoreConfiguration {

		private static final String ALTERNATIVES = "Use one that keeps what it has, such as a JdbcMetadataStore, or set"
				+ " 'requence.task.checkpoint.store' to 'file'";

		@Bean
		CheckpointConfigurer requenceTaskMetadataStoreCheckpointConfigurer(RequenceTaskProperties properties,
				Environment environment, ObjectProvider<MetadataStore> stores) {
			String key = key(properties.getCheckpoint().getKey(), environment);
			return new CheckpointConfigurer((watcher) -> {
				MetadataStore store = SingleBean.of(stores, "requence.task.checkpoint.store", "MetadataStore",
						"Declare a MetadataStore bean, such as a JdbcMetadataStore, or set the property to 'file'.");
				warnUnlessDurable(watcher, store);
				return new MetadataStoreCheckpointStore(store, WatcherConfigurer.distinct(key, watcher));
			});
		}

		private static void warnUnlessDurable(String watcher, MetadataStore store) {
			if (store instanceof SimpleMetadataStore) {
				logger.warn("The checkpoint of '" + watcher + "' is lost at a restart: the MetadataStore bean is a"
						+ " SimpleMetadataStore, which is in memory. " + ALTERNATIVES);
			}
			else if (store instanceof Flushable) {
				logger.warn("The checkpoint of '" + watcher + "' may be lost in a crash: the MetadataStore bean, a "
						+ store.getClass().getSimpleName() + ", writes what it holds as a whole when it is flushed, and"
						+ " neither replaces its file at once nor forces it to the disk. " + ALTERNATIVES);
			}
		}

		private static String key(@Nullable String key, Environment environment) {
			return StringUtils.hasText(key) ? key : environment.getProperty("spring.application.name", "requence-task");
		}

	}

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass({ DataSource.class, DataSourcePoolMetadataProvider.class })
	@ConditionalOnBooleanProperty("requence.task.listener.transactional")
	static class ConnectionPoolConfiguration {

		@Bean
		ConnectionPoolCheck requenceTaskConnectionPoolCheck(ObjectProvider<DataSource> dataSources,
				ObjectProvider<DataSourcePoolMetadataProvider> providers) {
			return new ConnectionPoolCheck(dataSources, providers);
		}

	}

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass(PlatformTransactionManager.class)
	@ConditionalOnBooleanProperty("requence.task.listener.transactional")
	static class TransactionConfiguration {

		@Bean
		TransactionConfigurer requenceTaskTransactionConfigurer(
				ObjectProvider<PlatformTransactionManager> transactionManagers, RequenceTaskProperties properties) {
			return new TransactionConfigurer(transactionManagers, properties);
		}

	}

}
