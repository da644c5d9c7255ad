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

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.stream.Stream;

import cloud.requence.emulator.RequenceEmulator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

import cloud.requence.task.AccessToken;
import cloud.requence.task.AckMode;
import cloud.requence.task.CheckpointException;
import cloud.requence.task.CheckpointStore;
import cloud.requence.task.StartedThreads;
import cloud.requence.task.SwitchableLeadership;
import cloud.requence.task.TaskUpdateErrorHandler;
import cloud.requence.task.TaskWatcher;
import cloud.requence.task.TaskWatcherErrorEvent;
import cloud.requence.task.TaskWatcherStatus.Stall;
import cloud.requence.task.TaskWatcherStatus.State;
import cloud.requence.task.TaskWatcherStoppedEvent;
import cloud.requence.task.TaskWatcherStoppedEvent.Reason;
import cloud.requence.task.store.FileCheckpointStore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

/**
 * Tests for {@link WatcherLifecycle}, against the emulator: what happens when a start
 * fails, a listener does not end, or the platform is another.
 */
class WatcherLifecycleTests {

	private static final Duration PATIENCE = Duration.ofSeconds(30);

	private final StartedThreads started = new StartedThreads();

	private final WatchedEmulator watched = new WatchedEmulator();

	private final CountDownLatch never = new CountDownLatch(1);

	private final CountDownLatch entered = new CountDownLatch(1);

	private final AtomicLong jump = new AtomicLong();

	@TempDir
	private Path directory;

	@AfterEach
	void close() {
		Schedulers.resetFactory();
		this.never.countDown();
		this.watched.close();
	}

	private Consumer<DefaultTaskWatcherBuilder> checkpointed() {
		return (builder) -> builder.checkpointStore(new FileCheckpointStore(this.directory.resolve("checkpoint")))
			.checkpoint(Duration.ofMillis(20), 10)
			.shutdownTimeout(Duration.ofMillis(500))
			.ticker(() -> System.nanoTime() + this.jump.get());
	}

	private Consumer<DefaultTaskWatcherBuilder> elected(SwitchableLeadership leadership) {
		return checkpointed().andThen((builder) -> builder.leadership(leadership).checkPeriod(Duration.ofMillis(100)));
	}

	private void play(int tasks) {
		for (int i = 0; i < tasks; i++) {
			this.watched.emulator().task("invoice").start().end("done");
		}
	}

	/**
	 * Wait until everything is delivered, by a watcher that does not try again at once.
	 */
	private void awaitAllAtLaterAttempts() {
		await().atMost(PATIENCE).until(() -> {
			this.jump.addAndGet(StartRetry.DELAY.toNanos());
			return this.watched.updates().size() >= this.watched.emulator().lastPosition();
		});
		this.watched.awaitAllOnceInOrder();
	}

	private void hang() {
		this.entered.countDown();
		while (this.never.getCount() > 0) {
			try {
				this.never.await();
			}
			catch (InterruptedException ex) {
				// As a read from a socket, which no interrupt ends
			}
		}
	}

	private List<Thread> threads() {
		return this.started.named("requence-test-");
	}

	@Nested
	class StartsThatFail {

		static Stream<Arguments> failures() {
			return Stream.of(1, 2, 3)
				.flatMap((scheduler) -> Stream.of(
						Arguments.of(scheduler, new OutOfMemoryError("unable to create native thread")),
						Arguments.of(scheduler, new IllegalStateException("no thread"))));
		}

		/**
		 * Let the creation of a scheduler fail once.
		 */
		private void refuse(int scheduler, Throwable failure) {
			AtomicInteger created = new AtomicInteger();
			Schedulers.setFactory(new Schedulers.Factory() {

				@Override
				public Scheduler newSingle(ThreadFactory threads) {
					if (created.incrementAndGet() == scheduler) {
						if (failure instanceof Error error) {
							throw error;
						}
						throw (RuntimeException) failure;
					}
					return Schedulers.Factory.super.newSingle(threads);
				}

			});
		}

