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

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

import cloud.requence.samples.auditlog.entry.EntryKind;
import cloud.requence.samples.auditlog.search.BusyException;
import cloud.requence.samples.auditlog.search.EntryCursor;
import cloud.requence.samples.auditlog.search.EntryPage;
import cloud.requence.samples.auditlog.search.EntrySearch;
import cloud.requence.samples.auditlog.search.FoundEntry;
import cloud.requence.samples.auditlog.security.Access;
import cloud.requence.samples.auditlog.security.Access.Action;
import cloud.requence.samples.auditlog.security.AccessLog;
import cloud.requence.task.UpdateType;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.jspecify.annotations.Nullable;

import org.springframework.dao.QueryTimeoutException;
import org.springframework.http.ContentDisposition;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.server.ResponseStatusException;

/**
 * The pages of the log. Each is what its address says, so that it can be shared, and
 * opened again.
 */
@Controller
class LogController {

	static final String TOO_SLOW = "The search was ended, as it took too long. Limit the time, or add a filter.";

	private static final List<String> TYPES = Arrays.stream(UpdateType.values())
		.filter((type) -> type != UpdateType.UNKNOWN)
		.map(UpdateType::wireName)
		.toList();

	private static final List<String> OUTCOMES = List.of("ended", "failed", "aborted", "deferred");

	private static final String UNTIL = "until";

	private static final int TASK_PAGE = 200;

	private static final int ACCESS_PAGE = 100;

	private final EntrySearch search;

	private final AccessLog accesses;

	private final Pages pages;

	private final TaskHistories histories;

	private final WebProperties properties;

	LogController(EntrySearch search, AccessLog accesses, Pages pages, TaskHistories histories,
			WebProperties properties) {
		this.search = search;
		this.accesses = accesses;
		this.pages = pages;
		this.histories = histories;
		this.properties = properties;
	}

	@GetMapping("/")
	String log(HttpServletRequest request, HttpServletResponse response, Model model) {
		Map<String, String[]> parameters = request.getParameterMap();
		LogQuery query = LogQuery.of(Map.of(), this.properties.effectiveZone());
		try {
			query = LogQuery.of(parameters, this.properties.effectiveZone());
			if (parameters.values().stream().anyMatch((values) -> values.length == 1 && values[0].isBlank())) {
				// A form sends its empty fields, too: they do not belong into an address
				return "redirect:" + query.self("/");
			}
			addEntries(query, response, model);
		}
		catch (InvalidParameterException ex) {
			response.setStatus(HttpStatus.BAD_REQUEST.value());
			model.addAttribute("problem", ex.getReason());
			model.addAttribute("invalid", ex.parameter());
		}
		model.addAttribute("given", new Given(parameters));
		model.addAttribute("types", TYPES);
		model.addAttribute("outcomes", OUTCOMES);
		model.addAttribute("kinds", EntryKind.values());
		return this.pages.page("log", query, model);
	}

	private void addEntries(LogQuery query, HttpServletResponse response, Model model) {
		try {
			EntryPage page = this.search.page(query.filter(), query.pageSelection());
			long gaps = (query.filter().includesGaps() && query.filter().from() == null) ? 0
					: this.search.gaps(query.filter());
			this.accesses.record(Action.SEARCH, query.toString(), (long) page.entries().size());
			model.addAttribute("page", page);
			model.addAttribute("gapsInTime", gaps);
		}
		catch (QueryTimeoutException ex) {
			response.setStatus(HttpStatus.SERVICE_UNAVAILABLE.value());
			model.addAttribute("problem", TOO_SLOW);
		}
		catch (BusyException ex) {
			response.setStatus(HttpStatus.SERVICE_UNAVAILABLE.value());
			model.addAttribute("problem", ex.getMessage());
		}
	}

	@GetMapping("/status")
	String status(HttpServletRequest request, Model model) {
		this.pages.page("", query(request), model);
		return "layout :: status";
	}

	@GetMapping("/tasks/{id}")
	String task(@PathVariable String id, HttpServletRequest request, Model model) {
		return task(id, query(request), model);
	}

	// The id of a task may have characters that no path has
	@GetMapping("/tasks")
	String anyTask(@RequestParam String id, HttpServletRequest request, Model model) {
		return task(id, query(request, "id"), model);
	}

	private String task(String id, LogQuery query, Model model) {
		EntryCursor after = query.pageSelection().cursor();
		EntryPage page = this.search.task(id, after, TASK_PAGE);
		if (page.entries().isEmpty()) {
			throw new ResponseStatusException(HttpStatus.NOT_FOUND, "The log has no entry of this task");
		}
		this.accesses.record(Action.TASK, "task=" + id + ((after != null) ? " after=" + after : ""),
				(long) page.entries().size());
		model.addAttribute("task", this.histories.of(id, page, after == null));
		return this.pages.page("task", query, model);
	}

	@GetMapping("/entries/{sequence}")
	String entry(@PathVariable long sequence, HttpServletRequest request, Model model) {
		FoundEntry entry = find(sequence);
		this.accesses.record(Action.ENTRY, "entry=" + sequence, 1L);
		model.addAttribute("found", entry);
		model.addAttribute("lines", (entry.body() != null) ? LineChanges.none(JsonLines.of(entry.body())) : List.of());
		return this.pages.page("entry", query(request), model);
	}

	@GetMapping("/entries/{sequence}/payload")
	ResponseEntity<byte[]> payload(@PathVariable long sequence) {
		byte[] payload = this.search.payload(sequence)
			.orElseThrow(() -> new ResponseStatusException(HttpStatus.NOT_FOUND, "The entry has no payload"));
		this.accesses.record(Action.PAYLOAD, "entry=" + sequence, 1L);
		return ResponseEntity.ok()
			.contentType(MediaType.APPLICATION_JSON)
			.header(HttpHeaders.CONTENT_DISPOSITION,
					ContentDisposition.attachment()
						.filename("entry-" + sequence + ".json", StandardCharsets.US_ASCII)
						.build()
						.toString())
			.body(payload);
	}

	@GetMapping("/access")
	String access(HttpServletRequest request, Model model) {
		LogQuery query = query(request, UNTIL);
		Long before = number(UNTIL, request.getParameter(UNTIL));
		List<Access> found = this.accesses.find(before, ACCESS_PAGE + 1);
		this.accesses.record(Action.ACCESS_LOG, (before != null) ? UNTIL + "=" + before : "",
				(long) Math.min(found.size(), ACCESS_PAGE));
		model.addAttribute("accesses", found.subList(0, Math.min(found.size(), ACCESS_PAGE)));
		model.addAttribute("until", (found.size() > ACCESS_PAGE) ? found.get(ACCESS_PAGE - 1).id() : null);
		return this.pages.page("access", query, model);
	}

	private FoundEntry find(long sequence) {
		return this.search.entry(sequence)
			.orElseThrow(() -> new ResponseStatusException(HttpStatus.NOT_FOUND, "The log has no such entry"));
	}

	private LogQuery query(HttpServletRequest request, String... others) {
		return LogQuery.of(request.getParameterMap(), this.properties.effectiveZone(), others);
	}

	private static @Nullable Long number(String name, @Nullable String text) {
		try {
			return (text != null) ? Long.valueOf(text) : null;
		}
		catch (NumberFormatException ex) {
			throw new InvalidParameterException(name, "is not a number");
		}
	}

	/**
	 * The values of a form as they were given, right or wrong.
	 */
	record Given(Map<String, String[]> parameters) {

		public String value(String name) {
			String[] values = this.parameters.get(name);
			return (values != null && values.length > 0) ? values[0] : "";
		}

	}

}
