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

package cloud.requence.task.context;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

import org.jspecify.annotations.Nullable;

import cloud.requence.task.TaskWatcherStatus;

/**
 * The states of the open tasks, within a bound of bytes and of age. The tasks that were
 * silent for longest go first.
 */
final class ContextStore {

	private static final int INITIAL_CAPACITY = 64;

	private static final float LOAD_FACTOR = 0.75f;

	private final long maxBytes;

	private final long expireAfterMillis;

	/** In the order of the last update. */
	private final Map<String, TaskState> states = new LinkedHashMap<>(INITIAL_CAPACITY, LOAD_FACTOR, true);

	private long bytes;

	private long evictions;

	/** No state expires before. */
	private long nextExpiry = Long.MAX_VALUE;

	// Read by any thread
	private final AtomicLong publishedTasks = new AtomicLong();

	private final AtomicLong publishedBytes = new AtomicLong();

	private final AtomicLong publishedEvictions = new AtomicLong();

	ContextStore(long maxBytes, long expireAfterMillis) {
		this.maxBytes = maxBytes;
		this.expireAfterMillis = expireAfterMillis;
	}

	@Nullable TaskState get(String taskId) {
		return this.states.get(taskId);
	}

	void put(TaskState state, long now) {
		forget(this.states.put(state.context().taskId(), state));
		this.bytes += state.size();
		touch(state, now);
	}

	/**
	 * Update the size of a state that has changed.
	 */
	void changed(TaskState state, long previousSize, long now) {
		this.bytes += state.size() - previousSize;
		touch(state, now);
	}

	private void touch(TaskState state, long now) {
		state.seenAt(now);
		this.nextExpiry = Math.min(this.nextExpiry, expiryOf(state));
		// A state that exceeds the limit alone must not evict all others
		if (state.size() > this.maxBytes) {
			remove(state.context().taskId());
			this.evictions++;
		}
		if (this.bytes > this.maxBytes) {
			evict();
		}
		publish();
	}

	@Nullable TaskState remove(String taskId) {
		TaskState state = this.states.remove(taskId);
		forget(state);
		publish();
		return state;
	}

	private void evict() {
		Iterator<TaskState> eldest = this.states.values().iterator();
		while (this.bytes > this.maxBytes && eldest.hasNext()) {
			forget(eldest.next());
			eldest.remove();
			this.evictions++;
		}
	}

	private void forget(@Nullable TaskState state) {
		if (state != null) {
			this.bytes -= state.size();
		}
	}

	/**
	 * Forget the tasks that were silent for too long.
	 */
	void expire(long now) {
		if (now < this.nextExpiry) {
			return;
		}
		this.nextExpiry = Long.MAX_VALUE;
		Iterator<TaskState> eldest = this.states.values().iterator();
		while (eldest.hasNext()) {
			TaskState state = eldest.next();
			if (expiryOf(state) > now) {
				this.nextExpiry = expiryOf(state);
				break;
			}
			eldest.remove();
			forget(state);
			this.evictions++;
		}
		publish();
	}

	void clear() {
		this.states.clear();
		this.bytes = 0;
		this.nextExpiry = Long.MAX_VALUE;
		publish();
	}

	private long expiryOf(TaskState state) {
		long expiry = state.lastSeen() + this.expireAfterMillis;
		return (expiry < state.lastSeen()) ? Long.MAX_VALUE : expiry;
	}

	// Written by one thread; readers do not wait for a value
	private void publish() {
		this.publishedTasks.lazySet(this.states.size());
		this.publishedBytes.lazySet(this.bytes);
		this.publishedEvictions.lazySet(this.evictions);
	}

	/**
	 * Return how much is kept. Safe from any thread.
	 */
	TaskWatcherStatus.Contexts contexts() {
		return new TaskWatcherStatus.Contexts((int) this.publishedTasks.get(), this.publishedBytes.get(),
				this.publishedEvictions.get());
	}

}
