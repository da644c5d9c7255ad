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
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

import cloud.requence.emulator.Acknowledgement;
import cloud.requence.emulator.TaskScript;
import cloud.requence.task.AckMode;
import cloud.requence.task.CheckpointException;
import cloud.requence.task.CheckpointStore;
import cloud.requence.task.SwitchableLeadership;
import cloud.requence.task.TaskUpdate;
import cloud.requence.task.TaskUpdateHandler;
import cloud.requence.task.TaskWatcher;
import cloud.requence.task.TaskWatcherStatus.State;
import cloud.requence.task.TaskWatcherStoppedEvent;
import cloud.requence.task.store.FileCheckpointStore;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * Tests for watchers of which one leads, against the emulator.
 */
@ExtendWith(OutputCaptureExtension.class)
class LeadershipTests {

	private final WatchedEmulator watched = new WatchedEmulator();

	private final List<TaskWatcher> watchers = new ArrayList<>();

	private final AtomicLong jump = new AtomicLong();

	@TempDir
	private Path directory;

	private Path file;

	@BeforeEach
	void chooseFile() {
		this.file = this.directory.resolve("checkpoint");
	}

	@AfterEach
	void close() {
		this.watchers.forEach(TaskWatcher::destroy);
		this.watched.close();
	}

	private TaskWatcher watch(SwitchableLeadership leadership) {
		return watch(leadership, this.watched.updates()::add);
	}

	private TaskWatcher watch(SwitchableLeadership leadership, TaskUpdateHandler handler) {
		TaskWatcher watcher = this.watched.watch(handler,
				(builder) -> builder.checkpointStore(new FileCheckpointStore(this.file))
					.checkpoint(Duration.ofMillis(20), 10)
					.shutdownTimeout(Duration.ofMillis(500))
					.ticker(() -> System.nanoTime() + this.jump.get())
					.leadership(leadership));
		this.watchers.add(watcher);
		return watcher;
	}

	private TaskWatcher watchByHand(SwitchableLeadership leadership) {
		TaskWatcher watcher = this.watched
			.watch((builder) -> builder.checkpointStore(new FileCheckpointStore(this.file))
				.checkpoint(Duration.ofMillis(20), 10)
				.ackMode(AckMode.MANUAL)
				.leadership(leadership));
		this.watchers.add(watcher);
		return watcher;
	}

	private static void awaitState(TaskWatcher watcher, State state) {
		await().atMost(Duration.ofSeconds(30)).until(() -> watcher.status().state() == state);
	}

	/**
	 * Wait until so many times a watcher has finished what it did as the leader, its
	 * checkpoint included.
	 */
	private void awaitStopped(int times) {
		await().until(() -> this.watched.events(TaskWatcherStoppedEvent.class).size() == times);
	}

	private void play(int tasks) {
		for (int i = 0; i < tasks; i++) {
			this.watched.emulator().task("invoice").start().nodeStart("a").nodeEnd("a").end("done");
		}
	}

	@Test
	void standsByUntilItLeads(CapturedOutput output) {
		SwitchableLeadership leadership = new SwitchableLeadership();
		TaskWatcher watcher = watch(leadership);
		awaitState(watcher, State.STANDBY);
		assertThat(watcher.isRunning()).isTrue();
		assertThat(output).contains("' stands by until this instance is the leader");
		play(1);
		assertThat(this.watched.emulator().watchRequests()).isEmpty();
		leadership.set(true);
		this.watched.awaitAllOnceInOrder();
		assertThat(watcher.status().state()).isEqualTo(State.STREAMING);
	}

	@Test
	void standsByAgainWhenItLeadsNoMore() {
		SwitchableLeadership leadership = new SwitchableLeadership();
		leadership.set(true);
		TaskWatcher watcher = watch(leadership);
		play(1);
		this.watched.awaitAllOnceInOrder();
		leadership.set(false);
		awaitState(watcher, State.STANDBY);
		assertThat(this.watched.awaitEvent(TaskWatcherStoppedEvent.class).reason())
			.isEqualTo(TaskWatcherStoppedEvent.Reason.NOT_LEADER);
		await().until(() -> LeadershipTests.this.watched.emulator().openStreams() == 0);
		assertThat(watcher.isRunning()).isTrue();
		play(1);
		leadership.set(true);
		this.watched.awaitAllOnceInOrder();
	}

