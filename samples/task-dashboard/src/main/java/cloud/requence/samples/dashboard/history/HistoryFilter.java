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

package cloud.requence.samples.dashboard.history;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;

import cloud.requence.samples.dashboard.board.TaskState;
import cloud.requence.samples.dashboard.text.BoundedText;
import cloud.requence.samples.dashboard.web.ProblemException;
import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpStatus;
import org.springframework.util.StringUtils;

/**
 * Selects tasks of the history.
 *
 * @param from tasks that had not ended before this time, in milliseconds since the epoch
 * @param to tasks that have started before this time
 * @param names names of tasks, all of them if empty
 * @param pattern the pattern that names follow, {@code null} for any
 * @param outcomes states of tasks, all of them if empty
 * @param text what identifiers, names, nodes, errors, inputs or results contain
 */
public record HistoryFilter(@Nullable Long from, @Nullable Long to, Set<String> names, @Nullable String pattern,
		Set<TaskState> outcomes, @Nullable String text) {

	/**
	 * Selects all tasks.
	 */
	static final HistoryFilter ALL = new HistoryFilter(null, null, Set.of(), null, Set.of(), null);

	private static final int MAX_NAMES = 50;

	private static final int MAX_TEXT = 200;

	/**
	 * Return the filter that a request describes.
	 * @param parameters the parameters
	 * @return the filter
	 * @throws ProblemException if it makes no sense
	 */
	public static HistoryFilter of(Parameters parameters) {
		Set<String> names = new TreeSet<>();
		for (String name : orEmpty(parameters.name())) {
			names.add(BoundedText.limit(name, BoundedText.MAX_NAME));
		}
		if (names.size() > MAX_NAMES) {
			throw invalid("More than " + MAX_NAMES + " names");
		}
		Set<TaskState> outcomes = new TreeSet<>();
		for (String outcome : orEmpty(parameters.outcome())) {
			try {
				outcomes.add(TaskState.valueOf(outcome.toUpperCase(Locale.ROOT)));
			}
			catch (IllegalArgumentException ex) {
				throw invalid("'outcome' must be running, succeeded, failed or aborted");
			}
		}
		String text = StringUtils.hasText(parameters.q())
				? BoundedText.clean(BoundedText.limit(parameters.q().strip(), MAX_TEXT)) : null;
		return new HistoryFilter(time(parameters.from(), "from"), time(parameters.to(), "to"), names,
				BoundedText.name(parameters.pattern()), outcomes, text);
	}

	private static List<String> orEmpty(@Nullable List<String> values) {
		return (values != null) ? values.stream().filter(StringUtils::hasText).toList() : List.of();
	}

	private static @Nullable Long time(@Nullable String value, String parameter) {
		if (!StringUtils.hasText(value)) {
			return null;
		}
		try {
			if (value.matches("-?\\d{1,15}")) {
				return Long.valueOf(value);
			}
			// A plus sign in a query that was not encoded arrives as a space
			return OffsetDateTime.parse(value.strip().replace(' ', '+')).toInstant().toEpochMilli();
		}
		catch (DateTimeException | ArithmeticException ex) {
			throw invalid("'" + parameter + "' must be a time with its zone, such as " + Instant.EPOCH
					+ ", or milliseconds since the epoch");
		}
	}

	private static ProblemException invalid(String detail) {
		return new ProblemException(HttpStatus.BAD_REQUEST, detail + ".");
	}

	/**
	 * Return the same filter for other states.
	 * @param outcomes the states
	 * @return a new filter
	 */
	public HistoryFilter withOutcomes(Set<TaskState> outcomes) {
		return new HistoryFilter(this.from, this.to, this.names, this.pattern, outcomes, this.text);
	}

	/**
	 * Return the condition for the rows of {@code task t}.
	 */
	Condition condition() {
		Condition condition = new Condition();
		if (this.from != null) {
			condition.and("(t.ended_at is null or t.ended_at >= ?)", this.from);
		}
		if (this.to != null) {
			condition.and("t.started_at < ?", this.to);
		}
		if (!this.names.isEmpty()) {
			condition.and("t.name in (" + placeholders(this.names.size()) + ")", this.names.toArray());
		}
		if (this.pattern != null) {
			condition.and("t.name_pattern = ?", this.pattern);
		}
		if (!this.outcomes.isEmpty()) {
			condition.and("t.state in (" + placeholders(this.outcomes.size()) + ")",
					this.outcomes.stream().map(Columns::name).toArray());
		}
		if (this.text != null) {
			String pattern = "%" + this.text.toLowerCase(Locale.ROOT).replaceAll("[!%_]", "!$0") + "%";
			condition.and("(lower(t.id) like ? escape '!' or lower(t.name) like ? escape '!'"
					+ " or lower(t.reason) like ? escape '!' or lower(t.exit_name) like ? escape '!'"
					+ " or exists (select 1 from task_node n where n.task_id = t.id and (lower(n.alias) like ? escape '!'"
					+ " or lower(n.node_id) like ? escape '!' or lower(n.last_error) like ? escape '!'))"
					+ " or exists (select 1 from task_update u where u.task_id = t.id"
					+ " and u.type in ('taskStart', 'taskEnd', 'nodeError')"
					+ " and (lower(u.payload) like ? escape '!' or lower(u.message) like ? escape '!')))", pattern,
					pattern, pattern, pattern, pattern, pattern, pattern, pattern, pattern);
		}
		return condition;
	}

	private static String placeholders(int count) {
		return String.join(", ", Collections.nCopies(count, "?"));
	}

	/**
	 * The parameters of a request.
	 *
	 * @param from a time with its zone, or milliseconds since the epoch
	 * @param to the same
	 * @param name names of tasks
	 * @param pattern the pattern that names follow
	 * @param outcome states of tasks
	 * @param q text to search for
	 */
	public record Parameters(@Nullable String from, @Nullable String to, @Nullable List<String> name,
			@Nullable String pattern, @Nullable List<String> outcome, @Nullable String q) {

	}

	/**
	 * A condition in SQL and its parameters.
	 */
	static final class Condition {

		private final List<String> terms = new ArrayList<>(List.of("1 = 1"));

		private final List<Object> parameters = new ArrayList<>();

		void and(String term, Object... values) {
			this.terms.add(term);
			this.parameters.addAll(List.of(values));
		}

		String sql() {
			return String.join(" and ", this.terms);
		}

		List<Object> parameters() {
			return this.parameters;
		}

	}

}
