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

package cloud.requence.task.delivery;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link DeliveryProgress}.
 */
class DeliveryProgressTests {

	private final DeliveryProgress progress = new DeliveryProgress();

	private final List<String> steps = new ArrayList<>();

	DeliveryProgressTests() {
		this.progress.listener((position, updates, acknowledgement) -> this.steps
			.add(position + "/" + updates + ((acknowledgement != null) ? "/" + acknowledgement : "")));
	}

	private ProgressStep received(@Nullable Long position) {
		ProgressStep step = new ProgressStep(position);
		this.progress.received(step);
		return step;
	}

	private ProgressStep acknowledged(long position, String taskId) {
		ProgressStep step = received(position);
		step.acknowledgement = taskId;
		return step;
	}

	@Test
	void advancesWithEachUpdateThatIsDoneInOrder() {
		ProgressStep one = received(1L);
		ProgressStep two = received(2L);
		this.progress.done(one);
		assertThat(this.progress.position()).isEqualTo(1);
		this.progress.done(two);
		assertThat(this.progress.position()).isEqualTo(2);
		assertThat(this.steps).containsExactly("1/1", "2/1");
	}

	@Test
	void reportsTheNewestTimeOfWhatIsDoneWithoutAGap() {
		List<Instant> reached = new ArrayList<>();
		this.progress.listener(new ProgressListener() {

			@Override
			public void advanced(@Nullable Long position, int updates, @Nullable String acknowledgement) {
			}

			@Override
			public void reached(Instant timestamp) {
				reached.add(timestamp);
			}

		});
		List<ProgressStep> received = new ArrayList<>();
		for (int second : new int[] { 10, 40, 30, 50 }) {
			ProgressStep step = new ProgressStep(null, Instant.ofEpochSecond(second));
			this.progress.received(step);
			received.add(step);
		}
		this.progress.done(received.get(2));
		this.progress.done(received.get(1));
		assertThat(reached).isEmpty();
		this.progress.done(received.get(0));
		assertThat(reached).containsExactly(Instant.ofEpochSecond(40));
		this.progress.done(received.get(3));
		assertThat(reached).last().isEqualTo(Instant.ofEpochSecond(50));
	}

	@Test
	void waitsAtAGap() {
		ProgressStep one = received(1L);
		ProgressStep two = received(2L);
		ProgressStep three = received(3L);
		this.progress.done(three);
		this.progress.done(two);
		assertThat(this.progress.position()).isNull();
		this.progress.done(one);
		assertThat(this.progress.position()).isEqualTo(3);
		assertThat(this.steps).containsExactly("3/3");
	}

	@Test
	void movesPastWhatWasSkipped() {
		this.progress.moved(4L);
		assertThat(this.progress.position()).isEqualTo(4);
		ProgressStep five = received(5L);
		this.progress.moved(9L);
		assertThat(this.progress.position()).isEqualTo(4);
		this.progress.done(five);
		assertThat(this.progress.position()).isEqualTo(9);
		this.progress.moved(9L);
		this.progress.moved(null);
		assertThat(this.steps).containsExactly("4/0", "9/1");
	}

	@Test
	void keepsItsPositionOverUpdatesThatHaveNone() {
		ProgressStep one = received(1L);
		ProgressStep none = received(null);
		ProgressStep other = received(null);
		this.progress.done(none);
		this.progress.done(one);
		this.progress.done(other);
		assertThat(this.progress.position()).isEqualTo(1);
		assertThat(this.steps).containsExactly("1/2", "null/1");
	}

	@Test
	void acknowledgesBehindAGapAtOnce() {
		ProgressStep one = received(1L);
		ProgressStep two = acknowledged(2, "a");
		ProgressStep three = received(3L);
		ProgressStep four = acknowledged(4, "b");
		this.progress.done(four);
		this.progress.done(two);
		this.progress.done(three);
		this.progress.done(one);
		assertThat(this.steps).containsExactly("null/1/b", "null/1/a", "4/2");
	}

	@Test
	void advancesWithTheAcknowledgementsThatAreDoneInOrder() {
		ProgressStep one = acknowledged(1, "a");
		ProgressStep two = received(2L);
		ProgressStep three = acknowledged(3, "b");
		this.progress.done(one);
		this.progress.done(two);
		this.progress.done(three);
		assertThat(this.steps).containsExactly("1/1/a", "2/1", "3/1/b");
	}

	@Test
	void acknowledgesOnceIfAStepIsDoneTwice() {
		received(1L);
		ProgressStep two = acknowledged(2, "a");
		this.progress.done(two);
		this.progress.done(two);
		assertThat(this.steps).containsExactly("null/1/a");
	}

	@Test
	void keepsNoStepOfWhatIsDoneBehindAGap() {
		ProgressStep gap = received(1L);
		for (long position = 2; position <= 1000; position++) {
			this.progress.done(acknowledged(position, "task " + position));
		}
		assertThat(gap.next).isNull();
		assertThat(gap.position).isEqualTo(1000);
		this.progress.done(gap);
		assertThat(this.progress.position()).isEqualTo(1000);
		assertThat(this.steps).hasSize(1000).endsWith("1000/1");
	}

	@Test
	void followsAStreamThatGoesBack() {
		ProgressStep one = received(100L);
		ProgressStep two = received(7L);
		this.progress.done(two);
		this.progress.done(one);
		assertThat(this.progress.position()).isEqualTo(7);
	}

	@Test
	void startsAnewWhereItIsTold() {
		ProgressStep old = received(1L);
		this.progress.restart(40L);
		assertThat(this.progress.position()).isEqualTo(40);
		ProgressStep next = received(41L);
		this.progress.done(next);
		assertThat(this.progress.position()).isEqualTo(41);
		assertThat(old.done).isFalse();
	}

	@Nested
	class InAnyOrder {

		@Property
		void isThePositionBelowWhichAllIsDone(@ForAll @Size(min = 1, max = 60) List<Integer> order,
				@ForAll @IntRange(max = 60) int acknowledged) {
			DeliveryProgress progress = new DeliveryProgress();
			List<Long> positions = new ArrayList<>();
			List<String> acknowledgements = new ArrayList<>();
			int[] updates = new int[1];
			progress.listener((position, count, acknowledgement) -> {
				updates[0] += count;
				if (position != null) {
					positions.add(position);
				}
				if (acknowledgement != null) {
					acknowledgements.add(acknowledgement);
				}
			});
			List<ProgressStep> open = new ArrayList<>();
			for (int i = 0; i < order.size(); i++) {
				ProgressStep step = new ProgressStep((long) i);
				step.acknowledgement = (i % 7 == acknowledged % 7) ? "task " + i : null;
				progress.received(step);
				open.add(step);
			}
			List<ProgressStep> all = List.copyOf(open);
			for (int choice : order) {
				progress.done(open.remove(Math.floorMod(choice, open.size())));
				long firstOpen = IntStream.range(0, all.size())
					.filter((index) -> open.contains(all.get(index)))
					.findFirst()
					.orElse(all.size());
				assertThat(progress.position()).isEqualTo((firstOpen > 0) ? firstOpen - 1 : null);
				assertThat(acknowledgements).containsExactlyInAnyOrderElementsOf(IntStream.range(0, all.size())
					.filter((index) -> index % 7 == acknowledged % 7 && !open.contains(all.get(index)))
					.mapToObj((index) -> "task " + index)
					.toList());
				assertThat(updates[0]).isBetween((int) firstOpen, all.size() - open.size());
			}
			assertThat(positions).isSorted();
		}

	}

}
