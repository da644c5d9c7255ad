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

package cloud.requence.samples.dashboard.history;

import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import cloud.requence.emulator.RequenceEmulator;
import cloud.requence.emulator.TaskScript;
import cloud.requence.samples.dashboard.support.RunningDashboard;
import cloud.requence.samples.dashboard.support.SharedFixtures;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

import org.springframework.jdbc.core.JdbcTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests for the history over HTTP, with both of its databases.
 */
class HistoryTests {

	@Nested
	class WithH2 extends Contract {

		@Override
		String[] database() {
			return new String[] { "--spring.datasource.url=jdbc:h2:mem:history-tests" };
		}

	}

	@Nested
	class WithPostgres extends Contract {

		@Override
		String[] database() throws Exception {
			return new String[] { "--spring.datasource.url=" + SharedFixtures.postgresDatabase() };
		}

	}

	@TestInstance(TestInstance.Lifecycle.PER_CLASS)
	abstract static class Contract {

		private final RequenceEmulator platform = RequenceEmulator.builder().build().start();

		private RunningDashboard dashboard;

		private String booked;

		private String refused;

		abstract String[] database() throws Exception;

		@BeforeAll
		void play() throws Exception {
			this.dashboard = RunningDashboard.start(this.platform, database());
			this.booked = task("Invoice").input(Map.of("number", "R-2026_117"))
				.start()
				.nodeStart("scan")
				.nodeUpdate("scan", Map.of("pages", 3))
				.nodeEnd("scan")
				.end(Map.of("receipt", "Q-99"))
				.taskId();
			this.refused = task("Invoice").start()
				.nodeStart("book")
				.nodeError("book", "No \u0000 budget\uD800")
				.fail("refused")
				.taskId();
			task("Order").start().nodeStart("pack");
			task("=cmd|' /C calc'!A0").start().abort("not, \"wanted\"");
			for (int i = 0; i < 20; i++) {
				task("Order").start().end("done");
			}
			await()
				.untilAsserted(() -> assertThat(this.dashboard.json("/api/history/tasks").path("tasks")).hasSize(24));
		}

		private TaskScript task(String name) {
			return this.platform.task("template").name(name);
		}

		@AfterAll
		void close() {
			this.dashboard.close();
			this.platform.close();
		}

		private List<String> names(String query, Object... values) {
			return this.dashboard.json("/api/history/tasks?" + query, values)
				.path("tasks")
				.valueStream()
				.map((task) -> task.path("name").asString())
				.toList();
		}

		private JsonNode one(String query, Object... values) {
			JsonNode tasks = this.dashboard.json("/api/history/tasks?" + query, values).path("tasks");
			assertThat(tasks).hasSize(1);
			return tasks.get(0);
		}

		@Test
		void describesATask() {
			JsonNode task = one("q={id}", this.booked);
			assertThat(task.path("id").asString()).isEqualTo(this.booked);
			assertThat(task.path("name").asString()).isEqualTo("Invoice");
			assertThat(task.path("state").asString()).isEqualTo("succeeded");
			assertThat(task.path("updates").asInt()).isEqualTo(5);
			assertThat(task.path("nodes").asInt()).isOne();
			assertThat(task.path("done").asInt()).isOne();
			assertThat(task.path("incomplete").asBoolean()).isFalse();
			assertThat(task.path("duration").asLong())
				.isEqualTo(task.path("endedAt").asLong() - task.path("startedAt").asLong());
		}

		@Test
		void tellsWhyATaskHasFailed() {
			JsonNode task = one("outcome=failed");
			assertThat(task.path("id").asString()).isEqualTo(this.refused);
			assertThat(task.path("reason").asString()).isEqualTo("refused");
			assertThat(task.path("errors").asInt()).isOne();
		}

		@ParameterizedTest
		@CsvSource({ "r-2026_117, 1", "r-2026-117, 0", "q-99, 1", "SCAN, 1", "budget, 1", "refused, 1", "invoice, 2",
				"not wanted, 0", "wanted, 1", "%, 0", "pages, 0" })
		void searches(String text, int count) {
			assertThat(names("q={text}", text)).hasSize(count);
		}

