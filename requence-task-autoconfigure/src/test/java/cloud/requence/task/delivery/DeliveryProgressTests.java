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
import java.util.concurrent.atomic.AtomicInteger;
import java.util.Objects;
import java.util.stream.IntStream;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

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

	private PendingUpdate received(@Nullable Long position) {
		PendingUpdate update = TestDelivery.update(position, null);
		this.progress.received(update);
		return update;
	}

	private PendingUpdate acknowledged(long position, String taskId) {
		PendingUpdate update = received(position);
		update.acknowledge(taskId);
		return update;
	}

	@Test
	void advancesWithEachUpdateThatIsDoneInOrder() {
		PendingUpdate one = received(1L);
		PendingUpdate two = received(2L);
		this.progress.done(one);
		assertThat(this.progress.position()).isEqualTo(1);
		this.progress.done(two);
		assertThat(this.progress.position()).isEqualTo(2);
		assertThat(this.steps).containsExactly("1/1", "2/1");
	}

	@Test
	void repeatsAnAcknowledgementBehindAGapThatCouldNotBeReported() {
		List<String> acknowledged = new ArrayList<>();
		AtomicInteger errors = new AtomicInteger(1);
		this.progress.listener((position, updates, acknowledgement) -> {
			if (errors.getAndDecrement() > 0) {
				throw new OutOfMemoryError("in a test");
			}
			if (acknowledgement != null) {
				acknowledged.add(acknowledgement);
			}
		});
		PendingUpdate one = received(1L);
		PendingUpdate two = acknowledged(2, "b");
		assertThatExceptionOfType(OutOfMemoryError.class).isThrownBy(() -> this.progress.done(two));
		this.progress.done(one);
		assertThat(acknowledged).containsExactly("b");
		assertThat(this.progress.position()).isEqualTo(2);
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
		List<PendingUpdate> received = new ArrayList<>();
		for (int second : new int[] { 10, 40, 30, 50 }) {
			PendingUpdate update = TestDelivery.update(null, Instant.ofEpochSecond(second));
			this.progress.received(update);
			received.add(update);
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
		PendingUpdate one = received(1L);
		PendingUpdate two = received(2L);
		PendingUpdate three = received(3L);
		this.progress.done(three);
		this.progress.done(two);
		assertThat(this.progress.position()).isNull();
		this.progress.done(one);
		assertThat(this.progress.position()).isEqualTo(3);
		assertThat(this.steps).containsExactly("3/3");
	}

	@Test
	void movesPastWhatWasSkipped() {
		this.progress.moved(4L, null);
		assertThat(this.progress.position()).isEqualTo(4);
		PendingUpdate five = received(5L);
		this.progress.moved(9L, five);
		assertThat(this.progress.position()).isEqualTo(4);
		this.progress.done(five);
		assertThat(this.progress.position()).isEqualTo(9);
		this.progress.moved(9L, null);
		assertThat(this.steps).containsExactly("4/0", "9/1");
	}

	@Test
	void keepsItsPositionOverUpdatesThatHaveNone() {
		PendingUpdate one = received(1L);
		PendingUpdate none = received(null);
		PendingUpdate other = received(null);
		this.progress.done(none);
		this.progress.done(one);
		this.progress.done(other);
		assertThat(this.progress.position()).isEqualTo(1);
		assertThat(this.steps).containsExactly("1/2", "null/1");
	}

	@Test
	void acknowledgesBehindAGapAtOnce() {
		PendingUpdate one = received(1L);
		PendingUpdate two = acknowledged(2, "a");
		PendingUpdate three = received(3L);
		PendingUpdate four = acknowledged(4, "b");
		this.progress.done(four);
		this.progress.done(two);
		this.progress.done(three);
		this.progress.done(one);
		assertThat(this.steps).containsExactly("null/1/b", "null/1/a", "4/2");
	}

	@Test
	void advancesWithTheAcknowledgementsThatAreDoneInOrder() {
		PendingUpdate one = acknowledged(1, "a");
		PendingUpdate two = received(2L);
		PendingUpdate three = acknowledged(3, "b");
		this.progress.done(one);
		this.progress.done(two);
		this.progress.done(three);
		assertThat(this.steps).containsExactly("1/1/a", "2/1", "3/1/b");
	}

	@Test
	void acknowledgesOnceIfAStepIsDoneTwice() {
		received(1L);
		PendingUpdate two = acknowledged(2, "a");
		this.progress.done(two);
		this.progress.done(two);
		assertThat(this.steps).containsExactly("null/1/a");
	}

	@Test
	void keepsNoStepOfWhatIsDoneBehindAGap() {
		PendingUpdate gap = received(1L);
		for (long position = 2; position <= 1000; position++) {
			this.progress.done(acknowledged(position, "task " + position));
		}
		assertThat(gap.step()).hasFieldOrPropertyWithValue("next", null).hasFieldOrPropertyWithValue("position", 1000L);
		this.progress.done(gap);
		assertThat(this.progress.position()).isEqualTo(1000);
		assertThat(this.steps).hasSize(1000).endsWith("1000/1");
	}

	@Test
	void followsAStreamThatGoesBack() {
		PendingUpdate one = received(100L);
		PendingUpdate two = received(7L);
		this.progress.done(two);
		this.progress.done(one);
		assertThat(this.progress.position()).isEqualTo(7);
	}

	@Test
	void startsAnewWhereItIsTold() {
		received(1L);
		this.progress.restart(40L);
		assertThat(this.progress.position()).isEqualTo(40);
		PendingUpdate next = received(41L);
		this.progress.done(next);
		assertThat(this.progress.position()).isEqualTo(41);
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
			List<PendingUpdate> open = new ArrayList<>();
			for (int i = 0; i < order.size(); i++) {
				PendingUpdate update = TestDelivery.update((long) i, null);
				if (i % 7 == acknowledged % 7) {
					update.acknowledge("task " + i);
				}
				progress.received(update);
				open.add(update);
			}
			List<PendingUpdate> all = List.copyOf(open);
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

	@Nested
	class InTheOrderOfTheStream {

		private void remove(PendingUpdate update) {
			DeliveryProgressTests.this.progress.append(update);
			update.removed();
			DeliveryProgressTests.this.progress.removed(update);
		}

		private PendingUpdate update(long position) {
			return TestDelivery.update(position, Instant.ofEpochSecond(position));
		}

		@Test
		void reportsUpdatesTogether() {
			remove(update(1));
			remove(update(2));
			remove(update(3));
			assertThat(DeliveryProgressTests.this.steps).isEmpty();
			DeliveryProgressTests.this.progress.report();
			assertThat(DeliveryProgressTests.this.steps).containsExactly("3/3");
		}

		@Test
		void reportsAcknowledgementsWithTheirPosition() {
			remove(update(1));
			PendingUpdate end = update(2);
			end.acknowledge("a");
			remove(end);
			remove(update(3));
			DeliveryProgressTests.this.progress.report();
			assertThat(DeliveryProgressTests.this.steps).containsExactly("1/1", "2/1/a", "3/1");
		}

		@Test
		void waitsForAnEndThatIsNotAcknowledged() {
			remove(update(1));
			PendingUpdate open = update(2);
			open.holdOpen(true);
			remove(open);
			remove(update(3));
			PendingUpdate end = update(4);
			end.acknowledge("b");
			remove(end);
			DeliveryProgressTests.this.progress.report();
			assertThat(DeliveryProgressTests.this.steps).containsExactly("1/1", "null/1/b");
			open.holdOpen(false);
			open.acknowledge("a");
			DeliveryProgressTests.this.progress.done(open);
			assertThat(DeliveryProgressTests.this.steps).containsExactly("1/1", "null/1/b", "4/2/a");
		}

		@Test
		void reportsWhereTheStreamHasMovedTo() {
			PendingUpdate one = update(1);
			DeliveryProgressTests.this.progress.moved(5L, one);
			remove(one);
			DeliveryProgressTests.this.progress.report();
			assertThat(DeliveryProgressTests.this.steps).containsExactly("5/1");
		}

		@Test
		void reportsEachTime() {
			List<Long> reached = new ArrayList<>();
			DeliveryProgressTests.this.progress.listener(new ProgressListener() {

				@Override
				public void advanced(@Nullable Long position, int updates, @Nullable String acknowledgement) {
				}

				@Override
				public void reached(Instant timestamp) {
					reached.add(timestamp.getEpochSecond());
				}

			});
			remove(update(1));
			remove(update(2));
			PendingUpdate open = update(3);
			open.holdOpen(true);
			remove(open);
			remove(update(4));
			DeliveryProgressTests.this.progress.report();
			assertThat(reached).containsExactly(1L, 2L);
			open.holdOpen(false);
			DeliveryProgressTests.this.progress.done(open);
			assertThat(reached).containsExactly(1L, 2L, 4L);
		}

		@Test
		void repeatsWhatCouldNotBeReported() {
			List<Long> reported = new ArrayList<>();
			DeliveryProgressTests.this.progress.listener((position, updates, acknowledgement) -> {
				if (reported.isEmpty()) {
					reported.add(-1L);
					throw new OutOfMemoryError("test");
				}
				reported.add(position);
			});
			PendingUpdate end = update(1);
			end.acknowledge("a");
			assertThatExceptionOfType(OutOfMemoryError.class).isThrownBy(() -> remove(end));
			remove(update(2));
			DeliveryProgressTests.this.progress.report();
			assertThat(reported).containsExactly(-1L, 2L);
		}

		@Property
		void isThePositionBelowWhichAllIsDone(@ForAll @Size(min = 1, max = 80) List<@IntRange(max = 5) Integer> kinds) {
			DeliveryProgress progress = new DeliveryProgress();
			List<String> acknowledgements = new ArrayList<>();
			int[] updates = new int[1];
			progress.listener((position, count, acknowledgement) -> {
				updates[0] += count;
				if (acknowledgement != null) {
					acknowledgements.add(acknowledgement);
				}
			});
			List<PendingUpdate> open = new ArrayList<>();
			List<String> acknowledged = new ArrayList<>();
			int delivered = 0;
			for (int kind : kinds) {
				switch (kind) {
					case 0 -> progress.report();
					case 1 -> {
						if (!open.isEmpty()) {
							PendingUpdate end = open.remove(open.size() / 2);
							end.holdOpen(false);
							progress.done(end);
						}
					}
					default -> {
						PendingUpdate update = TestDelivery.update((long) delivered, null);
						if (kind == 2) {
							update.holdOpen(true);
							open.add(update);
						}
						else if (kind == 3) {
							update.acknowledge("task " + delivered);
							acknowledged.add("task " + delivered);
						}
						progress.append(update);
						update.removed();
						progress.removed(update);
						delivered++;
					}
				}
			}
			progress.report();
			long done = open.isEmpty() ? delivered : Objects.requireNonNull(open.get(0).update().position());
			assertThat(progress.position()).isEqualTo((done > 0) ? done - 1 : null);
			assertThat(acknowledgements).containsExactlyInAnyOrderElementsOf(acknowledged);
			assertThat(updates[0]).isBetween((int) done, delivered - open.size());
		}

	}

}
