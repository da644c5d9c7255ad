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

import java.util.ArrayDeque;

import org.jspecify.annotations.Nullable;

/**
 * Updates that are delivered one after the other. Guarded by the look-ahead.
 */
final class Lane {

	private final String key;

	private final ArrayDeque<PendingUpdate> updates = new ArrayDeque<>(4);

	private State state = State.EMPTY;

	private long parkedUntil;

	Lane(String key) {
		this.key = key;
	}

	String key() {
		return this.key;
	}

	ArrayDeque<PendingUpdate> updates() {
		return this.updates;
	}

	@Nullable PendingUpdate first() {
		return this.updates.peek();
	}

	long sequence() {
		PendingUpdate first = first();
		return (first != null) ? first.sequence() : Long.MAX_VALUE;
	}

	State state() {
		return this.state;
	}

	void changeTo(State next) {
		this.state = next;
	}

	long parkedUntil() {
		return this.parkedUntil;
	}

	void parkUntil(long nanos) {
		this.state = State.PARKED;
		this.parkedUntil = nanos;
	}

	/**
	 * What happens to the first update of a lane.
	 */
	enum State {

		/** There is none. */
		EMPTY,

		/** It may be delivered. */
		READY,

		/** A thread has it in hand. */
		BUSY,

		/** It is tried again later. */
		PARKED,

		/** It waits for something that is under way. */
		WAITING

	}

}