		@ParameterizedTest
		@MethodSource("failures")
		void leaveNothingBehindAndCanBeRepeated(int scheduler, Throwable failure) {
			refuse(scheduler, failure);
			Throwable thrown = catchThrowable(() -> watched.watch(checkpointed()));
			if (scheduler <= 2) {
				assertThat(thrown).isSameAs(failure);
				assertThat(watched.watcher().isRunning()).isFalse();
				assertThat(watched.status().state()).isEqualTo(State.STOPPED);
				await().until(() -> threads().isEmpty());
				watched.watcher().start();
			}
			play(1);
			watched.awaitAllOnceInOrder();
		}

		@ParameterizedTest
		@MethodSource("failures")
		void ofALeaderAreRepeatedOrGiveTheLeadershipUp(int scheduler, Throwable failure) {
			SwitchableLeadership leadership = new SwitchableLeadership();
			leadership.set(true);
			refuse(scheduler, failure);
			Throwable thrown = catchThrowable(() -> watched.watch(elected(leadership)));
			if (thrown != null) {
				assertThat(watched.watcher().isRunning()).isFalse();
				assertThat(leadership.isLeader()).isFalse();
				await().until(() -> threads().isEmpty());
				leadership.set(true);
				watched.watcher().start();
			}
			play(1);
			awaitAllAtLaterAttempts();
		}

	}

	@Nested
	class StoresThatFail {

		@Test
		void areAnErrorAtTheFirstStart() throws Exception {
			Files.createDirectory(directory.resolve("checkpoint"));
			assertThatExceptionOfType(CheckpointException.class).isThrownBy(() -> watched.watch(checkpointed()));
			assertThat(watched.watcher().isRunning()).isFalse();
		}

		@ParameterizedTest
		@ValueSource(booleans = { false, true })
		void areWaitedForAtLaterStarts(boolean elected) throws Exception {
			SwitchableLeadership leadership = new SwitchableLeadership();
			leadership.set(true);
			TaskWatcher watcher = watched.watch((elected ? elected(leadership) : checkpointed())
				.andThen((builder) -> builder.checkPeriod(Duration.ofMillis(100))));
			play(1);
			watched.awaitAllOnceInOrder();
			watcher.stop();
			Path file = directory.resolve("checkpoint");
			Path elsewhere = Files.move(file, directory.resolve("elsewhere"));
			Files.createDirectory(file);
			watcher.start();
			watched.awaitState(State.BACKING_OFF);
			assertThat(watcher.isRunning()).isTrue();
			assertThat(watched.status().stall()).isNotNull();
			Files.delete(file);
			Files.move(elsewhere, file);
			play(1);
			awaitAllAtLaterAttempts();
		}

	}

	@Nested
	class ListenersThatDoNotEnd {

		@Test
		void doNotAddTheirTimesUp() {
			try (WatchedEmulator second = new WatchedEmulator()) {
				CountDownLatch both = new CountDownLatch(2);
				CountDownLatch done = new CountDownLatch(2);
				for (WatchedEmulator emulator : List.of(watched, second)) {
					emulator.watch((update) -> {
						both.countDown();
						hang();
					}, (builder) -> builder.shutdownTimeout(Duration.ofSeconds(1)));
					emulator.emulator().task("a").start();
				}
				await().atMost(PATIENCE).until(() -> both.getCount() == 0);
				watched.watcher().stop(done::countDown);
				second.watcher().stop(done::countDown);
				// None has waited for its listener yet
				assertThat(done.getCount()).isEqualTo(2);
				await().atMost(PATIENCE).until(() -> done.getCount() == 0);
				never.countDown();
			}
		}

