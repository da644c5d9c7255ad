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

import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;

import javax.sql.DataSource;

import cloud.requence.samples.dashboard.alerts.AlertProperties.Kind;
import cloud.requence.samples.dashboard.alerts.AlertProperties.Rule;
import cloud.requence.samples.dashboard.support.MutableClock;
import cloud.requence.samples.dashboard.text.NamePattern;
import cloud.requence.task.TaskWatcherStatus;
import cloud.requence.task.TaskWatcherStatus.State;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DelegatingDataSource;
import org.springframework.jdbc.datasource.embedded.EmbeddedDatabase;
import org.springframework.jdbc.datasource.embedded.EmbeddedDatabaseBuilder;
import org.springframework.jdbc.datasource.embedded.EmbeddedDatabaseType;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.awaitility.Awaitility.await;

/**
 * Tests for {@link Alerts} with a clock that stands.
 */
class AlertsTests {

	private static final Duration RESOLVE_AFTER = Duration.ofMinutes(2);

	private final EmbeddedDatabase database = new EmbeddedDatabaseBuilder().generateUniqueName(true)
		.setType(EmbeddedDatabaseType.H2)
		.addScript("schema.sql")
		.build();

	private final JdbcTemplate jdbc = new JdbcTemplate(this.database);

	private final Line line = new Line(this.database);

	private final MutableClock clock = new MutableClock();

	private final Map<String, Rule> rules = new LinkedHashMap<>();

	private final List<List<Incident>> notices = new ArrayList<>();

	private boolean refusesNotices;

	private TaskWatcherStatus status;

	private Incidents incidents;

	private Duration patience = Duration.ofSeconds(30);

	private HistoryLine history;

	private Alerts alerts;

	@BeforeEach
	void connect() {
		streaming(true);
		begin();
	}

	@AfterEach
	void close() {
		this.line.mend();
		this.history.close();
		this.database.shutdown();
	}

	private void begin() {
		JdbcTemplate ofBoard = new JdbcTemplate(this.line);
		IncidentStore store = new IncidentStore(ofBoard, new TransactionTemplate(new JdbcTransactionManager(this.line)),
				this.clock);
		this.incidents = new Incidents(store.load(), this.clock);
		this.history = new HistoryLine(this.patience, this.clock);
		this.alerts = new Alerts(() -> this.status, new AlertRules(this.rules, new AlertQueries(ofBoard), this.clock),
				this.incidents, store, this.history, List.of(new AlertChannel() {

					@Override
					public String name() {
						return "test";
					}

					@Override
					public void send(List<Incident> incidents) throws IOException {
						if (AlertsTests.this.refusesNotices) {
							throw new IOException("refused");
						}
						AlertsTests.this.notices.add(incidents);
					}

				}), RESOLVE_AFTER, this.clock);
	}

	private void rule(String name, Kind kind, @Nullable Duration limit, String... names) {
		this.rules.put(name, new Rule(kind, true, (names.length > 0) ? List.of(names) : List.of("*"), limit,
				Duration.ofMinutes(15), Duration.ofDays(7), 3, 10, 0.1));
		begin();
	}

	private void streaming(boolean caughtUp) {
		Instant now = this.clock.instant();
		status(State.STREAMING, now, null, caughtUp, null);
	}

	private void status(State state, @Nullable Instant connected, @Nullable Instant disconnected, boolean caughtUp,
			@Nullable Duration behind) {
		status(state, connected, disconnected, caughtUp, behind, 0, null);
	}

	private void waiting(Instant since) {
		status(State.STREAMING, this.clock.instant(), null, true, null, 0, since);
	}

	private void received(long updates, Instant connected) {
		status(State.STREAMING, connected, null, true, null, updates, null);
	}

