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

import cloud.requence.task.context.RecoveredContext;

/**
 * Updates that are delivered in the order of the stream, by one thread. It takes as many
 * of them as it wants at a time.
 */
final class SerialLine implements Line {

	private final DeliveryLimits limits;

	// Called by any thread, without the lock
	private final Runnable wakeUp;

	private final UpdateChain updates = new UpdateChain();

	private long bytes;

	// How many from the front are being delivered
	private int taken;

	private boolean parked;

	private long parkedUntil;

	private @Nullable RecoveredContext awaited;

	// The first update has failed or waits, and the others wait behind it
	private boolean held;

	// Zero if nothing waits
	private volatile long waitingSince;

	SerialLine(DeliveryLimits limits, Runnable wakeUp) {
		this.limits = limits;
		this.wakeUp = wakeUp;
	}

	@Override
	public void add(PendingUpdate update, long now) {
		this.updates.add(update);
		this.bytes += update.size();
		if (this.updates.size() == 1) {
			waitsSince(now);
		}
	}

	@Override
	public int take(@Nullable PendingUpdate[] batch, int max, long now) {
		if (this.taken > 0 || isHeldUp(now)) {
			return 0;
		}
		int count = 0;
		for (PendingUpdate update = this.updates.first(); update != null && count < max; update = update.behind) {
			RecoveredContext context = update.awaited();
			if (context != null && (count > 0 || hasToWait(context))) {
				break;
			}
			batch[count++] = update;
		}
		this.taken = count;
		return count;
	}

	private boolean isHeldUp(long now) {
		if (this.parked && this.parkedUntil - now > 0) {
			return true;
		}
		this.parked = false;
		if (this.awaited != null) {
			if (!this.awaited.isDone()) {
				return true;
			}
			this.awaited = null;
			this.held = false;
		}
		return false;
	}

	private boolean hasToWait(RecoveredContext context) {
		context.whenDone(this.wakeUp);
		if (context.isDone()) {
			return false;
		}
		this.awaited = context;
		this.held = true;
		return true;
	}

	@Override
	public boolean hasTaken(PendingUpdate update) {
		return this.taken > 0 && this.updates.first() == update;
	}

	@Override
	public void remove(PendingUpdate update, long now) {
		this.updates.removeFirst();
		this.bytes -= update.size();
		this.taken--;
		this.held = false;
		if (this.updates.isEmpty()) {
			this.waitingSince = 0;
		}
		else {
			waitsSince(now);
		}
	}

	private void waitsSince(long now) {
		this.waitingSince = (now != 0) ? now : 1;
	}

	@Override
	public void putBack(PendingUpdate update) {
		this.taken = 0;
	}

	@Override
	public void park(PendingUpdate update, long until) {
		this.taken = 0;
		this.parked = true;
		this.parkedUntil = until;
		this.held = true;
	}

	@Override
	public long untilNext(long now) {
		return this.parked ? Math.max(0, this.parkedUntil - now) : Long.MAX_VALUE;
	}

	@Override
	public @Nullable PendingUpdate last() {
		return this.updates.last();
	}

	@Override
	public int updates() {
		return this.updates.size();
	}

	@Override
	public long bytes() {
		return this.bytes;
	}

	@Override
	public int held() {
		return this.held ? this.updates.size() : 0;
	}

	@Override
	public DeliveryLimits.Room room() {
		return this.limits.room(this.updates.size(), this.bytes, this.updates.size(), this.bytes);
	}

	@Override
	public @Nullable Long waitingSince() {
		long since = this.waitingSince;
		return (since != 0) ? since : null;
	}

	@Override
	public void clear() {
		this.updates.clear();
		this.bytes = 0;
		this.taken = 0;
		this.parked = false;
		this.awaited = null;
		this.held = false;
		this.waitingSince = 0;
	}

}
