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

package cloud.requence.task.acknowledgement;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import reactor.test.scheduler.VirtualTimeScheduler;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import cloud.requence.task.RequenceTaskException;
import cloud.requence.task.acknowledgement.AckSender.Outcome;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.awaitility.Awaitility.await;

/**
 * Tests for {@link Acknowledger}, in virtual time.
 */
@ExtendWith(OutputCaptureExtension.class)
class AcknowledgerTests {

	private static final int LIMIT = 1000;

	private final VirtualTimeScheduler time = VirtualTimeScheduler.create();

	private final List<String> attempts = Collections.synchronizedList(new ArrayList<>());

	private final AtomicReference<Function<String, Mono<Outcome>>> platform = new AtomicReference<>(
			(taskId) -> Mono.just(Outcome.TAKEN));

	private final Acknowledger acknowledger = new Acknowledger("test", (taskId) -> {
		this.attempts.add(taskId);
		return this.platform.get().apply(taskId);
	}, () -> this.time.now(TimeUnit.NANOSECONDS));

	private void answer(Outcome outcome) {
		this.platform.set((taskId) -> Mono.just(outcome));
	}

	private void pass(Duration duration) {
		this.time.advanceTimeBy(duration);
	}

	private void assertPending(int pending, int sent, int failed) {
		assertThat(this.acknowledger.pending()).as("pending").isEqualTo(pending);
		assertThat(this.acknowledger.sent()).as("sent").isEqualTo(sent);
		assertThat(this.acknowledger.failed()).as("failed").isEqualTo(failed);
	}

	@Nested
	class BeforeTheStart {

		@Test
		void refusesWhatTheApplicationAcknowledges() {
			assertThatExceptionOfType(RequenceTaskException.class).isThrownBy(() -> acknowledger.acknowledge("a"))
				.withMessageContaining("is not running");
			assertPending(0, 0, 0);
		}

		@Test
		void keepsWhatACheckpointCarries() {
			acknowledger.acknowledge("a", () -> {
			});
			assertPending(1, 0, 0);
			acknowledger.start(time);
			assertPending(0, 1, 0);
		}

		@Test
		void staysStoppedIfThereIsNoTimer() {
			Scheduler disposed = Schedulers.newSingle("disposed");
			disposed.dispose();
			assertThatExceptionOfType(RejectedExecutionException.class).isThrownBy(() -> acknowledger.start(disposed));
			assertThatExceptionOfType(RequenceTaskException.class).isThrownBy(() -> acknowledger.acknowledge("a"));
		}

	}

	@Nested
	class AfterTheStart {

		@BeforeEach
		void start() {
			acknowledger.start(time);
		}

		@Test
		void sendsInOrder() {
			acknowledger.acknowledge("a");
			acknowledger.acknowledge("b");
			assertThat(attempts).containsExactly("a", "b");
			assertPending(0, 2, 0);
		}

		@Test
		void refusesAnEmptyIdentifier() {
			assertThatIllegalArgumentException().isThrownBy(() -> acknowledger.acknowledge(" "));
		}

		@Test
		void sendsAFewAtATime() {
			platform.set((taskId) -> Mono.never());
			for (int i = 0; i < 20; i++) {
				acknowledger.acknowledge("task " + i);
			}
			assertThat(attempts).hasSize(8);
			assertPending(20, 0, 0);
		}

		@Test
		void sendsTheNextWhenOneIsAnswered() {
			Sinks.One<Outcome> answer = Sinks.one();
			platform.set((taskId) -> answer.asMono());
			for (int i = 0; i < 20; i++) {
				acknowledger.acknowledge("task " + i);
			}
			answer.tryEmitValue(Outcome.TAKEN);
			assertPending(0, 20, 0);
		}

		@Test
		void takesAtMostAThousand() {
			platform.set((taskId) -> Mono.never());
			for (int i = 0; i < LIMIT; i++) {
				acknowledger.acknowledge("task " + i);
			}
			assertThatExceptionOfType(RequenceTaskException.class).isThrownBy(() -> acknowledger.acknowledge("other"))
				.withMessageContaining("1000 acknowledgements are waiting");
			assertPending(LIMIT, 0, 0);
		}

