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

package cloud.requence.task.test;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Sinks;

import cloud.requence.task.NodeUpdate;
import cloud.requence.task.TaskEnd;
import cloud.requence.task.TaskStart;
import cloud.requence.task.TaskUpdate;
import cloud.requence.task.TaskUpdateFailedEvent;
import cloud.requence.task.TaskWatcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;
import static org.mockito.BDDMockito.given;
import static org.mockito.Mockito.mock;

/**
 * Tests for {@link TaskUpdateRecorder}.
 */
class TaskUpdateRecorderTests {

	private final Sinks.Many<TaskUpdate> delivered = Sinks.many().multicast().directBestEffort();

	private final TaskWatcher watcher = mock(TaskWatcher.class);

	private final TaskUpdateRecorder recorder = new TaskUpdateRecorder();

	private final TestTask task = TestTask.of("task-1");

	@BeforeEach
	void record() {
		given(this.watcher.updates()).willReturn(this.delivered.asFlux());
		this.recorder.record(this.watcher);
	}

	private <T extends TaskUpdate> T deliver(T update) {
		this.delivered.tryEmitNext(update).orThrow();
		return update;
	}

	@Test
	void tellsWhatWasDelivered() {
		TaskStart start = deliver(this.task.start());
		NodeUpdate first = deliver(this.task.nodeUpdate("a", 1));
		NodeUpdate second = deliver(this.task.nodeUpdate("b", 2));
		assertThat(this.recorder.updates()).containsExactly(start, first, second);
		assertThat(this.recorder.updates(NodeUpdate.class)).containsExactly(first, second);
		assertThat(this.recorder.await(TaskUpdate.class)).isSameAs(start);
		assertThat(this.recorder.await(NodeUpdate.class)).isSameAs(first);
		assertThat(this.recorder.await(NodeUpdate.class, 2)).containsExactly(first, second);
		assertThat(this.recorder.await(NodeUpdate.class, (update) -> "b".equals(update.node().alias())))
			.isSameAs(second);
	}

	@Test
	void waitsForWhatIsDeliveredLater() throws Exception {
		CompletableFuture<TaskEnd> end = new CompletableFuture<>();
		Thread waiting = new Thread(() -> end.complete(this.recorder.await(TaskEnd.class)));
		waiting.start();
		await().until(() -> waiting.getState() == Thread.State.TIMED_WAITING);
		deliver(this.task.start());
		TaskEnd update = deliver(this.task.end(null));
		assertThat(end.get()).isSameAs(update);
	}

	@Test
	void waitsForFailures() {
		TaskUpdateFailedEvent failure = failure();
		this.recorder.record(failure);
		assertThat(this.recorder.awaitFailure()).isSameAs(failure);
	}

	@Test
	void saysWhatCameInPlaceOfWhatWasExpected() {
		deliver(this.task.start());
		TaskUpdateFailedEvent failure = failure();
		this.recorder.record(failure);
		TaskUpdateRecorder impatient = this.recorder.within(Duration.ofMillis(10));
		assertThatExceptionOfType(AssertionError.class).isThrownBy(() -> impatient.await(TaskEnd.class))
			.withMessage("There was no TaskEnd within 10 ms. "
					+ "Delivered: [taskStart of task-1], failed: [nodeEnd of task-1]")
			.satisfies((error) -> assertThat(error.getSuppressed()).containsExactly(failure.exception()));
		assertThatExceptionOfType(AssertionError.class).isThrownBy(() -> impatient.await(TaskStart.class, 2))
			.withMessageStartingWith("There was no 2 of TaskStart within");
	}

	@Test
	void forgets() {
		deliver(this.task.start());
		this.recorder.record(failure());
		this.recorder.clear();
		assertThat(this.recorder.updates()).isEmpty();
		assertThatExceptionOfType(AssertionError.class)
			.isThrownBy(() -> this.recorder.within(Duration.ofMillis(1)).awaitFailure())
			.withMessageContaining("no failure within");
	}

	private TaskUpdateFailedEvent failure() {
		return new TaskUpdateFailedEvent(this.watcher, this.task.nodeEnd("a"), new IllegalStateException("broken"));
	}

}
