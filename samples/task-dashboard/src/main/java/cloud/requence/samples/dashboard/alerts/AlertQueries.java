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

package cloud.requence.samples.dashboard.alerts;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

import org.jspecify.annotations.Nullable;

import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.RowCallbackHandler;

/**
 * What rules ask the history for. A name is the pattern that the names of similar tasks
 * share. Times are in milliseconds since the epoch.
 */
class AlertQueries {

	private static final int MAX_TASKS = 5000;

	private static final int MAX_NAMES = 1000;

	private final JdbcTemplate jdbc;

	AlertQueries(JdbcTemplate jdbc) {
		this.jdbc = jdbc;
	}

	/**
	 * Return how many tasks of each name have ended in a time.
	 */
	Map<String, Ends> ends(long from, long to) {
		Map<String, Ends> ends = new HashMap<>();
		this.jdbc.query(
				"""
						select coalesce(name_pattern, '') as name, sum(case when state = 'succeeded' then 1 else 0 end) as succeeded,
							sum(case when state = 'failed' then 1 else 0 end) as failed
						from task where ended_at >= ? and ended_at < ? group by coalesce(name_pattern, '')""",
				(RowCallbackHandler) (row) -> ends.put(row.getString("name"),
						new Ends(row.getLong("succeeded"), row.getLong("failed"))),
				from, to);
		return ends;
	}

	/**
	 * Return the first failure of a name in a time.
	 */
	@Nullable Failure firstFailure(String name, long from) {
		return this.jdbc
			.query("""
					select t.id, coalesce(t.reason, (select min(n.last_error) from task_node n
						where n.task_id = t.id and n.state = 'failed')) as reason
					from task t where coalesce(t.name_pattern, '') = ? and t.state = 'failed' and t.ended_at >= ?
					order by t.ended_at limit 1""",
					(row, number) -> new Failure(row.getString("id"), row.getString("reason")), name, from)
			.stream()
			.findFirst()
			.orElse(null);
	}

	/**
	 * Return when a task of each name has succeeded last.
	 */
	Map<String, Long> lastSuccesses() {
		Map<String, Long> successes = new HashMap<>();
		this.jdbc.query(
				"select name_pattern as name, max(ended_at) as ended_at from task where state = 'succeeded' "
						+ "and name_pattern is not null group by name_pattern",
				(RowCallbackHandler) (row) -> successes.put(row.getString("name"), row.getLong("ended_at")));
		return successes;
	}

	/**
	 * Return in which time nearly all tasks of each name have succeeded, of the names
	 * with the most tasks. Tasks whose start was not seen do not count.
	 * @param from since when
	 * @param minTasks how many tasks are needed to tell
	 */
	Map<String, Long> durations(long from, int minTasks) {
		Map<String, Long> durations = new HashMap<>();
		this.jdbc.query("""
				select coalesce(name_pattern, '') as name,
					percentile_cont(0.99) within group (order by ended_at - started_at) as p99
				from task where state = 'succeeded' and start_seen and ended_at >= ? group by coalesce(name_pattern, '')
				having count(*) >= ? order by count(*) desc limit\s""" + MAX_NAMES,
				(RowCallbackHandler) (row) -> durations.put(row.getString("name"), Math.round(row.getDouble("p99"))),
				from, minTasks);
		return durations;
	}

	/**
	 * Return the tasks that have run for the longest time.
	 * @param startedBefore tasks that have started before
	 */
	List<Waiting> running(long startedBefore) {
		return this.jdbc.query("""
				select coalesce(t.name_pattern, '') as name, t.id, t.started_at as since, (select min(n.last_error)
					from task_node n where n.task_id = t.id and n.errors > 0) as error
				from task t where t.state = 'running' and t.started_at < ? order by t.started_at limit\s""" + MAX_TASKS,
				(row, number) -> new Waiting(row.getString("name"), row.getString("id"), row.getLong("since"),
						row.getString("error")),
				startedBefore);
	}

	/**
	 * Return the tasks whose nodes have been deferred for the longest time.
	 * @param before tasks whose node was deferred before
	 */
	List<Waiting> deferred(long before) {
		return this.jdbc.query("""
				select coalesce(t.name_pattern, '') as name, t.id, min(n.changed_at) as since, min(n.alias) as alias
				from task t join task_node n on n.task_id = t.id
				where t.state = 'running' and n.state = 'deferred' and n.changed_at < ?
				group by t.name_pattern, t.id order by since limit\s""" + MAX_TASKS,
				(row, number) -> new Waiting(row.getString("name"), row.getString("id"), row.getLong("since"),
						row.getString("alias")),
				before);
	}

	/**
	 * Return when the last update was recorded.
	 * @return the time; {@code null} if there was none
	 */
	@Nullable Long lastUpdate() {
		return this.jdbc.queryForObject("select max(recorded_at) from task_update", Long.class);
	}

	/**
	 * Return since when there is a history.
	 */
	long since(long otherwise) {
		return Objects.requireNonNullElse(
				this.jdbc.query("select since from history_state where id = 1", (row, number) -> row.getLong("since"))
					.stream()
					.findFirst()
					.orElse(null),
				otherwise);
	}

	/**
	 * How tasks of a name have ended.
	 *
	 * @param succeeded how many have succeeded
	 * @param failed how many have failed
	 */
	record Ends(long succeeded, long failed) {

		static final Ends NONE = new Ends(0, 0);

		long total() {
			return this.succeeded + this.failed;
		}

		double rate() {
			return (total() > 0) ? (double) this.failed / total() : 0;
		}

	}

	/**
	 * A task that has failed.
	 *
	 * @param task its identifier
	 * @param reason why
	 */
	record Failure(String task, @Nullable String reason) {

	}

	/**
	 * A task that has not ended.
	 *
	 * @param name its name
	 * @param task its identifier
	 * @param since since when it runs or waits
	 * @param detail an error or a node
	 */
	record Waiting(String name, String task, long since, @Nullable String detail) {

	}

}
