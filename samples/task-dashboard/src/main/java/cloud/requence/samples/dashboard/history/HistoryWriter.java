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
import java.sql.Types;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import cloud.requence.samples.dashboard.board.NodeState;
import cloud.requence.samples.dashboard.board.TaskState;
import cloud.requence.samples.dashboard.text.NamePattern;
import cloud.requence.task.Node;
import org.jspecify.annotations.Nullable;

import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.namedparam.MapSqlParameterSource;
import org.springframework.jdbc.core.namedparam.NamedParameterJdbcTemplate;
import org.springframework.jdbc.core.namedparam.SqlParameterSource;

/**
 * Writes the updates of a transaction: a few statements for all of them together.
 */
class HistoryWriter {

	/** Updates of a task above this are counted only, unless they end it. */
	private static final long MAX_UPDATES = 10_000;

	private static final String INSERT_TASK = """
			insert into task (id, name, name_pattern, root_id, state, start_seen, is_protected, require_ack, exit_name, reason, started_at,
				ended_at, updated_at, updates, hidden_node_updates, nodes, nodes_done, errors, size, last_position)
			values (:id, :name, :pattern, :root, :state, :startSeen, :isProtected, :requireAck, :exit, :reason, :startedAt,
				:endedAt, :updatedAt, :updates, :hidden, :nodes, :done, :errors, :size, :lastPosition)""";

	private static final String UPDATE_TASK = """
			update task set name = :name, name_pattern = :pattern, root_id = :root, state = :state, start_seen = :startSeen, require_ack = :requireAck,
				exit_name = :exit, reason = :reason, ended_at = :endedAt, updated_at = :updatedAt, updates = :updates,
				hidden_node_updates = :hidden, nodes = :nodes, nodes_done = :done, errors = :errors, size = :size,
				last_position = :lastPosition
			where id = :id""";

	private static final String INSERT_NODE = """
			insert into task_node (task_id, node_id, type, alias, state, started_at, changed_at, ended_at, errors, last_error)
			values (:task, :node, :type, :alias, :state, :startedAt, :changedAt, :endedAt, :errors, :lastError)""";

	private static final String UPDATE_NODE = """
			update task_node set state = :state, changed_at = :changedAt, ended_at = :endedAt, errors = :errors,
				last_error = :lastError
			where task_id = :task and node_id = :node""";

	private static final String INSERT_UPDATE = """
			insert into task_update (task_id, type, happened_at, recorded_at, incomplete, node_id, node_type, node_alias,
				output, message, require_ack, payload, payload_size, update_key)
			values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)""";

	private static final int[] TYPES = { Types.VARCHAR, Types.VARCHAR, Types.BIGINT, Types.BIGINT, Types.BOOLEAN,
			Types.VARCHAR, Types.VARCHAR, Types.VARCHAR, Types.VARCHAR, Types.VARCHAR, Types.BOOLEAN, Types.VARCHAR,
			Types.INTEGER, Types.VARCHAR };

	private final JdbcTemplate jdbc;

	private final NamedParameterJdbcTemplate named;

	HistoryWriter(JdbcTemplate jdbc) {
		this.jdbc = jdbc;
		this.named = new NamedParameterJdbcTemplate(jdbc);
	}

	/**
	 * Write updates in the transaction of the calling thread. Those that were written
	 * before, as they are after a commit that was not answered, are left out.
	 * @param updates the updates in their order
	 * @return what was written
	 */
	Written write(List<RecordedUpdate> updates) {
		Map<String, RecordedTask> tasks = load(
				updates.stream().map(RecordedUpdate::taskId).collect(Collectors.toSet()));
		Set<Key> keys = keys(updates);
		Set<String> known = new HashSet<>(tasks.keySet());
		Map<String, Set<String>> knownNodes = new HashMap<>();
		tasks.values().forEach((task) -> knownNodes.put(task.id, Set.copyOf(task.nodes.keySet())));
		List<EndedTask> ended = new ArrayList<>();
		List<RecordedUpdate> written = new ArrayList<>();
		List<RecordedUpdate> kept = new ArrayList<>();
		for (RecordedUpdate update : updates) {
			RecordedTask task = tasks.computeIfAbsent(update.taskId(),
					(id) -> new RecordedTask(id, update.happenedAt()));
			if (isRepeat(update, task, keys)) {
				continue;
			}
			written.add(update);
			TaskState outcome = task.apply(update);
			if (outcome != null) {
				ended.add(EndedTask.of(task));
			}
			if (task.updates <= MAX_UPDATES || outcome != null) {
				kept.add(update);
			}
		}
		if (written.isEmpty()) {
			return new Written(written, ended, null, 0);
		}
		writeTasks(tasks.values(), known);
		writeNodes(tasks.values(), knownNodes);
		this.jdbc.batchUpdate(INSERT_UPDATE, kept.stream().map(HistoryWriter::columns).toList(), TYPES);
		count(written, ended);
		Long sequence = kept.isEmpty() ? null
				: this.jdbc.queryForObject("select max(sequence) from task_update where task_id = ?", Long.class,
						kept.get(kept.size() - 1).taskId());
		return new Written(written, ended, sequence, total());
	}

