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

import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.stream.Collectors;

import cloud.requence.emulator.TaskScript;
import cloud.requence.task.CheckpointStore;
import cloud.requence.task.StartedThreads;
import cloud.requence.task.TaskUpdate;
import cloud.requence.task.TaskUpdateErrorHandler.Decision;
import cloud.requence.task.TaskUpdateErrorHandler.OnFailure;
import cloud.requence.task.TaskUpdateHandler;
import cloud.requence.task.TaskWatcher;
import cloud.requence.task.TaskWatcherStatus.Backlog;
import cloud.requence.task.TaskWatcherStoppedEvent;
import cloud.requence.task.store.FileCheckpointStore;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.core.retry.RetryPolicy;
import org.springframework.util.unit.DataSize;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests for a watcher with a concurrency of more than one, against the emulator.
 */
class ConcurrentDeliveryTests {

	private static final Log logger = LogFactory.getLog(ConcurrentDeliveryTests.class);

	private final StartedThreads started = new StartedThreads();

	private final WatchedEmulator watched = new WatchedEmulator();

	private final Map<String, List<Long>> positions = new ConcurrentHashMap<>();

	@AfterEach
	void close() {
		this.watched.close();
	}

	private void record(TaskUpdate update) {
		this.positions.computeIfAbsent(rootOf(update), (root) -> Collections.synchronizedList(new ArrayList<>()))
			.add(Objects.requireNonNull(update.position()));
	}

	private static String rootOf(TaskUpdate update) {
		String root = update.rootTaskId();
		return (root != null) ? root : update.taskId();
	}

	private int recorded() {
		return this.positions.values().stream().mapToInt(List::size).sum();
	}

	private TaskScript start(String name) {
		return this.watched.emulator().task("invoice").name(name).start();
	}

	private void play(int tasks) {
		List<TaskScript> scripts = new ArrayList<>();
		for (int i = 0; i < tasks; i++) {
			TaskScript root = start("root " + i);
			scripts.add(root);
			scripts.add(this.watched.emulator().task("payment").subTaskOf(root).start());
		}
		scripts.forEach((script) -> script.nodeStart("a"));
		scripts.forEach((script) -> script.nodeEnd("a"));
		scripts.forEach((script) -> script.end("done"));
	}

	@ParameterizedTest
	@ValueSource(ints = { 2, 4, 16 })
	void keepsTheOrderOfEachRootTask(int concurrency) {
		AtomicInteger running = new AtomicInteger();
		AtomicInteger most = new AtomicInteger();
		Set<String> inHand = ConcurrentHashMap.newKeySet();
		List<String> violations = Collections.synchronizedList(new ArrayList<>());
		play(40);
		this.watched.watch((update) -> {
			if (!inHand.add(rootOf(update))) {
				violations.add(rootOf(update));
			}
			most.accumulateAndGet(running.incrementAndGet(), Math::max);
			Thread.yield();
			record(update);
			running.decrementAndGet();
			inHand.remove(rootOf(update));
		}, (builder) -> builder.concurrency(concurrency));
		await().until(() -> recorded() == 40 * 2 * 4);
		assertThat(violations).isEmpty();
		assertThat(this.positions).hasSize(40);
		assertThat(this.positions.values()).allSatisfy((list) -> assertThat(list).isSorted().doesNotHaveDuplicates());
		assertThat(most.get()).isLessThanOrEqualTo(concurrency);
	}

	@ParameterizedTest
	@ValueSource(ints = { 1, 4, 16 })
	void keepsTheOrderUnderListenersThatTakeTime(int concurrency) {
		play(40);
		long begin = System.nanoTime();
		this.watched.watch((update) -> {
			LockSupport.parkNanos(5_000_000);
			record(update);
		}, (builder) -> builder.concurrency(concurrency));
		await().until(() -> recorded() == 40 * 2 * 4);
		logger.info("With a concurrency of %d and listeners that take 5 ms: %d updates a second".formatted(concurrency,
				320_000_000_000L / (System.nanoTime() - begin)));
		assertThat(this.positions.values()).allSatisfy((list) -> assertThat(list).isSorted().doesNotHaveDuplicates());
	}

