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

package cloud.requence.samples.relay.monitoring;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * Measures how fast counters increase, from the oldest to the newest of their values in a
 * window.
 * <p>
 * Used by one thread.
 */
class Rates {

	private final Duration window;

	private final Deque<Sample> samples = new ArrayDeque<>();

	Rates(Duration window) {
		this.window = window;
	}

	void add(Instant at, Map<String, Long> values) {
		this.samples.removeIf((sample) -> sample.at.isBefore(at.minus(this.window)) || sample.at.isAfter(at));
		this.samples.addLast(new Sample(at, Map.copyOf(values)));
	}

	/**
	 * Return the rate of a counter.
	 * @param name the name of the counter
	 * @return the rate per second; {@code null} if there are not two values, or if it has
	 * decreased
	 */
	@Nullable Double of(String name) {
		Sample last = this.samples.peekLast();
		Sample first = this.samples.stream()
			.filter((sample) -> sample.values.containsKey(name))
			.findFirst()
			.orElse(null);
		if (last == null || first == null || first == last || !last.values.containsKey(name)) {
			return null;
		}
		long increase = last.value(name) - first.value(name);
		double seconds = Duration.between(first.at, last.at).toMillis() / 1000.0;
		return (increase >= 0 && seconds > 0) ? (increase / seconds) : null;
	}

	private record Sample(Instant at, Map<String, Long> values) {

		long value(String name) {
			return this.values.getOrDefault(name, 0L);
		}

	}

}
