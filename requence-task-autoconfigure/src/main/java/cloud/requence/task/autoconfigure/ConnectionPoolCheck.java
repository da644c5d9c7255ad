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

import javax.sql.DataSource;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.boot.jdbc.metadata.CompositeDataSourcePoolMetadataProvider;
import org.springframework.boot.jdbc.metadata.DataSourcePoolMetadata;
import org.springframework.boot.jdbc.metadata.DataSourcePoolMetadataProvider;

/**
 * Warns of connection pools that are too small for transactional listeners: a transaction
 * keeps one connection, and work in the meantime needs another.
 */
final class ConnectionPoolCheck implements SmartInitializingSingleton {

	private static final Log logger = LogFactory.getLog(ConnectionPoolCheck.class);

	private static final int MIN_CONNECTIONS = 2;

	private final ObjectProvider<DataSource> dataSources;

	private final ObjectProvider<DataSourcePoolMetadataProvider> providers;

	ConnectionPoolCheck(ObjectProvider<DataSource> dataSources,
			ObjectProvider<DataSourcePoolMetadataProvider> providers) {
		this.dataSources = dataSources;
		this.providers = providers;
	}

	@Override
	public void afterSingletonsInstantiated() {
		DataSourcePoolMetadataProvider provider = new CompositeDataSourcePoolMetadataProvider(
				this.providers.orderedStream().toList());
		this.dataSources.stream().map(provider::getDataSourcePoolMetadata).forEach(ConnectionPoolCheck::check);
	}

	private static void check(@Nullable DataSourcePoolMetadata pool) {
		Integer max = (pool != null) ? pool.getMax() : null;
		if (max != null && max >= 0 && max < MIN_CONNECTIONS) {
			logger.warn("A connection pool has " + max + " connection at most. With"
					+ " 'requence.task.listener.transactional' the transaction of a listener keeps it, so that neither"
					+ " a lock of the leader election can be renewed nor a checkpoint be written meanwhile. Allow at"
					+ " least " + MIN_CONNECTIONS + ", for example by 'spring.datasource.hikari.maximum-pool-size'");
		}
	}

}
