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

package cloud.requence.samples.auditlog.evidence;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;

import cloud.requence.samples.auditlog.TestDatabase;
import cloud.requence.samples.auditlog.entry.Entry;
import cloud.requence.samples.auditlog.entry.EntryKind;
import cloud.requence.samples.auditlog.entry.NewEntry;
import cloud.requence.samples.auditlog.evidence.merkle.TreeHasher;
import cloud.requence.samples.auditlog.evidence.note.InclusionProof;
import cloud.requence.samples.auditlog.evidence.note.SignedCheckpoint;
import cloud.requence.samples.auditlog.evidence.note.VerifierKey;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.http.MediaType;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.security.test.web.servlet.request.SecurityMockMvcRequestPostProcessors;
import org.springframework.security.test.web.servlet.setup.SecurityMockMvcConfigurers;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import org.springframework.test.web.servlet.assertj.MockMvcTester;
import org.springframework.test.web.servlet.assertj.MvcTestResult;
import org.springframework.test.web.servlet.request.AbstractMockHttpServletRequestBuilder;
import org.springframework.test.web.servlet.request.MockHttpServletRequestBuilder;
import org.springframework.test.web.servlet.request.MockMvcRequestBuilders;
import org.springframework.transaction.support.TransactionTemplate;
import org.springframework.web.context.WebApplicationContext;
import org.springframework.web.util.HtmlUtils;
import org.springframework.web.util.UriComponentsBuilder;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The evidence in the application: an auditor calls it, and its jobs run.
 */
@SpringBootTest(properties = { "requence.task.enabled=false", "audit.evidence.anchors.interval=200ms",
		"audit.evidence.verification.interval=200ms", "audit.evidence.origin=example.com/audit-log",
		"audit.database.eraser.username=audit_eraser_user" })
class EvidenceApplicationTests {

	private final MockMvcTester mvc;

	private final TransactionTemplate transactions;

	private final LogWriter writer;

	private final JdbcTemplate jdbc;

	private final VerificationStatus status;

	private final Path directory;

	@Autowired
	EvidenceApplicationTests(WebApplicationContext context, TransactionTemplate transactions, LogWriter writer,
			JdbcTemplate jdbc, VerificationStatus status, EvidenceProperties properties) {
		this.mvc = MockMvcTester.from(context,
				(builder) -> builder.apply(SecurityMockMvcConfigurers.springSecurity()).build());
		this.transactions = transactions;
		this.writer = writer;
		this.jdbc = jdbc;
		this.status = status;
		this.directory = properties.directory();
	}

	@DynamicPropertySource
	static void useTestDatabase(DynamicPropertyRegistry registry) {
		String name = TestDatabase.create();
		TestDatabase.user(name, TestDatabase.ERASER_ROLE);
		TestDatabase.user(name, TestDatabase.WRITER_ROLE);
		registry.add("spring.datasource.url", () -> TestDatabase.url(name));
		registry.add("spring.datasource.username", () -> "audit_writer_user");
		registry.add("spring.flyway.user", () -> "postgres");
		registry.add("spring.flyway.url", () -> TestDatabase.url(name));
	}

	@BeforeEach
	void append() {
		this.transactions.executeWithoutResult((status) -> this.writer.append(SampleEntries.of(0, 9)));
	}

	@Test
	void handsOutHeadKeysAndProofs() {
		List<VerifierKey> keys = get("/api/evidence/keys").lines().map(VerifierKey::parse).toList();
		SignedCheckpoint head = SignedCheckpoint.open(get("/api/evidence/checkpoint"), keys);
		assertThat(head.checkpoint().size()).isPositive();
		InclusionProof proof = InclusionProof.parse(get("/api/evidence/entries/3/proof"), keys);
		Entry entry = Objects
			.requireNonNull(this.jdbc.queryForObject("select " + EntryRows.COLUMNS + " from entry where sequence = 3",
					(row, number) -> EntryRows.read(row)));
		assertThat(proof.includes(new TreeHasher().leaf(EntryEncoding.encode(entry)))).isTrue();
		assertThat(this.mvc.perform(request(MockMvcRequestBuilders.get("/api/evidence/entries/100000/proof"))))
			.hasStatus(404);
	}

	@Test
	void verifiesOnDemand() {
		assertThat(this.mvc.perform(request(MockMvcRequestBuilders.post("/api/evidence/verifications")))).hasStatusOk()
			.bodyJson()
			.extractingPath("$.valid")
			.isEqualTo(true);
	}

