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

package cloud.requence.task;

import org.jspecify.annotations.Nullable;

import cloud.requence.task.TaskUpdate;
import cloud.requence.task.delivery.GuardedDeliveryMonitor;

/**
 * Sees every attempt to deliver an update, for metrics, traces or audits. Called on the
 * delivery threads: with a concurrency of more than one, by several of them at the same
 * time. What it throws is logged once and harms no delivery. Beans of type
 * {@link Factory} create one for each watcher.
 */
@FunctionalInterface
public interface DeliveryMonitor {

	/**
	 * An attempt begins. Whatever belongs to it happens on this thread, until it ends:
	 * the calls of the handler, of listeners to failures, and of subscribers.
	 * @param update the update
	 * @param number which attempt it is for this update, from 1
	 * @return the attempt, to be informed of its end
	 */
	Attempt begin(TaskUpdate update, int number);

	/**
	 * The filter has filtered an update, which is therefore not delivered.
	 * @param update the update
	 */
	default void filtered(TaskUpdate update) {
	}

	/**
	 * An attempt to deliver an update.
	 */
	@FunctionalInterface
	interface Attempt {

		/**
		 * An attempt that is not observed.
		 */
		Attempt UNOBSERVED = (outcome, failure) -> {
		};

		/**
		 * The attempt has ended. Called once, on the thread on which it has begun.
		 * @param outcome how it has ended
		 * @param failure why it has not succeeded; {@code null} if it has, or if there is
		 * no reason but a stop
		 */
		void end(Outcome outcome, @Nullable Throwable failure);

	}

	/**
	 * How an attempt ends.
	 */
	enum Outcome {

		/** The update is delivered. */
		DELIVERED,

		/** It has failed, and there will be another attempt. */
		RETRY,

		/** It has failed, and there will be no other. */
		FAILED,

		/** It has failed, and the watcher stops in front of the update. */
		STOPPED,

		/** It had no chance, without a transaction or a checkpoint. */
		UNAVAILABLE,

		/** A stop came before its end, and no verdict on the update. */
		INTERRUPTED

	}

	/**
	 * Creates the monitor of a watcher.
	 */
	@FunctionalInterface
	interface Factory {

		/**
		 * Create a monitor.
		 * @param watcher the name of the watcher
		 * @return the monitor
		 */
		DeliveryMonitor create(String watcher);

	}

}