		@Test
		void letsTheDeliveryWaitForRoom() {
			Sinks.One<Outcome> answer = Sinks.one();
			platform.set((taskId) -> answer.asMono());
			for (int i = 0; i < LIMIT; i++) {
				acknowledger.acknowledge("task " + i);
			}
			List<Integer> waiting = new ArrayList<>();
			acknowledger.acknowledge("other", (pause) -> {
				waiting.add(acknowledger.pending());
				answer.tryEmitValue(Outcome.TAKEN);
				return true;
			});
			assertThat(waiting).containsExactly(LIMIT);
			assertPending(0, LIMIT + 1, 0);
		}

		@Test
		void sendsManyThatAreAnsweredAtOnceWithoutDeepCalls() {
			answer(Outcome.RETRY);
			for (int i = 0; i < LIMIT; i++) {
				acknowledger.acknowledge("task " + i);
			}
			answer(Outcome.TAKEN);
			pass(Duration.ofSeconds(2));
			assertPending(0, LIMIT, 0);
		}

		@Test
		void repeatsWithGrowingDelaysForEver() {
			answer(Outcome.RETRY);
			acknowledger.acknowledge("a");
			pass(Duration.ofSeconds(3));
			assertThat(attempts).hasSize(3);
			pass(Duration.ofHours(1));
			assertThat(attempts).hasSizeBetween(100, 130);
			assertPending(1, 0, 0);
			answer(Outcome.TAKEN);
			pass(Duration.ofSeconds(31));
			assertPending(0, 1, 0);
		}

		@Test
		void logsTheFirstFailureAndASummary(CapturedOutput output) {
			answer(Outcome.RETRY);
			for (int i = 0; i < 50; i++) {
				acknowledger.acknowledge("task " + i);
			}
			pass(Duration.ofSeconds(1));
			answer(Outcome.TAKEN);
			pass(Duration.ofSeconds(4));
			assertThat(output).containsOnlyOnce("could not acknowledge the end of a task")
				.containsOnlyOnce("no failed acknowledgement is left. 100 attempts had failed, 0 acknowledgements");
		}

		@Test
		void dropsAnIdentifierThatCannotBeSent() {
			answer(Outcome.INVALID);
			AtomicInteger done = new AtomicInteger();
			acknowledger.acknowledge("..", done::incrementAndGet);
			assertPending(0, 0, 1);
			assertThat(done).hasValue(1);
		}

		@Test
		void startsOnlyOnceWithTheSameTimers() {
			answer(Outcome.RETRY);
			acknowledger.acknowledge("a");
			acknowledger.start(time);
			assertThat(attempts).hasSize(1);
		}

	}

	@Nested
	class WhenItIsNotFound {

		@BeforeEach
		void start() {
			acknowledger.start(time);
			answer(Outcome.NOT_FOUND);
		}

		@Test
		void isRepeatedForThreeMinutes() {
			acknowledger.acknowledge("a");
			pass(Duration.ofSeconds(179));
			assertPending(1, 0, 0);
			pass(Duration.ofSeconds(31));
			assertPending(0, 1, 0);
		}

		@Test
		void isSentWhenTheGatewayFindsThePlatformAgain() {
			AtomicInteger done = new AtomicInteger();
			acknowledger.acknowledge("a", done::incrementAndGet);
			pass(Duration.ofSeconds(170));
			assertThat(done).hasValue(0);
			answer(Outcome.TAKEN);
			pass(Duration.ofSeconds(30));
			assertThat(done).hasValue(1);
			assertPending(0, 1, 0);
		}

		@Test
		void countsFromTheFirstOfItsAnswersInARow() {
			acknowledger.acknowledge("a");
			pass(Duration.ofSeconds(120));
			answer(Outcome.RETRY);
			pass(Duration.ofSeconds(60));
			answer(Outcome.NOT_FOUND);
			pass(Duration.ofSeconds(170));
			assertPending(1, 0, 0);
			pass(Duration.ofSeconds(60));
			assertPending(0, 1, 0);
		}

		@Test
		void isBelievedSoonerIfThePlatformTakesAnother() {
			acknowledger.acknowledge("a");
			pass(Duration.ofSeconds(2));
			platform.set((taskId) -> Mono.just(taskId.equals("a") ? Outcome.NOT_FOUND : Outcome.TAKEN));
			acknowledger.acknowledge("b");
			pass(Duration.ofSeconds(27));
			assertPending(1, 1, 0);
			pass(Duration.ofSeconds(5));
			assertPending(0, 2, 0);
		}

