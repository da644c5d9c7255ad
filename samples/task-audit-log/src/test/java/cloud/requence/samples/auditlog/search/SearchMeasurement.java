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

import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.function.Supplier;

import cloud.requence.samples.auditlog.entry.EntryKind;
import cloud.requence.samples.auditlog.search.PageSelection.Direction;
import com.zaxxer.hikari.HikariDataSource;
import org.jspecify.annotations.Nullable;

import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.support.JdbcTransactionManager;

/**
 * Measures how long pages take to be found in the log of {@link Filler}, each time with
 * other values. The first argument is the URL of the database, with the name of a user;
 * the second the number of pages for each filter. {@code docs/audit-search.md} states the
 * results.
 */
final class SearchMeasurement {

	private static final String[] NAMES = { "Invoice", "Order", "Payment", "Delivery", "Contract", "Claim", "Offer",
			"Return", "Reminder", "Onboarding", "Audit", "Forecast", "Import", "Export", "Backup", "Survey", "Report",
			"Refund", "Renewal", "Transfer", "Inspection", "Recall", "Migration", "Training" };

	private static final String[] TYPES = { "taskStart", "nodeStart", "nodeUpdate", "nodeError", "nodeEnd", "taskEnd",
			"taskError", "taskAborted" };

	private static final String[] NODES = { "scan", "classify", "extract", "check", "approve", "book", "archive",
			"notify", "convert", "translate", "match", "price", "sign", "send", "verify", "enrich", "merge", "split",
			"score", "review" };

	private static final String[] OUTCOMES = { "ended", "failed", "aborted" };

	private final Random random = new Random(1);

	private final EntrySearch search;

	private final JdbcTemplate jdbc;

	private final long size;

	private final Instant start;

	private final Duration span;

	private final int pages;

	private SearchMeasurement(EntrySearch search, JdbcTemplate jdbc, int pages) {
		this.search = search;
		this.jdbc = jdbc;
		this.pages = pages;
		LogSummary summary = search.summary();
		this.size = summary.size();
		this.start = summary.from();
		this.span = Duration.between(summary.from(), summary.to());
	}

	/**
	 * Measure, and print the results as a table.
	 * @param args the URL of the database, and the number of pages for each filter
	 */
	public static void main(String[] args) {
		try (HikariDataSource dataSource = new HikariDataSource()) {
			dataSource.setJdbcUrl(args[0]);
			JdbcTemplate jdbc = new JdbcTemplate(dataSource);
			EntrySearch search = new EntrySearch(jdbc, dataSource, new JdbcTransactionManager(dataSource),
					new SearchProperties(Duration.ofSeconds(60), Duration.ofMinutes(30), 4, 1));
			new SearchMeasurement(search, jdbc, Integer.parseInt(args[1])).run();
		}
	}

	private void run() {
		Map<String, Supplier<?>> searches = new LinkedHashMap<>();
		searches.put("newest page", () -> page(EntryFilter.ALL));
		searches.put("a page in the middle", () -> {
			EntryCursor cursor = new EntryCursor(time(), this.random.nextLong(this.size));
			return this.search.page(EntryFilter.ALL,
					new PageSelection(this.random.nextBoolean() ? Direction.OLDER : Direction.NEWER, cursor, 50));
		});
		searches.put("an hour", () -> page(new Values().time(Duration.ofHours(1)).filter()));
		searches.put("30 days", () -> page(new Values().time(Duration.ofDays(30)).filter()));
		searches.put("task", () -> page(new Values().with("task", task()).filter()));
		searches.put("root task", () -> page(new Values().with("rootTask", task()).filter()));
		searches.put("page of a task", () -> this.search.task(task(), null, 200));
		searches.put("name", () -> page(new Values().with("name", one(NAMES)).filter()));
		searches.put("type", () -> page(new Values().with("type", one(TYPES)).filter()));
		searches.put("node", () -> page(new Values().with("node", one(NODES)).filter()));
		searches.put("outcome", () -> page(new Values().with("outcome", one(OUTCOMES)).filter()));
		searches.put("gaps", () -> page(new Values().with("kind", "GAP").filter()));
		searches.put("name and type",
				() -> page(new Values().with("name", one(NAMES)).with("type", one(TYPES)).filter()));
		searches.put("name and node",
				() -> page(new Values().with("name", one(NAMES)).with("node", one(NODES)).filter()));
		searches.put("name and outcome",
				() -> page(new Values().with("name", one(NAMES)).with("outcome", one(OUTCOMES)).filter()));
		searches.put("type and node",
				() -> page(new Values().with("type", one(TYPES)).with("node", one(NODES)).filter()));
		searches.put("name, outcome and a day",
				() -> page(new Values().with("name", one(NAMES))
					.with("outcome", one(OUTCOMES))
					.time(Duration.ofDays(1))
					.filter()));
		searches.put("name, type, node and 30 days",
				() -> page(new Values().with("name", one(NAMES))
					.with("type", one(TYPES))
					.with("node", one(NODES))
					.time(Duration.ofDays(30))
					.filter()));
		searches.put("text: a code", () -> page(new Values().with("text", code()).filter()));
		searches.put("text: a word", () -> page(new Values().with("text", word()).filter()));
		searches.put("text: two words", () -> page(new Values().with("text", word() + " " + word()).filter()));
		searches.put("text: one of two words",
				() -> page(new Values().with("text", word() + " or " + word()).filter()));
		searches.put("text: a phrase", () -> page(new Values().with("text", "\"does not match the order\"").filter()));
		searches.put("text: nothing", () -> page(new Values().with("text", "X-" + this.random.nextInt()).filter()));
		searches.put("text and name", () -> page(new Values().with("text", word()).with("name", one(NAMES)).filter()));
		searches.put("text and type", () -> page(new Values().with("text", word()).with("type", one(TYPES)).filter()));
		searches.put("text and a day", () -> page(new Values().with("text", word()).time(Duration.ofDays(1)).filter()));
		searches.put("text, name and 30 days", () -> page(
				new Values().with("text", word()).with("name", one(NAMES)).time(Duration.ofDays(30)).filter()));
		searches.put("head of each page", this.search::summary);
		System.out.println("| search | median | p95 | longest |\n| --- | --- | --- | --- |");
		searches.forEach(this::measure);
	}

