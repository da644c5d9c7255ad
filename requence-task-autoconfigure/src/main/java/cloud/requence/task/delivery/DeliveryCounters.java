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

import org.jspecify.annotations.Nullable;

import cloud.requence.task.TaskUpdate;

/**
 * Counts what became of deliveries. Written by the delivery thread, read by any.
 */
@SuppressWarnings("NonAtomicVolatileUpdate")
public final class DeliveryCounters {

	private volatile long delivered;

	private volatile long hidden;

	private volatile long failed;

	private volatile long retries;

	private volatile @Nullable Long position;

	// Zero if none is in hand
	private volatile long inHandSince;

	void inHand() {
		long now = System.nanoTime();
		this.inHandSince = (now != 0) ? now : 1;
	}

	void noneInHand() {
		this.inHandSince = 0;
	}

	void delivered(TaskUpdate update) {
		this.delivered++;
		passed(update);
	}

	void hidden(TaskUpdate update) {
		this.hidden++;
		passed(update);
	}

	void failed(TaskUpdate update) {
		this.failed++;
		passed(update);
	}

	void retried() {
		this.retries++;
	}

	private void passed(TaskUpdate update) {
		Long reached = update.position();
		if (reached != null) {
			this.position = reached;
		}
	}

	/**
	 * Return how many updates were delivered.
	 * @return the number of updates
	 */
	public long delivered() {
		return this.delivered;
	}

	/**
	 * Return how many updates were hidden.
	 * @return the number of updates
	 */
	public long hidden() {
		return this.hidden;
	}

	/**
	 * Return how many updates were given up.
	 * @return the number of updates
	 */
	public long failed() {
		return this.failed;
	}

	/**
	 * Return how many deliveries were repeated.
	 * @return the number of deliveries
	 */
	public long retries() {
		return this.retries;
	}

	/**
	 * Return the last position that was delivered, hidden or given up.
	 * @return the position, {@code null} before the first
	 */
	public @Nullable Long position() {
		return this.position;
	}

	/**
	 * Return when the update in hand was given to the handler.
	 * @return the value of {@link System#nanoTime()}, {@code null} if none is in hand
	 */
	public @Nullable Long inHandSince() {
		long since = this.inHandSince;
		return (since != 0) ? since : null;
	}

}
