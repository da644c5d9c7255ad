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

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;

import javax.sql.DataSource;

import cloud.requence.samples.auditlog.TestDatabase;
import cloud.requence.samples.auditlog.security.AccessLog;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.jdbc.BadSqlGrammarException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.mock.web.MockHttpSession;
import org.springframework.test.web.servlet.assertj.MockMvcTester;
import org.springframework.test.web.servlet.assertj.MvcTestResult;
import org.springframework.transaction.support.TransactionTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;
import static org.springframework.security.test.web.servlet.request.SecurityMockMvcRequestPostProcessors.csrf;
import static org.springframework.security.test.web.servlet.request.SecurityMockMvcRequestPostProcessors.httpBasic;
import static org.springframework.security.test.web.servlet.request.SecurityMockMvcRequestPostProcessors.user;

/**
 * Tests of what users may do, and of what is recorded of it.
 */
@WebTest
class AccessTests {

	@Autowired
	private MockMvcTester mvc;

	@Autowired
	private JdbcTemplate jdbc;

	@Value("${test.database}")
	private String database;

	private List<Map<String, Object>> accessesAfter(long id) {
		return this.jdbc.queryForList("select * from access_log where id > ? order by id", id);
	}

	private long lastAccess() {
		Long last = this.jdbc.queryForObject("select coalesce(max(id), 0) from access_log", Long.class);
		return (last != null) ? last : 0;
	}

	@ParameterizedTest
	@ValueSource(strings = { "/", "/tasks/" + SampleLog.INVOICE, "/entries/0", "/entries/0/payload", "/status",
			"/access", "/evidence", "/export?format=csv", "/api/entries", "/api/entries/0",
			"/api/tasks/" + SampleLog.INVOICE, "/actuator/info", "/anything" })
	void showsNothingWithoutALogin(String address) {
		long before = lastAccess();
		assertThat(this.mvc.get().uri(address).accept(MediaType.TEXT_HTML)).hasStatus(HttpStatus.FOUND)
			.redirectedUrl()
			.endsWith("/login");
		assertThat(this.mvc.get().uri(address)).hasStatus(HttpStatus.UNAUTHORIZED)
			.hasContentType(MediaType.APPLICATION_PROBLEM_JSON)
			.doesNotContainHeader("WWW-Authenticate");
		assertThat(accessesAfter(before)).isEmpty();
	}

	@ParameterizedTest
	@CsvSource({ "/, true", "/tasks/" + SampleLog.INVOICE + ", true", "/entries/0, true", "/entries/0/payload, true",
			"/status, true", "/api/entries, true", "/api/entries/0, true", "/api/tasks/" + SampleLog.INVOICE + ", true",
			"/evidence, false", "/access, false", "/export?format=csv, false", "/export?format=jsonl, false",
			"/actuator/info, false", "/api/other, false" })
	void letsViewersLook(String address, boolean allowed) {
		MvcTestResult result = this.mvc.get().uri(address).with(httpBasic("ben", "secret-b")).exchange();
		assertThat(result).hasStatus(allowed ? HttpStatus.OK : HttpStatus.FORBIDDEN);
	}

	@Test
	void letsNoOneChangeAnythingFromAnotherSite() {
		assertThat(this.mvc.post().uri("/logout").with(user("ben").roles("VIEWER"))).hasStatus(HttpStatus.FORBIDDEN);
		assertThat(this.mvc.post().uri("/login").param("username", "ben").param("password", "secret-b"))
			.hasStatus(HttpStatus.FORBIDDEN);
		assertThat(this.mvc.post()
			.uri("/logout")
			.accept(MediaType.TEXT_HTML)
			.with(user("ben").roles("VIEWER"))
			.with(csrf())).hasRedirectedUrl("/login?left");
	}

	@Test
	void signsInAndLeadsToWhatWasAskedFor() {
		MvcTestResult asked = this.mvc.get().uri("/?name=Invoice").accept(MediaType.TEXT_HTML).exchange();
		MvcTestResult login = this.mvc.post()
			.uri("/login")
			.param("username", "ben")
			.param("password", "secret-b")
			.cookie(asked.getResponse().getCookies())
			.with(csrf())
			.exchange();
		assertThat(login).redirectedUrl().endsWith("/?name=Invoice");
		MockHttpSession session = (MockHttpSession) login.getRequest().getSession();
		assertThat(this.mvc.get().uri("/?name=Invoice").session(session)).hasStatusOk();
	}

