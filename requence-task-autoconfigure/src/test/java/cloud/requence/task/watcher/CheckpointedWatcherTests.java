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

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;

import cloud.requence.emulator.Acknowledgement;
import cloud.requence.emulator.EmulatedTaskStatus;
import cloud.requence.emulator.TaskScript;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import cloud.requence.task.AckMode;
import cloud.requence.task.CheckpointException;
import cloud.requence.task.TaskUpdate;
import cloud.requence.task.TaskUpdateErrorHandler;
import cloud.requence.task.TaskUpdateHandler;
import cloud.requence.task.TaskWatcher;
import cloud.requence.task.TaskWatcherStatus.Checkpoint;
import cloud.requence.task.TaskWatcherStatus.Gap;
import cloud.requence.task.TaskWatcherStatus.State;
import cloud.requence.task.TaskWatcherStoppedEvent;
import cloud.requence.task.store.FileCheckpointStore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * Tests for a watcher with a checkpoint, against the emulator.
 */
@ExtendWith(OutputCaptureExtension.class)
class CheckpointedWatcherTests {

	private final WatchedEmulator watched = new WatchedEmulator();

	@TempDir
	private Path directory;

	private FileCheckpointStore store;

	private @Nullable TaskWatcher first;

	@BeforeEach
	void createStore() {
		this.store = new FileCheckpointStore(this.directory.resolve("checkpoint"));
	}

	@AfterEach
	void close() {
		if (this.first != null) {
			this.first.destroy();
		}
		this.watched.close();
	}

	private Consumer<DefaultTaskWatcherBuilder> checkpointed() {
		return (builder) -> builder.checkpointStore(this.store).checkpoint(Duration.ofMillis(20), 10);
	}

	private TaskScript task() {
		return this.watched.emulator().task("invoice").requireAck();
	}

	private void play(int tasks) {
		for (int i = 0; i < tasks; i++) {
			task().start().nodeStart("a").nodeEnd("a").end("done");
		}
	}

	private List<String> acknowledged() {
		return this.watched.emulator().acknowledgements().stream().map(Acknowledgement::taskId).toList();
	}

	private void awaitSaved() {
		awaitSaved(this.watched.emulator().lastPosition());
	}

	private void awaitSaved(long position) {
		await().until(() -> {
			var checkpoint = this.watched.status().checkpoint();
			return checkpoint != null && Objects.equals(checkpoint.position(), position);
		});
	}

	@Test
	void goesOnAfterARestartWhereItHasLeftOff(CapturedOutput output) {
		this.watched.watch(checkpointed()).destroy();
		play(3);
		this.watched.watch(checkpointed());
		this.watched.awaitAllOnceInOrder();
		this.first = this.watched.watcher();
		this.first.destroy();
		play(4);
		this.watched.watch(checkpointed());
		this.watched.awaitAllOnceInOrder();
		assertThat(this.watched.updates()).hasSize(28);
		assertThat(output).contains("' resumes at position 12, from the checkpoint in " + this.store)
			.contains(", as the checkpoint in " + this.store + " has no position yet")
			.contains(" has stopped at position 12")
			.doesNotContain("position null");
	}

	@Test
	void losesNoGap() {
		TaskScript task = task().start();
		long known = this.watched.emulator().lastPosition();
		this.watched.emulator().appendRaw("event: nodeStart\ndata: [1, 2]\n\n");
		this.watched.watch(checkpointed());
		await().until(() -> this.watched.status().gaps().count() == 1);
		awaitSaved(known);
		this.watched.watcher().destroy();
		this.watched.watch(checkpointed());
		await().until(() -> this.watched.status().gaps().count() == 1);
		task.nodeStart("a");
		await().until(() -> this.watched.updates().size() == 2);
		assertThat(this.watched.updates().get(1).header().gaps()).singleElement()
			.returns(known, Gap::fromPosition)
			.returns(known + 2, Gap::toPosition);
		awaitSaved();
		this.watched.watcher().destroy();
		this.watched.watch(checkpointed());
		task.nodeEnd("a");
		await().until(() -> this.watched.updates().size() == 3);
		assertThat(this.watched.updates().get(2).header().gaps()).isEmpty();
	}

	@Test
	void losesNothingThatHappensBeforeTheFirstUpdate() {
		this.watched.watch((builder) -> {
			checkpointed().accept(builder);
			builder.since("now");
		}).destroy();
		play(2);
		this.watched.watch((builder) -> {
			checkpointed().accept(builder);
			builder.since("now");
		});
		this.watched.awaitAllOnceInOrder();
		assertThat(this.watched.updates()).hasSize(8);
	}

	@Test
	void acknowledgesWhatIsDurable() {
		this.watched.watch(checkpointed());
		play(5);
		await().until(() -> acknowledged().size() == 5);
		assertThat(this.watched.emulator().awaitingDelivery()).isEmpty();
		awaitSaved();
		await().until(() -> Objects.requireNonNull(this.watched.status().checkpoint()).acknowledgementsDue() == 0);
	}

