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
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.core.retry.RetryPolicy;

import cloud.requence.task.DeadLetter;
import cloud.requence.task.DeadLetterHandler;
import cloud.requence.task.TaskUpdate;
import cloud.requence.task.TaskUpdateErrorHandler;
import cloud.requence.task.TaskUpdateErrorHandler.Decision;
import cloud.requence.task.TaskUpdateErrorHandler.OnFailure;
import cloud.requence.task.TaskUpdateFilter;
import cloud.requence.task.test.TestTask;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link UpdateDelivery}.
 */
@ExtendWith(OutputCaptureExtension.class)
class UpdateDeliveryTests {

	private static final Predicate<Duration> RUNNING = (time) -> true;

	private static final Predicate<Duration> STOPPING = (time) -> false;

	private final List<TaskUpdate> handled = new ArrayList<>();

	private final List<String> observed = new ArrayList<>();

	private final PendingUpdate update = pending();

	private TaskUpdateFilter filter = (update) -> true;

	private TaskUpdateErrorHandler errorHandler = (update, failure, failures) -> Decision.skip();

	private EndAcknowledgement acknowledgement = EndAcknowledgement.NONE;

	private @Nullable DeadLetterHandler deadLetters;

	private @Nullable Throwable failure;

	private @Nullable Error observerError;

	private @Nullable UpdateDelivery created;

	private static PendingUpdate pending() {
		return new PendingUpdate(TestTask.of("task").nodeStart("a"), 10);
	}

	private UpdateDelivery delivery() {
		if (this.created == null) {
			this.created = new UpdateDelivery("test", (update) -> this.filter.accept(update), this::handle,
					(update, failure, failures) -> this.errorHandler.decide(update, failure, failures),
					new DeliveredUpdates(System::nanoTime), this.acknowledgement, new Observer(),
					GuardedDeliveryMonitor.of("test", List.of()), LoggingContext.mdc(),
					(update) -> "com.example.Billing.invoiceDone", this.deadLetters);
		}
		return this.created;
	}

	private void handle(TaskUpdate update) throws Exception {
		if (this.failure instanceof Exception exception) {
			throw exception;
		}
		if (this.failure instanceof Error error) {
			throw error;
		}
		this.handled.add(update);
	}

	private DeliveryResult deliver() {
		return delivery().deliver(this.update, RUNNING);
	}

	@Test
	void handlesAnUpdate() {
		assertThat(deliver()).isEqualTo(DeliveryResult.DONE);
		assertThat(this.handled).hasSize(1);
		assertThat(delivery().counters().delivered()).isEqualTo(1);
	}

	@Test
	void leavesOutWhatTheFilterRefuses() {
		this.filter = (update) -> false;
		assertThat(deliver()).isEqualTo(DeliveryResult.DONE);
		assertThat(this.handled).isEmpty();
		assertThat(delivery().counters().filtered()).isEqualTo(1);
	}

	@Test
	void deliversWhatTheFilterCannotJudge() {
		this.filter = (update) -> {
			throw new StackOverflowError();
		};
		assertThat(deliver()).isEqualTo(DeliveryResult.DONE);
		assertThat(this.handled).hasSize(1);
	}

	@Test
	void skipsWhatTheErrorHandlerSkips() {
		this.failure = new OutOfMemoryError("test");
		assertThat(deliver()).isEqualTo(DeliveryResult.DONE);
		assertThat(this.observed).containsExactly("failed");
		assertThat(delivery().counters().failed()).isEqualTo(1);
	}

	@Test
	void skipsEvenIfThatCannotBePublished() {
		this.failure = new IllegalStateException("test");
		this.observerError = new OutOfMemoryError("test");
		assertThat(deliver()).isEqualTo(DeliveryResult.DONE);
		assertThat(delivery().counters().failed()).isEqualTo(1);
	}

	@Test
	void storesADeadLetterBeforeItSkips(CapturedOutput output) {
		List<DeadLetter> letters = new ArrayList<>();
		this.deadLetters = (letter) -> {
			assertThat(this.observed).isEmpty();
			letters.add(letter);
		};
		this.failure = new IllegalStateException("test");
		assertThat(deliver()).isEqualTo(DeliveryResult.DONE);
		assertThat(this.observed).containsExactly("failed");
		assertThat(letters).singleElement().satisfies((letter) -> {
			assertThat(letter.watcher()).isEqualTo("test");
			assertThat(letter.update()).isEqualTo(this.update.update());
			assertThat(letter.listener()).isEqualTo("com.example.Billing.invoiceDone");
			assertThat(letter.error()).isEqualTo("java.lang.IllegalStateException: test");
			assertThat(letter.failures()).isEqualTo(1);
		});
		assertThat(lines(output, "it is stored as a dead letter. The last attempt has failed in com.example"))
			.hasSize(1);
	}

