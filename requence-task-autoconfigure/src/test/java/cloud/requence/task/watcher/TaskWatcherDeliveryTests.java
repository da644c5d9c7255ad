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

package cloud.requence.task.watcher;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.Disposable;
import reactor.core.publisher.BaseSubscriber;
import reactor.test.StepVerifier;

import org.springframework.core.retry.RetryPolicy;
import org.springframework.util.unit.DataSize;

import cloud.requence.emulator.Acknowledgement;
import cloud.requence.emulator.TaskScript;
import cloud.requence.emulator.EmulatedTaskStatus;
import cloud.requence.task.AckMode;
import cloud.requence.task.RequenceTaskException;
import cloud.requence.task.StartedThreads;
import cloud.requence.task.TaskEnd;
import cloud.requence.task.TaskUpdate;
import cloud.requence.task.TaskUpdateErrorHandler.Decision;
import cloud.requence.task.TaskUpdateErrorHandler.OnFailure;
import cloud.requence.task.TaskUpdateFailedEvent;
import cloud.requence.task.TaskUpdateHandler;
import cloud.requence.task.TaskWatcher;
import cloud.requence.task.TaskWatcherStatus;
import cloud.requence.task.TaskWatcherStatus.State;
import cloud.requence.task.TaskWatcherStoppedEvent;
import cloud.requence.task.UpdateType;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

/**
 * Watchers of an emulator whose handlers are slow, fail, or call back.
 */
class TaskWatcherDeliveryTests {

	private final StartedThreads started = new StartedThreads();

	private final WatchedEmulator watched = new WatchedEmulator();

	private final List<TaskUpdate> handled = Collections.synchronizedList(new ArrayList<>());

	@AfterEach
	void close() {
		this.watched.close();
	}

	private TaskScript task() {
		return this.watched.emulator().task("invoice").input(Map.of("no", 4711));
	}

	private void publish(int updates) {
		TaskScript task = task().start();
		for (int i = 1; i < updates; i++) {
			task.nodeStart("node-" + i);
		}
	}

	@Nested
	class Acknowledging {

		@Test
		void acknowledgesAnEndAfterItsDelivery() {
			TaskScript task = task().requireAck().start().end("done");
			List<Integer> before = new ArrayList<>();
			TaskWatcher watcher = watched.watch((update) -> before.add(watched.emulator().acknowledgements().size()),
					(builder) -> {
					});
			await().until(() -> watcher.status().acknowledgements().sent() == 1);
			assertThat(before).containsExactly(0, 0);
			assertThat(watched.emulator().acknowledgements()).extracting(Acknowledgement::taskId)
				.containsExactly(task.taskId());
			assertThat(watched.emulator().status(task.taskId())).isEqualTo(EmulatedTaskStatus.SUCCESSFUL);
		}

		@Test
		void acknowledgesNothingThatFailed() {
			task().requireAck().start().end("done");
			TaskScript other = task().requireAck().start().fail("broken");
			TaskWatcher watcher = watched.watch((update) -> {
				if (update instanceof TaskEnd) {
					throw new IllegalStateException("cannot");
				}
			}, (builder) -> builder.retry(RetryPolicy.builder().maxRetries(1).delay(Duration.ofMillis(1)).build(),
					OnFailure.SKIP));
			await().until(() -> watcher.status().acknowledgements().sent() == 1);
			assertThat(watched.emulator().acknowledgements()).extracting(Acknowledgement::taskId)
				.containsExactly(other.taskId());
			assertThat(watcher.status().updates().failed()).isOne();
		}

		@Test
		void acknowledgesNothingThatWasHidden() {
			task().requireAck().start().end("done");
			TaskScript other = task().requireAck().start().abort("enough");
			TaskWatcher watcher = watched.watch((builder) -> builder.only(EnumSet.of(UpdateType.TASK_ABORTED)));
			await().until(() -> watcher.status().acknowledgements().sent() == 1);
			assertThat(watched.emulator().acknowledgements()).extracting(Acknowledgement::taskId)
				.containsExactly(other.taskId());
			assertThat(watcher.status().updates().filtered()).isEqualTo(3);
			assertThat(watched.updates()).singleElement().satisfies((update) -> {
				assertThat(update.incomplete()).isFalse();
				assertThat(update.context().input()).isNotNull();
			});
		}

