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

package cloud.requence.samples.dashboard.metrics;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import cloud.requence.emulator.RequenceEmulator;
import cloud.requence.emulator.TaskScript;
import cloud.requence.samples.dashboard.support.RunningDashboard;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.yaml.snakeyaml.Yaml;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Compares what Prometheus scrapes with what the rules for it, the dashboard for Grafana
 * and the documentation say of it.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TaskMetricsTests {

	private static final Path BOARD = Path.of("..", "..", "docs", "grafana", "task-dashboard.json");

	private static final Pattern SAMPLE = Pattern.compile("^(requence_\\w+)(?:\\{(.*)})? \\S+$", Pattern.MULTILINE);

	private static final Pattern LABEL = Pattern.compile("(\\w+)=\"([^\"]*)\"");

	private static final Pattern SELECTOR = Pattern.compile("(requence_\\w+)(?:\\{([^}]*)})?");

	private static final Pattern MATCHER = Pattern.compile("(\\w+)\\s*(=~|=)\\s*\"([^\"]*)\"");

	private static final Pattern GROUPING = Pattern.compile("\\b(?:by|on) ?\\(([^)]+)\\)");

	// Prometheus adds them to whatever it scrapes
	private static final Set<String> OF_PROMETHEUS = Set.of("instance", "job");

	private final RequenceEmulator platform = RequenceEmulator.builder().build().start();

	private RunningDashboard dashboard;

	private String text;

	private final Map<String, Map<String, Set<String>>> scrape = new HashMap<>();

	@BeforeAll
	void scrape() {
		this.dashboard = RunningDashboard.start(this.platform, "--dashboard.metrics.max-names=2",
				"--dashboard.alerts.url=https://tasks.example/", "--dashboard.alerts.rules.daily.kind=no-success",
				"--dashboard.alerts.rules.daily.names=daily (all)", "--dashboard.alerts.rules.daily.limit=26h",
				"--dashboard.alerts.rules.silence.kind=nothing", "--dashboard.alerts.rules.silence.limit=30m",
				"--dashboard.alerts.rules.deferred-too-long.enabled=false",
				"--dashboard.alerts.rules.import.kind=too-long", "--dashboard.alerts.rules.import.limit=2h",
				"--dashboard.alerts.rules.import.names=import 7",
				"--dashboard.alerts.rules.callback.kind=deferred-too-long");
		task("invoice 1").end("done");
		task("invoice 2").fail("no");
		task("invoice 3").nodeStart("approve").nodeDefer("approve", "waits");
		task("order").abort("no");
		task("third").end("done");
		task("fourth").end("done");
		TaskMetrics metrics = this.dashboard.bean(TaskMetrics.class);
		await().untilAsserted(() -> {
			metrics.measure();
			this.text = this.dashboard.get("/actuator/prometheus").body();
			assertThat(this.text).contains("requence_tasks_oldest_deferred_seconds{",
					"requence_tasks_total{name=\"(others)\",outcome=\"succeeded\"} 2.0");
		});
		SAMPLE.matcher(this.text).results().forEach((sample) -> {
			Map<String, Set<String>> labels = this.scrape.computeIfAbsent(sample.group(1), (name) -> new HashMap<>());
			LABEL.matcher(String.valueOf(sample.group(2)))
				.results()
				.forEach((label) -> labels.computeIfAbsent(label.group(1), (name) -> new HashSet<>())
					.add(label.group(2)));
		});
	}

	private TaskScript task(String name) {
		return this.platform.task("template").name(name).start();
	}

	@AfterAll
	void close() {
		this.dashboard.close();
		this.platform.close();
	}

	private void assertIsThere(String expression) {
		assertThat(SELECTOR.matcher(expression).results()).isNotEmpty();
		Set<String> grouping = GROUPING.matcher(expression)
			.results()
			.flatMap((list) -> Arrays.stream(list.group(1).split("\\s*,\\s*")))
			.filter((label) -> !OF_PROMETHEUS.contains(label))
			.collect(Collectors.toSet());
		Set<String> known = new HashSet<>();
		SELECTOR.matcher(expression).results().forEach((selector) -> {
			assertIsThere(selector);
			known.addAll(this.scrape.get(selector.group(1)).keySet());
		});
		assertThat(known).containsAll(grouping);
	}

	private void assertIsThere(MatchResult selector) {
		assertThat(this.scrape).containsKey(selector.group(1));
		Map<String, Set<String>> labels = this.scrape.get(selector.group(1));
		MATCHER.matcher(String.valueOf(selector.group(2))).results().forEach((matcher) -> {
			assertThat(labels).as(selector.group(1)).containsKey(matcher.group(1));
			if (!matcher.group(1).equals("name")) {
				assertThat(labels.get(matcher.group(1))).contains(matcher.group(3).split("\\|"));
			}
		});
	}

	@Test
	void countsTasksByNameAndOutcome() {
		assertThat(this.text).contains("requence_tasks_total{name=\"invoice *\",outcome=\"succeeded\"} 1.0",
				"requence_tasks_total{name=\"invoice *\",outcome=\"failed\"} 1.0",
				"requence_tasks_total{name=\"order\",outcome=\"aborted\"} 1.0",
				"requence_tasks_running{name=\"invoice *\"} 1.0",
				"requence_tasks_duration_seconds_count{name=\"invoice *\",outcome=\"succeeded\"} 1");
		assertThat(this.scrape.get("requence_tasks_total").get("name")).containsExactlyInAnyOrder("invoice *", "order",
				"(others)");
	}

	@Test
	void theDashboardAsksForWhatIsThere() throws IOException {
		JsonNode board = JsonMapper.shared().readTree(Files.readString(BOARD));
		List<JsonNode> targets = board.path("panels")
			.valueStream()
			.flatMap((panel) -> panel.path("targets").valueStream())
			.toList();
		assertThat(targets).hasSizeGreaterThan(10)
			.allSatisfy((target) -> assertIsThere(target.path("expr").asString()));
		assertThat(board.path("templating").toString()).contains("label_values(requence_tasks_total, name)");
	}

	@Test
	@SuppressWarnings("unchecked")
	void theRulesAskForWhatIsThere() {
		String yaml = this.dashboard.get("/api/alerts/prometheus.yml").body();
		Map<String, List<Map<String, Object>>> file = new Yaml().load(yaml);
		List<Map<String, Object>> rules = (List<Map<String, Object>>) file.get("groups").get(0).get("rules");
		assertThat(rules).extracting((rule) -> rule.get("alert"))
			.containsExactlyInAnyOrder("TaskCallback", "TaskDaily", "TaskFailureRate", "TaskHistoryGone", "TaskImport",
					"TaskSilence", "TaskTooLong", "TaskWatcherBehind", "TaskWatcherGone");
		assertThat(rules).allSatisfy((rule) -> {
			assertIsThere((String) rule.get("expr"));
			assertThat(rule.get("annotations").toString()).contains("https://tasks.example/runbook/");
		});
		assertThat(yaml).contains("name=\\\"daily (all)\\\"", "name=~\\\"import .*\\\"");
		assertThat(rules).filteredOn((rule) -> !rule.get("alert").toString().matches("TaskWatcher.*|TaskHistoryGone"))
			.hasSize(6)
			.allSatisfy((rule) -> assertThat((String) rule.get("expr")).startsWith("(")
				.endsWith(") and on() (min(requence_task_watcher_caught_up) == 1)"));
	}

	@Test
	void eachKindOfRuleHasAPageOfTheRunbook() {
		String yaml = this.dashboard.get("/api/alerts/prometheus.yml").body();
		Set<String> kinds = Pattern.compile("/runbook/([\\w-]+)")
			.matcher(yaml)
			.results()
			.map((match) -> match.group(1))
			.collect(Collectors.toCollection(TreeSet::new));
		assertThat(kinds).hasSize(8).allSatisfy((kind) -> {
			assertThat(this.dashboard.get("/runbook/" + kind).body()).startsWith("# ").contains("**What to do**");
		});
		assertThat(this.dashboard.get("/runbook/other").statusCode()).isEqualTo(404);
	}

	@Test
	void theDocumentationNamesAllMetrics() throws IOException {
		String readme = Files.readString(Path.of("README.md"));
		Stream<String> names = Stream.of("requence.tasks", "requence.tasks.duration", "requence.tasks.running",
				"requence.tasks.oldest.running", "requence.tasks.oldest.deferred", "requence.tasks.history.outage");
		assertThat(names).allSatisfy((name) -> assertThat(readme).contains("`" + name + "`"));
	}

}
