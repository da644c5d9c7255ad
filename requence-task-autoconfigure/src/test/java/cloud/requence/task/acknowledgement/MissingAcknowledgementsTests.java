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

package cloud.requence.task.acknowledgement;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import reactor.core.publisher.Mono;
import reactor.test.scheduler.VirtualTimeScheduler;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import cloud.requence.task.TaskContext;
import cloud.requence.task.TaskEnd;
import cloud.requence.task.UpdateHeader;
import cloud.requence.task.UpdateType;
import cloud.requence.task.delivery.DeliveryQueue;
import cloud.requence.task.delivery.EndAcknowledgement;
import cloud.requence.task.delivery.PendingUpdate;
import cloud.requence.task.delivery.TestDelivery;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link MissingAcknowledgements} and {@link AwaitedAcknowledgements}.
 */
@ExtendWith(OutputCaptureExtension.class)
class MissingAcknowledgementsTests {

	private final VirtualTimeScheduler time = VirtualTimeScheduler.create();

	private final DeliveryQueue queue = DeliveryQueue.serial(2000, 1_000_000, System::nanoTime);

	private final EndAcknowledgement acknowledgement = EndAcknowledgements.awaited(this.queue);

	private final List<String> steps = new ArrayList<>();

	private final List<String> asked = new ArrayList<>();

	private final Set<String> acknowledged = new TreeSet<>();

	private Function<String, Mono<Boolean>> platform = (taskId) -> Mono.just(this.acknowledged.contains(taskId));

	@BeforeEach
	void start() {
		this.queue.progressListener((position, updates, taskId) -> this.steps.add(position + "/" + taskId));
		new MissingAcknowledgements("test", this.queue, (taskId) -> {
			this.asked.add(taskId);
			return this.platform.apply(taskId);
		}, () -> this.time.now(TimeUnit.NANOSECONDS)).start(this.time.createWorker());
	}

	private void deliver(String taskId, long position) {
		UpdateHeader header = new UpdateHeader(UpdateType.TASK_END, taskId, null, null, null, null, position, false,
				Map.of());
		PendingUpdate end = new PendingUpdate(new TaskEnd(header, TaskContext.of(taskId), null, null, true), 1);
		this.queue.add(List.of(end), position);
		PendingUpdate taken = TestDelivery.take(this.queue);
		assertThat(taken).isSameAs(end);
		this.acknowledgement.expected(end);
		TestDelivery.done(this.queue, end);
	}

	@Test
	void areNotAskedForBeforeTwoMinutes(CapturedOutput output) {
		deliver("a", 1);
		this.time.advanceTimeBy(Duration.ofSeconds(119));
		assertThat(this.asked).isEmpty();
		assertThat(output).doesNotContain("not acknowledged");
		this.queue.acknowledge("a");
		this.time.advanceTimeBy(Duration.ofMinutes(10));
		assertThat(this.asked).isEmpty();
	}

	@Test
	void areWaitedForNoLongerIfTheyWereMadeElsewhere(CapturedOutput output) {
		deliver("a", 1);
		deliver("b", 2);
		this.acknowledged.add("a");
		this.time.advanceTimeBy(Duration.ofSeconds(135));
		assertThat(this.asked).containsExactly("a", "b");
		assertThat(this.steps).containsExactly("1/null");
		assertThat(this.queue.awaitedAcknowledgementCount()).isOne();
		this.acknowledged.add("b");
		this.time.advanceTimeBy(Duration.ofMinutes(5));
		assertThat(this.steps).containsExactly("1/null", "2/null");
		assertThat(output).containsOnlyOnce("2 ends of tasks were delivered minutes ago")
			.containsOnlyOnce("no acknowledgements are missing anymore");
	}

	@Test
	void areAskedForAgainIfThePlatformFails() {
		this.platform = (taskId) -> Mono.error(new IllegalStateException("down"));
		deliver("a", 1);
		this.time.advanceTimeBy(Duration.ofSeconds(135));
		this.platform = (taskId) -> {
			throw new OutOfMemoryError("Java heap space");
		};
		this.time.advanceTimeBy(Duration.ofSeconds(135));
		this.acknowledged.add("a");
		this.platform = (taskId) -> Mono.just(this.acknowledged.contains(taskId));
		this.time.advanceTimeBy(Duration.ofSeconds(270));
		assertThat(this.steps).containsExactly("1/null");
	}

	@Test
	void areAskedForAFewAtATime() {
		for (int i = 0; i < 100; i++) {
			deliver("task " + i, i);
		}
		this.time.advanceTimeBy(Duration.ofSeconds(200));
		assertThat(this.asked).hasSizeLessThan(50).doesNotHaveDuplicates();
		this.time.advanceTimeBy(Duration.ofSeconds(400));
		assertThat(this.asked).contains("task 99");
	}

	@Test
	void letTheDeliveryWaitIfThereAreAThousand() {
		for (int i = 0; i < 1000; i++) {
			deliver("task " + i, i);
		}
		PendingUpdate next = new PendingUpdate(
				new TaskEnd(UpdateHeader.of(UpdateType.TASK_END, "other"), TaskContext.of("other"), null, null, true),
				1);
		this.queue.add(List.of(next), null);
		assertThat(TestDelivery.take(this.queue)).isNull();
		this.queue.acknowledge("task 500");
		assertThat(TestDelivery.take(this.queue)).isSameAs(next);
	}

	@Test
	void countOnceIfATaskEndsTwice() {
		deliver("a", 1);
		deliver("a", 2);
		assertThat(this.queue.awaitedAcknowledgementCount()).isOne();
		assertThat(this.steps).containsExactly("1/null");
		this.queue.acknowledge("a");
		assertThat(this.steps).containsExactly("1/null", "2/a");
	}

	@Test
	void areRememberedIfTheyComeBeforeTheEnd() {
		assertThat(this.queue.acknowledge("a")).isFalse();
		deliver("a", 1);
		assertThat(this.queue.awaitedAcknowledgementCount()).isZero();
		assertThat(this.steps).containsExactly("1/a");
	}

}
