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

import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import cloud.requence.samples.dashboard.alerts.Incidents.Notice;
import cloud.requence.samples.dashboard.alerts.Incidents.Tracked;
import org.jspecify.annotations.Nullable;

import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.RowCallbackHandler;
import org.springframework.transaction.support.TransactionOperations;

/**
 * The incidents in the database, so that a restart changes nothing.
 */
class IncidentStore {

	private static final Duration KEPT = Duration.ofDays(30);

	private final JdbcTemplate jdbc;

	private final TransactionOperations transactions;

	private final Clock clock;

	IncidentStore(JdbcTemplate jdbc, TransactionOperations transactions, Clock clock) {
		this.jdbc = jdbc;
		this.transactions = transactions;
		this.clock = clock;
	}

	/**
	 * Return the incidents that are open, and those that were resolved lately.
	 */
	List<Tracked> load() {
		long since = this.clock.millis() - Incidents.LATELY.toMillis();
		Map<String, Map<String, Notice>> notices = new HashMap<>();
		this.jdbc.query("""
				select n.* from alert_notice n join alert_incident i on i.id = n.incident_id
				where i.resolved_at is null or i.resolved_at > ?""",
				(RowCallbackHandler) (row) -> notices
					.computeIfAbsent(row.getString("incident_id"), (id) -> new HashMap<>())
					.put(row.getString("channel"), notice(row)),
				since);
		return this.jdbc.query(
				"select * from alert_incident where resolved_at is null or resolved_at > ? order by opened_at",
				(row, number) -> {
					Incident incident = incident(row);
					return new Tracked(incident, row.getLong("last_seen_at"),
							Map.copyOf(notices.getOrDefault(incident.id(), Map.of())));
				}, since);
	}

	private static Incident incident(ResultSet row) throws SQLException {
		return new Incident(row.getString("id"), row.getString("rule_name"), row.getString("kind"),
				row.getString("task_name"), row.getString("summary"), row.getLong("task_count"),
				row.getString("first_task"), row.getString("first_error"), row.getLong("opened_at"),
				nullable(row, "resolved_at"));
	}

	private static Notice notice(ResultSet row) throws SQLException {
		return new Notice(nullable(row, "sent_at"), row.getInt("attempts"), row.getLong("next_at"),
				row.getBoolean("resolved"));
	}

	private static @Nullable Long nullable(ResultSet row, String column) throws SQLException {
		long value = row.getLong(column);
		return row.wasNull() ? null : value;
	}

	/**
	 * Save incidents, and delete old ones.
	 * @param incidents the incidents that have changed
	 */
	void save(List<Tracked> incidents) {
		this.transactions.executeWithoutResult((transaction) -> {
			incidents.forEach(this::save);
			this.jdbc.update("delete from alert_incident where resolved_at < ?", this.clock.millis() - KEPT.toMillis());
		});
	}

	private void save(Tracked tracked) {
		Incident incident = tracked.incident();
		int updated = this.jdbc.update(
				"update alert_incident set summary = ?, task_count = ?, last_seen_at = ?, resolved_at = ? where id = ?",
				new @Nullable Object[] { incident.summary(), incident.count(), tracked.lastSeenAt(),
						incident.resolvedAt(), incident.id() },
				new int[] { Types.VARCHAR, Types.BIGINT, Types.BIGINT, Types.BIGINT, Types.VARCHAR });
		if (updated == 0) {
			this.jdbc.update(
					"""
							insert into alert_incident (id, rule_name, kind, task_name, summary, task_count, first_task, first_error,
								opened_at, last_seen_at, resolved_at) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)""",
					new @Nullable Object[] { incident.id(), incident.rule(), incident.kind(), incident.name(),
							incident.summary(), incident.count(), incident.firstTask(), incident.firstError(),
							incident.openedAt(), tracked.lastSeenAt(), incident.resolvedAt() },
					new int[] { Types.VARCHAR, Types.VARCHAR, Types.VARCHAR, Types.VARCHAR, Types.VARCHAR, Types.BIGINT,
							Types.VARCHAR, Types.VARCHAR, Types.BIGINT, Types.BIGINT, Types.BIGINT });
		}
		tracked.notices().forEach((channel, notice) -> save(incident.id(), channel, notice));
	}

	private void save(String incident, String channel, Notice notice) {
		@Nullable Object[] values = { notice.sentAt(), notice.attempts(), notice.nextAt(), notice.resolved(), incident, channel };
		int[] types = { Types.BIGINT, Types.INTEGER, Types.BIGINT, Types.BOOLEAN, Types.VARCHAR, Types.VARCHAR };
		if (this.jdbc.update("update alert_notice set sent_at = ?, attempts = ?, next_at = ?, resolved = ? "
				+ "where incident_id = ? and channel = ?", values, types) == 0) {
			this.jdbc.update("insert into alert_notice (sent_at, attempts, next_at, resolved, incident_id, channel) "
					+ "values (?, ?, ?, ?, ?, ?)", values, types);
		}
	}

}
