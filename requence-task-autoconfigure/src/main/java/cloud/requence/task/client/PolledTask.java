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

package cloud.requence.task.client;

import java.util.Map;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;

import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import cloud.requence.task.TaskAborted;
import cloud.requence.task.TaskContext;
import cloud.requence.task.TaskEnd;
import cloud.requence.task.TaskError;
import cloud.requence.task.TaskUpdate;
import cloud.requence.task.UpdateHeader;
import cloud.requence.task.UpdateType;
import cloud.requence.task.support.Printable;
import cloud.requence.task.stream.ReconnectBackOff;

/**
 * A task whose updates have no address: it is fetched repeatedly until it has ended.
 */
final class PolledTask {

	/** Timeout, too early, too many requests. */
	private static final Set<Integer> TEMPORARY = Set.of(408, 425, 429);

	private PolledTask() {
	}

	/**
	 * Wait for the end of a task.
	 * @param taskId the identifier of the task
	 * @param get fetches the task
	 * @param backOff the delays between two calls
	 * @return the last update of the task, and no other
	 */
	static Flux<TaskUpdate> updates(String taskId, Mono<TaskDetails> get, ReconnectBackOff backOff) {
		return get.filter((task) -> task.status().isEnded())
			// As with a lost connection, the task continues meanwhile
			.onErrorResume(PolledTask::isTemporary, (ex) -> Mono.empty())
			.repeatWhenEmpty((empty) -> empty.scan(backOff, (delay, count) -> delay.grown())
				.skip(1)
				.concatMap((delay) -> Mono.delay(delay.next(null, () -> ThreadLocalRandom.current().nextDouble()))))
			.map((task) -> end(taskId, task))
			.flux();
	}

	private static boolean isTemporary(Throwable failure) {
		return failure instanceof TaskPlatformUnreachableException || (failure instanceof TaskRejectedException rejected
				&& (rejected.status() >= 500 || TEMPORARY.contains(rejected.status())));
	}

	private static TaskUpdate end(String taskId, TaskDetails task) {
		TaskContext context = task.context();
		return switch (task.status()) {
			case FAILED -> new TaskError(header(UpdateType.TASK_ERROR, task), context, task.statusText(), false);
			case STOPPED -> new TaskAborted(header(UpdateType.TASK_ABORTED, task), context, task.statusText(), false);
			case AWAITING_DELIVERY -> {
				if (context.result() == null) {
					throw new TaskClientException("Task " + Printable.name(taskId)
							+ " has ended, and the platform does not return how until it is acknowledged");
				}
				yield new TaskEnd(header(UpdateType.TASK_END, task), context, context.result(), null, true);
			}
			default -> new TaskEnd(header(UpdateType.TASK_END, task), context, context.result(), null, false);
		};
	}

	private static UpdateHeader header(UpdateType type, TaskDetails task) {
		return new UpdateHeader(type, task.taskId(), null, null, task.name(), null, null, false, Map.of());
	}

}
