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

package cloud.requence.samples.dashboard.history;

import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Collectors;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.dao.DataAccessException;
import org.springframework.scheduling.annotation.Scheduled;

/**
 * Learns from the history how long tasks of a name usually run, and after which time they
 * are overdue.
 */
class UsualLimits {

	private static final Logger logger = LoggerFactory.getLogger(UsualLimits.class);

	private static final Duration PERIOD = Duration.ofDays(7);

	private static final long MIN_LIMIT = Duration.ofSeconds(10).toMillis();

	private final HistoryTasks tasks;

	private final Consumer<Map<String, Duration>> consumer;

	private final Clock clock;

	private final double factor;

	private final int minTasks;

	UsualLimits(HistoryTasks tasks, Consumer<Map<String, Duration>> consumer, Clock clock, double factor,
			int minTasks) {
		this.tasks = tasks;
		this.consumer = consumer;
		this.clock = clock;
		this.factor = factor;
		this.minTasks = minTasks;
	}

	@Scheduled(fixedDelayString = "5m")
	void learn() {
		if (this.factor <= 0) {
			return;
		}
		try {
			Map<String, Long> durations = this.tasks.usualDurations(this.clock.millis() - PERIOD.toMillis(),
					this.minTasks);
			this.consumer.accept(durations.entrySet()
				.stream()
				.collect(Collectors.toMap(Map.Entry::getKey, (entry) -> limit(entry.getValue()))));
		}
		catch (DataAccessException ex) {
			logger.debug("Usual durations cannot be learned", ex);
		}
	}

	private Duration limit(long duration) {
		return Duration.ofMillis(Math.max(MIN_LIMIT, Math.round(duration * this.factor)));
	}

}