	@Test
	void acknowledgesAfterARestartWhatIsStillDue() {
		this.watched.emulator().faults().failAcks(500, 100_000);
		TaskWatcher watcher = this.watched
			.watch(checkpointed().andThen((builder) -> builder.shutdownTimeout(Duration.ofMillis(500))));
		play(3);
		awaitSaved();
		watcher.destroy();
		assertThat(acknowledged()).isEmpty();
		this.watched.emulator().faults().clear();
		this.watched.watch(checkpointed());
		await().until(() -> acknowledged().size() == 3);
		await().until(() -> Objects.requireNonNull(this.watched.status().checkpoint()).acknowledgementsDue() == 0);
		assertThat(this.watched.updates()).hasSize(12);
	}

	@Test
	void keepsItsMemoryOverAStopOfItsOwn() {
		TaskWatcher watcher = this.watched.watch(checkpointed());
		TaskScript task = task().start().nodeStart("a");
		this.watched.awaitAllOnceInOrder();
		watcher.stop();
		task.nodeEnd("a").end("done");
		watcher.start();
		this.watched.awaitAllOnceInOrder();
		assertThat(this.watched.updates()).noneMatch(TaskUpdate::incomplete);
	}

	@Test
	void standsByWhenAnotherInstanceHasTakenTheCheckpoint() {
		this.first = this.watched.watch((update) -> {
		}, checkpointed());
		play(1);
		awaitSaved();
		TaskWatcher other = this.watched.watch(checkpointed());
		play(1);
		TaskWatcher stale = this.first;
		await().until(() -> stale.status().state() == State.STANDBY);
		assertThat(stale.isRunning()).isTrue();
		assertThat(this.watched.awaitEvent(TaskWatcherStoppedEvent.class).reason())
			.isEqualTo(TaskWatcherStoppedEvent.Reason.NOT_LEADER);
		assertThat(other.isRunning()).isTrue();
		awaitSaved();
	}

	@Test
	void doesNotStartFromTheCheckpointOfAnotherPlatform() {
		this.watched.watch(checkpointed()).destroy();
		try (WatchedEmulator other = new WatchedEmulator()) {
			assertThatExceptionOfType(CheckpointException.class).isThrownBy(() -> other.watch(checkpointed()))
				.withMessageContaining("belongs to " + this.watched.emulator().baseUrl());
			assertThat(other.watcher().isRunning()).isFalse();
			assertThat(other.watcher().status().state()).isEqualTo(State.STOPPED);
		}
	}

	@Test
	void doesNotMovePastAnUpdateItStopsInFrontOf() {
		TaskUpdateHandler failing = (update) -> {
			if (Objects.equals(update.position(), 3L)) {
				throw new IllegalStateException("never");
			}
		};
		this.first = this.watched.watch(failing, (builder) -> {
			checkpointed().accept(builder);
			builder.errorHandler((update, failure, failures) -> TaskUpdateErrorHandler.Decision.stop());
		});
		play(1);
		this.watched.awaitEvent(TaskWatcherStoppedEvent.class);
		this.watched.watch(checkpointed());
		await().until(() -> this.watched.updates().size() == 2);
		assertThat(this.watched.updates()).extracting(TaskUpdate::position).containsExactly(3L, 4L);
	}

	@ParameterizedTest
	@ValueSource(ints = { 1, 8 })
	void losesNothingOverManyRestarts(int concurrency) {
		List<Long> positions = new CopyOnWriteArrayList<>();
		for (int i = 0; i < 20; i++) {
			TaskWatcher watcher = this.watched.watch((update) -> positions.add(update.position()), (builder) -> {
				checkpointed().accept(builder);
				builder.concurrency(concurrency);
			});
			play(3);
			watcher.destroy();
		}
		this.watched.watch((update) -> positions.add(update.position()), checkpointed());
		await().until(() -> positions.size() == 20 * 3 * 4);
		assertThat(positions).doesNotHaveDuplicates();
		await().until(() -> acknowledged().size() == 60);
	}

	@Nested
	class WhileATaskHangs {

		private static final int TASKS = 1000;

		private final CountDownLatch released = new CountDownLatch(1);

		private final AtomicInteger mostUnsaved = new AtomicInteger();

		private TaskWatcher watchWithOneThatHangs() {
			AtomicBoolean hangs = new AtomicBoolean();
			TaskWatcher watcher = watched.watch((update) -> {
				if (hangs.compareAndSet(false, true)) {
					this.released.await();
				}
				this.mostUnsaved.accumulateAndGet(checkpoint().unsaved(), Math::max);
			}, (builder) -> {
				checkpointed().accept(builder);
				builder.concurrency(16);
			});
			for (int i = 0; i < TASKS; i++) {
				task().start().end("done");
			}
			return watcher;
		}

