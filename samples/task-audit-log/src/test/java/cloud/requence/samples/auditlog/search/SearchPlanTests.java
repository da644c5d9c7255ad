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
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

import javax.sql.DataSource;

import cloud.requence.samples.auditlog.TestDatabase;
import cloud.requence.samples.auditlog.entry.EntryKind;
import cloud.requence.samples.auditlog.search.PageSelection.Direction;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.support.JdbcTransactionManager;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link EntrySearch} on a log of many made-up entries: what is found, and by
 * which index. The system property {@code requence.audit-rows} sets their number.
 */
class SearchPlanTests {

	private static final long ROWS = Long.getLong("requence.audit-rows", 20_000);

	private static String database;

	private static DataSource dataSource;

	private static ExplainingJdbcTemplate jdbc;

	private static EntrySearch search;

	@BeforeAll
	static void fill() throws Exception {
		database = TestDatabase.create();
		dataSource = TestDatabase.owner(database);
		// As on a disk without moving parts
		new JdbcTemplate(dataSource).execute("alter database " + database + " set random_page_cost = 1.1");
		Filler.fill(dataSource, ROWS);
		jdbc = new ExplainingJdbcTemplate(dataSource);
		search = new EntrySearch(jdbc, dataSource, new JdbcTransactionManager(dataSource),
				new SearchProperties(Duration.ofMinutes(1), Duration.ofMinutes(1), 4, 1));
	}

	private static EntryFilter filter(String parameter, String value) {
		return new EntryFilter(null, null, parameter.equals("task") ? value : null,
				parameter.equals("rootTask") ? value : null, parameter.equals("name") ? value : null,
				parameter.equals("type") ? value : null, parameter.equals("node") ? value : null,
				parameter.equals("outcome") ? value : null, parameter.equals("kind") ? EntryKind.valueOf(value) : null,
				parameter.equals("text") ? TextQuery.parse(value) : null);
	}

	private static String task(long number) {
		return new JdbcTemplate(dataSource).queryForObject("select md5(?)::uuid::varchar", String.class,
				"task" + number);
	}

	private static List<Long> sequences(EntryPage page) {
		return page.entries().stream().map((found) -> found.entry().sequence()).toList();
	}

	static Stream<Arguments> rareValues() {
		return Stream.of(Arguments.of("name", "Training", "entry_name"),
				Arguments.of("type", "taskAborted", "entry_type"), Arguments.of("node", "review", "entry_node"),
				Arguments.of("outcome", "aborted", "entry_outcome"), Arguments.of("kind", "ERASURE", "entry_other"),
				Arguments.of("kind", "GAP", "entry_other"),
				Arguments.of("text", "INV-2026-0000042", "payload_document"),
				Arguments.of("text", "\"B/42/42\"", "payload_document"));
	}

	@ParameterizedTest
	@MethodSource("rareValues")
	void readsTheIndexOfEachFilter(String parameter, String value, String index) {
		search.page(filter(parameter, value), new PageSelection(Direction.OLDER, null, 50));
		assertThat(jdbc.plan()).contains(index).doesNotContain("Seq Scan");
	}

	// Of which a page is full soon, by whichever index
	@ParameterizedTest
	@CsvSource({ "name, Invoice", "type, nodeUpdate", "node, scan", "outcome, ended", "kind, UPDATE" })
	void sortsNothingToFindFrequentValues(String parameter, String value) {
		EntryPage page = search.page(filter(parameter, value), new PageSelection(Direction.OLDER, null, 50));
		assertThat(page.entries()).hasSize(50);
		assertThat(jdbc.plan()).containsPattern("Index (Only )?Scan Backward using entry_")
			.doesNotContain("Seq Scan")
			.doesNotContain("Sort");
	}

	@ParameterizedTest
	@ValueSource(strings = { "task", "rootTask" })
	void readsTheIndexOfTasks(String parameter) {
		EntryPage page = search.page(filter(parameter, task(18)), new PageSelection(Direction.OLDER, null, 50));
		assertThat(jdbc.plan()).contains(parameter.equals("task") ? "entry_task" : "entry_root_task")
			.doesNotContain("Seq Scan");
		// Task 19 is a sub-task of task 18
		assertThat(page.entries()).hasSize(parameter.equals("task") ? 12 : 24);
	}