		@Test
		void filtersByNameAndState() {
			assertThat(names("name=Invoice&name=Order&outcome=running&outcome=failed"))
				.containsExactlyInAnyOrder("Invoice", "Order");
		}

		@Test
		void filtersByTime() {
			JsonNode task = one("q={id}", this.booked);
			long startedAt = task.path("startedAt").asLong();
			assertThat(names("to={to}", startedAt)).isEmpty();
			assertThat(names("from={from}&to={to}&limit=500", "2020-01-01T00:00:00+01:00", "2099-01-01T00:00:00Z"))
				.hasSize(24);
			assertThat(names("from={from}", "2099-01-01T00:00:00Z")).containsExactly("Order");
		}

		@ParameterizedTest
		@ValueSource(strings = { "from=yesterday", "outcome=lost", "sort=color", "dir=up", "after=x", "limit=many" })
		void saysWhatIsWrongWithARequest(String query) {
			HttpResponse<String> response = this.dashboard.get("/api/history/tasks?" + query);
			assertThat(response.statusCode()).isEqualTo(400);
			assertThat(response.headers().firstValue("Content-Type")).hasValue("application/problem+json");
			assertThat(this.dashboard.parse(response.body()).path("detail").asString()).isNotEmpty();
		}

		@ParameterizedTest
		@ValueSource(strings = { "started", "ended", "duration", "name", "state", "updates", "errors" })
		void returnsEachTaskOnOnePage(String sort) {
			for (String direction : List.of("asc", "desc")) {
				List<String> all = new ArrayList<>();
				String after = "";
				do {
					JsonNode page = this.dashboard
						.json("/api/history/tasks?sort={sort}&dir={dir}&limit=7&after={after}", sort, direction, after);
					page.path("tasks").valueStream().forEach((task) -> all.add(task.path("id").asString()));
					after = page.path("next").asString("");
				}
				while (!after.isEmpty());
				assertThat(all).hasSize(24).doesNotHaveDuplicates();
			}
		}

		@Test
		void sortsByName() {
			assertThat(names("sort=name&dir=asc&limit=3")).containsExactly("=cmd|' /C calc'!A0", "Invoice", "Invoice");
			assertThat(names("sort=ended&dir=desc&limit=1")).containsExactly("Order");
		}

		@Test
		void groupsByName() {
			JsonNode groups = this.dashboard.json("/api/history/groups").path("groups");
			assertThat(groups).hasSize(3);
			JsonNode orders = groups.get(0);
			assertThat(orders.path("name").asString()).isEqualTo("Order");
			assertThat(orders.path("total").asInt()).isEqualTo(21);
			assertThat(orders.path("running").asInt()).isOne();
			assertThat(orders.path("succeeded").asInt()).isEqualTo(20);
			assertThat(orders.path("failureRate").asDouble()).isZero();
			assertThat(orders.path("p50").asLong()).isLessThanOrEqualTo(orders.path("p95").asLong());
			JsonNode invoices = groups.get(1);
			assertThat(invoices.path("failureRate").asDouble()).isEqualTo(0.5);
			assertThat(groups.get(2).path("failureRate").isNull()).isTrue();
		}

		@Test
		void exportsAllTasksOfAView() {
			String csv = this.dashboard.get("/api/history/export.csv?sort=name&dir=asc").body();
			assertThat(csv.lines()).hasSize(25);
			assertThat(csv).startsWith("id,name,state,startedAt,")
				.contains(",'=cmd|' /C calc'!A0,aborted,", ",\"not, \"\"wanted\"\"\",");
			JsonNode json = this.dashboard.json("/api/history/export.json?outcome=failed&outcome=aborted");
			assertThat(json.valueStream().map((task) -> task.path("state").asString()))
				.containsExactlyInAnyOrder("failed", "aborted");
			assertThat(this.dashboard.json("/api/history/export.json?q={text}", "nothing like this")).isEmpty();
		}

		@Test
		void keepsTextThatADatabaseRefuses() {
			assertThat(this.dashboard.bean(JdbcTemplate.class)
				.queryForObject("select last_error from task_node where task_id = ?", String.class, this.refused))
				.isEqualTo("No \uFFFD budget\uFFFD");
		}

	}

}
