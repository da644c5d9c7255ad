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

package cloud.requence.task;

import java.util.AbstractMap;
import java.util.AbstractSet;
import java.util.Arrays;
import java.util.Iterator;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.Set;

import org.jspecify.annotations.Nullable;

/**
 * A small immutable map that keeps the order of its entries. Keys and values share one
 * array: contexts of many open tasks are kept at once, and a hash table would cost more
 * than most of the values in them.
 *
 * @param <V> the type of the values
 */
final class SnapshotMap<V> extends AbstractMap<String, V> {

	private static final SnapshotMap<?> EMPTY = new SnapshotMap<>(new Object[0]);

	private final Object[] entries;

	private SnapshotMap(Object[] entries) {
		this.entries = entries;
	}

	@SuppressWarnings("unchecked")
	static <V> SnapshotMap<V> empty() {
		return (SnapshotMap<V>) EMPTY;
	}

	static <V> SnapshotMap<V> copyOf(@Nullable Map<String, V> map) {
		if (map instanceof SnapshotMap<V> snapshot) {
			return snapshot;
		}
		if (map == null || map.isEmpty()) {
			return empty();
		}
		Object[] entries = new Object[map.size() * 2];
		int index = 0;
		for (Map.Entry<String, V> entry : map.entrySet()) {
			entries[index++] = Objects.requireNonNull(entry.getKey());
			entries[index++] = Objects.requireNonNull(entry.getValue());
		}
		return new SnapshotMap<>(entries);
	}

	SnapshotMap<V> with(String key, V value) {
		int index = indexOf(key);
		Object[] changed = Arrays.copyOf(this.entries, (index >= 0) ? this.entries.length : this.entries.length + 2);
		if (index < 0) {
			index = this.entries.length;
			changed[index] = key;
		}
		changed[index + 1] = value;
		return new SnapshotMap<>(changed);
	}

	@Override
	public int size() {
		return this.entries.length / 2;
	}

	@Override
	public boolean containsKey(@Nullable Object key) {
		return indexOf(key) >= 0;
	}

	@Override
	@SuppressWarnings("unchecked")
	public @Nullable V get(@Nullable Object key) {
		int index = indexOf(key);
		return (index >= 0) ? (V) this.entries[index + 1] : null;
	}

	private int indexOf(@Nullable Object key) {
		for (int i = 0; i < this.entries.length; i += 2) {
			if (this.entries[i].equals(key)) {
				return i;
			}
		}
		return -1;
	}

	@Override
	public Set<Map.Entry<String, V>> entrySet() {
		return new EntrySet();
	}

	private final class EntrySet extends AbstractSet<Map.Entry<String, V>> {

		@Override
		public Iterator<Map.Entry<String, V>> iterator() {
			return new EntryIterator();
		}

		@Override
		public int size() {
			return SnapshotMap.this.size();
		}

	}

	private final class EntryIterator implements Iterator<Map.Entry<String, V>> {

		private int next;

		@Override
		public boolean hasNext() {
			return this.next < SnapshotMap.this.entries.length;
		}

		@Override
		@SuppressWarnings("unchecked")
		public Map.Entry<String, V> next() {
			if (!hasNext()) {
				throw new NoSuchElementException();
			}
			Object[] entries = SnapshotMap.this.entries;
			Map.Entry<String, V> entry = Map.entry((String) entries[this.next], (V) entries[this.next + 1]);
			this.next += 2;
			return entry;
		}

	}

}
