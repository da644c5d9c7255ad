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

import org.jspecify.annotations.Nullable;

import cloud.requence.task.acknowledgement.Acknowledger;
import cloud.requence.task.acknowledgement.MissingAcknowledgements;
import cloud.requence.task.checkpoint.CheckpointObserver;
import cloud.requence.task.checkpoint.Checkpointer;
import cloud.requence.task.context.ContextRecoverer;
import cloud.requence.task.delivery.DeliveredUpdates;
import cloud.requence.task.delivery.DeliveryObserver;
import cloud.requence.task.delivery.DeliveryQueue;
import cloud.requence.task.delivery.DeliveryWorkers;

/**
 * The components of a watcher, in the order in which updates pass them.
 *
 * @param supervisor keeps the connection
 * @param pipeline decodes the updates
 * @param recoverer fetches tasks whose start was not seen; {@code null} for none
 * @param queue holds them for the delivery
 * @param delivery delivers them
 * @param delivered receives what was delivered
 * @param acknowledger sends the acknowledgements
 * @param missing looks after acknowledgements that the application has not made;
 * {@code null} if nothing waits for them
 * @param checkpointer saves how far the delivery is; {@code null} if nothing is to be
 * saved
 */
record WatcherComponents(StreamSupervisor supervisor, UpdatePipeline pipeline, @Nullable ContextRecoverer recoverer,
		DeliveryQueue queue, DeliveryWorkers delivery, DeliveredUpdates delivered, Acknowledger acknowledger,
		@Nullable MissingAcknowledgements missing, @Nullable Checkpointer checkpointer) {

	/**
	 * Creates the stages of a watcher.
	 */
	@FunctionalInterface
	interface Factory {

		WatcherComponents create(StreamEvents streamEvents, DeliveryObserver deliveryObserver,
				CheckpointObserver checkpointObserver);

	}

}