	@Test
	void acknowledgesForTheLeaderWhileItStandsBy() {
		SwitchableLeadership leadership = new SwitchableLeadership();
		leadership.set(true);
		watchByHand(leadership);
		TaskWatcher other = watchByHand(new SwitchableLeadership());
		awaitState(other, State.STANDBY);
		TaskScript task = this.watched.emulator().task("invoice").requireAck().start().end("done");
		await().until(() -> this.watched.updates().size() == 2);
		this.watched.emulator().faults().failAcks(503, 1);
		other.acknowledge(task.taskId());
		await().until(() -> other.status().acknowledgements().sent() == 1);
		assertThat(this.watched.emulator().acknowledgements()).extracting(Acknowledgement::taskId)
			.containsExactly(task.taskId());
	}

	@Test
	void keepsAnAcknowledgementOverAChangeOfTheLeadership() {
		SwitchableLeadership first = new SwitchableLeadership();
		SwitchableLeadership second = new SwitchableLeadership();
		TaskWatcher watcher = watchByHand(first);
		watchByHand(second);
		TaskScript task = this.watched.emulator().task("invoice").requireAck().start().end("done");
		second.set(true);
		await().until(() -> this.watched.updates().size() == 2);
		this.watched.emulator().faults().failAcks(503, Integer.MAX_VALUE);
		watcher.acknowledge(task.taskId());
		second.set(false);
		awaitStopped(1);
		first.set(true);
		awaitState(watcher, State.STREAMING);
		this.watched.emulator().faults().failAcks(503, 0);
		await().until(() -> this.watched.emulator().acknowledgements().size() == 1);
	}

	@Test
	void handsOverWithoutALossOrARepeat() {
		SwitchableLeadership[] leaderships = { new SwitchableLeadership(), new SwitchableLeadership() };
		for (SwitchableLeadership leadership : leaderships) {
			watch(leadership);
		}
		TaskScript open = this.watched.emulator().task("long").start();
		for (int i = 0; i < 10; i++) {
			leaderships[i % 2].set(true);
			awaitState(this.watchers.get(i % 2), State.STREAMING);
			play(5);
			// The platform may notice later than the client that a stream has ended
			await().until(() -> this.watched.emulator().openStreams() <= 1);
			leaderships[i % 2].set(false);
			awaitStopped(i + 1);
		}
		open.end("done");
		leaderships[1].set(true);
		await().until(() -> Objects.equals(this.watchers.get(1).status().deliveredPosition(),
				this.watched.emulator().lastPosition()));
		assertThat(this.watched.updates()).extracting(TaskUpdate::position).doesNotHaveDuplicates().isSorted();
		assertThat(this.watched.updates()).hasSize((int) this.watched.emulator().lastPosition());
	}

	@Test
	void forgetsContextsThatAnotherMayHaveChanged() {
		SwitchableLeadership one = new SwitchableLeadership();
		SwitchableLeadership other = new SwitchableLeadership();
		watch(one);
		watch(other);
		one.set(true);
		TaskScript task = this.watched.emulator().task("invoice").start().nodeStart("a");
		await().until(() -> this.watched.updates().size() == 2);
		one.set(false);
		awaitStopped(1);
		other.set(true);
		task.nodeUpdate("a", 7);
		await().until(() -> this.watched.updates().size() == 3);
		other.set(false);
		awaitStopped(2);
		one.set(true);
		task.nodeEnd("a");
		await().until(() -> this.watched.updates().size() == 4);
		assertThat(this.watched.updates().get(3).incomplete()).isTrue();
	}

	@Test
	void givesTheLeadershipUpWhenAnotherHasWrittenTheCheckpoint() {
		SwitchableLeadership stale = new SwitchableLeadership();
		SwitchableLeadership next = new SwitchableLeadership();
		stale.set(true);
		watch(stale);
		play(1);
		this.watched.awaitAllOnceInOrder();
		next.set(true);
		watch(next);
		play(1);
		awaitState(this.watchers.get(0), State.STANDBY);
		await().until(() -> !stale.isLeader());
		awaitState(this.watchers.get(1), State.STREAMING);
	}

	@Test
	void interruptsAHandlerThatHoldsTheLeadership() {
		SwitchableLeadership leadership = new SwitchableLeadership();
		CountDownLatch entered = new CountDownLatch(1);
		List<TaskUpdate> handled = new CopyOnWriteArrayList<>();
		leadership.set(true);
		TaskWatcher watcher = watch(leadership, (update) -> {
			if (entered.getCount() > 0) {
				entered.countDown();
				new CountDownLatch(1).await();
			}
			handled.add(update);
		});
		play(1);
		await().until(() -> entered.getCount() == 0);
		leadership.set(false);
		awaitState(watcher, State.STANDBY);
		leadership.set(true);
		await().until(() -> handled.size() == 4);
	}

