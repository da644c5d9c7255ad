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

import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;

import cloud.requence.task.AckMode;
import cloud.requence.task.CheckpointStore;
import cloud.requence.task.autoconfigure.RequenceTaskProperties.Checkpoint.Store;
import cloud.requence.task.store.FileCheckpointStore;
import cloud.requence.task.watcher.DefaultTaskWatcherBuilder;

/**
 * Rejects combinations of properties whose guarantees cannot be met.
 */
final class DurabilityPropertiesCheck {

	private static final String TRANSACTIONAL = "requence.task.listener.transactional";

	private static final String TRANSACTION_SIZE = "requence.task.listener.transaction-size";

	private static final String LEADER_ELECTION = "requence.task.leader-election.enabled";

	private static final String CHECKPOINT_STORE = "requence.task.checkpoint.store";

	private static final Pattern SHELL_VARIABLE = Pattern.compile("(^|/)\\$\\w+(/|$)");

	private final RequenceTaskProperties properties;

	DurabilityPropertiesCheck(RequenceTaskProperties properties) {
		this.properties = properties;
	}

	/**
	 * Check the properties.
	 * @param ownStores the checkpoint stores that the application brings
	 */
	void check(List<CheckpointStore> ownStores) {
		boolean hasOwnStore = !ownStores.isEmpty();
		Store store = this.properties.getCheckpoint().getStore();
		if (hasOwnStore && store != Store.NONE) {
			throw new InvalidPropertyException(CHECKPOINT_STORE,
					"is set, and there is a CheckpointStore bean as well: only one of them can be used",
					"Remove the property, or the bean.");
		}
		Path file = this.properties.getCheckpoint().getFile();
		if (store == Store.FILE && file.startsWith("~")) {
			throw new InvalidPropertyException("requence.task.checkpoint.file",
					"starts with '~', which is a home directory to shells only",
					"Write '${user.home}' in place of '~'.");
		}
		if (store == Store.FILE && SHELL_VARIABLE.matcher(file.toString()).find()) {
			throw new InvalidPropertyException("requence.task.checkpoint.file",
					"has a variable without braces, which only a shell replaces",
					"Write '${NAME}' in place of '$NAME'.");
		}
		checkTransactionSize(this.properties.getListener());
		if (this.properties.getListener().isTransactional()) {
			checkTransactions(store, ownStores);
		}
		if (this.properties.getLeaderElection().isEnabled() && store == Store.NONE && !hasOwnStore) {
			throw new InvalidPropertyException(LEADER_ELECTION,
					"needs a checkpoint from which the next leader resumes, and there is none",
					"Set '" + CHECKPOINT_STORE + "' to 'metadata-store'.");
		}
	}

	private static void checkTransactionSize(RequenceTaskProperties.Listener listener) {
		int size = listener.getTransactionSize();
		if (size < 1 || size > DefaultTaskWatcherBuilder.MAX_TRANSACTION_SIZE) {
			throw new InvalidPropertyException(TRANSACTION_SIZE, "is " + size,
					"Set it to a number from 1 to " + DefaultTaskWatcherBuilder.MAX_TRANSACTION_SIZE + ".");
		}
		if (size > 1 && !listener.isTransactional()) {
			throw new InvalidPropertyException(TRANSACTION_SIZE, "has no effect without transactions",
					"Set '" + TRANSACTIONAL + "' to 'true', or remove the property.");
		}
	}

	private void checkTransactions(Store store, List<CheckpointStore> ownStores) {
		boolean ownFile = ownStores.stream().anyMatch(FileCheckpointStore.class::isInstance);
		if (ownFile || (store != Store.METADATA_STORE && ownStores.isEmpty())) {
			throw new InvalidPropertyException(TRANSACTIONAL,
					"needs a checkpoint that takes part in transactions, and " + (ownFile ? "a file does not"
							: "'" + CHECKPOINT_STORE + "' is '" + ((store == Store.FILE) ? "file" : "none") + "'"),
					"Set '" + CHECKPOINT_STORE + "' to 'metadata-store', with a JdbcMetadataStore bean on the"
							+ " data source of the listeners.");
		}
		if (this.properties.getListener().getConcurrency() > 1) {
			throw new InvalidPropertyException(TRANSACTIONAL,
					"needs updates that are delivered one after the other, and"
							+ " 'requence.task.listener.concurrency' is "
							+ this.properties.getListener().getConcurrency(),
					"Set 'requence.task.listener.concurrency' to 1, or '" + TRANSACTIONAL + "' to 'false'.");
		}
		if (this.properties.getAck().getMode() == AckMode.MANUAL) {
			throw new InvalidPropertyException(TRANSACTIONAL,
					"saves the checkpoint with each update, which cannot wait for acknowledgements by hand:"
							+ " 'requence.task.ack.mode' is 'manual'",
					"Set 'requence.task.ack.mode' to 'after-delivery', or '" + TRANSACTIONAL + "' to 'false'.");
		}
	}

}
