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

package cloud.requence.task.checkpoint;

import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.test.scheduler.VirtualTimeScheduler;

import cloud.requence.task.CheckpointException;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;
import static org.mockito.Mockito.mock;

/**
 * Tests for {@link Checkpointer}, in virtual time.
 */
class CheckpointerTests {

	private static final URI BASE_URL = URI.create("https://example.com/api");

	private static final Instant NOW = Instant.parse("2026-11-24T10:00:00Z");

	private static final Duration INTERVAL = Duration.ofSeconds(1);

	private static final int EVERY = 10;

	private final MemoryCheckpointStore store = new MemoryCheckpointStore();

	private final CheckpointFormat format = new CheckpointFormat();

	private final List<String> durable = new ArrayList<>();

	private final Map<String, Runnable> taken = new HashMap<>();

	private long nanos;

	private int errors;

	private int saves;

	private boolean superseded;

	private VirtualTimeScheduler time = VirtualTimeScheduler.create();

	private Checkpointer checkpointer;

	@BeforeEach
	void create() {
		this.checkpointer = checkpointer();
	}

	private Checkpointer checkpointer() {
		return new Checkpointer("test", this.store, INTERVAL, EVERY, () -> {
			this.time = VirtualTimeScheduler.create();
			return this.time;
		}, this::onDurable, new CheckpointObserver() {

			@Override
			public void onSaved() {
				CheckpointerTests.this.saves++;
			}

			@Override
			public void onSuperseded() {
				CheckpointerTests.this.superseded = true;
			}

		}, Clock.fixed(NOW, ZoneOffset.UTC), () -> this.nanos + this.time.now(TimeUnit.NANOSECONDS), 0);
	}

	private void onDurable(String taskId, Runnable done) {
		if (this.errors-- > 0) {
			throw new OutOfMemoryError("in a test");
		}
		this.durable.add(taskId);
		this.taken.put(taskId, done);
	}

	private ResumePoint open() {
		ResumePoint point = this.checkpointer.open(BASE_URL, () -> NOW);
		this.checkpointer.start();
		return point;
	}

	private Checkpoint stored() {
		String content = this.store.content;
		assertThat(content).isNotNull();
		return this.format.read(content, "memory");
	}

	private @Nullable Long position() {
		return stored().position();
	}

	private void tick() {
		this.time.advanceTimeBy(INTERVAL);
	}

	private void advance(long position) {
		this.checkpointer.advanced(position, 1, null);
	}

	private void advance(long position, String acknowledgement) {
		this.checkpointer.advanced(position, 1, acknowledgement);
	}

	@Nested
	class Beginning {

		private static final Instant BEGIN = NOW.minusSeconds(7200);

		@BeforeEach
		void open() {
			checkpointer.open(BASE_URL, () -> BEGIN);
			checkpointer.start();
		}

		@Test
		void movesWithUpdatesThatHaveNoPosition() {
			done(NOW.minusSeconds(100));
			done(NOW.minusSeconds(200));
			tick();
			assertThat(stored().position()).isNull();
			assertThat(stored().since()).isEqualTo(NOW.minusSeconds(130));
			checkpointer = checkpointer();
			assertThat(checkpointer.open(BASE_URL, () -> NOW).since()).isEqualTo(NOW.minusSeconds(130));
		}

		@Test
		void movesWithThePosition() {
			checkpointer.reached(NOW.minusSeconds(100));
			advance(42);
			tick();
			assertThat(stored().position()).isEqualTo(42);
			assertThat(stored().since()).isEqualTo(NOW.minusSeconds(130));
		}

		@Test
		void isWrittenOnlyIfItHasMoved() {
			done(NOW.minusSeconds(100));
			tick();
			int before = store.saved.size();
			done(NOW.minusSeconds(101));
			tick();
			done(null);
			tick();
			assertThat(store.saved).hasSize(before);
		}

