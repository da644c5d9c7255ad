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

/**
 * Updates that wait for their delivery. They stay here until they are removed: those that
 * were taken are being delivered and count as well.
 * <p>
 * Each method first does what may fail for lack of memory, so that a failed call can be
 * repeated. Guarded by the delivery queue, apart from {@link #waitingSince()}.
 */
interface Line {

	/**
	 * Add an update.
	 * @param update the update
	 * @param now the time, by the ticker
	 */
	void add(PendingUpdate update, long now);

	/**
	 * Take the earliest updates that may be delivered one after the other.
	 * @param batch receives the updates
	 * @param max how many are taken at most
	 * @param now the time, by the ticker
	 * @return how many were taken
	 */
	int take(@Nullable PendingUpdate[] batch, int max, long now);

	/**
	 * Return whether an update is the next to be removed of those that were taken from
	 * here.
	 */
	boolean hasTaken(PendingUpdate update);

	/**
	 * Remove an update that was taken.
	 * @param update the update
	 * @param now the time, by the ticker
	 */
	void remove(PendingUpdate update, long now);

	/**
	 * Let an update that was taken, and those that were taken with it, be taken again.
	 */
	void putBack(PendingUpdate update);

	/**
	 * Let an update that was taken, and those that were taken with it, be taken again,
	 * but not before a time.
	 */
	void park(PendingUpdate update, long until);

	/**
	 * Return how long it takes until an update may be delivered that waits for a time.
	 * @param now the time, by the ticker
	 * @return the time in nanoseconds; {@value java.lang.Long#MAX_VALUE} if there is none
	 */
	long untilNext(long now);

	/**
	 * Return the update that came last.
	 * @return the update; {@code null} if there is none
	 */
	@Nullable PendingUpdate last();

	int updates();

	long bytes();

	/**
	 * Return how many updates are held up: they have failed or wait for their context, or
	 * are behind one that does.
	 */
	int held();

	/**
	 * Return how much room there is for further updates.
	 */
	DeliveryLimits.Room room();

	/**
	 * Return since when the oldest update is the oldest. Safe from any thread.
	 * @return the time by the ticker; {@code null} if nothing waits
	 */
	@Nullable Long waitingSince();

	void clear();

}