	@Test
	void runsAsManyAtATimeAsItIsTold() {
		play(20);
		CountDownLatch all = new CountDownLatch(8);
		this.watched.watch((update) -> {
			all.countDown();
			all.await();
			record(update);
		}, (builder) -> builder.concurrency(8));
		await().until(() -> recorded() == 20 * 2 * 4);
	}

	@Test
	void aListenerThatIsSlowHoldsUpItsOwnTaskAlone() {
		CountDownLatch release = new CountDownLatch(1);
		TaskScript slow = start("slow");
		this.watched.watch((update) -> {
			if (update.taskId().equals(slow.taskId())) {
				release.await();
			}
			record(update);
		}, (builder) -> builder.concurrency(2));
		play(100);
		await().until(() -> recorded() == 100 * 2 * 4);
		assertThat(this.watched.status().deliveredPosition()).isNull();
		release.countDown();
		await().until(() -> Objects.equals(this.watched.status().deliveredPosition(),
				this.watched.emulator().lastPosition()));
	}

	@Test
	void tasksThatAreRetriedHoldUpNoThread() {
		Set<String> failing = ConcurrentHashMap.newKeySet();
		for (int i = 0; i < 10; i++) {
			failing.add(start("failing").taskId());
		}
		TaskUpdateHandler handler = (update) -> {
			if (failing.contains(update.taskId())) {
				throw new IllegalStateException("not yet");
			}
			record(update);
		};
		this.watched.watch(handler,
				(builder) -> builder.concurrency(2)
					.retry(RetryPolicy.builder().maxRetries(Long.MAX_VALUE).delay(Duration.ofMillis(500)).build(),
							OnFailure.SKIP));
		play(20);
		await().until(() -> recorded() == 20 * 2 * 4);
		failing.clear();
		await().until(() -> recorded() == 10 + 20 * 2 * 4);
	}

	@Test
	void aTaskThatWaitsForItsRetryLeavesRoomForTheOthers() {
		TaskScript failing = this.watched.emulator().task("failing").name("failing");
		this.watched.watch((update) -> {
			if (update.taskId().equals(failing.taskId())) {
				throw new IllegalStateException("not yet");
			}
			record(update);
		}, (builder) -> builder.concurrency(8)
			.maxInFlight(20, DataSize.ofMegabytes(1))
			.errorHandler((update, failure, failures) -> Decision.retryAfter(Duration.ofHours(1))));
		failing.start();
		for (int i = 0; i < 100; i++) {
			failing.nodeStart("a");
		}
		play(20);
		await().until(() -> recorded() == 20 * 2 * 4);
		Backlog backlog = this.watched.status().backlog();
		assertThat(backlog.held()).isEqualTo(101);
		assertThat(backlog.full()).isFalse();
		assertThat(backlog.waitingSince()).isNotNull();
	}

	@Test
	void tasksWhoseListenersHangLeaveRoomForTheOthers() {
		CountDownLatch release = new CountDownLatch(1);
		List<TaskScript> hanging = List.of(start("hanging 1"), start("hanging 2"), start("hanging 3"));
		Set<String> ids = hanging.stream().map(TaskScript::taskId).collect(Collectors.toSet());
		hanging.forEach((task) -> {
			for (int i = 0; i < 50; i++) {
				task.nodeStart("a");
			}
		});
		this.watched.watch((update) -> {
			if (ids.contains(update.taskId())) {
				release.await();
			}
			record(update);
		}, (builder) -> builder.concurrency(4).maxInFlight(20, DataSize.ofMegabytes(1)));
		play(20);
		await().until(() -> recorded() == 20 * 2 * 4);
		release.countDown();
		await().until(() -> recorded() == 20 * 2 * 4 + 3 * 51);
	}

