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

import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import cloud.requence.task.TaskUpdate;
import cloud.requence.task.TaskUpdateErrorHandler;
import cloud.requence.task.TaskUpdateErrorHandler.Decision;
import cloud.requence.task.TaskUpdateHandler;
import cloud.requence.task.test.TestTask;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * Tests for {@link DeliveryWorkers}.
 */
class DeliveryWorkersTests {

	private static final Duration PATIENCE = Duration.ofSeconds(10);

	private final List<TaskUpdate> handled = new CopyOnWriteArrayList<>();

	private final List<Thread> threads = new CopyOnWriteArrayList<>();

	private final AtomicInteger threadsToCreate = new AtomicInteger();

	private final AtomicInteger threadsWithoutMemory = new AtomicInteger();

	private final FailingObserver observer = new FailingObserver();

	private TaskUpdateErrorHandler errorHandler = (update, failure, failures) -> Decision.skip();

	private DeliveryQueue queue = queue(1);

	private DeliveryWorkers workers = workers(1, this.handled::add);

	@AfterEach
	void stop() {
		this.workers.signalStop();
		this.workers.awaitStop(PATIENCE, null);
	}

	private static DeliveryQueue queue(int concurrency) {
		return (concurrency > 1) ? DeliveryQueue.inLanes(100, 100_000, concurrency, System::nanoTime)
				: DeliveryQueue.serial(100, 100_000, System::nanoTime);
	}

	private DeliveryWorkers workers(int concurrency, TaskUpdateHandler handler) {
		this.queue = queue(concurrency);
		UpdateDelivery delivery = new UpdateDelivery("test", (update) -> true, handler, this.errorHandler,
				new DeliveredUpdates(System::nanoTime), EndAcknowledgement.NONE, this.observer,
				GuardedDeliveryMonitor.of("test", List.of()), LoggingContext.mdc(), (update) -> "", null);
		ThreadFactory factory = (work) -> {
			Thread thread = new Thread(work, "test-delivery") {

				@Override
				public synchronized void start() {
					if (countDown(DeliveryWorkersTests.this.threadsToCreate) == 0
							&& countDown(DeliveryWorkersTests.this.threadsWithoutMemory) > 0) {
						throw new OutOfMemoryError("unable to create native thread");
					}
					super.start();
				}

			};
			this.threads.add(thread);
			return thread;
		};
		this.workers = new DeliveryWorkers((work) -> new Thread(work), concurrency, factory, this.queue, delivery,
				this.observer);
		return this.workers;
	}

	private static int countDown(AtomicInteger counter) {
		return counter.getAndUpdate((left) -> Math.max(0, left - 1));
	}

	private void add(int updates) {
		this.queue.add(IntStream.range(0, updates)
			.mapToObj((i) -> new PendingUpdate(TestTask.of("task " + i).nodeStart("a"), 10))
			.toList(), 1L);
	}

	private void awaitHandled(int count) {
		await().atMost(PATIENCE).untilAsserted(() -> assertThat(this.handled).hasSize(count));
	}

	private long alive() {
		return this.threads.stream().filter(Thread::isAlive).count();
	}

	@Test
	void deliverUntilTheyAreStopped() {
		this.workers.start();
		add(5);
		awaitHandled(5);
		this.workers.signalStop();
		assertThat(this.workers.awaitStop(PATIENCE, null)).isTrue();
		await().until(() -> alive() == 0);
		assertThat(this.observer.ended).hasValue(1);
		add(5);
		this.workers.start();
		awaitHandled(10);
	}

	@Test
	void waitForASignalWhileARetryIsDueAndPaused() {
		this.errorHandler = (update, failure, failures) -> Decision.retryAfter(Duration.ofMillis(1));
		failAndRetry(workers(1, this::fail));
		this.workers.pause();
		assertThatTheThreadSleeps();
	}

	@Test
	void waitForASignalWhileARetryIsDueAndProgressHasNoRoom() {
		this.errorHandler = (update, failure, failures) -> Decision.retryAfter(Duration.ofMillis(1));
		AtomicBoolean room = new AtomicBoolean(true);
		workers(1, (update) -> {
			room.set(false);
			fail(update);
		});
		this.queue.progressListener(new LimitedProgress(room));
		failAndRetry(this.workers);
		assertThatTheThreadSleeps();
		room.set(true);
		this.workers.wakeUp();
		await().atMost(PATIENCE).until(() -> this.handled.size() > 1);
	}

