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

import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Collectors;

import cloud.requence.samples.dashboard.alerts.AlertProperties.Rule;
import cloud.requence.samples.dashboard.text.NamePattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * The same rules for Prometheus, whose Alertmanager sends notices even if this
 * application is gone.
 */
class PrometheusRules {

	/** Rules about tasks say nothing while the watcher is blind or catches up. */
	private static final String IN_SIGHT = " and on() (min(requence_task_watcher_caught_up) == 1)";

	private final Map<String, Rule> rules;

	private final String url;

	private final JsonMapper mapper;

	PrometheusRules(AlertProperties properties, JsonMapper mapper) {
		this.rules = new TreeMap<>(properties.rules());
		this.url = properties.url();
		this.mapper = mapper;
	}

	/**
	 * Return the file.
	 */
	String yaml() {
		StringBuilder yaml = new StringBuilder("groups:\n  - name: \"requence tasks\"\n    rules:\n");
		this.rules.forEach((name, rule) -> {
			if (rule.enabled()) {
				yaml.append(rule(name, rule));
			}
		});
		return yaml.toString();
	}

	private String rule(String name, Rule rule) {
		boolean sight = rule.kind().needsSight();
		String kind = rule.kind().id();
		return "      - alert: " + quoted(camelCase(name)) + "\n        expr: "
				+ quoted(sight ? "(" + expression(rule) + ")" + IN_SIGHT : expression(rule))
				+ "\n        for: 1m\n        labels:\n          rule: " + quoted(name) + "\n          kind: "
				+ quoted(kind) + "\n        annotations:\n          summary: " + quoted(summary(rule))
				+ "\n          runbook_url: " + quoted(this.url + "/runbook/" + kind) + "\n          dashboard_url: "
				+ quoted(this.url + "/") + "\n";
	}

	private String expression(Rule rule) {
		String names = names(rule);
		Duration limit = rule.effectiveLimit();
		return switch (rule.kind()) {
			case FAILURE_RATE -> failureRate(rule, names);
			case NO_SUCCESS -> rule.patterns()
				.stream()
				.map((name) -> noSuccess(matcher(name), seconds(limit)))
				.collect(Collectors.joining(" or "));
			case TOO_LONG -> (limit != null)
					? "max by (name) (requence_tasks_oldest_running_seconds{%s}) > %s".formatted(names, seconds(limit))
					: ("max by (name) (requence_tasks_oldest_running_seconds{%1$s}) > %2$s * histogram_quantile(0.99, "
							+ "sum by (le, name) (increase(requence_tasks_duration_seconds_bucket{outcome=\"succeeded\",%1$s}[%3$ss])))")
						.formatted(names, rule.factor(), seconds(rule.baseline()));
			case DEFERRED_TOO_LONG ->
				"max by (name) (requence_tasks_oldest_deferred_seconds{%s}) > %s".formatted(names, seconds(limit));
			case NOTHING -> "sum(increase(requence_task_frames_total[%ss])) == 0".formatted(seconds(limit));
			case WATCHER_BEHIND -> "max(requence_task_watcher_behind_seconds) > %s".formatted(seconds(limit));
			case WATCHER_GONE -> ("max(requence_task_watcher_state{state=\"REFUSED\"}) == 1 or "
					+ "max(requence_task_connection_outage_seconds) > %s or max(requence_task_watcher_state{state=\"STOPPED\"}"
					+ " and on(watcher, instance) requence_task_watcher_expected == 1) == 1 or "
					+ "absent(requence_task_watcher_expected)")
				.formatted(seconds(limit));
			case HISTORY_GONE -> "max(requence_tasks_history_outage_seconds) > %s".formatted(seconds(limit));
		};
	}

	private static String failureRate(Rule rule, String names) {
		String window = seconds(rule.window()) + "s";
		String rate = "(sum by (name) (increase(requence_tasks_total{outcome=\"failed\",%1$s}[%2$s]%3$s)) / "
				+ "sum by (name) (increase(requence_tasks_total{outcome=~\"failed|succeeded\",%1$s}[%2$s]%3$s)))";
		String now = rate.formatted(names, window, "");
		String past = rate.formatted(names, seconds(rule.baseline()) + "s", " offset " + window);
		return "%1$s >= %2$s and (%1$s > %3$s * %4$s or %1$s unless %4$s) and sum by (name) (increase(requence_tasks_total{outcome=~\"failed|succeeded\",%5$s}[%6$s])) >= %7$d"
			.formatted(now, rule.minRate(), rule.factor(), past, names, window, rule.minTasks());
	}

	private static String noSuccess(String name, String seconds) {
		String successes = "requence_tasks_total{outcome=\"succeeded\"," + name + "}";
		return "sum by (name) (increase(" + successes + "[" + seconds + "s])) == 0 or absent(" + successes + ")";
	}

	private static String names(Rule rule) {
		return "name=~" + quotedText(rule.patterns().stream().map(NamePattern::regex).collect(Collectors.joining("|")));
	}

	/**
	 * Match a name. If all of it is known, it is a label of an alert about its absence.
	 */
	private static String matcher(String name) {
		return name.contains("*") ? "name=~" + quotedText(NamePattern.regex(name)) : "name=" + quotedText(name);
	}

	private static String quotedText(String text) {
		return "\"" + text.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n") + "\"";
	}

	private static String seconds(@Nullable Duration duration) {
		return Long.toString(Math.max(1, Objects.requireNonNull(duration).toSeconds()));
	}

	private static String summary(Rule rule) {
		return switch (rule.kind()) {
			case FAILURE_RATE -> "{{ $labels.name }}: {{ $value | humanizePercentage }} of the tasks have failed";
			case NO_SUCCESS -> "{{ $labels.name }}: no task has succeeded for too long";
			case TOO_LONG -> "{{ $labels.name }}: a task runs for {{ $value | humanizeDuration }}";
			case DEFERRED_TOO_LONG ->
				"{{ $labels.name }}: a task waits for a callback for {{ $value | humanizeDuration }}";
			case NOTHING -> "No update of any task for too long";
			case WATCHER_BEHIND -> "The watcher is {{ $value | humanizeDuration }} behind";
			case WATCHER_GONE -> "The watcher of tasks is refused, stopped or not connected";
			case HISTORY_GONE -> "The history is unavailable for {{ $value | humanizeDuration }}";
		};
	}

	private static String camelCase(String name) {
		return "Task" + Arrays.stream(name.split("[^\\p{Alnum}]+"))
			.filter((part) -> !part.isEmpty())
			.map((part) -> Character.toUpperCase(part.charAt(0)) + part.substring(1))
			.collect(Collectors.joining());
	}

	/**
	 * Quote a string: that of JSON is one of YAML.
	 */
	private String quoted(String text) {
		return this.mapper.writeValueAsString(text);
	}

}