	@Test
	void readsNoMoreOnceTooManyUpdatesWaitForARetry() {
		TaskScript failing = start("failing");
		this.watched.watch((update) -> {
			throw new IllegalStateException("not yet");
		}, (builder) -> builder.concurrency(2)
			.maxInFlight(4, DataSize.ofMegabytes(1))
			.errorHandler((update, failure, failures) -> Decision.retryAfter(Duration.ofHours(1))));
		await().until(() -> this.watched.status().backlog().held() == 1);
		await().until(() -> {
			failing.nodeStart("a");
			return this.watched.status().backlog().full();
		});
	}

	@Test
	void keepsTheOrderOfEachRootTaskAfterARestart(@TempDir Path directory) {
		List<TaskScript> roots = new ArrayList<>();
		List<TaskScript> subTasks = new ArrayList<>();
		Map<String, String> families = new ConcurrentHashMap<>();
		for (int i = 0; i < 8; i++) {
			TaskScript root = start("root " + i);
			TaskScript sub = this.watched.emulator().task("payment").subTaskOf(root).start();
			families.put(root.taskId(), root.taskId());
			families.put(sub.taskId(), root.taskId());
			roots.add(root);
			subTasks.add(sub);
		}
		CheckpointStore store = new FileCheckpointStore(directory.resolve("checkpoint"));
		this.watched.watch((builder) -> builder.concurrency(8).checkpointStore(store));
		long before = this.watched.emulator().lastPosition();
		await().until(() -> Objects.equals(this.watched.status().deliveredPosition(), before));
		this.watched.watcher().destroy();
		for (int i = 0; i < 20; i++) {
			subTasks.forEach((task) -> task.nodeStart("a"));
			roots.forEach((task) -> task.nodeStart("a"));
		}
		// A sub-task that starts now names a root task whose start was not seen
		roots.forEach((root) -> {
			TaskScript late = this.watched.emulator().task("refund").subTaskOf(root).start().nodeStart("a");
			families.put(late.taskId(), root.taskId());
			root.nodeEnd("a");
			late.end("done");
		});
		int expected = (int) (this.watched.emulator().lastPosition() - before);
		start("new").end("done");
		CountDownLatch release = new CountDownLatch(1);
		List<TaskUpdate> running = Collections.synchronizedList(new ArrayList<>());
		this.watched.watch((update) -> {
			if (!families.containsKey(update.taskId())) {
				record(update);
				return;
			}
			running.add(update);
			release.await();
		}, (builder) -> builder.concurrency(8).checkpointStore(store));
		// The new task comes last: whatever may be delivered before it, was
		await().until(() -> recorded() == 2);
		assertThat(running).hasSize(1);
		release.countDown();
		await().until(() -> running.size() == expected);
		Map<String, List<Long>> positionsOfFamilies = running.stream()
			.collect(Collectors.groupingBy((update) -> families.get(update.taskId()),
					Collectors.mapping(TaskUpdate::position, Collectors.toUnmodifiableList())));
		assertThat(positionsOfFamilies).hasSize(8);
		assertThat(positionsOfFamilies.values()).allSatisfy((list) -> assertThat(list).isSorted());
	}

	@Test
	void readsNoFurtherThanAllowed() {
		CountDownLatch release = new CountDownLatch(1);
		this.watched.watch((update) -> {
			release.await();
			record(update);
		}, (builder) -> builder.concurrency(4).maxInFlight(10, DataSize.ofMegabytes(1)));
		play(100);
		await().until(() -> this.watched.status().backlog().updates() >= 10);
		release.countDown();
		await().until(() -> recorded() == 100 * 2 * 4);
	}

	@Test
	void stopsInFrontOfAnUpdateThatCannotBeDelivered() {
		TaskScript broken = start("broken").nodeStart("a");
		TaskUpdateHandler handler = (update) -> {
			if (update.taskId().equals(broken.taskId())) {
				throw new IllegalStateException("never");
			}
			record(update);
		};
		this.watched.watch(handler, (builder) -> builder.concurrency(4)
			.retry(RetryPolicy.builder().maxRetries(1).delay(Duration.ofMillis(1)).build(), OnFailure.STOP));
		assertThat(this.watched.awaitEvent(TaskWatcherStoppedEvent.class).reason())
			.isEqualTo(TaskWatcherStoppedEvent.Reason.FAILURE);
		assertThat(this.watched.status().deliveredPosition()).isNull();
	}

