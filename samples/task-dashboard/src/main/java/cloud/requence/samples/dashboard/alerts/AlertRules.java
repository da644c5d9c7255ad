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

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;

import cloud.requence.samples.dashboard.alerts.AlertProperties.Kind;
import cloud.requence.samples.dashboard.alerts.AlertProperties.Rule;
import cloud.requence.samples.dashboard.alerts.AlertQueries.Ends;
import cloud.requence.samples.dashboard.alerts.AlertQueries.Failure;
import cloud.requence.samples.dashboard.alerts.AlertQueries.Waiting;
import cloud.requence.samples.dashboard.text.NamePattern;
import cloud.requence.task.TaskWatcherStatus;
import org.jspecify.annotations.Nullable;

/**
 * Applies the rules to what is known at present. For use by one thread, and by another
 * one that asks the history.
 */
class AlertRules {

	private static final Duration PAST_IS_FRESH = Duration.ofMinutes(5);

	private final Map<String, Rule> rules;

	private final AlertQueries queries;

	private final Clock clock;

	/** Used by the thread that asks the history, the silence by that of the checks. */
	private final Map<String, Past<?>> past = new HashMap<>();

	private final Silence silence = new Silence();

	AlertRules(Map<String, Rule> rules, AlertQueries queries, Clock clock) {
		this.rules = rules.entrySet()
			.stream()
			.filter((entry) -> entry.getValue().enabled())
			.collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
		this.queries = queries;
		this.clock = clock;
	}

	/**
	 * Return what the rules find that do not need the history.
	 * @param status the state of the watcher
	 * @param sight what can be seen
	 * @param historyGoneSince since when the history is unavailable; {@code null} if it
	 * is available
	 * @return the findings, at most one for each rule
	 */
	List<Finding> ofWatcher(TaskWatcherStatus status, Sight sight, @Nullable Instant historyGoneSince) {
		this.silence.observe(status, sight, this.clock.instant());
		List<Finding> findings = new ArrayList<>();
		this.rules.forEach((id, rule) -> {
			Finding finding = switch (rule.kind()) {
				case NOTHING -> sight.isClear() ? nothing(id, rule) : null;
				case WATCHER_BEHIND -> behind(id, rule, status, sight);
				case WATCHER_GONE -> gone(id, rule, status, sight);
				case HISTORY_GONE -> historyGone(id, rule, historyGoneSince);
				case FAILURE_RATE, NO_SUCCESS, TOO_LONG, DEFERRED_TOO_LONG -> null;
			};
			if (finding != null) {
				findings.add(finding);
			}
		});
		return findings;
	}

	/**
	 * Return what the rules find in the history. It must be up to date.
	 * @return the findings, at most one for each rule and name
	 */
	List<Finding> ofTasks() {
		List<Finding> findings = new ArrayList<>();
		this.rules.forEach((id, rule) -> findings.addAll(switch (rule.kind()) {
			case FAILURE_RATE -> failureRate(id, rule);
			case NO_SUCCESS -> noSuccess(id, rule);
			case TOO_LONG -> tooLong(id, rule);
			case DEFERRED_TOO_LONG -> deferred(id, rule);
			case NOTHING, WATCHER_BEHIND, WATCHER_GONE, HISTORY_GONE -> List.of();
		}));
		return findings;
	}

	private List<Finding> failureRate(String id, Rule rule) {
		long now = this.clock.millis();
		long from = now - rule.window().toMillis();
		Map<String, Ends> before = past(id, () -> this.queries.ends(from - rule.baseline().toMillis(), from));
		List<Finding> findings = new ArrayList<>();
		this.queries.ends(from, now + 1).forEach((name, ends) -> {
			double usual = before.getOrDefault(name, Ends.NONE).rate();
			if (rule.appliesTo(name) && ends.total() >= rule.minTasks() && ends.rate() >= rule.minRate()
					&& ends.rate() > usual * rule.factor()) {
				Failure first = this.queries.firstFailure(name, from);
				findings.add(new Finding(id, rule.kind(), name,
						"%d of %d tasks have failed in %s (%s); usual are %s".formatted(ends.failed(), ends.total(),
								text(rule.window()), percent(ends.rate()), percent(usual)),
						ends.failed(), (first != null) ? first.task() : null, (first != null) ? first.reason() : null));
			}
		});
		return findings;
	}

	private List<Finding> noSuccess(String id, Rule rule) {
		Duration limit = Objects.requireNonNull(rule.limit());
		long now = this.clock.millis();
		long since = this.queries.since(now);
		Map<String, Long> successes = this.queries.lastSuccesses();
		Map<String, Long> expected = new HashMap<>();
		rule.names()
			.stream()
			.filter((name) -> !name.contains("*"))
			.forEach((name) -> expected.put(NamePattern.of(name), since));
		successes.keySet().stream().filter(rule::appliesTo).forEach((name) -> expected.put(name, since));
		return expected.entrySet()
			.stream()
			.filter((entry) -> now - successes.getOrDefault(entry.getKey(), entry.getValue()) > limit.toMillis())
			.map((entry) -> new Finding(id, rule.kind(), entry.getKey(),
					"No task has succeeded for %s".formatted(
							text(now - successes.getOrDefault(entry.getKey(), entry.getValue()))),
					0, null, null))
			.toList();
	}

