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
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.reactivestreams.Subscription;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Flux;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import cloud.requence.task.TaskUpdate;
import cloud.requence.task.test.TestTask;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link DeliveredUpdates}.
 */
@ExtendWith(OutputCaptureExtension.class)
class DeliveredUpdatesTests {

	private final AtomicLong nanos = new AtomicLong();

	private final DeliveredUpdates delivered = new DeliveredUpdates(this.nanos::get);

	private final TaskUpdate update = TestTask.of("invoice").start();

	private int pauses;

	private boolean emit(int maxPauses) {
		this.pauses = 0;
		return this.delivered.emit(this.update, (pause) -> {
			this.nanos.addAndGet(pause.toNanos());
			return ++this.pauses < maxPauses;
		});
	}

	@Test
	void wantNobody() {
		assertThat(emit(1)).isTrue();
		assertThat(this.pauses).isZero();
	}

	@Test
	void reachAllWhoWantThem() {
		List<TaskUpdate> first = new ArrayList<>();
		List<TaskUpdate> second = new ArrayList<>();
		this.delivered.flux().subscribe(first::add);
		this.delivered.flux().subscribe(second::add);
		assertThat(emit(1)).isTrue();
		assertThat(first).isEqualTo(second).containsExactly(this.update);
	}

	@Test
	void areTakenByASubscriberThatCancelsWithThem() {
		TaskUpdate end = TestTask.of("invoice").requireAck().end("paid");
		this.delivered.emit(end, (pause) -> false);
		assertThat(this.delivered.hasTaken(end)).isFalse();
		this.delivered.flux().take(1).subscribe();
		this.delivered.emit(end, (pause) -> false);
		assertThat(this.delivered.hasSubscribers()).isFalse();
		assertThat(this.delivered.hasTaken(end)).isTrue();
		assertThat(this.delivered.hasTaken(TestTask.of("invoice").requireAck().end("paid"))).isFalse();
	}

	@Test
	void nameTheSubscriberThatTheyWaitFor(CapturedOutput output) {
		this.delivered.flux().subscribe();
		BaseSubscriber<TaskUpdate> idle = new Idle();
		this.delivered.flux().subscribe(idle);
		assertThat(emit(1999)).isFalse();
		assertThat(output).doesNotContain("request none");
		assertThat(emit(10_000)).isFalse();
		assertThat(output)
			.containsOnlyOnce("waits for subscribers of TaskWatcher.updates() that request none: ["
					+ getClass().getName() + ".nameTheSubscriberThatTheyWaitFor(")
			.contains("in thread '" + Thread.currentThread().getName() + "'");
		assertThat(this.delivered.subscribersWithoutDemand()).hasSize(1);
		idle.request(1);
		assertThat(this.delivered.subscribersWithoutDemand()).isEmpty();
		assertThat(emit(1)).isTrue();
		assertThat(this.delivered.subscribersWithoutDemand()).hasSize(1);
		idle.cancel();
		assertThat(this.delivered.subscribersWithoutDemand()).isEmpty();
		assertThat(emit(1)).isTrue();
	}

	@Test
	void nameTheSubscriberOnlyWhileTheyWaitForIt() {
		BaseSubscriber<TaskUpdate> idle = new Idle();
		this.delivered.flux().subscribe(idle);
		assertThat(this.delivered.holders()).isEmpty();
		List<List<String>> seen = new ArrayList<>();
		this.delivered.emit(this.update, (pause) -> {
			seen.add(this.delivered.holders());
			this.nanos.addAndGet(pause.toNanos());
			if (seen.size() == 2010) {
				idle.request(1);
			}
			return true;
		});
		assertThat(seen).hasSize(2010);
		assertThat(seen.subList(0, 2000)).allMatch(List::isEmpty);
		assertThat(seen.subList(2000, 2010))
			.allSatisfy((holders) -> assertThat(holders).singleElement().asString().contains(getClass().getName()));
		assertThat(this.delivered.holders()).isEmpty();
	}

	@Test
	void areReadAsAStreamThatIsClosed() {
		Flux<TaskUpdate> updates = this.delivered.flux();
		try (Stream<TaskUpdate> stream = updates.toStream(1)) {
			Iterator<TaskUpdate> iterator = stream.iterator();
			assertThat(emit(1)).isTrue();
			assertThat(iterator.next()).isEqualTo(this.update);
			assertThat(emit(1)).isTrue();
			assertThat(emit(2)).isFalse();
		}
		assertThat(emit(1)).isTrue();
		assertThat(this.delivered.subscribersWithoutDemand()).isEmpty();
	}

	private static final class Idle extends BaseSubscriber<TaskUpdate> {

		@Override
		protected void hookOnSubscribe(Subscription subscription) {
			// Requests nothing yet
		}

	}

}
