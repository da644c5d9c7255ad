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

package cloud.requence.task.deadletter;

import java.nio.charset.StandardCharsets;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Objects;
import java.util.UUID;

import javax.sql.DataSource;

import org.jspecify.annotations.Nullable;

import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.util.Assert;

import cloud.requence.task.DeadLetter;
import cloud.requence.task.DeadLetterHandler;
import cloud.requence.task.TaskUpdate;
import cloud.requence.task.TaskUpdateJson;

/**
 * Stores dead letters in the table {@code REQUENCE_DEAD_LETTER} of a database. The
 * scripts {@code schema-h2.sql} and {@code schema-postgresql.sql} of this package create
 * it.
 * <p>
 * An update has one row, however often it is stored: its identifier is derived from the
 * watcher, the task and the update. Takes part in the transaction of the current thread.
 * Safe for use by several threads.
 */
public final class JdbcDeadLetters implements DeadLetterHandler {

	private static final int MAX_NAME_LENGTH = 255;

	private static final String SELECT = "select ID, WATCHER, FAILED_AT, FAILURES, LISTENER, ERROR, TASK_UPDATE"
			+ " from REQUENCE_DEAD_LETTER";

	private final JdbcTemplate jdbc;

	private final TaskUpdateJson json;

	/**
	 * Create the store.
	 * @param dataSource the database with the table
	 * @param json converts the updates
	 */
	public JdbcDeadLetters(DataSource dataSource, TaskUpdateJson json) {
		Assert.notNull(dataSource, "'dataSource' must not be null");
		Assert.notNull(json, "'json' must not be null");
		this.jdbc = new JdbcTemplate(dataSource);
		this.json = json;
	}

	/**
	 * Store a dead letter. If the update is stored already, its failure is replaced.
	 * @param letter the dead letter
	 * @throws DataAccessException if the database is not available or the table is
	 * missing
	 */
	@Override
	public void handle(DeadLetter letter) {
		String id = id(letter);
		int updated = this.jdbc.update(
				"update REQUENCE_DEAD_LETTER set FAILED_AT = ?, FAILURES = ?, LISTENER = ?, ERROR = ? where ID = ?",
				atUtc(letter.failedAt()), letter.failures(), letter.listener(), letter.error(), id);
		if (updated == 0) {
			TaskUpdate update = letter.update();
			this.jdbc.update(
					"insert into REQUENCE_DEAD_LETTER (ID, WATCHER, TASK_ID, UPDATE_TYPE, UPDATE_POSITION, FAILED_AT,"
							+ " FAILURES, LISTENER, ERROR, TASK_UPDATE) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
					id, name(letter.watcher()), name(update.taskId()), update.type().wireName(), update.position(),
					atUtc(letter.failedAt()), letter.failures(), letter.listener(), letter.error(),
					this.json.write(update));
		}
	}

	/**
	 * Return the number of dead letters.
	 * @return the number
	 * @throws DataAccessException if the database is not available or the table is
	 * missing
	 */
	public long count() {
		Long count = this.jdbc.queryForObject("select count(*) from REQUENCE_DEAD_LETTER", Long.class);
		return Objects.requireNonNull(count);
	}

	/**
	 * Return the identifiers of dead letters, the one that failed first at the beginning.
	 * @param limit the maximum number
	 * @return the identifiers
	 * @throws DataAccessException if the database is not available or the table is
	 * missing
	 */
	public List<String> ids(int limit) {
		Assert.isTrue(limit > 0, "'limit' must be positive");
		return this.jdbc.query((connection) -> {
			PreparedStatement statement = connection
				.prepareStatement("select ID from REQUENCE_DEAD_LETTER order by FAILED_AT, UPDATE_POSITION, ID");
			statement.setMaxRows(limit);
			return statement;
		}, (row, number) -> row.getString(1));
	}

	/**
	 * Return the identifiers of dead letters of a watcher, in the order of
	 * {@link #ids(int)}.
	 * @param skip how many to leave out at the beginning
	 */
	List<String> ids(String watcher, int skip, int limit) {
		return this.jdbc.query((connection) -> {
			PreparedStatement statement = connection.prepareStatement("select ID from REQUENCE_DEAD_LETTER"
					+ " where WATCHER = ? order by FAILED_AT, UPDATE_POSITION, ID");
			statement.setString(1, name(watcher));
			statement.setMaxRows(Math.addExact(skip, limit));
			return statement;
		}, (row, number) -> row.getString(1)).stream().skip(skip).toList();
	}

	static boolean isOf(String watcher, DeadLetter letter) {
		return name(watcher).equals(letter.watcher());
	}

	/**
	 * Return a dead letter.
	 * @param id its identifier
	 * @return the dead letter, or {@code null} if there is none
	 * @throws DataAccessException if the database is not available or the table is
	 * missing
	 */
	public @Nullable DeadLetter find(String id) {
		return this.jdbc.query(SELECT + " where ID = ?", (row, number) -> letter(row), id)
			.stream()
			.findFirst()
			.orElse(null);
	}

	private DeadLetter letter(ResultSet row) throws SQLException {
		return new DeadLetter(row.getString("WATCHER"), this.json.read(row.getString("TASK_UPDATE")),
				row.getString("LISTENER"), row.getString("ERROR"), row.getInt("FAILURES"),
				row.getObject("FAILED_AT", OffsetDateTime.class).toInstant());
	}

	/**
	 * Delete a dead letter.
	 * @param id its identifier
	 * @return whether there was one
	 * @throws DataAccessException if the database is not available or the table is
	 * missing
	 */
	public boolean delete(String id) {
		return this.jdbc.update("delete from REQUENCE_DEAD_LETTER where ID = ?", id) > 0;
	}

	/**
	 * Return the identifier under which a dead letter is stored.
	 * @param letter the dead letter
	 * @return the identifier
	 */
	public static String id(DeadLetter letter) {
		TaskUpdate update = letter.update();
		String identity = String.join("\n", letter.watcher(), update.taskId(), update.type().name(),
				String.valueOf(update.updateId()), String.valueOf(update.position()));
		return UUID.nameUUIDFromBytes(identity.getBytes(StandardCharsets.UTF_8)).toString();
	}

	private static OffsetDateTime atUtc(Instant time) {
		return time.atOffset(ZoneOffset.UTC);
	}

	// The JSON has the whole name
	private static String name(String name) {
		String start = (name.length() > MAX_NAME_LENGTH) ? name.substring(0, MAX_NAME_LENGTH) : name;
		return start.replaceAll("[\\p{Cc}\\p{Cs}]", "?");
	}

}