		private Checkpoint checkpoint() {
			return Objects.requireNonNull(watched.status().checkpoint());
		}

		@AfterEach
		void release() {
			this.released.countDown();
		}

		@Test
		void allOtherEndsAreAcknowledged() {
			watchWithOneThatHangs();
			await().until(() -> acknowledged().size() == TASKS - 1);
			await().until(() -> checkpoint().acknowledgementsDue() == 0);
			assertThat(checkpoint().position()).isNull();
			this.released.countDown();
			awaitSaved();
			await().until(() -> acknowledged().size() == TASKS);
			assertThat(acknowledged()).doesNotHaveDuplicates();
		}

		@Test
		void theDeliveryWaitsIfThePlatformTakesNoAcknowledgement() {
			watched.emulator().faults().failAcks(503, Integer.MAX_VALUE);
			watchWithOneThatHangs();
			await().until(() -> checkpoint().unsaved() >= 20);
			watched.emulator().faults().failAcks(503, 0);
			await().atMost(Duration.ofSeconds(60)).until(() -> acknowledged().size() == TASKS - 1);
			assertThat(this.mostUnsaved).hasValueLessThan(2 * 10 + 2 * 16);
		}

	}

	@Nested
	class AcknowledgingByHand {

		private TaskWatcher watch(TaskUpdateHandler handler) {
			return watched.watch(handler, (builder) -> {
				checkpointed().accept(builder);
				builder.ackMode(AckMode.MANUAL);
			});
		}

		private @Nullable Long saved() {
			return Objects.requireNonNull(watched.status().checkpoint()).position();
		}

		@Test
		void letsTheCheckpointWait() {
			TaskWatcher watcher = watch(watched.updates()::add);
			TaskScript task = task().start().end("done");
			play(2);
			await().until(() -> watched.updates().size() == 10);
			await().until(() -> Objects.equals(saved(), 1L));
			assertThat(acknowledged()).isEmpty();
			watcher.acknowledge(task.taskId());
			await().until(() -> Objects.equals(saved(), 5L));
			await().until(() -> acknowledged().equals(List.of(task.taskId())));
		}

		@Test
		void mayBeDoneInsideTheHandler() {
			TaskWatcher[] self = new TaskWatcher[1];
			self[0] = watch((update) -> {
				if (update.type().isTerminal()) {
					self[0].acknowledge(update.taskId());
				}
				watched.updates().add(update);
			});
			play(3);
			await().until(() -> acknowledged().size() == 3);
			awaitSaved();
		}

		@Test
		void mayBeDoneBeforeTheEndIsDelivered() {
			TaskWatcher watcher = watch(watched.updates()::add);
			TaskScript task = task().start();
			await().until(() -> watched.updates().size() == 1);
			watcher.acknowledge(task.taskId());
			task.end("done");
			awaitSaved();
			await().until(() -> acknowledged().contains(task.taskId()));
		}

		@Test
		void holdsUpARestartAsWell(CapturedOutput output) {
			TaskWatcher watcher = watch((update) -> {
			});
			play(1);
			await().until(() -> Objects.equals(saved(), 3L));
			watcher.destroy();
			assertThat(output).contains("at position 3. Acknowledgements by the application that are still awaited: 1");
			TaskWatcher next = watch(watched.updates()::add);
			await().until(() -> watched.updates().size() == 1);
			next.acknowledge(watched.updates().get(0).taskId());
			awaitSaved();
			await().until(() -> acknowledged().size() == 1);
			assertThat(watched.emulator().status(watched.updates().get(0).taskId()))
				.isEqualTo(EmulatedTaskStatus.SUCCESSFUL);
		}

		@Test
		void doesNotWaitForAnotherThatIsMissing() {
			AtomicReference<String> missing = new AtomicReference<>();
			watch((update) -> {
				if (update.type().isTerminal() && !missing.compareAndSet(null, update.taskId())) {
					watched.watcher().acknowledge(update.taskId());
				}
			});
			play(200);
			await().until(() -> acknowledged().size() == 199);
			assertThat(acknowledged()).doesNotContain(missing.get());
			assertThat(saved()).isEqualTo(3);
			watched.watcher().acknowledge(missing.get());
			awaitSaved();
			await().until(() -> acknowledged().size() == 200);
		}

		@Test
		void isNotWaitedForIfTheUpdateWasGivenUp() {
			watched.watch((update) -> {
				throw new IllegalStateException("never");
			}, (builder) -> {
				checkpointed().accept(builder);
				builder.ackMode(AckMode.MANUAL)
					.errorHandler((update, failure, failures) -> TaskUpdateErrorHandler.Decision.skip());
			});
			play(1);
			awaitSaved();
			assertThat(acknowledged()).isEmpty();
		}

	}

}