	@ParameterizedTest
	@CsvSource({ "ben, wrong", "nobody, secret-b", "'', ''" })
	void refusesAWrongPassword(String name, String password) {
		assertThat(this.mvc.post().uri("/login").param("username", name).param("password", password).with(csrf()))
			.hasRedirectedUrl("/login?refused");
		assertThat(this.mvc.get().uri("/api/entries").with(httpBasic(name, password)))
			.hasStatus(HttpStatus.UNAUTHORIZED);
	}

	@Test
	void keepsBrowsersFromRunningAnythingElse() {
		assertThat(this.mvc.get().uri("/").with(user("ben").roles("VIEWER"))).headers()
			.hasValue("Content-Security-Policy",
					"default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; object-src 'none'")
			.hasValue("X-Content-Type-Options", "nosniff")
			.hasValue("Cache-Control", "no-cache, no-store, max-age=0, must-revalidate");
	}

	@ParameterizedTest
	@CsvSource({ "/?name=Invoice, SEARCH, name=Invoice, 6",
			"/api/entries?name=Invoice&size=2, SEARCH, name=Invoice size=2, 2",
			"/tasks/" + SampleLog.INVOICE + ", TASK, task=" + SampleLog.INVOICE + ", 6",
			"/api/tasks/" + SampleLog.INVOICE + ", TASK, task=" + SampleLog.INVOICE + ", 6",
			"/entries/3, ENTRY, entry=3, 1", "/api/entries/3, ENTRY, entry=3, 1",
			"/entries/3/payload, PAYLOAD, entry=3, 1", "/access, ACCESS_LOG, '',",
			"/access?until=2, ACCESS_LOG, until=2, 1", "/evidence, EVIDENCE, '', 0" })
	void recordsEachLook(String address, String action, String query, Long entries) {
		this.mvc.get().uri("/").with(user("first").roles("VIEWER")).exchange();
		long before = lastAccess();
		assertThat(this.mvc.get().uri(address).with(user("anna").roles("VIEWER", "AUDITOR"))).hasStatusOk();
		assertThat(accessesAfter(before)).singleElement().satisfies((access) -> {
			assertThat(access).containsEntry("username", "anna")
				.containsEntry("action", action)
				.containsEntry("query", query);
			if (entries != null) {
				assertThat(access).containsEntry("entries", entries);
			}
		});
	}

	// Those up to a number are hashed together: none with a lower number may come later
	@Test
	void addsNoAccessWhileThoseBeforeAreHashed() {
		DataSource owner = TestDatabase.owner(this.database);
		JdbcTemplate other = new JdbcTemplate(owner);
		CompletableFuture<MvcTestResult> look = new TransactionTemplate(new JdbcTransactionManager(owner))
			.execute((status) -> {
				other.queryForList("select pg_advisory_xact_lock(" + AccessLog.LOCK + ")");
				CompletableFuture<MvcTestResult> waiting = CompletableFuture.supplyAsync(
						() -> this.mvc.get().uri("/entries/3").with(user("waiting").roles("VIEWER")).exchange());
				await()
					.until(() -> this.jdbc.queryForObject("select count(*) from pg_locks where locktype = 'advisory' "
							+ "and mode = 'ShareLock' and not granted", Long.class) == 1);
				assertThat(other.queryForList("select 1 from access_log where username = 'waiting'")).isEmpty();
				return waiting;
			});
		assertThat(Objects.requireNonNull(look).join()).hasStatusOk();
		assertThat(other.queryForList("select 1 from access_log where username = 'waiting'")).hasSize(1);
	}

	@Test
	void doesNotRecordThatTheHeadWasRefreshed() {
		long before = lastAccess();
		assertThat(this.mvc.get().uri("/status").with(user("anna").roles("VIEWER"))).hasStatusOk()
			.bodyText()
			.contains("Gaps")
			.doesNotContain("<html");
		assertThat(accessesAfter(before)).isEmpty();
	}

	@ParameterizedTest
	@ValueSource(strings = { "update access_log set username = 'x'", "delete from access_log", "truncate access_log" })
	void letsTheApplicationChangeNoRecord(String statement) {
		JdbcTemplate writer = new JdbcTemplate(TestDatabase.owner(this.database));
		assertThatExceptionOfType(BadSqlGrammarException.class)
			.isThrownBy(() -> writer.execute("set role " + TestDatabase.WRITER_ROLE + "; " + statement))
			.havingRootCause()
			.withMessageContaining("permission denied");
		writer.execute("set role " + TestDatabase.WRITER_ROLE
				+ "; insert into access_log (username, address, action, query) values ('x', 'x', 'SEARCH', '')");
	}

}
