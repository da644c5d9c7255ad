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

package cloud.requence.task.delivery;

import java.util.concurrent.ThreadFactory;

import org.jspecify.annotations.Nullable;

/**
 * A thread that delivers, and since when it has something in hand.
 */
final class DeliveryWorker {

	private final Thread thread;

	// Zero if nothing is in hand
	private volatile long inHandSince;

	DeliveryWorker(ThreadFactory threads, Work work) {
		Thread created = threads.newThread(() -> work.run(this));
		if (created == null) {
			throw new IllegalStateException("There is no thread for the delivery");
		}
		this.thread = created;
	}

	Thread thread() {
		return this.thread;
	}

	void takes(long now) {
		this.inHandSince = (now != 0) ? now : 1;
	}

	void isDone() {
		this.inHandSince = 0;
	}

	boolean isBusy() {
		return this.inHandSince != 0;
	}

	@Nullable Long inHandSince() {
		long since = this.inHandSince;
		return (since != 0) ? since : null;
	}

	/**
	 * What a worker does.
	 */
	@FunctionalInterface
	interface Work {

		void run(DeliveryWorker worker);

	}

}
