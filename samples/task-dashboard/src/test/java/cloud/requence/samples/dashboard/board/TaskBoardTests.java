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

package cloud.requence.samples.dashboard.board;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import cloud.requence.samples.dashboard.payload.KeptPayload;
import cloud.requence.samples.dashboard.payload.PayloadAddress;
import cloud.requence.samples.dashboard.support.MutableClock;
import cloud.requence.samples.dashboard.support.Updates;
import cloud.requence.task.TaskUpdate;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.util.unit.DataSize;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;

/**
 * Tests for {@link TaskBoard}.
 */
class TaskBoardTests {

	private final MutableClock clock = new MutableClock();

	private TaskBoard board = new TaskBoard(BoardLimits.DEFAULT, AttentionProperties.DEFAULT, this.clock);

	private void apply(TaskUpdate... updates) {
		for (TaskUpdate update : updates) {
			this.board.apply(update);
		}
	}

	private BoardChanges everything() {
		return this.board.changesSince(-1, Long.MIN_VALUE);
	}

	private TaskRow row(String id) {
		return everything().tasks().stream().filter((task) -> task.id().equals(id)).findFirst().orElseThrow();
	}

	private TaskDetails details(String id) {
		return this.board.details(id).orElseThrow();
	}

	private KeptPayload.View kept(String of) {
		return this.board.payload("task", new PayloadAddress(of, null, null)).orElseThrow().view();
	}

	private List<String> ids() {
		return everything().tasks().stream().map(TaskRow::id).toList();
	}

	@Nested
	class OfATask {

		private final Updates task = Updates.of("task").named("Invoice 7");

		@Test
		void showsARunningTaskWithItsNodes() {
			apply(this.task.start("{\"a\":1}"), this.task.nodeStart("scan"), this.task.nodeUpdate("scan", "[1]"),
					this.task.nodeEnd("scan"), this.task.nodeStart("book"));
			TaskRow row = row("task");
			assertThat(row.name()).isEqualTo("Invoice 7");
			assertThat(row.state()).isEqualTo(TaskState.RUNNING);
			assertThat(row.endedAt()).isNull();
			assertThat(row.incomplete()).isFalse();
			assertThat(row.updates()).isEqualTo(5);
			assertThat(row.nodeStates()).containsExactly(NodeState.DONE, NodeState.ACTIVE);
			assertThat(row.done()).isOne();
			assertThat(row.nodes()).isEqualTo(2);
			assertThat(row.current()).containsExactly("book");
		}

		static Stream<Object> ends() {
			return Stream.of(argumentSet("end", end((task) -> task.end("1")), TaskState.SUCCEEDED),
					argumentSet("error", end((task) -> task.fail("no")), TaskState.FAILED),
					argumentSet("abort", end((task) -> task.abort("no")), TaskState.ABORTED));
		}

		private static Function<Updates, TaskUpdate> end(Function<Updates, TaskUpdate> end) {
			return end;
		}

		@ParameterizedTest
		@MethodSource("ends")
		void endsOnce(Function<Updates, TaskUpdate> end, TaskState state) {
			apply(this.task.start(), this.task.nodeStart("scan"), end.apply(this.task), this.task.fail("again"),
					this.task.end("{}"));
			assertThat(row("task").state()).isEqualTo(state);
			assertThat(row("task").nodeStates()).containsExactly(NodeState.STOPPED);
			TaskCounters counters = everything().counters();
			assertThat(counters.running()).isZero();
			assertThat(counters.succeeded() + counters.failed() + counters.aborted()).isOne();
			assertThat(counters.updates()).isEqualTo(5);
		}

		@Test
		void keepsItsOutcomeWhenItsEndIsRepeated() {
			apply(this.task.start(), this.task.end("1"), this.task.fail("again"));
			assertThat(row("task").reason()).isNull();
			assertThat(details("task").reason()).isNull();
		}

		@Test
		void saysInOneLineWhyItFailed() {
			apply(this.task.start(), this.task.fail("no\n\t money"));
			assertThat(row("task").reason()).isEqualTo("no money");
		}

