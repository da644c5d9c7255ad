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

import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.MultiGauge.Row;
import io.micrometer.core.instrument.Tags;
import org.jspecify.annotations.Nullable;

import cloud.requence.samples.relay.monitoring.TopicState.Group;

/**
 * Metrics of the groups. What is not known has no value: while the broker cannot be read
 * there are none.
 */
class MonitoringMetrics implements Consumer<Reading> {

	private final MultiGauge lag;

	private final MultiGauge rate;

	private final MultiGauge deadLetters;

	MonitoringMetrics(MeterRegistry registry) {
		this.lag = MultiGauge.builder("relay.group.lag")
			.description("Offsets that a group has not read yet")
			.register(registry);
		this.rate = MultiGauge.builder("relay.group.rate")
			.description("Offsets that a group reads each second")
			.register(registry);
		this.deadLetters = MultiGauge.builder("relay.group.dead.letters")
			.description("Records that a group could not handle, and that were not replayed")
			.register(registry);
	}

	@Override
	public void accept(Reading reading) {
		TopicState state = reading.state();
		List<Group> groups = (state != null && reading.failure() == null) ? state.groups() : List.of();
		this.lag.register(groups.stream().flatMap((group) -> row(group, group.lag())).toList(), true);
		this.rate.register(groups.stream().flatMap((group) -> row(group, group.rate())).toList(), true);
		this.deadLetters.register(groups.stream()
			.flatMap((group) -> row(group, (group.deadLetters() != null) ? group.deadLetters().letters().size() : null))
			.toList(), true);
	}

	private static Stream<Row<?>> row(Group group, @Nullable Number value) {
		return (value != null) ? Stream.of(Row.of(Tags.of("group", group.name()), value)) : Stream.empty();
	}

}