	@Test
	void skipsNothingThatCannotBeStored(CapturedOutput output) {
		AtomicInteger decisions = new AtomicInteger();
		this.errorHandler = (update, failure, failures) -> {
			decisions.incrementAndGet();
			return Decision.skip();
		};
		List<DeadLetter> letters = new ArrayList<>();
		this.failure = new IllegalStateException("test");
		this.deadLetters = (letter) -> {
			letters.add(letter);
			if (letters.size() < 3) {
				throw new OutOfMemoryError("test");
			}
		};
		assertThat(deliver().delay()).isEqualTo(Duration.ofSeconds(1));
		assertThat(this.observed).isEmpty();
		assertThat(delivery().counters().failed()).isZero();
		this.failure = null;
		assertThat(deliver().delay()).isEqualTo(Duration.ofSeconds(2));
		assertThat(deliver()).isEqualTo(DeliveryResult.DONE);
		assertThat(this.handled).isEmpty();
		assertThat(decisions).hasValue(1);
		assertThat(letters).hasSize(3).allMatch(letters.get(0)::equals);
		assertThat(this.observed).containsExactly("failed");
		assertThat(delivery().counters().failed()).isEqualTo(1);
		assertThat(delivery().counters().delivered()).isZero();
		assertThat(delivery().counters().retries()).isEqualTo(2);
		assertThat(lines(output, "cannot be stored, next attempt in")).hasSize(2);
	}

	@Test
	void storesADeadLetterOnceTheDatabaseIsThereAgain() {
		AtomicInteger stores = new AtomicInteger();
		this.failure = new IllegalStateException("test");
		this.deadLetters = (letter) -> {
			if (stores.incrementAndGet() == 1) {
				throw new DeliveryUnavailableException("away", null);
			}
		};
		assertThat(deliver().delay()).isEqualTo(Duration.ofSeconds(1));
		this.failure = null;
		this.filter = (update) -> false;
		assertThat(deliver()).isEqualTo(DeliveryResult.DONE);
		assertThat(this.handled).isEmpty();
		assertThat(this.observed).containsExactly("failed");
		assertThat(delivery().counters().failed()).isEqualTo(1);
	}

	@Test
	void reportsNoStoreThatAStopHasInterrupted(CapturedOutput output) {
		AtomicBoolean running = new AtomicBoolean(true);
		this.failure = new IllegalStateException("test");
		this.deadLetters = (letter) -> {
			running.set(false);
			throw new InterruptedException();
		};
		assertThat(delivery().deliver(this.update, (time) -> running.get())).isEqualTo(DeliveryResult.HELD);
		assertThat(lines(output, "cannot be stored")).isEmpty();
	}

	@Test
	void storesNothingThatIsNotSkipped() {
		this.failure = new IllegalStateException("test");
		this.deadLetters = (letter) -> this.observed.add("stored");
		this.errorHandler = (update, failure, failures) -> (failures == 1) ? Decision.retryAfter(Duration.ZERO)
				: Decision.stop();
		deliver();
		deliver();
		assertThat(this.observed).containsExactly("failed", "stop");
	}

	@Test
	void stopsInFrontOfAnUpdate() {
		this.failure = new IllegalStateException("test");
		this.errorHandler = (update, failure, failures) -> Decision.stop();
		assertThat(deliver()).isEqualTo(DeliveryResult.HELD);
		assertThat(this.observed).containsExactly("failed", "stop");
	}

	@Test
	void makesNoDecisionWhileTheDeliveryStops() {
		this.failure = new InterruptedException();
		assertThat(delivery().deliver(this.update, STOPPING)).isEqualTo(DeliveryResult.HELD);
		assertThat(this.observed).isEmpty();
	}

	@Test
	void skipsNothingBecauseTheErrorHandlerFails() {
		this.failure = new IllegalStateException("test");
		this.errorHandler = (update, failure, failures) -> {
			throw new IllegalArgumentException("test");
		};
		assertThat(deliver().action()).isEqualTo(DeliveryResult.Action.PARK);
		assertThat(this.observed).isEmpty();
	}