	@Test
	void erasesUnlessATaskIsHeld() {
		assertThat(post("/api/evidence/holds", "{'taskId':'task-1','reason':'Case 4'}")).hasStatusOk();
		assertThat(post("/api/evidence/erasures", "{'taskId':'task-1','reason':'Request 17'}")).hasStatus(409)
			.bodyJson()
			.extractingPath("$.detail")
			.asString()
			.contains("'task-1' is held");
		assertThat(this.mvc.perform(request(MockMvcRequestBuilders.delete("/api/evidence/holds")
			.param("taskId", "task-1")
			.param("reason", "closed")))).hasStatusOk();
		assertThat(post("/api/evidence/erasures", "{'taskId':'task-1','reason':'Request 17'}")).hasStatusOk()
			.bodyJson()
			.extractingPath("$.erased")
			.asNumber()
			.satisfies((erased) -> assertThat(erased.intValue()).isPositive());
		assertThat(
				this.jdbc.queryForObject(
						"select convert_from(canonical, 'UTF8') from payload join entry e "
								+ "using (sequence) where kind = 'ERASURE' order by sequence desc limit 1",
						String.class))
			.startsWith("{\"by\":\"alice\"");
		assertThat(post("/api/evidence/erasures", "{'taskId':'task-1'}")).hasStatus(400);
		assertThat(post("/api/evidence/erasures", "{'reason':'Both are missing'}")).hasStatus(400);
		assertThat(post("/api/evidence/erasures", "{'taskId':'task\\u0000','reason':'Request 17'}")).hasStatus(400);
		assertThat(post("/api/evidence/holds", "{'taskId':'task-1','reason':'Case\\u0000 4'}")).hasStatus(400);
	}

	@ParameterizedTest
	@ValueSource(strings = { "a/b", "a%b", "%2F", "a;b=c", "a?b", "a#b", "äß日本", "..", "a b", "a+b", "a&taskId=c",
			"<script>", "'\"{}" })
	void holdsAndReleasesATaskWithAnyId(String task) {
		assertThat(form("/evidence/holds", "task", task, "reason", "Case 5")).hasRedirectedUrl("/evidence");
		String held = get("/evidence");
		assertThat(held).contains("value=\"" + HtmlUtils.htmlEscape(task, "UTF-8") + "\"").contains("Case 5");
		assertThat(this.mvc
			.perform(request(MockMvcRequestBuilders.delete(UriComponentsBuilder.fromPath("/api/evidence/holds")
				.queryParam("taskId", "{task}")
				.queryParam("reason", "closed")
				.encode()
				.buildAndExpand(task)
				.toUri()))))
			.hasStatusOk()
			.bodyJson()
			.extractingPath("$.held")
			.isEqualTo(false);
		assertThat(get("/evidence")).doesNotContain("Case 5");
		form("/evidence/holds", "task", task, "reason", "Case 5");
		form("/evidence/releases", "task", task, "reason", "It is closed");
		assertThat(get("/evidence")).doesNotContain("Case 5");
	}

	@Test
	void erasesOnAPageAfterAConfirmation() {
		String task = "personal/%;#ä";
		this.transactions.executeWithoutResult((status) -> this.writer.append(List.of(entryOf(task), entryOf(task))));
		form("/evidence/holds", "task", task, "reason", "Case 6");
		assertThat(form("/evidence/erasures", "task", task, "reason", "Request 18")).hasRedirectedUrl("/evidence")
			.flash()
			.extractingByKey("problem")
			.asString()
			.contains("is held");
		form("/evidence/releases", "task", task, "reason", "Case 6 is closed");
		assertThat(form("/evidence/erasures", "task", task, "reason", "Request 18")).hasStatusOk()
			.bodyText()
			.contains("Erase 2 payloads?", "name=\"confirmed\"", HtmlUtils.htmlEscape(task, "UTF-8"));
		assertThat(payloadsOf(task)).isEqualTo(2);
		assertThat(form("/evidence/erasures", "task", task, "reason", "Request 18", "confirmed", "true"))
			.hasRedirectedUrl("/evidence")
			.flash()
			.extractingByKey("done")
			.asString()
			.startsWith("2 payloads");
		assertThat(payloadsOf(task)).isZero();
		assertThat(form("/evidence/erasures", "task", task, "reason", "Request 18")).hasRedirectedUrl("/evidence")
			.flash()
			.extractingByKey("problem")
			.asString()
			.endsWith("has no payload to erase.");
		assertThat(form("/evidence/erasures", "reason", "Request 18")).hasRedirectedUrl("/evidence")
			.flash()
			.containsKey("problem");
	}

