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
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

import javax.sql.DataSource;

import cloud.requence.samples.auditlog.entry.Entry;
import cloud.requence.samples.auditlog.entry.EntryKind;
import cloud.requence.samples.auditlog.entry.NewEntry;
import cloud.requence.samples.auditlog.evidence.ErasedEntries.Range;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Erases payloads, and says so in an entry of the log, in one transaction of the database
 * user that may delete payloads. Entries stay, and all proofs hold. Neither payloads of
 * tasks that are held nor those of erasures, accesses and holds are erased.
 */
public class Erasures {

	private static final Logger logger = LoggerFactory.getLogger(Erasures.class);

	// How many payloads one transaction erases
	private static final int BATCH = 10_000;

	// The payloads of other entries are evidence
	private static final String PERSONAL = "e.kind not in ('ERASURE', 'ACCESS', 'HOLD', 'RELEASE')";

	private static final String ERASABLE = PERSONAL + " and not " + Holds.HELD;

	private final @Nullable Access access;

	private final Clock clock;

	Erasures(@Nullable DataSource eraser, Clock clock) {
		this.access = (eraser != null) ? Access.of(eraser) : null;
		this.clock = clock;
	}

	/**
	 * Erase all payloads of a task.
	 * @param givenTask the task
	 * @param by who erases them
	 * @param givenReason why
	 * @return the number of payloads that were erased
	 * @throws IllegalArgumentException if the task or the reason is missing or too long
	 * @throws IllegalStateException if the task is held, or nothing can be erased here
	 */
	public long eraseTask(@Nullable String givenTask, String by, @Nullable String givenReason) {
		String taskId = GivenText.task(givenTask);
		String reason = GivenText.reason(givenReason);
		long erased = erase(taskId, by, reason, "e.task_id = ?", taskId);
		if (erased == 0) {
			refuseIfHeld(taskId);
		}
		return erased;
	}

	/**
	 * Count what would be erased, and check the rest.
	 * @param givenTask the task
	 * @param givenReason why its payloads are to be erased
	 * @return the number of payloads
	 * @throws IllegalArgumentException if the task or the reason is missing or too long
	 * @throws IllegalStateException if the task is held, or nothing can be erased here
	 */
	public long countOfTask(@Nullable String givenTask, @Nullable String givenReason) {
		String taskId = GivenText.task(givenTask);
		GivenText.reason(givenReason);
		Long count = access().jdbc()
			.queryForObject(
					"select count(*) from payload p join entry e using (sequence) where e.task_id = ? and " + ERASABLE,
					Long.class, taskId);
		if (count != null && count > 0) {
			return count;
		}
		refuseIfHeld(taskId);
		return 0;
	}

	private void refuseIfHeld(String taskId) {
		if (isHeld("e.task_id = ?", taskId)) {
			throw new IllegalStateException("Task '" + taskId + "' is held: none of its payloads may be erased");
		}
	}

	/**
	 * Return whether payloads can be erased here.
	 * @return whether a user of the database for it is configured
	 */
	public boolean isPossible() {
		return this.access != null;
	}

	private boolean isHeld(String condition, Object value) {
		Long held = access().jdbc()
			.queryForObject("select count(*) from (select 1 from entry e where " + condition + " and " + Holds.HELD
					+ " limit 1) as held", Long.class, value);
		return held != null && held > 0;
	}

	/**
	 * Erase the payload of an entry.
	 * @param sequence the entry
	 * @param by who erases it
	 * @param givenReason why
	 * @return the number of payloads that were erased: 0 if there is none
	 * @throws IllegalArgumentException if the reason is missing or too long
	 * @throws IllegalStateException if its task is held, or nothing can be erased here
	 */
	public long eraseEntry(long sequence, String by, @Nullable String givenReason) {
		String reason = GivenText.reason(givenReason);
		long erased = erase(null, by, reason, "e.sequence = ?", sequence);
		if (erased == 0 && isHeld(PERSONAL + " and e.sequence = ?", sequence)) {
			throw new IllegalStateException(
					"The task of entry #" + sequence + " is held: none of its payloads may be erased");
		}
		return erased;
	}

