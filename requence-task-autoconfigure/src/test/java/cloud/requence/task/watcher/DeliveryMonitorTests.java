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
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.core.retry.RetryPolicy;

import cloud.requence.task.DeliveryMonitor;
import cloud.requence.task.TaskUpdate;
import cloud.requence.task.TaskUpdateErrorHandler.OnFailure;
import cloud.requence.task.TaskUpdateHandler;
import cloud.requence.task.UpdateType;
import cloud.requence.task.delivery.DeliveryUnavailableException;
import cloud.requence.task.delivery.GuardedDeliveryMonitor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests for what a {@link DeliveryMonitor} sees of a watcher's deliveries.
 */
@ExtendWith(OutputCaptureExtension.class)
class DeliveryMonitorTests {

	private final WatchedEmulator watched = new WatchedEmulator();

	private final List<String> seen = Collections.synchronizedList(new ArrayList<>());

	@AfterEach
	void close() {
		this.watched.close();
	}

	private void watch(TaskUpdateHandler handler, OnFailure onFailure, DeliveryMonitor... monitors) {
		Consumer<DefaultTaskWatcherBuilder> monitored = (builder) -> {
			for (DeliveryMonitor monitor : monitors) {
				builder.deliveryMonitor((watcher) -> monitor);
			}
		};
		this.watched.watch(handler,
				monitored.andThen((builder) -> builder.only(EnumSet.of(UpdateType.TASK_START, UpdateType.TASK_END))
					.shutdownTimeout(Duration.ofMillis(500))
					.retry(RetryPolicy.builder().maxRetries(1).delay(Duration.ofMillis(1)).build(), onFailure)));
	}

	private void runTask() {
		this.watched.emulator().task("invoice").start().nodeStart("a").end("done");
	}

	private void awaitSeen(String... expected) {
		await().untilAsserted(() -> assertThat(this.seen).containsExactly(expected));
	}

	@Test
	void seesEveryAttemptAndWhatWasHidden() {
		runTask();
		AtomicBoolean failed = new AtomicBoolean();
		watch((update) -> {
			this.seen.add("handler");
			if (update.type() == UpdateType.TASK_END) {
				throw failed.compareAndSet(false, true) ? new IllegalStateException("at first")
						: new IllegalArgumentException("at last");
			}
		}, OnFailure.SKIP, new Recording(""));
		awaitSeen("begin taskStart 1", "handler", "DELIVERED", "filtered nodeStart", "begin taskEnd 1", "handler",
				"RETRY IllegalStateException", "begin taskEnd 2", "handler", "FAILED IllegalArgumentException");
	}

	@Test
	void seesThatTheWatcherStops() {
		runTask();
		watch((update) -> {
			throw new IllegalStateException("always");
		}, OnFailure.STOP, new Recording(""));
		awaitSeen("begin taskStart 1", "RETRY IllegalStateException", "begin taskStart 2",
				"STOPPED IllegalStateException");
	}

	@Test
	void seesWhatHadNoChance() {
		runTask();
		AtomicBoolean available = new AtomicBoolean();
		watch((update) -> {
			if (available.compareAndSet(false, true)) {
				throw new DeliveryUnavailableException("not now", new IllegalStateException());
			}
		}, OnFailure.SKIP, new Recording(""));
		awaitSeen("begin taskStart 1", "UNAVAILABLE DeliveryUnavailableException", "begin taskStart 2", "DELIVERED",
				"filtered nodeStart", "begin taskEnd 1", "DELIVERED");
	}

	@Test
	void seesWhatAStopHasInterrupted() {
		runTask();
		watch((update) -> {
			this.seen.add("handler");
			new CountDownLatch(1).await();
		}, OnFailure.SKIP, new Recording(""));
		awaitSeen("begin taskStart 1", "handler");
		this.watched.watcher().stop();
		awaitSeen("begin taskStart 1", "handler", "INTERRUPTED InterruptedException");
	}

	@Test
	void isEndedInTheOppositeOrder() {
		this.watched.emulator().task("invoice").start();
		watch((update) -> this.seen.add("handler"), OnFailure.SKIP, new Recording("outer "), new Recording("inner "));
		awaitSeen("outer begin taskStart 1", "inner begin taskStart 1", "handler", "inner DELIVERED",
				"outer DELIVERED");
	}

	@Test
	void harmsNoDeliveryIfItFails(CapturedOutput output) {
		runTask();
		DeliveryMonitor failing = new DeliveryMonitor() {

			@Override
			public Attempt begin(TaskUpdate update, int number) {
				if (update.type() == UpdateType.TASK_START) {
					throw new IllegalStateException("cannot begin");
				}
				return (outcome, failure) -> {
					throw new IllegalStateException("cannot end");
				};
			}

			@Override
			public void filtered(TaskUpdate update) {
				throw new IllegalStateException("cannot hide");
			}

		};
		watch((update) -> {
		}, OnFailure.SKIP, failing, new Recording(""));
		awaitSeen("begin taskStart 1", "DELIVERED", "filtered nodeStart", "begin taskEnd 1", "DELIVERED");
		assertThat(output).containsOnlyOnce(
				"Task watcher '" + this.watched.watcher().name() + "': an observer of the deliveries has failed");
	}

	@Test
	void isNothingIfNobodyLooks() {
		DeliveryMonitor none = GuardedDeliveryMonitor.of("test", List.of());
		this.watched.emulator().task("invoice").start();
		this.watched.watch();
		await().until(() -> this.watched.updates().size() == 1);
		TaskUpdate update = this.watched.updates().get(0);
		assertThat(none.begin(update, 1)).isSameAs(none.begin(update, 2));
		assertThat(none).isSameAs(GuardedDeliveryMonitor.of("test", List.of()));
	}

	private final class Recording implements DeliveryMonitor {

		private final String name;

		Recording(String name) {
			this.name = name;
		}

		@Override
		public Attempt begin(TaskUpdate update, int number) {
			Thread thread = Thread.currentThread();
			DeliveryMonitorTests.this.seen.add(this.name + "begin " + update.type().wireName() + " " + number);
			return (outcome, failure) -> {
				assertThat(Thread.currentThread()).isSameAs(thread);
				DeliveryMonitorTests.this.seen.add((this.name + outcome + " " + nameOf(failure)).strip());
			};
		}

		@Override
		public void filtered(TaskUpdate update) {
			DeliveryMonitorTests.this.seen.add(this.name + "filtered " + update.type().wireName());
		}

		private static String nameOf(@Nullable Throwable failure) {
			return (failure != null) ? failure.getClass().getSimpleName() : "";
		}

	}

}