		@Test
		void saysWhichNodeHasFailedIfNoReasonWasGiven() {
			apply(this.task.start(), this.task.nodeStart("scan"), this.task.nodeError("scan", "out of paper"),
					this.task.fail(null));
			assertThat(row("task").reason()).isEqualTo("scan: out of paper");
		}

		@Test
		void saysWhichNodeFails() {
			apply(this.task.start(), this.task.nodeStart("scan"), this.task.nodeError("scan", "out of paper"));
			assertThat(row("task").failing()).isTrue();
			assertThat(row("task").reason()).isEqualTo("scan: out of paper");
			apply(this.task.nodeStart("scan"));
			assertThat(row("task").failing()).isFalse();
			assertThat(row("task").reason()).isNull();
		}

		@Test
		void isFoundByAllOfItsNodesAndErrors() {
			apply(this.task.start(), this.task.nodeStart("scan"), this.task.nodeError("scan", "out of paper"),
					this.task.nodeStart("scan"), this.task.nodeEnd("scan"));
			IntStream.range(0, 150).forEach((i) -> apply(this.task.nodeStart("node " + i)));
			assertThat(row("task").search()).contains("scan", "out of paper", "node 0", "node 149");
		}

		@Test
		void tellsWhatItIsFoundByOnlyWhenThatChanges() {
			apply(this.task.start(), this.task.nodeStart("scan"));
			long version = everything().version();
			apply(this.task.nodeUpdate("scan", "1"));
			assertThat(rowSince(version).search()).isNull();
			apply(this.task.nodeStart("book"));
			assertThat(rowSince(version).search()).contains("scan", "book");
		}

		private TaskRow rowSince(long version) {
			return TaskBoardTests.this.board.changesSince(version, Long.MIN_VALUE).tasks().get(0);
		}

		@Test
		void tellsOnlyTheNodesThatHaveChanged() {
			apply(this.task.start(), this.task.nodeStart("scan"), this.task.nodeStart("book"));
			long version = row("task").version();
			apply(this.task.nodeEnd("book"));
			TaskDetails details = TaskBoardTests.this.board.details("task", version).orElseThrow();
			assertThat(details.complete()).isFalse();
			assertThat(details.nodes()).extracting(BoardNode.View::alias).containsExactly("book");
			apply(this.task.fail("no"));
			details = TaskBoardTests.this.board.details("task", details.task().version()).orElseThrow();
			assertThat(details.nodes()).extracting(BoardNode.View::alias, BoardNode.View::state)
				.containsExactly(tuple("scan", NodeState.STOPPED));
		}

		@Test
		void showsThatItsAbortWasAcceptedUntilItEnds() {
			apply(this.task.start());
			TaskBoardTests.this.board.abortRequested("task");
			assertThat(row("task").abortAt()).isEqualTo(TaskBoardTests.this.clock.millis());
			apply(this.task.abort("not wanted"));
			assertThat(row("task").abortAt()).isNull();
			TaskBoardTests.this.board.abortRequested("task");
			assertThat(row("task").abortAt()).isNull();
		}

		@Test
		void isDueAfterTheTimeThatIsUsualForItsName() {
			TaskBoard board = new TaskBoard(BoardLimits.DEFAULT,
					new AttentionProperties(Duration.ofHours(24), Duration.ofMinutes(15), Duration.ofMinutes(2),
							Duration.ofMinutes(10), Map.of("invoice", Duration.ofMinutes(2))),
					TaskBoardTests.this.clock);
			for (String name : List.of("invoice", "order 1", "rare")) {
				board.apply(Updates.of(name).named(name).nodeStart("scan"));
			}
			board.apply(Updates.of("order 2").named("order 2").end("7"));
			long version = board.changesSince(-1, 0).version();
			board.usualLimits(Map.of("invoice", Duration.ofMinutes(1), "order *", Duration.ofSeconds(30)));
			assertThat(board.changesSince(version, 0).tasks()).extracting(TaskRow::id).containsExactly("order 1");
			board.apply(Updates.of("order 3").named("order 3").nodeStart("scan"));
			assertThat(board.changesSince(-1, 0).tasks())
				.extracting(TaskRow::id, (row) -> row.dueAt() - row.startedAt())
				.contains(tuple("invoice", 120_000L), tuple("order 1", 30_000L), tuple("order 3", 30_000L),
						tuple("rare", 600_000L));
		}

