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
import java.time.temporal.ChronoUnit;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link Nanos}.
 */
class NanosTests {

	@Test
	void convertsWhatFits() {
		assertThat(Nanos.of(Duration.ZERO)).isZero();
		assertThat(Nanos.of(Duration.ofSeconds(3, 4))).isEqualTo(3_000_000_004L);
	}

	@Test
	void limitsWhatDoesNot() {
		assertThat(Nanos.of(ChronoUnit.FOREVER.getDuration())).isEqualTo(Nanos.LONGEST);
		assertThat(Nanos.of(Duration.ofMillis(Long.MAX_VALUE))).isEqualTo(Nanos.LONGEST);
		assertThat(Nanos.of(Duration.ofNanos(Long.MAX_VALUE))).isEqualTo(Nanos.LONGEST);
		assertThat(Nanos.of(ChronoUnit.FOREVER.getDuration().negated())).isZero();
	}

	@Test
	void deadlinesCanBeComparedByTheirDifference() {
		long overdue = System.nanoTime() - Nanos.LONGEST;
		long never = System.nanoTime() + Nanos.LONGEST;
		assertThat(never - overdue).isPositive();
	}

}
