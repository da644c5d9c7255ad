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

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;

import cloud.requence.samples.dashboard.board.TaskState;
import cloud.requence.samples.dashboard.history.HistoryFilter.Condition;
import com.fasterxml.jackson.annotation.JsonIgnore;
import org.jspecify.annotations.Nullable;

import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.RowCallbackHandler;

/**
 * Finds tasks in the history. Blocks the calling thread.
 */
public class HistoryTasks {

	private static final int MAX_GROUPS = 500;

	private static final int MAX_USUAL = 1000;

	private static final int MAX_PROTECTED = 20_000;

	// Percentiles leave out what is null
	private static final String DURATION_OF_SUCCESS = "case when t.state = 'succeeded' then t.ended_at - t.started_at end";

	private final JdbcTemplate jdbc;

	private final Clock clock;

	HistoryTasks(JdbcTemplate jdbc, Clock clock) {
		this.jdbc = jdbc;
		this.clock = clock;
	}

	/**
	 * Return a page of tasks.
	 * @param filter which tasks
	 * @param order in which order, from where on
	 * @param limit how many at most
	 * @return the tasks, and how the next page is asked for if there is one
	 */
	Page page(HistoryFilter filter, HistoryOrder order, int limit) {
		Condition condition = filter.condition();
		String expression = order.sort().expression(order.now());
		HistoryOrder.Position after = order.after();
		if (after != null) {
			String compare = order.ascending() ? ">" : "<";
			condition.and("(%1$s %2$s ? or (%1$s = ? and t.id %2$s ?))".formatted(expression, compare), after.value(),
					after.value(), after.id());
		}
		String direction = order.ascending() ? "asc" : "desc";
		List<Object> parameters = new ArrayList<>(condition.parameters());
		parameters.add(limit + 1);
		List<Row> rows = this.jdbc.query(
				"""
						select t.*, %1$s as sorted, (select min(n.last_error) from task_node n
							where n.task_id = t.id and n.state = 'failed') as node_error
						from task t where %2$s order by %1$s %3$s, t.id %3$s limit ?""".formatted(expression,
						condition.sql(), direction),
				(row, number) -> new Row(task(row, order.now()), row.getObject("sorted")), parameters.toArray());
		boolean more = rows.size() > limit;
		List<Row> shown = more ? rows.subList(0, limit) : rows;
		HistoryOrder next = more ? order.after(shown.get(limit - 1).sorted(), shown.get(limit - 1).task().id()) : null;
		return new Page(shown.stream().map(Row::task).toList(), (next != null) ? next.token() : null, next);
	}

	private static HistoryTask task(ResultSet row, long now) throws SQLException {
		Long endedAt = Columns.nullableLong(row, "ended_at");
		long startedAt = row.getLong("started_at");
		String reason = row.getString("reason");
		return new HistoryTask(row.getString("id"), row.getString("name"), Columns.taskState(row.getString("state")),
				!row.getBoolean("start_seen"), row.getString("root_id"), startedAt, endedAt,
				((endedAt != null) ? endedAt : now) - startedAt, row.getLong("updates"), row.getInt("nodes_done"),
				row.getInt("nodes"), row.getInt("errors"), row.getString("exit_name"),
				(reason != null) ? reason : row.getString("node_error"), row.getBoolean("require_ack"),
				row.getBoolean("is_protected"));
	}

	/**
	 * Return the identifiers of tasks.
	 * @param filter which tasks
	 * @param limit how many at most
	 * @return the identifiers, at most as many as the limit
	 */
	public List<String> ids(HistoryFilter filter, int limit) {
		Condition condition = filter.condition();
		List<Object> parameters = new ArrayList<>(condition.parameters());
		parameters.add(limit);
		return this.jdbc.queryForList("select t.id from task t where " + condition.sql() + " order by t.id limit ?",
				String.class, parameters.toArray());
	}

	/**
	 * Group tasks by the pattern of their names.
	 * @param filter which tasks
	 * @return the patterns with the most tasks
	 */
	public List<HistoryGroup> groups(HistoryFilter filter) {
		Condition condition = filter.condition();
		List<Object> parameters = new ArrayList<>(condition.parameters());
		parameters.add(MAX_GROUPS);
		return this.jdbc.query(
				"""
						select t.name_pattern as name, count(*) as total, max(t.ended_at) as last_ended_at, %s,
							percentile_cont(0.5) within group (order by %s) as p50,
							percentile_cont(0.95) within group (order by %s) as p95
						from task t where %s group by t.name_pattern order by total desc, t.name_pattern limit ?"""
					.formatted(
							List.of(TaskState.values())
								.stream()
								.map(Columns::name)
								.map((state) -> "sum(case when t.state = '" + state + "' then 1 else 0 end) as "
										+ state)
								.collect(Collectors.joining(", ")),
							DURATION_OF_SUCCESS, DURATION_OF_SUCCESS, condition.sql()),
				(row, number) -> group(row), parameters.toArray());
	}