	private List<Finding> tooLong(String id, Rule rule) {
		long now = this.clock.millis();
		Duration limit = rule.limit();
		Map<String, Long> usual = (limit != null) ? Map.of()
				: past(id, () -> this.queries.durations(now - rule.baseline().toMillis(), rule.minTasks()));
		Function<String, @Nullable Long> limits = (name) -> {
			Long duration = usual.get(name);
			return (limit != null) ? Long.valueOf(limit.toMillis())
					: (duration != null) ? Long.valueOf((long) Math.max(1000, duration * rule.factor())) : null;
		};
		List<Waiting> tasks = this.queries.running(now - ((limit != null) ? limit.toMillis() : 0))
			.stream()
			.filter((task) -> {
				Long allowed = limits.apply(task.name());
				return allowed != null && now - task.since() > allowed;
			})
			.toList();
		return grouped(id, rule, tasks,
				(name) -> "running for longer than " + text(Objects.requireNonNullElse(limits.apply(name), 0L))
						+ ((limit != null) ? ""
								: ", which is " + number(rule.factor()) + " times what 99 % of earlier tasks took"));
	}

	private List<Finding> deferred(String id, Rule rule) {
		Duration limit = Objects.requireNonNull(rule.effectiveLimit());
		return grouped(id, rule, this.queries.deferred(this.clock.millis() - limit.toMillis()),
				(name) -> "waiting for a callback for longer than " + text(limit));
	}

	private static List<Finding> grouped(String id, Rule rule, List<Waiting> tasks, Function<String, String> what) {
		return tasks.stream()
			.filter((task) -> rule.appliesTo(task.name()))
			.collect(Collectors.groupingBy(Waiting::name))
			.entrySet()
			.stream()
			.map((entry) -> {
				List<Waiting> ofName = entry.getValue();
				Waiting first = ofName.stream().min(Comparator.comparingLong(Waiting::since)).orElseThrow();
				String summary = ofName.size() + ((ofName.size() == 1) ? " task is " : " tasks are ")
						+ what.apply(entry.getKey());
				return new Finding(id, rule.kind(), entry.getKey(), summary, ofName.size(), first.task(),
						first.detail());
			})
			.toList();
	}

	private @Nullable Finding nothing(String id, Rule rule) {
		Duration silence = this.silence.duration(this.clock.instant());
		return (silence.compareTo(Objects.requireNonNull(rule.limit())) > 0)
				? Finding.of(id, rule.kind(), "No update of any task for " + text(silence)) : null;
	}

	private @Nullable Finding behind(String id, Rule rule, TaskWatcherStatus status, Sight sight) {
		Duration limit = Objects.requireNonNull(rule.effectiveLimit());
		TaskWatcherStatus.CatchUp catchUp = status.catchUp();
		if (catchUp != null && !status.caughtUp() && catchUp.behind().compareTo(limit) > 0) {
			return Finding.of(id, rule.kind(), "The watcher is " + text(catchUp.behind()) + " behind");
		}
		Instant waiting = sight.waitingSince();
		return (waiting != null && waiting.plus(limit).isBefore(this.clock.instant()))
				? Finding.of(id, rule.kind(), "An update waits for its delivery since " + time(waiting)
						+ ", probably for the database of the history")
				: null;
	}

	private @Nullable Finding gone(String id, Rule rule, TaskWatcherStatus status, Sight sight) {
		boolean refused = status.state() == TaskWatcherStatus.State.REFUSED;
		boolean standsBy = status.state() == TaskWatcherStatus.State.STANDBY;
		Instant since = sight.blindSince();
		Duration limit = Objects.requireNonNull(rule.effectiveLimit());
		return (since != null && !standsBy && (refused || sight.isBlindFor(limit, this.clock.instant())))
				? Finding.of(id, rule.kind(), "Blind since " + time(since) + ". " + sight.reason()) : null;
	}

	private @Nullable Finding historyGone(String id, Rule rule, @Nullable Instant since) {
		Duration limit = Objects.requireNonNull(rule.effectiveLimit());
		return (since != null && !since.plus(limit).isAfter(this.clock.instant()))
				? Finding.of(id, rule.kind(), "History unavailable since " + time(since) + ". Its database does not "
						+ "answer, or refuses to write. Rules about tasks are not applied")
				: null;
	}

	@SuppressWarnings("unchecked")
	private <T> T past(String rule, Supplier<T> query) {
		Past<?> known = this.past.get(rule);
		Instant now = this.clock.instant();
		if (known == null || !known.at().plus(PAST_IS_FRESH).isAfter(now)) {
			known = new Past<>(now, query.get());
			this.past.put(rule, known);
		}
		return (T) known.value();
	}

	static String time(Instant time) {
		return time.truncatedTo(ChronoUnit.SECONDS).toString().replace("T", " ").replace("Z", " UTC");
	}

	private static String text(long millis) {
		return text(Duration.ofMillis(millis));
	}

	private static String text(Duration duration) {
		if (duration.toHours() >= 48) {
			return duration.toDays() + " days";
		}
		if (duration.toMinutes() >= 120) {
			return duration.toHours() + " h";
		}
		return (duration.toSeconds() >= 120) ? duration.toMinutes() + " min" : duration.toSeconds() + " s";
	}

	private static String percent(double rate) {
		return String.format(Locale.ROOT, "%.1f %%", rate * 100);
	}

	private static String number(double value) {
		return (value == Math.rint(value)) ? Long.toString((long) value) : Double.toString(value);
	}

	private record Past<T>(Instant at, T value) {

	}

}
