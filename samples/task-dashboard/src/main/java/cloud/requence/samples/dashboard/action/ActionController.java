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

import cloud.requence.samples.dashboard.text.BoundedText;
import cloud.requence.task.client.ReactiveTaskHandle;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ServerWebExchange;

/**
 * What operators do to tasks. Who may call it is up to the security configuration. A task
 * is named by a parameter, as its identifier may contain what a path must not.
 */
@RestController
class ActionController {

	private static final int MAX_REASON = 500;

	private final TaskActions actions;

	private final StartedTasks startedTasks;

	ActionController(TaskActions actions, StartedTasks startedTasks) {
		this.actions = actions;
		this.startedTasks = startedTasks;
	}

	@PostMapping(path = "/api/task/abort", consumes = MediaType.APPLICATION_JSON_VALUE)
	Mono<Void> abort(@RequestParam String id, @RequestBody Abortion abortion, ServerWebExchange exchange) {
		return this.actions.abort(id, abortion.reason(), exchange);
	}

	@PostMapping("/api/task/protect")
	Mono<Void> protect(@RequestParam String id, ServerWebExchange exchange) {
		return this.actions.protect(id, exchange);
	}

	@PostMapping("/api/task/again")
	Mono<Started> again(@RequestParam String id, ServerWebExchange exchange) {
		return this.actions.again(id, exchange).map(Started::new);
	}

	@PostMapping(path = "/api/tasks", consumes = MediaType.MULTIPART_FORM_DATA_VALUE)
	Mono<Started> start(StartForm form, ServerWebExchange exchange) {
		Mono<String> id = Mono.defer(() -> this.startedTasks.start(form)).map(ReactiveTaskHandle::id);
		return ActionLog.log("Start of a task from template", String.valueOf(form.template()), exchange, id)
			.map(Started::new);
	}

	/**
	 * A wish to abort a task.
	 *
	 * @param reason why
	 */
	record Abortion(@Nullable String reason) {

		Abortion {
			reason = (reason != null && !reason.isBlank()) ? BoundedText.limit(reason.strip(), MAX_REASON) : null;
		}

	}

	/**
	 * A task that was started.
	 *
	 * @param id the identifier of the task
	 */
	record Started(String id) {

	}

}