	private void measure(String name, Supplier<?> search) {
		long[] times = new long[this.pages];
		for (int i = 0; i < times.length; i++) {
			long begin = System.nanoTime();
			Objects.requireNonNull(search.get());
			times[i] = (System.nanoTime() - begin) / 1000;
		}
		Arrays.sort(times);
		System.out.printf("| %s | %.1f ms | %.1f ms | %.1f ms |%n", name, times[times.length / 2] / 1000.0,
				times[(int) (times.length * 0.95)] / 1000.0, times[times.length - 1] / 1000.0);
	}

	private EntryPage page(EntryFilter filter) {
		return this.search.page(filter, new PageSelection(Direction.OLDER, null, 50));
	}

	private Instant time() {
		return this.start.plusSeconds(this.random.nextLong(this.span.toSeconds()));
	}

	private String one(String[] values) {
		return values[this.random.nextInt(values.length)];
	}

	private String task() {
		return value("select md5('task' || ?)::uuid::varchar", this.random.nextLong(this.size / 600 * 50));
	}

	private String code() {
		long task = this.random.nextLong(this.size / 600 * 50);
		return switch (this.random.nextInt(3)) {
			case 0 -> String.format("INV-2026-%07d", task);
			case 1 -> "B/" + task + "/" + task % 97;
			default -> "A-" + this.random.nextInt(50_000);
		};
	}

	// The n-th most frequent word of the filler, as often as it is written
	private String word() {
		int n = (int) (2000 * Math.pow(this.random.nextDouble(), 3));
		return value("select (array['ba','de','ki','lo','mu','na','pe','ri','so','tu'])[1 + n % 10] || "
				+ "(array['lan','mer','nis','ron','tel','var','dos','gan','hel','jor'])[1 + n / 10 % 10] || "
				+ "(array['a','en','is','o','um','et','ix','al','or','yn','ent','ist','age','ion','ure','ing','ard','ell',"
				+ "'ock','ive'])[1 + n / 100] from (select ?::integer as n) number", n);
	}

	private String value(String sql, Object argument) {
		return String.valueOf(this.jdbc.queryForObject(sql, String.class, argument));
	}

	/**
	 * The values of a filter.
	 */
	private final class Values {

		private final Map<String, String> values = new LinkedHashMap<>();

		private @Nullable Instant from;

		private @Nullable Instant to;

		Values with(String name, String value) {
			this.values.put(name, value);
			return this;
		}

		Values time(Duration length) {
			this.from = SearchMeasurement.this.time();
			this.to = this.from.plus(length);
			return this;
		}

		EntryFilter filter() {
			String kind = this.values.get("kind");
			String text = this.values.get("text");
			return new EntryFilter(this.from, this.to, this.values.get("task"), this.values.get("rootTask"),
					this.values.get("name"), this.values.get("type"), this.values.get("node"),
					this.values.get("outcome"), (kind != null) ? EntryKind.valueOf(kind) : null,
					(text != null) ? TextQuery.parse(text) : null);
		}

	}

}
