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

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.transaction.PlatformTransactionManager;

import cloud.requence.task.TaskWatcher;

/**
 * Lets watchers handle updates in transactions of the application's manager.
 */
final class TransactionConfigurer implements WatcherConfigurer {

	private final ObjectProvider<PlatformTransactionManager> transactionManagers;

	private final RequenceTaskProperties properties;

	TransactionConfigurer(ObjectProvider<PlatformTransactionManager> transactionManagers,
			RequenceTaskProperties properties) {
		this.transactionManagers = transactionManagers;
		this.properties = properties;
	}

	@Override
	public void configure(String name, TaskWatcher.Builder builder) {
		builder.transactionManager(SingleBean.of(this.transactionManagers, "requence.task.listener.transactional",
				"PlatformTransactionManager"));
		builder.transactionSize(this.properties.getListener().getTransactionSize());
	}

}
