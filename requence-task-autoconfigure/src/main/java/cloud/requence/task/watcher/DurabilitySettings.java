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

package cloud.requence.task.watcher;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.util.Assert;

import cloud.requence.task.AckMode;
import cloud.requence.task.CheckpointStore;
import cloud.requence.task.store.FileCheckpointStore;
import cloud.requence.task.store.MetadataStoreCheckpointStore;

/**
 * When progress is saved and ends of tasks are acknowledged.
 *
 * @param ackMode who acknowledges ends of tasks
 * @param store keeps the checkpoint; {@code null} for none
 * @param interval how long progress may wait until it is saved
 * @param every how many updates may wait until they are saved
 * @param transactionManager manages the transactions of the listeners and the checkpoint;
 * {@code null} for none
 * @param transactionSize how many updates share a transaction at most
 */
record DurabilitySettings(AckMode ackMode, @Nullable CheckpointStore store, Duration interval, int every,
		@Nullable PlatformTransactionManager transactionManager, int transactionSize) {

	DurabilitySettings {
		if (transactionManager != null) {
			Assert.state(store != null, "Transactions need a checkpoint store that takes part in them");
			Assert.state(!(store instanceof FileCheckpointStore),
					"Transactions need a checkpoint store that takes part in them, and a file does not");
			Assert.state(ackMode != AckMode.MANUAL, "In transactions ends of tasks cannot be acknowledged by hand");
		}
	}

	boolean isTransactional() {
		return this.transactionManager != null;
	}

	/**
	 * Return whether the checkpoint waits for acknowledgements that the application
	 * makes.
	 */
	boolean isAwaitingAcknowledgements() {
		return this.ackMode == AckMode.MANUAL && this.store != null;
	}

	/**
	 * Fail if the store does not take part in the transactions.
	 */
	void checkTransactions() {
		if (this.transactionManager != null && this.store instanceof MetadataStoreCheckpointStore metadata) {
			metadata.checkTransactions(this.transactionManager);
		}
	}

}
