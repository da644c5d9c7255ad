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

import java.time.Instant;
import java.util.Map;
import java.util.concurrent.TimeUnit;

import io.micrometer.core.instrument.MockClock;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.simple.SimpleConfig;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import cloud.requence.task.DeliveryMonitor.Outcome;
import cloud.requence.task.Node;
import cloud.requence.task.NodeEnd;
import cloud.requence.task.TaskContext;
import cloud.requence.task.TaskUpdate;
import cloud.requence.task.UpdateHeader;
import cloud.requence.task.UpdateType;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link UpdateMetrics}.
 */
class UpdateMetricsTests {

	private final MockClock clock = new MockClock();

	private final SimpleMeterRegistry registry = new SimpleMeterRegistry(SimpleConfig.DEFAULT, this.clock);

	private final UpdateMetrics metrics = new UpdateMetrics("my-watcher", this.registry);

	private TaskUpdate update(@Nullable Instant timestamp) {
		return new NodeEnd(
				new UpdateHeader(UpdateType.NODE_END, "task", null, "update", null, timestamp, 1L, false, Map.of()),
				TaskContext.of("task"), new Node("node", null, null));
	}

	private double count(String outcome) {
		return this.registry.get("requence.task.updates")
			.tags("watcher", "my-watcher", "type", "nodeEnd", "outcome", outcome)
			.counter()
			.count();
	}

	private Timer lag() {
		return this.registry.get("requence.task.updates.lag").tag("watcher", "my-watcher").timer();
	}

	@Test
	void countsWhatIsDelivered() {
		this.metrics.begin(update(null), 1).end(Outcome.DELIVERED, null);
		assertThat(count("delivered")).isOne();
		assertThat(count("failed")).isZero();
	}

	@Test
	void countsWhatIsGivenUp() {
		this.metrics.begin(update(null), 1).end(Outcome.FAILED, new IllegalStateException());
		assertThat(count("failed")).isOne();
	}

	@Test
	void countsWhatIsHidden() {
		this.metrics.filtered(update(null));
		assertThat(count("filtered")).isOne();
	}

	@ParameterizedTest
	@EnumSource(names = { "RETRY", "STOPPED", "UNAVAILABLE", "INTERRUPTED" })
	void countsNoUpdateThatIsTriedAgain(Outcome outcome) {
		this.metrics.begin(update(Instant.EPOCH), 1).end(outcome, new IllegalStateException());
		assertThat(this.registry.get("requence.task.updates").counters()).allMatch((counter) -> counter.count() == 0);
		assertThat(lag().count()).isZero();
	}

	@Test
	void measuresTheAgeAtTheEndOfTheDelivery() {
		var attempt = this.metrics.begin(update(Instant.ofEpochMilli(this.clock.wallTime())), 1);
		this.clock.add(1500, TimeUnit.MILLISECONDS);
		attempt.end(Outcome.DELIVERED, null);
		assertThat(lag().count()).isOne();
		assertThat(lag().totalTime(TimeUnit.MILLISECONDS)).isEqualTo(1500);
	}

	@Test
	void takesAnUpdateFromTheFutureForANewOne() {
		this.metrics.begin(update(Instant.ofEpochMilli(this.clock.wallTime()).plusSeconds(5)), 1)
			.end(Outcome.DELIVERED, null);
		assertThat(lag().count()).isOne();
		assertThat(lag().totalTime(TimeUnit.MILLISECONDS)).isZero();
	}

	@ParameterizedTest
	@EnumSource
	void hasACounterForEveryTypeFromTheBeginning(UpdateType type) {
		assertThat(this.registry.get("requence.task.updates").tag("type", type.wireName()).counters()).hasSize(3);
	}

}
