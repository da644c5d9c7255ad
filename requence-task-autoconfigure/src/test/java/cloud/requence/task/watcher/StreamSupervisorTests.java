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

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;

import org.assertj.core.api.InstanceOfAssertFactories;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.Disposable;
import reactor.core.scheduler.Scheduler;
import reactor.test.scheduler.VirtualTimeScheduler;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import cloud.requence.task.AccessToken;
import cloud.requence.task.InvalidAccessTokenException;
import cloud.requence.task.PayloadReader;
import cloud.requence.task.TaskWatcher.OnRefusedPosition;
import cloud.requence.task.TaskWatcherGapEvent.Reason;
import cloud.requence.task.TaskWatcherStatus.Gap;
import cloud.requence.task.TaskWatcherStatus.State;
import cloud.requence.task.TestAccessTokens;
import cloud.requence.task.context.ContextAssembler;
import cloud.requence.task.delivery.DeliveryQueue;
import cloud.requence.task.delivery.TestDelivery;
import cloud.requence.task.stream.ConnectionFailure;
import cloud.requence.task.stream.ConnectionFailure.Kind;
import cloud.requence.task.stream.ReconnectBackOff;
import cloud.requence.task.stream.UpdateDecoder;
import cloud.requence.task.watcher.ScriptedConnector.ScriptedConnection;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link StreamSupervisor}, with a scripted connector and virtual time.
 */
@ExtendWith(OutputCaptureExtension.class)
class StreamSupervisorTests {

	private static final ConnectionFailure BROKEN = new ConnectionFailure(Kind.BROKEN, "reset");

	private static final ConnectionFailure REFUSED = new ConnectionFailure(Kind.REFUSED, 401, "", null);

	private static final ConnectionFailure UNAVAILABLE = new ConnectionFailure(Kind.REJECTED, 503, "", null);

	private static final int MAX_EVENT_SIZE = 2_000_000;

	private final VirtualTimeScheduler time = VirtualTimeScheduler.create();

	private final ScriptedConnector connector = new ScriptedConnector();

	private final RecordedEvents events = new RecordedEvents();

	private final AtomicReference<AccessToken> token = new AtomicReference<>(token("secret-1"));

	private final DeliveryQueue queue = DeliveryQueue.serial(4, 1_000_000, System::nanoTime);

	private final AtomicReference<@Nullable Error> outOfMemory = new AtomicReference<>();

	private @Nullable Error decodingError;

	private @Nullable Duration maxAge;

	private OnRefusedPosition onRefusedPosition = OnRefusedPosition.RESUME_BY_TIME;

	private StreamSupervisor supervisor;

	@BeforeEach
	void start() {
		this.supervisor = createAndStart();
	}

	private StreamSupervisor createAndStart() {
		Clock clock = clock();
		UpdatePipeline pipeline = new UpdatePipeline("test", MAX_EVENT_SIZE,
				new UpdateDecoder(PayloadReader.standard()),
				new ContextAssembler(1_000_000, Duration.ofHours(1), this::contextTime), null, this.queue, clock,
				this::nanoTime);
		StreamSettings settings = new StreamSettings(Duration.ofSeconds(30), Duration.ofMinutes(5), this.maxAge,
				ReconnectBackOff.of(Duration.ofSeconds(1), Duration.ofSeconds(30), 2, 0), Duration.ofMinutes(5),
				this.onRefusedPosition);
		StreamSupervisor created = new StreamSupervisor("test", this.connector, this::accessToken, settings, pipeline,
				this.queue, this.events, clock, this::nanoTime, () -> 0.5);
		created.start(new LimitedWorker(this.time.createWorker(), this.outOfMemory::get), clock.instant());
		advance(Duration.ZERO);
		return created;
	}

	private static AccessToken token(String secret) {
		return AccessToken.parse(TestAccessTokens.api(secret, "http://127.0.0.1:1/api"));
	}

	private AccessToken accessToken() {
		AccessToken current = this.token.get();
		if (current == null) {
			throw new InvalidAccessTokenException("The access token is missing");
		}
		return current;
	}

	private Clock clock() {
		InstantSource source = () -> Instant.EPOCH.plusNanos(nanoTime());
		return source.withZone(ZoneOffset.UTC);
	}

	private long nanoTime() {
		return this.time.now(TimeUnit.NANOSECONDS) + 1_000_000_000L;
	}

	private long contextTime() {
		if (this.decodingError != null) {
			throw this.decodingError;
		}
		return nanoTime();
	}

	private void advance(Duration duration) {
		this.time.advanceTimeBy(duration);
	}

	private State state() {
		return this.supervisor.snapshot().state();
	}

	/**
	 * Return how long after now the next attempt is made.
	 */
	private Duration nextAttempt() {
		int before = this.connector.attempts();
		Duration waited = Duration.ZERO;
		while (this.connector.attempts() == before && waited.compareTo(Duration.ofHours(1)) < 0) {
			advance(Duration.ofMillis(500));
			waited = waited.plusMillis(500);
		}
		return waited;
	}

	private ScriptedConnection opened() {
		this.connector.last().open();
		return this.connector.last();
	}

	@Nested
	class Connecting {

		@Test
		void asksForUpdatesSinceTheFirstStart() {
			Instant since = clock().instant();
			assertThat(connector.last().request().since()).isEqualTo(since);
			assertThat(connector.last().request().lastPosition()).isNull();
			assertThat(state()).isEqualTo(State.CONNECTING);
		}

		@Test
		void keepsSinceUntilThereIsAPosition() {
			Instant since = connector.last().request().since();
			connector.last().fail(BROKEN);
			nextAttempt();
			assertThat(connector.attempts()).isEqualTo(2);
			assertThat(connector.last().request().since()).isEqualTo(since);
			assertThat(connector.last().request().lastPosition()).isNull();
		}

		@Test
		void resumesAtTheLastPositionReceived() {
			ScriptedConnection connection = opened();
			connection.sendUpdate(41);
			connection.sendUpdate(42);
			connection.fail(BROKEN);
			nextAttempt();
			assertThat(connector.last().request().lastPosition()).isEqualTo(42);
		}