		@Test
		void isDueAfterTheTimeOfItsName() {
			AttentionProperties attention = new AttentionProperties(Duration.ofHours(1), Duration.ofMinutes(1),
					Duration.ofMinutes(1), Duration.ofMinutes(10),
					Map.of("Invoice*", Duration.ofMinutes(2), "Inv*", Duration.ofMinutes(3)));
			TaskBoardTests.this.board = new TaskBoard(BoardLimits.DEFAULT, attention, TaskBoardTests.this.clock);
			apply(this.task.start(), Updates.of("order").start());
			assertThat(row("task").dueAt() - row("task").startedAt()).isEqualTo(120_000);
			assertThat(row("order").dueAt() - row("order").startedAt()).isEqualTo(600_000);
		}

		@Test
		void tellsInputOutputsErrorsAndResult() {
			apply(this.task.start("{\"a\":1}"), this.task.nodeStart("scan"),
					this.task.nodeUpdate("scan", "\"old\"", "out"), this.task.nodeUpdate("scan", "\"new\"", "out"),
					this.task.nodeUpdate("scan", "\"default\""), this.task.nodeDefer("scan", "later"),
					this.task.nodeError("scan", "broken"), this.task.end("{\"b\":2}"));
			TaskDetails details = details("task");
			assertThat(kept("input")).isEqualTo(new KeptPayload.View("{\"a\":1}", 7, false));
			assertThat(kept("result")).isEqualTo(new KeptPayload.View("{\"b\":2}", 7, false));
			BoardNode.View node = details.nodes().get(0);
			assertThat(node.alias()).isEqualTo("scan");
			assertThat(node.state()).isEqualTo(NodeState.FAILED);
			assertThat(node.outputs()).extracting(BoardNode.Output::name, (output) -> output.data().kept().json())
				.containsExactly(tuple("out", "\"new\""), tuple("", "\"default\""));
			assertThat(node.marks()).extracting(NodeMark::kind, NodeMark::text)
				.containsExactly(tuple(NodeMark.Kind.START, null), tuple(NodeMark.Kind.UPDATE, "out"),
						tuple(NodeMark.Kind.UPDATE, "out"), tuple(NodeMark.Kind.UPDATE, null),
						tuple(NodeMark.Kind.DEFER, "later"), tuple(NodeMark.Kind.ERROR, "broken"));
		}

		@Test
		void tellsWhyItFailed() {
			apply(this.task.start(), this.task.fail("no money"));
			assertThat(details("task").reason()).isEqualTo("no money");
		}

		@Test
		void countsANodeThatIsTriedAgainOnce() {
			apply(this.task.start(), this.task.nodeStart("scan"), this.task.nodeError("scan", "broken"),
					this.task.nodeStart("scan"), this.task.nodeEnd("scan"));
			assertThat(row("task").nodeStates()).containsExactly(NodeState.DONE);
		}

		@Test
		void goesOnAfterADeferral() {
			apply(this.task.start(), this.task.nodeStart("scan"), this.task.nodeDefer("scan", null));
			assertThat(row("task").nodeStates()).containsExactly(NodeState.DEFERRED);
			apply(this.task.nodeUpdate("scan", "1"));
			assertThat(row("task").nodeStates()).containsExactly(NodeState.ACTIVE);
		}

		@Test
		void isIncompleteIfItsStartWasNotSeen() {
			apply(this.task.nodeStart("scan"));
			assertThat(row("task").incomplete()).isTrue();
		}

