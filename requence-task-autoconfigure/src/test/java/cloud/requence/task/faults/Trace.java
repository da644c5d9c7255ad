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

package cloud.requence.task.faults;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * What has happened in a run, for the reader of a failure.
 */
final class Trace {

	private static final int MAX_LINES = 2000;

	private final long begin = System.nanoTime();

	private final List<String> lines = new ArrayList<>();

	private final List<String> violations = new ArrayList<>();

	synchronized void add(String what) {
		if (this.lines.size() < MAX_LINES) {
			long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - this.begin);
			this.lines.add("%6d ms  %s  [%s]".formatted(millis, what, Thread.currentThread().getName()));
		}
	}

	synchronized void violation(String what) {
		add("VIOLATION: " + what);
		this.violations.add(what);
	}

	synchronized List<String> violations() {
		return List.copyOf(this.violations);
	}

	@Override
	public synchronized String toString() {
		return String.join("\n", this.lines);
	}

}
