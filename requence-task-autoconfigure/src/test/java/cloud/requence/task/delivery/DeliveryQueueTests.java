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

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;

import cloud.requence.task.test.TestTask;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link DeliveryQueue}.
 */
class DeliveryQueueTests {

	private final AtomicLong now = new AtomicLong();

	private final DeliveryQueue queue = DeliveryQueue.inLanes(4, 1000, 2, this.now::get);

	private long position;

	private List<PendingUpdate> add(String... tasks) {
		List<PendingUpdate> updates = Stream.of(tasks)
			.map((task) -> new PendingUpdate(TestTask.of(task).nodeStart("a"), 10))
			.toList();
		this.position += updates.size();
		this.queue.add(updates, this.position);
		return updates;
	}

	private PendingUpdate take() {
		return Objects.requireNonNull(TestDelivery.take(this.queue));
	}

	private void done(PendingUpdate update) {
		TestDelivery.done(this.queue, update);
	}

	@Test
	void hasRoomUntilALimitIsReached() {
		add("a", "b", "c");
		assertThat(this.queue.hasRoom()).isTrue();
		add("d");
		assertThat(this.queue.hasRoom()).isFalse();
		assertThat(this.queue.isFull()).isFalse();
		done(take());
		assertThat(this.queue.hasRoom()).isTrue();
		assertThat(this.queue.isHalfEmpty()).isFalse();
		done(take());
		assertThat(this.queue.isHalfEmpty()).isTrue();
	}

	@Test
	void reportsRoomToAReaderThatWaitsForIt() {
		add("a", "b", "c");
		assertThat(this.queue.claimRoom()).isTrue();
		add("d");
		assertThat(this.queue.claimRoom()).isFalse();
		done(take());
		assertThat(this.queue.isRoomDue()).isFalse();
		done(take());
		assertThat(this.queue.isRoomDue()).isTrue();
		this.queue.wantRoom(false);
		done(take());
		assertThat(this.queue.isRoomDue()).isFalse();
	}

	@Test
	void hasRoomForOthersWhileOneTaskWaitsForItsRetry() {
		add("failing", "failing", "failing", "failing", "failing");
		PendingUpdate failing = take();
		TestDelivery.park(this.queue, failing, Long.MAX_VALUE / 4);
		assertThat(this.queue.hasRoom()).isTrue();
		assertThat(this.queue.held()).isEqualTo(5);
		assertThat(this.queue.updates()).isEqualTo(5);
	}

	@Test
	void isFullWhenTooManyWaitForARetry() {
		add("failing");
		TestDelivery.park(this.queue, take(), Long.MAX_VALUE / 4);
		for (int i = 0; i < 63; i++) {
			add("failing");
		}
		assertThat(this.queue.isFull()).isTrue();
		assertThat(this.queue.hasRoom()).isFalse();
	}

	@Test
	void nothingWaitsInTheBeginning() {
		assertThat(this.queue.waitingSince()).isNull();
	}

	@Test
	void waitsSinceTheOldestUpdateIsTheOldest() {
		this.now.set(10);
		add("a", "b");
		this.now.set(20);
		add("c");
		assertThat(this.queue.waitingSince()).isEqualTo(10);
		PendingUpdate first = take();
		PendingUpdate second = take();
		this.now.set(30);
		done(second);
		assertThat(this.queue.waitingSince()).isEqualTo(10);
		done(first);
		assertThat(this.queue.waitingSince()).isEqualTo(30);
		done(take());
		assertThat(this.queue.waitingSince()).isNull();
	}

	@Test
	void anAcknowledgementThatIsMissingIsNoReasonToWait() {
		add("a");
		PendingUpdate update = take();
		this.queue.awaitAcknowledgement(update);
		done(update);
		assertThat(this.queue.position()).isNull();
		assertThat(this.queue.waitingSince()).isNull();
	}

	@Test
	void forgetsEverythingOnARestart() {
		add("a", "b");
		PendingUpdate taken = take();
		this.queue.restart(40L);
		done(taken);
		assertThat(this.queue.updates()).isZero();
		assertThat(this.queue.bytes()).isZero();
		assertThat(this.queue.waitingSince()).isNull();
		assertThat(this.queue.position()).isEqualTo(40);
	}

	@Test
	void settlesAnUpdateEvenIfItsProgressCannotBeRecorded() {
		List<Long> recorded = new ArrayList<>();
		this.queue.progressListener((reached, updates, acknowledgement) -> {
			if (recorded.isEmpty()) {
				recorded.add(-1L);
				throw new OutOfMemoryError("test");
			}
			recorded.add(Objects.requireNonNull(reached));
		});
		add("a");
		add("b");
		assertThatExceptionOfType(OutOfMemoryError.class).isThrownBy(() -> done(take()));
		assertThat(this.queue.updates()).isEqualTo(1);
		done(take());
		assertThat(recorded).containsExactly(-1L, 2L);
	}

}