		@Test
		void areWaitedForOnceByAllThatStop() {
			watched.watch((update) -> hang(), checkpointed());
			play(1);
			await().until(() -> entered.getCount() == 0);
			AtomicInteger callbacks = new AtomicInteger();
			watched.watcher().stop(callbacks::incrementAndGet);
			watched.watcher().destroy();
			await().until(() -> callbacks.get() == 1);
			assertThat(watched.events(TaskWatcherStoppedEvent.class)).hasSize(1);
			never.countDown();
			await().until(() -> threads().isEmpty());
		}

		@Test
		void endTheDeliveryEvenIfTheWatcherIsPausedAndResumedMeanwhile() {
			List<Long> handled = new CopyOnWriteArrayList<>();
			AtomicInteger callbacks = new AtomicInteger();
			watched.watch((update) -> {
				handled.add(update.position());
				hang();
			}, checkpointed().andThen((builder) -> builder.shutdownTimeout(Duration.ofHours(1))));
			play(2);
			await().until(() -> entered.getCount() == 0 && watched.status().backlog().updates() > 1);
			watched.watcher().stop(callbacks::incrementAndGet);
			watched.watcher().pause();
			watched.watcher().resume();
			assertThat(watched.status().state()).isEqualTo(State.STOPPED);
			never.countDown();
			await().until(() -> callbacks.get() == 1 && threads().isEmpty());
			assertThat(handled).hasSize(1);
		}

		@Test
		void keepACallbackFromNothing() {
			AtomicInteger callbacks = new AtomicInteger();
			TaskWatcher watcher = watched.watch();
			watcher.stop(callbacks::incrementAndGet);
			await().until(() -> callbacks.get() == 1);
			watcher.stop(callbacks::incrementAndGet);
			assertThat(callbacks).hasValue(2);
		}

	}

	@Nested
	class ApplicationsThatEndFromAListener {

		@ParameterizedTest
		@ValueSource(ints = { 1, 4 })
		void saveWhatWasDoneBefore(int concurrency) throws Exception {
			List<Long> handled = new CopyOnWriteArrayList<>();
			CountDownLatch closed = new CountDownLatch(1);
			watched.watch((update) -> {
				if (update.position() == 7) {
					await().until(() -> handled.size() >= 6);
					// As a context does that is closed
					CountDownLatch stopped = new CountDownLatch(1);
					watched.watcher().stop(stopped::countDown);
					stopped.await();
					watched.watcher().destroy();
					closed.countDown();
					hang();
				}
				handled.add(update.position());
			}, checkpointed().andThen((builder) -> builder.checkpoint(Duration.ofHours(1), 1000)
				.shutdownTimeout(Duration.ofHours(1))
				.concurrency(concurrency)));
			for (int i = 0; i < 3; i++) {
				watched.emulator().task("a").requireAck().start().end("done");
			}
			watched.emulator().task("b").start();
			await().atMost(PATIENCE).until(() -> closed.getCount() == 0);
			assertThat(Files.readString(directory.resolve("checkpoint"))).contains("\"position\":6");
			assertThat(watched.emulator().acknowledgements()).hasSize(3);
		}

	}

	@Nested
	class Leaders {

		private final SwitchableLeadership leadership = new SwitchableLeadership();

		@Test
		void areFoundOutWithoutAReport() {
			TaskWatcher watcher = watched.watch(elected(this.leadership));
			this.leadership.setSilently(true);
			watched.awaitState(State.STREAMING);
			this.leadership.setSilently(false);
			watched.awaitState(State.STANDBY);
			watcher.destroy();
			assertThat(this.leadership.listeners()).isEmpty();
			await().until(() -> threads().isEmpty());
		}

		@Test
		void relinquishWhenTheyStopInFrontOfAnUpdate() {
			this.leadership.set(true);
			watched.watch((update) -> {
				throw new IllegalStateException("no");
			}, elected(this.leadership).andThen((builder) -> builder
				.errorHandler((update, failure, failures) -> TaskUpdateErrorHandler.Decision.stop())));
			play(1);
			await().until(() -> !watched.watcher().isRunning());
			await().until(() -> !this.leadership.isLeader());
			// Elected again, it cannot watch either
			this.leadership.setSilently(true);
			await().atMost(PATIENCE).until(() -> {
				WatcherLifecycleTests.this.jump.addAndGet(Duration.ofSeconds(20).toNanos());
				return this.leadership.relinquished() == 2;
			});
			watched.watcher().stop();
			await().until(() -> threads().isEmpty());
		}

