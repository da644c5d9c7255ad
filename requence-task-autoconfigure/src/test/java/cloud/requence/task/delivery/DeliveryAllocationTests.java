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

import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

import com.sun.management.ThreadMXBean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.event.EventListener;

import cloud.requence.task.TaskAborted;
import cloud.requence.task.TaskUpdate;
import cloud.requence.task.TaskUpdateErrorHandler.Decision;
import cloud.requence.task.listener.EventPublishingHandler;
import cloud.requence.task.listener.TaskUpdateListenerFactory;
import cloud.requence.task.test.TestTask;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests for the memory that the delivery of an update allocates. The limits leave a
 * margin of a quarter over what was measured (264 and 136 bytes), whatever compiles the
 * code.
 */
class DeliveryAllocationTests {

	private static final int UPDATES = 2000;

	private static final int ROUNDS = 5;

	private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();

	@ParameterizedTest
	@ValueSource(ints = { 1, 100 })
	void publicationAllocatesLittle(int listeners) throws Exception {
		try (AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext()) {
			context.registerBean(TaskUpdateListenerFactory.class);
			context.registerBean(UpdateListener.class);
			for (int i = 1; i < listeners; i++) {
				context.registerBean("other" + i, OtherListener.class);
			}
			context.refresh();
			EventPublishingHandler handler = new EventPublishingHandler(context, () -> this, false);
			long allocated = 0;
			for (int round = 0; round < ROUNDS; round++) {
				List<TaskUpdate> updates = updates();
				long before = this.threads.getCurrentThreadAllocatedBytes();
				for (TaskUpdate update : updates) {
					handler.handle(update);
				}
				allocated = this.threads.getCurrentThreadAllocatedBytes() - before;
			}
			assertThat(context.getBean(UpdateListener.class).updates).hasValue(ROUNDS * UPDATES);
			assertThat(allocated / UPDATES).isLessThan(330);
		}
	}

	/**
	 * A collection that cannot grow, for lack of memory, may lose what it contains.
	 */
	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void waitingInLineAllocatesNothing(boolean serial) {
		DeliveryLimits limits = DeliveryLimits.of(UPDATES, Long.MAX_VALUE / 2, 1);
		Line line = serial ? new SerialLine(limits, () -> {
		}) : new Lanes(limits, Runnable::run);
		List<PendingUpdate> updates = updates().stream().map((update) -> new PendingUpdate(update, 10)).toList();
		line.add(new PendingUpdate(updates.get(0).update(), 10), 0);
		long before = this.threads.getCurrentThreadAllocatedBytes();
		for (PendingUpdate update : updates) {
			line.add(update, 0);
		}
		long allocated = this.threads.getCurrentThreadAllocatedBytes() - before;
		assertThat(line.updates()).isEqualTo(UPDATES + 1);
		assertThat(allocated).isLessThan(UPDATES);
	}

	@Test
	void handOverAllocatesLittle() {
		handOverAllocatesAtMost(LoggingContext.NONE, 10);
	}

	/**
	 * The position as text, and two entries of the context's map.
	 */
	@Test
	void theLoggingContextAllocatesLittle() {
		handOverAllocatesAtMost(LoggingContext.mdc(), 130);
	}

	private void handOverAllocatesAtMost(LoggingContext loggingContext, long bytes) {
		AtomicInteger handled = new AtomicInteger();
		DeliveryQueue queue = DeliveryQueue.serial(UPDATES, Long.MAX_VALUE / 2, System::nanoTime);
		DeliveryObserver observer = new IdleObserver();
		UpdateDelivery delivery = new UpdateDelivery("test", (update) -> true, (update) -> handled.incrementAndGet(),
				(update, failure, failures) -> Decision.skip(), new DeliveredUpdates(System::nanoTime),
				EndAcknowledgement.NONE, observer, GuardedDeliveryMonitor.of("test", List.of()), loggingContext,
				(update) -> "", null);
		List<Thread> started = new ArrayList<>();
		DeliveryWorkers workers = new DeliveryWorkers(Thread::new, 1, (work) -> {
			Thread thread = new Thread(work);
			started.add(thread);
			return thread;
		}, queue, delivery, observer);
		workers.startPaused();
		long added = 0;
		long delivered = 0;
		for (int round = 1; round <= ROUNDS; round++) {
			int expected = round * UPDATES;
			List<TaskUpdate> updates = updates();
			long deliveredBefore = this.threads.getThreadAllocatedBytes(started.get(0).getId());
			long addedBefore = this.threads.getCurrentThreadAllocatedBytes();
			for (TaskUpdate update : updates) {
				queue.add(List.of(new PendingUpdate(update, 10)), update.position());
			}
			added = this.threads.getCurrentThreadAllocatedBytes() - addedBefore;
			workers.start();
			await().until(() -> handled.get() == expected);
			workers.pause();
			delivered = this.threads.getThreadAllocatedBytes(started.get(0).getId()) - deliveredBefore;
		}
		workers.signalStop();
		assertThat(added / UPDATES).isLessThan(170);
		assertThat(delivered / UPDATES).isLessThan(bytes);
	}

	private static List<TaskUpdate> updates() {
		TestTask task = TestTask.of("task");
		return IntStream.range(0, UPDATES).<TaskUpdate>mapToObj((i) -> task.nodeStart("a")).toList();
	}

	/**
	 * Counts the updates.
	 */
	static class UpdateListener {

		private final AtomicInteger updates = new AtomicInteger();

		@EventListener
		void on(TaskUpdate update) {
			this.updates.incrementAndGet();
		}

	}

	/**
	 * Takes other updates.
	 */
	static class OtherListener {

		@EventListener
		void on(TaskAborted update) {
			throw new IllegalStateException("Not to be called");
		}

	}

	/**
	 * Takes no notice.
	 */
	private static final class IdleObserver implements DeliveryObserver {

		@Override
		public void onFailed(TaskUpdate update, Throwable failure) {
		}

		@Override
		public void onStopRequired() {
		}

		@Override
		public void onEnded() {
		}

		@Override
		public void onRoom() {
		}

	}

}