	private void failAndRetry(DeliveryWorkers failing) {
		failing.start();
		add(1);
		await().atMost(PATIENCE).until(() -> !this.handled.isEmpty());
	}

	private void fail(TaskUpdate update) {
		this.handled.add(update);
		throw new IllegalStateException("fails");
	}

	private void assertThatTheThreadSleeps() {
		await().atMost(PATIENCE)
			.during(Duration.ofMillis(100))
			.pollInterval(Duration.ofMillis(1))
			.until(() -> this.threads.get(0).getState() == Thread.State.TIMED_WAITING);
	}

	@Test
	void deliverNothingWhilePaused() {
		this.workers.start();
		this.workers.pause();
		add(5);
		assertThat(this.workers.waitingSince()).isNull();
		assertThat(this.handled).isEmpty();
		this.workers.start();
		awaitHandled(5);
	}

	@Test
	void showSinceWhenAHandlerHangs() {
		CountDownLatch release = new CountDownLatch(1);
		workers(1, (update) -> {
			release.await();
			this.handled.add(update);
		}).start();
		assertThat(this.workers.waitingSince()).isNull();
		add(2);
		await().until(() -> this.workers.inProgressSince() != null);
		Long since = this.workers.waitingSince();
		assertThat(since).isNotNull().isLessThanOrEqualTo(System.nanoTime());
		release.countDown();
		awaitHandled(2);
		await().until(() -> this.workers.waitingSince() == null);
	}

	@Test
	void settleWhatIsDoneWhileAHandlerHangs() {
		CountDownLatch release = new CountDownLatch(1);
		workers(1, (update) -> {
			if (this.handled.size() == 3) {
				release.await();
			}
			this.handled.add(update);
		});
		add(5);
		this.workers.start();
		awaitHandled(3);
		this.workers.settleDone();
		assertThat(this.queue.updates()).isEqualTo(2);
		this.workers.settleDone();
		assertThat(this.queue.updates()).isEqualTo(2);
		release.countDown();
		awaitHandled(5);
		await().until(() -> this.queue.updates() == 0);
	}

	@Test
	void surviveAnErrorWhileTheStateIsRead() {
		CountDownLatch release = new CountDownLatch(1);
		workers(1, (update) -> {
			this.handled.add(update);
			if (this.handled.size() == 2) {
				release.await();
			}
		});
		AtomicInteger errors = new AtomicInteger(1);
		this.queue.progressListener((position, updates, acknowledgement) -> {
			if (errors.getAndDecrement() > 0) {
				throw new OutOfMemoryError("test");
			}
		});
		add(3);
		this.workers.start();
		awaitHandled(2);
		this.workers.settleDone();
		assertThat(errors).hasValueLessThan(1);
		assertThat(this.queue.updates()).isEqualTo(2);
		release.countDown();
		awaitHandled(3);
		await().until(() -> this.queue.updates() == 0);
	}

	@Test
	void settleWhatIsDoneIfAHandlerOutlivesAStop() {
		CountDownLatch release = new CountDownLatch(1);
		workers(1, (update) -> {
			this.handled.add(update);
			if (this.handled.size() == 3) {
				awaitUninterruptibly(release);
			}
		});
		add(5);
		this.workers.start();
		awaitHandled(3);
		this.workers.signalStop();
		assertThat(this.workers.awaitStop(Duration.ZERO, null)).isFalse();
		assertThat(this.queue.updates()).isEqualTo(3);
		release.countDown();
		assertThat(this.workers.awaitStop(PATIENCE, null)).isTrue();
		assertThat(this.queue.updates()).isEqualTo(2);
		assertThat(this.handled).hasSize(3);
	}

	private static void awaitUninterruptibly(CountDownLatch latch) {
		boolean released = false;
		while (!released) {
			try {
				latch.await();
				released = true;
			}
			catch (InterruptedException ex) {
				// As a handler that ignores interrupts
			}
		}
	}

