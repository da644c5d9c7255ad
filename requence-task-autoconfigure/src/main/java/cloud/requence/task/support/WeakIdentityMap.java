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

package cloud.requence.task.support;

import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import org.jspecify.annotations.Nullable;

/**
 * Remembers something about objects for as long as they exist. They are compared by
 * identity, which costs nothing for large ones. Safe for use by any thread.
 *
 * @param <K> the type of the objects
 * @param <V> what is remembered
 */
public final class WeakIdentityMap<K, V> {

	private final Map<Key<K>, V> values = new ConcurrentHashMap<>();

	private final ReferenceQueue<K> collected = new ReferenceQueue<>();

	/**
	 * Take out what is remembered of an object.
	 * @param object the object
	 * @return the value; {@code null} if there is none
	 */
	public @Nullable V take(K object) {
		return this.values.isEmpty() ? null : this.values.remove(new Key<>(object, null));
	}

	/**
	 * Remember something about an object, in place of what is remembered of it.
	 * @param object the object
	 * @param value the value
	 */
	public void put(K object, V value) {
		for (Reference<? extends K> key = this.collected.poll(); key != null; key = this.collected.poll()) {
			this.values.remove(key);
		}
		this.values.put(new Key<>(object, this.collected), value);
	}

	/**
	 * Return whether something is remembered of an object.
	 * @param object the object
	 * @return whether there is a value
	 */
	public boolean contains(K object) {
		return !this.values.isEmpty() && this.values.containsKey(new Key<>(object, null));
	}

	int size() {
		return this.values.size();
	}

	private static final class Key<K> extends WeakReference<K> {

		private final int hashCode;

		Key(K object, @Nullable ReferenceQueue<K> queue) {
			super(object, queue);
			this.hashCode = System.identityHashCode(object);
		}

		@Override
		public boolean equals(@Nullable Object other) {
			if (this == other) {
				return true;
			}
			K object = get();
			return object != null && other instanceof Key<?> that && that.get() == object;
		}

		@Override
		public int hashCode() {
			return this.hashCode;
		}

	}

}