	private static HistoryGroup group(ResultSet row) throws SQLException {
		long succeeded = row.getLong("succeeded");
		long failed = row.getLong("failed");
		Double rate = (succeeded + failed > 0) ? (double) failed / (succeeded + failed) : null;
		return new HistoryGroup(row.getString("name"), row.getLong("total"), row.getLong("running"), succeeded, failed,
				row.getLong("aborted"), rate, rounded(row, "p50"), rounded(row, "p95"),
				Columns.nullableLong(row, "last_ended_at"));
	}

	private static @Nullable Long rounded(ResultSet row, String column) throws SQLException {
		double value = row.getDouble(column);
		return row.wasNull() ? null : Math.round(value);
	}

	/**
	 * Return the running tasks by the pattern of their names.
	 * @param deferred whether only tasks with a node that waits for a callback are of
	 * interest
	 * @return the patterns with the most tasks
	 */
	public List<OpenTasks> open(boolean deferred) {
		String sql = deferred ? """
				select coalesce(t.name_pattern, '') as name, count(distinct t.id) as tasks, min(n.changed_at) as oldest
				from task t join task_node n on n.task_id = t.id
				where t.state = 'running' and n.state = 'deferred'""" : """
				select coalesce(t.name_pattern, '') as name, count(*) as tasks, min(t.started_at) as oldest
				from task t where t.state = 'running'""";
		return this.jdbc.query(sql + " group by coalesce(t.name_pattern, '') order by tasks desc limit " + MAX_GROUPS,
				(row, number) -> new OpenTasks(row.getString("name"), row.getLong("tasks"), row.getLong("oldest")));
	}

	/**
	 * Return in which time nearly all tasks of similar names have succeeded. Tasks whose
	 * start was not seen do not count.
	 * @param from since when, in milliseconds since the epoch
	 * @param minTasks how many tasks of a name are needed to tell
	 * @return the durations in milliseconds by the pattern of the names, of those with
	 * the most tasks
	 */
	Map<String, Long> usualDurations(long from, int minTasks) {
		Map<String, Long> durations = new HashMap<>();
		this.jdbc.query("""
				select name_pattern as name, percentile_cont(0.99) within group (order by ended_at - started_at) as p99
				from task where state = 'succeeded' and start_seen and name_pattern is not null and ended_at >= ?
				group by name_pattern having count(*) >= ? order by count(*) desc limit\s""" + MAX_USUAL,
				(RowCallbackHandler) (row) -> durations.put(row.getString("name"), Math.round(row.getDouble("p99"))),
				from, minTasks);
		return durations;
	}

	/**
	 * Return what was counted since the history began.
	 */
	Totals totals() {
		return Objects.requireNonNull(this.jdbc.queryForObject("select * from history_state where id = 1",
				(row, number) -> new Totals(row.getLong("since"), row.getLong("updates"), row.getLong("succeeded"),
						row.getLong("failed"), row.getLong("aborted"))));
	}

	/**
	 * Begin the history, unless it has begun before.
	 */
	void begin() {
		this.jdbc.update("insert into history_state (id, since, updates, succeeded, failed, aborted) "
				+ "select 1, cast(? as bigint), 0, 0, 0, 0 where not exists (select 1 from history_state where id = 1)",
				this.clock.millis());
	}

	/**
	 * Remember that a task is protected.
	 * @param id the task
	 */
	public void protect(String id) {
		this.jdbc.update("update task set is_protected = true where id = ?", id);
	}

	/**
	 * Return the tasks that somebody has protected, the latest ones.
	 */
	List<String> protectedTasks() {
		return this.jdbc.queryForList(
				"select id from task where is_protected = true order by updated_at desc limit " + MAX_PROTECTED,
				String.class);
	}

	private record Row(HistoryTask task, Object sorted) {

	}

	/**
	 * The running tasks of similar names.
	 *
	 * @param name the pattern of the names; empty for tasks without one
	 * @param tasks how many tasks
	 * @param oldest since when the oldest runs, or its node waits, in milliseconds since
	 * the epoch
	 */
	public record OpenTasks(String name, long tasks, long oldest) {

	}

	/**
	 * A page of tasks.
	 *
	 * @param tasks the tasks
	 * @param next what a request for the next page has to send; {@code null} on the last
	 * @param order the order of the next page; {@code null} on the last
	 */
	record Page(List<HistoryTask> tasks, @Nullable String next, @JsonIgnore @Nullable HistoryOrder order) {

	}

	/**
	 * What was counted since the history began, tasks that are no longer kept included.
	 *
	 * @param since when it began, in milliseconds since the epoch
	 * @param updates how many updates were recorded
	 * @param succeeded how many tasks have succeeded
	 * @param failed how many tasks have failed
	 * @param aborted how many tasks were aborted
	 */
	public record Totals(long since, long updates, long succeeded, long failed, long aborted) {

	}

}
