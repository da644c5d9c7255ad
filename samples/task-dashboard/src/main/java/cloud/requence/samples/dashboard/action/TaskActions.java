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

package cloud.requence.samples.dashboard.action;

import cloud.requence.samples.dashboard.board.TaskBoard;
import cloud.requence.samples.dashboard.history.HistoryCalls;
import cloud.requence.samples.dashboard.history.HistoryTasks;
import cloud.requence.task.client.ReactiveTaskHandle;
import cloud.requence.task.client.TaskClient;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;

import org.springframework.stereotype.Component;
import org.springframework.web.server.ServerWebExchange;

/**
 * Does to a task what an operator wants, and logs it.
 */
@Component
class TaskActions {

	private static final Logger logger = LoggerFactory.getLogger(TaskActions.class);

	private final TaskClient client;

	private final TaskBoard board;

	private final HistoryTasks history;

	private final HistoryCalls calls;

	TaskActions(TaskClient client, TaskBoard board, HistoryTasks history, HistoryCalls calls) {
		this.client = client;
		this.board = board;
		this.history = history;
		this.calls = calls;
	}

	Mono<Void> abort(String id, @Nullable String reason, ServerWebExchange exchange) {
		return ActionLog.log("Abort of task", id, exchange,
				this.client.reactive().abort(id, reason).then(Mono.fromRunnable(() -> this.board.abortRequested(id))));
	}

	/**
	 * Protect a task. The history remembers it, as the platform does not tell: without
	 * its database until the next start only.
	 */
	Mono<Void> protect(String id, ServerWebExchange exchange) {
		return ActionLog.log("Protection of task", id, exchange,
				this.client.reactive()
					.protect(id)
					.then(Mono.<Void>fromRunnable(() -> this.board.protect(id)))
					.then(remember(id)));
	}

	private Mono<Void> remember(String id) {
		return this.calls.<Void>call(() -> {
			this.history.protect(id);
			return null;
		}).onErrorComplete((ex) -> {
			logger.warn("The protection of a task is not stored, so that it is not shown after the next start", ex);
			return true;
		});
	}

	/**
	 * Create a task with the template, the name and the input of another.
	 * @return the identifier of the new task
	 */
	Mono<String> again(String id, ServerWebExchange exchange) {
		return ActionLog.log("Repetition of task", id, exchange,
				this.client.reactive().createAgain(id).map(ReactiveTaskHandle::id));
	}

}