		@Test
		void triesAgainUntilThePlatformTakesIt() {
			List<WatchedEmulator> platforms = new ArrayList<>();
			try {
				for (int status : new int[] { 400, 401, 404, 429, 500, 503 }) {
					WatchedEmulator platform = new WatchedEmulator();
					platforms.add(platform);
					platform.emulator().faults().failAcks(status, 1);
					platform.emulator().task("invoice").requireAck().start().end("done");
					platform.watch();
				}
				assertThat(platforms).allSatisfy((platform) -> {
					await().until(() -> platform.status().acknowledgements().sent() == 1);
					assertThat(platform.status().acknowledgements().pending()).isZero();
				});
			}
			finally {
				platforms.forEach(WatchedEmulator::close);
			}
		}

		@ParameterizedTest
		@ValueSource(ints = { 204, 409, 410 })
		void countsAsTakenWhatNeedsNoFurtherAttempt(int status) {
			watched.emulator().faults().failAcks(status, 1);
			task().requireAck().start().end("done");
			TaskWatcher watcher = watched.watch();
			await().until(() -> watcher.status().acknowledgements().sent() == 1);
			assertThat(watched.emulator().acknowledgements()).isEmpty();
		}

		@Test
		void dropsWhatWouldBeAnotherCall() {
			TaskWatcher watcher = watched.watch((builder) -> builder.ackMode(AckMode.MANUAL));
			watcher.acknowledge("..");
			await().until(() -> watcher.status().acknowledgements().failed() == 1);
		}

		@Test
		void repeatsWhatThePlatformDoesNotKnow() {
			TaskWatcher watcher = watched.watch((builder) -> builder.ackMode(AckMode.MANUAL));
			watcher.acknowledge("unknown task");
			await().until(() -> watched.emulator()
				.requests()
				.stream()
				.filter((request) -> request.path().endsWith("/task/ack/unknown%20task"))
				.count() > 1);
			assertThat(watcher.status().acknowledgements().pending()).isOne();
		}

		@Test
		void isRefusedByAWatcherThatHasStopped() {
			TaskWatcher watcher = watched.watch((builder) -> builder.ackMode(AckMode.MANUAL));
			watcher.stop();
			assertThatThrownBy(() -> watcher.acknowledge("task")).isInstanceOf(RequenceTaskException.class)
				.hasMessageContaining("not running");
		}

		@Test
		void leavesItToTheApplication() {
			TaskScript task = task().requireAck().start().end("done");
			TaskWatcher watcher = watched.watch((builder) -> builder.ackMode(AckMode.MANUAL));
			watched.awaitAllOnceInOrder();
			assertThat(watched.emulator().acknowledgements()).isEmpty();
			watcher.acknowledge(task.taskId());
			await().until(() -> watcher.status().acknowledgements().sent() == 1);
		}

		@Test
		void keepsWhatIsDueOverAStop() {
			watched.emulator().faults().failAcks(503, 1);
			task().requireAck().start().end("done");
			TaskWatcher watcher = watched.watch();
			await().until(() -> watcher.status().acknowledgements().pending() == 1
					&& watcher.status().updates().delivered() == 2);
			watcher.stop();
			watcher.start();
			await().until(() -> watcher.status().acknowledgements().sent() == 1);
		}

	}

	@Nested
	class Failing {

		@ParameterizedTest
		@ValueSource(classes = { IllegalStateException.class, AssertionError.class, StackOverflowError.class,
				InterruptedException.class })
		void triesAgainAndThenSkips(Class<? extends Throwable> type) {
			publish(3);
			AtomicInteger failures = new AtomicInteger();
			TaskWatcher watcher = watched.watch((update) -> {
				if (update.type() == UpdateType.NODE_START && update.position() == 2) {
					failures.incrementAndGet();
					sneakyThrow(type.getDeclaredConstructor().newInstance());
				}
				handled.add(update);
			}, (builder) -> builder.retry(RetryPolicy.builder().maxRetries(2).delay(Duration.ofMillis(1)).build(),
					OnFailure.SKIP));
			await().until(() -> handled.size() == 2);
			assertThat(failures).hasValue(3);
			assertThat(watcher.status().updates().retries()).isEqualTo(2);
			assertThat(watched.awaitEvent(TaskUpdateFailedEvent.class).exception()).isInstanceOf(type);
			assertThat(watched.awaitEvent(TaskUpdateFailedEvent.class).update().position()).isEqualTo(2);
		}