		@Test
		void becomesIncompleteWhenTheWatcherHasForgottenIt() {
			apply(this.task.start());
			assertThat(row("task").incomplete()).isFalse();
			apply(this.task.withoutStart().nodeStart("scan"));
			assertThat(row("task").incomplete()).isTrue();
		}

		@Test
		void hasTheTimesOfThePlatform() {
			Instant start = TaskBoardTests.this.clock.instant().minusSeconds(60);
			apply(this.task.at(start).start(), this.task.at(start.plusSeconds(5)).end("1"));
			assertThat(row("task").startedAt()).isEqualTo(start.toEpochMilli());
			assertThat(row("task").endedAt()).isEqualTo(start.plusSeconds(5).toEpochMilli());
		}

		@Test
		void neverEndsBeforeItStarts() {
			Instant start = TaskBoardTests.this.clock.instant();
			apply(this.task.at(start).start(), this.task.at(start.minusSeconds(5)).end("1"));
			assertThat(row("task").endedAt()).isEqualTo(start.toEpochMilli());
		}

		@Test
		void nodesDoNotHappenInTheFuture() {
			Instant now = TaskBoardTests.this.clock.instant();
			apply(this.task.at(now).start(), this.task.at(now.plus(Duration.ofDays(2591))).nodeStart("scan"),
					this.task.at(now.plusSeconds(5)).end("1"));
			assertThat(details("task").nodes().get(0).marks().get(0).at()).isEqualTo(now.toEpochMilli());
			assertThat(row("task").endedAt()).isEqualTo(now.plusSeconds(5).toEpochMilli());
		}

		@ParameterizedTest
		@ValueSource(strings = { "-1000000000-01-01T00:00:00Z", "+1000000000-12-31T23:59:59Z", "1970-01-01T00:00:00Z",
				"2010-01-01T00:00:00Z", "2034-01-01T00:00:00Z" })
		void doesNotTrustImpossibleTimes(String time) {
			apply(this.task.at(Instant.parse(time)).start());
			assertThat(row("task").startedAt()).isEqualTo(TaskBoardTests.this.clock.millis());
		}

	}

	@Nested
	class OfAFamily {

		@Test
		void linksRootAndSubTasks() {
			apply(Updates.of("root").start(), Updates.of("sub").below("root").start());
			assertThat(row("sub").rootId()).isEqualTo("root");
			assertThat(details("root").root()).isNull();
			assertThat(details("root").subTasks())
				.containsExactly(new TaskDetails.Link("sub", "sub", TaskState.RUNNING));
			assertThat(details("sub").root()).isEqualTo(new TaskDetails.Link("root", "root", TaskState.RUNNING));
		}

		@Test
		void linksToARootThatIsNotOnTheBoard() {
			apply(Updates.of("sub").below("root").start());
			assertThat(details("sub").root()).isEqualTo(new TaskDetails.Link("root", null, null));
		}

		@Test
		void aTaskIsNotItsOwnRoot() {
			apply(Updates.of("task").below("task").start());
			assertThat(row("task").rootId()).isNull();
			assertThat(details("task").subTasks()).isEmpty();
		}

	}

	@Nested
	class Changes {

		@Test
		void holdOnlyWhatIsNew() {
			apply(Updates.of("a").start(), Updates.of("b").start());
			long version = everything().version();
			assertThat(TaskBoardTests.this.board.changesSince(version, Long.MIN_VALUE).tasks()).isEmpty();
			apply(Updates.of("a").nodeStart("scan"));
			BoardChanges changes = TaskBoardTests.this.board.changesSince(version, Long.MIN_VALUE);
			assertThat(changes.complete()).isFalse();
			assertThat(changes.tasks()).extracting(TaskRow::id).containsExactly("a");
			assertThat(changes.removed()).isEmpty();
		}

