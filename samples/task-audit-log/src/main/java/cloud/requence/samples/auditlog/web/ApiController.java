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

package cloud.requence.samples.auditlog.web;

import java.util.List;
import java.util.Objects;

import cloud.requence.samples.auditlog.search.BusyException;
import cloud.requence.samples.auditlog.search.EntryCursor;
import cloud.requence.samples.auditlog.search.EntryPage;
import cloud.requence.samples.auditlog.search.EntrySearch;
import cloud.requence.samples.auditlog.security.Access.Action;
import cloud.requence.samples.auditlog.security.AccessLog;
import com.fasterxml.jackson.annotation.JsonInclude;
import jakarta.servlet.http.HttpServletRequest;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.core.NestedExceptionUtils;
import org.springframework.dao.DataAccessException;
import org.springframework.dao.QueryTimeoutException;
import org.springframework.http.HttpStatus;
import org.springframework.http.ProblemDetail;
import org.springframework.transaction.TransactionException;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.method.annotation.MethodArgumentTypeMismatchException;
import org.springframework.web.server.ResponseStatusException;

/**
 * The log as JSON, by the same parameters as the pages. Problems are described as RFC
 * 9457 has it; that of a parameter names it.
 */
@RestController
@RequestMapping("/api")
class ApiController {

	private static final Log logger = LogFactory.getLog(ApiController.class);

	private static final int TASK_PAGE = 200;

	private final EntrySearch search;

	private final AccessLog accesses;

	private final WebProperties properties;

	ApiController(EntrySearch search, AccessLog accesses, WebProperties properties) {
		this.search = search;
		this.accesses = accesses;
		this.properties = properties;
	}

	@GetMapping("/entries")
	EntryList entries(HttpServletRequest request) {
		LogQuery query = query(request);
		EntryPage page = this.search.page(query.filter(), query.pageSelection());
		this.accesses.record(Action.SEARCH, query.toString(), (long) page.entries().size());
		return EntryList.of(page, next(query, "after", page.newer()), next(query, "before", page.older()));
	}

	private static @Nullable String next(LogQuery query, String direction, @Nullable EntryCursor cursor) {
		return (cursor != null) ? query.url("/api/entries", direction, cursor) : null;
	}

	@GetMapping("/tasks/{id}")
	EntryList task(@PathVariable String id, HttpServletRequest request) {
		return task(id, query(request));
	}

	// The id of a task may have characters that no path has
	@GetMapping("/tasks")
	EntryList anyTask(@RequestParam String id, HttpServletRequest request) {
		return task(id, query(request, "id"));
	}

	private EntryList task(String id, LogQuery query) {
		EntryPage page = this.search.task(id, query.pageSelection().cursor(), TASK_PAGE);
		if (page.entries().isEmpty()) {
			throw new ResponseStatusException(HttpStatus.NOT_FOUND, "The log has no entry of this task.");
		}
		this.accesses.record(Action.TASK, "task=" + id, (long) page.entries().size());
		EntryCursor newer = page.newer();
		return EntryList.of(page, (newer != null) ? query.task("/api/tasks", id, "after", newer) : null, null);
	}

	@GetMapping("/entries/{sequence}")
	ApiEntry entry(@PathVariable long sequence) {
		ApiEntry entry = this.search.entry(sequence)
			.map(ApiEntry::of)
			.orElseThrow(() -> new ResponseStatusException(HttpStatus.NOT_FOUND, "The log has no such entry."));
		this.accesses.record(Action.ENTRY, "entry=" + sequence, 1L);
		return entry;
	}

	private LogQuery query(HttpServletRequest request, String... others) {
		return LogQuery.of(request.getParameterMap(), this.properties.effectiveZone(), others);
	}

	@ExceptionHandler
	ProblemDetail refused(ResponseStatusException ex) {
		return ex.getBody();
	}

	@ExceptionHandler
	ProblemDetail invalid(MethodArgumentTypeMismatchException ex) {
		ProblemDetail problem = ProblemDetail.forStatusAndDetail(HttpStatus.BAD_REQUEST,
				"'" + ex.getName() + "' is not a number.");
		problem.setProperty("parameter", ex.getName());
		return problem;
	}

	@ExceptionHandler
	ProblemDetail busy(BusyException ex) {
		return ProblemDetail.forStatusAndDetail(HttpStatus.SERVICE_UNAVAILABLE,
				Objects.requireNonNullElse(ex.getMessage(), ""));
	}

	@ExceptionHandler
	ProblemDetail tooSlow(QueryTimeoutException ex) {
		return ProblemDetail.forStatusAndDetail(HttpStatus.SERVICE_UNAVAILABLE, LogController.TOO_SLOW);
	}

	@ExceptionHandler({ DataAccessException.class, TransactionException.class })
	ProblemDetail unavailable(Exception ex) {
		logger.warn("A request of the API cannot be answered: "
				+ NestedExceptionUtils.getMostSpecificCause(ex).getMessage());
		return ProblemDetail.forStatusAndDetail(HttpStatus.SERVICE_UNAVAILABLE, PageProblems.NO_DATABASE);
	}

	/**
	 * Entries, and where others follow.
	 *
	 * @param entries the entries
	 * @param newer the address of newer ones
	 * @param older the address of older ones
	 */
	@JsonInclude(JsonInclude.Include.NON_NULL)
	record EntryList(List<ApiEntry> entries, @Nullable String newer, @Nullable String older) {

		static EntryList of(EntryPage page, @Nullable String newer, @Nullable String older) {
			return new EntryList(page.entries().stream().map(ApiEntry::of).toList(), newer, older);
		}

	}

}