		@Test
		void resumesAtTheLastCompleteUpdate() {
			ScriptedConnection connection = opened();
			connection.sendUpdate(41);
			connection.send(ScriptedConnection.update(42).stripTrailing());
			connection.end();
			nextAttempt();
			assertThat(connector.last().request().lastPosition()).isEqualTo(41);
			opened().sendUpdate(42);
			assertThat(queue.updates()).isEqualTo(2);
		}

		@Test
		void waitsFourResponseTimeoutsForHeadersThatAreWithheld() {
			advance(Duration.ofSeconds(119));
			assertThat(connector.last().isClosed()).isFalse();
			advance(Duration.ofSeconds(1));
			assertThat(connector.last().isClosed()).isTrue();
			assertThat(state()).isEqualTo(State.BACKING_OFF);
			assertThat(events.failures).singleElement().extracting(ConnectionFailure::kind).isEqualTo(Kind.SILENT);
		}

		@Test
		void survivesAConnectorThatThrows() {
			connector.last().fail(BROKEN);
			connector.failWith(new IllegalStateException("broken"));
			advance(Duration.ofMinutes(2));
			connector.failWith(null);
			nextAttempt();
			opened();
			assertThat(state()).isEqualTo(State.STREAMING);
		}

		@Test
		void survivesAnAccessTokenThatCannotBeRead() {
			AccessToken valid = token.getAndSet(null);
			connector.last().fail(BROKEN);
			advance(Duration.ofMinutes(2));
			assertThat(supervisor.snapshot().connection().lastError()).isEqualTo("The access token is missing");
			token.set(valid);
			nextAttempt();
			opened();
			assertThat(state()).isEqualTo(State.STREAMING);
		}

	}

	@Nested
	class BackingOff {

		@Test
		void growsUpToTheLongestDelay() {
			List<Duration> delays = new ArrayList<>();
			for (int i = 0; i < 8; i++) {
				connector.last().fail(BROKEN);
				delays.add(nextAttempt());
			}
			assertThat(delays).extracting(Duration::toSeconds).containsExactly(1L, 2L, 4L, 8L, 16L, 30L, 30L, 30L);
		}

		@Test
		void isNotResetByAMereConnection() {
			for (int i = 0; i < 4; i++) {
				opened().fail(BROKEN);
				nextAttempt();
			}
			opened().fail(BROKEN);
			assertThat(nextAttempt()).isEqualTo(Duration.ofSeconds(16));
		}

		@Test
		void isResetByAStreamThatBringsSomething() {
			failFourTimes();
			ScriptedConnection connection = opened();
			connection.sendUpdate(1);
			connection.fail(BROKEN);
			assertThat(nextAttempt()).isEqualTo(Duration.ofSeconds(1));
		}

		@Test
		void isResetByAStreamThatLastsWhateverTheDelayHasGrownTo() {
			failFourTimes();
			opened();
			advance(Duration.ofSeconds(2));
			connector.last().fail(BROKEN);
			assertThat(nextAttempt()).isEqualTo(Duration.ofSeconds(1));
		}

		@Test
		void isNotResetByAStreamThatBringsOnlyRepeats() {
			opened().sendUpdate(1);
			connector.last().fail(BROKEN);
			nextAttempt();
			failFourTimes();
			opened().sendUpdate(1);
			connector.last().fail(BROKEN);
			assertThat(nextAttempt()).isEqualTo(Duration.ofSeconds(16));
		}

		private void failFourTimes() {
			for (int i = 0; i < 4; i++) {
				connector.last().fail(BROKEN);
				nextAttempt();
			}
		}

		@Test
		void takesAnOrderlyEndAfterProgressAsARotation() {
			List<Duration> delays = new ArrayList<>();
			for (int i = 0; i < 5; i++) {
				ScriptedConnection connection = opened();
				connection.sendUpdate(i);
				connection.end();
				delays.add(nextAttempt());
			}
			assertThat(delays).containsOnly(Duration.ofSeconds(1));
			assertThat(events.failures).isEmpty();
		}

		@Test
		void takesAnOrderlyEndAtOnceAndWithoutProgressAsAFailure() {
			opened().end();
			assertThat(nextAttempt()).isEqualTo(Duration.ofSeconds(1));
			opened().end();
			assertThat(nextAttempt()).isEqualTo(Duration.ofSeconds(2));
			assertThat(events.failures).hasSize(1);
		}

		@Test
		void waitsAsLongAsThePlatformAsks() {
			connector.last().fail(new ConnectionFailure(Kind.REJECTED, 429, "", Duration.ofSeconds(20)));
			assertThat(nextAttempt()).isEqualTo(Duration.ofSeconds(20));
		}

		@Test
		void waitsNoLongerThanTheLongestDelayWhateverThePlatformAsks() {
			connector.last().fail(new ConnectionFailure(Kind.REJECTED, 429, "", Duration.ofDays(20)));
			assertThat(nextAttempt()).isEqualTo(Duration.ofSeconds(30));
		}

		@Test
		void takesTheAdviceOfTheStream() {
			ScriptedConnection connection = opened();
			connection.send("retry: 5000\n\n");
			connection.sendUpdate(1);
			connection.end();
			assertThat(nextAttempt()).isEqualTo(Duration.ofSeconds(5));
		}

		@Test
		void isNeverShorterThanTheFirstDelayWhateverTheStreamAdvises() {
			ScriptedConnection connection = opened();
			connection.send("retry: 0\n\n");
			connection.sendUpdate(1);
			connection.end();
			assertThat(nextAttempt()).isEqualTo(Duration.ofSeconds(1));
		}

	}

	/**
	 * What a platform does that has nothing to report for an hour.
	 */
	@Nested
	class Quiet {

		private static final Duration STEP = Duration.ofMillis(100);

		private Duration connected = Duration.ZERO;

		private Duration longestAbsence = Duration.ZERO;

