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

package cloud.requence.task.context;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import cloud.requence.task.NodeUpdate;
import cloud.requence.task.TaskAborted;
import cloud.requence.task.TaskEnd;
import cloud.requence.task.TaskError;
import cloud.requence.task.TaskPayload;
import cloud.requence.task.TaskStart;
import cloud.requence.task.TaskUpdate;
import cloud.requence.task.TaskWatcherStatus.Contexts;
import cloud.requence.task.UnknownUpdate;
import cloud.requence.task.UpdateType;
import cloud.requence.task.stream.RawUpdate;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link ContextAssembler}.
 */
class ContextAssemblerTests {

	private static final long PLENTY = 1_000_000_000;

	private static final Duration HOUR = Duration.ofHours(1);

	private final ManualTicker ticker = new ManualTicker();

	private final ContextAssembler assembler = new ContextAssembler(PLENTY, HOUR, this.ticker::nanoTime);

	private TaskUpdate assemble(RawUpdate update) {
		return this.assembler.assemble(update);
	}

	private static TaskPayload json(String json) {
		return TaskPayload.of(json);
	}

	@Nested
	class AnOpenTask {

		@Test
		void keepsItsInputUntilItsEnd() {
			assertThat(assemble(RawUpdates.taskStart("t", "1")).context().input()).isEqualTo(json("1"));
			assertThat(assemble(RawUpdates.nodeStart("t")).context().input()).isEqualTo(json("1"));
			TaskUpdate end = assemble(RawUpdates.taskEnd("t", "2"));
			assertThat(end.context().input()).isEqualTo(json("1"));
			assertThat(end.context().result()).isEqualTo(json("2"));
		}

		@Test
		void keepsTheLatestDataAndErrorOfEachNode() {
			assemble(RawUpdates.taskStart("t", null));
			assemble(RawUpdates.nodeUpdate("t", "a", "1"));
			assemble(RawUpdates.nodeUpdate("t", "b", "null"));
			assemble(RawUpdates.nodeError("t", "a", "first"));
			assemble(RawUpdates.nodeUpdate("t", "a", "2"));
			TaskUpdate update = assemble(RawUpdates.nodeError("t", "a", "second"));
			assertThat(update.context().nodeData()).containsExactly(Map.entry("a", json("2")),
					Map.entry("b", json("null")));
			assertThat(update.context().nodeErrors()).containsExactly(Map.entry("a", "second"));
		}

		@Test
		void doesNotKeepWhatHasNoAliasOrNoValue() {
			assemble(RawUpdates.taskStart("t", null));
			assemble(RawUpdates.nodeUpdate("t", null, "1"));
			assemble(RawUpdates.nodeUpdate("t", "a", null));
			assemble(RawUpdates.nodeError("t", null, "failed"));
			TaskUpdate update = assemble(RawUpdates.nodeError("t", "a", null));
			assertThat(update.context().nodeData()).isEmpty();
			assertThat(update.context().nodeErrors()).isEmpty();
		}

		@Test
		void handsOutSnapshots() {
			assemble(RawUpdates.taskStart("t", null));
			TaskUpdate before = assemble(RawUpdates.nodeUpdate("t", "a", "1"));
			assemble(RawUpdates.nodeUpdate("t", "a", "2"));
			assertThat(before.context().nodeData("a")).isEqualTo(json("1"));
		}

		@Test
		void remembersItsNameAndItsRootTask() {
			assemble(RawUpdates.taskStart("t", null, "Invoice", "root"));
			TaskUpdate update = assemble(RawUpdates.nodeStart("t"));
			assertThat(update.name()).isEqualTo("Invoice");
			assertThat(update.rootTaskId()).isEqualTo("root");
			TaskUpdate end = assemble(RawUpdates.taskEnd("t", null));
			assertThat(end.name()).isEqualTo("Invoice");
			assertThat(end.rootTaskId()).isEqualTo("root");
		}

		@Test
		void doesNotShareItsContextWithOthers() {
			assemble(RawUpdates.taskStart("t", "1"));
			assemble(RawUpdates.taskStart("other", "2"));
			assertThat(assemble(RawUpdates.nodeUpdate("other", "a", "3")).context().input()).isEqualTo(json("2"));
			assertThat(assemble(RawUpdates.nodeStart("t")).context().nodeData()).isEmpty();
		}

