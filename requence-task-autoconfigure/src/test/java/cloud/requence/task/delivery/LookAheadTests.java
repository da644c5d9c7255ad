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
 * Tests for {@link LookAhead}.
 */
class LookAheadTests {

	private final AtomicLong now = new AtomicLong();

	private final LookAhead lookAhead = new LookAhead(4, 1000, DeliveryOrder.ROOT_TASK, 2, this.now::get);

	private long position;

	private List<PendingUpdate> add(String... tasks) {
		List<PendingUpdate> updates = Stream.of(tasks)
			.map((task) -> new PendingUpdate(TestTask.of(task).nodeStart("a"), 10))
			.toList();
		this.position += updates.size();
		this.lookAhead.add(updates, this.position);
		return updates;
	}

	private PendingUpdate take() {
		return Objects.requireNonNull(TestDelivery.take(this.lookAhead));
	}

	private void done(PendingUpdate update) {
		TestDelivery.done(this.lookAhead, update);
	}

	@Test
	void hasRoomUntilALimitIsReached() {
		add("a", "b", "c");
		assertThat(this.lookAhead.hasRoom()).isTrue();
		add("d");
		assertThat(this.lookAhead.hasRoom()).isFalse();
		assertThat(this.lookAhead.isFull()).isFalse();
		done(take());
		assertThat(this.lookAhead.hasRoom()).isTrue();
		assertThat(this.lookAhead.isHalfEmpty()).isFalse();
		done(take());
		assertThat(this.lookAhead.isHalfEmpty()).isTrue();
	}

	@Test
	void reportsRoomToAReaderThatWaitsForIt() {
		add("a", "b", "c");
		assertThat(this.lookAhead.claimRoom()).isTrue();
		add("d");
		assertThat(this.lookAhead.claimRoom()).isFalse();
		done(take());
		assertThat(this.lookAhead.isRoomDue()).isFalse();
		done(take());
		assertThat(this.lookAhead.isRoomDue()).isTrue();
		this.lookAhead.wantRoom(false);
		done(take());
		assertThat(this.lookAhead.isRoomDue()).isFalse();
	}

	@Test
	void hasRoomForOthersWhileOneTaskWaitsForItsRetry() {
		add("failing", "failing", "failing", "failing", "failing");
		PendingUpdate failing = take();
		TestDelivery.park(this.lookAhead, failing, Long.MAX_VALUE / 4);
		assertThat(this.lookAhead.hasRoom()).isTrue();
		assertThat(this.lookAhead.held()).isEqualTo(5);
		assertThat(this.lookAhead.updates()).isEqualTo(5);
	}

	@Test
	void isFullWhenTooManyWaitForARetry() {
		add("failing");
		TestDelivery.park(this.lookAhead, take(), Long.MAX_VALUE / 4);
		for (int i = 0; i < 63; i++) {
			add("failing");
		}
		assertThat(this.lookAhead.isFull()).isTrue();
		assertThat(this.lookAhead.hasRoom()).isFalse();
	}

	@Test
	void nothingWaitsInTheBeginning() {
		assertThat(this.lookAhead.waitingSince()).isNull();
	}

	@Test
	void waitsSinceTheOldestUpdateIsTheOldest() {
		this.now.set(10);
		add("a", "b");
		this.now.set(20);
		add("c");
		assertThat(this.lookAhead.waitingSince()).isEqualTo(10);
		PendingUpdate first = take();
		PendingUpdate second = take();
		this.now.set(30);
		done(second);
		assertThat(this.lookAhead.waitingSince()).isEqualTo(10);
		done(first);
		assertThat(this.lookAhead.waitingSince()).isEqualTo(30);
		done(take());
		assertThat(this.lookAhead.waitingSince()).isNull();
	}

	@Test
	void anAcknowledgementThatIsMissingIsNoReasonToWait() {
		add("a");
		PendingUpdate update = take();
		this.lookAhead.awaitAcknowledgement(update);
		done(update);
		assertThat(this.lookAhead.position()).isNull();
		assertThat(this.lookAhead.waitingSince()).isNull();
	}

	@Test
	void forgetsEverythingOnARestart() {
		add("a", "b");
		PendingUpdate taken = take();
		this.lookAhead.restart(40L);
		done(taken);
		assertThat(this.lookAhead.updates()).isZero();
		assertThat(this.lookAhead.bytes()).isZero();
		assertThat(this.lookAhead.waitingSince()).isNull();
		assertThat(this.lookAhead.position()).isEqualTo(40);
	}

	@Test
	void settlesAnUpdateEvenIfItsProgressCannotBeRecorded() {
		List<Long> recorded = new ArrayList<>();
		this.lookAhead.progressListener((reached, updates, acknowledgement) -> {
			if (recorded.isEmpty()) {
				recorded.add(-1L);
				throw new OutOfMemoryError("test");
			}
			recorded.add(Objects.requireNonNull(reached));
		});
		add("a");
		add("b");
		assertThatExceptionOfType(OutOfMemoryError.class).isThrownBy(() -> done(take()));
		assertThat(this.lookAhead.updates()).isEqualTo(1);
		done(take());
		assertThat(recorded).containsExactly(-1L, 2L);
	}

}
