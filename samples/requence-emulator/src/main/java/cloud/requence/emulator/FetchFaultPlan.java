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

package cloud.requence.emulator;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * The faults of fetches that are still to come. Safe for use by any thread.
 */
final class FetchFaultPlan {

	private final Deque<Planned> queue = new ArrayDeque<>();

	/** By the id of the content, with the one for all others under {@code null}. */
	private final Map<@Nullable String, FetchFault> always = new HashMap<>();

	synchronized void add(FetchFault fault, @Nullable String id, int times) {
		if (times == FaultPlan.ALWAYS) {
			this.always.put(id, fault);
			return;
		}
		for (int i = 0; i < times; i++) {
			this.queue.add(new Planned(fault, id));
		}
	}

	synchronized FetchFault next(String id) {
		Iterator<Planned> planned = this.queue.iterator();
		while (planned.hasNext()) {
			Planned candidate = planned.next();
			if (candidate.id() == null || candidate.id().equals(id)) {
				planned.remove();
				return candidate.fault();
			}
		}
		FetchFault others = this.always.getOrDefault(null, FetchFault.OddBody.NONE);
		return this.always.getOrDefault(id, others);
	}

	synchronized void clear() {
		this.queue.clear();
		this.always.clear();
	}

	private record Planned(FetchFault fault, @Nullable String id) {
	}

}