		@ParameterizedTest
		@ValueSource(classes = { IllegalStateException.class, ClassCastException.class })
		void skipsNothingIfItRetriesForAsLongAsItTakes(Class<? extends RuntimeException> type) {
			publish(3);
			AtomicInteger failures = new AtomicInteger();
			AtomicBoolean mended = new AtomicBoolean();
			TaskWatcher watcher = watched.watch((update) -> {
				if (update.position() == 2 && !mended.get()) {
					failures.incrementAndGet();
					throw type.getDeclaredConstructor().newInstance();
				}
				watched.updates().add(update);
			}, (builder) -> builder.retry(RetryPolicy.builder()
				.maxRetries(1)
				.delay(Duration.ofMillis(1))
				.maxDelay(Duration.ofMillis(10))
				.build(), OnFailure.RETRY));
			await().until(() -> failures.get() > 10);
			assertThat(watcher.status().backlog().waitingSince()).isNotNull();
			assertThat(watcher.status().backlog().held()).isPositive();
			assertThat(watched.events(TaskUpdateFailedEvent.class)).isEmpty();
			mended.set(true);
			watched.awaitAllOnceInOrder();
			await().until(() -> watcher.status().backlog().waitingSince() == null);
		}

		@Test
		void stopsInFrontOfTheUpdateAndGoesOnWithItAfterTheNextStart() {
			publish(3);
			AtomicInteger failures = new AtomicInteger();
			TaskWatcher watcher = watched.watch((update) -> {
				if (update.position() == 2 && failures.incrementAndGet() == 1) {
					throw new IllegalStateException("cannot");
				}
				handled.add(update);
			}, (builder) -> builder.retry(RetryPolicy.builder().maxRetries(0).build(), OnFailure.STOP));
			assertThat(watched.awaitEvent(TaskWatcherStoppedEvent.class).reason())
				.isEqualTo(TaskWatcherStoppedEvent.Reason.FAILURE);
			assertThat(watcher.status().state()).isEqualTo(State.STOPPED);
			assertThat(watcher.status().expectedToRun()).isTrue();
			assertThat(watcher.status().stopReason()).isEqualTo(TaskWatcherStoppedEvent.Reason.FAILURE);
			await().until(() -> watched.emulator().openStreams() == 0);
			watcher.start();
			assertThat(watcher.status().stopReason()).isNull();
			await().until(() -> handled.size() == 3);
			assertThat(handled).extracting(TaskUpdate::position).containsExactly(1L, 2L, 3L);
		}

		@Test
		void survivesAnErrorHandlerAndAFilterThatFail() {
			publish(3);
			watched.watch((update) -> {
				handled.add(update);
				throw new IllegalStateException("cannot");
			}, (builder) -> builder.errorHandler((update, failure, failures) -> {
				if (handled.size() == 1) {
					throw new IllegalStateException("cannot decide");
				}
				return Decision.skip();
			}).filter((update) -> {
				throw new IllegalStateException("cannot judge");
			}));
			await().until(() -> handled.size() == 4);
			assertThat(handled).extracting(TaskUpdate::position).containsExactly(1L, 1L, 2L, 3L);
		}

		@SuppressWarnings("unchecked")
		private static <T extends Throwable> void sneakyThrow(Throwable failure) throws T {
			throw (T) failure;
		}

	}

	@Nested
	class SlowHandlers {

		@Test
		void slowThePlatformAndNotTheMemory() {
			String input = "x".repeat(20_000);
			for (int i = 0; i < 2000; i++) {
				watched.emulator().task("scan").input(input).start();
			}
			Semaphore permits = new Semaphore(0);
			TaskWatcher watcher = watched.watch((update) -> {
				permits.acquire();
				handled.add(update);
			}, (builder) -> builder.maxInFlight(50, DataSize.ofMegabytes(10)));
			await().until(() -> watcher.status().backlog().updates() >= 50);
			long written = awaitStanding();
			assertThat(written).isLessThan(1500);
			assertThat(watcher.status().backlog().updates()).isLessThan(100);
			permits.release(2000);
			await().atMost(Duration.ofSeconds(30)).until(() -> handled.size() == 2000);
			assertThat(handled).extracting(TaskUpdate::position).isSorted().doesNotHaveDuplicates();
		}

		@Test
		void getNothingMoreFromANewConnection() {
			for (int i = 0; i < 2000; i++) {
				task().start();
			}
			Semaphore permits = new Semaphore(0);
			TaskWatcher watcher = watched.watch((update) -> {
				permits.acquire();
				handled.add(update);
			}, (builder) -> builder.maxInFlight(10, DataSize.ofMegabytes(1)).maxAge(Duration.ofMillis(100)));
			await().until(() -> watcher.status().backlog().updates() >= 10);
			int backlog = watcher.status().backlog().updates();
			await().until(() -> watched.emulator().watchRequests().size() >= 10);
			assertThat(watcher.status().backlog().updates()).isEqualTo(backlog);
			permits.release(2000);
			await().atMost(Duration.ofSeconds(30)).until(() -> handled.size() == 2000);
			assertThat(handled).extracting(TaskUpdate::position).isSorted().doesNotHaveDuplicates();
		}

