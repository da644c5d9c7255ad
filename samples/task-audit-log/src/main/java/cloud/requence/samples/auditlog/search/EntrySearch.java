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

package cloud.requence.samples.auditlog.search;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

import javax.sql.DataSource;

import cloud.requence.samples.auditlog.entry.Entry;
import cloud.requence.samples.auditlog.search.FoundEntry.PayloadState;
import cloud.requence.samples.auditlog.search.PageSelection.Direction;
import org.jspecify.annotations.Nullable;

import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Finds entries. Each search has a transaction that may only read, and a time: one that
 * takes longer fails with a {@link org.springframework.dao.QueryTimeoutException}. Pages
 * are found by the place of their first entry, and not by a number, so that the last one
 * costs what the first does.
 */
@Component
public class EntrySearch {

	/** The size of a payload up to which it is shown in a page. */
	public static final int MAX_SHOWN_PAYLOAD = 65536;

	private static final int MAX_EXCERPT_SOURCE = 20_000;

	private static final String EXCERPT = "null::bytea as body, case when e.payload_size <= " + MAX_EXCERPT_SOURCE
			+ " then left(p.body::text, 240) end as excerpt";

	private static final String MARKED_EXCERPT = "null::bytea as body, case when e.payload_size <= "
			+ MAX_EXCERPT_SOURCE + " then ts_headline('simple', p.body::text, %s, 'StartSel=" + FoundEntry.MATCH
			+ ",StopSel=" + FoundEntry.END_OF_MATCH + ",MaxWords=28,MinWords=14') end as excerpt";

	// Entries of updates have no reason of their own, as it could not be erased
	private static final String REASON = "coalesce(e.reason, case when e.outcome in ('failed', 'aborted', 'deferred') "
			+ "then left(coalesce(p.body ->> 'error', p.body ->> 'reason'), 1000) end) as shown_reason";

	private static final String BODY = "null as excerpt, case when e.payload_size <= " + MAX_SHOWN_PAYLOAD
			+ " then p.canonical end as body";

	private static final int FIRST = 3000;

	private static final int FEW = 10_000;

	private static final int FETCH_SIZE = 500;

	private static final long PATIENCE_SECONDS = 2;

	private final JdbcTemplate jdbc;

	// Settings of its own: rows of an export are not to be kept in memory
	private final JdbcTemplate exportJdbc;

	private final TransactionTemplate search;

	private final TransactionTemplate snapshot;

	private final SearchProperties properties;

	private final Semaphore searches;

	private final Semaphore exports;

	EntrySearch(JdbcTemplate jdbc, DataSource dataSource, PlatformTransactionManager transactionManager,
			SearchProperties properties) {
		this.jdbc = jdbc;
		this.exportJdbc = new JdbcTemplate(dataSource);
		this.exportJdbc.setFetchSize(FETCH_SIZE);
		this.search = new TransactionTemplate(transactionManager);
		this.search.setReadOnly(true);
		this.snapshot = new TransactionTemplate(transactionManager);
		this.snapshot.setReadOnly(true);
		this.snapshot.setIsolationLevel(TransactionDefinition.ISOLATION_REPEATABLE_READ);
		this.properties = properties;
		this.searches = new Semaphore(properties.concurrent());
		this.exports = new Semaphore(properties.concurrentExports());
	}

	/**
	 * Find a page.
	 * @param filter what the entries have in common
	 * @param selection which of them
	 * @return the newest first
	 */
	public EntryPage page(EntryFilter filter, PageSelection selection) {
		boolean older = selection.direction() == Direction.OLDER;
		List<FoundEntry> found = new ArrayList<>(
				search(() -> find(filter, selection.cursor(), older, selection.size() + 1, false)));
		boolean more = found.size() > selection.size();
		if (more) {
			found.remove(selection.size());
		}
		if (!older) {
			Collections.reverse(found);
		}
		boolean hasNewer = older ? selection.cursor() != null : more;
		boolean hasOlder = older ? more : selection.cursor() != null;
		if (found.isEmpty()) {
			return new EntryPage(found, null, null);
		}
		return new EntryPage(found, hasNewer ? found.get(0).cursor() : null,
				hasOlder ? found.get(found.size() - 1).cursor() : null);
	}

