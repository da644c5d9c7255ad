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
 * Updates that are delivered one after the other. Guarded by the delivery queue.
 */
final class Lane {

	private final String key;

	private final UpdateChain updates = new UpdateChain();

	private State state = State.EMPTY;

	private @Nullable PendingUpdate taken;

	private long bytes;

	private long rank;

	private long parkedUntil;

	private boolean held;

	private int counted;

	private long countedBytes;

	Lane(String key) {
		this.key = key;
	}

	String key() {
		return this.key;
	}

	void add(PendingUpdate update) {
		this.updates.add(update);
		this.bytes += update.size();
	}

	void removeFirst() {
		PendingUpdate removed = this.updates.removeFirst();
		this.bytes -= removed.size();
	}

	@Nullable PendingUpdate first() {
		return this.updates.first();
	}

	boolean isEmpty() {
		return this.updates.isEmpty();
	}

	int size() {
		return this.updates.size();
	}

	long bytes() {
		return this.bytes;
	}

	/**
	 * Return the place among the lanes that are ready.
	 */
	long rank() {
		return this.rank;
	}

	void rank(long rank) {
		this.rank = rank;
	}

	State state() {
		return this.state;
	}

	void changeTo(State next) {
		this.state = next;
		if (next != State.BUSY) {
			this.taken = null;
		}
	}

	void take(PendingUpdate update) {
		this.taken = update;
		this.state = State.BUSY;
	}

	boolean hasTaken(PendingUpdate update) {
		return this.taken == update;
	}

	long parkedUntil() {
		return this.parkedUntil;
	}

	void parkedUntil(long nanos) {
		this.parkedUntil = nanos;
	}

	/**
	 * Return whether the first update has failed or waits, and the others wait behind it.
	 */
	boolean isHeld() {
		return this.held;
	}

	void hold(boolean held) {
		this.held = held;
	}

	/**
	 * Return how many updates count against what may be read.
	 */
	int counted() {
		return this.counted;
	}

	long countedBytes() {
		return this.countedBytes;
	}

	void count(int updates, long bytes) {
		this.counted = updates;
		this.countedBytes = bytes;
	}

	/**
	 * What happens to the first update of a lane.
	 */
	enum State {

		/** There is none. */
		EMPTY,

		/** It may be delivered. */
		READY,

		/** A thread delivers it. */
		BUSY,

		/** It is tried again later. */
		PARKED,

		/** It waits for something that is in progress. */
		WAITING

	}

}