	private void status(State state, @Nullable Instant connected, @Nullable Instant disconnected, boolean caughtUp,
			@Nullable Duration behind, long received, @Nullable Instant waiting) {
		Instant now = this.clock.instant();
		this.status = new TaskWatcherStatus("watcher", state, now, true, true, null, 7L, 6L, null, caughtUp,
				(behind != null) ? new TaskWatcherStatus.CatchUp(now, 1000, behind, 99.6, null) : null,
				new TaskWatcherStatus.Connection(connected, disconnected, true, null, null, 1, 0, 0, null, "no route",
						null, null),
				new TaskWatcherStatus.Updates(received, 0, 0, 0, 0, 0, 0, 0),
				new TaskWatcherStatus.Backlog((waiting != null) ? 1 : 0, 0, null, waiting, 0, false, List.of()),
				new TaskWatcherStatus.Contexts(0, 0, 0), new TaskWatcherStatus.Acknowledgements(0, 0, 0, 0, 0),
				new TaskWatcherStatus.Gaps(0, null), null);
	}

	private String task(@Nullable String name, String state, Duration began, Duration took) {
		String id = UUID.randomUUID().toString();
		long startedAt = this.clock.millis() - began.toMillis();
		Long endedAt = state.equals("running") ? null : Long.valueOf(startedAt + took.toMillis());
		this.jdbc.update(
				"""
						insert into task (id, name, name_pattern, state, start_seen, is_protected, require_ack, reason, started_at, ended_at,
							updated_at, updates, hidden_node_updates, nodes, nodes_done, errors, size)
						values (?, ?, ?, ?, true, false, false, ?, ?, ?, ?, 1, 0, 0, 0, 0, 100)""",
				id, name, (name != null) ? NamePattern.of(name) : null, state,
				state.equals("failed") ? "no budget" : null, startedAt, endedAt, startedAt);
		return id;
	}

	private void tasks(int count, String name, String state, Duration began, Duration took) {
		for (int i = 0; i < count; i++) {
			task(name, state, began, took);
		}
	}

	private void check() {
		this.alerts.check();
	}

	private Incident only() {
		assertThat(this.notices).hasSize(1);
		assertThat(this.notices.get(0)).hasSize(1);
		return this.notices.get(0).get(0);
	}

	@Nested
	class OfFailures {

		@BeforeEach
		void failMoreThanUsual() {
			rule("failures", Kind.FAILURE_RATE, null);
			tasks(99, "invoice", "succeeded", Duration.ofDays(1), Duration.ofSeconds(1));
			task("invoice", "failed", Duration.ofDays(1), Duration.ofSeconds(1));
			tasks(6, "invoice", "failed", Duration.ofMinutes(5), Duration.ofSeconds(1));
			tasks(6, "invoice", "succeeded", Duration.ofMinutes(5), Duration.ofSeconds(1));
		}

		@Test
		void tellsOfAnIncidentOnce() {
			check();
			check();
			Incident incident = only();
			assertThat(incident.name()).isEqualTo("invoice");
			assertThat(incident.summary()).isEqualTo("6 of 12 tasks have failed in 15 min (50.0 %); usual are 1.0 %");
			assertThat(incident.firstError()).isEqualTo("no budget");
			assertThat(incident.firstTask()).isNotNull();
			assertThat(incident.isResolved()).isFalse();
		}

		@Test
		void tellsOnceThatItIsResolved() {
			check();
			AlertsTests.this.clock.advance(Duration.ofMinutes(16));
			streaming(true);
			check();
			check();
			assertThat(AlertsTests.this.notices).hasSize(2);
			assertThat(AlertsTests.this.notices.get(1)).singleElement().satisfies((incident) -> {
				assertThat(incident.isResolved()).isTrue();
				assertThat(incident.id()).isEqualTo(AlertsTests.this.notices.get(0).get(0).id());
			});
		}

		@Test
		void waitsBeforeItResolves() {
			check();
			AlertsTests.this.jdbc.update("delete from task where state = 'failed'");
			AlertsTests.this.clock.advance(RESOLVE_AFTER.minusSeconds(1));
			check();
			assertThat(AlertsTests.this.notices).hasSize(1);
			AlertsTests.this.clock.advance(Duration.ofSeconds(1));
			check();
			assertThat(AlertsTests.this.notices).hasSize(2);
		}

