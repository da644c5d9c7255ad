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

package cloud.requence.task.autoconfigure.metrics;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.event.EventListener;

import cloud.requence.emulator.RequenceEmulator;
import cloud.requence.task.TaskEnd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Compares what an application that watches tells Prometheus with what the documentation
 * and the dashboard for Grafana say of it.
 */
class MonitoringDocumentationTests {

	private static final Path DOCS = Path.of("..", "docs");

	private static final Pattern SAMPLE = Pattern.compile("^(requence_\\w+)(?:\\{(.*)})? \\S+$", Pattern.MULTILINE);

	private static final Pattern LABEL = Pattern.compile("(\\w+)=\"([^\"]*)\"");

	private static final Pattern SELECTOR = Pattern.compile("(requence_\\w+)(?:\\{([^}]*)})?");

	private static final Pattern MATCHER = Pattern.compile("(\\w+)\\s*(=~|!=|!~|=)\\s*\"([^\"]*)\"");

	private static final Pattern GROUPING = Pattern.compile("\\b(?:by|on)\\s*\\(([^)]*)\\)");

	private static final Pattern PLACEHOLDER = Pattern.compile("\\{\\{(\\w+)}}");

	private static final Pattern TABLE_ROW = Pattern.compile(
			"^\\| `(requence\\.[\\w.]+)` \\| (?:counter|gauge|timer|long task)[^|]* \\| ([^|]*)\\|", Pattern.MULTILINE);

	// Prometheus adds them to whatever it scrapes
	private static final Set<String> OF_PROMETHEUS = Set.of("instance", "job");

	@TempDir
	private static Path directory;

	private static RequenceEmulator emulator;

	private static ConfigurableApplicationContext application;

	private static Map<String, List<Map<String, String>>> scrape;

	@BeforeAll
	static void start() {
		emulator = RequenceEmulator.builder().build().start();
		emulator.task("invoice").requireAck().start().nodeStart("a").nodeEnd("a").end("done");
		application = SpringApplication.run(Watching.class, "--requence.task.access-token=" + emulator.accessToken(),
				"--requence.task.since=1h", "--requence.task.listener.retry.delay=1ms",
				"--requence.task.checkpoint.store=file",
				"--requence.task.checkpoint.file=" + directory.resolve("checkpoint"));
		MeterRegistry registry = application.getBean(MeterRegistry.class);
		await().atMost(Duration.ofSeconds(20))
			.until(() -> registry.get("requence.task.acknowledgements")
				.tag("outcome", "sent")
				.functionCounter()
				.count() == 1);
		scrape = scrape();
	}

	@AfterAll
	static void stop() {
		application.close();
		emulator.close();
	}

	private static Map<String, List<Map<String, String>>> scrape() {
		Map<String, List<Map<String, String>>> samples = new HashMap<>();
		SAMPLE.matcher(application.getBean(PrometheusMeterRegistry.class).scrape())
			.results()
			.forEach((sample) -> samples.computeIfAbsent(sample.group(1), (name) -> new ArrayList<>())
				.add(labels(sample.group(2))));
		return samples;
	}

	private static Map<String, String> labels(String text) {
		return LABEL.matcher(String.valueOf(text))
			.results()
			.collect(Collectors.toMap((label) -> label.group(1), (label) -> label.group(2)));
	}

	static Stream<JsonNode> targets() throws IOException {
		JsonNode dashboard = JsonMapper.shared()
			.readTree(Files.readString(DOCS.resolve("grafana").resolve("requence-task.json")));
		return dashboard.get("panels").valueStream().flatMap((panel) -> panel.path("targets").valueStream());
	}

	@ParameterizedTest
	@MethodSource("targets")
	void theDashboardAsksForWhatIsThere(JsonNode target) {
		String query = target.get("expr").asString();
		List<String> metrics = SELECTOR.matcher(query).results().map((selector) -> selector.group(1)).toList();
		assertThat(metrics).isNotEmpty();
		SELECTOR.matcher(query).results().forEach(MonitoringDocumentationTests::assertIsThere);
		Set<String> grouping = GROUPING.matcher(query)
			.results()
			.flatMap((list) -> Arrays.stream(list.group(1).split("\\s*,\\s*")))
			.collect(Collectors.toSet());
		for (String metric : metrics) {
			assertHasLabels(metric, grouping);
		}
		assertThat(grouping).containsAll(PLACEHOLDER.matcher(target.get("legendFormat").asString())
			.results()
			.map((placeholder) -> placeholder.group(1))
			.toList());
	}

	private static void assertIsThere(MatchResult selector) {
		String metric = selector.group(1);
		assertThat(scrape).containsKey(metric);
		MATCHER.matcher(String.valueOf(selector.group(2))).results().forEach((matcher) -> {
			assertHasLabels(metric, Set.of(matcher.group(1)));
			if (matcher.group(2).startsWith("=") && !matcher.group(3).startsWith("$")) {
				assertThat(scrape.get(metric)).extracting((labels) -> labels.get(matcher.group(1)))
					.contains(matcher.group(3).split("\\|"));
			}
		});
	}

	private static void assertHasLabels(String metric, Set<String> labels) {
		assertThat(scrape.get(metric)).isNotNull()
			.allSatisfy((sample) -> assertThat(sample.keySet()).as(metric)
				.containsAll(labels.stream().filter((label) -> !OF_PROMETHEUS.contains(label)).toList()));
	}

	@Test
	void theDashboardChoosesTheWatchers() throws IOException {
		String dashboard = Files.readString(DOCS.resolve("grafana").resolve("requence-task.json"));
		assertThat(dashboard).contains("label_values(requence_task_watcher_state, watcher)");
		assertThat(targets())
			.allSatisfy((target) -> assertThat(SELECTOR.matcher(target.get("expr").asString()).results())
				.allSatisfy((selector) -> assertThat(selector.group(2)).contains("watcher=~\"$watcher\"")));
	}

	@Test
	void theTableTellsAllMetricsAndTheirTags() throws IOException {
		Map<String, Set<String>> documented = new TreeMap<>();
		TABLE_ROW.matcher(Files.readString(DOCS.resolve("monitoring.md"))).results().forEach((row) -> {
			Set<String> tags = Pattern.compile("`(\\w+)`")
				.matcher(row.group(2))
				.results()
				.map((tag) -> tag.group(1))
				.collect(Collectors.toCollection(TreeSet::new));
			tags.add("watcher");
			documented.put(row.group(1), tags);
		});
		Map<String, Set<String>> actual = new TreeMap<>();
		for (Meter meter : application.getBean(MeterRegistry.class).getMeters()) {
			if (meter.getId().getName().startsWith("requence.")) {
				actual.computeIfAbsent(meter.getId().getName(), (name) -> new TreeSet<>())
					.addAll(meter.getId().getTags().stream().map(Tag::getKey).toList());
			}
		}
		assertThat(documented).isEqualTo(actual);
	}

	@Test
	void theAlertsAskForWhatIsThere() throws IOException {
		String docs = Files.readString(DOCS.resolve("monitoring.md"));
		assertThat(SELECTOR.matcher(docs).results()).hasSizeGreaterThan(5)
			.allSatisfy(MonitoringDocumentationTests::assertIsThere);
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration(exclude = DataSourceAutoConfiguration.class)
	static class Watching {

		private volatile boolean failed;

		@EventListener
		void on(TaskEnd end) {
			if (!this.failed) {
				this.failed = true;
				throw new IllegalStateException("at first");
			}
		}

	}

}
