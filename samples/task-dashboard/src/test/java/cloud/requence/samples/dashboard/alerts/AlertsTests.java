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
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

import cloud.requence.samples.dashboard.alerts.AlertProperties.Kind;
import cloud.requence.samples.dashboard.alerts.AlertProperties.Rule;
import cloud.requence.samples.dashboard.support.MutableClock;
import cloud.requence.task.TaskWatcherStatus;
import cloud.requence.task.TaskWatcherStatus.State;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.embedded.EmbeddedDatabase;
import org.springframework.jdbc.datasource.embedded.EmbeddedDatabaseBuilder;
import org.springframework.jdbc.datasource.embedded.EmbeddedDatabaseType;
import org.springframework.transaction.support.TransactionOperations;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

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

	private final MutableClock clock = new MutableClock();

	private final Map<String, Rule> rules = new LinkedHashMap<>();

	private final List<List<Incident>> notices = new ArrayList<>();

	private boolean refusesNotices;

	private TaskWatcherStatus status;

	private Alerts alerts;

	@BeforeEach
	void connect() {
		streaming(true);
		begin();
	}

	@AfterEach
	void close() {
		this.database.shutdown();
	}

	private void begin() {
		this.alerts = new Alerts(() -> this.status, new AlertRules(this.rules, new AlertQueries(this.jdbc), this.clock),
				new Incidents(this.jdbc, this.clock), List.of(new AlertChannel() {

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

				}), RESOLVE_AFTER, TransactionOperations.withoutTransaction());
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
		Instant now = this.clock.instant();
		this.status = new TaskWatcherStatus("watcher", state, now, true, true, null, 7L, 6L, null, caughtUp,
				(behind != null) ? new TaskWatcherStatus.CatchUp(now, 1000, behind, 99.6, null) : null,
				new TaskWatcherStatus.Connection(connected, disconnected, true, null, null, 1, 0, 0, null, "no route",
						null, null),
				new TaskWatcherStatus.Updates(0, 0, 0, 0, 0, 0, 0, 0), new TaskWatcherStatus.Backlog(0, 0, null),
				new TaskWatcherStatus.Contexts(0, 0, 0), new TaskWatcherStatus.Acknowledgements(0, 0, 0, 0, 0),
				new TaskWatcherStatus.Gaps(0, null), null);
	}

	private String task(@Nullable String name, String state, Duration began, Duration took) {
		String id = UUID.randomUUID().toString();
		long startedAt = this.clock.millis() - began.toMillis();
		Long endedAt = state.equals("running") ? null : Long.valueOf(startedAt + took.toMillis());
		this.jdbc.update("""
				insert into task (id, name, state, start_seen, is_protected, require_ack, reason, started_at, ended_at,
					updated_at, updates, hidden_node_updates, nodes, nodes_done, errors, size)
				values (?, ?, ?, true, false, false, ?, ?, ?, ?, 1, 0, 0, 0, 0, 100)""", id, name, state,
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

	@Test
	void refusesRulesThatMakeNoSense() {
		assertThatIllegalArgumentException().isThrownBy(() -> rule("a", Kind.NO_SUCCESS, Duration.ofHours(1)))
			.withMessageContaining("no-success");
		assertThatIllegalArgumentException().isThrownBy(() -> rule("a", Kind.NOTHING, null));
		assertThatIllegalArgumentException().isThrownBy(() -> rule("a", Kind.TOO_LONG, Duration.ZERO));
	}

}
