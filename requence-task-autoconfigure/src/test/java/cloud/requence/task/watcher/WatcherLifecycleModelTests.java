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

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.stream.LongStream;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DefaultDataBufferFactory;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.client.reactive.ClientHttpConnector;
import org.springframework.http.client.reactive.ClientHttpRequest;
import org.springframework.http.client.reactive.ClientHttpResponse;
import org.springframework.mock.http.client.reactive.MockClientHttpResponse;

import cloud.requence.task.CheckpointStore;
import cloud.requence.task.StartedThreads;
import cloud.requence.task.SwitchableLeadership;
import cloud.requence.task.TaskUpdate;
import cloud.requence.task.TaskWatcher;
import cloud.requence.task.TaskWatcherStatus.State;
import cloud.requence.task.TestAccessTokens;
import cloud.requence.task.watcher.ScriptedConnector.ScriptedConnection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

/**
 * Random sequences of what can happen to a watcher: it never has two streams, nothing is
 * left of a start that failed, each stop ends, and in the end it does what was wanted
 * last. The system property {@code requence.lifecycles} sets the number of sequences.
 */
class WatcherLifecycleModelTests {

	private static final int LIFECYCLES = Integer.getInteger("requence.lifecycles", 10);

	private static final int STEPS = 14;

	private static final Duration PATIENCE = Duration.ofSeconds(30);

	private final StartedThreads started = new StartedThreads();

	private final SwitchableLeadership leadership = new SwitchableLeadership();

	private final Store store = new Store();

	private final Platform platform = new Platform();

	private final AtomicReference<@Nullable Throwable> noThread = new AtomicReference<>();

	private final AtomicBoolean noNativeThread = new AtomicBoolean();

	private final AtomicReference<@Nullable CountDownLatch> hang = new AtomicReference<>();

	private final AtomicBoolean listenerStops = new AtomicBoolean();

	private TaskWatcher watcher;

	private boolean election;

	private volatile boolean running;

	private boolean paused;

	@BeforeEach
	void refuseThreads() {
		Schedulers.setFactory(new Schedulers.Factory() {

			@Override
			public Scheduler newSingle(ThreadFactory threads) {
				throwUnchecked(WatcherLifecycleModelTests.this.noThread.getAndSet(null));
				return Schedulers.Factory.super.newSingle(
						(work) -> WatcherLifecycleModelTests.this.noNativeThread.compareAndSet(true, false)
								? new BrokenThread(work) : threads.newThread(work));
			}

		});
	}

	@AfterEach
	void restoreThreads() {
		Schedulers.resetFactory();
		release();
		this.watcher.destroy();
	}

	static LongStream seeds() {
		return LongStream.range(0, LIFECYCLES);
	}

	@ParameterizedTest
	@MethodSource("seeds")
	void withoutAnElection(long seed) {
		run(new Random(seed), false);
	}

	@ParameterizedTest
	@MethodSource("seeds")
	void withAnElection(long seed) {
		run(new Random(1000 + seed), true);
	}

	private void run(Random random, boolean election) {
		this.election = election;
		this.watcher = watcher(election);
		StringBuilder story = new StringBuilder();
		for (int i = 0; i < STEPS; i++) {
			Step step = Step.values()[random.nextInt(Step.values().length)];
			story.append(step).append(' ');
			take(step, story);
			assertThat(this.platform.mostStreams()).as(story.toString()).isLessThanOrEqualTo(1);
		}
		settle(election, story.toString());
	}

