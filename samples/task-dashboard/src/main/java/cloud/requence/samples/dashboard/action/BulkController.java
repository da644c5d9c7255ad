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

import java.util.List;
import java.util.Objects;
import java.util.Set;

import cloud.requence.samples.dashboard.board.TaskState;
import cloud.requence.samples.dashboard.history.HistoryCalls;
import cloud.requence.samples.dashboard.history.HistoryFilter;
import cloud.requence.samples.dashboard.history.HistoryTasks;
import cloud.requence.samples.dashboard.text.BoundedText;
import cloud.requence.samples.dashboard.web.ProblemException;
import cloud.requence.samples.dashboard.web.Problems;
import com.fasterxml.jackson.annotation.JsonProperty;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import org.springframework.beans.factory.annotation.Value;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ServerWebExchange;

/**
 * Aborts or protects several tasks. The first request returns how many there are; only
 * one that confirms this number does anything.
 */
@RestController
class BulkController {

	private static final int CONCURRENCY = 4;

	private final TaskActions actions;

	private final HistoryTasks history;

	private final HistoryCalls calls;

	private final int max;

	BulkController(TaskActions actions, HistoryTasks history, HistoryCalls calls,
			@Value("${dashboard.actions.max-bulk:200}") int max) {
		this.actions = actions;
		this.history = history;
		this.calls = calls;
		this.max = max;
	}

	@PostMapping(path = "/api/tasks/bulk", consumes = MediaType.APPLICATION_JSON_VALUE)
	Mono<Outcome> act(@RequestBody Bulk bulk, ServerWebExchange exchange) {
		return ids(bulk).flatMap((ids) -> {
			if (ids.size() > this.max) {
				return Mono.error(new ProblemException(HttpStatus.BAD_REQUEST, "These are more than " + this.max
						+ " tasks, which is as many as dashboard.actions.max-bulk allows. Choose fewer."));
			}
			if (bulk.confirm() == null) {
				return Mono.just(new Outcome(ids.size(), 0, List.of()));
			}
			if (bulk.confirm() != ids.size()) {
				return Mono.error(new ProblemException(HttpStatus.CONFLICT, "There are " + ids.size()
						+ " tasks now, and not " + bulk.confirm() + " as before. Nothing was done."));
			}
			return Flux.fromIterable(ids)
				.flatMap((id) -> act(bulk, id, exchange), CONCURRENCY)
				.collectList()
				.map((failures) -> new Outcome(ids.size(), ids.size() - failures.size(), failures));
		});
	}

	private Mono<List<String>> ids(Bulk bulk) {
		if (bulk.action() == null || (bulk.ids() == null) == (bulk.filter() == null)) {
			throw new ProblemException(HttpStatus.BAD_REQUEST, "An action, and either tasks or a filter, are needed.");
		}
		if (bulk.ids() != null) {
			if (bulk.ids().stream().anyMatch(Objects::isNull)) {
				throw new ProblemException(HttpStatus.BAD_REQUEST, "Each of the tasks needs an identifier.");
			}
			return Mono.just(bulk.ids().stream().distinct().toList());
		}
		HistoryFilter filter = HistoryFilter.of(bulk.filter());
		if (bulk.action() == Action.ABORT) {
			if (!filter.outcomes().isEmpty() && !filter.outcomes().contains(TaskState.RUNNING)) {
				return Mono.just(List.of());
			}
			filter = filter.withOutcomes(Set.of(TaskState.RUNNING));
		}
		HistoryFilter selected = filter;
		return this.calls.call(() -> this.history.ids(selected, this.max + 1));
	}

	/**
	 * Do it to one task.
	 * @return the failure, or empty
	 */
	private Mono<Failure> act(Bulk bulk, String id, ServerWebExchange exchange) {
		Mono<Void> act = (bulk.action() == Action.ABORT) ? this.actions.abort(id, bulk.reason(), exchange)
				: this.actions.protect(id, exchange);
		return act.then(Mono.<Failure>empty()).onErrorResume((ex) -> Mono.just(new Failure(id, Problems.describe(ex))));
	}

	/**
	 * What can be done to several tasks.
	 */
	enum Action {

		@JsonProperty("abort")
		ABORT,

		@JsonProperty("protect")
		PROTECT

	}

	/**
	 * A wish.
	 *
	 * @param action what to do
	 * @param reason why, for an abort
	 * @param ids the tasks
	 * @param filter or a filter of the history
	 * @param confirm how many tasks there are, as an earlier request has returned; the
	 * number only is wanted without it
	 */
	record Bulk(@Nullable Action action, @Nullable String reason, @Nullable List<String> ids,
			HistoryFilter.@Nullable Parameters filter, @Nullable Integer confirm) {

		private static final int MAX_REASON = 500;

		Bulk {
			reason = (reason != null && !reason.isBlank()) ? BoundedText.limit(reason.strip(), MAX_REASON) : null;
		}

	}

	/**
	 * What was done.
	 *
	 * @param count how many tasks there are
	 * @param done to how many it was done
	 * @param failures to which it could not be done
	 */
	record Outcome(int count, int done, List<Failure> failures) {

	}

	/**
	 * A task to which it could not be done.
	 *
	 * @param id the task
	 * @param detail why
	 */
	record Failure(String id, String detail) {

	}

}