		@ParameterizedTest
		@ValueSource(ints = { 4, 10, 60 })
		void isWatchedNearlyAllOfTheTimeIfItsStreamsAreClosed(int seconds, CapturedOutput output) {
			watchForAnHour(() -> opened(), Duration.ofSeconds(seconds), () -> connector.last().end());
			assertThat(events.failures).isEmpty();
			assertThat(events.told).doesNotContain("reconnecting");
			assertThatItIsWatched(output);
		}

		@ParameterizedTest
		@ValueSource(ints = { 10, 60 })
		void isWatchedNearlyAllOfTheTimeIfItsStreamsAreReset(int seconds, CapturedOutput output) {
			watchForAnHour(() -> opened(), Duration.ofSeconds(seconds), () -> connector.last().fail(BROKEN));
			assertThat(events.failures).hasSize(1);
			assertThat(this.longestAbsence).isLessThanOrEqualTo(Duration.ofMillis(1100));
			assertThat(logLines(output)).hasSizeLessThan(10);
		}

		@Test
		void isReportedOnceIfEachOfItsStreamsIsFollowedByAFailure(CapturedOutput output) {
			watchForAnHour(this::failOrOpen, Duration.ofSeconds(10), () -> connector.last().end());
			assertThat(events.failures).hasSize(1);
			assertThat(logLines(output)).hasSizeLessThan(10);
		}

		@Test
		void isReportedAgainIfALaterOutageLasts(CapturedOutput output) {
			watchForAnHour(this::failOrOpen, Duration.ofSeconds(10), () -> connector.last().end());
			int before = events.failures.size();
			for (int i = 0; i < 4; i++) {
				connector.last().fail(UNAVAILABLE);
				nextAttempt();
			}
			assertThat(events.failures).hasSize(before + 1);
			opened();
			assertThat(logLines(output)).last().asString().contains("is connected after");
		}

		private void failOrOpen() {
			if (connector.attempts() % 2 == 0) {
				connector.last().fail(UNAVAILABLE);
			}
			else {
				opened();
			}
		}

		@ParameterizedTest
		@ValueSource(strings = { ": heartbeat\n\n", "\n", "event: ping\n\n", "id: 7\n\n", "retry: 1\n\n" })
		void isWatchedAllOfTheTimeIfItSendsHeartbeats(String heartbeat, CapturedOutput output) {
			watchForAnHour(() -> opened(), Duration.ofMinutes(4), () -> connector.last().send(heartbeat));
			assertThat(connector.attempts()).isOne();
			assertThatItIsWatched(output);
		}

		@Test
		void isAskedAgainAfterTheFirstDelayIfHeadersAreWithheldAndTheConnectionIsClosed(CapturedOutput output) {
			watchForAnHour(() -> {
			}, Duration.ofSeconds(10), () -> connector.last().fail(BROKEN));
			assertThat(connector.attempts()).isBetween(320, 328);
			assertThat(supervisor.snapshot().connection().disconnectedSince()).isEqualTo(Instant.EPOCH.plusSeconds(1));
			assertThat(events.failures).hasSize(1);
			assertThat(logLines(output)).hasSizeLessThan(10);
		}

		@Test
		void isAskedAgainAfterTheFirstDelayIfHeadersAreWithheld(CapturedOutput output) {
			watchForAnHour(() -> {
			}, Duration.ofMinutes(3), () -> {
			});
			assertThat(connector.attempts()).isEqualTo(30);
			assertThat(logLines(output)).hasSizeLessThan(10);
		}

		@Test
		void isLeftAloneForLongerAndLongerIfItsStreamsEndAtOnce() {
			watchForAnHour(() -> opened(), Duration.ZERO, () -> connector.last().end());
			assertThat(connector.attempts()).isBetween(115, 130);
			assertThat(supervisor.snapshot().connection().disconnectedSince()).isEqualTo(Instant.EPOCH.plusSeconds(1));
		}

		private void assertThatItIsWatched(CapturedOutput output) {
			assertThat(this.connected).isGreaterThanOrEqualTo(Duration.ofMinutes(57));
			assertThat(this.longestAbsence).isLessThanOrEqualTo(Duration.ofMillis(1100));
			assertThat(logLines(output)).hasSizeLessThan(10);
		}

		private List<String> logLines(CapturedOutput output) {
			return output.getAll().lines().filter((line) -> line.contains("Task watcher 'test'")).toList();
		}

		/**
		 * Answer every attempt, and do something with its connection every now and then.
		 */
		private void watchForAnHour(Runnable answer, Duration every, Runnable action) {
			int answered = 0;
			Duration open = Duration.ZERO;
			Duration absence = Duration.ZERO;
			for (Duration passed = Duration.ZERO; passed.compareTo(Duration.ofHours(1)) < 0; passed = passed
				.plus(STEP)) {
				if (answered < connector.attempts()) {
					answered = connector.attempts();
					open = Duration.ZERO;
					answer.run();
				}
				if (open.compareTo(every) >= 0 && !connector.last().isClosed()) {
					open = Duration.ZERO;
					action.run();
				}
				boolean streaming = state() == State.STREAMING;
				this.connected = this.connected.plus(streaming ? STEP : Duration.ZERO);
				absence = streaming ? Duration.ZERO : absence.plus(STEP);
				this.longestAbsence = (absence.compareTo(this.longestAbsence) > 0) ? absence : this.longestAbsence;
				advance(STEP);
				open = open.plus(STEP);
			}
		}

	}

	@Nested
	class Refused {

		@Test
		void triesAgainOnlyEveryFewMinutes() {
			connector.last().fail(REFUSED);
			assertThat(state()).isEqualTo(State.REFUSED);
			assertThat(nextAttempt()).isEqualTo(Duration.ofMinutes(5));
			connector.last().fail(REFUSED);
			assertThat(nextAttempt()).isEqualTo(Duration.ofMinutes(5));
			assertThat(events.failures).hasSize(1);
		}

		@Test
		void triesAgainSoonWithAnotherAccessToken() {
			connector.last().fail(REFUSED);
			token.set(token("secret-2"));
			assertThat(nextAttempt()).isLessThanOrEqualTo(Duration.ofSeconds(11));
			assertThat(connector.last().request().accessToken().secret()).isEqualTo("secret-2");
			opened();
			assertThat(events.connected).containsExactly("connected after 2 attempts, refused before");
		}

	}

