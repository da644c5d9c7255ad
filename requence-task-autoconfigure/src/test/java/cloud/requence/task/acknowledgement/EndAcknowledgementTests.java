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
import java.util.List;
import java.util.function.Predicate;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import reactor.core.publisher.Mono;
import reactor.test.scheduler.VirtualTimeScheduler;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import cloud.requence.task.TaskAborted;
import cloud.requence.task.TaskContext;
import cloud.requence.task.TaskEnd;
import cloud.requence.task.TaskError;
import cloud.requence.task.TaskPayload;
import cloud.requence.task.TaskStart;
import cloud.requence.task.TaskUpdate;
import cloud.requence.task.UpdateHeader;
import cloud.requence.task.UpdateType;
import cloud.requence.task.acknowledgement.AckSender.Outcome;
import cloud.requence.task.delivery.DeliveryQueue;
import cloud.requence.task.delivery.EndAcknowledgement;
import cloud.requence.task.delivery.PendingUpdate;
import cloud.requence.task.delivery.TestDelivery;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link EndAcknowledgement}.
 */
@ExtendWith(OutputCaptureExtension.class)
class EndAcknowledgementTests {

	private static final Predicate<Duration> NO_WAIT = (time) -> false;

	private final List<String> sent = new ArrayList<>();

	private final Acknowledger acknowledger = new Acknowledger("test", (taskId) -> {
		this.sent.add(taskId);
		return Mono.just(Outcome.TAKEN);
	}, System::nanoTime);

	private static PendingUpdate end(String taskId, boolean requireAck) {
		return pending(new TaskEnd(UpdateHeader.of(UpdateType.TASK_END, taskId), TaskContext.of(taskId), null, null,
				requireAck));
	}

	private static PendingUpdate pending(TaskUpdate update) {
		return new PendingUpdate(update, 1);
	}

	@Test
	void isRequiredAtTheEndOfATaskOnly() {
		TaskContext context = TaskContext.of("1");
		assertThat(EndAcknowledgement.isRequired(end("1", true).update())).isTrue();
		assertThat(EndAcknowledgement.isRequired(end("1", false).update())).isFalse();
		assertThat(EndAcknowledgement
			.isRequired(new TaskError(UpdateHeader.of(UpdateType.TASK_ERROR, "1"), context, null, true))).isTrue();
		assertThat(EndAcknowledgement
			.isRequired(new TaskAborted(UpdateHeader.of(UpdateType.TASK_ABORTED, "1"), context, null, true))).isTrue();
		assertThat(EndAcknowledgement
			.isRequired(new TaskStart(UpdateHeader.of(UpdateType.TASK_START, "1"), context, TaskPayload.of("1"))))
			.isFalse();
	}

	@Test
	void afterDeliverySendsAtOnce() {
		this.acknowledger.start(VirtualTimeScheduler.create());
		EndAcknowledgement acknowledgement = EndAcknowledgements.afterDelivery(this.acknowledger,
				EndAcknowledgement::isRequired);
		acknowledgement.delivered(end("a", true), NO_WAIT);
		acknowledgement.delivered(end("b", false), NO_WAIT);
		assertThat(this.sent).containsExactly("a");
	}

	@Test
	void onceDurableBecomesAPartOfTheProgress() {
		PendingUpdate required = end("a", true);
		PendingUpdate other = end("b", false);
		EndAcknowledgement acknowledgement = EndAcknowledgements.onceDurable(EndAcknowledgement::isRequired);
		acknowledgement.delivered(required, NO_WAIT);
		acknowledgement.delivered(other, NO_WAIT);
		assertThat(required.acknowledgement()).isEqualTo("a");
		assertThat(other.acknowledgement()).isNull();
	}

	@Test
	void leavesEndsThatNoListenerTook(CapturedOutput output) {
		Predicate<TaskUpdate> condition = EndAcknowledgements.ifTaken(this.acknowledger,
				(update) -> update.taskId().equals("taken"));
		assertThat(condition.test(end("taken", true).update())).isTrue();
		assertThat(condition.test(end("one", true).update())).isFalse();
		assertThat(condition.test(end("other", true).update())).isFalse();
		assertThat(condition.test(end("not required", false).update())).isFalse();
		assertThat(this.acknowledger.left()).isEqualTo(2);
		assertThat(output).containsOnlyOnce("no listener takes the end of a task").contains("requence.task.ack.mode");
	}

	@Test
	void awaitedHoldsTheProgressUntilItIsMade() {
		List<String> steps = new ArrayList<>();
		DeliveryQueue queue = DeliveryQueue.serial(10, 1000, System::nanoTime);
		queue.progressListener((position, updates, taskId) -> steps.add(String.valueOf(taskId)));
		EndAcknowledgement acknowledgement = EndAcknowledgements.awaited(queue);
		PendingUpdate end = end("a", true);
		queue.add(List.of(end), null);
		TestDelivery.take(queue);
		acknowledgement.expected(end);
		acknowledgement.delivered(end, NO_WAIT);
		TestDelivery.done(queue, end);
		assertThat(steps).isEmpty();
		assertThat(queue.acknowledge("a")).isTrue();
		assertThat(steps).containsExactly("a");
		assertThat(queue.acknowledge("a")).isFalse();
	}

	@Test
	void awaitedIsNotWaitedForIfTheUpdateFailed() {
		List<String> steps = new ArrayList<>();
		DeliveryQueue queue = DeliveryQueue.serial(10, 1000, System::nanoTime);
		queue.progressListener((position, updates, taskId) -> steps.add(String.valueOf(taskId)));
		EndAcknowledgement acknowledgement = EndAcknowledgements.awaited(queue);
		PendingUpdate end = end("a", true);
		queue.add(List.of(end), null);
		TestDelivery.take(queue);
		acknowledgement.expected(end);
		acknowledgement.failed(end);
		TestDelivery.done(queue, end);
		assertThat(steps).containsExactly("null");
	}

}