		@Test
		void relinquishIfTheyCannotWatch() throws Exception {
			watched.watch(elected(this.leadership));
			Files.createDirectory(WatcherLifecycleTests.this.directory.resolve("checkpoint"));
			this.leadership.set(true);
			watched.awaitState(State.BACKING_OFF);
			assertThat(watched.status().stall()).isNotNull();
			await().atMost(PATIENCE).until(() -> {
				WatcherLifecycleTests.this.jump.addAndGet(Duration.ofSeconds(20).toNanos());
				return this.leadership.relinquished() == 1;
			});
			watched.awaitState(State.STANDBY);
		}

		@Test
		void relinquishIfTheStoreDoesNotRespond() {
			this.leadership.set(true);
			CheckpointStore store = new CheckpointStore() {

				@Override
				public @Nullable String load() {
					hang();
					return null;
				}

				@Override
				public boolean compareAndSet(@Nullable String expected, String checkpoint) {
					return true;
				}

			};
			CompletableFuture<Void> started = CompletableFuture.runAsync(
					() -> watched.watch(elected(this.leadership).andThen((builder) -> builder.checkpointStore(store))));
			await().until(() -> entered.getCount() == 0);
			await().atMost(PATIENCE).until(() -> {
				WatcherLifecycleTests.this.jump.addAndGet(Duration.ofSeconds(20).toNanos());
				return this.leadership.relinquished() == 1;
			});
			never.countDown();
			started.join();
		}

		@Test
		void stayPausedOverAChange() {
			this.leadership.set(true);
			TaskWatcher watcher = watched.watch(elected(this.leadership));
			watched.awaitState(State.STREAMING);
			watcher.pause();
			watched.awaitState(State.PAUSED);
			this.leadership.set(false);
			watched.awaitState(State.STANDBY);
			assertThat(watcher.status().paused()).isTrue();
			play(1);
			this.leadership.set(true);
			watched.awaitState(State.PAUSED);
			watcher.stop();
			watcher.start();
			watched.awaitState(State.PAUSED);
			assertThat(watched.updates()).isEmpty();
			watcher.resume();
			watched.awaitAllOnceInOrder();
		}

		@Test
		void arePausedWhileTheyStandBy() {
			TaskWatcher watcher = watched.watch(elected(this.leadership));
			watched.awaitState(State.STANDBY);
			watcher.pause();
			assertThat(watcher.status().paused()).isTrue();
			this.leadership.set(true);
			watched.awaitState(State.PAUSED);
		}

	}

	@Nested
	class Stalls {

		private final AtomicInteger handled = new AtomicInteger();

		private void awaitStall(String reason) {
			await().atMost(PATIENCE).until(() -> {
				Stall stall = watched.status().stall();
				return stall != null && stall.reason().equals(reason);
			});
		}

		@Test
		void areThereIfNothingIsDelivered() {
			watched.watch((update) -> hang(), checkpointed().andThen((builder) -> builder.concurrency(2)));
			play(3);
			awaitStall("updates wait and none is delivered");
			assertThat(watched.status().caughtUp()).isFalse();
			never.countDown();
			await().atMost(PATIENCE).until(() -> watched.status().stall() == null && watched.status().caughtUp());
		}

		@Test
		void areThereIfARetryHoldsThePosition() {
			watched.watch((update) -> {
				throw new IllegalStateException("later");
			}, checkpointed().andThen((builder) -> builder.errorHandler(
					(update, failure, failures) -> TaskUpdateErrorHandler.Decision.retryAfter(Duration.ofHours(1)))));
			play(1);
			awaitStall("updates wait and none is delivered");
		}

