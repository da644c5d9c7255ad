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

import org.springframework.util.Assert;

/**
 * How many updates may wait for their delivery. Those that are held up, by a retry of
 * their root task for example, do not count against {@code maxUpdates} and
 * {@code maxBytes}, and a lane counts with an equal share at most, so that the other
 * lanes find room. All together may be a multiple, which bounds the memory.
 *
 * @param maxUpdates how many updates may wait
 * @param maxBytes how many bytes they may take
 * @param share with how many updates a lane counts at most
 * @param shareBytes with how many bytes a lane counts at most
 */
record DeliveryLimits(int maxUpdates, long maxBytes, int share, long shareBytes) {

	private static final int ALL_UPDATES = 16;

	private static final int ALL_BYTES = 2;

	/**
	 * Return the limits for a number of threads. Even if listeners of all but one thread
	 * hang, no more than half of the limits is used, so that reading continues for the
	 * last one.
	 */
	static DeliveryLimits of(int maxUpdates, long maxBytes, int concurrency) {
		Assert.isTrue(maxUpdates > 0 && maxBytes > 0 && concurrency > 0, "Limits must be positive");
		int lanes = 2 * concurrency;
		int updates = Math.max(maxUpdates, lanes);
		return new DeliveryLimits(updates, maxBytes, updates / lanes, maxBytes / lanes);
	}

	Room room(int counted, long countedBytes, int updates, long bytes) {
		if (counted >= this.maxUpdates || countedBytes >= this.maxBytes) {
			return Room.NONE;
		}
		if (updates >= allUpdates() || bytes >= allBytes()) {
			return Room.NONE_AT_ALL;
		}
		boolean ample = counted <= this.maxUpdates / 2 && countedBytes <= this.maxBytes / 2
				&& updates <= allUpdates() - this.maxUpdates / 2 && bytes <= allBytes() - this.maxBytes / 2;
		return ample ? Room.AMPLE : Room.SOME;
	}

	private long allUpdates() {
		return (long) ALL_UPDATES * this.maxUpdates;
	}

	private long allBytes() {
		return (this.maxBytes < Long.MAX_VALUE / ALL_BYTES) ? ALL_BYTES * this.maxBytes : Long.MAX_VALUE;
	}

	/**
	 * How much room there is for further updates.
	 */
	enum Room {

		/** So much that reading pays. */
		AMPLE,

		/** Enough to continue. */
		SOME,

		/** None until updates are delivered. */
		NONE,

		/** None, as too many wait behind others of their lane. */
		NONE_AT_ALL

	}

}
