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

import java.util.Objects;

import org.jspecify.annotations.Nullable;

/**
 * Updates one behind the other, each of which refers to the next. Nothing is allocated
 * for that: a collection that has to grow and cannot, for lack of memory, may lose what
 * it contains. An update is in one chain at a time. Guarded by the delivery queue.
 */
final class UpdateChain {

	private @Nullable PendingUpdate first;

	private @Nullable PendingUpdate last;

	private int size;

	void add(PendingUpdate update) {
		if (this.last != null) {
			this.last.behind = update;
		}
		else {
			this.first = update;
		}
		this.last = update;
		this.size++;
	}

	/**
	 * Return the first update, from which {@code behind} leads to the others.
	 */
	@Nullable PendingUpdate first() {
		return this.first;
	}

	@Nullable PendingUpdate last() {
		return this.last;
	}

	PendingUpdate removeFirst() {
		PendingUpdate removed = Objects.requireNonNull(this.first);
		this.first = removed.behind;
		if (this.first == null) {
			this.last = null;
		}
		removed.behind = null;
		this.size--;
		return removed;
	}

	int size() {
		return this.size;
	}

	boolean isEmpty() {
		return this.first == null;
	}

	void clear() {
		this.first = null;
		this.last = null;
		this.size = 0;
	}

}
