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
 * The updates that are not delivered, in the order in which they were received, and since
 * when the oldest of them is the oldest. That time moves with every update that leaves
 * from the front: if it does not, the delivery is stuck. Guarded by the delivery queue,
 * apart from {@link #waitingSince()}.
 */
final class ArrivalOrder {

	private @Nullable PendingUpdate first;

	private @Nullable PendingUpdate last;

	// Zero if nothing waits
	private volatile long waitingSince;

	void add(PendingUpdate update, long now) {
		update.previous = this.last;
		update.next = null;
		if (this.last != null) {
			this.last.next = update;
		}
		else {
			this.first = update;
			waitsSince(now);
		}
		this.last = update;
	}

	void remove(PendingUpdate update, long now) {
		PendingUpdate before = update.previous;
		PendingUpdate after = update.next;
		if (before != null) {
			before.next = after;
		}
		else {
			this.first = after;
			waitsSince(now);
		}
		if (after != null) {
			after.previous = before;
		}
		else {
			this.last = before;
		}
		if (this.first == null) {
			this.waitingSince = 0;
		}
	}

	private void waitsSince(long now) {
		this.waitingSince = (now != 0) ? now : 1;
	}

	@Nullable PendingUpdate last() {
		return this.last;
	}

	void clear() {
		this.first = null;
		this.last = null;
		this.waitingSince = 0;
	}

	/**
	 * Return since when the oldest update is the oldest. Safe from any thread.
	 * @return the time by the ticker; {@code null} if nothing waits
	 */
	@Nullable Long waitingSince() {
		long since = this.waitingSince;
		return (since != 0) ? since : null;
	}

}
