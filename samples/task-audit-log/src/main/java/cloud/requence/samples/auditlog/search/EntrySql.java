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

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;

import cloud.requence.samples.auditlog.entry.Entry;
import cloud.requence.samples.auditlog.entry.EntryKind;
import org.jspecify.annotations.Nullable;

/**
 * The conditions of a filter in SQL, and how rows become entries. Conditions are only
 * those that an index serves together with the order of pages, so that a page reads
 * little more than it shows.
 */
final class EntrySql {

	/** The columns of {@link #entry}, of a table or query named {@code e}. */
	static final String COLUMNS = "e.sequence, e.kind, e.position, e.update_id, e.platform_time, e.recorded_at, "
			+ "e.task_id, e.root_task_id, e.task_name, e.update_type, e.node_id, e.node_alias, e.outcome, e.reason, "
			+ "e.gap_from_position, e.gap_to_position, e.gap_from_time, e.gap_to_time, e.subject, e.payload_hash, "
			+ "e.payload_size, e.happened_at";

	private final List<String> conditions = new ArrayList<>();

	private final List<Object> arguments = new ArrayList<>();

	private final List<Object> textArguments = new ArrayList<>();

	private final @Nullable String textCondition;

	EntrySql(EntryFilter filter) {
		time(filter);
		equal("e.task_id", filter.task());
		equal("e.root_task_id", filter.rootTask());
		equal("e.task_name", filter.name());
		equal("e.update_type", filter.type());
		equal("e.node", filter.node());
		equal("e.outcome", filter.outcome());
		if (filter.kind() != null) {
			equal("e.kind", filter.kind().name());
			if (filter.kind() != EntryKind.UPDATE) {
				// What the index of the few others has as its condition
				this.conditions.add("e.kind <> 'UPDATE'");
			}
		}
		this.textCondition = textCondition(filter);
	}

	/**
	 * The text, and what the index of texts has of the other conditions.
	 */
	private @Nullable String textCondition(EntryFilter filter) {
		TextQuery query = filter.text();
		if (query == null) {
			return null;
		}
		StringBuilder condition = new StringBuilder("d.document @@ ((").append(query.expression()).append(")");
		this.textArguments.addAll(query.arguments());
		tag(condition, "n", filter.name());
		tag(condition, "t", filter.type());
		tag(condition, "d", filter.node());
		tag(condition, "o", filter.outcome());
		return condition.append(")").toString();
	}

	private void tag(StringBuilder condition, String kind, @Nullable String value) {
		if (value != null) {
			condition.append(" && quoted_query(search_tag(?, ?))");
			this.textArguments.add(kind);
			this.textArguments.add(value);
		}
	}

	private void time(EntryFilter filter) {
		if (filter.from() != null) {
			add("e.happened_at >= ?", time(filter.from()));
		}
		if (filter.to() != null) {
			// A gap reaches from its start to the time at which it happened
			add((filter.kind() == EntryKind.GAP) ? "coalesce(e.gap_from_time, e.happened_at) < ?" : "e.happened_at < ?",
					time(filter.to()));
		}
	}

	private void equal(String column, @Nullable String value) {
		if (value != null) {
			add(column + " = ?", value);
		}
	}

	void add(String condition, Object... values) {
		this.conditions.add(condition);
		this.arguments.addAll(List.of(values));
	}

	/**
	 * Return the tables and the conditions.
	 * @param join another table that is joined
	 */
	String from(String join) {
		if (this.textCondition == null) {
			return "from entry e " + join + where(this.conditions);
		}
		return "from entry e join payload d on d.sequence = e.sequence " + join
				+ where(with(this.conditions, this.textCondition));
	}

	/**
	 * Return the tables and the conditions, of which that of the text is tried on one
	 * entry after the other.
	 * @param order the order of the entries, and how many
	 */
	String fromInOrder(String order) {
		// The offsets keep the planner from joining the tables in another way
		return "from (select e.sequence, e.happened_at from entry e" + where(this.conditions) + order
				+ " offset 0) e cross join lateral (select from payload d where d.sequence = e.sequence and "
				+ this.textCondition + " offset 0) d";
	}

	/**
	 * Return the tables and the conditions, of which that of the text is tried first.
	 */
	String fromFew() {
		// An array, as the planner would join the tables in the order that it thinks best
		return "from entry e" + where(with(this.conditions, "e.sequence = any (array(" + few() + "))"));
	}

	/**
	 * Return a query of the payloads that have the text.
	 */
	String few() {
		return "select d.sequence from payload d where " + this.textCondition;
	}

	private static List<String> with(List<String> conditions, String other) {
		List<String> all = new ArrayList<>(conditions);
		all.add(other);
		return all;
	}

	private static String where(List<String> conditions) {
		return conditions.isEmpty() ? "" : " where " + String.join(" and ", conditions);
	}

	List<Object> textArguments() {
		return this.textArguments;
	}

	/**
	 * Return the values of all conditions.
	 */
	List<Object> arguments() {
		List<Object> all = new ArrayList<>(this.arguments);
		all.addAll(this.textArguments);
		return all;
	}

	static OffsetDateTime time(Instant time) {
		return time.atOffset(ZoneOffset.UTC);
	}

	static Entry entry(ResultSet row) throws SQLException {
		return new Entry(row.getLong("sequence"), EntryKind.valueOf(row.getString("kind")),
				row.getObject("position", Long.class), row.getString("update_id"), time(row, "platform_time"),
				requiredTime(row, "recorded_at"), row.getString("task_id"), row.getString("root_task_id"),
				row.getString("task_name"), row.getString("update_type"), row.getString("node_id"),
				row.getString("node_alias"), row.getString("outcome"), row.getString("reason"),
				row.getObject("gap_from_position", Long.class), row.getObject("gap_to_position", Long.class),
				time(row, "gap_from_time"), time(row, "gap_to_time"), row.getObject("subject", Long.class),
				row.getBytes("payload_hash"), row.getInt("payload_size"));
	}

	static @Nullable Instant time(ResultSet row, String column) throws SQLException {
		OffsetDateTime time = row.getObject(column, OffsetDateTime.class);
		return (time != null) ? time.toInstant() : null;
	}

	static Instant requiredTime(ResultSet row, String column) throws SQLException {
		return row.getObject(column, OffsetDateTime.class).toInstant();
	}

}