	/**
	 * Erase payloads that were recorded before a time.
	 * @param age how long payloads are kept
	 * @return the number of payloads that were erased
	 */
	long eraseOlderThan(Duration age) {
		Instant limit = this.clock.instant().minus(age);
		return erase(null, "retention", "Older than " + age, "e.sequence < ?", firstNewer(limit));
	}

	// By the states of the tree, which are in the order of time: no index on the time of
	// each entry is needed.
	private long firstNewer(Instant limit) {
		long older = 0;
		long end = TreeReader.newest(access().jdbc()).size();
		while (older < end) {
			long middle = (older + end) / 2;
			TreeTime state = Objects.requireNonNull(access().jdbc()
				.queryForObject("select size, recorded_at from tree where size > ? order by size limit 1", (row,
						number) -> new TreeTime(row.getLong(1), row.getObject(2, OffsetDateTime.class).toInstant()),
						middle));
			if (state.time().isBefore(limit)) {
				older = state.size();
			}
			else {
				end = middle;
			}
		}
		return older;
	}

	private long erase(@Nullable String taskId, String by, String reason, String condition, Object value) {
		long erased = 0;
		List<Long> batch;
		do {
			batch = Objects.requireNonNull(
					access().transactions().execute((status) -> eraseBatch(taskId, by, reason, condition, value)));
			erased += batch.size();
		}
		while (batch.size() == BATCH);
		if (erased > 0) {
			logger.info("{} payloads were erased by {}", erased, by);
		}
		return erased;
	}

	private List<Long> eraseBatch(@Nullable String taskId, String by, String reason, String condition, Object value) {
		JdbcTemplate jdbc = access().jdbc();
		LogWriter writer = access().writer();
		// Takes the lock: a hold is either recorded before and respected, or comes after
		writer.append(List.of());
		List<Long> sequences = jdbc.queryForList("select p.sequence from payload p join entry e using (sequence) where "
				+ condition + " and " + ERASABLE + " order by p.sequence limit " + BATCH, Long.class, value);
		if (!sequences.isEmpty()) {
			jdbc.update("delete from payload where sequence = any (?)", (statement) -> statement.setArray(1,
					statement.getConnection().createArrayOf("bigint", sequences.toArray())));
			Entry entry = new Entry(0, EntryKind.ERASURE, null, null, null, this.clock.instant(), taskId, null, null,
					null, null, null, null, reason, null, null, null, null, sequences.get(0), null, 0);
			writer.append(List.of(new NewEntry(entry, ErasedEntries.payload(by, reason, ranges(sequences)))));
		}
		return sequences;
	}

	private static List<Range> ranges(List<Long> sequences) {
		List<Range> ranges = new ArrayList<>();
		for (long sequence : sequences) {
			Range last = ranges.isEmpty() ? null : ranges.get(ranges.size() - 1);
			if (last != null && last.last() == sequence - 1) {
				ranges.set(ranges.size() - 1, new Range(last.first(), sequence));
			}
			else {
				ranges.add(new Range(sequence, sequence));
			}
		}
		return ranges;
	}

	private Access access() {
		if (this.access == null) {
			throw new IllegalStateException(
					"Nothing can be erased: set 'audit.database.eraser.username' to a user with the role of erasures");
		}
		return this.access;
	}

	private record TreeTime(long size, Instant time) {
	}

	private record Access(JdbcTemplate jdbc, TransactionTemplate transactions, LogWriter writer) {

		static Access of(DataSource dataSource) {
			return new Access(new JdbcTemplate(dataSource),
					new TransactionTemplate(new JdbcTransactionManager(dataSource)), new LogWriter(dataSource));
		}

	}

}
