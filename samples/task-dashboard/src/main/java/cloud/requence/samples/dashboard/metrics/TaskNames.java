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

package cloud.requence.samples.dashboard.metrics;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import org.jspecify.annotations.Nullable;

import org.springframework.util.StringUtils;

/**
 * Limits how many names of tasks become tags: the first ones have one of their own, all
 * others share one. Safe for use by any thread.
 */
final class TaskNames {

	static final String OTHERS = "(others)";

	static final String NONE = "(none)";

	private final Set<String> names = ConcurrentHashMap.newKeySet();

	private final int max;

	TaskNames(int max) {
		this.max = max;
	}

	String tag(@Nullable String name) {
		if (!StringUtils.hasText(name)) {
			return NONE;
		}
		if (this.names.contains(name)) {
			return name;
		}
		synchronized (this.names) {
			return (this.names.size() < this.max && this.names.add(name)) || this.names.contains(name) ? name : OTHERS;
		}
	}

}