		@Test
		void staysBehindUpdatesWhoseAcknowledgementsHaveNoRoom() {
			for (int i = 0; i < 1000; i++) {
				checkpointer.reached(NOW.minusSeconds(5000 - i));
				checkpointer.advanced(null, 1, "task-" + i);
			}
			tick();
			int saved = stored().acknowledgements().size();
			assertThat(saved).isBetween(1, 999);
			assertThat(stored().since()).isEqualTo(NOW.minusSeconds(5000 - (saved - 1) + 30));
		}

		private void done(@Nullable Instant timestamp) {
			if (timestamp != null) {
				checkpointer.reached(timestamp);
			}
			checkpointer.advanced(null, 1, null);
		}

	}

	@Nested
	class Opening {

		@Test
		void beginsAtSinceAndRemembersIt() {
			ResumePoint point = open();
			assertThat(point).isEqualTo(new ResumePoint(false, NOW, null, List.of()));
			assertThat(stored().since()).isEqualTo(NOW);
			checkpointer = checkpointer();
			assertThat(checkpointer.open(BASE_URL, () -> NOW.plusSeconds(60)).since()).isEqualTo(NOW);
		}

		@Test
		void goesOnWhereAnotherHasLeftOff() {
			open();
			advance(42, "a");
			tick();
			checkpointer = checkpointer();
			assertThat(open()).isEqualTo(new ResumePoint(false, NOW, 42L, List.of("a")));
		}

		@Test
		void knowsWhereItHasLeftOffItself() {
			open();
			advance(42);
			checkpointer.stop(Duration.ZERO);
			this.tickAll();
			assertThat(checkpointer.open(BASE_URL, () -> NOW).known()).isTrue();
		}

		@Test
		void remembersWhereItHasLeftOffIfTheStoreHasLostEverything() {
			open();
			advance(42);
			checkpointer.advanced(43L, 1, "a");
			tick();
			checkpointer.stop(Duration.ZERO);
			store.content = null;
			assertThat(open().known()).isTrue();
			tick();
			assertThat(position()).isEqualTo(43);
			assertThat(stored().acknowledgements()).containsExactly("a");
		}

		@Test
		void beginsAnewOnAnotherPlatformIfTheCheckpointWasRemoved() {
			open();
			advance(42);
			tick();
			checkpointer.stop(Duration.ZERO);
			store.content = null;
			URI other = URI.create("https://other.example/api");
			assertThat(checkpointer.open(other, () -> NOW)).satisfies((point) -> {
				assertThat(point.known()).isFalse();
				assertThat(point.position()).isNull();
			});
		}

		private void tickAll() {
			time.advanceTime();
		}

		@Test
		void forgetsWhatItKnewIfAnotherHasGoneOn() {
			open();
			advance(42);
			tick();
			advance(43, "mine");
			Checkpointer other = checkpointer();
			other.open(BASE_URL, () -> NOW);
			assertThat(open()).isEqualTo(new ResumePoint(false, NOW, 42L, List.of()));
			tick();
			assertThat(position()).isEqualTo(42);
			assertThat(durable).isEmpty();
		}

		@Test
		void refusesTheCheckpointOfAnotherPlatform() {
			open();
			Checkpointer foreign = checkpointer();
			URI otherUrl = URI.create("https://staging.example.com/api");
			assertThatExceptionOfType(CheckpointException.class).isThrownBy(() -> foreign.open(otherUrl, () -> NOW))
				.withMessageContaining("belongs to " + BASE_URL)
				.withMessageContaining(otherUrl.toString())
				.satisfies((ex) -> assertThat(ex.remedy()).contains("requence.task.checkpoint.key"));
			assertThatExceptionOfType(CheckpointException.class).isThrownBy(() -> foreign.check(otherUrl));
			foreign.check(BASE_URL);
		}

		@Test
		void refusesWhatItCannotRead() {
			store.content = "nonsense";
			assertThatExceptionOfType(CheckpointException.class).isThrownBy(CheckpointerTests.this::open)
				.withMessageContaining("cannot be read");
			assertThat(store.content).isEqualTo("nonsense");
		}

