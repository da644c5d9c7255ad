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

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;

import cloud.requence.task.support.Nanos;

/**
 * A thread that delivers, and the updates that it delivers. Others see how far it is;
 * they settle what is done on its behalf, under the lock of the queue.
 */
final class DeliveryWorker {

	/**
	 * How many updates are taken at a time at most.
	 */
	private static final int BATCH = GroupHandler.MAX_SIZE;

	private final Thread thread;

	// Both changed under the lock of the queue
	private final @Nullable PendingUpdate[] batch = new PendingUpdate[BATCH];

	private int taken;

	// How many of the updates are done
	private final AtomicInteger done = new AtomicInteger();

	// The outcome of the next one
	private @Nullable DeliveryResult result;

	private boolean keepsAlive;

	private boolean frequentlyWoken;

	// Zero if nothing is being delivered. Read by any thread
	private final AtomicLong inProgressSince = new AtomicLong();

	DeliveryWorker(ThreadFactory threads, Consumer<DeliveryWorker> work) {
		Thread created = threads.newThread(() -> work.accept(this));
		if (created == null) {
			throw new IllegalStateException("There is no thread for the delivery");
		}
		this.thread = created;
	}

	Thread thread() {
		return this.thread;
	}

	/**
	 * Take updates over. From now on they are settled, whatever happens.
	 * @return whether there are any
	 */
	boolean take(DeliveryQueue queue) {
		this.taken = queue.take(this.batch, System.nanoTime());
		return this.taken > 0;
	}

	/**
	 * Return the next update to deliver.
	 * @return the update; {@code null} if there is none before those that were delivered
	 * are settled
	 */
	@Nullable PendingUpdate next() {
		int index = this.done.getPlain();
		return (this.result == null && index < this.taken) ? this.batch[index] : null;
	}

	/**
	 * Return the next updates that may be handled together, in their order.
	 * @param max how many at most
	 */
	List<PendingUpdate> nextGroup(int max) {
		List<PendingUpdate> group = new ArrayList<>();
		for (int i = this.done.getPlain(); i < this.taken && group.size() < max; i++) {
			PendingUpdate update = this.batch[i];
			if (update == null || !update.isGroupable()) {
				break;
			}
			group.add(update);
		}
		return group;
	}

	/**
	 * Return whether updates have to be settled before others are delivered.
	 */
	boolean isUnsettled() {
		return this.done.getPlain() > 0 || this.result != null;
	}

	void begins(long now) {
		this.result = DeliveryResult.UNEXPECTED;
		this.inProgressSince.lazySet((now != 0) ? now : 1);
	}

	/**
	 * The delivery of the update has ended.
	 */
	void ends(DeliveryResult ended) {
		if (ended == DeliveryResult.DONE) {
			this.result = null;
			this.done.setRelease(this.done.getPlain() + 1);
		}
		else {
			this.result = ended;
		}
	}

	/**
	 * Settle what is done. May be repeated if it fails.
	 */
	void settleDone(DeliveryQueue queue) {
		int count = this.done.getAcquire();
		if (count > 0) {
			queue.done(this.batch, count);
		}
	}

	/**
	 * Settle what was delivered, and leave the others in the queue. May be repeated if it
	 * fails.
	 */
	void settle(DeliveryQueue queue) {
		settleDone(queue);
		int index = this.done.getPlain();
		PendingUpdate rest = (index < this.taken) ? this.batch[index] : null;
		DeliveryResult ended = this.result;
		if (rest != null && ended != null && ended.action() == DeliveryResult.Action.PARK) {
			queue.park(rest, System.nanoTime() + Nanos.of(ended.delay()));
		}
		else if (rest != null) {
			queue.putBack(rest);
		}
		Arrays.fill(this.batch, 0, this.taken, null);
		this.taken = 0;
		this.done.setPlain(0);
		this.result = null;
		this.inProgressSince.lazySet(0);
	}

	boolean isBusy() {
		return this.inProgressSince.get() != 0;
	}

	@Nullable Long inProgressSince() {
		long since = this.inProgressSince.get();
		return (since != 0) ? since : null;
	}

	boolean keepsAlive() {
		return this.keepsAlive;
	}

	void keepAlive(boolean keepsAlive) {
		this.keepsAlive = keepsAlive;
	}

	/**
	 * Return whether updates come more quickly than this thread should be woken.
	 */
	boolean isFrequentlyWoken() {
		return this.frequentlyWoken;
	}

	void frequentlyWoken(boolean frequently) {
		this.frequentlyWoken = frequently;
	}

}
