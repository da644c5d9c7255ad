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

package cloud.requence.samples.auditlog.web;

import java.net.URI;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import javax.sql.DataSource;

import cloud.requence.samples.auditlog.TestDatabase;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.test.web.servlet.assertj.MockMvcTester;
import org.springframework.test.web.servlet.assertj.MvcTestResult;
import org.springframework.transaction.support.TransactionTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.springframework.security.test.web.servlet.request.SecurityMockMvcRequestPostProcessors.user;

/**
 * Tests for {@link ApiController}.
 */
@WebTest
class ApiTests {

	@Autowired
	private MockMvcTester mvc;

	@Autowired
	private JsonMapper mapper;

	@Value("${test.database}")
	private String database;

	private MvcTestResult get(String address) {
		return this.mvc.get().uri(URI.create(address)).with(user("ben").roles("VIEWER")).exchange();
	}

	private JsonNode json(String address) throws Exception {
		MvcTestResult result = get(address);
		assertThat(result).hasStatusOk();
		return this.mapper.readTree(result.getResponse().getContentAsString());
	}

	private static List<Integer> sequences(JsonNode list) {
		List<Integer> sequences = new ArrayList<>();
		list.path("entries").forEach((entry) -> sequences.add(entry.path("sequence").intValue()));
		return sequences;
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			                                              | [11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0]
			task=3f2504e0-4f89-11d3-9a0c-0305e82c3301      | [5, 4, 3, 2, 1, 0]
			rootTask=3f2504e0-4f89-11d3-9a0c-0305e82c3301  | [8, 7, 6, 5, 4, 3, 2, 1, 0]
			name=Payment                                   | [8, 7, 6]
			name=payment                                   | []
			type=nodeUpdate                                | [3, 2]
			node=scan                                      | [4, 3, 2, 1]
			outcome=failed                                 | [8, 7]
			kind=GAP                                       | [9]
			kind=gap                                       | [9]
			text=INV-2026-0042                             | [0]
			text=m%C3%BCller                               | [0]
			text=booked                                    | []
			text=%22not%20match%22                         | [7]
			text=Mustermann                                | []
			name=Invoice&type=nodeUpdate&text=acme         | [3]
			from=2026-05-01T12:09                          | [11, 10, 9, 8]
			from=2026-05-01T10:09:00Z                      | [11, 10, 9, 8]
			from=2026-05-01T10:09:00&zone=UTC              | [11, 10, 9, 8]
			from=2026-05-01T12:02&to=2026-05-01T12:04      | [2, 1]
			kind=GAP&to=2026-05-01T12:09                   | [9]
			kind=GAP&to=2026-05-01T12:08                   | []
			name=&type=                                    | [11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0]
			name=%27%20or%201%3D1%20--                     | []
			""")
	void filters(String parameters, String expected) throws Exception {
		String address = "/api/entries?" + ((parameters != null) ? parameters : "");
		assertThat(sequences(json(address))).hasToString(expected);
	}

	@Test
	void pagesForwardAndBack() throws Exception {
		JsonNode first = json("/api/entries?size=5");
		assertThat(sequences(first)).containsExactly(11, 10, 9, 8, 7);
		assertThat(first.has("newer")).isFalse();
		JsonNode second = json(first.path("older").stringValue());
		assertThat(sequences(second)).containsExactly(6, 5, 4, 3, 2);
		JsonNode last = json(second.path("older").stringValue());
		assertThat(sequences(last)).containsExactly(1, 0);
		assertThat(last.has("older")).isFalse();
		JsonNode back = json(last.path("newer").stringValue());
		assertThat(sequences(back)).containsExactly(6, 5, 4, 3, 2);
		assertThat(sequences(json(back.path("newer").stringValue()))).containsExactly(11, 10, 9, 8, 7);
		assertThat(sequences(json("/api/entries?size=4&after=start"))).containsExactly(3, 2, 1, 0);
	}

	@Test
	void showsATaskWithItsPayloads() throws Exception {
		JsonNode task = json("/api/tasks/" + SampleLog.INVOICE);
		assertThat(sequences(task)).containsExactly(0, 1, 2, 3, 4, 5);
		assertThat(task.path("entries").path(3).path("payload").path("data").path("supplier").stringValue())
			.isEqualTo("Acme");
	}

	@Test
	void showsAnEntryAsItWasRecorded() throws Exception {
		MvcTestResult result = get("/api/entries/0");
		assertThat(result).bodyText().contains("\"amount\":12.50").contains("\"payloadState\":\"stored\"");
		JsonNode erased = json("/api/entries/8");
		assertThat(erased.path("payloadState").stringValue()).isEqualTo("erased");
		assertThat(erased.path("payloadHash").stringValue()).hasSize(64);
		assertThat(erased.has("payload")).isFalse();
		// A reason may be personal data: it is erased with the payload
		assertThat(erased.has("reason")).isFalse();
		assertThat(json("/api/entries/7").path("reason").stringValue()).isEqualTo("The amount does not match");
		assertThat(json("/api/entries/9").path("payloadState").stringValue()).isEqualTo("none");
	}

	@ParameterizedTest
	@CsvSource({ "/api/entries?from=yesterday, from", "/api/entries?sizes=4, sizes", "/api/entries?size=1000, size",
			"/api/entries?text=-x, text", "/api/entries?before=abc, before", "/api/entries/abc, sequence",
			"/api/tasks/x?zone=Mars, zone" })
	void namesTheParameterThatIsWrong(String address, String parameter) {
		assertThat(get(address)).hasStatus(HttpStatus.BAD_REQUEST)
			.hasContentType(MediaType.APPLICATION_PROBLEM_JSON)
			.bodyJson()
			.extractingPath("$.parameter")
			.isEqualTo(parameter);
	}

	@ParameterizedTest
	@ValueSource(strings = { "a/b", "a%b", "%2e%2e", "a;b", "a?b", "a#b", "ä日本", "..", "a b", " ", "a+b", "a&b=c", "\\",
			"\u0000", "\t", SampleLog.HOSTILE })
	void findsATaskByAnyId(String id) {
		String page = LogQuery.of(Map.of(), ZoneOffset.UTC).task(id);
		for (String address : List.of(page, page.replace("/tasks", "/api/tasks"))) {
			MvcTestResult result = this.mvc.get()
				.uri(URI.create(address))
				.with(user("anna").roles("VIEWER", "AUDITOR"))
				.exchange();
			if (id.equals(SampleLog.HOSTILE)) {
				assertThat(result).hasStatusOk().bodyText().contains("onerror");
			}
			else {
				assertThat(result).hasStatus(HttpStatus.NOT_FOUND)
					.bodyText()
					.contains("The log has no entry of this task");
			}
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "/api/entries/4711", "/api/tasks/unknown" })
	void saysThatThereIsNone(String address) {
		assertThat(get(address)).hasStatus(HttpStatus.NOT_FOUND).hasContentType(MediaType.APPLICATION_PROBLEM_JSON);
	}

	@ParameterizedTest
	@CsvSource({ "/api/entries, application/problem+json", "/, text/html", "/tasks/x, text/html" })
	void endsWhatTakesTooLong(String address, String type) {
		DataSource owner = TestDatabase.owner(this.database);
		new TransactionTemplate(new JdbcTransactionManager(owner)).executeWithoutResult((status) -> {
			// The search waits until its time is over
			new JdbcTemplate(owner).execute("lock table entry in access exclusive mode");
			assertThat(get(address)).hasStatus(HttpStatus.SERVICE_UNAVAILABLE)
				.bodyText()
				.contains(LogController.TOO_SLOW);
			assertThat(get(address)).hasContentTypeCompatibleWith(type);
		});
	}

	@Test
	void showsNothingThatCannotBeRecorded() {
		JdbcTemplate owner = new JdbcTemplate(TestDatabase.owner(this.database));
		owner.execute("alter table access_log rename to access_log_away");
		try {
			for (String address : List.of("/api/entries", "/", "/tasks/" + SampleLog.INVOICE, "/entries/0",
					"/entries/0/payload")) {
				assertThat(get(address)).hasStatus(HttpStatus.SERVICE_UNAVAILABLE)
					.bodyText()
					.contains("Nothing is shown without a record")
					.doesNotContain("INV-2026");
			}
		}
		finally {
			owner.execute("alter table access_log_away rename to access_log");
		}
		assertThat(get("/")).hasStatusOk();
	}

}
