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

package cloud.requence.samples.auditlog.evidence;

import java.time.Clock;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;

import javax.sql.DataSource;

import cloud.requence.samples.auditlog.entry.Entry;
import cloud.requence.samples.auditlog.entry.EntryKind;
import cloud.requence.samples.auditlog.entry.NewEntry;
import org.jspecify.annotations.Nullable;

import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Legal holds: while a task is held, none of its payloads is erased, and none of the
 * tasks that it has started. Holds are entries of the log themselves: the last one of a
 * task counts.
 */
public class Holds {

	/**
	 * The condition of entries of which the task or its root task is held, for a row
	 * {@code e} of entries.
	 */
	static final String HELD = "'HOLD' in (" + lastWord("e.task_id") + ", " + lastWord("e.root_task_id") + ")";

	private final JdbcTemplate jdbc;

	private final TransactionTemplate transactions;

	private final LogWriter writer;

	private final Clock clock;

	Holds(DataSource dataSource, LogWriter writer, Clock clock) {
		this.jdbc = new JdbcTemplate(dataSource);
		this.transactions = new TransactionTemplate(new JdbcTransactionManager(dataSource));
		this.writer = writer;
		this.clock = clock;
	}

	/**
	 * Hold a task.
	 * @param taskId the task
	 * @param by who holds it
	 * @param reason why
	 * @throws IllegalArgumentException if the task or the reason is missing or too long
	 */
	public void hold(@Nullable String taskId, String by, @Nullable String reason) {
		append(EntryKind.HOLD, taskId, by, reason);
	}

	/**
	 * Release a task.
	 * @param taskId the task
	 * @param by who releases it
	 * @param reason why
	 * @throws IllegalArgumentException if the task or the reason is missing or too long
	 */
	public void release(@Nullable String taskId, String by, @Nullable String reason) {
		append(EntryKind.RELEASE, taskId, by, reason);
	}

	/**
	 * Return whether a task is held.
	 * @param taskId the task
	 * @return whether none of its payloads may be erased
	 */
	public boolean isHeld(String taskId) {
		return this.jdbc
			.queryForList("select kind from entry where kind in ('HOLD', 'RELEASE') and task_id = ? "
					+ "order by sequence desc limit 1", String.class, taskId)
			.contains(EntryKind.HOLD.name());
	}

	/**
	 * Return the tasks that are held.
	 * @param size how many at most
	 * @return those that were held last, first
	 */
	public List<Hold> held(int size) {
		return this.jdbc
			.query("""
					select h.sequence, h.task_id, h.recorded_at, h.reason, p.body ->> 'by'
					from entry h left join payload p using (sequence)
					where h.kind = 'HOLD' and not exists (select 1 from entry l where l.kind in ('HOLD', 'RELEASE')
						and l.task_id = h.task_id and l.sequence > h.sequence)
					order by h.sequence desc limit ?""",
					(row, number) -> new Hold(row.getLong(1), row.getString(2),
							row.getObject(3, OffsetDateTime.class).toInstant(), row.getString(4), row.getString(5)),
					size);
	}

	// An empty text, as null would make the whole condition unknown
	private static String lastWord(String taskId) {
		return "coalesce((select h.kind from entry h where h.kind in ('HOLD', 'RELEASE') and h.task_id = " + taskId
				+ " order by h.sequence desc limit 1), '')";
	}

	private void append(EntryKind kind, @Nullable String taskId, String by, @Nullable String givenReason) {
		String reason = GivenText.reason(givenReason);
		Entry entry = new Entry(0, kind, null, null, null, this.clock.instant(), GivenText.task(taskId), null, null,
				null, null, null, null, reason, null, null, null, null, null, null, 0);
		this.transactions.executeWithoutResult((status) -> this.writer
			.append(List.of(new NewEntry(entry, ErasedEntries.payload(by, reason, List.of())))));
	}

	/**
	 * A task that is held.
	 *
	 * @param sequence the entry that says so
	 * @param taskId the task
	 * @param since since when
	 * @param reason why
	 * @param by who holds it; null if the payload of the entry was damaged
	 */
	public record Hold(long sequence, String taskId, Instant since, String reason, @Nullable String by) {
	}

}