		@Test
		void nameTheAcknowledgementsThatThePlatformDoesNotTake() {
			watched.emulator().faults().failAcks(500, 100_000);
			watched.watch(checkpointed());
			for (int i = 0; i < 120; i++) {
				watched.emulator().task("invoice").requireAck().start().end("done");
			}
			awaitStall("updates wait and none is delivered, as the platform takes none of the 64 acknowledgements"
					+ " that are due");
		}

		private boolean isStuckFor(Duration time) {
			WatcherLifecycleTests.this.jump.addAndGet(Duration.ofMinutes(1).toNanos());
			// The jump delays the timers, until they are scheduled again
			await().atMost(PATIENCE).until(() -> {
				Stall stall = watched.status().stall();
				return stall == null || !stall.reason().equals("its timers do not run");
			});
			Stall stall = watched.status().stall();
			return stall != null && stall.reason().equals("updates wait and none is delivered")
					&& stall.since().isBefore(Instant.now().minus(time));
		}

		@Test
		void areNotThereIfAnAcknowledgementIsMissing() {
			Semaphore turns = new Semaphore(2);
			watched.watch((update) -> {
				turns.acquire();
				handled.incrementAndGet();
			}, checkpointed().andThen((builder) -> builder.ackMode(AckMode.MANUAL)));
			watched.emulator().task("never acknowledged").requireAck().start().end("done");
			await().until(() -> handled.get() == 2);
			play(50);
			for (int i = 0; i < 20; i++) {
				int before = handled.get();
				turns.release();
				await().until(() -> handled.get() > before);
				assertThat(isStuckFor(Duration.ofMinutes(3))).isFalse();
			}
			assertThat(watched.status().acknowledgements().awaited()).isOne();
			assertThat(watched.status().deliveredPosition()).isEqualTo(1);
			turns.release(1000);
		}

		@Test
		void areThereIfOneOfSeveralThreadsHangsWithoutPositions() {
			watched.emulator().faults().withoutIds();
			watched.watch((update) -> {
				if (handled.getAndIncrement() == 0) {
					hang();
				}
			}, checkpointed().andThen((builder) -> builder.concurrency(2)));
			await().atMost(PATIENCE).until(() -> {
				play(1);
				return handled.get() > 10 && isStuckFor(Duration.ofMinutes(5));
			});
			never.countDown();
		}

		@Test
		void areNotThereInAPause() {
			TaskWatcher watcher = watched.watch((update) -> hang(), checkpointed());
			play(3);
			awaitStall("updates wait and none is delivered");
			watcher.pause();
			assertThat(watched.status().stall()).isNull();
		}

		@Test
		void areThereIfTheCheckpointCannotBeSaved() throws Exception {
			watched.watch(checkpointed());
			play(1);
			watched.awaitAllOnceInOrder();
			Path file = directory.resolve("checkpoint");
			await().until(() -> Files.readString(file).contains("\"position\":2"));
			Files.delete(file);
			Files.createDirectory(file);
			play(1);
			awaitStall("the checkpoint cannot be saved");
		}

		@Test
		void areThereIfTheTimersAreDead() {
			List<Scheduler> schedulers = new CopyOnWriteArrayList<>();
			Schedulers.setFactory(new Schedulers.Factory() {

				@Override
				public Scheduler newSingle(ThreadFactory threads) {
					Scheduler created = Schedulers.Factory.super.newSingle(threads);
					schedulers.add(created);
					return created;
				}

			});
			watched.watch(checkpointed());
			watched.awaitState(State.STREAMING);
			schedulers.get(0).dispose();
			WatcherLifecycleTests.this.jump.addAndGet(Duration.ofMinutes(1).toNanos());
			awaitStall("its timers do not run");
		}

	}

	@Nested
	class AnotherInstance {