		@Test
		void comparesANameWithItsOwnPast() {
			tasks(50, "fragile", "failed", Duration.ofDays(2), Duration.ofSeconds(1));
			tasks(50, "fragile", "succeeded", Duration.ofDays(2), Duration.ofSeconds(1));
			tasks(10, "fragile", "failed", Duration.ofMinutes(1), Duration.ofSeconds(1));
			tasks(5, "rare", "failed", Duration.ofMinutes(1), Duration.ofSeconds(1));
			check();
			assertThat(only().name()).isEqualTo("invoice");
		}

		@Test
		void putsWhatBeginsTogetherIntoOneNotice() {
			tasks(10, "order", "failed", Duration.ofMinutes(1), Duration.ofSeconds(1));
			check();
			assertThat(AlertsTests.this.notices).singleElement()
				.satisfies((incidents) -> assertThat(incidents).extracting(Incident::name)
					.containsExactlyInAnyOrder("invoice", "order"));
		}

		@Test
		void isSilentWhileItCatchesUp() {
			streaming(false);
			check();
			assertThat(AlertsTests.this.notices).isEmpty();
			streaming(true);
			check();
			assertThat(AlertsTests.this.notices).hasSize(1);
		}

		@Test
		void resolvesNothingWhileItIsBlind() {
			check();
			AlertsTests.this.clock.advance(Duration.ofHours(1));
			status(State.BACKING_OFF, null, AlertsTests.this.clock.instant().minus(Duration.ofHours(1)), false, null);
			check();
			assertThat(AlertsTests.this.notices).hasSize(1);
			streaming(true);
			check();
			assertThat(AlertsTests.this.notices).hasSize(1);
			AlertsTests.this.clock.advance(RESOLVE_AFTER);
			check();
			assertThat(AlertsTests.this.notices).hasSize(2);
		}

		@Test
		void doesNotTellAgainAfterARestart() {
			check();
			begin();
			check();
			assertThat(AlertsTests.this.notices).hasSize(1);
		}

		@Test
		void triesAgainWhatWasNotSent() {
			AlertsTests.this.refusesNotices = true;
			check();
			AlertsTests.this.refusesNotices = false;
			check();
			assertThat(AlertsTests.this.notices).isEmpty();
			AlertsTests.this.clock.advance(Duration.ofSeconds(15));
			check();
			check();
			assertThat(AlertsTests.this.notices).hasSize(1);
		}

		@Test
		void doesNotTellTwiceIfOnlyTheEndWasNotSent() {
			check();
			AlertsTests.this.clock.advance(Duration.ofMinutes(16));
			AlertsTests.this.refusesNotices = true;
			check();
			AlertsTests.this.refusesNotices = false;
			AlertsTests.this.clock.advance(Duration.ofMinutes(1));
			check();
			check();
			assertThat(AlertsTests.this.notices).hasSize(2);
		}

	}

	@Nested
	class OfTime {

		@Test
		void findsTasksThatRunLongerThanALimit() {
			rule("long", Kind.TOO_LONG, Duration.ofMinutes(10), "inv*");
			String oldest = task("invoice", "running", Duration.ofMinutes(20), Duration.ZERO);
			task("invoice", "running", Duration.ofMinutes(11), Duration.ZERO);
			task("invoice", "running", Duration.ofMinutes(9), Duration.ZERO);
			task("order", "running", Duration.ofHours(9), Duration.ZERO);
			check();
			Incident incident = only();
			assertThat(incident.summary()).isEqualTo("2 tasks are running for longer than 10 min");
			assertThat(incident.firstTask()).isEqualTo(oldest);
		}