	@Test
	void skipsNothingBecauseTheErrorHandlerHasNoMemory() {
		this.failure = new IllegalStateException("test");
		this.errorHandler = (update, failure, failures) -> {
			throw new OutOfMemoryError("test");
		};
		assertThat(deliver().action()).isEqualTo(DeliveryResult.Action.PARK);
		assertThat(this.observed).isEmpty();
	}

	@Test
	void handlesAnUpdateOnceEvenIfItsAcknowledgementFails() {
		List<String> acknowledged = new ArrayList<>();
		this.acknowledgement = (update, wait) -> {
			if (acknowledged.isEmpty()) {
				acknowledged.add("failed");
				throw new OutOfMemoryError("test");
			}
			acknowledged.add("done");
		};
		assertThatExceptionOfType(OutOfMemoryError.class).isThrownBy(this::deliver);
		assertThat(deliver()).isEqualTo(DeliveryResult.DONE);
		assertThat(this.handled).hasSize(1);
		assertThat(acknowledged).containsExactly("failed", "done");
	}

	@Test
	void waitsLongerAndLongerWhileTheDeliveryIsUnavailable() {
		this.failure = new DeliveryUnavailableException("away", new IllegalStateException("test"));
		List<Long> delays = new ArrayList<>();
		for (int i = 0; i < 8; i++) {
			delays.add(deliver().delay().toSeconds());
		}
		assertThat(delays).containsExactly(1L, 2L, 4L, 8L, 16L, 32L, 32L, 32L);
		assertThat(delivery().counters().retries()).isZero();
	}

	@Test
	void aStormOfFailuresWritesAFewLines(CapturedOutput output) {
		this.failure = new IllegalStateException("storm");
		for (int i = 0; i < 1000; i++) {
			delivery().deliver(pending(), RUNNING);
		}
		assertThat(output.toString().lines().filter((line) -> line.contains("could not deliver") && !debug(line)))
			.hasSize(3);
		assertThat(delivery().counters().failed()).isEqualTo(1000);
	}

	@Test
	void aFailureNamesTheTaskAndTheListener(CapturedOutput output) {
		this.failure = new IllegalStateException("test");
		deliver();
		assertThat(lines(output, "could not deliver the nodeStart of task task at position ")).singleElement()
			.asString()
			.endsWith("in 1 attempt, it is skipped. The last attempt has failed in com.example.Billing.invoiceDone");
	}

	@Test
	void aFailureCannotForgeALine(CapturedOutput output) {
		this.failure = new IllegalStateException("test");
		delivery().deliver(new PendingUpdate(TestTask.of("task\nforged").nodeStart("a"), 10), RUNNING);
		assertThat(lines(output, "could not deliver the nodeStart of task task?forged at position ")).hasSize(1);
	}

	@Test
	void anUpdateThatIsHeldIsReportedOnceAndWhenItSucceeds(CapturedOutput output) {
		this.failure = new IllegalStateException("held");
		this.errorHandler = TaskUpdateErrorHandler.retrying(
				RetryPolicy.builder().maxRetries(1).delay(Duration.ofMillis(1)).maxDelay(Duration.ofMillis(20)).build(),
				OnFailure.RETRY);
		for (int i = 0; i < 100; i++) {
			assertThat(deliver().action()).isEqualTo(DeliveryResult.Action.PARK);
		}
		assertThat(this.observed).isEmpty();
		assertThat(lines(output, "has failed in com.example.Billing.invoiceDone, next in")).hasSize(1)
			.allMatch((line) -> line.contains("WARN"));
		this.failure = null;
		assertThat(deliver()).isEqualTo(DeliveryResult.DONE);
		assertThat(lines(output, "was delivered after 100 failures")).hasSize(1)
			.allMatch((line) -> line.contains("INFO"));
	}

	private static List<String> lines(CapturedOutput output, String text) {
		return output.toString().lines().filter((line) -> line.contains(text) && !debug(line)).toList();
	}

	private static boolean debug(String line) {
		return line.contains("DEBUG");
	}

	private final class Observer implements DeliveryObserver {

		@Override
		public void onFailed(TaskUpdate update, Throwable failure) {
			if (UpdateDeliveryTests.this.observerError != null) {
				throw UpdateDeliveryTests.this.observerError;
			}
			UpdateDeliveryTests.this.observed.add("failed");
		}

		@Override
		public void onStopRequired() {
			UpdateDeliveryTests.this.observed.add("stop");
		}

		@Override
		public void onEnded() {
			UpdateDeliveryTests.this.observed.add("ended");
		}

		@Override
		public void onRoom() {
			UpdateDeliveryTests.this.observed.add("room");
		}

	}

}
