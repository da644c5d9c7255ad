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

import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.ObjectProvider;

import cloud.requence.task.CheckpointStore;
import cloud.requence.task.DeadLetterHandler;
import cloud.requence.task.Leadership;
import cloud.requence.task.TaskWatcher;
import cloud.requence.task.autoconfigure.RequenceTaskProperties.Checkpoint.Store;

/**
 * Configures checkpoints, transactions and leadership. Rejects properties whose beans or
 * dependencies are missing, and properties that contradict each other.
 */
final class DurabilityConfigurer implements WatcherConfigurer {

	private final RequenceTaskProperties properties;

	private final ObjectProvider<CheckpointStore> ownStore;

	private final ObjectProvider<CheckpointConfigurer> checkpoints;

	private final ObjectProvider<TransactionConfigurer> transactions;

	private final ObjectProvider<Leadership> leadership;

	private final ObjectProvider<DeadLetterHandler> deadLetters;

	DurabilityConfigurer(RequenceTaskProperties properties, ObjectProvider<CheckpointStore> ownStore,
			ObjectProvider<CheckpointConfigurer> checkpoints, ObjectProvider<TransactionConfigurer> transactions,
			ObjectProvider<Leadership> leadership, ObjectProvider<DeadLetterHandler> deadLetters) {
		this.properties = properties;
		this.ownStore = ownStore;
		this.checkpoints = checkpoints;
		this.transactions = transactions;
		this.leadership = leadership;
		this.deadLetters = deadLetters;
	}

	@Override
	public void configure(String name, TaskWatcher.Builder builder) {
		if (this.properties.getDeadLetter().getStore() == RequenceTaskProperties.DeadLetter.Store.JDBC) {
			found(this.deadLetters, "dead-letter.store", "Spring JDBC",
					"org.springframework.boot:spring-boot-starter-jdbc");
		}
		if (name.equals(PRIMARY) && this.properties.getSource() == UpdateSource.KAFKA) {
			configureTopic(name, builder);
			return;
		}
		new DurabilityPropertiesCheck(this.properties).check(this.ownStore.stream().toList());
		configureCheckpoint(name, builder);
		configureTransactions(name, builder);
		configureLeadership(builder);
	}

	/**
	 * The offsets of the group are the checkpoint, and its members share the partitions.
	 */
	private void configureTopic(String name, TaskWatcher.Builder builder) {
		if (this.properties.getCheckpoint().getStore() != Store.NONE) {
			throw ineffective("checkpoint.store");
		}
		if (this.properties.getLeaderElection().isEnabled()) {
			throw ineffective("leader-election.enabled");
		}
		configureTransactions(name, builder);
	}

	private static InvalidPropertyException ineffective(String property) {
		return new InvalidPropertyException("requence.task." + property,
				"has no effect if 'requence.task.source' is 'kafka', where the consumer group keeps the offsets and"
						+ " shares the work",
				"Remove the property.");
	}

	private void configureTransactions(String name, TaskWatcher.Builder builder) {
		if (this.properties.getListener().isTransactional()) {
			found(this.transactions, "listener.transactional", "Spring's transactions", "org.springframework:spring-tx")
				.configure(name, builder);
		}
	}

	private void configureCheckpoint(String name, TaskWatcher.Builder builder) {
		if (this.properties.getCheckpoint().getStore() != Store.NONE) {
			found(this.checkpoints, "checkpoint.store", "Spring Integration",
					"org.springframework.boot:spring-boot-starter-integration")
				.configure(name, builder);
		}
		else if (name.equals(PRIMARY) && this.ownStore.stream().findAny().isPresent()) {
			builder.checkpointStore(SingleBean.of(this.ownStore, "requence.task.checkpoint.store", "CheckpointStore"));
		}
	}

	private void configureLeadership(TaskWatcher.Builder builder) {
		Leadership leader = this.leadership.getIfAvailable();
		if (leader != null) {
			builder.leadership(leader);
		}
		else if (this.properties.getLeaderElection().isEnabled()) {
			throw missing("leader-election.enabled", "Spring Integration",
					"org.springframework.boot:spring-boot-starter-integration");
		}
	}

	private static <T> T found(ObjectProvider<T> provider, String property, String library, String dependency) {
		@Nullable T bean = provider.getIfAvailable();
		if (bean == null) {
			throw missing(property, library, dependency);
		}
		return bean;
	}

	private static InvalidPropertyException missing(String property, String library, String dependency) {
		return new InvalidPropertyException("requence.task." + property,
				"needs " + library + ", which is not on the class path", "Add the dependency '" + dependency + "'.");
	}

}
