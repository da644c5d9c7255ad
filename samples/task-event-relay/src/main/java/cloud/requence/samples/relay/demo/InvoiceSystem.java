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

package cloud.requence.samples.relay.demo;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;

import org.springframework.context.event.EventListener;

import cloud.requence.task.TaskEnd;

/**
 * Hands the results of tasks to a system that is not available for a while, now and then,
 * so that there are dead letters. Those that are replayed later are handled.
 */
class InvoiceSystem {

	private static final Duration PERIOD = Duration.ofMinutes(2);

	private static final Duration OUTAGE = Duration.ofSeconds(10);

	// At the start there is something to see soon
	private static final Duration FIRST_OUTAGE = Duration.ofSeconds(45);

	private final Clock clock;

	private final Instant started;

	InvoiceSystem(Clock clock) {
		this.clock = clock;
		this.started = clock.instant();
	}

	@EventListener
	void ended(TaskEnd end) {
		Duration running = Duration.between(this.started, this.clock.instant());
		if (running.compareTo(FIRST_OUTAGE) < 0 || running.toMillis() % PERIOD.toMillis() < OUTAGE.toMillis()) {
			throw new IllegalStateException("The invoice system does not answer");
		}
	}

}