		@Test
		void saysThatTheStoreIsOutOfReach() {
			store.failure = new IllegalStateException("down");
			assertThatExceptionOfType(CheckpointException.class).isThrownBy(CheckpointerTests.this::open)
				.withMessageContaining("memory cannot be read (IllegalStateException)");
		}

	}

	@Nested
	class Saving {

		@BeforeEach
		void open() {
			CheckpointerTests.this.open();
			store.saved.clear();
		}

		@Test
		void isDoneAfterTheInterval() {
			advance(1);
			advance(2);
			assertThat(position()).isNull();
			tick();
			assertThat(position()).isEqualTo(2);
			tick();
			assertThat(store.saved).hasSize(1);
		}

		@Test
		void isDoneEarlierIfMuchWasDone() {
			for (int i = 1; i <= EVERY; i++) {
				advance(i);
			}
			time.advanceTime();
			assertThat(position()).isEqualTo(EVERY);
		}

		@Test
		void isDoneAtTheEnd() {
			advance(7);
			Thread stopping = new Thread(() -> checkpointer.stop(Duration.ofSeconds(20)));
			stopping.start();
			await().until(() -> {
				time.advanceTime();
				return !stopping.isAlive();
			});
			assertThat(position()).isEqualTo(7);
			advance(8);
			assertThat(store.saved).hasSize(1);
		}

		@Test
		void letsTheDeliveryWaitIfItIsFarBehind() {
			store.failure = new IllegalStateException("down");
			for (int i = 1; i <= 2 * EVERY; i++) {
				assertThat(checkpointer.room()).isPositive();
				advance(i);
			}
			assertThat(checkpointer.room()).isNotPositive();
			int before = saves;
			store.failure = null;
			await().until(() -> {
				tick();
				return checkpointer.room() > 0;
			});
			assertThat(saves).isEqualTo(before + 1);
			assertThat(position()).isEqualTo(2 * EVERY);
		}

		@Test
		void letsTheDeliveryContinueEvenIfThereWasNothingToSave() {
			int saved = store.saved.size();
			int before = saves;
			// There is no room until this is found to be saved, at once in virtual time
			checkpointer.advanced(null, 2 * EVERY, null);
			assertThat(store.saved).hasSize(saved);
			assertThat(checkpointer.room()).isPositive();
			assertThat(saves).isEqualTo(before + 1);
		}

		@Test
		void doesNotWaitAfterANewStartForFailuresBeforeIt() {
			store.failure = new IllegalStateException("down");
			advance(1);
			for (int i = 0; i < 60; i++) {
				time.advanceTimeBy(Duration.ofSeconds(1));
			}
			store.failure = null;
			CheckpointerTests.this.open();
			// The timers of the new start begin at zero
			nanos = Duration.ofSeconds(60).toNanos();
			tick();
			assertThat(position()).isEqualTo(1);
		}

		@Test
		void movesPastWhatWasSkipped() {
			checkpointer.advanced(9L, 0, null);
			tick();
			assertThat(position()).isEqualTo(9);
		}

		@Test
		void losesNothingThatIsDoneMeanwhile() {
			advance(1);
			store.meanwhile = () -> {
				store.meanwhile = null;
				advance(2);
			};
			tick();
			assertThat(position()).isEqualTo(1);
			tick();
			assertThat(position()).isEqualTo(2);
		}

		@Test
		void isTriedAgainWhenTheStoreIsBack() {
			store.failure = new IllegalStateException("down");
			advance(1);
			tick();
			advance(2);
			assertThat(position()).isNull();
			assertThat(checkpointer.status()).satisfies((status) -> {
				assertThat(status.lastError()).isEqualTo("IllegalStateException");
				assertThat(status.unsaved()).isEqualTo(2);
			});
			store.failure = null;
			await().until(() -> {
				tick();
				return Long.valueOf(2).equals(position());
			});
			assertThat(checkpointer.status()).satisfies((status) -> assertThat(status.lastError()).isNull());
		}