		@Test
		void isBelievedSoonerIfThePlatformHasKnownNoneForMinutes() {
			acknowledger.acknowledge("a");
			pass(Duration.ofSeconds(215));
			assertPending(0, 1, 0);
			acknowledger.acknowledge("b");
			pass(Duration.ofSeconds(29));
			assertPending(1, 1, 0);
			pass(Duration.ofSeconds(5));
			assertPending(0, 2, 0);
		}

	}

	@Nested
	class WhenItIsRefused {

		@BeforeEach
		void start() {
			acknowledger.start(time);
			answer(Outcome.REFUSED);
		}

		@Test
		void isDroppedAfterThreeMinutes(CapturedOutput output) {
			AtomicInteger done = new AtomicInteger();
			for (int i = 0; i < 3; i++) {
				acknowledger.acknowledge("task " + i, done::incrementAndGet);
			}
			pass(Duration.ofSeconds(179));
			assertPending(3, 0, 0);
			pass(Duration.ofSeconds(31));
			assertPending(0, 0, 3);
			assertThat(done).hasValue(3);
			assertThat(output).containsOnlyOnce("drops the acknowledgement of a task")
				.contains("3 acknowledgements were dropped");
		}

		@Test
		void isSentIfItWasAGateway() {
			acknowledger.acknowledge("a");
			pass(Duration.ofSeconds(100));
			answer(Outcome.TAKEN);
			pass(Duration.ofSeconds(31));
			assertPending(0, 1, 0);
		}

	}

	@Nested
	class WhenSomethingFails {

		private final AtomicInteger done = new AtomicInteger();

		@BeforeEach
		void start() {
			acknowledger.start(time);
		}

		@ParameterizedTest
		@ValueSource(classes = { IllegalStateException.class, OutOfMemoryError.class, StackOverflowError.class,
				NoClassDefFoundError.class, AssertionError.class })
		void aSenderThatThrowsIsAskedAgain(Class<? extends Throwable> type) throws Exception {
			Throwable failure = type.getDeclaredConstructor().newInstance();
			for (boolean later : List.of(false, true)) {
				platform.set((taskId) -> later ? Mono.error(failure) : AcknowledgerTests.sneakyThrow(failure));
				acknowledger.acknowledge("a", this.done::incrementAndGet);
				acknowledger.acknowledge("b", this.done::incrementAndGet);
				assertThat(acknowledger.pending()).isEqualTo(2);
				answer(Outcome.TAKEN);
				pass(Duration.ofSeconds(3));
				assertThat(acknowledger.pending()).isZero();
			}
			assertThat(this.done).hasValue(4);
		}

		@Test
		void anEmptyAnswerIsRepeated() {
			platform.set((taskId) -> Mono.empty());
			acknowledger.acknowledge("a");
			assertPending(1, 0, 0);
			answer(Outcome.TAKEN);
			pass(Duration.ofSeconds(2));
			assertPending(0, 1, 0);
		}

		@Test
		void whatIsCalledAfterwardsDoesNotKeepOthersFromBeingSent(CapturedOutput output) {
			Sinks.One<Outcome> answer = Sinks.one();
			platform.set((taskId) -> answer.asMono());
			acknowledger.acknowledge("a", () -> {
				throw new OutOfMemoryError("Java heap space");
			});
			for (int i = 0; i < 20; i++) {
				acknowledger.acknowledge("task " + i, this.done::incrementAndGet);
			}
			answer.tryEmitValue(Outcome.TAKEN);
			assertPending(0, 21, 0);
			assertThat(this.done).hasValue(20);
			assertThat(output).contains("the checkpoint was not informed of an acknowledgement");
		}

	}

	@Nested
	class AtTheStop {

		private final CountDownLatch retried = new CountDownLatch(2);

		@BeforeEach
		void start() {
			acknowledger.start(time);
		}

		@Test
		void triesAtOnceWhatWaitsForItsNextAttempt() {
			answer(Outcome.RETRY);
			acknowledger.acknowledge("a");
			pass(Duration.ofMinutes(10));
			answer(Outcome.TAKEN);
			acknowledger.stop(time, Duration.ofMinutes(1));
			assertPending(0, 1, 0);
		}