		@Test
		void nameTasksThatWereRemoved() {
			TaskBoardTests.this.board = boardFor(1, 10);
			apply(Updates.of("a").start(), Updates.of("a").end("1"));
			long version = everything().version();
			apply(Updates.of("b").start(), Updates.of("b").end("1"));
			BoardChanges changes = TaskBoardTests.this.board.changesSince(version, Long.MIN_VALUE);
			assertThat(changes.removed()).containsExactly("a");
			assertThat(changes.tasks()).extracting(TaskRow::id).containsExactly("b");
		}

		@Test
		void doNotNameATaskThatCameBack() {
			TaskBoardTests.this.board = boardFor(10, 1);
			apply(Updates.of("a").start());
			long version = everything().version();
			apply(Updates.of("b").start(), Updates.of("a").nodeStart("scan"));
			BoardChanges changes = TaskBoardTests.this.board.changesSince(version, Long.MIN_VALUE);
			assertThat(changes.removed()).containsExactly("b");
			assertThat(changes.tasks()).extracting(TaskRow::id).containsExactly("a");
			assertThat(row("a").incomplete()).isTrue();
		}

		@Test
		void areCompleteForOneThatWasAwayForTooLong() {
			TaskBoardTests.this.board = boardFor(1, 10);
			apply(Updates.of("first").start());
			long version = everything().version();
			IntStream.range(0, 3000).mapToObj((i) -> Updates.of("task " + i)).forEach((task) -> apply(task.end("1")));
			BoardChanges changes = TaskBoardTests.this.board.changesSince(version, Long.MIN_VALUE);
			assertThat(changes.complete()).isTrue();
			assertThat(changes.tasks()).extracting(TaskRow::id).containsExactlyInAnyOrder("task 2999", "first");
		}

		@Test
		void areCompleteForOneThatKnowsAnotherBoard() {
			assertThat(TaskBoardTests.this.board.changesSince(7, Long.MIN_VALUE).complete()).isTrue();
		}

		private TaskBoard boardFor(int finished, int open) {
			return new TaskBoard(BoardLimits.DEFAULT.withTasks(finished, open), AttentionProperties.DEFAULT,
					TaskBoardTests.this.clock);
		}

	}

	@Nested
	class Bounds {

		@Test
		void keepTheLatestFinishedTasks() {
			TaskBoardTests.this.board = new TaskBoard(BoardLimits.DEFAULT.withTasks(3, 10), AttentionProperties.DEFAULT,
					TaskBoardTests.this.clock);
			IntStream.range(0, 10).mapToObj((i) -> Updates.of("task " + i)).forEach((task) -> apply(task.end("1")));
			assertThat(ids()).containsExactly("task 7", "task 8", "task 9");
			assertThat(everything().counters().succeeded()).isEqualTo(10);
		}

		@Test
		void neverRemoveAFailureForASuccess() {
			IntStream.range(0, 4).mapToObj((i) -> Updates.of("failed " + i)).forEach((task) -> apply(task.fail("no")));
			apply(Updates.of("aborted").abort("no"));
			IntStream.range(0, 600).mapToObj((i) -> Updates.of("task " + i)).forEach((task) -> apply(task.end("1")));
			assertThat(ids()).hasSize(505).contains("failed 0", "failed 1", "failed 2", "failed 3", "aborted");
			assertThat(everything().counters().failed()).isEqualTo(4);
		}

		@Test
		void leaveRoomForFailuresWhenMemoryIsShort() {
			TaskBoardTests.this.board = new TaskBoard(
					BoardLimits.DEFAULT.withSize(DataSize.ofKilobytes(64), DataSize.ofKilobytes(300)),
					AttentionProperties.DEFAULT, TaskBoardTests.this.clock);
			String large = "\"" + "x".repeat(30_000) + "\"";
			IntStream.range(0, 3).mapToObj((i) -> Updates.of("failed " + i)).forEach((task) -> {
				apply(task.start(large), task.fail("no"));
			});
			IntStream.range(0, 20).mapToObj((i) -> Updates.of("open " + i)).forEach((task) -> apply(task.start(large)));
			assertThat(ids()).contains("failed 1", "failed 2", "open 19").hasSizeBetween(8, 10);
			assertThat(everything().counters().running()).isEqualTo(20);
		}

