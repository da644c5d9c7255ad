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

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;

import cloud.requence.samples.auditlog.TestDatabase;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.http.HttpStatus;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.test.web.servlet.assertj.MockMvcTester;
import org.springframework.test.web.servlet.assertj.MvcTestResult;

import static org.assertj.core.api.Assertions.assertThat;
import static org.springframework.security.test.web.servlet.request.SecurityMockMvcRequestPostProcessors.user;

/**
 * Tests for {@link ExportController}.
 */
@WebTest
class ExportControllerTests {

	@Autowired
	private MockMvcTester mvc;

	@Autowired
	private JsonMapper mapper;

	@Autowired
	private JdbcTemplate jdbc;

	@Value("${test.database}")
	private String database;

	private MvcTestResult get(String address) {
		return this.mvc.get().uri(address).with(user("anna").roles("VIEWER", "AUDITOR")).exchange();
	}

	private Map<String, byte[]> export(String address) throws IOException {
		MvcTestResult result = get(address);
		assertThat(result).hasStatusOk().headers().hasValue("Content-Type", "application/zip");
		Map<String, byte[]> files = new LinkedHashMap<>();
		try (ZipInputStream zip = new ZipInputStream(
				new ByteArrayInputStream(result.getResponse().getContentAsByteArray()))) {
			for (ZipEntry file = zip.getNextEntry(); file != null; file = zip.getNextEntry()) {
				files.put(file.getName(), zip.readAllBytes());
			}
		}
		return files;
	}

	@ParameterizedTest
	@ValueSource(strings = { "jsonl", "csv" })
	void containsWhatTheFilterMatchesAndAManifest(String format) throws Exception {
		Map<String, byte[]> files = export("/export?format=" + format + "&name=Invoice&size=2&before=5_5");
		assertThat(files).containsOnlyKeys("entries." + format, "proof.txt", "manifest.json");
		byte[] entries = files.get("entries." + format);
		assertThat(new String(entries, StandardCharsets.UTF_8).lines()).hasSize(6 + (format.equals("csv") ? 1 : 0));
		JsonNode manifest = this.mapper.readTree(files.get("manifest.json"));
		assertThat(manifest.path("count").intValue()).isEqualTo(6);
		assertThat(manifest.path("first").intValue()).isZero();
		assertThat(manifest.path("last").intValue()).isEqualTo(5);
		assertThat(manifest.path("exportedBy").stringValue()).isEqualTo("anna");
		assertThat(manifest.path("query").stringValue()).startsWith("/export?name=Invoice");
		assertThat(manifest.path("sha256").stringValue())
			.isEqualTo(HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(entries)));
	}

	@Test
	void containsEntriesAndPayloadsAsTheyAreHashed() throws Exception {
		List<String> lines = new String(export("/export?format=jsonl").get("entries.jsonl"), StandardCharsets.UTF_8)
			.lines()
			.toList();
		assertThat(lines).hasSize(12);
		JsonNode entry = this.mapper.readTree(lines.get(0));
		String payload = entry.path("payload").stringValue();
		assertThat(payload).contains("\"customer\":\"Müller & Söhne\",\"amount\":12.50}}");
		MessageDigest digest = MessageDigest.getInstance("SHA-256");
		digest.update(HexFormat.of().parseHex(entry.path("salt").stringValue()));
		assertThat(HexFormat.of().formatHex(digest.digest(payload.getBytes(StandardCharsets.UTF_8))))
			.isEqualTo(entry.path("entry").path("payloadHash").stringValue());
		// Of an erased payload the hash remains
		assertThat(lines.get(8)).contains("payloadHash").doesNotContain("salt").doesNotContain("Mustermann");
	}

	@Test
	void containsNoFormula() throws Exception {
		String csv = new String(export("/export?format=csv&outcome=aborted").get("entries.csv"),
				StandardCharsets.UTF_8);
		assertThat(csv).contains(",\"'=cmd|'/c calc'!A1\",").contains("\"{\"\"reason\"\":\"\"</pre>").endsWith("\r\n");
		assertThat(csv.lines().skip(1))
			.allSatisfy((line) -> assertThat(line).doesNotContainPattern("(^|,)\"[=+\\-@\\t]"));
	}

	@Test
	void isRecordedBeforeAndAfter() throws Exception {
		export("/export?format=csv&name=Payment");
		assertThat(this.jdbc.queryForList("select * from access_log order by id desc limit 2")).satisfiesExactly(
				(end) -> assertThat(end).containsEntry("action", "EXPORT_COMPLETE")
					.containsEntry("entries", 3L)
					.containsKey("started_by"),
				(start) -> assertThat(start).containsEntry("action", "EXPORT")
					.containsEntry("username", "anna")
					.containsEntry("query", "name=Payment format=csv")
					.containsEntry("entries", null));
	}

	@Test
	void isNoValidFileIfItFails() {
		JdbcTemplate owner = new JdbcTemplate(TestDatabase.owner(this.database));
		owner.execute("alter table payload rename to payload_away");
		try {
			assertThat(get("/export?format=csv")).hasStatus(HttpStatus.SERVICE_UNAVAILABLE)
				.hasContentTypeCompatibleWith("text/html");
		}
		finally {
			owner.execute("alter table payload_away rename to payload");
		}
		assertThat(this.jdbc.queryForObject("select action from access_log order by id desc limit 1", String.class))
			.isEqualTo("EXPORT_FAILED");
	}

	@ParameterizedTest
	@ValueSource(strings = { "/export", "/export?format=xls", "/export?format=csv&sizes=2" })
	void refusesWhatItDoesNotKnow(String address) {
		assertThat(get(address)).hasStatus(HttpStatus.BAD_REQUEST);
	}

}