	/**
	 * Find the entries of a task with their payloads.
	 * @param task the id of the task
	 * @param after the last entry that was shown before, if any
	 * @param size the number of entries
	 * @return the oldest first, and where more follow
	 */
	public EntryPage task(String task, @Nullable EntryCursor after, int size) {
		if (task.indexOf('\0') >= 0) {
			// PostgreSQL has no such text
			return new EntryPage(List.of(), null, null);
		}
		EntryFilter filter = new EntryFilter(null, null, task, null, null, null, null, null, null, null);
		List<FoundEntry> found = search(() -> find(filter, after, false, size + 1, true));
		boolean more = found.size() > size;
		List<FoundEntry> shown = more ? found.subList(0, size) : found;
		return new EntryPage(shown, more ? shown.get(size - 1).cursor() : null, null);
	}

	/**
	 * Find an entry with its payload.
	 * @param sequence the sequence
	 * @return the entry
	 */
	public Optional<FoundEntry> entry(long sequence) {
		EntrySql sql = new EntrySql(EntryFilter.ALL);
		sql.add("e.sequence = ?", sequence);
		return search(() -> query(sql, sql.from(""), "", BODY)).stream().findFirst();
	}

	/**
	 * Find a payload as it was recorded.
	 * @param sequence the sequence of its entry
	 * @return JSON in UTF-8; empty if there is none, or no more
	 */
	public Optional<byte[]> payload(long sequence) {
		return search(() -> this.jdbc.queryForList("select canonical from payload where sequence = ?", byte[].class,
				sequence))
			.stream()
			.findFirst();
	}

	/**
	 * Return what the log contains as a whole.
	 * @return a summary
	 */
	public LogSummary summary() {
		return search(() -> this.jdbc.queryForObject("""
				select newest.sequence + 1 as size, oldest.happened_at as since, newest.happened_at as until,
					newest.recorded_at, gap.number as gaps, gap.first as first_gap
				from (select count(*) as number, min(happened_at) as first from entry
					where kind = 'GAP' and kind <> 'UPDATE') gap
				left join (select sequence, happened_at, recorded_at from entry order by sequence desc limit 1) newest
					on true
				left join (select happened_at from entry order by sequence limit 1) oldest on true""",
				(row, number) -> new LogSummary(row.getLong("size"), EntrySql.time(row, "since"),
						EntrySql.time(row, "until"), EntrySql.time(row, "recorded_at"), row.getLong("gaps"),
						EntrySql.time(row, "first_gap"))));
	}

	/**
	 * Count the gaps in a time.
	 * @param filter a filter, of which the time counts
	 * @return the number of gaps that reach into the time
	 */
	public long gaps(EntryFilter filter) {
		EntrySql sql = new EntrySql(filter.gaps());
		Long gaps = search(() -> this.jdbc.queryForObject("select count(*) " + sql.from(""), Long.class,
				sql.arguments().toArray()));
		return (gaps != null) ? gaps : 0;
	}

	/**
	 * Read everything that a filter matches, as it is at one moment.
	 * @param filter what the entries have in common
	 * @param consumer takes each entry with its payload, in the order of their sequences
	 */
	public void export(EntryFilter filter, ExportConsumer consumer) {
		if (!this.exports.tryAcquire()) {
			throw new BusyException(
					"Another export is running. Try again when it has ended, or see audit.search.concurrent-exports.");
		}
		try {
			this.snapshot.executeWithoutResult((status) -> {
				limit(this.properties.exportTimeout());
				try {
					export(new EntrySql(filter), consumer);
				}
				catch (IOException ex) {
					throw new UncheckedIOException(ex);
				}
			});
		}
		finally {
			this.exports.release();
		}
	}

	private void export(EntrySql sql, ExportConsumer consumer) throws IOException {
		consumer.begin();
		this.exportJdbc.query(
				"select " + EntrySql.COLUMNS + ", p.salt, p.canonical "
						+ sql.from("left join payload p on p.sequence = e.sequence") + " order by e.sequence",
				(ResultSet row) -> {
					try {
						consumer.accept(EntrySql.entry(row), row.getBytes("salt"), row.getBytes("canonical"));
					}
					catch (IOException ex) {
						throw new UncheckedIOException(ex);
					}
				}, sql.arguments().toArray());
		consumer.end();
	}

	private List<FoundEntry> find(EntryFilter filter, @Nullable EntryCursor cursor, boolean older, int limit,
			boolean withBody) {
		EntrySql sql = new EntrySql(filter);
		if (cursor != null) {
			sql.add("(e.happened_at, e.sequence) " + (older ? "<" : ">") + " (?, ?)",
					EntrySql.time(cursor.happenedAt()), cursor.sequence());
		}
		String order = older ? " order by e.happened_at desc, e.sequence desc" : " order by e.happened_at, e.sequence";
		String orderAndLimit = order + " limit " + limit;
		if (filter.text() == null) {
			return query(sql, sql.from(""), orderAndLimit, withBody ? BODY : EXCERPT);
		}
		return findText(sql, filter.text(), order, limit);
	}

