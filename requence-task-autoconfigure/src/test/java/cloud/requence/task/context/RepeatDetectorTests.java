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

package cloud.requence.task.context;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

import cloud.requence.task.context.RepeatDetector.RepeatCheck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests for {@link RepeatDetector}.
 */
class RepeatDetectorTests {

	private final RepeatDetector detector = new RepeatDetector(4);

	@Nested
	class WithIdentifier {

		@Test
		void anUpdateIsARepeatIfItsIdentifierWasSeen() {
			assertThat(see("a", 1L)).isEqualTo(RepeatCheck.NEW);
			assertThat(see("b", 2L)).isEqualTo(RepeatCheck.NEW);
			assertThat(see("a", 1L)).isEqualTo(RepeatCheck.REPEAT);
			assertThat(see("b", 2L)).isEqualTo(RepeatCheck.REPEAT);
			assertThat(see("a", null)).isEqualTo(RepeatCheck.REPEAT);
		}

		@Test
		void severalUpdatesMayHaveOneIdentifierIfTheirPositionsGrow() {
			for (long position = 1; position <= 10; position++) {
				assertThat(see("a", position)).isEqualTo(RepeatCheck.NEW);
			}
			for (long position = 5; position <= 10; position++) {
				assertThat(see("a", position)).isEqualTo(RepeatCheck.REPEAT);
			}
			assertThat(see("a", 11L)).isEqualTo(RepeatCheck.NEW);
		}

		@Test
		void aKnownIdentifierBehindThePositionReceivedIsARepeat() {
			see("a", 5L);
			see("b", 8L);
			assertThat(see("a", 7L)).isEqualTo(RepeatCheck.REPEAT);
			assertThat(see("a", 9L)).isEqualTo(RepeatCheck.NEW);
		}

		@Test
		void whatFollowsALatePositionAgainIsARepeat() {
			see("a", 1L);
			see("b", 4L);
			assertThat(see("c", 3L)).isEqualTo(RepeatCheck.REGRESSED);
			assertThat(see("b", 4L)).isEqualTo(RepeatCheck.REPEAT);
			assertThat(see("d", 5L)).isEqualTo(RepeatCheck.NEW);
		}

		@Test
		void severalUpdatesMayHaveOneIdentifierAfterPositionsHaveRestarted() {
			see("a", 1000L);
			assertThat(see("b", 1L)).isEqualTo(RepeatCheck.REGRESSED);
			assertThat(see("b", 2L)).isEqualTo(RepeatCheck.NEW);
			assertThat(see("b", 3L)).isEqualTo(RepeatCheck.NEW);
		}

		@Test
		void anUpdateRegressesIfItsPositionIsNotAfterTheLast() {
			see("a", 10L);
			assertThat(see("b", 5L)).isEqualTo(RepeatCheck.REGRESSED);
			assertThat(see("c", 6L)).isEqualTo(RepeatCheck.NEW);
			assertThat(see("d", 6L)).isEqualTo(RepeatCheck.REGRESSED);
		}

		@Test
		void aWholeReplayIsOfRepeatsAndTheNextIsNew() {
			see("a", 1L);
			see("b", 2L);
			see("c", 3L);
			assertThat(see("a", 1L)).isEqualTo(RepeatCheck.REPEAT);
			assertThat(see("b", 2L)).isEqualTo(RepeatCheck.REPEAT);
			assertThat(see("c", 3L)).isEqualTo(RepeatCheck.REPEAT);
			assertThat(see("d", 4L)).isEqualTo(RepeatCheck.NEW);
		}

		@Test
		void anUpdateIsNewAgainOnceItIsForgotten() {
			for (String id : List.of("a", "b", "c", "d")) {
				see(id, null);
			}
			assertThat(see("a", null)).isEqualTo(RepeatCheck.REPEAT);
			assertThat(see("e", null)).isEqualTo(RepeatCheck.NEW);
			assertThat(see("a", null)).isEqualTo(RepeatCheck.NEW);
			assertThat(see("c", null)).isEqualTo(RepeatCheck.REPEAT);
		}

		@Test
		void anUpdateWithoutPositionIsNew() {
			see("a", 10L);
			assertThat(see("b", null)).isEqualTo(RepeatCheck.NEW);
			assertThat(see("c", 11L)).isEqualTo(RepeatCheck.NEW);
		}

		@Test
		void identifiersOfUpdatesThatAdvanceAreLookedForOnlyWhenOneDoesNot() {
			RepeatDetector remembering = new RepeatDetector(64);
			for (int round = 0; round < 10; round++) {
				for (int i = 0; i < 100; i++) {
					long position = round * 100L + i;
					assertThat(see(remembering, "u-" + position, position)).isEqualTo(RepeatCheck.NEW);
				}
				long last = round * 100L + 99;
				for (long position = last - 63; position <= last; position++) {
					assertThat(see(remembering, "u-" + position, position)).isEqualTo(RepeatCheck.REPEAT);
				}
				assertThat(see(remembering, "u-" + (last - 64), last - 64)).isEqualTo(RepeatCheck.REGRESSED);
			}
		}

		@Test
		void anIdentifierThatComesAgainIsRememberedFromThenOn() {
			see("a", 1L);
			see("b", 2L);
			see("a", 3L);
			see("c", 4L);
			see("d", 5L);
			assertThat(see("a", 3L)).isEqualTo(RepeatCheck.REPEAT);
			assertThat(see("b", 2L)).isEqualTo(RepeatCheck.REPEAT);
			see("e", 6L);
			assertThat(see("a", 3L)).isEqualTo(RepeatCheck.REPEAT);
		}