	@Nested
	class Streaming {

		@Test
		void breaksASilentConnection() {
			ScriptedConnection connection = opened();
			connection.send(": heartbeat\n");
			advance(Duration.ofSeconds(299));
			connection.send(": heartbeat\n");
			advance(Duration.ofSeconds(299));
			assertThat(state()).isEqualTo(State.STREAMING);
			advance(Duration.ofSeconds(3));
			assertThat(connection.isClosed()).isTrue();
			assertThat(connector.attempts()).isEqualTo(2);
		}

		@Test
		void readsNothingMoreWhileUpdatesWait() {
			ScriptedConnection connection = opened();
			assertThat(connection.requested()).isOne();
			for (int i = 0; i < 4; i++) {
				assertThat(connection.requested()).isOne();
				connection.sendUpdate(i);
			}
			assertThat(connection.requested()).isZero();
			supervisor.onRoom();
			assertThat(connection.requested()).isOne();
			supervisor.onRoom();
			assertThat(connection.requested()).isOne();
		}

		@Test
		void doesNotTakeAConnectionForSilentThatNobodyReads() {
			ScriptedConnection connection = opened();
			for (int i = 0; i < 4; i++) {
				connection.sendUpdate(i);
			}
			advance(Duration.ofHours(1));
			assertThat(connection.isClosed()).isFalse();
			assertThat(state()).isEqualTo(State.STREAMING);
		}

		@Test
		void renewsAConnectionThatIsTooOld() {
			supervisor.stop();
			maxAge = Duration.ofMinutes(30);
			supervisor = createAndStart();
			ScriptedConnection old = opened();
			old.sendUpdate(1);
			for (int i = 0; i < 30; i++) {
				advance(Duration.ofMinutes(1));
				if (!old.isClosed()) {
					old.send(": heartbeat\n");
				}
			}
			assertThat(old.isClosed()).isTrue();
			assertThat(connector.open()).isOne();
			assertThat(connector.last().request().lastPosition()).isEqualTo(1);
			assertThat(events.failures).isEmpty();
		}

		@Test
		void tellsOnceThatItHasCaughtUp() {
			opened().sendUpdate(1);
			advance(Duration.ofSeconds(5));
			assertThat(events.told).doesNotContain("caught up");
			drain();
			advance(Duration.ofSeconds(5));
			connector.last().sendUpdate(2);
			advance(Duration.ofSeconds(5));
			assertThat(events.told).containsOnlyOnce("caught up");
		}

		@Test
		void tellsHowFarItIsWhileItCatchesUp(CapturedOutput output) {
			ScriptedConnection connection = opened();
			Instant begin = clock().instant();
			Instant happened = begin.minus(Duration.ofHours(1));
			for (int second = 0; second < 25; second++) {
				connection.sendUpdate(2 * second + 1, happened.plusSeconds(10L * second));
				connection.sendUpdate(2 * second + 2, happened.plusSeconds(10L * second + 5));
				advance(Duration.ofSeconds(1));
			}
			assertThat(supervisor.snapshot().caughtUp()).isFalse();
			assertThat(supervisor.snapshot().catchUp()).satisfies((progress) -> {
				assertThat(progress.since()).isEqualTo(begin);
				assertThat(progress.updates()).isEqualTo(50);
				assertThat(progress.behind()).isEqualTo(Duration.ofSeconds(3600 + 25 - 245));
				assertThat(progress.updatesPerSecond()).isEqualTo(2);
				assertThat(progress.remaining()).isEqualTo(Duration.ofMillis(3380_000 / 9));
			});
			assertThat(output.getOut().lines().filter((line) -> line.contains("is catching up"))).hasSize(2)
				.last(InstanceOfAssertFactories.STRING)
				.contains("40 updates so far, the newest is 57 min 5 s old, 2 a second, about 6 min 20 s left");
			drain();
			advance(Duration.ofSeconds(5));
			assertThat(supervisor.snapshot().catchUp()).isNull();
			assertThat(output).contains("has caught up: 50 updates in");
		}

		@Test
		void saysThatItDoesNotComeNearer(CapturedOutput output) {
			ScriptedConnection connection = opened();
			for (int second = 0; second < 11; second++) {
				connection.sendUpdate(second, clock().instant().minus(Duration.ofHours(1)));
				advance(Duration.ofSeconds(1));
			}
			assertThat(supervisor.snapshot().catchUp()).satisfies((progress) -> {
				assertThat(progress.behind()).isEqualTo(Duration.ofSeconds(3601));
				assertThat(progress.remaining()).isNull();
			});
			assertThat(output).contains("the newest is 1 h 0 min old, 1 a second, and it does not come nearer");
		}

		@Test
		void tellsNothingOfTheMomentThatAConnectionNeeds(CapturedOutput output) {
			opened().sendUpdate(1);
			drain();
			advance(Duration.ofSeconds(30));
			assertThat(supervisor.snapshot().caughtUp()).isTrue();
			assertThat(output).doesNotContain("catching up").doesNotContain("has caught up");
		}

		@Test
		void noticesThatListenersCannotKeepUp() {
			ScriptedConnection connection = opened();
			advance(Duration.ofSeconds(2));
			assertThat(supervisor.snapshot().caughtUp()).isTrue();
			for (int i = 0; i < 10; i++) {
				connection.sendUpdate(i, clock().instant());
			}
			advance(Duration.ofSeconds(5));
			assertThat(supervisor.snapshot().caughtUp()).isTrue();
			advance(Duration.ofSeconds(7));
			assertThat(supervisor.snapshot().caughtUp()).isFalse();
			drain();
			advance(Duration.ofSeconds(5));
			assertThat(supervisor.snapshot().caughtUp()).isTrue();
			assertThat(events.told.stream().filter("caught up"::equals)).hasSize(2);
		}

		@Test
		void tellsThatTheStreamIsIdleAndNoLonger() {
			ScriptedConnection connection = opened();
			advance(Duration.ofSeconds(90));
			assertThat(events.told).contains("idle");
			connection.sendUpdate(1);
			advance(Duration.ofSeconds(1));
			assertThat(events.told).containsSubsequence("idle", "no longer idle");
		}