		@Test
		void countRunningTasksForWhichThereIsNoRoom() {
			TaskBoardTests.this.board = new TaskBoard(BoardLimits.DEFAULT.withTasks(10, 2), AttentionProperties.DEFAULT,
					TaskBoardTests.this.clock);
			IntStream.range(0, 5).mapToObj((i) -> Updates.of("task " + i)).forEach((task) -> apply(task.start()));
			assertThat(ids()).hasSize(2);
			assertThat(everything().counters().running()).isEqualTo(5);
			apply(Updates.of("task 0").end("1"), Updates.of("task 4").end("1"));
			TaskCounters counters = everything().counters();
			assertThat(counters.running()).isEqualTo(3);
			assertThat(counters.runningExact()).isTrue();
			assertThat(counters.succeeded()).isEqualTo(2);
		}

		@Test
		void sayThatMoreTasksRunThanAreRemembered() {
			TaskBoardTests.this.board = new TaskBoard(BoardLimits.DEFAULT.withTasks(10, 2).withForgottenTasks(2),
					AttentionProperties.DEFAULT, TaskBoardTests.this.clock);
			IntStream.range(0, 5).mapToObj((i) -> Updates.of("task " + i)).forEach((task) -> apply(task.start()));
			assertThat(everything().counters().running()).isEqualTo(4);
			assertThat(everything().counters().runningExact()).isFalse();
		}

		@Test
		void keepTheStartOfATaskThatComesBack() {
			TaskBoardTests.this.board = new TaskBoard(BoardLimits.DEFAULT.withTasks(10, 1), AttentionProperties.DEFAULT,
					TaskBoardTests.this.clock);
			long start = TaskBoardTests.this.clock.millis();
			apply(Updates.of("a").start(), Updates.of("b").start());
			TaskBoardTests.this.clock.advance(Duration.ofMinutes(5));
			apply(Updates.of("a").nodeStart("scan"));
			assertThat(row("a").startedAt()).isEqualTo(start);
		}

		@Test
		void doNotBringBackAnEndedTaskWithALateUpdate() {
			TaskBoardTests.this.board = new TaskBoard(BoardLimits.DEFAULT.withTasks(1, 10), AttentionProperties.DEFAULT,
					TaskBoardTests.this.clock);
			apply(Updates.of("a").start(), Updates.of("a").end("1"), Updates.of("b").end("1"));
			apply(Updates.of("a").nodeEnd("scan"), Updates.of("a").end("1"), Updates.of("a").start());
			assertThat(ids()).containsExactly("b");
			TaskCounters counters = everything().counters();
			assertThat(counters.running()).isZero();
			assertThat(counters.succeeded()).isEqualTo(2);
			assertThat(counters.updates()).isEqualTo(6);
		}

		@Test
		void forgetTheOpenTasksThatAreSilent() {
			TaskBoardTests.this.board = new TaskBoard(BoardLimits.DEFAULT.withTasks(10, 2), AttentionProperties.DEFAULT,
					TaskBoardTests.this.clock);
			apply(Updates.of("a").start(), Updates.of("b").start(), Updates.of("a").nodeStart("scan"),
					Updates.of("c").start());
			assertThat(ids()).containsExactlyInAnyOrder("a", "c");
		}

		@Test
		void keepOnlyTheBeginningOfALargePayload() {
			TaskBoardTests.this.board = new TaskBoard(
					BoardLimits.DEFAULT.withSize(DataSize.ofBytes(300), DataSize.ofMegabytes(1)),
					AttentionProperties.DEFAULT, TaskBoardTests.this.clock);
			String input = "\"" + "€".repeat(1000) + "\"";
			apply(Updates.of("a").start(input));
			KeptPayload.View kept = TaskBoardTests.this.board.payload("a", new PayloadAddress("input", null, null))
				.orElseThrow()
				.view();
			assertThat(kept.truncated()).isTrue();
			assertThat(kept.size()).isEqualTo(3002);
			assertThat(input).startsWith(kept.text());
			assertThat(kept.text()).hasSizeBetween(50, 100);
		}

