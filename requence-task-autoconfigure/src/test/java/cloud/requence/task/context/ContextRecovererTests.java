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
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Scheduler;
import reactor.test.scheduler.VirtualTimeScheduler;

import cloud.requence.task.Node;
import cloud.requence.task.NodeDefer;
import cloud.requence.task.NodeEnd;
import cloud.requence.task.NodeError;
import cloud.requence.task.NodeStart;
import cloud.requence.task.NodeUpdate;
import cloud.requence.task.TaskAborted;
import cloud.requence.task.TaskContext;
import cloud.requence.task.TaskEnd;
import cloud.requence.task.TaskError;
import cloud.requence.task.TaskPayload;
import cloud.requence.task.TaskStart;
import cloud.requence.task.TaskUpdate;
import cloud.requence.task.UnknownUpdate;
import cloud.requence.task.UpdateHeader;
import cloud.requence.task.UpdateType;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.ArgumentMatchers.anyLong;
import static org.mockito.BDDMockito.given;
import static org.mockito.BDDMockito.willAnswer;
import static org.mockito.Mockito.mock;

/**
 * Tests for {@link ContextRecoverer} and {@link RecoveredContext}, in virtual time.
 */
class ContextRecovererTests {

	private static final TaskSnapshot SNAPSHOT = new TaskSnapshot(TaskPayload.of("{\"amount\":12}"),
			Map.of("scan", TaskPayload.of("1"), "check", TaskPayload.of("2")), Map.of("check", "late"));

	private final VirtualTimeScheduler time = VirtualTimeScheduler.create();

	private final Map<String, Sinks.One<TaskSnapshot>> asked = new HashMap<>();

	private final List<String> told = new ArrayList<>();

	private final ContextRecoverer recoverer = new ContextRecoverer("test", this::fetch);

	private Mono<TaskSnapshot> fetch(String taskId) {
		Sinks.One<TaskSnapshot> answer = Sinks.one();
		this.asked.put(taskId, answer);
		return answer.asMono();
	}

	@BeforeEach
	void start() {
		this.recoverer.listener((taskId, snapshot) -> this.told.add(taskId));
		this.recoverer.start(this.time.createWorker());
	}

	private void advance(Duration duration) {
		this.time.advanceTimeBy(duration);
	}

	private void answer(String taskId) {
		Sinks.One<TaskSnapshot> answer = this.asked.remove(taskId);
		assertThat(answer).isNotNull();
		answer.tryEmitValue(SNAPSHOT);
	}

	@Test
	void asksForEachTaskOnce() {
		RecoveredContext context = this.recoverer.recover("a");
		assertThat(this.recoverer.recover("a")).isSameAs(context);
		assertThat(context.isDone()).isFalse();
		assertThat(this.asked).containsOnlyKeys("a");
		answer("a");
		assertThat(context.isDone()).isTrue();
		assertThat(this.told).containsExactly("a");
	}

	@Test
	void asksLaterIfNothingCouldBeScheduled() {
		Scheduler.Worker worker = mock(Scheduler.Worker.class);
		given(worker.schedule(any(), anyLong(), any())).willThrow(new IllegalStateException("in a test"));
		this.recoverer.start(worker);
		assertThatIllegalStateException().isThrownBy(() -> this.recoverer.recover("a"));
		Scheduler.Worker recovered = this.time.createWorker();
		willAnswer((call) -> recovered.schedule(call.getArgument(0), call.getArgument(1), call.getArgument(2)))
			.given(worker)
			.schedule(any(), anyLong(), any());
		RecoveredContext context = this.recoverer.recover("b");
		advance(Duration.ofSeconds(1));
		assertThat(this.asked).containsOnlyKeys("a", "b");
		answer("a");
		answer("b");
		assertThat(context.isDone()).isTrue();
	}

	@Test
	void asksForAFewAtATimeAndNotTooManyASecond() {
		for (int i = 0; i < 10; i++) {
			this.recoverer.recover("task " + i);
		}
		assertThat(this.asked).hasSize(1);
		advance(Duration.ofMillis(10));
		assertThat(this.asked).hasSize(2);
		advance(Duration.ofSeconds(10));
		assertThat(this.asked).hasSize(4);
		answer("task 0");
		assertThat(this.asked).hasSize(4).containsKey("task 4");
	}

