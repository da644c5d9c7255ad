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
import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;

import cloud.requence.samples.dashboard.board.TaskState;
import cloud.requence.task.Node;
import cloud.requence.task.UpdateType;

import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.RowCallbackHandler;

/**
 * Reads updates in the order in which they were recorded. Reads them one by one, in a
 * transaction of the caller.
 */
class RecordedUpdates {

	private static final int FETCH_SIZE = 500;

	private static final String COLUMNS = "select u.*, t.name, t.root_id from task_update u "
			+ "join task t on t.id = u.task_id where ";

	private static final Map<String, UpdateType> TYPES = Arrays.stream(UpdateType.values())
		.collect(Collectors.toMap(UpdateType::wireName, Function.identity()));

	private final JdbcTemplate jdbc;

	RecordedUpdates(JdbcTemplate jdbc) {
		this.jdbc = new JdbcTemplate(Objects.requireNonNull(jdbc.getDataSource()));
		this.jdbc.setFetchSize(FETCH_SIZE);
	}

	/**
	 * Read the updates of a task.
	 */
	void ofTask(String id, Consumer<RecordedUpdate> consumer) {
		this.jdbc.query(COLUMNS + "u.task_id = ? order by u.sequence",
				(RowCallbackHandler) (row) -> consumer.accept(update(row)), id);
	}

	/**
	 * Read the updates of the tasks that a board has room for. Of tasks with the same
	 * time all are read, so that the board keeps those that it would have kept.
	 * @param room how many tasks of a state
	 * @param consumer takes each update
	 */
	void latest(Function<TaskState, Integer> room, Consumer<RecordedUpdate> consumer) {
		String ids = Arrays.stream(TaskState.values())
			.map((state) -> "u.task_id in (select id from task where state = '%s' order by %s desc fetch first %d rows with ties)"
				.formatted(Columns.name(state), (state == TaskState.RUNNING) ? "updated_at" : "ended_at",
						room.apply(state)))
			.collect(Collectors.joining(" or "));
		this.jdbc.query(COLUMNS + "(" + ids + ") order by u.sequence",
				(RowCallbackHandler) (row) -> consumer.accept(update(row)));
	}

	/**
	 * Return how many updates were recorded in which second.
	 * @param since the first time of interest, in milliseconds since the epoch
	 */
	SortedMap<Long, Integer> rate(long since) {
		SortedMap<Long, Integer> rate = new TreeMap<>();
		this.jdbc.query(
				"select recorded_at / 1000 as seconds, count(*) as updates from task_update where recorded_at >= ? "
						+ "group by recorded_at / 1000",
				(RowCallbackHandler) (row) -> rate.put(row.getLong("seconds"), row.getInt("updates")), since);
		return rate;
	}

	private static RecordedUpdate update(ResultSet row) throws SQLException {
		String nodeId = row.getString("node_id");
		int size = row.getInt("payload_size");
		Integer payloadSize = row.wasNull() ? null : size;
		return new RecordedUpdate(row.getString("task_id"), null, row.getString("update_key"), row.getString("root_id"),
				row.getString("name"), TYPES.getOrDefault(row.getString("type"), UpdateType.UNKNOWN),
				row.getLong("happened_at"), row.getLong("recorded_at"), row.getBoolean("incomplete"),
				(nodeId != null) ? new Node(nodeId, row.getString("node_type"), row.getString("node_alias")) : null,
				row.getString("output"), row.getString("message"), row.getBoolean("require_ack"),
				row.getString("payload"), payloadSize);
	}

}