		@Test
		void findsTasksThatRunLongerThanEarlierOnes() {
			rule("long", Kind.TOO_LONG, null);
			tasks(20, "quick", "succeeded", Duration.ofHours(1), Duration.ofSeconds(10));
			tasks(20, "slow", "succeeded", Duration.ofHours(3), Duration.ofMinutes(30));
			tasks(20, "unseen", "succeeded", Duration.ofHours(1), Duration.ofSeconds(10));
			AlertsTests.this.jdbc.update("update task set start_seen = false where name = 'unseen'");
			tasks(2, "rare", "succeeded", Duration.ofHours(1), Duration.ofSeconds(1));
			for (String name : List.of("quick", "slow", "unseen", "rare")) {
				task(name, "running", Duration.ofMinutes(1), Duration.ZERO);
			}
			check();
			assertThat(only().summary())
				.isEqualTo("1 task is running for longer than 30 s, which is 3 times what 99 % of earlier tasks took");
		}

		@Test
		void findsTasksThatAreDeferred() {
			rule("deferred", Kind.DEFERRED_TOO_LONG, null);
			for (Duration time : List.of(Duration.ofMinutes(59), Duration.ofMinutes(61))) {
				String id = task("invoice", "running", Duration.ofHours(5), Duration.ZERO);
				AlertsTests.this.jdbc.update(
						"insert into task_node (task_id, node_id, alias, state, started_at, changed_at, errors) "
								+ "values (?, 'n', 'approve', 'deferred', 0, ?, 0)",
						id, AlertsTests.this.clock.millis() - time.toMillis());
			}
			check();
			Incident incident = only();
			assertThat(incident.count()).isOne();
			assertThat(incident.firstError()).isEqualTo("approve");
		}

		@Test
		void missesSuccesses() {
			rule("expected", Kind.NO_SUCCESS, Duration.ofHours(1), "nightly", "daily");
			AlertsTests.this.jdbc.update("insert into history_state values (1, ?, 0, 0, 0, 0)",
					AlertsTests.this.clock.millis() - Duration.ofDays(1).toMillis());
			task("daily", "succeeded", Duration.ofMinutes(50), Duration.ZERO);
			task("nightly", "failed", Duration.ofMinutes(1), Duration.ZERO);
			check();
			assertThat(only().name()).isEqualTo("nightly");
			assertThat(only().summary()).isEqualTo("No task has succeeded for 24 h");
		}

		@Test
		void missesEverything() {
			rule("silence", Kind.NOTHING, Duration.ofMinutes(30));
			AlertsTests.this.jdbc.update("insert into history_state values (1, ?, 0, 0, 0, 0)",
					AlertsTests.this.clock.millis() - Duration.ofDays(1).toMillis());
			Instant connected = AlertsTests.this.clock.instant();
			AlertsTests.this.clock.advance(Duration.ofMinutes(30));
			status(State.STREAMING, connected, null, true, null);
			check();
			assertThat(AlertsTests.this.notices).isEmpty();
			AlertsTests.this.clock.advance(Duration.ofSeconds(1));
			check();
			assertThat(only().summary()).isEqualTo("No update of any task for 30 min");
		}

	}

	@Test
	void countsASilenceAcrossConnectionsThatAreRenewed() {
		rule("silence", Kind.NOTHING, Duration.ofMinutes(30));
		for (int minute = 0; minute <= 31; minute++) {
			received(7, this.clock.instant());
			check();
			this.clock.advance(Duration.ofMinutes(1));
		}
		assertThat(only().summary()).isEqualTo("No update of any task for 31 min");
		received(8, this.clock.instant());
		check();
		this.clock.advance(RESOLVE_AFTER);
		check();
		assertThat(this.notices).hasSize(2);
	}

	@Nested
	class OfTheWatcher {

		@Test
		void saysSinceWhenItIsBlind() {
			rule("gone", Kind.WATCHER_GONE, null);
			Instant lost = AlertsTests.this.clock.instant();
			status(State.BACKING_OFF, null, lost, false, null);
			AlertsTests.this.clock.advance(Duration.ofSeconds(119));
			check();
			assertThat(AlertsTests.this.notices).isEmpty();
			AlertsTests.this.clock.advance(Duration.ofSeconds(1));
			check();
			assertThat(only().summary())
				.isEqualTo("Blind since 2026-11-24 10:00:00 UTC. The platform cannot be reached: no route");
		}