		@Test
		void startsAnewIfItStartsAgain() {
			assemble(RawUpdates.taskStart("t", "1"));
			assemble(RawUpdates.nodeUpdate("t", "a", "1"));
			TaskUpdate restart = assemble(RawUpdates.taskStart("t", "2"));
			assertThat(restart.context().input()).isEqualTo(json("2"));
			assertThat(restart.context().nodeData()).isEmpty();
			assertThat(ContextAssemblerTests.this.assembler.contexts().tasks()).isEqualTo(1);
		}

		@Test
		void isOfUseToUpdatesOfUnknownTypes() {
			assemble(RawUpdates.taskStart("t", "1"));
			UnknownUpdate update = (UnknownUpdate) assemble(RawUpdates.unknown("t"));
			assertThat(update.context().input()).isEqualTo(json("1"));
			assertThat(update.incomplete()).isFalse();
			assertThat(update.header().additional()).containsOnlyKeys("x");
		}

		@ParameterizedTest
		@EnumSource(names = { "TASK_END", "TASK_ERROR", "TASK_ABORTED" })
		void isForgottenAtItsEnd(UpdateType type) {
			assemble(RawUpdates.taskStart("t", "1"));
			TaskUpdate end = assemble(RawUpdates.terminal(type, "t", null, "text"));
			assertThat(end.incomplete()).isFalse();
			assertThat(end.context().input()).isEqualTo(json("1"));
			assertThat(ContextAssemblerTests.this.assembler.contexts()).isEqualTo(new Contexts(0, 0, 0));
			assertThat(assemble(RawUpdates.nodeStart("t")).incomplete()).isTrue();
		}

		@Test
		void tellsAtItsEndWhatTheEndTells() {
			assertThat(assemble(RawUpdates.terminal(UpdateType.TASK_END, "t", "1", "exit")))
				.isInstanceOfSatisfying(TaskEnd.class, (end) -> {
					assertThat(end.result()).isEqualTo(json("1"));
					assertThat(end.exit()).isEqualTo("exit");
					assertThat(end.requireAck()).isTrue();
				});
			assertThat(assemble(RawUpdates.terminal(UpdateType.TASK_ERROR, "t", null, "why"))).isInstanceOfSatisfying(
					TaskError.class, (error) -> assertThat(error.reason() + error.requireAck()).isEqualTo("whytrue"));
			assertThat(assemble(RawUpdates.terminal(UpdateType.TASK_ABORTED, "t", null, "why"))).isInstanceOfSatisfying(
					TaskAborted.class, (abort) -> assertThat(abort.reason() + abort.requireAck()).isEqualTo("whytrue"));
		}

		@Test
		void isIncompleteOnceItHasMoreAliasesThanAreKept() {
			assemble(RawUpdates.taskStart("t", "1"));
			for (int i = 0; i < 10_000; i++) {
				assertThat(assemble(RawUpdates.nodeUpdate("t", "a" + i, "1")).incomplete()).isFalse();
			}
			TaskUpdate update = assemble(RawUpdates.nodeUpdate("t", "one more", "1"));
			assertThat(update.incomplete()).isTrue();
			assertThat(update.context().nodeData()).hasSize(10_000);
			assertThat(assemble(RawUpdates.nodeUpdate("t", "a0", "2")).context().nodeData("a0")).isEqualTo(json("2"));
			assertThat(assemble(RawUpdates.taskEnd("t", "1")).incomplete()).isTrue();
		}

	}

	@Nested
	class ATaskWhoseStartWasNotSeen {

		@Test
		void isIncompleteAndHoldsWhatWasSeenSince() {
			TaskUpdate first = assemble(RawUpdates.nodeUpdate("t", "a", "1"));
			TaskUpdate second = assemble(RawUpdates.nodeUpdate("t", "b", "2"));
			TaskUpdate end = assemble(RawUpdates.taskEnd("t", "3"));
			assertThat(List.of(first, second, end)).allMatch(TaskUpdate::incomplete);
			assertThat(end.context().nodeData()).containsOnlyKeys("a", "b");
			assertThat(end.context().input()).isNull();
		}