	@ParameterizedTest
	@ValueSource(strings = { "OLDER", "NEWER" })
	void readsPagesInTheMiddleFromWhereTheyBegin(Direction direction) {
		EntryCursor middle = search.entry(ROWS / 2).orElseThrow().cursor();
		search.page(EntryFilter.ALL, new PageSelection(direction, middle, 50));
		assertThat(jdbc.plan()).contains("entry_happened")
			.contains("Index Cond: (ROW(")
			.doesNotContain("Seq Scan")
			.doesNotContain("Sort");
	}

	@Test
	void readsTheTimeOfAFilterFromItsIndex() {
		Instant from = search.entry(ROWS / 2).orElseThrow().happenedAt();
		EntryFilter filter = new EntryFilter(from, from.plusSeconds(600), null, null, "Invoice", null, null, null, null,
				null);
		EntryPage page = search.page(filter, new PageSelection(Direction.OLDER, null, 50));
		assertThat(page.entries()).isNotEmpty()
			.allMatch((found) -> !found.happenedAt().isBefore(from)
					&& found.happenedAt().isBefore(from.plusSeconds(600)));
		assertThat(jdbc.plan()).containsPattern("Index Cond: .*happened_at >= ").doesNotContain("Seq Scan");
	}

	@Test
	void pagesThroughAllInBothDirections() {
		EntryFilter filter = filter("outcome", "failed");
		List<Long> down = new ArrayList<>();
		PageSelection selection = new PageSelection(Direction.OLDER, null, 37);
		EntryPage page = search.page(filter, selection);
		while (page.older() != null && down.size() < 2000) {
			down.addAll(sequences(page));
			page = search.page(filter, new PageSelection(Direction.OLDER, page.older(), 37));
		}
		EntryCursor newer = page.newer();
		List<Long> up = new ArrayList<>();
		while (newer != null) {
			page = search.page(filter, new PageSelection(Direction.NEWER, newer, 37));
			up.addAll(0, sequences(page));
			newer = page.newer();
		}
		assertThat(down).hasSizeGreaterThan(100).doesNotHaveDuplicates().isEqualTo(up);
	}

	@Test
	void startsAtTheOldest() {
		EntryPage page = search.page(EntryFilter.ALL, new PageSelection(Direction.NEWER, null, 3));
		assertThat(sequences(page)).containsExactlyElementsOf(new JdbcTemplate(dataSource)
			.queryForList("select sequence from (select * from entry order by happened_at, sequence limit 3) first "
					+ "order by happened_at desc, sequence desc", Long.class));
		assertThat(page.older()).isNull();
		assertThat(page.newer()).isNotNull();
	}

	@Test
	void limitsTheSearchesAtATime() {
		EntrySearch single = new EntrySearch(jdbc, dataSource, new JdbcTransactionManager(dataSource),
				new SearchProperties(Duration.ofMinutes(1), Duration.ofMinutes(1), 1, 1));
		EntryFilter one = filter("task", task(18));
		single.export(one, (entry, salt, payload) -> assertThatExceptionOfType(BusyException.class)
			.isThrownBy(() -> single.export(one, (other, otherSalt, otherPayload) -> {
			})));
		assertThat(single.page(one, new PageSelection(Direction.OLDER, null, 50)).entries()).hasSize(12);
	}

	@Test
	void exportsASnapshot() {
		List<Long> exported = new ArrayList<>();
		String task = task(26);
		search.export(filter("task", task), (entry, salt, payload) -> {
			if (exported.isEmpty()) {
				// By another connection than that of the export
				new JdbcTemplate(TestDatabase.owner(database)).update("delete from payload where sequence > ?",
						entry.sequence());
			}
			exported.add(entry.sequence());
			assertThat(payload != null).isEqualTo(entry.payloadHash() != null);
		});
		assertThat(exported).hasSize(12).isSorted();
	}

}
