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

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;

import cloud.requence.samples.dashboard.web.ProblemException;
import cloud.requence.samples.dashboard.web.Problems;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;

import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link HistoryCalls}.
 */
class HistoryCallsTests {

	private final CountDownLatch silence = new CountDownLatch(1);

	private final HistoryCalls calls = new HistoryCalls(Duration.ofMillis(100));

	@AfterEach
	void close() {
		this.silence.countDown();
		this.calls.close();
	}

	@Test
	void giveUpADatabaseThatNeverAnswers() {
		for (int i = 0; i < 10; i++) {
			Mono<Integer> call = this.calls.call(this::hang);
			assertThatExceptionOfType(ProblemException.class).isThrownBy(() -> call.block(Duration.ofSeconds(20)))
				.withMessage(Problems.NO_DATABASE);
		}
	}

	/**
	 * Wait as a driver does, which does not heed interrupts.
	 */
	private int hang() {
		while (this.silence.getCount() > 0) {
			LockSupport.parkNanos(1_000_000);
		}
		return 1;
	}

}
