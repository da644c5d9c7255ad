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

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;

import cloud.requence.samples.dashboard.text.NamePattern;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Settings of alerts.
 *
 * @param url the address of the dashboard in notices
 * @param resolveAfter how long a condition must be gone before its incident is resolved
 * @param rules the rules by name
 * @param webhook where notices are posted
 * @param mail who receives notices by mail
 */
@ConfigurationProperties("dashboard.alerts")
record AlertProperties(@DefaultValue("http://localhost:8080") String url, @DefaultValue("2m") Duration resolveAfter,
		@DefaultValue Map<String, Rule> rules, @DefaultValue Webhook webhook, @DefaultValue Mail mail) {

	AlertProperties {
		url = url.replaceAll("/+$", "");
	}

	/**
	 * A rule. What is not set has the default of its kind.
	 *
	 * @param kind what it watches
	 * @param enabled whether it is in force
	 * @param names the names of tasks, in which {@code *} stands for any text, and
	 * numbers and identifiers for others as well
	 * @param limit how long something may take or be missing
	 * @param window the time in which failures are counted
	 * @param baseline the time before it, or of earlier tasks, to compare with
	 * @param factor by how much the past must be exceeded
	 * @param minTasks how many tasks are needed to tell
	 * @param minRate the failure rate below which nothing is reported
	 */
	record Rule(Kind kind, @DefaultValue("true") boolean enabled, @DefaultValue("*") List<String> names,
			@Nullable Duration limit, @DefaultValue("15m") Duration window, @DefaultValue("7d") Duration baseline,
			@DefaultValue("3") double factor, @DefaultValue("20") int minTasks, @DefaultValue("0.05") double minRate) {

		Rule {
			if (window.isNegative() || window.isZero() || baseline.compareTo(window) < 0 || factor < 1 || minTasks < 1
					|| (limit != null && (limit.isNegative() || limit.isZero()))) {
				throw new IllegalArgumentException(
						"dashboard.alerts.rules: limit and window must be positive, baseline "
								+ "not shorter than window, factor and min-tasks at least 1");
			}
			if (kind == Kind.NO_SUCCESS && (limit == null || names.contains("*"))) {
				throw new IllegalArgumentException(
						"dashboard.alerts.rules: a rule of kind no-success needs a limit and "
								+ "the names of tasks that are expected");
			}
			if (kind == Kind.NOTHING && limit == null) {
				throw new IllegalArgumentException("dashboard.alerts.rules: a rule of kind nothing needs a limit");
			}
		}

		/**
		 * Return the limit, or the default of the kind.
		 * @return the limit; {@code null} for a rule that compares tasks with earlier
		 * ones
		 */
		@Nullable Duration effectiveLimit() {
			return (this.limit != null) ? this.limit : this.kind.limit();
		}

		/**
		 * Return the names as the patterns that tasks are grouped by: numbers and
		 * identifiers in them stand for any.
		 */
		List<String> patterns() {
			return this.names.stream().map(NamePattern::of).toList();
		}

		/**
		 * Return whether the rule is about a group of tasks.
		 * @param group the pattern of their names
		 */
		boolean appliesTo(String group) {
			return this.names.stream()
				.anyMatch((name) -> name.contains("*") ? NamePattern.matches(NamePattern.of(name), group)
						: NamePattern.of(name).equals(group));
		}

	}

	/**
	 * What a rule watches.
	 */
	enum Kind {

		/**
		 * The failure rate of a name, against its own past.
		 */
		FAILURE_RATE(null),

		/**
		 * A name of which no task has succeeded for the limit.
		 */
		NO_SUCCESS(null),

		/**
		 * A task that runs for longer than the limit, or without a limit than nearly all
		 * earlier ones of its name.
		 */
		TOO_LONG(null),

		/**
		 * A node that waits for an external callback for longer than the limit.
		 */
		DEFERRED_TOO_LONG(Duration.ofHours(1)),

		/**
		 * No update of any task for the limit.
		 */
		NOTHING(null),

		/**
		 * The watcher is behind by more than the limit.
		 */
		WATCHER_BEHIND(Duration.ofMinutes(5)),

		/**
		 * The watcher is refused, stopped, or not connected for the limit.
		 */
		WATCHER_GONE(Duration.ofMinutes(2)),

		/**
		 * The database of the history is unavailable for the limit.
		 */
		HISTORY_GONE(Duration.ofMinutes(1));

		private final @Nullable Duration limit;

		Kind(@Nullable Duration limit) {
			this.limit = limit;
		}

		@Nullable Duration limit() {
			return this.limit;
		}

		static Kind of(String id) {
			return valueOf(id.toUpperCase(Locale.ROOT).replace('-', '_'));
		}

		/**
		 * Return the name of the kind, as in settings and addresses.
		 */
		String id() {
			return name().toLowerCase(Locale.ROOT).replace('_', '-');
		}

		/**
		 * Return whether the rule looks for tasks in the history.
		 */
		boolean needsHistory() {
			return switch (this) {
				case FAILURE_RATE, NO_SUCCESS, TOO_LONG, DEFERRED_TOO_LONG -> true;
				case NOTHING, WATCHER_BEHIND, WATCHER_GONE, HISTORY_GONE -> false;
			};
		}

		/**
		 * Return whether the rule concludes something from what has not happened, for
		 * which nothing may be hidden.
		 */
		boolean needsSight() {
			return needsHistory() || this == NOTHING;
		}

	}

	/**
	 * Where notices are posted.
	 *
	 * @param url the address; {@code null} for none
	 * @param authorization the value of the header {@code Authorization}
	 * @param timeout how long a response may take
	 */
	record Webhook(@Nullable URI url, @Nullable String authorization, @DefaultValue("10s") Duration timeout) {

		@Override
		public String toString() {
			return "Webhook[timeout=" + this.timeout + "]";
		}

	}

	/**
	 * Who receives notices by mail. The server is that of {@code spring.mail}.
	 *
	 * @param to the recipients; empty for none
	 * @param from the sender
	 */
	record Mail(@DefaultValue List<String> to, @DefaultValue("task-dashboard@localhost") String from) {

	}

}
