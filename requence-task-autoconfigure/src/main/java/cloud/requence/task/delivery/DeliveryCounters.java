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

import java.util.concurrent.atomic.LongAdder;

/**
 * Counts deliveries by outcome.
 */
public final class DeliveryCounters {

	private final LongAdder delivered = new LongAdder();

	private final LongAdder filtered = new LongAdder();

	private final LongAdder failed = new LongAdder();

	private final LongAdder retries = new LongAdder();

	void countDelivered() {
		this.delivered.increment();
	}

	void countFiltered() {
		this.filtered.increment();
	}

	void countFailed() {
		this.failed.increment();
	}

	void countRetry() {
		this.retries.increment();
	}

	/**
	 * Return how many updates were delivered.
	 * @return the number of updates
	 */
	public long delivered() {
		return this.delivered.sum();
	}

	/**
	 * Return how many updates were filtered.
	 * @return the number of updates
	 */
	public long filtered() {
		return this.filtered.sum();
	}

	/**
	 * Return how many updates have failed for good.
	 * @return the number of updates
	 */
	public long failed() {
		return this.failed.sum();
	}

	/**
	 * Return how many deliveries were repeated.
	 * @return the number of deliveries
	 */
	public long retries() {
		return this.retries.sum();
	}

}
