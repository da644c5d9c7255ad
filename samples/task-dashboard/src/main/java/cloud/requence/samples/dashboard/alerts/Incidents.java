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
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;

import org.jspecify.annotations.Nullable;

import org.springframework.jdbc.core.JdbcTemplate;

/**
 * The incidents in the database, and which channels know of them. A restart changes
 * nothing.
 */
class Incidents {

	private static final Duration KEPT = Duration.ofDays(30);

	private static final Duration LATELY = Duration.ofDays(1);

	private static final int MAX = 200;

	private static final Duration LONGEST_DELAY = Duration.ofHours(1);

	private final JdbcTemplate jdbc;

	private final Clock clock;

	Incidents(JdbcTemplate jdbc, Clock clock) {
		this.jdbc = jdbc;
		this.clock = clock;
	}

	/**
	 * Open and resolve incidents.
	 * @param findings what the rules find
	 * @param sight without a clear sight, incidents about tasks stay as they are
	 * @param resolveAfter how long a finding must be gone before its incident is resolved
	 */
	void update(List<Finding> findings, Sight sight, Duration resolveAfter) {
		long now = this.clock.millis();
		Map<String, Finding> found = new HashMap<>();
		findings.forEach((finding) -> found.put(key(finding.rule(), finding.name()), finding));
		for (Incident open : query("resolved_at is null")) {
			Finding finding = found.remove(key(open.rule(), open.name()));
			if (finding != null) {
				this.jdbc.update("update alert_incident set summary = ?, task_count = ?, last_seen_at = ? where id = ?",
						finding.summary(), finding.count(), now, open.id());
			}
			else if (sight.isClear() || open.kind().startsWith("watcher")) {
				this.jdbc.update("update alert_incident set resolved_at = ? where id = ? and last_seen_at <= ?", now,
						open.id(), now - resolveAfter.toMillis());
			}
			else {
				// Nothing is known of it, so the time until it is resolved begins again
				this.jdbc.update("update alert_incident set last_seen_at = ? where id = ?", now, open.id());
			}
		}
		found.values().stream().limit(MAX).forEach((finding) -> open(finding, now));
		this.jdbc.update("delete from alert_incident where resolved_at < ?", now - KEPT.toMillis());
	}

	private static String key(String rule, String name) {
		return rule + "\n" + name;
	}

	private void open(Finding finding, long now) {
		this.jdbc.update(
				"""
						insert into alert_incident (id, rule_name, kind, task_name, summary, task_count, first_task, first_error,
							opened_at, last_seen_at) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)""",
				UUID.randomUUID().toString(), finding.rule(),
				finding.kind().name().toLowerCase(Locale.ROOT).replace('_', '-'), finding.name(), finding.summary(),
				finding.count(), finding.firstTask(), finding.firstError(), now, now);
	}

	/**
	 * Return the incidents that are open, and those that were resolved lately.
	 */
	List<Incident> current() {
		return query("resolved_at is null or resolved_at > " + (this.clock.millis() - LATELY.toMillis()));
	}

	/**
	 * Return the incidents that a channel does not know in their present state and that
	 * are due.
	 */
	List<Incident> unknownTo(String channel) {
		return query("""
				not exists (select 1 from alert_notice n where n.incident_id = i.id and n.channel = '%s'
					and (n.next_at > %d or n.sent_at is not null and (n.resolved or i.resolved_at is null)))"""
			.formatted(channel, this.clock.millis()));
	}

	private List<Incident> query(String condition) {
		return this.jdbc.query(
				"select * from alert_incident i where (" + condition
						+ ") order by case when resolved_at is null then 0 else 1 end, opened_at desc limit " + MAX,
				(row, number) -> incident(row));
	}

	private static Incident incident(ResultSet row) throws SQLException {
		long resolvedAt = row.getLong("resolved_at");
		Long resolved = row.wasNull() ? null : resolvedAt;
		return new Incident(row.getString("id"), row.getString("rule_name"), row.getString("kind"),
				row.getString("task_name"), row.getString("summary"), row.getLong("task_count"),
				row.getString("first_task"), row.getString("first_error"), row.getLong("opened_at"), resolved);
	}

	/**
	 * Remember the outcome of a notice.
	 * @param incident the incident
	 * @param channel the channel
	 * @param sent whether the channel has taken it
	 */
	void noticed(Incident incident, String channel, boolean sent) {
		long now = this.clock.millis();
		Notice known = this.jdbc
			.query("select attempts from alert_notice where incident_id = ? and channel = ?",
					(row, number) -> new Notice(row.getInt("attempts")), incident.id(), channel)
			.stream()
			.findFirst()
			.orElse(null);
		int attempts = sent ? 0 : ((known != null) ? known.attempts() : 0) + 1;
		long next = sent ? 0 : now + Math.min(LONGEST_DELAY.toMillis(), 15_000L << Math.min(attempts - 1, 10));
		Long sentAt = sent ? now : null;
		if (known == null) {
			this.jdbc.update(
					"insert into alert_notice (sent_at, attempts, next_at, resolved, incident_id, channel) values (?, ?, ?, ?, ?, ?)",
					sentAt, attempts, next, sent && incident.isResolved(), incident.id(), channel);
		}
		else {
			this.jdbc.update(
					"update alert_notice set sent_at = coalesce(?, sent_at), attempts = ?, next_at = ?, resolved = ? "
							+ "where incident_id = ? and channel = ?",
					sentAt, attempts, next, sent && incident.isResolved(), incident.id(), channel);
		}
	}

	private record Notice(int attempts) {

	}

}
