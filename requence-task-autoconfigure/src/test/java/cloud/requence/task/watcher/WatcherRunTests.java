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

package cloud.requence.task.watcher;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

import org.junit.jupiter.api.Test;
import reactor.test.scheduler.VirtualTimeScheduler;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link WatcherRun}.
 */
class WatcherRunTests {

	private final VirtualTimeScheduler timers = VirtualTimeScheduler.create();

	private final WatcherRun run = new WatcherRun(this.timers, new WatcherEvents("events", (event) -> {
	}));

	@Test
	void triesOnceHoweverOftenItIsAskedTo() {
		AtomicInteger attempts = new AtomicInteger();
		for (int i = 0; i < 10; i++) {
			this.run.retryLater(attempts::incrementAndGet, Duration.ofSeconds(5));
		}
		this.timers.advanceTimeBy(Duration.ofSeconds(5));
		assertThat(attempts).hasValue(1);
	}

	@Test
	void triesAgainFromWithinAnAttempt() {
		AtomicInteger attempts = new AtomicInteger();
		this.run.retryLater(() -> {
			attempts.incrementAndGet();
			this.run.retryLater(attempts::incrementAndGet, Duration.ofSeconds(5));
		}, Duration.ofSeconds(5));
		this.timers.advanceTimeBy(Duration.ofSeconds(10));
		assertThat(attempts).hasValue(2);
	}

}