		@Test
		void isFollowedWhenItHasEnded() throws Exception {
			watched.watch(checkpointed());
			play(1);
			watched.awaitAllOnceInOrder();
			Path file = directory.resolve("checkpoint");
			await().until(() -> Files.readString(file).contains("\"position\":2"));
			Files.writeString(file, Files.readString(file).replaceFirst("\"writer\":\"\\w+", "\"writer\":\"another"));
			play(1);
			watched.awaitState(State.STANDBY);
			assertThat(watched.awaitEvent(TaskWatcherStoppedEvent.class).reason()).isEqualTo(Reason.NOT_LEADER);
			assertThat(watched.watcher().isRunning()).isTrue();
			await().atMost(PATIENCE).pollInterval(Duration.ofMillis(500)).until(() -> {
				WatcherLifecycleTests.this.jump.addAndGet(Duration.ofSeconds(70).toNanos());
				return watched.status().state() == State.STREAMING;
			});
			play(1);
			await().atMost(PATIENCE)
				.until(() -> Long.valueOf(watched.emulator().lastPosition())
					.equals(watched.status().deliveredPosition()));
		}

	}

	@Nested
	class AnotherPlatform {

		@ParameterizedTest
		@ValueSource(booleans = { true, false })
		void isNotWatched(boolean withCheckpoint) {
			try (RequenceEmulator other = RequenceEmulator.builder().build().start()) {
				AtomicReference<String> token = new AtomicReference<>(watched.emulator().accessToken());
				watched.watch((update) -> {
					watched.updates().add(update);
					if (update.position() == 3) {
						token.set(other.accessToken());
					}
				}, ((Consumer<DefaultTaskWatcherBuilder>) (builder) -> builder
					.accessToken(() -> AccessToken.parse(token.get()))
					.shutdownTimeout(Duration.ofMillis(500))).andThen(withCheckpoint ? checkpointed() : (builder) -> {
					}));
				play(1);
				watched.awaitAllOnceInOrder();
				other.task("other").requireAck().start().end("x");
				watched.emulator().task("invoice").requireAck().start().end("done");
				watched.awaitAllOnceInOrder();
				watched.emulator().stop();
				await().atMost(PATIENCE).until(() -> !watched.watcher().isRunning());
				assertThat(watched.status().expectedToRun()).isTrue();
				assertThat(watched.awaitEvent(TaskWatcherStoppedEvent.class).reason()).isEqualTo(Reason.ERROR);
				assertThat(watched.events(TaskWatcherErrorEvent.class))
					.anySatisfy((event) -> assertThat(event.reason()).contains(other.baseUrl().toString()));
				assertThat(other.watchRequests()).isEmpty();
				assertThat(other.acknowledgements()).isEmpty();
			}
		}

	}

	@Nested
	class Threads {

		@Test
		void inheritNothing() {
			InheritableThreadLocal<String> tenant = new InheritableThreadLocal<>();
			List<String> inherited = new CopyOnWriteArrayList<>();
			ClassLoader before = Thread.currentThread().getContextClassLoader();
			ClassLoader foreign = new ClassLoader(before) {
			};
			tenant.set("of the request");
			Thread.currentThread().setContextClassLoader(foreign);
			try {
				watched.watch(checkpointed().andThen((builder) -> builder.accessToken(() -> {
					// Called by the thread that connects, too
					if (Thread.currentThread().getName().startsWith("requence-test-")) {
						inherited.add(String.valueOf(tenant.get()));
					}
					return AccessToken.parse(watched.emulator().accessToken());
				})));
				watched.awaitState(State.STREAMING);
			}
			finally {
				tenant.remove();
				Thread.currentThread().setContextClassLoader(before);
			}
			assertThat(inherited).isNotEmpty().containsOnly("null");
			assertThat(threads())
				.filteredOn((thread) -> thread.getName().matches("requence-test-(timers|checkpoint|events)"))
				.hasSizeGreaterThanOrEqualTo(2)
				.allSatisfy((thread) -> assertThat(thread.getContextClassLoader()).isNotSameAs(foreign));
		}

	}

}
