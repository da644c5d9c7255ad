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
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.Disposable;
import reactor.core.scheduler.Scheduler;
import reactor.test.scheduler.VirtualTimeScheduler;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link RepeatingTask}, in virtual time.
 */
@ExtendWith(OutputCaptureExtension.class)
class RepeatingTaskTests {

	private static final Duration SECOND = Duration.ofSeconds(1);

	private final VirtualTimeScheduler time = VirtualTimeScheduler.create();

	private final AtomicInteger runs = new AtomicInteger();

	private final AtomicReference<@Nullable Error> failure = new AtomicReference<>();

	private final RepeatingTask task = new RepeatingTask("The check", this::work, SECOND,
			() -> this.time.now(TimeUnit.NANOSECONDS));

	private void work() {
		this.runs.incrementAndGet();
		Error error = this.failure.get();
		if (error != null) {
			throw error;
		}
	}

	@Test
	void isEndedByNoFailure(CapturedOutput output) {
		this.failure.set(new OutOfMemoryError("Java heap space"));
		this.task.start(this.time.createWorker());
		this.time.advanceTimeBy(Duration.ofSeconds(5));
		assertThat(this.runs).hasValue(5);
		assertThat(output.toString().split("The check has failed")).hasSize(2);
	}

	@Test
	void isScheduledAgainIfItWasLost() {
		ForgetfulWorker worker = new ForgetfulWorker(this.time.createWorker());
		this.task.start(worker);
		worker.forget();
		this.time.advanceTimeBy(Duration.ofSeconds(10));
		this.task.revive();
		this.time.advanceTimeBy(SECOND);
		this.task.revive();
		this.time.advanceTimeBy(Duration.ZERO);
		assertThat(this.runs).as("at once").hasValue(1);
		this.time.advanceTimeBy(SECOND);
		assertThat(this.runs).hasValue(2);
		assertThat(worker.schedules).hasValue(2);
	}

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void isScheduledAgainAsSoonAsThatIsPossible(boolean possible) {
		ForgetfulWorker worker = new ForgetfulWorker(this.time.createWorker());
		this.task.start(worker);
		worker.forget();
		worker.error = possible ? null : new OutOfMemoryError("unable to create native thread");
		this.time.advanceTimeBy(Duration.ofSeconds(11));
		this.task.revive();
		worker.error = null;
		this.time.advanceTimeBy(Duration.ofSeconds(11));
		this.task.revive();
		this.time.advanceTimeBy(SECOND);
		assertThat(this.runs.get()).isPositive();
	}

	@Test
	void endsWhenItIsStopped() {
		this.task.start(this.time.createWorker());
		this.task.stop();
		this.time.advanceTimeBy(Duration.ofMinutes(1));
		this.task.revive();
		this.time.advanceTimeBy(Duration.ofMinutes(1));
		assertThat(this.runs).hasValue(0);
	}

	/**
	 * Loses what it has, as an executor that is out of memory.
	 */
	private static final class ForgetfulWorker implements Scheduler.Worker {

		private final Scheduler.Worker delegate;

		private final AtomicInteger schedules = new AtomicInteger();

		private @Nullable Disposable last;

		private @Nullable Error error;

		ForgetfulWorker(Scheduler.Worker delegate) {
			this.delegate = delegate;
		}

		void forget() {
			if (this.last != null) {
				this.last.dispose();
			}
		}

		@Override
		public Disposable schedule(Runnable task) {
			return this.delegate.schedule(task);
		}

		@Override
		public Disposable schedulePeriodically(Runnable task, long initialDelay, long period, TimeUnit unit) {
			if (this.error != null) {
				throw this.error;
			}
			this.schedules.incrementAndGet();
			Disposable scheduled = this.delegate.schedulePeriodically(task, initialDelay, period, unit);
			this.last = scheduled;
			return scheduled;
		}

		@Override
		public void dispose() {
			this.delegate.dispose();
		}

	}

}