		@Test
		void anyOrderOfUpdatesIsJudgedByIdentifiersAndPositions() {
			Random random = new Random(14);
			for (int stream = 0; stream < 2_000; stream++) {
				RepeatDetector remembering = new RepeatDetector(64);
				Map<String, Long> known = new HashMap<>();
				long position = Long.MIN_VALUE;
				long next = 0;
				for (int i = 0; i < 64; i++) {
					next = (random.nextInt(4) == 0) ? random.nextInt(64) : next + 1;
					String id = "u-" + random.nextInt(24);
					RepeatCheck expected = (next > position)
							? (next > known.getOrDefault(id, Long.MIN_VALUE)) ? RepeatCheck.NEW : RepeatCheck.REPEAT
							: known.containsKey(id) ? RepeatCheck.REPEAT : RepeatCheck.REGRESSED;
					assertThat(see(remembering, id, next)).as("stream %d, update %d", stream, i).isEqualTo(expected);
					position = (next > position || !known.containsKey(id)) ? next : position;
					known.merge(id, next, Math::max);
				}
			}
		}

		@Test
		void identifiersOfAllKindsAreToldApart() {
			RecentIds ids = new RecentIds(200_000);
			for (int i = 0; i < 30_000; i++) {
				assertThat(ids.add(new UUID(0, i).toString())).isTrue();
				assertThat(ids.add(String.valueOf(i))).isTrue();
				assertThat(ids.add("\0".repeat(i % 50) + "é" + i)).isTrue();
			}
			assertThat(ids.add("")).isTrue();
			assertThat(ids.add("\0")).isTrue();
			assertThat(ids.add("\0\0")).isTrue();
			assertThat(ids.add(new UUID(0, 7).toString())).isFalse();
		}

	}

	@Nested
	class WithoutIdentifier {

		@Test
		void thePositionDecides() {
			assertThat(see(null, 5L)).isEqualTo(RepeatCheck.NEW);
			assertThat(see(null, 5L)).isEqualTo(RepeatCheck.REPEAT);
			assertThat(see(null, 4L)).isEqualTo(RepeatCheck.REPEAT);
			assertThat(see(null, 6L)).isEqualTo(RepeatCheck.NEW);
		}

		@Test
		void thePositionsOfOtherUpdatesCountAsWell() {
			see("a", 5L);
			assertThat(see(null, 5L)).isEqualTo(RepeatCheck.REPEAT);
			see("a", 7L);
			assertThat(see(null, 6L)).isEqualTo(RepeatCheck.REPEAT);
			see("b", 2L);
			assertThat(see(null, 3L)).isEqualTo(RepeatCheck.NEW);
		}

		@Test
		void anUpdateWithoutPositionIsNew() {
			assertThat(see(null, null)).isEqualTo(RepeatCheck.NEW);
			assertThat(see(null, null)).isEqualTo(RepeatCheck.NEW);
		}

	}

	@Nested
	class WithoutPosition {

		private final RepeatDetector growing = new RepeatDetector(4, 10);

		@Test
		void moreIdentifiersAreRemembered() {
			for (int i = 0; i < 10; i++) {
				assertThat(seeWithoutPosition(i)).isEqualTo(RepeatCheck.NEW);
			}
			for (int i = 0; i < 10; i++) {
				assertThat(seeWithoutPosition(i)).isEqualTo(RepeatCheck.REPEAT);
			}
			assertThat(seeWithoutPosition(10)).isEqualTo(RepeatCheck.NEW);
			assertThat(seeWithoutPosition(1)).isEqualTo(RepeatCheck.REPEAT);
			assertThat(seeWithoutPosition(0)).isEqualTo(RepeatCheck.NEW);
		}

		@Test
		void identifiersWithAPositionDoNotNeedMore() {
			for (long i = 1; i <= 5; i++) {
				this.growing.see(RawUpdates.seen("id-" + i, i));
			}
			assertThat(this.growing.see(RawUpdates.seen("id-1", 1L))).isEqualTo(RepeatCheck.REGRESSED);
		}

		private RepeatCheck seeWithoutPosition(int number) {
			return this.growing.see(RawUpdates.seen("id-" + number, null));
		}

	}

	@Property
	void theMostRecentIdentifiersAreKnownAndNoOthers(@ForAll @Size(max = 300) List<@IntRange(max = 40) Integer> numbers,
			@ForAll @IntRange(min = 1, max = 33) int capacity, @ForAll @IntRange(max = 300) int growAt) {
		RecentIds ids = new RecentIds(capacity);
		Deque<Integer> model = new ArrayDeque<>();
		int seen = 0;
		for (int number : numbers) {
			if (seen++ == growAt) {
				ids.growTo(2 * capacity);
			}
			boolean expected = !model.contains(number);
			assertThat(ids.add("id-" + number)).isEqualTo(expected);
			if (expected) {
				model.addLast(number);
			}
			if (model.size() > ids.capacity()) {
				model.removeFirst();
			}
		}
	}

	@Test
	void remembersSomethingButNotEverything() {
		assertThatIllegalArgumentException().isThrownBy(() -> new RepeatDetector(0));
		assertThatIllegalArgumentException().isThrownBy(() -> new RepeatDetector(Integer.MAX_VALUE));
	}

	private RepeatCheck see(String updateId, Long position) {
		return this.detector.see(RawUpdates.seen(updateId, position));
	}

	private static RepeatCheck see(RepeatDetector detector, String updateId, long position) {
		return detector.see(RawUpdates.seen(updateId, position));
	}

}