		@Test
		void survivesAnAnswerThatGotLost() {
			store.losesAnswers = true;
			store.failure = new IllegalStateException("lost");
			advance(1, "a");
			tick();
			assertThat(position()).isEqualTo(1);
			assertThat(durable).isEmpty();
			store.failure = null;
			advance(2);
			await().until(() -> {
				tick();
				return Long.valueOf(2).equals(position());
			});
			assertThat(superseded).isFalse();
			assertThat(durable).containsExactly("a");
			assertThat(stored().acknowledgements()).containsExactly("a");
		}

		@Test
		void writesAgainWhatTheStoreHasLost() {
			advance(1);
			tick();
			String before = store.content;
			advance(2, "a");
			tick();
			store.content = before;
			time.advanceTimeBy(Duration.ofSeconds(20));
			assertThat(superseded).isFalse();
			assertThat(position()).isEqualTo(2);
			assertThat(stored().acknowledgements()).containsExactly("a");
			store.content = null;
			advance(3);
			tick();
			assertThat(superseded).isFalse();
			assertThat(position()).isEqualTo(3);
			assertThat(stored().acknowledgements()).containsExactly("a");
		}

		@Test
		void adoptsAWriteThatArrivesLate() {
			store.failure = new IllegalStateException("down");
			String[] late = new String[1];
			store.attempted = (text) -> late[0] = (late[0] != null) ? late[0] : text;
			advance(1, "a");
			tick();
			store.failure = null;
			store.content = late[0];
			store.attempted = null;
			time.advanceTimeBy(Duration.ofSeconds(20));
			assertThat(superseded).isFalse();
			assertThat(durable).containsExactly("a");
			assertThat(checkpointer.status().unsaved()).isZero();
			advance(2);
			tick();
			assertThat(position()).isEqualTo(2);
		}

		@Test
		void neverWritesATextTwice() {
			List<String> attempts = new ArrayList<>();
			store.attempted = (text) -> {
				attempts.add(text);
				throw new IllegalStateException("down");
			};
			advance(1);
			time.advanceTimeBy(Duration.ofMinutes(1));
			assertThat(attempts).hasSizeGreaterThan(2).doesNotHaveDuplicates();
		}

		@Test
		void isNotWaitedForWhenTheStoreHangs() {
			CountDownLatch released = new CountDownLatch(1);
			store.meanwhile = () -> assertThatCode(released::await).doesNotThrowAnyException();
			advance(1, "a");
			Thread saving = new Thread(() -> tick());
			saving.start();
			await().until(() -> saving.getState() == Thread.State.WAITING);
			nanos += Duration.ofSeconds(30).toNanos();
			assertThat(checkpointer.status().lastError()).isEqualTo("no answer for 30 s");
			assertThat(checkpointer.isAbandoned()).isFalse();
			CompletableFuture<ResumePoint> opening = CompletableFuture
				.supplyAsync(() -> checkpointer.open(BASE_URL, () -> NOW));
			await().until(opening::isDone);
			assertThat(opening).isCompletedExceptionally();
			advance(2);
			checkpointer.acknowledged("b");
			checkpointer.stop(Duration.ofMillis(1));
			store.meanwhile = null;
			released.countDown();
			await().until(() -> !saving.isAlive());
			assertThat(checkpointer.status().lastError()).isNull();
			assertThat(checkpointer.open(BASE_URL, () -> NOW).known()).isTrue();
		}

		@Test
		void leavesWhatAnotherHasWritten() {
			Checkpointer other = checkpointer();
			other.open(BASE_URL, () -> NOW);
			String written = store.content;
			advance(1, "a");
			tick();
			assertThat(superseded).isTrue();
			assertThat(store.content).isEqualTo(written);
			assertThat(durable).isEmpty();
			advance(2);
			tick();
			assertThat(store.content).isEqualTo(written);
		}

	}