		private long awaitStanding() {
			AtomicInteger same = new AtomicInteger();
			long[] last = { -1 };
			await().pollInterval(Duration.ofMillis(50)).until(() -> {
				long now = watched.emulator().writtenUpdates();
				same.set((now == last[0]) ? same.get() + 1 : 0);
				last[0] = now;
				return same.get() >= 5;
			});
			return last[0];
		}

		@Test
		void takeAnUpdateThatIsLargerThanTheQueue() {
			watched.emulator().task("scan").input("x".repeat(100_000)).start().end("x".repeat(100_000));
			watched.watch((builder) -> builder.maxInFlight(1, DataSize.ofKilobytes(1)));
			watched.awaitAllOnceInOrder();
		}

	}

	@Nested
	class Streams {

		@Test
		void seeWhatIsDelivered() {
			TaskWatcher watcher = watched.watch((builder) -> builder.autoStartup(false));
			StepVerifier.create(watcher.updates().map(TaskUpdate::type).take(3))
				.then(() -> task().start().nodeStart("a").end("done"))
				.expectNext(UpdateType.TASK_START, UpdateType.NODE_START, UpdateType.TASK_END)
				.expectComplete()
				.verify(Duration.ofSeconds(20));
		}

		@Test
		void holdTheDeliveryUpUntilTheyWantMore() {
			AtomicLong jump = new AtomicLong();
			TaskWatcher watcher = watched.watch(handled::add,
					(builder) -> builder.ticker(() -> System.nanoTime() + jump.get()));
			List<TaskUpdate> seen = Collections.synchronizedList(new ArrayList<>());
			BaseSubscriber<TaskUpdate> subscriber = new BaseSubscriber<>() {

				@Override
				protected void hookOnSubscribe(org.reactivestreams.Subscription subscription) {
					subscription.request(1);
				}

				@Override
				protected void hookOnNext(TaskUpdate update) {
					seen.add(update);
				}

			};
			watcher.updates().subscribe(subscriber);
			publish(5);
			await().until(() -> handled.size() == 2);
			assertThat(seen).hasSize(1);
			assertThat(watcher.status().backlog().subscribers()).isEmpty();
			jump.set(Duration.ofSeconds(10).toNanos());
			await().until(() -> !watcher.status().backlog().subscribers().isEmpty());
			assertThat(watcher.status().backlog().subscribers()).singleElement()
				.asString()
				.contains("holdTheDeliveryUpUntilTheyWantMore");
			subscriber.request(10);
			await().until(() -> seen.size() == 5);
			assertThat(handled).hasSize(5);
			assertThat(watcher.status().backlog().subscribers()).isEmpty();
		}

		@Test
		void harmNoOtherWhenTheyFail() {
			TaskWatcher watcher = watched.watch();
			Disposable failing = watcher.updates().doOnNext((update) -> {
				throw new IllegalStateException("cannot");
			}).onErrorComplete().subscribe();
			publish(5);
			watched.awaitAllOnceInOrder();
			assertThat(failing.isDisposed()).isTrue();
		}

		@Test
		void endWhenTheWatcherIsDestroyed() {
			TaskWatcher watcher = watched.watch();
			StepVerifier.create(watcher.updates())
				.then(watcher::destroy)
				.expectComplete()
				.verify(Duration.ofSeconds(20));
		}

	}

	@Nested
	class Stopping {

		@Test
		void waitsForTheUpdateInHand() throws Exception {
			publish(5);
			CountDownLatch entered = new CountDownLatch(1);
			CountDownLatch release = new CountDownLatch(1);
			TaskWatcher watcher = watched.watch((update) -> {
				entered.countDown();
				release.await();
				handled.add(update);
			}, (builder) -> {
			});
			entered.await();
			Thread stopping = new Thread(watcher::stop);
			stopping.start();
			await().until(() -> !watcher.isRunning());
			assertThat(stopping.isAlive()).isTrue();
			release.countDown();
			stopping.join(10_000);
			assertThat(handled).hasSize(1);
			await().until(() -> watched.emulator().openStreams() == 0);
		}

		@Test
		void interruptsAHandlerThatTakesTooLongAndDeliversItsUpdateAgain() {
			publish(3);
			AtomicInteger calls = new AtomicInteger();
			TaskWatcher watcher = watched.watch((update) -> {
				if (calls.incrementAndGet() == 1) {
					new CountDownLatch(1).await();
				}
				handled.add(update);
			}, (builder) -> builder.shutdownTimeout(Duration.ofMillis(100)));
			await().until(() -> calls.get() == 1);
			watcher.stop();
			assertThat(handled).isEmpty();
			watcher.start();
			await().until(() -> handled.size() == 3);
			assertThat(handled).extracting(TaskUpdate::position).containsExactly(1L, 2L, 3L);
		}