		@Test
		void isCompleteOnceItStarts() {
			assemble(RawUpdates.nodeStart("t"));
			assertThat(assemble(RawUpdates.taskStart("t", "1")).incomplete()).isFalse();
			assertThat(assemble(RawUpdates.nodeStart("t")).incomplete()).isFalse();
		}

		@Test
		void isNotOpenedByItsEndOrByWhatIsNotUnderstood() {
			assertThat(assemble(RawUpdates.taskEnd("t", "1")).incomplete()).isTrue();
			assertThat(assemble(RawUpdates.unknown("t")).incomplete()).isTrue();
			assertThat(ContextAssemblerTests.this.assembler.contexts()).isEqualTo(new Contexts(0, 0, 0));
		}

	}

	@Nested
	class MoreThanThereIsRoomFor {

		private final ContextAssembler assembler = new ContextAssembler(50_000, HOUR,
				ContextAssemblerTests.this.ticker::nanoTime);

		@Test
		void makesTheTasksIncompleteThatWereSilentForLongest() {
			for (int i = 0; i < 8; i++) {
				this.assembler.assemble(RawUpdates.taskStart("t" + i, large(5500)));
			}
			// Was eldest, and is not any more
			assertThat(this.assembler.assemble(RawUpdates.nodeStart("t0")).incomplete()).isFalse();
			this.assembler.assemble(RawUpdates.taskStart("t8", large(5500)));
			assertThat(this.assembler.assemble(RawUpdates.nodeStart("t0")).incomplete()).isFalse();
			assertThat(this.assembler.assemble(RawUpdates.nodeStart("t8")).incomplete()).isFalse();
			TaskUpdate evicted = this.assembler.assemble(RawUpdates.nodeStart("t1"));
			assertThat(evicted.incomplete()).isTrue();
			assertThat(evicted.context().input()).isNull();
			assertThat(this.assembler.assemble(RawUpdates.taskEnd("t1", "1")).incomplete()).isTrue();
			assertThat(this.assembler.contexts().evicted()).isEqualTo(1);
		}

		@Test
		void isNotKeptButHandedOut() {
			this.assembler.assemble(RawUpdates.taskStart("small", "1"));
			TaskUpdate start = this.assembler.assemble(RawUpdates.taskStart("huge", large(60_000)));
			assertThat(start.incomplete()).isFalse();
			assertThat(start.context().input()).isNotNull();
			assertThat(this.assembler.assemble(RawUpdates.nodeStart("huge")).incomplete()).isTrue();
			assertThat(this.assembler.assemble(RawUpdates.nodeStart("small")).incomplete()).isFalse();
		}

		@Test
		void mayComeFromATaskThatGrows() {
			this.assembler.assemble(RawUpdates.taskStart("small", "1"));
			this.assembler.assemble(RawUpdates.taskStart("growing", "1"));
			boolean evicted = false;
			for (int i = 0; i < 10; i++) {
				NodeUpdate update = (NodeUpdate) this.assembler
					.assemble(RawUpdates.nodeUpdate("growing", "a" + i, large(10_000)));
				evicted |= update.incomplete();
				assertThat(update.incomplete()).isEqualTo(update.context().input() == null);
			}
			assertThat(evicted).isTrue();
			assertThat(this.assembler.assemble(RawUpdates.nodeStart("small")).incomplete()).isFalse();
		}

		@Test
		void doesNotComeFromDataThatIsReplaced() {
			for (int i = 0; i < 1000; i++) {
				this.assembler.assemble(RawUpdates.nodeUpdate("t", "a", large(10_000)));
				this.assembler.assemble(RawUpdates.nodeError("t", "a", large(10_000)));
			}
			assertThat(this.assembler.contexts().evicted()).isZero();
		}

		private static String large(int size) {
			return "\"" + "x".repeat(size - 2) + "\"";
		}

	}

	@Nested
	class SilentTasks {