		@ParameterizedTest
		@CsvSource({ "REFUSED, 1", "STANDBY, 0", "CONNECTING, 0" })
		void tellsAtOnceThatItIsRefused(State state, int notices) {
			rule("gone", Kind.WATCHER_GONE, null);
			status(state, null, AlertsTests.this.clock.instant(), false, null);
			check();
			assertThat(AlertsTests.this.notices).hasSize(notices);
		}

		@Test
		void tellsThatItIsBehindWhileItCatchesUp() {
			rule("behind", Kind.WATCHER_BEHIND, null);
			status(State.STREAMING, AlertsTests.this.clock.instant(), null, false, Duration.ofMinutes(4));
			check();
			assertThat(AlertsTests.this.notices).isEmpty();
			status(State.STREAMING, AlertsTests.this.clock.instant(), null, false, Duration.ofMinutes(6));
			check();
			assertThat(only().summary()).isEqualTo("The watcher is 6 min behind");
		}

	}

	/**
	 * Tasks whose names differ in a number are of one group, as on the page.
	 */
	@Nested
	class OfSimilarNames {

		private void similar(int count, String name, String state, Duration began, Duration took) {
			for (int i = 0; i < count; i++) {
				task(name + " " + i, state, began, took);
			}
		}

		@ParameterizedTest
		@ValueSource(strings = { "*", "Import *", "Imp*", "Import 4711" })
		void areOneIncident(String names) {
			rule("failures", Kind.FAILURE_RATE, null, names);
			similar(100, "Import", "succeeded", Duration.ofDays(1), Duration.ofSeconds(1));
			similar(12, "Import", "failed", Duration.ofMinutes(5), Duration.ofSeconds(1));
			check();
			assertThat(only().name()).isEqualTo("Import *");
			assertThat(only().count()).isEqualTo(12);
			assertThat(only().firstError()).isEqualTo("no budget");
		}

		@ParameterizedTest
		@ValueSource(strings = { "Import", "4711", "Order *" })
		void areNotMeantByAnother(String names) {
			rule("failures", Kind.FAILURE_RATE, null, names);
			similar(12, "Import", "failed", Duration.ofMinutes(5), Duration.ofSeconds(1));
			check();
			assertThat(AlertsTests.this.notices).isEmpty();
		}

		@Test
		void tellTogetherHowLongTheyTake() {
			rule("long", Kind.TOO_LONG, null);
			similar(20, "Import", "succeeded", Duration.ofHours(1), Duration.ofSeconds(10));
			similar(2, "Import", "running", Duration.ofMinutes(1), Duration.ZERO);
			check();
			assertThat(only().name()).isEqualTo("Import *");
			assertThat(only().summary()).startsWith("2 tasks are running for longer than 30 s");
		}

		@Test
		void succeedTogether() {
			rule("expected", Kind.NO_SUCCESS, Duration.ofHours(1), "Import 1");
			AlertsTests.this.jdbc.update("insert into history_state values (1, ?, 0, 0, 0, 0)",
					AlertsTests.this.clock.millis() - Duration.ofDays(1).toMillis());
			task("Import 1", "succeeded", Duration.ofHours(9), Duration.ZERO);
			task("Import 2", "succeeded", Duration.ofMinutes(50), Duration.ZERO);
			check();
			assertThat(AlertsTests.this.notices).isEmpty();
			AlertsTests.this.clock.advance(Duration.ofMinutes(11));
			streaming(true);
			check();
			assertThat(only().name()).isEqualTo("Import *");
		}

		@Test
		void areDeferredTogether() {
			rule("deferred", Kind.DEFERRED_TOO_LONG, null);
			for (String name : List.of("Import 1", "Import 2")) {
				AlertsTests.this.jdbc.update(
						"insert into task_node (task_id, node_id, alias, state, started_at, changed_at, errors) "
								+ "values (?, 'n', 'approve', 'deferred', 0, 0, 0)",
						task(name, "running", Duration.ofHours(5), Duration.ZERO));
			}
			check();
			assertThat(only().name()).isEqualTo("Import *");
			assertThat(only().count()).isEqualTo(2);
		}

	}