	/**
	 * Return the keys of those updates that are recorded.
	 */
	private Set<Key> keys(List<RecordedUpdate> updates) {
		Set<Key> wanted = updates.stream().flatMap(Key::of).collect(Collectors.toSet());
		Set<Key> keys = new HashSet<>();
		if (!wanted.isEmpty()) {
			this.named.query(
					"select task_id, update_key from task_update where task_id in (:ids) and update_key in (:keys)",
					new MapSqlParameterSource()
						.addValue("ids", wanted.stream().map(Key::task).collect(Collectors.toSet()))
						.addValue("keys", wanted.stream().map(Key::update).collect(Collectors.toSet())),
					(row) -> {
						keys.add(new Key(row.getString("task_id"), row.getString("update_key")));
					});
		}
		return keys;
	}

	private static boolean isRepeat(RecordedUpdate update, RecordedTask task, Set<Key> keys) {
		// Of those that are only counted, no keys are kept
		if (task.updates >= MAX_UPDATES && update.position() != null && task.lastPosition != null
				&& update.position() <= task.lastPosition) {
			return true;
		}
		return Key.of(update).anyMatch((key) -> !keys.add(key));
	}

	private static @Nullable Object[] columns(RecordedUpdate update) {
		Node node = update.node();
		return new @Nullable Object[] { update.taskId(), update.type().wireName(), update.happenedAt(),
				update.recordedAt(), update.incomplete(), (node != null) ? node.id() : null,
				(node != null) ? node.type() : null, (node != null) ? node.alias() : null, update.output(),
				update.message(), update.requireAck(), update.payload(), update.payloadSize(), update.key() };
	}

	private Map<String, RecordedTask> load(Set<String> ids) {
		Map<String, RecordedTask> tasks = new LinkedHashMap<>();
		SqlParameterSource parameters = new MapSqlParameterSource("ids", ids);
		this.named.query("select * from task where id in (:ids)", parameters, (row) -> {
			RecordedTask task = task(row);
			tasks.put(task.id, task);
		});
		if (!tasks.isEmpty()) {
			this.named.query("select * from task_node where task_id in (:ids)", parameters, (row) -> {
				RecordedTask task = tasks.get(row.getString("task_id"));
				if (task != null) {
					RecordedNode node = node(row);
					task.nodes.put(node.node().id(), node);
				}
			});
		}
		return tasks;
	}

	private static RecordedTask task(ResultSet row) throws SQLException {
		RecordedTask task = new RecordedTask(row.getString("id"), row.getLong("started_at"));
		task.name = row.getString("name");
		task.rootId = row.getString("root_id");
		task.state = Columns.taskState(row.getString("state"));
		task.startSeen = row.getBoolean("start_seen");
		task.isProtected = row.getBoolean("is_protected");
		task.requireAck = row.getBoolean("require_ack");
		task.exit = row.getString("exit_name");
		task.reason = row.getString("reason");
		task.endedAt = Columns.nullableLong(row, "ended_at");
		task.updatedAt = row.getLong("updated_at");
		task.updates = row.getLong("updates");
		task.hiddenNodeUpdates = row.getInt("hidden_node_updates");
		task.errors = row.getInt("errors");
		task.size = row.getLong("size");
		task.lastPosition = Columns.nullableLong(row, "last_position");
		return task;
	}

	private static RecordedNode node(ResultSet row) throws SQLException {
		Node node = new Node(row.getString("node_id"), row.getString("type"), row.getString("alias"));
		return new RecordedNode(node, NodeState.valueOf(row.getString("state").toUpperCase(Locale.ROOT)),
				row.getLong("started_at"), row.getLong("changed_at"), Columns.nullableLong(row, "ended_at"),
				row.getInt("errors"), row.getString("last_error"));
	}

