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

import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

import cloud.requence.samples.dashboard.payload.KeptPayload;
import cloud.requence.samples.dashboard.text.BoundedText;
import cloud.requence.task.TaskContext;
import cloud.requence.task.TaskPayload;
import cloud.requence.task.client.TaskClient;
import cloud.requence.task.client.TaskStatus;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * Asks the platform for tasks that the board does not have, or has no longer. The
 * platform tells no times and no order of their nodes.
 */
final class PlatformTasks {

	private static final int MAX_NODES = 1000;

	private final TaskClient client;

	private final Clock clock;

	PlatformTasks(TaskClient client, Clock clock) {
		this.client = client;
		this.clock = clock;
	}

	/**
	 * Ask for a task.
	 * @param id the task's identifier
	 * @return the task without times; fails if the platform does not know it
	 */
	Mono<TaskDetails> details(String id) {
		return this.client.reactive().get(id).map(this::describe);
	}

	private TaskDetails describe(cloud.requence.task.client.TaskDetails task) {
		TaskContext context = task.context();
		List<BoardNode.View> nodes = nodes(context);
		TaskState state = stateOf(task.status());
		int done = (int) nodes.stream().filter((node) -> node.state() == NodeState.DONE).count();
		TaskRow row = new TaskRow(BoundedText.limit(task.taskId(), BoundedText.MAX_NAME), 0,
				BoundedText.name(task.name()), state, false, null, 0, (state != TaskState.RUNNING) ? 0L : null, 0, 0,
				null, false, false, task.status() == TaskStatus.AWAITING_DELIVERY, null, 0, done, nodes.size(),
				nodes.stream().map(BoardNode.View::state).toList(), List.of(), null, 0);
		return new TaskDetails(this.clock.millis(), true, true, row, null, BoundedText.message(task.statusText()),
				task.status() == TaskStatus.AWAITING_DELIVERY, false, summary(context.input()),
				summary(context.result()), nodes, null, null, List.of());
	}

	private static List<BoardNode.View> nodes(TaskContext context) {
		Set<String> aliases = new LinkedHashSet<>(context.nodeData().keySet());
		aliases.addAll(context.nodeErrors().keySet());
		List<BoardNode.View> nodes = new ArrayList<>();
		for (String alias : aliases.stream().limit(MAX_NODES).toList()) {
			String error = context.nodeError(alias);
			KeptPayload.Summary data = summary(context.nodeData(alias));
			nodes.add(new BoardNode.View(
					alias, null, alias, (error != null) ? NodeState.FAILED : NodeState.DONE, (error != null)
							? List.of(new NodeMark(NodeMark.Kind.ERROR, 0, BoundedText.message(error))) : List.of(),
					0, (data != null) ? List.of(new BoardNode.Output("", data)) : List.of()));
		}
		return nodes;
	}

	private static KeptPayload.@Nullable Summary summary(@Nullable TaskPayload payload) {
		return (payload != null) ? new KeptPayload.Summary(payload.size(), false, 0, payload) : null;
	}

	private static TaskState stateOf(TaskStatus status) {
		return switch (status) {
			case SUCCESSFUL, AWAITING_DELIVERY -> TaskState.SUCCEEDED;
			case FAILED -> TaskState.FAILED;
			case STOPPED -> TaskState.ABORTED;
			case PENDING, RUNNING, IDLE, UNKNOWN -> TaskState.RUNNING;
		};
	}

}
