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

package cloud.requence.task.checkpoint;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link ResumeTime}.
 */
class ResumeTimeTests {

	private static final Instant NOW = Instant.parse("2026-11-27T10:00:00Z");

	private static final Instant BEGIN = NOW.minusSeconds(3600);

	private final ResumeTime time = new ResumeTime(Clock.fixed(NOW, ZoneOffset.UTC));

	@Test
	void isTheBeginningUntilSomethingIsKnown() {
		this.time.seen(null);
		assertThat(this.time.notBefore(BEGIN)).isEqualTo(BEGIN);
	}

	@Test
	void isThatOfTheNewestUpdateLessAnOverlap() {
		this.time.seen(NOW.minusSeconds(100));
		this.time.seen(NOW.minusSeconds(200));
		assertThat(this.time.newest()).isEqualTo(NOW.minusSeconds(100));
		assertThat(this.time.notBefore(BEGIN)).isEqualTo(NOW.minusSeconds(130));
	}

	@Test
	void isNeverBeforeTheBeginning() {
		this.time.seen(BEGIN.plusSeconds(10));
		assertThat(this.time.notBefore(BEGIN)).isEqualTo(BEGIN);
		this.time.seen(Instant.MIN);
		assertThat(this.time.notBefore(BEGIN)).isEqualTo(BEGIN);
	}

	@Test
	void isNotSpoiledBySingleUpdatesFromTheFuture() {
		this.time.seen(NOW.minusSeconds(100));
		for (int i = 0; i < 100; i++) {
			this.time.seen(Instant.parse("2034-01-01T00:00:00Z"));
			this.time.seen(NOW.minusSeconds(200));
		}
		assertThat(this.time.notBefore(BEGIN)).isEqualTo(NOW.minusSeconds(130));
	}

	@Test
	void followsAPlatformWhoseClockIsAhead() {
		for (int i = 0; i < 16; i++) {
			this.time.seen(NOW.plusSeconds(3600 + i));
		}
		assertThat(this.time.notBefore(BEGIN)).isEqualTo(NOW.plusSeconds(3570));
	}

	@Test
	void canBeForgotten() {
		this.time.seen(NOW);
		this.time.forget();
		assertThat(this.time.notBefore(BEGIN)).isEqualTo(BEGIN);
	}

}