	@Nested
	class Acknowledgements {

		@BeforeEach
		void open() {
			CheckpointerTests.this.open();
		}

		@Test
		void areMadeOnceTheirDeliveryIsDurable() {
			advance(1, "a");
			assertThat(durable).isEmpty();
			tick();
			assertThat(durable).containsExactly("a");
			assertThat(stored().acknowledgements()).containsExactly("a");
		}

		@Test
		void areRepeatedByTheNextProcess() {
			advance(1, "a");
			tick();
			durable.clear();
			checkpointer.stop(Duration.ZERO);
			checkpointer = checkpointer();
			open();
			assertThat(durable).isEmpty();
			checkpointer.acknowledgeDue();
			assertThat(durable).containsExactly("a");
			taken.get("a").run();
			tick();
			assertThat(stored().acknowledgements()).isEmpty();
		}

		@Test
		void areCarriedUntilThePlatformHasTakenThem() {
			advance(1, "a");
			tick();
			advance(2, "b");
			tick();
			assertThat(stored().acknowledgements()).containsExactly("a", "b");
			taken.get("a").run();
			tick();
			assertThat(stored().acknowledgements()).containsExactly("b");
			assertThat(durable).containsExactly("a", "b");
			assertThat(checkpointer.status()).satisfies((status) -> assertThat(status.acknowledgementsDue()).isOne());
		}

		@Test
		void letTheCheckpointGoOnAsSoonAsEnoughAreTaken() {
			for (int i = 1; i <= 64 + EVERY; i++) {
				advance(i, "task " + i);
			}
			tick();
			assertThat(position()).isEqualTo(64);
			for (int i = 1; i <= 40; i++) {
				checkpointer.acknowledged("task " + i);
			}
			assertThat(position()).isEqualTo(64 + EVERY);
		}

		@Test
		void areMadeLaterIfSomethingFails() {
			errors = 2;
			advance(1, "a");
			advance(2, "b");
			advance(3, "c");
			tick();
			assertThat(durable).containsExactly("c");
			tick();
			assertThat(durable).containsExactly("c", "a", "b");
			tick();
			assertThat(durable).hasSize(3);
		}

		@Test
		void areSavedBeforeThePositionReachesThem() {
			advance(1);
			checkpointer.advanced(null, 0, "a");
			tick();
			assertThat(position()).isEqualTo(1);
			assertThat(stored().acknowledgements()).containsExactly("a");
			assertThat(durable).containsExactly("a");
			advance(2);
			tick();
			assertThat(position()).isEqualTo(2);
			assertThat(durable).containsExactly("a");
		}

		@Test
		void areBoundedWithoutProgress() {
			store.failure = new IllegalStateException("down");
			for (int i = 0; checkpointer.room() > 0; i++) {
				assertThat(i).isLessThan(2 * EVERY);
				checkpointer.advanced(null, 0, "task " + i);
			}
			store.failure = null;
			time.advanceTimeBy(Duration.ofMinutes(1));
			assertThat(durable).hasSize(2 * EVERY);
			assertThat(checkpointer.room()).isPositive();
			assertThat(position()).isNull();
		}

		@Test
		void areNotWaitedForInALoop() {
			for (int i = 1; i <= 64 + 3 * EVERY; i++) {
				advance(i, "task " + i);
			}
			tick();
			assertThat(position()).isEqualTo(64);
			int saved = store.saved.size();
			tick();
			assertThat(store.saved).hasSize(saved);
			assertThat(checkpointer.room()).isNotPositive();
		}

		@Test
		void letThePositionWaitWhenThereAreTooMany() {
			for (int i = 1; i <= 70; i++) {
				advance(i, "task " + i);
			}
			advance(71);
			tick();
			assertThat(position()).isEqualTo(64);
			assertThat(durable).hasSize(64);
			checkpointer.acknowledged("task 3");
			tick();
			assertThat(position()).isEqualTo(65);
			for (int i = 1; i <= 70; i++) {
				checkpointer.acknowledged("task " + i);
			}
			tick();
			tick();
			assertThat(position()).isEqualTo(71);
			assertThat(durable).hasSize(70).doesNotHaveDuplicates();
		}

	}

