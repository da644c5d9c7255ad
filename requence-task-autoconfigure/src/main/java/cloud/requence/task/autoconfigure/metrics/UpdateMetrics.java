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

package cloud.requence.task.autoconfigure.metrics;

import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;

import io.micrometer.core.instrument.Clock;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;

import cloud.requence.task.DeliveryMonitor;
import cloud.requence.task.TaskUpdate;
import cloud.requence.task.UpdateType;

/**
 * Counts the updates of a watcher by type and outcome, and measures their age at
 * delivery. All counters exist from the beginning, so that the first failure is visible
 * as an increase.
 */
final class UpdateMetrics implements DeliveryMonitor {

	// By the ordinal of the type
	private final Counters[] counters;

	private final Timer lag;

	private final Clock clock;

	UpdateMetrics(String watcher, MeterRegistry registry) {
		this.counters = Arrays.stream(UpdateType.values())
			.map((type) -> new Counters(counter(registry, watcher, type, "delivered"),
					counter(registry, watcher, type, "filtered"), counter(registry, watcher, type, "failed")))
			.toArray(Counters[]::new);
		this.lag = Timer.builder("requence.task.updates.lag")
			.description("Age of updates at their delivery")
			.tag("watcher", watcher)
			.register(registry);
		this.clock = registry.config().clock();
	}

	private static Counter counter(MeterRegistry registry, String watcher, UpdateType type, String outcome) {
		return Counter.builder("requence.task.updates")
			.description("Finished updates, by outcome")
			.tag("watcher", watcher)
			.tag("type", type.wireName())
			.tag("outcome", outcome)
			.register(registry);
	}

	@Override
	public Attempt begin(TaskUpdate update, int number) {
		return (outcome, failure) -> {
			switch (outcome) {
				case DELIVERED -> delivered(update);
				case FAILED -> of(update).failed().increment();
				// The update will be tried again
				case RETRY, STOPPED, UNAVAILABLE, INTERRUPTED -> {
				}
			}
		};
	}

	@Override
	public void filtered(TaskUpdate update) {
		of(update).filtered().increment();
	}

	private void delivered(TaskUpdate update) {
		of(update).delivered().increment();
		Instant timestamp = update.timestamp();
		if (timestamp != null) {
			// The clocks of platform and application may differ, and a timer takes no
			// negative value
			this.lag.record(Duration.ofMillis(Math.max(0, this.clock.wallTime() - timestamp.toEpochMilli())));
		}
	}

	private Counters of(TaskUpdate update) {
		return this.counters[update.type().ordinal()];
	}

	private record Counters(Counter delivered, Counter filtered, Counter failed) {

	}

}