		private void drain() {
			TestDelivery.drain(queue);
		}

	}

	@Nested
	class RefusedPosition {

		private Instant newest;

		@BeforeEach
		void receive() {
			opened();
			advance(Duration.ofMinutes(10));
			this.newest = clock().instant();
			connector.last().sendUpdate(41, this.newest.minusSeconds(7));
			connector.last().sendUpdate(42, this.newest);
			connector.last().sendUpdate(43, this.newest.minusSeconds(3));
			connector.last().fail(BROKEN);
			nextAttempt();
		}

		@ParameterizedTest
		@ValueSource(ints = { 400, 404, 409, 410, 412, 416, 422 })
		void isReplacedByTheTimeAfterThreeRefusals(int status, CapturedOutput output) {
			for (int i = 0; i < 3; i++) {
				assertThat(connector.last().request().lastPosition()).isEqualTo(43);
				connector.last().fail(rejection(status));
				nextAttempt();
			}
			assertThat(connector.last().request().lastPosition()).isNull();
			assertThat(connector.last().request().since()).isEqualTo(this.newest.minusSeconds(30));
			assertThat(events.gaps).isEmpty();
			opened();
			assertThat(events.gaps).containsExactly(
					new Gap(Reason.REFUSED_POSITION, 43L, this.newest.minusSeconds(3), null, clock().instant()));
			assertThat(supervisor.snapshot().gaps().count()).isOne();
			assertThat(output).containsOnlyOnce("the platform refuses to resume at position 43 (HTTP " + status);
		}

		@Test
		void isFollowedByTheRepeatsOfTheOverlapAndByNewPositions() {
			refuseAndOpen();
			int before = queue.updates();
			connector.last().sendUpdate(42);
			connector.last().sendUpdate(43);
			assertThat(queue.updates()).isEqualTo(before);
			connector.last().send(ScriptedConnection.update(7).replace("u-7", "another"));
			assertThat(queue.updates()).isEqualTo(before + 1);
			connector.last().fail(BROKEN);
			nextAttempt();
			assertThat(connector.last().request().lastPosition()).isEqualTo(7);
		}

		@Test
		void isNotSentAgainBeforeThereIsANewOne() {
			refuseAndOpen();
			connector.last().fail(BROKEN);
			nextAttempt();
			assertThat(connector.last().request().lastPosition()).isNull();
			assertThat(events.gaps).hasSize(1);
		}

		@Test
		void isNotWhatIsWrongIfThePlatformRejectsTheTimeAsWell() {
			Duration waited = Duration.ZERO;
			for (int i = 0; i < 20; i++) {
				connector.last().fail(rejection(400));
				waited = nextAttempt();
			}
			assertThat(waited).isGreaterThanOrEqualTo(Duration.ofSeconds(2));
			assertThat(connector.last().request().lastPosition()).isEqualTo(43);
			opened();
			assertThat(events.gaps).isEmpty();
			connector.last().fail(BROKEN);
			nextAttempt();
			assertThat(connector.last().request().lastPosition()).isEqualTo(43);
		}

		@ParameterizedTest
		@ValueSource(ints = { 401, 403, 408, 425, 429, 500, 502, 503, 504 })
		void isNotMeantByOtherStatuses(int status) {
			Kind kind = (status == 401 || status == 403) ? Kind.REFUSED : Kind.REJECTED;
			for (int i = 0; i < 10; i++) {
				connector.last().fail(new ConnectionFailure(kind, status, "", null));
				nextAttempt();
				assertThat(connector.last().request().lastPosition()).isEqualTo(43);
			}
		}

		@Test
		void isNotMeantByDifferentStatuses() {
			for (int i = 0; i < 10; i++) {
				connector.last().fail(rejection((i % 2 != 0) ? 404 : 400));
				nextAttempt();
				assertThat(connector.last().request().lastPosition()).isEqualTo(43);
			}
		}

		@Test
		void isSuspectedAtOnceIfThePlatformHasRefusedOneBefore(CapturedOutput output) {
			refuseAndOpen();
			for (int i = 0; i < 50; i++) {
				connector.last().sendUpdate(100 + i);
				connector.last().fail(BROKEN);
				nextAttempt();
				connector.last().fail(rejection(410));
				assertThat(nextAttempt()).isEqualTo(Duration.ofSeconds(1));
				assertThat(connector.last().request().lastPosition()).isNull();
				opened();
			}
			assertThat(output).containsOnlyOnce("the platform refuses to resume");
			assertThat(supervisor.snapshot().gaps().count()).isEqualTo(51);
			assertThat(events.gaps).hasSizeLessThan(15);
		}

		@Test
		void stopsTheWatcherIfItIsTo(CapturedOutput output) {
			supervisor.stop();
			onRefusedPosition = OnRefusedPosition.STOP;
			supervisor = createAndStart();
			receive();
			refuseAndOpen();
			assertThat(events.told).containsOnlyOnce("position refused");
			assertThat(connector.last().isClosed()).isTrue();
			assertThat(connector.last().requested()).isZero();
			assertThat(output)
				.contains("The watcher stops, as 'requence.task.reconnect.on-refused-position' is 'stop'");
		}

		private void refuseAndOpen() {
			for (int i = 0; i < 3; i++) {
				connector.last().fail(rejection(410));
				nextAttempt();
			}
			opened();
		}

		private static ConnectionFailure rejection(int status) {
			return new ConnectionFailure(Kind.REJECTED, status, "too old", null);
		}

	}

	@Nested
	class WithoutPositions {

		@ParameterizedTest
		@ValueSource(strings = { "", "id: abc\n", "id: 1.5\n", "id: -1\n", "id: 99999999999999999999\n" })
		void resumesShortlyBeforeTheNewestUpdate(String id, CapturedOutput output) {
			Instant begin = connector.last().request().since();
			opened();
			for (int minute = 0; minute < 5; minute++) {
				advance(Duration.ofMinutes(1));
				connector.last().send(update(id, minute, clock().instant()));
			}
			Instant newest = clock().instant();
			connector.last().send(update(id, 99, begin.minusSeconds(1)));
			connector.last().fail(BROKEN);
			nextAttempt();
			assertThat(connector.last().request().lastPosition()).isNull();
			assertThat(connector.last().request().since()).isEqualTo(newest.minusSeconds(30));
			assertThat(output).containsOnlyOnce("updates have no position");
		}