	private void take(Step step, StringBuilder story) {
		switch (step) {
			case START -> startAndCheck(story.toString());
			case STOP -> {
				this.watcher.stop();
				this.running = false;
			}
			case STOP_ASYNCHRONOUSLY -> {
				CountDownLatch stopped = new CountDownLatch(1);
				this.watcher.stop(stopped::countDown);
				this.running = false;
				await(story.toString()).atMost(PATIENCE).until(() -> stopped.getCount() == 0);
			}
			case PAUSE -> {
				this.watcher.pause();
				this.paused = true;
			}
			case RESUME -> {
				this.watcher.resume();
				this.paused = false;
			}
			case GRANT -> this.leadership.set(true);
			case REVOKE -> this.leadership.set(false);
			case SUPERSEDE -> this.store.writtenByAnother();
			case NO_THREAD -> this.noThread.set(new OutOfMemoryError("unable to create native thread"));
			case NO_NATIVE_THREAD -> this.noNativeThread.set(true);
			case NO_SCHEDULER -> this.noThread.set(new IllegalStateException("no scheduler"));
			case STORE_FAILS -> this.store.failure.set(new IllegalStateException("no store"));
			case STORE_FAILS_BADLY -> this.store.failure.set(new StackOverflowError());
			case LISTENER_HANGS -> this.hang.compareAndSet(null, new CountDownLatch(1));
			case LISTENER_ENDS -> release();
			case LISTENER_STOPS -> this.listenerStops.set(true);
		}
	}

	private void startAndCheck(String story) {
		boolean wasRunning = this.watcher.isRunning();
		Throwable failure = catchThrowable(this.watcher::start);
		if (failure != null) {
			assertThat(this.watcher.isRunning()).as(story).isFalse();
			assertThat(this.watcher.status().state()).as(story).isEqualTo(State.STOPPED);
			await(story).atMost(PATIENCE)
				.until(() -> threads().stream().noneMatch((thread) -> !thread.getName().contains("delivery")));
			assertThat(this.election && this.leadership.isLeader()).as(story).isFalse();
		}
		else if (!wasRunning && !this.listenerStops.get()) {
			this.running = true;
		}
	}

	/**
	 * Let everything work again, and find out whether the watcher does what is wanted.
	 */
	private void settle(boolean election, String story) {
		this.noThread.set(null);
		this.noNativeThread.set(false);
		this.store.failure.set(null);
		this.listenerStops.set(false);
		release();
		this.leadership.set(true);
		State wanted = this.paused ? State.PAUSED : State.STREAMING;
		// One that was superseded waits for a minute
		if (this.running && !story.contains(Step.SUPERSEDE.name())) {
			await(story).atMost(PATIENCE).until(() -> this.watcher.status().state() == wanted);
		}
		this.watcher.stop();
		await(story).atMost(PATIENCE)
			.until(() -> this.watcher.status().state() == State.STOPPED && this.platform.streams() == 0
					&& threads().isEmpty());
		this.watcher.start();
		await(story).atMost(PATIENCE).until(() -> this.watcher.status().state() == wanted);
		assertThat(this.watcher.isRunning()).isTrue();
		this.watcher.resume();
		await(story).atMost(PATIENCE).until(() -> this.watcher.status().state() == State.STREAMING);
		await(story).atMost(PATIENCE).until(() -> this.platform.mostStreams() > 0);
		assertThat(this.platform.mostStreams()).as(story).isEqualTo(1);
		if (election) {
			this.leadership.set(false);
			await(story).atMost(PATIENCE).until(() -> this.watcher.status().state() == State.STANDBY);
		}
		this.watcher.destroy();
		assertThat(this.watcher.status().state()).isEqualTo(State.STOPPED);
		await(story).atMost(PATIENCE).until(() -> this.platform.streams() == 0 && threads().isEmpty());
		assertThat(this.leadership.listeners()).isEmpty();
	}

	private List<Thread> threads() {
		return this.started.named("requence-model");
	}

	private TaskWatcher watcher(boolean election) {
		DefaultTaskWatcherBuilder builder = new DefaultTaskWatcherBuilder("model", (event) -> {
		}).accessToken(TestAccessTokens.api("secret", "http://127.0.0.1:1/api"))
			.connector(this.platform)
			.handler(this::handle)
			.checkpointStore(this.store)
			.checkpoint(Duration.ofMillis(20), 10)
			.shutdownTimeout(Duration.ofMillis(50))
			.reconnect(Duration.ofMillis(5), Duration.ofMillis(20), 2, 0);
		return (election ? builder.leadership(this.leadership) : builder).build();
	}