		@Test
		void usesTheTimeItHas() throws InterruptedException {
			Sinks.One<Outcome> answer = Sinks.one();
			platform.set((taskId) -> {
				this.retried.countDown();
				return answer.asMono();
			});
			acknowledger.acknowledge("a");
			acknowledger.acknowledge("b");
			Thread stop = new Thread(() -> acknowledger.stop(time, Duration.ofMinutes(10)));
			stop.start();
			await().until(() -> stop.getState() == Thread.State.TIMED_WAITING);
			answer.tryEmitValue(Outcome.TAKEN);
			stop.join();
			assertPending(0, 2, 0);
		}

		@Test
		void repeatsAsLongAsThereIsTime() throws InterruptedException {
			platform.set((taskId) -> {
				this.retried.countDown();
				return Mono.just(Outcome.RETRY);
			});
			acknowledger.acknowledge("a");
			Thread stop = new Thread(() -> acknowledger.stop(time, Duration.ofMinutes(10)));
			stop.start();
			this.retried.await();
			answer(Outcome.TAKEN);
			await().until(() -> {
				pass(Duration.ofSeconds(1));
				return !stop.isAlive();
			});
			assertPending(0, 1, 0);
		}

		@ParameterizedTest
		@EnumSource(names = { "NOT_FOUND", "REFUSED" })
		void doesNotWaitForWhatIsRefused(Outcome outcome) {
			answer(outcome);
			acknowledger.acknowledge("a");
			acknowledger.stop(time, Duration.ofMinutes(10));
			assertThat(attempts).hasSize(2);
			assertPending(1, 0, 0);
		}

		@Test
		void logsHowManyWereNotSentAndKeepsThem(CapturedOutput output) {
			platform.set((taskId) -> Mono.never());
			for (int i = 0; i < 3; i++) {
				acknowledger.acknowledge("task " + i, () -> {
				});
			}
			acknowledger.acknowledge("by hand");
			acknowledger.stop(time, Duration.ofMillis(1));
			assertThat(output)
				.contains("4 acknowledgements were not sent before the stop. The checkpoint carries 3 of");
			assertPending(4, 0, 0);
			answer(Outcome.TAKEN);
			pass(Duration.ofMinutes(1));
			assertPending(4, 0, 0);
			acknowledger.start(time);
			assertPending(0, 4, 0);
		}

		@Test
		void isSilentIfAllWereSent(CapturedOutput output) {
			acknowledger.acknowledge("a");
			acknowledger.stop(time, Duration.ofSeconds(Long.MAX_VALUE));
			assertThat(output).doesNotContain("not sent");
		}

		@Test
		void doesNothingIfStartedWithOtherTimers() {
			acknowledger.stop(Schedulers.immediate(), Duration.ofMinutes(1));
			acknowledger.acknowledge("a");
			assertPending(0, 1, 0);
		}

		@Test
		void ignoresAnAnswerThatComesTooLate() {
			Sinks.One<Outcome> answer = Sinks.one();
			platform.set((taskId) -> answer.asMono());
			acknowledger.acknowledge("a");
			acknowledger.stop(time, Duration.ZERO);
			platform.set((taskId) -> Mono.never());
			acknowledger.start(time);
			answer.tryEmitValue(Outcome.TAKEN);
			assertPending(1, 0, 0);
		}

		@Test
		void anInterruptionEndsTheWait() {
			platform.set((taskId) -> Mono.never());
			acknowledger.acknowledge("a");
			Thread.currentThread().interrupt();
			acknowledger.stop(time, Duration.ofMinutes(10));
			assertThat(Thread.interrupted()).isTrue();
			assertPending(1, 0, 0);
		}

	}

	@Nested
	class WhenAnotherInstanceHasTakenOver {

		@Test
		void forgetsWhatTheCheckpointCarriesAndNothingElse() {
			acknowledger.start(time);
			answer(Outcome.RETRY);
			acknowledger.acknowledge("durable", () -> {
			});
			acknowledger.acknowledge("by hand");
			platform.set((taskId) -> Mono.never());
			acknowledger.acknowledge("durable and on its way", () -> {
			});
			acknowledger.clear();
			assertPending(1, 0, 0);
			attempts.clear();
			answer(Outcome.TAKEN);
			pass(Duration.ofSeconds(2));
			assertThat(attempts).containsExactly("by hand");
			assertPending(0, 1, 0);
		}

	}

	@SuppressWarnings({ "unchecked", "TypeParameterUnusedInFormals" })
	private static <T, E extends Throwable> T sneakyThrow(Throwable failure) throws E {
		throw (E) failure;
	}

}