		@Test
		void dropsWhatItKnowsHoweverOftenItConnects() {
			ScriptedConnection connection = opened();
			for (int i = 0; i < 70_000; i++) {
				connection.send(update("", i, clock().instant()));
			}
			for (int repeat = 0; repeat < 2; repeat++) {
				connection.fail(BROKEN);
				nextAttempt();
				connection = opened();
				for (int i = 0; i < 70_000; i++) {
					connection.send(update("", i, clock().instant()));
				}
			}
			assertThat(queue.updates()).isEqualTo(70_000);
		}

		@Test
		void deliversAgainWhatHasNoIdentifier() {
			ScriptedConnection connection = opened();
			String update = update("", 1, clock().instant()).replaceAll("\"updateId\":\"u-1\",", "");
			connection.send(update);
			connection.send(update);
			assertThat(queue.updates()).isEqualTo(2);
		}

		@Test
		void keepsTheBeginningWithoutTimes() {
			Instant begin = connector.last().request().since();
			opened().send(ScriptedConnection.update(1).replace("id: 1\n", ""));
			connector.last().fail(BROKEN);
			nextAttempt();
			assertThat(connector.last().request().since()).isEqualTo(begin);
		}

		private static String update(String id, int number, Instant timestamp) {
			return ScriptedConnection.update(number)
				.replace("id: " + number + "\n", id)
				.replace("\"taskId\"", "\"timestamp\":\"" + timestamp + "\",\"taskId\"");
		}

	}

	@Nested
	class Gaps {

		@Test
		void areEventsThatAreTooLargeOrCannotBeDecoded() {
			ScriptedConnection connection = opened();
			Instant timestamp = clock().instant();
			connection.sendUpdate(41, timestamp);
			connection.send("id: 42\nevent: nodeStart\ndata: {\"taskId\":\n\n");
			connection.send("id: 44\nevent: nodeStart\ndata: \"" + "x".repeat(MAX_EVENT_SIZE) + "\"\n\n");
			assertThat(events.gaps).containsExactly(
					new Gap(Reason.UNDECODABLE_EVENT, 41L, timestamp, 42L, clock().instant()),
					new Gap(Reason.EVENT_TOO_LARGE, 42L, timestamp, 44L, clock().instant()));
			assertThat(supervisor.snapshot().gaps().count()).isEqualTo(2);
			assertThat(supervisor.snapshot().gaps().last()).isEqualTo(events.gaps.get(1));
		}

		@ParameterizedTest
		@ValueSource(strings = { "id: 43\nevent: ping\ndata: {}\n\n", "id: 43\nevent: connected\ndata: hello\n\n",
				"id: 43\ndata: 1\n\n", "id: 43\n\n" })
		void areNeitherPositionsThatDoNotFollowNorHeartbeats(String heartbeat) {
			ScriptedConnection connection = opened();
			connection.sendUpdate(41);
			connection.send(heartbeat);
			connection.sendUpdate(47);
			assertThat(events.gaps).isEmpty();
			assertThat(supervisor.snapshot().gaps().count()).isZero();
		}

		@Test
		void areReportedTogetherIfThereAreMany() {
			ScriptedConnection connection = opened();
			for (int i = 1; i <= 20_000; i++) {
				connection.send("id: " + i + "\nevent: nodeStart\ndata: [\n\n");
			}
			assertThat(events.gaps).hasSize(1);
			Instant found = clock().instant();
			advance(Duration.ofSeconds(11));
			assertThat(events.gaps).containsExactly(new Gap(Reason.UNDECODABLE_EVENT, null, null, 1L, found),
					new Gap(Reason.UNDECODABLE_EVENT, 1L, null, 20_000L, found));
			assertThat(supervisor.snapshot().gaps().count()).isEqualTo(20_000);
			advance(Duration.ofMinutes(1));
			assertThat(events.gaps).hasSize(2);
		}

	}

	@Nested
	class OutOfMemory {

		@Test
		void losesNoUpdateAndRepeatsNone() {
			ScriptedConnection connection = opened();
			connection.send(withoutPosition(1));
			failWhileDecoding(2);
			assertThat(connection.isClosed()).isTrue();
			nextAttempt();
			connection = opened();
			connection.send(withoutPosition(1));
			connection.send(withoutPosition(2));
			assertThat(queue.updates()).isEqualTo(2);
		}

		@Test
		void skipsALargeEventAfterFailuresAtTheSamePlace() {
			for (int i = 0; i < 3; i++) {
				opened().send(withoutPosition(1));
				failWhileDecoding(2);
				nextAttempt();
			}
			ScriptedConnection connection = opened();
			connection.send(withoutPosition(1));
			assertThat(queue.updates()).isOne();
			connection.send(large(700_000));
			assertThat(events.gaps).isEmpty();
			assertThat(queue.updates()).isEqualTo(2);
			connection.send(large(1_700_000));
			assertThat(queue.updates()).isEqualTo(3);
		}

		@Test
		void skipsWhatIsLargerThanHalfOfTheMaximumAndThenNothing() {
			for (int i = 0; i < 3; i++) {
				opened();
				failWhileDecoding(2);
				nextAttempt();
			}
			ScriptedConnection connection = opened();
			connection.send(large(1_700_000));
			assertThat(queue.updates()).isZero();
			assertThat(events.gaps).extracting(Gap::reason).containsExactly(Reason.EVENT_TOO_LARGE);
			connection.send(large(1_700_001));
			assertThat(queue.updates()).isOne();
		}

		private void failWhileDecoding(int number) {
			decodingError = new OutOfMemoryError("thrown by a test");
			connector.last().send(withoutPosition(number));
			decodingError = null;
		}