		@Test
		void doesNotWaitForTheHandlerThatAsksForIt() {
			publish(5);
			TaskWatcher[] self = new TaskWatcher[1];
			CountDownLatch ready = new CountDownLatch(1);
			TaskUpdateHandler handler = (update) -> {
				ready.await();
				handled.add(update);
				self[0].stop();
				if (update.position() < 4) {
					self[0].start();
				}
			};
			self[0] = watched.watch(handler, (builder) -> {
			});
			ready.countDown();
			await().until(() -> handled.size() == 4 && !self[0].isRunning());
			await().until(() -> watched.emulator().openStreams() == 0);
			assertThat(handled).extracting(TaskUpdate::position).containsExactly(1L, 2L, 3L, 4L);
			await().until(() -> threads().isEmpty());
			assertThat(watched.events(TaskWatcherStoppedEvent.class)).hasSize(4);
		}

		@Test
		void interruptsEachOfSeveralWaits() {
			publish(1);
			AtomicInteger waits = new AtomicInteger();
			TaskWatcher watcher = watched.watch((update) -> {
				for (int i = 0; i < 3; i++) {
					waits.incrementAndGet();
					assertThatThrownBy(new CountDownLatch(1)::await).isInstanceOf(InterruptedException.class);
				}
			}, (builder) -> builder.shutdownTimeout(Duration.ofMillis(10)));
			await().until(() -> waits.get() == 1);
			watcher.stop();
			await().until(() -> waits.get() == 3 && threads().isEmpty());
		}

		@Test
		void waitsOnceForAHandlerThatDoesNotEnd() {
			publish(1);
			CountDownLatch release = new CountDownLatch(1);
			AtomicInteger interrupts = new AtomicInteger();
			AtomicInteger calls = new AtomicInteger();
			TaskWatcher watcher = watched.watch((update) -> {
				calls.incrementAndGet();
				while (release.getCount() > 0) {
					try {
						release.await();
					}
					catch (InterruptedException ex) {
						interrupts.incrementAndGet();
					}
				}
			}, (builder) -> builder.shutdownTimeout(Duration.ofMillis(10)));
			await().until(() -> calls.get() == 1);
			watcher.stop();
			int interruptsOfTheFirst = interrupts.get();
			assertThat(interruptsOfTheFirst).isPositive();
			watcher.stop();
			assertThat(interrupts).hasValueLessThanOrEqualTo(interruptsOfTheFirst + 1);
			release.countDown();
			await().until(() -> threads().isEmpty());
		}

		@Test
		void leavesNoThreadBehind() {
			TaskWatcher watcher = watched.watch((builder) -> {
			});
			publish(3);
			watched.awaitAllOnceInOrder();
			assertThat(threads()).hasSize(3);
			watcher.stop();
			await().untilAsserted(() -> assertThat(threads()).isEmpty());
			assertThat(watched.awaitEvent(TaskWatcherStoppedEvent.class).reason())
				.isEqualTo(TaskWatcherStoppedEvent.Reason.NORMAL);
		}

		private List<Thread> threads() {
			return started.named("requence-test-");
		}

		@Test
		void losesNothingOverAHundredRestarts() {
			TaskWatcher watcher = watched.watch();
			for (int i = 0; i < 100; i++) {
				task().start().nodeStart("a").nodeEnd("a").end("done");
				watcher.stop();
				watcher.start();
			}
			watched.awaitAllOnceInOrder();
			assertThat(watched.updates()).hasSize(400).noneMatch(TaskUpdate::incomplete);
		}

	}

	@Nested
	class Pausing {

		@Test
		void keepsThePosition() {
			TaskWatcher watcher = watched.watch();
			publish(3);
			watched.awaitAllOnceInOrder();
			watcher.pause();
			assertThat(watcher.status().state()).isEqualTo(State.PAUSED);
			assertThat(watcher.isRunning()).isTrue();
			await().until(() -> watched.emulator().openStreams() == 0);
			publish(3);
			watcher.resume();
			watched.awaitAllOnceInOrder();
			TaskWatcherStatus status = watcher.status();
			assertThat(status.state()).isEqualTo(State.STREAMING);
			assertThat(status.deliveredPosition()).isEqualTo(6);
			assertThat(watched.emulator().watchRequests()).last()
				.satisfies((request) -> assertThat(request.body()).contains("\"lastPosition\":3"));
		}

	}

}