		@Test
		void areForgottenAfterAWhile() {
			assemble(RawUpdates.taskStart("silent", "1"));
			ContextAssemblerTests.this.ticker.advance(Duration.ofMinutes(30));
			assemble(RawUpdates.taskStart("other", "1"));
			ContextAssemblerTests.this.ticker.advance(Duration.ofMinutes(30));
			assertThat(assemble(RawUpdates.nodeStart("silent")).incomplete()).isTrue();
			assertThat(assemble(RawUpdates.nodeStart("other")).incomplete()).isFalse();
			assertThat(ContextAssemblerTests.this.assembler.contexts().evicted()).isEqualTo(1);
		}

		@Test
		void areKeptByTheirUpdates() {
			assemble(RawUpdates.taskStart("t", "1"));
			for (int i = 0; i < 10; i++) {
				ContextAssemblerTests.this.ticker.advance(Duration.ofMinutes(59));
				assertThat(assemble(RawUpdates.nodeStart("t")).incomplete()).isFalse();
			}
		}

		@Test
		void areForgottenWithoutAnyUpdateIfAskedTo() {
			assemble(RawUpdates.taskStart("t", "1"));
			ContextAssemblerTests.this.ticker.advance(HOUR.minusMillis(1));
			ContextAssemblerTests.this.assembler.expire();
			assertThat(ContextAssemblerTests.this.assembler.contexts().tasks()).isEqualTo(1);
			ContextAssemblerTests.this.ticker.advance(Duration.ofMillis(1));
			ContextAssemblerTests.this.assembler.expire();
			assertThat(ContextAssemblerTests.this.assembler.contexts()).isEqualTo(new Contexts(0, 0, 1));
		}

		@Test
		void areNeverForgottenIfTheyNeedNot() {
			ContextAssembler assembler = new ContextAssembler(PLENTY, Duration.ofSeconds(Long.MAX_VALUE),
					ContextAssemblerTests.this.ticker::nanoTime);
			assembler.assemble(RawUpdates.taskStart("t", "1"));
			ContextAssemblerTests.this.ticker.advance(Duration.ofDays(100_000));
			assertThat(assembler.assemble(RawUpdates.nodeStart("t")).incomplete()).isFalse();
		}

	}

	@Property
	void theFlagNeverLiesAndTheBoundHolds(@ForAll @Size(max = 200) List<@IntRange(max = 399) Integer> steps,
			@ForAll @IntRange(min = 500, max = 6000) int maxBytes) {
		ContextAssembler assembler = new ContextAssembler(maxBytes, HOUR, System::nanoTime);
		Map<String, Map<String, TaskPayload>> truth = new HashMap<>();
		for (int step : steps) {
			String taskId = "t" + step % 8;
			RawUpdate raw = switch (step / 8 % 5) {
				case 0 -> RawUpdates.taskStart(taskId, "\"" + "x".repeat(step) + "\"");
				case 4 -> RawUpdates.taskEnd(taskId, "1");
				default -> RawUpdates.nodeUpdate(taskId, "a" + step % 5, "\"" + "y".repeat(step * 2) + "\"");
			};
			applyTo(truth, raw);
			TaskUpdate update = assembler.assemble(raw);
			Map<String, TaskPayload> known = new HashMap<>(update.context().nodeData());
			if (update.context().input() != null) {
				known.put("", update.context().input());
			}
			if (!update.incomplete()) {
				assertThat(known).isEqualTo(truth.get(taskId));
			}
			if (raw.type() == UpdateType.TASK_END) {
				truth.remove(taskId);
			}
			assertThat(assembler.contexts().bytes()).isBetween(0L, (long) maxBytes);
		}
		for (int i = 0; i < 8; i++) {
			assembler.assemble(RawUpdates.taskEnd("t" + i, null));
		}
		assertThat(assembler.contexts().bytes()).isZero();
	}

	private static void applyTo(Map<String, Map<String, TaskPayload>> truth, RawUpdate raw) {
		Map<String, TaskPayload> task = truth.computeIfAbsent(raw.taskId(), (id) -> new HashMap<>());
		if (raw.type() == UpdateType.TASK_START) {
			task.clear();
			task.put("", raw.payload());
		}
		else if (raw.node() != null) {
			task.put(raw.node().alias(), raw.payload());
		}
	}

	private static final class ManualTicker {

		private long nanos = -1;

		void advance(Duration duration) {
			this.nanos += duration.toNanos();
		}

		long nanoTime() {
			return this.nanos;
		}

	}

}