		@Test
		void holdForTheMemoryOfAllTasks() {
			TaskBoardTests.this.board = new TaskBoard(
					BoardLimits.DEFAULT.withSize(DataSize.ofKilobytes(64), DataSize.ofKilobytes(300)),
					AttentionProperties.DEFAULT, TaskBoardTests.this.clock);
			String large = "\"" + "x".repeat(60_000) + "\"";
			apply(Updates.of("open").start());
			IntStream.range(0, 10).mapToObj((i) -> Updates.of("task " + i)).forEach((task) -> apply(task.end(large)));
			assertThat(ids()).hasSizeBetween(4, 6).contains("task 8", "task 9", "open");
			IntStream.range(0, 10).mapToObj((i) -> Updates.of("open " + i)).forEach((task) -> apply(task.start(large)));
			assertThat(ids()).hasSizeBetween(4, 6).contains("open 7", "open 8", "open 9").doesNotContain("open");
		}

		@Test
		void holdForASingleTask() {
			Updates task = Updates.of("task");
			apply(task.start());
			IntStream.range(0, 1000).forEach((i) -> apply(task.nodeStart("node " + i)));
			IntStream.range(0, 1000).forEach((i) -> apply(task.nodeUpdate("node 0", "1", "output " + i)));
			apply(task.nodeEnd("node 0"));
			TaskDetails details = details("task");
			assertThat(details.nodes()).hasSize(BoardLimits.DEFAULT.nodes());
			assertThat(details.furtherNodes()).isEqualTo(new TaskDetails.FurtherNodes(900, 0, 0, false));
			BoardNode.View node = details.nodes().get(0);
			assertThat(node.marks()).hasSize(BoardLimits.DEFAULT.marks());
			assertThat(node.marks().get(99).kind()).isEqualTo(NodeMark.Kind.END);
			assertThat(node.hiddenMarks()).isEqualTo(902);
			assertThat(node.outputs()).extracting(BoardNode.Output::name)
				.containsExactly("output 996", "output 997", "output 998", "output 999");
			assertThat(row("task").nodeStates()).hasSize(24);
			assertThat(row("task").nodes()).isEqualTo(1000);
			assertThat(row("task").done()).isOne();
		}

		@Test
		void holdForTexts() {
			String endless = "\uD83D\uDE00".repeat(100_000);
			Updates task = Updates.of("x" + endless).named(endless).below(endless);
			apply(task.start(), task.nodeStart(endless), task.nodeError(endless, endless), task.fail(endless));
			TaskRow row = everything().tasks().get(0);
			assertThat(row.id()).hasSizeLessThanOrEqualTo(200);
			assertThat(row.name()).hasSize(200);
			assertThat(row.rootId()).hasSize(200);
			assertThat(Character.isHighSurrogate(row.id().charAt(row.id().length() - 1))).isFalse();
			TaskDetails details = details(row.id());
			assertThat(details.reason()).hasSize(2000);
			assertThat(details.nodes().get(0).alias()).hasSize(200);
			assertThat(details.nodes().get(0).marks().get(1).text()).hasSize(2000);
		}

	}

	@Test
	void countsUpdatesByTheSecondOfTheirDelivery() {
		long second = this.clock.instant().getEpochSecond();
		Updates old = Updates.of("task").at(this.clock.instant().minusSeconds(3600));
		apply(old.start(), old.nodeStart("scan"));
		this.clock.advance(Duration.ofSeconds(2));
		apply(old.end("1"));
		this.clock.advance(Duration.ofSeconds(1));
		UpdateRate.Points rate = everything().rate();
		assertThat(rate.from()).isEqualTo(second);
		assertThat(rate.counts()).containsExactly(2, 0, 1);
	}

	@Test
	void knowsNoOtherTasks() {
		assertThat(this.board.details("task")).isEmpty();
	}

}