		private static String withoutPosition(int number) {
			return ScriptedConnection.update(number).replace("id: " + number + "\n", "");
		}

		private static String large(int size) {
			return withoutPosition(size).replace("\"taskId\"", "\"text\":\"" + "x".repeat(size) + "\",\"taskId\"");
		}

	}

	@Nested
	class Generations {

		@Test
		void ignoresWhatAFormerConnectionReports() {
			ScriptedConnection former = opened();
			former.sendUpdate(1);
			former.fail(BROKEN);
			nextAttempt();
			ScriptedConnection current = opened();
			former.open();
			former.sendUpdate(2);
			former.fail(REFUSED);
			former.end();
			assertThat(state()).isEqualTo(State.STREAMING);
			assertThat(queue.updates()).isOne();
			assertThat(connector.attempts()).isEqualTo(2);
			assertThat(current.isClosed()).isFalse();
		}

		@Test
		void neverHoldsTwoConnections() {
			for (int i = 0; i < 50; i++) {
				ScriptedConnection connection = opened();
				connection.sendUpdate(i);
				connection.fail(BROKEN);
				connection.fail(BROKEN);
				supervisor.pause();
				supervisor.resume();
				supervisor.resume();
				advance(Duration.ofMinutes(1));
				assertThat(connector.open()).isLessThanOrEqualTo(1);
			}
		}

	}

	@Nested
	class Status {

		@Test
		void countsFailuresInARowAndAltogether() {
			connector.last().fail(BROKEN);
			nextAttempt();
			connector.last().fail(BROKEN);
			nextAttempt();
			opened().fail(REFUSED);
			assertThat(supervisor.snapshot().connection()).satisfies((connection) -> {
				assertThat(connection.failures()).isOne();
				assertThat(connection.totalFailures()).isEqualTo(3);
				assertThat(connection.lastErrorKind()).isEqualTo("REFUSED");
				assertThat(connection.lastErrorStatus()).isEqualTo(401);
			});
		}

		@Test
		void doesNotTakeAConnectionThatBreaksAtOnceForTheEndOfAnOutage() {
			opened().sendUpdate(1);
			connector.last().fail(BROKEN);
			Instant lost = clock().instant();
			for (int i = 0; i < 5; i++) {
				nextAttempt();
				opened();
				advance(Duration.ofSeconds(1));
				assertThat(supervisor.snapshot().connection().disconnectedSince()).isNull();
				connector.last().end();
				assertThat(supervisor.snapshot().connection().disconnectedSince()).isEqualTo(lost);
			}
			nextAttempt();
			connector.last().fail(BROKEN);
			assertThat(supervisor.snapshot().connection().disconnectedSince()).isEqualTo(lost);
		}

		@Test
		void takesAConnectionThatBringsSomethingForTheEndOfAnOutage() {
			connector.last().fail(BROKEN);
			nextAttempt();
			opened().sendUpdate(1);
			connector.last().fail(BROKEN);
			assertThat(supervisor.snapshot().connection().disconnectedSince()).isEqualTo(clock().instant());
		}

		@Test
		void takesAConnectionThatLastsForTheEndOfAnOutage() {
			connector.last().fail(BROKEN);
			nextAttempt();
			opened();
			advance(Duration.ofSeconds(2));
			connector.last().fail(BROKEN);
			assertThat(supervisor.snapshot().connection().disconnectedSince()).isEqualTo(clock().instant());
		}

		@Test
		void tellsSinceWhenItCannotStart() {
			supervisor.standBy();
			advance(Duration.ofMinutes(1));
			Instant blocked = clock().instant();
			for (int i = 0; i < 3; i++) {
				supervisor.blocked(new IllegalStateException("private text"), Duration.ofSeconds(5));
				advance(Duration.ofSeconds(5));
			}
			assertThat(state()).isEqualTo(State.BACKING_OFF);
			assertThat(supervisor.snapshot().connection()).satisfies((connection) -> {
				assertThat(connection.disconnectedSince()).isEqualTo(blocked);
				assertThat(connection.retryIn()).isEqualTo(Duration.ofSeconds(5));
				assertThat(connection.lastError()).isEqualTo("java.lang.IllegalStateException before connecting");
			});
			supervisor.start(time.createWorker(), clock().instant());
			assertThat(supervisor.snapshot().connection().disconnectedSince()).isEqualTo(blocked);
			advance(Duration.ZERO);
			opened();
			assertThat(supervisor.snapshot().connection().lastError()).isNull();
		}

		@Test
		void doesNotTakeAPauseForAnOutage() {
			opened();
			supervisor.pause();
			advance(Duration.ofHours(1));
			Instant resumed = clock().instant();
			supervisor.resume();
			assertThat(supervisor.snapshot().connection().disconnectedSince()).isEqualTo(resumed);
		}

	}

	@Nested
	class Stopping {

		enum Situation {

			CONNECTING, STREAMING, BACKING_OFF, REFUSED, PAUSED, HELD_UP

		}

		@ParameterizedTest
		@EnumSource
		void endsInEverySituation(Situation situation) {
			bringInto(situation);
			int attempts = connector.attempts();
			supervisor.stop();
			advance(Duration.ofHours(1));
			assertThat(state()).isEqualTo(State.STOPPED);
			assertThat(connector.open()).isZero();
			assertThat(connector.attempts()).isEqualTo(attempts);
		}

		@ParameterizedTest
		@EnumSource
		void goesOnAfterTheNextStart(Situation situation) {
			bringInto(situation);
			supervisor.stop();
			supervisor.start(time.createWorker(), clock().instant());
			advance(Duration.ZERO);
			opened();
			assertThat(state()).isEqualTo(State.STREAMING);
			assertThat(connector.open()).isOne();
		}

		@Test
		void survivesAHundredRestarts() {
			for (int i = 0; i < 100; i++) {
				opened().sendUpdate(i);
				supervisor.stop();
				Scheduler.Worker worker = time.createWorker();
				supervisor.start(worker, clock().instant());
				advance(Duration.ZERO);
				assertThat(connector.last().request().lastPosition()).isEqualTo(i);
			}
			assertThat(connector.open()).isOne();
			assertThat(queue.updates()).isEqualTo(100);
		}