	@Test
	void deliverUpdatesThatComeFasterThanAThreadIsWoken() {
		this.workers.start();
		for (int i = 1; i <= 200; i++) {
			int expected = i;
			add(1);
			await().atMost(PATIENCE)
				.pollDelay(Duration.ZERO)
				.pollInterval(Duration.ofNanos(10_000))
				.until(() -> this.handled.size() == expected);
		}
		await().until(() -> this.queue.updates() == 0);
	}

	@Test
	void stopBetweenTwoUpdates() {
		workers(1, (update) -> {
			this.handled.add(update);
			if (this.handled.size() == 2) {
				this.workers.signalStop();
			}
		});
		add(5);
		this.workers.start();
		await().atMost(PATIENCE).until(() -> alive() == 0);
		assertThat(this.handled).hasSize(2);
		assertThat(this.queue.updates()).isEqualTo(3);
		this.workers.start();
		awaitHandled(5);
	}

	@Test
	void pauseBetweenTwoUpdates() {
		workers(1, (update) -> {
			this.handled.add(update);
			if (this.handled.size() == 2) {
				this.workers.pause();
			}
		});
		add(5);
		this.workers.start();
		await().atMost(PATIENCE).until(() -> this.queue.updates() == 3);
		assertThat(this.handled).hasSize(2);
		this.workers.start();
		awaitHandled(5);
	}

	@Test
	void deliverNothingMoreOfWhatARestartHasForgotten() {
		workers(1, (update) -> {
			this.handled.add(update);
			if (this.handled.size() == 2) {
				this.queue.restart(40L);
				add(1);
			}
		});
		add(5);
		this.workers.start();
		awaitHandled(3);
		await().until(() -> this.queue.updates() == 0);
		assertThat(this.handled.get(2).taskId()).isEqualTo("task 0");
		assertThat(this.handled).hasSize(3);
	}

	@Test
	void settleWhatIsDoneBeforeAnUpdateThatFails() {
		this.errorHandler = (update, failure, failures) -> Decision.retryAfter(ChronoUnit.FOREVER.getDuration());
		workers(1, (update) -> {
			if (update.taskId().equals("task 2")) {
				throw new IllegalStateException("test");
			}
			this.handled.add(update);
		});
		add(5);
		this.workers.start();
		await().atMost(PATIENCE).until(() -> this.queue.held() == 3);
		assertThat(this.handled).hasSize(2);
	}

	@Test
	void deliverNoMoreThanTheProgressAllows() {
		AtomicInteger room = new AtomicInteger(3);
		workers(1, this.handled::add);
		this.queue.progressListener(new ProgressListener() {

			@Override
			public void advanced(@Nullable Long position, int updates, @Nullable String acknowledgement) {
				room.addAndGet(-updates);
			}

			@Override
			public int room() {
				return room.get();
			}

		});
		add(5);
		this.workers.start();
		await().atMost(PATIENCE).until(() -> this.queue.updates() == 2);
		assertThat(this.handled).hasSize(3);
		room.set(3);
		this.workers.wakeUp();
		awaitHandled(5);
	}

	@ParameterizedTest
	@ValueSource(ints = { 1, 2 })
	void surviveADelayThatDoesNotFit(int concurrency) {
		this.errorHandler = (update, failure, failures) -> Decision.retryAfter(ChronoUnit.FOREVER.getDuration());
		workers(concurrency, (update) -> {
			this.handled.add(update);
			throw new IllegalStateException("test");
		}).start();
		add(1);
		awaitHandled(1);
		await().until(() -> this.queue.held() == 1);
		assertThat(alive()).isEqualTo(concurrency);
		this.workers.signalStop();
		assertThat(this.workers.awaitStop(ChronoUnit.FOREVER.getDuration(), null)).isTrue();
		await().until(() -> alive() == 0);
	}

	@Test
	void surviveAnErrorOfTheReaderAndReportTheRoomAgain() {
		this.observer.errors.set(2);
		add(100);
		assertThat(this.queue.claimRoom()).isFalse();
		this.workers.start();
		awaitHandled(100);
		await().atMost(PATIENCE).until(() -> this.observer.rooms.get() == 1);
		assertThat(alive()).isEqualTo(1);
		add(5);
		awaitHandled(105);
		assertThat(this.observer.rooms).hasValue(1);
	}