	@Test
	void losesNothingOverManyRestarts() {
		TaskWatcher watcher = this.watched.watch(this::record, (builder) -> builder.concurrency(4));
		for (int i = 0; i < 50; i++) {
			play(2);
			watcher.stop();
			watcher.start();
		}
		await().until(() -> recorded() == 50 * 2 * 2 * 4);
		assertThat(this.positions.values()).allSatisfy((list) -> assertThat(list).isSorted().doesNotHaveDuplicates());
	}

	@Test
	void emitsWhatWasDeliveredOneByOne() {
		List<Long> emitted = new ArrayList<>();
		TaskWatcher watcher = this.watched.watch(this::record, (builder) -> builder.concurrency(8).autoStartup(false));
		watcher.updates().subscribe((update) -> emitted.add(Objects.requireNonNull(update.position())));
		play(50);
		await().until(() -> recorded() == 50 * 2 * 4);
		await().until(() -> emitted.size() == 50 * 2 * 4);
		assertThat(emitted).doesNotHaveDuplicates();
	}

	@Test
	@EnabledForJreRange(min = JRE.JAVA_21)
	void deliversOnVirtualThreadsAndStaysAlive() throws Exception {
		List<Thread> threads = Collections.synchronizedList(new ArrayList<>());
		TaskWatcher watcher = this.watched.watch((update) -> {
			threads.add(Thread.currentThread());
			record(update);
		}, (builder) -> builder.concurrency(4).virtualThreads(true));
		play(10);
		await().until(() -> recorded() == 10 * 2 * 4);
		assertThat(threads).allSatisfy((thread) -> {
			assertThat(Thread.class.getMethod("isVirtual").invoke(thread)).isEqualTo(true);
			assertThat(thread.getName()).startsWith("requence-test-delivery-");
		});
		assertThat(keepers()).hasSize(1);
		watcher.stop();
		await().until(() -> keepers().isEmpty());
	}

	@ParameterizedTest
	@ValueSource(ints = { 1, 4 })
	void deliversWithoutWhatTheStartingThreadHas(int concurrency) {
		deliversWithoutWhatTheStartingThreadHas((builder) -> builder.concurrency(concurrency));
	}

	@Test
	@EnabledForJreRange(min = JRE.JAVA_21)
	void deliversOnVirtualThreadsWithoutWhatTheStartingThreadHas() {
		deliversWithoutWhatTheStartingThreadHas((builder) -> builder.concurrency(4).virtualThreads(true));
	}

	private void deliversWithoutWhatTheStartingThreadHas(Consumer<DefaultTaskWatcherBuilder> customizer) {
		InheritableThreadLocal<String> tenant = new InheritableThreadLocal<>();
		List<Object> inherited = Collections.synchronizedList(new ArrayList<>());
		ClassLoader foreign = new URLClassLoader(new URL[0]);
		Thread request = new Thread(() -> {
			tenant.set("someone");
			this.watched.watch((update) -> {
				String seen = tenant.get();
				if (seen != null) {
					inherited.add(seen);
				}
				inherited.add(Thread.currentThread().getContextClassLoader());
				record(update);
			}, customizer);
		});
		request.setContextClassLoader(foreign);
		request.start();
		play(5);
		await().until(() -> recorded() == 5 * 2 * 4);
		assertThat(inherited).containsOnly(DefaultTaskWatcherBuilder.class.getClassLoader());
	}

	private List<Thread> keepers() {
		return this.started.named("requence-test-delivery")
			.stream()
			.filter((thread) -> thread.getName().equals("requence-test-delivery") && !thread.isDaemon())
			.toList();
	}

}
