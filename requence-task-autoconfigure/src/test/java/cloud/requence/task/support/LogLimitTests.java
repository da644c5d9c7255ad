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

package cloud.requence.task.support;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

import org.apache.commons.logging.Log;
import org.junit.jupiter.api.Test;

import static org.mockito.ArgumentMatchers.any;
import static org.mockito.ArgumentMatchers.contains;
import static org.mockito.BDDMockito.then;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.never;
import static org.mockito.Mockito.times;

/**
 * Tests for {@link LogLimit}.
 */
class LogLimitTests {

	private final Log logger = mock();

	private final AtomicLong now = new AtomicLong(-5);

	private final LogLimit limit = new LogLimit(this.logger, "Failures", this.now::get);

	private final Exception cause = new IllegalStateException("test");

	private void pass(Duration time) {
		this.now.addAndGet(time.toNanos());
	}

	private void fail(int times) {
		for (int i = 0; i < times; i++) {
			this.limit.error("failed", this.cause);
		}
	}

	@Test
	void theFirstLineHasTheStackTrace() {
		fail(1);
		then(this.logger).should().error("failed", this.cause);
	}

	@Test
	void aStormWritesAFewLinesOnly() {
		fail(10_000);
		then(this.logger).should(times(1)).error("failed", this.cause);
		then(this.logger).should(times(2)).error("failed (java.lang.IllegalStateException)", null);
		then(this.logger).should(never()).warn(any());
	}

	@Test
	void whatWasLeftOutIsAtDebugLevel() {
		fail(5);
		then(this.logger).should(times(4)).debug("failed", this.cause);
	}

	@Test
	void theNumberOfTheOthersIsReportedOnceTheMinuteIsOver() {
		fail(10);
		pass(Duration.ofMinutes(1));
		fail(1);
		then(this.logger).should().warn(contains("Failures: 7 more"));
		then(this.logger).should(times(2)).error("failed", this.cause);
	}

	@Test
	void theNumberIsReportedEvenIfNothingFailsAgain() {
		fail(10);
		this.limit.summarizeIfAny();
		then(this.logger).should(never()).warn(any());
		pass(Duration.ofMinutes(1));
		this.limit.summarizeIfAny();
		this.limit.summarizeIfAny();
		then(this.logger).should(times(1)).warn(contains("7 more"));
	}

	@Test
	void aFewLinesAMinuteAreLoggedOneByOne() {
		for (int i = 0; i < 10; i++) {
			fail(1);
			pass(Duration.ofMinutes(1));
		}
		then(this.logger).should(times(10)).error("failed", this.cause);
		then(this.logger).should(never()).warn(any());
	}

}