		private void bringInto(Situation situation) {
			switch (situation) {
				case CONNECTING -> assertThat(state()).isEqualTo(State.CONNECTING);
				case STREAMING -> opened();
				case BACKING_OFF -> connector.last().fail(BROKEN);
				case REFUSED -> connector.last().fail(REFUSED);
				case PAUSED -> supervisor.pause();
				case HELD_UP -> {
					ScriptedConnection connection = opened();
					for (int i = 0; i < 4; i++) {
						connection.sendUpdate(i);
					}
				}
			}
		}

	}

	@Nested
	class WithoutMemory {

		@Test
		void connectsAgainIfTheClientCannotBeRead() {
			connector.last().open();
			connector.failRequestsWith(new OutOfMemoryError("Java heap space"));
			connector.last().sendUpdate(1);
			assertThat(supervisor.snapshot().state()).isEqualTo(State.BACKING_OFF);
			connector.failRequestsWith(null);
			advance(Duration.ofSeconds(2));
			assertThat(connector.attempts()).isEqualTo(2);
			assertThat(connector.open()).isEqualTo(1);
		}

		@Test
		void connectsAgainIfTheDeliveryCannotAskForMore() {
			connector.last().open();
			for (int i = 1; i <= 5; i++) {
				connector.last().sendUpdate(i);
			}
			connector.failRequestsWith(new OutOfMemoryError("Java heap space"));
			supervisor.onRoom();
			connector.failRequestsWith(null);
			advance(Duration.ofSeconds(2));
			assertThat(connector.attempts()).isEqualTo(2);
		}

		@Test
		void connectsAgainIfThatCouldNotBeScheduled() {
			connector.last().open();
			outOfMemory.set(new OutOfMemoryError("unable to create native thread"));
			connector.last().fail(BROKEN);
			advance(Duration.ofSeconds(30));
			assertThat(connector.attempts()).isEqualTo(1);
			outOfMemory.set(null);
			advance(Duration.ofSeconds(2));
			assertThat(connector.attempts()).isEqualTo(2);
		}

		@Test
		void endsAnAttemptWhoseTimerCouldNotBeScheduled() {
			outOfMemory.set(new OutOfMemoryError("unable to create native thread"));
			connector.last().fail(BROKEN);
			advance(Duration.ofSeconds(1));
			outOfMemory.set(null);
			advance(Duration.ofMinutes(3));
			assertThat(connector.attempts()).isGreaterThan(2);
			assertThat(connector.open()).isEqualTo(1);
		}

	}

	@Nested
	class ATokenOfAnotherProject {

		@Test
		void isNoticedByPositionsThatDoNotFit(CapturedOutput output) {
			connector.last().open();
			connector.last().sendUpdate(100);
			token.set(token("secret-2"));
			connector.last().fail(BROKEN);
			advance(Duration.ofSeconds(2));
			connector.last().open();
			connector.last().sendUpdate(3);
			advance(Duration.ofSeconds(2));
			assertThat(output.toString().split("If the token is that of another project")).hasSize(2);
		}

		@Test
		void isNotMistakenForANewOneOfTheSameProject(CapturedOutput output) {
			connector.last().open();
			connector.last().sendUpdate(100);
			token.set(token("secret-2"));
			connector.last().fail(BROKEN);
			advance(Duration.ofSeconds(2));
			connector.last().open();
			connector.last().sendUpdate(101);
			advance(Duration.ofSeconds(2));
			assertThat(output).doesNotContain("of another project");
		}

	}

	@Nested
	class LogsOfAStreamThatGoesBack {

		@Test
		void areAFewLinesAMinute(CapturedOutput output) {
			connector.last().open();
			for (int i = 2000; i > 0; i--) {
				connector.last().sendUpdate(i);
			}
			advance(Duration.ofMinutes(2));
			assertThat(output.toString().lines().filter((line) -> line.contains("WARN")).count()).isBetween(1L, 5L);
			assertThat(output).contains("positions that went back: ");
		}

	}

	/**
	 * Schedules nothing but what is periodic while there is no memory.
	 */
	private record LimitedWorker(Scheduler.Worker delegate,
			Supplier<@Nullable Error> failure) implements Scheduler.Worker {

		@Override
		public Disposable schedule(Runnable task) {
			return this.delegate.schedule(task);
		}

		@Override
		public Disposable schedule(Runnable task, long delay, TimeUnit unit) {
			Error error = this.failure.get();
			if (error != null) {
				throw error;
			}
			return this.delegate.schedule(task, delay, unit);
		}

		@Override
		public Disposable schedulePeriodically(Runnable task, long initialDelay, long period, TimeUnit unit) {
			return this.delegate.schedulePeriodically(task, initialDelay, period, unit);
		}

		@Override
		public void dispose() {
			this.delegate.dispose();
		}

	}

	private static final class RecordedEvents implements StreamEvents {

		private final List<ConnectionFailure> failures = new ArrayList<>();

		private final List<String> connected = new ArrayList<>();

		private final List<String> told = new ArrayList<>();

		private final List<Gap> gaps = new ArrayList<>();

		@Override
		public void connected(Duration outage, int attempts, boolean afterRefusal) {
			this.connected.add("connected after " + attempts + " attempts" + (afterRefusal ? ", refused before" : ""));
		}

		@Override
		public void reconnecting(int attempt, Duration delay, ConnectionFailure cause) {
			this.told.add("reconnecting");
		}

		@Override
		public void failed(ConnectionFailure failure) {
			this.failures.add(failure);
		}

		@Override
		public void unusable() {
			this.told.add("unusable");
		}

		@Override
		public void caughtUp() {
			this.told.add("caught up");
		}

		@Override
		public void idle(Duration idle) {
			this.told.add("idle");
		}

		@Override
		public void noLongerIdle(Duration idle) {
			this.told.add("no longer idle");
		}

		@Override
		public void gap(Gap gap) {
			this.gaps.add(gap);
		}

		@Override
		public void positionRefused() {
			this.told.add("position refused");
		}

	}

}