	private void handle(TaskUpdate update) {
		if (this.listenerStops.compareAndSet(true, false)) {
			this.running = false;
			this.watcher.stop();
		}
		CountDownLatch latch = this.hang.get();
		while (latch != null && latch.getCount() > 0) {
			try {
				latch.await();
			}
			catch (InterruptedException ex) {
				// As a read from a socket, which no interrupt ends
			}
		}
	}

	private void release() {
		CountDownLatch latch = this.hang.getAndSet(null);
		if (latch != null) {
			latch.countDown();
		}
	}

	private static void throwUnchecked(@Nullable Throwable failure) {
		if (failure instanceof Error error) {
			throw error;
		}
		if (failure instanceof RuntimeException exception) {
			throw exception;
		}
	}

	private enum Step {

		START, STOP, STOP_ASYNCHRONOUSLY, PAUSE, RESUME, GRANT, REVOKE, SUPERSEDE, NO_THREAD, NO_NATIVE_THREAD,
		NO_SCHEDULER, STORE_FAILS, STORE_FAILS_BADLY, LISTENER_HANGS, LISTENER_ENDS, LISTENER_STOPS

	}

	private static final class BrokenThread extends Thread {

		BrokenThread(Runnable work) {
			super(work, "broken");
		}

		@Override
		public synchronized void start() {
			throw new OutOfMemoryError("unable to create native thread");
		}

	}

	/**
	 * Sends one update with each stream, and counts the streams.
	 */
	private static final class Platform implements ClientHttpConnector {

		private final AtomicInteger streams = new AtomicInteger();

		private final AtomicInteger mostStreams = new AtomicInteger();

		private final AtomicInteger position = new AtomicInteger();

		int streams() {
			return this.streams.get();
		}

		int mostStreams() {
			return this.mostStreams.get();
		}

		@Override
		public Mono<ClientHttpResponse> connect(HttpMethod method, URI uri,
				Function<? super ClientHttpRequest, Mono<Void>> request) {
			MockClientHttpResponse response = new MockClientHttpResponse(HttpStatus.OK);
			response.getHeaders().setContentType(MediaType.TEXT_EVENT_STREAM);
			response.setBody(body());
			return Mono.just(response);
		}

		private Flux<DataBuffer> body() {
			byte[] update = ScriptedConnection.update(this.position.incrementAndGet()).getBytes(StandardCharsets.UTF_8);
			return Flux.<DataBuffer>just(DefaultDataBufferFactory.sharedInstance.wrap(update))
				.concatWith(Flux.never())
				.doOnSubscribe((subscription) -> opened())
				.doOnCancel(this.streams::decrementAndGet);
		}

		private void opened() {
			int open = this.streams.incrementAndGet();
			this.mostStreams.accumulateAndGet(open, Math::max);
		}

	}

	/**
	 * A checkpoint in memory that fails when a test says so.
	 */
	private static final class Store implements CheckpointStore {

		private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();

		private final AtomicReference<@Nullable String> content = new AtomicReference<>();

		void writtenByAnother() {
			this.content.updateAndGet(
					(text) -> (text != null) ? text.replaceFirst("\"writer\":\"\\w+", "\"writer\":\"another") : null);
		}

		@Override
		public @Nullable String load() {
			throwUnchecked(this.failure.getAndSet(null));
			return this.content.get();
		}

		@Override
		public boolean compareAndSet(@Nullable String expected, String checkpoint) {
			throwUnchecked(this.failure.getAndSet(null));
			return this.content.accumulateAndGet(checkpoint,
					(before, next) -> Objects.equals(before, expected) ? next : before) == checkpoint;
		}

	}

}