	@Nested
	class WithoutTheHistory {

		@BeforeEach
		void openAnIncident() {
			rule("failures", Kind.FAILURE_RATE, null);
			rule("history", Kind.HISTORY_GONE, null);
			rule("gone", Kind.WATCHER_GONE, null);
			rule("behind", Kind.WATCHER_BEHIND, null);
			rule("silence", Kind.NOTHING, Duration.ofMinutes(30));
			tasks(20, "invoice", "failed", Duration.ofMinutes(5), Duration.ofSeconds(1));
			check();
			AlertsTests.this.notices.clear();
		}

		private void checkFor(Duration duration) {
			for (Duration passed = Duration.ZERO; passed.compareTo(duration) < 0; passed = passed.plusSeconds(15)) {
				check();
				AlertsTests.this.clock.advance(Duration.ofSeconds(15));
			}
			check();
		}

		private List<String> notices() {
			return AlertsTests.this.notices.stream()
				.flatMap(List::stream)
				.map((incident) -> (incident.isResolved() ? "resolved " : "") + incident.kind())
				.toList();
		}

		@ParameterizedTest
		@ValueSource(booleans = { false, true })
		void tellsSinceWhenItIsUnavailable(boolean hanging) {
			AlertsTests.this.patience = Duration.ofMillis(200);
			begin();
			AlertsTests.this.line.cut(hanging);
			checkFor(Duration.ofSeconds(45));
			assertThat(AlertsTests.this.notices).isEmpty();
			checkFor(Duration.ofMinutes(10));
			assertThat(only().summary()).startsWith("History unavailable since 2026-11-24 10:00:00 UTC. ");
			AlertsTests.this.line.mend();
			await().untilAsserted(() -> {
				check();
				assertThat(AlertsTests.this.history.goneSince()).isNull();
			});
			checkFor(RESOLVE_AFTER);
			assertThat(notices()).startsWith("history-gone", "resolved history-gone");
		}

		@Test
		void tellsOfAHistoryThatCannotBeWritten() {
			AlertsTests.this.line.refuseWrites();
			checkFor(Duration.ofMinutes(2));
			assertThat(notices()).containsExactly("history-gone");
		}

		@Test
		void tellsThatTheWatcherIsGoneAndThatItIsBack() {
			AlertsTests.this.line.cut(false);
			status(State.REFUSED, null, AlertsTests.this.clock.instant(), false, null);
			check();
			streaming(true);
			checkFor(RESOLVE_AFTER);
			assertThat(notices()).containsExactly("watcher-gone", "history-gone", "resolved watcher-gone");
		}

		@Test
		void tellsThatUpdatesWaitAndConcludesNothingFromThat() {
			Instant began = AlertsTests.this.clock.instant();
			AlertsTests.this.line.cut(false);
			waiting(began);
			checkFor(Duration.ofHours(1));
			assertThat(notices()).containsExactly("history-gone", "watcher-behind");
			assertThat(AlertsTests.this.incidents.current()).extracting(Incident::kind)
				.containsExactlyInAnyOrder("failure-rate", "history-gone", "watcher-behind");
		}

		@Test
		void tellsThatNothingComes() {
			AlertsTests.this.line.cut(false);
			checkFor(Duration.ofMinutes(31));
			assertThat(notices()).containsExactly("history-gone", "nothing");
		}

		@Test
		void concludesNothingAboutTasks() {
			AlertsTests.this.line.cut(false);
			AlertsTests.this.jdbc.update("delete from task");
			tasks(20, "order", "failed", Duration.ofMinutes(5), Duration.ofSeconds(1));
			checkFor(Duration.ofHours(1));
			assertThat(notices()).doesNotContain("resolved failure-rate", "failure-rate");
			AlertsTests.this.line.mend();
			check();
			assertThat(notices()).doesNotContain("resolved failure-rate");
			checkFor(RESOLVE_AFTER);
			assertThat(notices()).contains("resolved failure-rate");
		}