	private void writeTasks(Collection<RecordedTask> tasks, Set<String> known) {
		batch(INSERT_TASK, tasks.stream().filter((task) -> !known.contains(task.id)).map(HistoryWriter::columns));
		batch(UPDATE_TASK, tasks.stream().filter((task) -> known.contains(task.id)).map(HistoryWriter::columns));
	}

	private static SqlParameterSource columns(RecordedTask task) {
		return new MapSqlParameterSource().addValue("id", task.id)
			.addValue("name", task.name, Types.VARCHAR)
			.addValue("pattern", (task.name != null) ? NamePattern.of(task.name) : null, Types.VARCHAR)
			.addValue("root", task.rootId, Types.VARCHAR)
			.addValue("state", Columns.name(task.state))
			.addValue("startSeen", task.startSeen)
			.addValue("isProtected", task.isProtected)
			.addValue("requireAck", task.requireAck)
			.addValue("exit", task.exit, Types.VARCHAR)
			.addValue("reason", task.reason, Types.VARCHAR)
			.addValue("startedAt", task.startedAt)
			.addValue("endedAt", task.endedAt, Types.BIGINT)
			.addValue("updatedAt", task.updatedAt)
			.addValue("updates", task.updates)
			.addValue("hidden", task.hiddenNodeUpdates)
			.addValue("nodes", task.nodes.size())
			.addValue("done", task.nodesDone())
			.addValue("errors", task.errors)
			.addValue("size", task.size)
			.addValue("lastPosition", task.lastPosition, Types.BIGINT);
	}

	private void writeNodes(Collection<RecordedTask> tasks, Map<String, Set<String>> known) {
		for (boolean insert : new boolean[] { true, false }) {
			batch(insert ? INSERT_NODE : UPDATE_NODE, tasks.stream()
				.flatMap((task) -> task.nodes.values()
					.stream()
					.filter((node) -> insert != known.getOrDefault(task.id, Set.of()).contains(node.node().id()))
					.map((node) -> columns(task, node))));
		}
	}

	private static SqlParameterSource columns(RecordedTask task, RecordedNode node) {
		return new MapSqlParameterSource().addValue("task", task.id)
			.addValue("node", node.node().id())
			.addValue("type", node.node().type(), Types.VARCHAR)
			.addValue("alias", node.node().alias(), Types.VARCHAR)
			.addValue("state", Columns.name(node.state()))
			.addValue("startedAt", node.startedAt())
			.addValue("changedAt", node.changedAt())
			.addValue("endedAt", node.endedAt(), Types.BIGINT)
			.addValue("errors", node.errors())
			.addValue("lastError", node.lastError(), Types.VARCHAR);
	}

	private void batch(String sql, Stream<SqlParameterSource> rows) {
		SqlParameterSource[] batch = rows.toArray(SqlParameterSource[]::new);
		if (batch.length > 0) {
			this.named.batchUpdate(sql, batch);
		}
	}

	private void count(List<RecordedUpdate> updates, List<EndedTask> ended) {
		Object[] counts = { updates.size(), count(ended, TaskState.SUCCEEDED), count(ended, TaskState.FAILED),
				count(ended, TaskState.ABORTED) };
		this.jdbc.update("update history_state set updates = updates + ?, succeeded = succeeded + ?, "
				+ "failed = failed + ?, aborted = aborted + ? where id = 1", counts);
	}

	private static long count(List<EndedTask> ended, TaskState outcome) {
		return ended.stream().filter((task) -> task.outcome() == outcome).count();
	}

	private long total() {
		return Objects
			.requireNonNull(this.jdbc.queryForObject("select updates from history_state where id = 1", Long.class));
	}

	/**
	 * Return whether the transaction in which something was written is committed.
	 * @param written what was written
	 */
	boolean isCommitted(Written written) {
		if (written.sequence() == null) {
			return total() >= written.total();
		}
		return !this.jdbc
			.queryForList("select sequence from task_update where sequence = ?", Long.class, written.sequence())
			.isEmpty();
	}

	/**
	 * What was written in a transaction.
	 *
	 * @param updates the updates that were not recorded before
	 * @param ended the tasks that have ended with them
	 * @param sequence the number of the last update; {@code null} if they were only
	 * counted
	 * @param total how many updates the history has with these
	 */
	record Written(List<RecordedUpdate> updates, List<EndedTask> ended, @Nullable Long sequence, long total) {

	}

	private record Key(String task, String update) {

		static Stream<Key> of(RecordedUpdate update) {
			return Stream.ofNullable(update.key()).map((key) -> new Key(update.taskId(), key));
		}

	}

}