	@Nested
	class Settings {

		@ParameterizedTest
		@ValueSource(ints = { 1 << 30, (1 << 30) - 1, Integer.MAX_VALUE })
		void mayBeAsLargeAsTheyCan(int every) {
			checkpointer = new Checkpointer("test", store, Duration.ofSeconds(Long.MAX_VALUE), every, () -> time,
					(taskId, done) -> {
					}, mock(CheckpointObserver.class), Clock.systemUTC(), () -> time.now(TimeUnit.NANOSECONDS), 0);
			open();
			advance(1);
			assertThat(checkpointer.room()).isPositive();
			time.advanceTimeBy(Duration.ofDays(1));
			assertThat(position()).isEqualTo(1);
			Thread stopping = new Thread(() -> checkpointer.stop(Duration.ofSeconds(Long.MAX_VALUE)));
			stopping.start();
			await().until(() -> {
				time.advanceTime();
				return !stopping.isAlive();
			});
		}

	}

	@Nested
	class SeveralInstances {

		@Test
		void mayClaimAtOnce() {
			int[] refusals = { 3 };
			store.attempted = (text) -> {
				if (refusals[0]-- > 0) {
					throw new IllegalStateException("could not serialize access");
				}
			};
			assertThat(open().known()).isFalse();
			assertThat(refusals[0]).isEqualTo(-1);
		}

		@Test
		void recogniseAClaimWhoseAnswerWasLost() {
			store.written = () -> {
				throw new IllegalStateException("lost");
			};
			assertThatCode(() -> open()).doesNotThrowAnyException();
			assertThat(store.saved).hasSize(1);
		}

		@Test
		void areRefusedIfTheStoreNeverTakesAClaim() {
			store.attempted = (text) -> {
				throw new IllegalStateException("could not serialize access");
			};
			assertThatExceptionOfType(CheckpointException.class).isThrownBy(CheckpointerTests.this::open)
				.withMessageContaining("memory cannot be written (IllegalStateException)");
		}

		@Test
		void areKeptAwayByACheckpointThatIsWrittenWithoutProgress() {
			open();
			int saved = store.saved.size();
			time.advanceTimeBy(Duration.ofMinutes(5));
			assertThat(store.saved.size() - saved).isGreaterThanOrEqualTo(15).isLessThanOrEqualTo(30);
			assertThat(superseded).isFalse();
		}

		@Test
		void takeTheCheckpointOverOnceItsWriterHasGone() {
			Checkpointer other = checkpointer();
			assertThat(other.isAbandoned()).isFalse();
			open();
			nanos += Duration.ofSeconds(59).toNanos();
			assertThat(other.isAbandoned()).as("another has written it since").isFalse();
			nanos += Duration.ofSeconds(59).toNanos();
			assertThat(other.isAbandoned()).isFalse();
			nanos += Duration.ofSeconds(1).toNanos();
			assertThat(other.isAbandoned()).isTrue();
			other.open(BASE_URL, () -> NOW);
			assertThat(other.isAbandoned()).as("looks anew").isFalse();
		}

		@Test
		void judgeNothingWhileTheStoreIsAway() {
			open();
			Checkpointer other = checkpointer();
			other.isAbandoned();
			store.failure = new IllegalStateException("down");
			nanos += Duration.ofSeconds(100).toNanos();
			assertThat(other.isAbandoned()).isFalse();
			store.failure = null;
			assertThat(other.isAbandoned()).as("its writer could not write either").isFalse();
			nanos += Duration.ofSeconds(60).toNanos();
			assertThat(other.isAbandoned()).isTrue();
		}

	}

}
