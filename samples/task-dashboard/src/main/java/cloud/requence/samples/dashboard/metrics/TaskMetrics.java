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

import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;

import cloud.requence.samples.dashboard.history.EndedTask;
import cloud.requence.samples.dashboard.history.HistoryTasks;
import cloud.requence.samples.dashboard.history.HistoryTasks.OpenTasks;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.event.EventListener;
import org.springframework.dao.DataAccessException;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/**
 * Counts tasks that have ended, and measures those that run. Safe for use by any thread.
 */
@Component
class TaskMetrics {

	private static final Logger logger = LoggerFactory.getLogger(TaskMetrics.class);

	private static final Duration[] BUCKETS = { Duration.ofSeconds(1), Duration.ofSeconds(5), Duration.ofSeconds(15),
			Duration.ofMinutes(1), Duration.ofMinutes(5), Duration.ofMinutes(15), Duration.ofHours(1),
			Duration.ofHours(6), Duration.ofDays(1) };

	private final MeterRegistry registry;

	private final HistoryTasks tasks;

	private final Clock clock;

	private final TaskNames names;

	private final MultiGauge running;

	private final MultiGauge oldestRunning;

	private final MultiGauge oldestDeferred;

	TaskMetrics(MeterRegistry registry, HistoryTasks tasks, Clock clock,
			@Value("${dashboard.metrics.max-names:100}") int maxNames) {
		this.registry = registry;
		this.tasks = tasks;
		this.clock = clock;
		this.names = new TaskNames(maxNames);
		this.running = gauge("requence.tasks.running", "Tasks that have not ended", null);
		this.oldestRunning = gauge("requence.tasks.oldest.running", "Time for which the oldest task has been running",
				"seconds");
		this.oldestDeferred = gauge("requence.tasks.oldest.deferred",
				"Time for which the oldest node has been waiting for a callback", "seconds");
	}

	private MultiGauge gauge(String name, String description, @Nullable String unit) {
		return MultiGauge.builder(name).description(description).baseUnit(unit).register(this.registry);
	}

	@EventListener
	void ended(EndedTask task) {
		Tags tags = Tags.of("name", this.names.tag(task.name()), "outcome",
				task.outcome().name().toLowerCase(Locale.ROOT));
		Counter.builder("requence.tasks")
			.description("Tasks that have ended")
			.tags(tags)
			.register(this.registry)
			.increment();
		if (task.duration() != null) {
			Timer.builder("requence.tasks.duration")
				.description("Durations of tasks that have ended")
				.tags(tags)
				.serviceLevelObjectives(BUCKETS)
				.register(this.registry)
				.record(task.duration());
		}
	}

	@Scheduled(fixedDelayString = "15s")
	void measure() {
		try {
			List<OpenTasks> open = this.tasks.open(false);
			long now = this.clock.millis();
			register(this.running, byName(open, OpenTasks::tasks, true));
			register(this.oldestRunning, byName(open, (tasks) -> (now - tasks.oldest()) / 1000.0, false));
			register(this.oldestDeferred,
					byName(this.tasks.open(true), (tasks) -> (now - tasks.oldest()) / 1000.0, false));
		}
		catch (DataAccessException ex) {
			logger.debug("Running tasks cannot be measured", ex);
		}
	}

	private Map<String, Double> byName(List<OpenTasks> open, ToDoubleFunction<OpenTasks> value, boolean sum) {
		Map<String, Double> values = new TreeMap<>();
		open.forEach((tasks) -> values.merge(this.names.tag(tasks.name()), value.applyAsDouble(tasks),
				sum ? Double::sum : Double::max));
		return values;
	}

	private static void register(MultiGauge gauge, Map<String, Double> values) {
		gauge.register(values.entrySet()
			.stream()
			.map((entry) -> MultiGauge.Row.of(Tags.of("name", entry.getKey()), entry.getValue()))
			.toList(), true);
	}

}
