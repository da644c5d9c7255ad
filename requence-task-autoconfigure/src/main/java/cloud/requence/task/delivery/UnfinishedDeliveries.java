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

import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import org.jspecify.annotations.Nullable;

import cloud.requence.task.TaskUpdate;

/**
 * Remembers for updates whose delivery has failed which listeners have succeeded. Updates
 * are told apart by identity, which costs nothing for large payloads, and are held
 * weakly: nobody says when one was given up. Shared by the threads that deliver.
 */
final class UnfinishedDeliveries {

	private final Map<Key, List<Object>> succeeded = new ConcurrentHashMap<>();

	private final ReferenceQueue<TaskUpdate> collected = new ReferenceQueue<>();

	/**
	 * Take out what is remembered of an update.
	 * @param update the update
	 * @return the listeners that have succeeded, to be added to
	 */
	List<Object> take(TaskUpdate update) {
		List<Object> listeners = this.succeeded.isEmpty() ? null : this.succeeded.remove(new Key(update, null));
		return (listeners != null) ? listeners : new ArrayList<>(4);
	}

	void put(TaskUpdate update, List<Object> listeners) {
		for (Reference<?> key = this.collected.poll(); key != null; key = this.collected.poll()) {
			this.succeeded.remove(key);
		}
		this.succeeded.put(new Key(update, this.collected), listeners);
	}

	boolean has(TaskUpdate update) {
		return !this.succeeded.isEmpty() && this.succeeded.containsKey(new Key(update, null));
	}

	int size() {
		return this.succeeded.size();
	}

	private static final class Key extends WeakReference<TaskUpdate> {

		private final int hashCode;

		Key(TaskUpdate update, @Nullable ReferenceQueue<TaskUpdate> queue) {
			super(update, queue);
			this.hashCode = System.identityHashCode(update);
		}

		@Override
		public boolean equals(@Nullable Object other) {
			if (this == other) {
				return true;
			}
			TaskUpdate update = get();
			return update != null && other instanceof Key that && that.refersTo(update);
		}

		@Override
		public int hashCode() {
			return this.hashCode;
		}

	}

}
