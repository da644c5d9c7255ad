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
import java.util.concurrent.atomic.AtomicInteger;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.test.scheduler.VirtualTimeScheduler;

import cloud.requence.task.context.ContextRecoverer;
import cloud.requence.task.test.TestTask;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link SerialLine}.
 */
class SerialLineTests {

	private final SerialLine line = new SerialLine(DeliveryLimits.of(8, 1000, 1), () -> {
	});

	private final @Nullable PendingUpdate[] batch = new PendingUpdate[4];

	private List<PendingUpdate> add(int count, long now) {
		List<PendingUpdate> added = new ArrayList<>();
		for (int i = 0; i < count; i++) {
			PendingUpdate update = new PendingUpdate(TestTask.of("task").nodeStart("a"), 10);
			this.line.add(update, now);
			added.add(update);
		}
		return added;
	}

	@Test
	void givesTheEarliestUpdatesInTheirOrder() {
		List<PendingUpdate> updates = add(6, 0);
		assertThat(this.line.take(this.batch, 3, 0)).isEqualTo(3);
		assertThat(this.batch).startsWith(updates.get(0), updates.get(1), updates.get(2));
		assertThat(this.line.updates()).isEqualTo(6);
		assertThat(this.line.bytes()).isEqualTo(60);
	}

	@Test
	void givesNothingWhileUpdatesAreBeingDelivered() {
		List<PendingUpdate> updates = add(6, 0);
		this.line.take(this.batch, 2, 0);
		assertThat(this.line.take(this.batch, 2, 0)).isZero();
		this.line.remove(updates.get(0), 0);
		assertThat(this.line.take(this.batch, 2, 0)).isZero();
		this.line.remove(updates.get(1), 0);
		assertThat(this.line.take(this.batch, 1, 0)).isEqualTo(1);
		assertThat(this.batch).startsWith(updates.get(2));
	}

	@Test
	void removesWhatWasTakenInItsOrderOnly() {
		List<PendingUpdate> updates = add(3, 0);
		assertThat(this.line.hasTaken(updates.get(0))).isFalse();
		this.line.take(this.batch, 2, 0);
		assertThat(this.line.hasTaken(updates.get(1))).isFalse();
		this.line.remove(updates.get(0), 0);
		assertThat(this.line.hasTaken(updates.get(0))).isFalse();
		assertThat(this.line.hasTaken(updates.get(1))).isTrue();
		this.line.remove(updates.get(1), 0);
		assertThat(this.line.hasTaken(updates.get(2))).isFalse();
	}

	@Test
	void givesAgainWhatWasPutBack() {
		List<PendingUpdate> updates = add(3, 0);
		this.line.take(this.batch, 3, 0);
		this.line.remove(updates.get(0), 0);
		this.line.putBack(updates.get(1));
		assertThat(this.line.take(this.batch, 3, 0)).isEqualTo(2);
		assertThat(this.batch).startsWith(updates.get(1), updates.get(2));
	}

	@Test
	void everythingWaitsForARetryAndCounts() {
		List<PendingUpdate> updates = add(8, 0);
		this.line.take(this.batch, 4, 0);
		this.line.park(updates.get(0), 100);
		assertThat(this.line.room()).isEqualTo(DeliveryLimits.Room.NONE);
		assertThat(this.line.held()).isEqualTo(8);
		assertThat(this.line.take(this.batch, 4, 99)).isZero();
		assertThat(this.line.untilNext(40)).isEqualTo(60);
		assertThat(this.line.take(this.batch, 4, 100)).isEqualTo(4);
		assertThat(this.line.held()).isEqualTo(8);
		this.line.remove(updates.get(0), 100);
		assertThat(this.line.held()).isZero();
		assertThat(this.line.untilNext(100)).isEqualTo(Long.MAX_VALUE);
	}

	@Test
	void waitsSinceTheOldestUpdateIsTheOldest() {
		List<PendingUpdate> updates = add(2, 10);
		add(1, 20);
		assertThat(this.line.waitingSince()).isEqualTo(10);
		this.line.take(this.batch, 4, 20);
		this.line.remove(updates.get(0), 30);
		assertThat(this.line.waitingSince()).isEqualTo(30);
		this.line.clear();
		assertThat(this.line.waitingSince()).isNull();
	}

	@Test
	void whatWasTakenBeforeARestartIsNoLongerKnown() {
		PendingUpdate update = add(2, 0).get(0);
		this.line.take(this.batch, 1, 0);
		this.line.clear();
		add(1, 0);
		assertThat(this.line.hasTaken(update)).isFalse();
		assertThat(this.line.take(this.batch, 4, 0)).isEqualTo(1);
		assertThat(this.line.hasTaken(update)).isFalse();
		assertThat(this.line.bytes()).isEqualTo(10);
	}

	@Test
	void waitsForTheContextOfAnUpdate() {
		AtomicInteger wakeUps = new AtomicInteger();
		SerialLine waiting = new SerialLine(DeliveryLimits.of(8, 1000, 1), wakeUps::incrementAndGet);
		ContextRecoverer recoverer = new ContextRecoverer("test", (taskId) -> Mono.empty());
		PendingUpdate first = new PendingUpdate(TestTask.of("task").nodeStart("a"), 10);
		PendingUpdate incomplete = new PendingUpdate(TestTask.of("other").incomplete().nodeStart("a"), 10,
				recoverer.recover("other"), null);
		waiting.add(first, 0);
		waiting.add(incomplete, 0);
		assertThat(waiting.take(this.batch, 4, 0)).isEqualTo(1);
		waiting.remove(first, 0);
		assertThat(waiting.take(this.batch, 4, 0)).isZero();
		assertThat(waiting.held()).isEqualTo(1);
		recoverer.start(VirtualTimeScheduler.create().createWorker());
		assertThat(wakeUps).hasValue(1);
		assertThat(waiting.take(this.batch, 4, 0)).isEqualTo(1);
		assertThat(this.batch).startsWith(incomplete);
		assertThat(waiting.held()).isZero();
	}

}