	@Test
	void letsNoOtherSiteHoldOrErase() {
		for (String path : List.of("verifications", "holds", "releases", "erasures")) {
			assertThat(this.mvc.perform(MockMvcRequestBuilders.post("/evidence/" + path)
				.param("task", "task-1")
				.param("reason", "x")
				.param("confirmed", "true")
				.with(SecurityMockMvcRequestPostProcessors.user("alice").roles("VIEWER", "AUDITOR")))).hasStatus(403);
		}
	}

	private static NewEntry entryOf(String task) {
		NewEntry sample = SampleEntries.of(0, 1).get(0);
		Entry entry = sample.entry();
		return new NewEntry(new Entry(0, EntryKind.UPDATE, null, null, null, entry.recordedAt(), task, null, "order",
				"taskStart", null, null, null, null, null, null, null, null, null, null, 0), sample.payload());
	}

	private long payloadsOf(String task) {
		return Objects.requireNonNull(this.jdbc.queryForObject(
				"select count(*) from payload join entry " + "using (sequence) where task_id = ? and kind = 'UPDATE'",
				Long.class, task));
	}

	private MvcTestResult form(String path, String... namesAndValues) {
		MockHttpServletRequestBuilder form = MockMvcRequestBuilders.post(path);
		for (int i = 0; i < namesAndValues.length; i += 2) {
			form.param(namesAndValues[i], namesAndValues[i + 1]);
		}
		return this.mvc.perform(request(form));
	}

	@Test
	void anchorsAndVerifiesAtIntervals() {
		long size = Objects.requireNonNull(this.jdbc.queryForObject("select max(size) from tree", Long.class));
		Awaitility.await().untilAsserted(() -> {
			VerificationStatus.Anchored anchored = this.status.anchored();
			assertThat(anchored).isNotNull();
			assertThat(anchored.size()).isGreaterThanOrEqualTo(size);
			VerificationStatus.Verified verified = this.status.verified();
			assertThat(verified).isNotNull();
			assertThat(verified.size()).isGreaterThanOrEqualTo(size);
			assertThat(verified.failure()).isNull();
		});
		assertThat(this.directory.resolve("anchors")).isNotEmptyDirectory();
		assertThat(Files.exists(this.directory.resolve("signing-key.pem"))).isTrue();
	}

	@Test
	void isForAuditorsOnly() {
		for (AbstractMockHttpServletRequestBuilder<?> builder : List.of(
				MockMvcRequestBuilders.get("/api/evidence/checkpoint"),
				MockMvcRequestBuilders.post("/api/evidence/verifications"),
				MockMvcRequestBuilders.post("/api/evidence/erasures"),
				MockMvcRequestBuilders.post("/api/evidence/holds"),
				MockMvcRequestBuilders.delete("/api/evidence/holds").param("taskId", "task-1"),
				MockMvcRequestBuilders.get("/evidence"), MockMvcRequestBuilders.post("/evidence/verifications"),
				MockMvcRequestBuilders.post("/evidence/holds").param("task", "task-1").param("reason", "x"),
				MockMvcRequestBuilders.post("/evidence/releases").param("task", "task-1").param("reason", "x"),
				MockMvcRequestBuilders.post("/evidence/erasures").param("task", "task-1").param("reason", "x"))) {
			assertThat(this.mvc.perform(builder.with(SecurityMockMvcRequestPostProcessors.user("bob").roles("VIEWER"))
				.with(SecurityMockMvcRequestPostProcessors.csrf()))).hasStatus(403);
		}
	}

	private String get(String path) {
		return new String(this.mvc
			.perform(MockMvcRequestBuilders.get(path)
				.with(SecurityMockMvcRequestPostProcessors.user("alice").roles("VIEWER", "AUDITOR")))
			.getResponse()
			.getContentAsByteArray(), StandardCharsets.UTF_8);
	}

	private MvcTestResult post(String path, String json) {
		return this.mvc.perform(request(MockMvcRequestBuilders.post(path)
			.contentType(MediaType.APPLICATION_JSON)
			.content(json.replace('\'', '"'))));
	}

	private static AbstractMockHttpServletRequestBuilder<?> request(AbstractMockHttpServletRequestBuilder<?> builder) {
		return builder.with(SecurityMockMvcRequestPostProcessors.user("alice").roles("VIEWER", "AUDITOR"))
			.with(SecurityMockMvcRequestPostProcessors.csrf());
	}

}
