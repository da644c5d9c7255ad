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

package cloud.requence.samples.dashboard.board;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link UpdateRate}.
 */
class UpdateRateTests {

	private final UpdateRate rate = new UpdateRate(1000);

	@Test
	void tellsNothingOfTheSecondThatIsNotOver() {
		this.rate.count(1000);
		assertThat(this.rate.points(Long.MIN_VALUE, 1000).counts()).isEmpty();
		assertThat(this.rate.points(Long.MIN_VALUE, 1001).counts()).containsExactly(1);
	}

	@Test
	void tellsSilentSecondsToo() {
		this.rate.count(1000);
		this.rate.count(1003);
		this.rate.count(1003);
		UpdateRate.Points points = this.rate.points(1001, 1005);
		assertThat(points.from()).isEqualTo(1001);
		assertThat(points.counts()).containsExactly(0, 0, 2, 0);
		assertThat(points.next()).isEqualTo(1005);
	}

	@Test
	void forgetsWhatIsLongAgo() {
		this.rate.count(1000);
		this.rate.count(1001);
		UpdateRate.Points points = this.rate.points(Long.MIN_VALUE, 1600);
		assertThat(points.from()).isEqualTo(1001);
		assertThat(points.counts()).hasSize(599).startsWith(1, 0).endsWith(0);
		assertThat(this.rate.points(Long.MIN_VALUE, 1_000_000).counts()).hasSize(599).containsOnly(0);
	}

	@Test
	void countsOnWhenTheClockGoesBack() {
		this.rate.count(1005);
		this.rate.count(900);
		assertThat(this.rate.points(1005, 1006).counts()).containsExactly(2);
	}

	@Test
	void hasNoPointsForOneThatIsAhead() {
		UpdateRate.Points points = this.rate.points(1010, 1002);
		assertThat(points.counts()).isEmpty();
		assertThat(points.next()).isEqualTo(1010);
	}

}