	/**
	 * Find a text in the way that is fastest for its frequency: the planner cannot know
	 * it, as it keeps that of the most frequent words only, and what it does for a
	 * frequent word takes minutes for a rare one. The first entries are read in any case:
	 * a frequent word is among them. If a few payloads have the text, these are found
	 * first; otherwise entries are read in their order until enough of them have it.
	 */
	private List<FoundEntry> findText(EntrySql sql, TextQuery text, String order, int limit) {
		String shown = String.format(MARKED_EXCERPT, text.expression());
		String orderAndLimit = order + " limit " + limit;
		List<FoundEntry> first = query(sql, sql.fromInOrder(order + " limit " + FIRST), orderAndLimit, shown,
				text.arguments().toArray());
		if (first.size() == limit) {
			return first;
		}
		Long found = this.jdbc.queryForObject("select count(*) from (" + sql.few() + " limit " + (FEW + 1) + ") found",
				Long.class, sql.textArguments().toArray());
		if (found != null && found <= FEW) {
			return query(sql, sql.fromFew(), orderAndLimit, shown, text.arguments().toArray());
		}
		this.jdbc.queryForList("select set_config(name, 'off', true) "
				+ "from unnest(array['enable_bitmapscan', 'enable_seqscan', 'enable_sort']) as setting (name)");
		return query(sql, sql.fromInOrder(order), orderAndLimit, shown, text.arguments().toArray());
	}

	// The page is found first, from indexes alone if they suffice, and only then is read
	private List<FoundEntry> query(EntrySql sql, String from, String orderAndLimit, String shown,
			Object... shownArguments) {
		List<Object> arguments = new ArrayList<>(List.of(shownArguments));
		arguments.addAll(sql.arguments());
		return this.jdbc.query("select " + EntrySql.COLUMNS + ", p.sequence is not null as stored, " + REASON + ", "
				+ shown + " from (select e.sequence, e.happened_at " + from + orderAndLimit
				+ ") f join entry e on e.sequence = f.sequence left join payload p on p.sequence = f.sequence"
				+ orderAndLimit.replace("e.", "f."), EntrySearch::found, arguments.toArray());
	}

	private static FoundEntry found(ResultSet row, int number) throws SQLException {
		Entry entry = EntrySql.entry(row);
		PayloadState state = row.getBoolean("stored") ? PayloadState.STORED
				: (entry.payloadHash() != null) ? PayloadState.ERASED : PayloadState.NONE;
		byte[] body = row.getBytes("body");
		return new FoundEntry(entry, EntrySql.requiredTime(row, "happened_at"), row.getString("shown_reason"), state,
				row.getString("excerpt"), (body != null) ? new String(body, StandardCharsets.UTF_8) : null);
	}

	private <T> T search(Supplier<T> query) {
		try {
			if (!this.searches.tryAcquire(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
				throw new BusyException("Too many searches are running. Try again in a moment.");
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new BusyException("The search was interrupted.");
		}
		try {
			return this.search.execute((status) -> {
				limit(this.properties.timeout());
				return query.get();
			});
		}
		finally {
			this.searches.release();
		}
	}

	/**
	 * Limit the time of the statements of a transaction. A plan is made for the values of
	 * each search, as the best one depends on how frequent they are, and it is not
	 * compiled, as that takes longer than a page; and it leaves the other processors to
	 * the recording.
	 */
	private void limit(Duration timeout) {
		this.jdbc.queryForList(
				"select set_config('statement_timeout', ?, true), set_config('plan_cache_mode', 'force_custom_plan', true), "
						+ "set_config('jit', 'off', true), set_config('max_parallel_workers_per_gather', '0', true)",
				String.valueOf(timeout.toMillis()));
	}

	/**
	 * Takes the rows of an export, in the transaction that reads them.
	 */
	@FunctionalInterface
	public interface ExportConsumer {

		/**
		 * Begin, before the first entry.
		 * @throws IOException if it cannot be written
		 */
		default void begin() throws IOException {
		}

		/**
		 * Take an entry.
		 * @param entry the entry
		 * @param salt the salt of its payload; {@code null} if there is no payload
		 * @param payload the payload as it was recorded; {@code null} if there is none
		 * @throws IOException if it cannot be written
		 */
		void accept(Entry entry, byte @Nullable [] salt, byte @Nullable [] payload) throws IOException;

		/**
		 * End, after the last entry.
		 * @throws IOException if it cannot be written
		 */
		default void end() throws IOException {
		}

	}

}
