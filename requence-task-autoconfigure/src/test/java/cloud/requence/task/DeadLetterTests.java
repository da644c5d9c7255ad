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

package cloud.requence.task;

import java.time.Instant;

import org.junit.jupiter.api.Test;

import cloud.requence.task.test.TestTask;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link DeadLetter}.
 */
class DeadLetterTests {

	private static final Instant NOW = Instant.parse("2026-11-28T10:00:00Z");

	private static DeadLetter letter(Throwable failure) {
		return DeadLetter.of("test", TestTask.of("t").input("secret").start(), "", failure, 3, NOW);
	}

	@Test
	void namesTheFailureAndItsCausesInOneLine() {
		DeadLetter letter = letter(
				new IllegalStateException("cannot book\nat all", new IllegalArgumentException("no amount")));
		assertThat(letter.error()).isEqualTo("java.lang.IllegalStateException: cannot book at all;"
				+ " caused by java.lang.IllegalArgumentException: no amount");
		assertThat(letter.listener()).isNull();
	}

	@Test
	void boundsTheError() {
		Exception failure = new IllegalStateException("x".repeat(1_000_000));
		for (int i = 0; i < 1000; i++) {
			failure = new IllegalStateException("y".repeat(100), failure);
		}
		assertThat(letter(failure).error()).hasSizeLessThanOrEqualTo(DeadLetter.MAX_ERROR_LENGTH);
		assertThat(new DeadLetter("test", TestTask.of("t").start(), "l".repeat(5000), "e", 1, NOW).listener())
			.hasSize(DeadLetter.MAX_ERROR_LENGTH);
	}

	@Test
	void hasAnErrorInAnyCase() {
		assertThat(letter(new IllegalStateException("\u0000 \u202e")).error())
			.isEqualTo("java.lang.IllegalStateException:");
		assertThat(new DeadLetter("test", TestTask.of("t").start(), null, "\n", 1, NOW).error()).isEqualTo("unknown");
	}

	@Test
	void isDescribedWithoutItsValues() {
		assertThat(letter(new IllegalStateException("secret"))).asString()
			.contains("watcher=test", "type=taskStart", "failures=3")
			.doesNotContain("secret");
	}

}