	@Test
	void endsWhateverItsStateIs() {
		SwitchableLeadership leadership = new SwitchableLeadership();
		TaskWatcher watcher = watch(leadership);
		watcher.stop();
		assertThat(watcher.status().state()).isEqualTo(State.STOPPED);
		leadership.set(true);
		assertThat(watcher.status().state()).isEqualTo(State.STOPPED);
		watcher.start();
		awaitState(watcher, State.STREAMING);
		watcher.stop();
		assertThat(watcher.status().state()).isEqualTo(State.STOPPED);
	}

	@Test
	void triesAgainIfTheCheckpointCannotBeHadYet() throws Exception {
		SwitchableLeadership leadership = new SwitchableLeadership();
		TaskWatcher watcher = watch(leadership);
		awaitState(watcher, State.STANDBY);
		Files.createDirectory(this.file);
		leadership.set(true);
		play(1);
		awaitState(watcher, State.BACKING_OFF);
		assertThat(watcher.status().connection()).satisfies((connection) -> {
			assertThat(connection.disconnectedSince()).isNotNull();
			assertThat(connection.lastErrorKind()).isEqualTo("INTERNAL");
			assertThat(connection.retryIn()).isNotNull();
		});
		Files.delete(this.file);
		this.jump.set(Duration.ofSeconds(6).toNanos());
		this.watched.awaitAllOnceInOrder();
		assertThat(watcher.status().connection().lastErrorKind()).isNull();
	}

	@Test
	void standsByIfItLeadsNoMoreBeforeTheCheckpointCanBeHad() throws Exception {
		SwitchableLeadership leadership = new SwitchableLeadership();
		TaskWatcher watcher = watch(leadership);
		awaitState(watcher, State.STANDBY);
		Files.createDirectory(this.file);
		leadership.set(true);
		awaitState(watcher, State.BACKING_OFF);
		leadership.set(false);
		awaitState(watcher, State.STANDBY);
		leadership.set(true);
		awaitState(watcher, State.BACKING_OFF);
		watcher.stop();
		assertThat(watcher.status().state()).isEqualTo(State.STOPPED);
	}

	@Test
	void doesNotStartWithACheckpointThatCannotBeUsed() throws Exception {
		Files.writeString(this.file, "nonsense");
		assertThatExceptionOfType(CheckpointException.class).isThrownBy(() -> watch(new SwitchableLeadership()));
	}

	@Test
	void watchesIfItComesToLeadWhileItStarts() {
		SwitchableLeadership leadership = new SwitchableLeadership();
		TaskWatcher watcher = watchWithLeadershipGrantedAtTheStart(leadership, false);
		awaitState(watcher, State.STREAMING);
		play(1);
		this.watched.awaitAllOnceInOrder();
	}

	@Test
	void watchesNothingIfItComesToLeadWhileItFailsToStart() {
		SwitchableLeadership leadership = new SwitchableLeadership();
		assertThatExceptionOfType(CheckpointException.class)
			.isThrownBy(() -> watchWithLeadershipGrantedAtTheStart(leadership, true));
		assertThat(this.watched.status().state()).isEqualTo(State.STOPPED);
		assertThat(this.watched.emulator().watchRequests()).isEmpty();
		leadership.set(false);
		leadership.set(true);
		this.watched.watcher().start();
		play(1);
		this.watched.awaitAllOnceInOrder();
	}

	/**
	 * The leadership is granted in the middle of the first start, which continues when
	 * the watcher could have connected and has not.
	 */
	private TaskWatcher watchWithLeadershipGrantedAtTheStart(SwitchableLeadership leadership, boolean fails) {
		AtomicBoolean first = new AtomicBoolean(true);
		FileCheckpointStore store = new FileCheckpointStore(this.file);
		return this.watched.watch(this.watched.updates()::add,
				(builder) -> builder.checkpointStore(new CheckpointStore() {

					@Override
					public @Nullable String load() {
						if (first.compareAndSet(true, false)) {
							leadership.set(true);
							await().during(Duration.ofMillis(500))
								.until(() -> LeadershipTests.this.watched.emulator().openStreams() == 0);
							if (fails) {
								throw new IllegalStateException("There is no store");
							}
						}
						return store.load();
					}

					@Override
					public boolean compareAndSet(@Nullable String expected, String changed) {
						return store.compareAndSet(expected, changed);
					}

				}).checkpoint(Duration.ofMillis(20), 10).leadership(leadership));
	}

}