	@Test
	void tellsWhoWaits() {
		RecoveredContext context = this.recoverer.recover("a");
		List<String> calls = new ArrayList<>();
		context.whenDone(() -> calls.add("waited"));
		assertThat(calls).isEmpty();
		answer("a");
		context.whenDone(() -> calls.add("late"));
		assertThat(calls).containsExactly("waited", "late");
	}

	@Test
	void leavesATaskIncompleteThatThePlatformDoesNotTellOf() {
		RecoveredContext failed = this.recoverer.recover("a");
		advance(Duration.ofSeconds(1));
		RecoveredContext unknown = this.recoverer.recover("b");
		this.asked.get("a").tryEmitError(new IllegalStateException("500"));
		this.asked.get("b").tryEmitEmpty();
		NodeEnd update = new NodeEnd(header(UpdateType.NODE_END), TaskContext.of("a"), node());
		assertThat(failed.isDone()).isTrue();
		assertThat(failed.complete(update)).isSameAs(update);
		assertThat(unknown.complete(update)).isSameAs(update);
		assertThat(this.recoverer.recover("a")).isSameAs(failed);
		assertThat(this.told).isEmpty();
	}

	@Test
	void asksAgainAfterAStop() {
		RecoveredContext context = this.recoverer.recover("a");
		Sinks.One<TaskSnapshot> old = this.asked.remove("a");
		this.recoverer.stop();
		assertThat(old.currentSubscriberCount()).isZero();
		this.recoverer.recover("b");
		assertThat(this.asked).isEmpty();
		this.recoverer.start(this.time.createWorker());
		advance(Duration.ofSeconds(1));
		answer("a");
		answer("b");
		assertThat(context.isDone()).isTrue();
	}

	@Test
	void forgetsWhatNobodyWaitsFor() {
		RecoveredContext context = this.recoverer.recover("a");
		this.recoverer.clear();
		assertThat(this.recoverer.recover("a")).isNotSameAs(context);
	}

	private static UpdateHeader header(UpdateType type) {
		return new UpdateHeader(type, "a", "root", "update", "name", null, 7L, true,
				Map.of("more", TaskPayload.of("1")));
	}

	private static Node node() {
		return new Node("1", "service", "scan");
	}

	@Test
	void completesUpdatesOfAllTypes() {
		RecoveredContext context = this.recoverer.recover("a");
		answer("a");
		TaskContext known = TaskContext.of("a").withNodeData("scan", TaskPayload.of("\"newer\""));
		List<TaskUpdate> updates = List.of(new TaskStart(header(UpdateType.TASK_START), known, TaskPayload.of("3")),
				new NodeStart(header(UpdateType.NODE_START), known, node()),
				new NodeUpdate(header(UpdateType.NODE_UPDATE), known, node(), TaskPayload.of("3"), "out"),
				new NodeError(header(UpdateType.NODE_ERROR), known, node(), "error"),
				new NodeDefer(header(UpdateType.NODE_DEFER), known, node(), "reason"),
				new NodeEnd(header(UpdateType.NODE_END), known, node()),
				new TaskEnd(header(UpdateType.TASK_END), known, TaskPayload.of("3"), "exit", true),
				new TaskError(header(UpdateType.TASK_ERROR), known, "reason", true),
				new TaskAborted(header(UpdateType.TASK_ABORTED), known, "reason", true),
				new UnknownUpdate(header(UpdateType.UNKNOWN), known, "new", TaskPayload.of("3")));
		assertThat(updates).hasSize(UpdateType.values().length).allSatisfy((update) -> {
			TaskUpdate completed = context.complete(update);
			assertThat(completed).hasSameClassAs(update);
			assertThat(completed.incomplete()).isFalse();
			assertThat(completed).usingRecursiveComparison()
				.ignoringFields("context", "header.incomplete")
				.isEqualTo(update);
			assertThat(completed.context().input()).isEqualTo(TaskPayload.of("{\"amount\":12}"));
			assertThat(completed.context().nodeData("scan")).isEqualTo(TaskPayload.of("\"newer\""));
			assertThat(completed.context().nodeData("check")).isEqualTo(TaskPayload.of("2"));
			assertThat(completed.context().nodeError("check")).isEqualTo("late");
		});
	}

	@Test
	void leavesCompleteUpdatesAlone() {
		RecoveredContext context = this.recoverer.recover("a");
		answer("a");
		NodeEnd update = new NodeEnd(UpdateHeader.of(UpdateType.NODE_END, "a"), TaskContext.of("a"), node());
		assertThat(context.complete(update)).isSameAs(update);
	}

}