		@Test
		void savesWhatItHasToldWhenItIsBack() {
			AlertsTests.this.line.cut(false);
			status(State.REFUSED, null, AlertsTests.this.clock.instant(), false, null);
			checkFor(Duration.ofMinutes(2));
			AlertsTests.this.line.mend();
			check();
			begin();
			checkFor(Duration.ofMinutes(1));
			assertThat(notices()).containsExactly("watcher-gone", "history-gone");
		}

		@Test
		void triesAgainWhatWasNotSent() {
			AlertsTests.this.line.cut(false);
			AlertsTests.this.refusesNotices = true;
			checkFor(Duration.ofMinutes(2));
			AlertsTests.this.refusesNotices = false;
			checkFor(Duration.ofMinutes(10));
			assertThat(notices()).containsExactly("history-gone");
		}

	}

	@Test
	void hasAPlaceForTheWatcherHoweverManyNamesFail() {
		rule("failures", Kind.FAILURE_RATE, null);
		for (int i = 0; i < 250; i++) {
			tasks(10, Character.toString(0x4e00 + i), "failed", Duration.ofMinutes(1), Duration.ofSeconds(1));
		}
		check();
		check();
		assertThat(this.incidents.current()).hasSize(200);
		assertThat(this.jdbc.queryForObject("select count(*) from alert_incident", Long.class)).isEqualTo(200);
		rule("gone", Kind.WATCHER_GONE, null);
		status(State.REFUSED, null, this.clock.instant(), false, null);
		check();
		assertThat(this.notices).last()
			.satisfies((incidents) -> assertThat(incidents).extracting(Incident::kind).contains("watcher-gone"));
	}

	@Test
	void refusesRulesThatMakeNoSense() {
		assertThatIllegalArgumentException().isThrownBy(() -> rule("a", Kind.NO_SUCCESS, Duration.ofHours(1)))
			.withMessageContaining("no-success");
		assertThatIllegalArgumentException().isThrownBy(() -> rule("a", Kind.NOTHING, null));
		assertThatIllegalArgumentException().isThrownBy(() -> rule("a", Kind.TOO_LONG, Duration.ZERO));
	}

	/**
	 * Leads to a database, which may be away.
	 */
	private static final class Line extends DelegatingDataSource {

		private volatile boolean cut;

		private volatile boolean readOnly;

		private volatile CountDownLatch silence = new CountDownLatch(0);

		Line(DataSource database) {
			super(database);
		}

		/**
		 * Lead nowhere.
		 * @param hanging whether connections are neither opened nor refused
		 */
		void cut(boolean hanging) {
			this.cut = true;
			this.silence = new CountDownLatch(hanging ? 1 : 0);
		}

		void refuseWrites() {
			this.readOnly = true;
		}

		void mend() {
			this.cut = false;
			this.silence.countDown();
		}

		@Override
		public Connection getConnection() throws SQLException {
			try {
				this.silence.await();
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
			}
			if (this.cut) {
				throw new SQLException("refused");
			}
			Connection connection = super.getConnection();
			if (this.readOnly) {
				return new ReadOnly(connection).proxy();
			}
			return connection;
		}

	}

	/**
	 * A connection whose transactions cannot be committed.
	 */
	private record ReadOnly(Connection connection) {

		Connection proxy() {
			return (Connection) Proxy.newProxyInstance(Connection.class.getClassLoader(),
					new Class<?>[] { Connection.class }, (proxy, method, arguments) -> {
						if (method.getName().equals("commit")) {
							throw new SQLException("read only");
						}
						try {
							return method.invoke(this.connection, arguments);
						}
						catch (InvocationTargetException ex) {
							throw ex.getTargetException();
						}
					});
		}

	}

}