	@Test
	void surviveAnErrorWhileAnUpdateIsSettled() {
		AtomicInteger errors = new AtomicInteger(1);
		this.queue.progressListener((position, updates, acknowledgement) -> {
			if (errors.getAndDecrement() > 0) {
				throw new OutOfMemoryError("test");
			}
		});
		this.workers.start();
		add(5);
		awaitHandled(5);
		await().until(() -> this.queue.updates() == 0);
	}

	@Test
	void surviveAnErrorWhileTheNextUpdateIsTaken() {
		AtomicInteger errors = new AtomicInteger(2);
		this.queue.progressListener(new ProgressListener() {

			@Override
			public void advanced(@Nullable Long position, int updates, @Nullable String acknowledgement) {
				// Nothing is recorded
			}

			@Override
			public int room() {
				if (errors.getAndDecrement() > 0) {
					throw new OutOfMemoryError("test");
				}
				return 1;
			}

		});
		this.workers.start();
		add(5);
		awaitHandled(5);
	}

	@Test
	void surviveAnErrorAtTheEnd() {
		this.observer.errorsAtTheEnd.set(1);
		this.workers.start();
		this.workers.signalStop();
		assertThat(this.workers.awaitStop(PATIENCE, null)).isTrue();
		await().until(() -> alive() == 0);
		this.workers.start();
		add(1);
		awaitHandled(1);
	}

	@Test
	void canBeStartedAgainIfNoThreadCouldBeCreated() {
		this.threadsWithoutMemory.set(1);
		assertThatExceptionOfType(OutOfMemoryError.class).isThrownBy(this.workers::start);
		assertThat(this.workers.waitingSince()).isNull();
		assertThat(this.workers.awaitStop(Duration.ZERO, null)).isTrue();
		add(1);
		this.workers.start();
		awaitHandled(1);
	}

	@Test
	void createTheOtherThreadsAsSoonAsThatIsPossible() {
		CountDownLatch all = new CountDownLatch(3);
		workers(3, (update) -> {
			all.countDown();
			all.await();
			this.handled.add(update);
		});
		this.threadsToCreate.set(1);
		this.threadsWithoutMemory.set(2);
		this.workers.start();
		assertThat(alive()).isEqualTo(1);
		add(3);
		// The only thread is busy: another update can be delivered once there is memory
		this.workers.revive();
		await().atMost(PATIENCE).until(() -> {
			this.workers.revive();
			return this.handled.size() == 3;
		});
		assertThat(alive()).isEqualTo(3);
	}

	@Test
	void createTheOtherThreadsWhileTheFirstIsIdle() {
		workers(3, this.handled::add);
		this.threadsToCreate.set(1);
		this.threadsWithoutMemory.set(2);
		this.workers.start();
		await().atMost(PATIENCE).until(() -> alive() == 3);
	}

	/**
	 * Progress that allows more deliveries or not.
	 *
	 * @param open whether it does
	 */
	private record LimitedProgress(AtomicBoolean open) implements ProgressListener {

		@Override
		public void advanced(@Nullable Long position, int updates, @Nullable String acknowledgement) {
		}

		@Override
		public int room() {
			return this.open.get() ? 1 : 0;
		}

	}

	/**
	 * Fails as often as requested.
	 */
	private static final class FailingObserver implements DeliveryObserver {

		private final AtomicInteger errors = new AtomicInteger();

		private final AtomicInteger errorsAtTheEnd = new AtomicInteger();

		private final AtomicInteger rooms = new AtomicInteger();

		private final AtomicInteger ended = new AtomicInteger();

		private static void fail(AtomicInteger errors) {
			if (countDown(errors) > 0) {
				throw new OutOfMemoryError("Java heap space");
			}
		}

		@Override
		public void onFailed(TaskUpdate update, Throwable failure) {
			// Not published
		}

		@Override
		public void onStopRequired() {
			// Not used
		}

		@Override
		public void onEnded() {
			this.ended.incrementAndGet();
			fail(this.errorsAtTheEnd);
		}

		@Override
		public void onRoom() {
			fail(this.errors);
			this.rooms.incrementAndGet();
		}

	}

}
