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
package cloud.requence.samples.auditlog.recording;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.HexFormat;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;

import cloud.requence.emulator.RequenceEmulator;
import cloud.requence.samples.auditlog.TaskAuditLogApplication;
import cloud.requence.samples.auditlog.database.EraserDatabase;
import io.micrometer.core.instrument.MeterRegistry;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.jdbc.BadSqlGrammarException;
import org.springframework.jdbc.core.ConnectionCallback;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * The whole application with the embedded database and the emulator.
 */
@DirtiesContext
@ExtendWith(OutputCaptureExtension.class)
@SpringBootTest(classes = TaskAuditLogApplication.class,
		properties = { "audit.demo.port=0", "audit.demo.scenario=false",
				"audit.recording.masked-fields=iban,/input/customer/name", "audit.recording.files=store",
				"audit.recording.max-file-size=1KB" })
class RecordingTests {

	@TempDir
	private static Path directory;

	@DynamicPropertySource
	static void properties(DynamicPropertyRegistry registry) {
		registry.add("audit.database.directory", () -> directory);
	}

	@Autowired
	private RequenceEmulator emulator;

	@Autowired
	private JdbcTemplate jdbc;

	@Autowired
	private MeterRegistry meters;

	@Autowired
	private EraserDatabase eraserDatabase;

	@Test
	void recordsEachUpdateAsARow() {
		String task = this.emulator.task("invoice")
			.name("Invoice 7")
			.input(Map.of("number", 7))
			.start()
			.nodeStart("read")
			.nodeUpdate("read", Map.of("pages", 2), "document")
			.nodeError("read", "unreadable")
			.end(Map.of("booked", true), "done")
			.taskId();
		List<Map<String, Object>> rows = rows(task, 5);
		assertThat(rows).extracting((row) -> row.get("update_type"))
			.containsExactly("taskStart", "nodeStart", "nodeUpdate", "nodeError", "taskEnd");
		assertThat(rows).extracting((row) -> row.get("outcome")).containsExactly(null, null, null, "failed", "ended");
		assertThat(rows.get(3)).containsEntry("reason", null).containsEntry("node_alias", "read");
		assertThat(rows).allSatisfy((row) -> assertThat(row).containsEntry("kind", "UPDATE")
			.containsEntry("task_id", task)
			.containsEntry("task_name", "Invoice 7")
			.doesNotContainEntry("position", null)
			.doesNotContainEntry("platform_time", null)
			.doesNotContainEntry("recorded_at", null));
		await().until(() -> this.meters.get("audit.entries").tag("kind", "update").counter().count() >= 5);
		assertThat(this.meters.get("audit.append").timer().count()).isPositive();
		assertThat(rows.get(0).get("canonical")).isEqualTo("{\"input\":{\"number\":7}}");
		assertThat(rows.get(2).get("canonical").toString())
			.startsWith("{\"data\":{\"pages\":2},\"output\":\"document\"");
		assertThat(rows.get(4).get("canonical"))
			.isEqualTo("{\"result\":{\"booked\":true},\"exit\":\"done\",\"requireAck\":false}");
	}

	@Test
	void masksFieldsBeforeTheyAreStored() {
		String task = this.emulator.task("order")
			.input(Map.of("customer", Map.of("name", "Erika", "city", "Bonn"), "pay", List.of(Map.of("IBAN", "DE02"))))
			.start()
			.taskId();
		Map<String, Object> row = rows(task, 1).get(0);
		assertThat(row.get("canonical").toString()).contains("\"name\":\"***\"", "\"city\":\"Bonn\"")
			.contains("\"IBAN\":\"***\"")
			.doesNotContain("Erika", "DE02");
		assertThat(row.get("body").toString()).doesNotContain("Erika", "DE02");
	}

	@ParameterizedTest
	@ValueSource(strings = { "\"a\\u0000b\"", "\"\\ud800\"", "1e999999", "{\"\\u0000\":1}" })
	void recordsWhatJsonbCannotHold(String value) {
		Map<String, Object> row = recordRaw(value);
		assertThat(row).containsEntry("canonical", "{\"input\":" + value + "}").containsEntry("body", null);
	}

	@Test
	void recordsLongNumbersAndDeepValues() {
		String number = "1".repeat(5000);
		assertThat(recordRaw(number)).containsEntry("canonical", "{\"input\":" + number + "}")
			.containsEntry("body", null);
		String deep = "[".repeat(20_000) + "]".repeat(20_000);
		assertThat(recordRaw(deep)).containsEntry("canonical", "{\"input\":" + deep + "}").containsEntry("body", null);
	}

	@Test
	void storesFilesBesideTheirUpdates() throws Exception {
		byte[] content = "content of the scan".getBytes(StandardCharsets.UTF_8);
		String task = this.emulator.task("order")
			.input(Map.of("scan", this.emulator.files().store(content, "text/plain").reference(), "large",
					this.emulator.files().store(new byte[2000], "image/png").reference(), "iban",
					this.emulator.files().store(content, "text/plain").reference()))
			.start()
			.taskId();
		List<Map<String, Object>> rows = rows(task, 3);
		assertThat(rows).extracting((row) -> row.get("kind")).containsExactly("UPDATE", "FILE", "FILE");
		Map<String, Object> small = rows.stream()
			.filter((row) -> row.get("canonical").toString().contains("\"path\":\"/input/scan\""))
			.findFirst()
			.orElseThrow();
		assertThat(small).containsEntry("subject", rows.get(0).get("sequence"));
		assertThat(small.get("canonical").toString()).contains("\"mimeType\":\"text/plain\"",
				"\"sha256\":\"" + HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content)) + "\"",
				"\"size\":" + content.length, "\"stored\":true");
		assertThat(stored(small)).isEqualTo(content);
		Map<String, Object> large = rows.stream()
			.filter((row) -> row.get("canonical").toString().contains("/input/large"))
			.findFirst()
			.orElseThrow();
		assertThat(large.get("canonical").toString()).contains("\"size\":2000", "\"stored\":false");
		assertThat(stored(large)).isNull();
		this.eraserDatabase.jdbc().update("delete from payload where sequence = ?", rows.get(0).get("sequence"));
		assertThat(this.jdbc.queryForObject("select count(*) from file where subject = ?", Integer.class,
				rows.get(0).get("sequence")))
			.isZero();
	}

	private byte @Nullable [] stored(Map<String, Object> row) {
		return this.jdbc.queryForObject("select content from file where sequence = ?", byte[].class,
				row.get("sequence"));
	}

	@Test
	void saysWhyAFileCannotBeLoaded() {
		String task = this.emulator.task("order")
			.input(this.emulator.files()
				.store(new byte[1], "text/plain")
				.reference()
				.put("url", "http://example.com/elsewhere"))
			.start()
			.taskId();
		assertThat(rows(task, 2).get(1)).containsEntry("kind", "FILE")
			.containsEntry("reason", "NOT_LOADED: NOT_ALLOWED");
	}

	@Test
	void recordsAGapInFrontOfTheUpdateBehindIt() {
		this.emulator.appendRaw("event: taskStart\ndata: [1]\n\n");
		String task = this.emulator.task("order").start().taskId();
		Map<String, Object> row = rows(task, 1).get(0);
		Map<String, Object> gap = this.jdbc.queryForMap("select * from entry where sequence = ?",
				(long) row.get("sequence") - 1);
		assertThat(gap).containsEntry("kind", "GAP")
			.containsEntry("reason", "UNDECODABLE_EVENT")
			.containsEntry("gap_to_position", row.get("position"));
		assertThat(this.jdbc.queryForObject("select count(*) from entry where reason = 'UNDECODABLE_EVENT'",
				Integer.class))
			.isOne();
	}

	@Test
	void recordsAGapWhereThePositionsOfThePlatformBeginAnew() {
		String before = "";
		for (int i = 0; i < 200; i++) {
			before = this.emulator.task("order").start().taskId();
		}
		Map<String, Object> last = rows(before, 1).get(0);
		this.emulator.reset();
		List<String> tasks = new ArrayList<>();
		await().until(() -> {
			tasks.add(this.emulator.task("order").start().taskId());
			return this.jdbc.queryForObject("select max(sequence) from entry",
					Long.class) > (long) last.get("sequence");
		});
		String behind = this.emulator.task("order").start().taskId();
		rows(behind, 1);
		List<Map<String, Object>> rows = this.jdbc
			.queryForList("select * from entry where sequence > ? order by sequence", last.get("sequence"));
		assertThat(rows.get(0)).containsEntry("kind", "GAP")
			.containsEntry("reason", "POSITION_WENT_BACK")
			.containsEntry("gap_from_position", last.get("position"))
			.containsEntry("gap_from_time", last.get("platform_time"))
			.containsEntry("gap_to_position", rows.get(1).get("position"));
		assertThat((Long) rows.get(1).get("position")).isLessThan((Long) last.get("position"));
		// None of those that came then is taken for a repeat
		tasks.add(behind);
		List<Object> recorded = rows.stream().skip(1).map((row) -> row.get("task_id")).toList();
		assertThat(recorded).isEqualTo(tasks.subList(tasks.indexOf(recorded.get(0)), tasks.size()));
	}

	@Test
	void recordsAGapForAPositionThatIsTakenTwice() {
		rows(this.emulator.task("order").start().taskId(), 1);
		long position = this.emulator.lastPosition();
		String task = UUID.randomUUID().toString();
		this.emulator.appendRaw("id: %d\nevent: taskStart\ndata: {\"taskId\":\"%s\",\"updateId\":\"%s\"}\n\n"
			.formatted(position, task, UUID.randomUUID()));
		Map<String, Object> row = rows(task, 1).get(0);
		assertThat(this.jdbc.queryForMap("select * from entry where sequence = ?", (long) row.get("sequence") - 1))
			.containsEntry("reason", "POSITION_WENT_BACK")
			.containsEntry("gap_from_position", position)
			.containsEntry("gap_to_position", position);
	}

	@Test
	void keepsNamesThatAColumnCannotHoldInThePayload() {
		String name = "a\\u0000" + "b".repeat(500);
		String task = "long-name";
		append("{\"taskId\":\"%s\",\"name\":\"%s\"}".formatted(task, name));
		Map<String, Object> row = rows(task, 1).get(0);
		assertThat(row.get("task_name").toString()).startsWith("a\ufffdbbb").hasSize(400);
		assertThat(row).containsEntry("canonical", "{\"original\":{\"name\":\"" + name + "\"}}");
	}

	private Map<String, Object> recordRaw(String input) {
		String task = "raw-" + Integer.toHexString(input.hashCode());
		append("{\"taskId\":\"%s\",\"input\":%s}".formatted(task, input));
		return rows(task, 1).get(0);
	}

	private void append(String data) {
		this.emulator
			.appendRaw("id: %d\nevent: taskStart\ndata: %s\n\n".formatted(this.emulator.lastPosition() + 1, data));
	}

	@Test
	void saysWhichUpdateTheDatabaseDoesNotTake(CapturedOutput output) {
		JdbcTemplate owner = owner();
		owner.execute("alter table payload add constraint refused check (body::text not like '%personal-4711%')");
		try {
			String refused = this.emulator.task("order").name("refused").input("personal-4711").start().taskId();
			String taken = this.emulator.task("order").name("taken").start().taskId();
			assertThat(rows(taken, 1).get(0)).containsEntry("kind", "UPDATE");
			assertThat(rows(refused, 1)).singleElement()
				.satisfies((row) -> assertThat(row).containsEntry("kind", "GAP").containsEntry("payload_size", 0))
				.satisfies((row) -> assertThat(row.get("reason").toString()).startsWith("NOT_RECORDED: ")
					.contains("refused"))
				.satisfies((row) -> assertThat(row.get("gap_from_position")).isEqualTo(row.get("position")));
			assertThat(output).contains("SQL state 23514, constraint 'refused'").doesNotContain("personal-4711");
		}
		finally {
			owner.execute("alter table payload drop constraint refused");
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "entry", "payload", "tree", "tile" })
	void mayNotChangeTheLog(String table) {
		for (String statement : List.of("update %s set %s = %s", "delete from %1$s", "truncate %1$s",
				"alter table %1$s add column other text", "drop table %1$s")) {
			String column = table.equals("tile") ? "level" : table.equals("tree") ? "size" : "sequence";
			assertThatExceptionOfType(BadSqlGrammarException.class)
				.isThrownBy(() -> this.jdbc.execute(statement.formatted(table, column, column)))
				.havingCause()
				.withMessageMatching("ERROR: (permission denied for|must be owner of) table " + table + ".*");
		}
	}

	@Test
	void erasesAsAnotherUserThatMayNotChangeEntries() {
		String task = this.emulator.task("order").input("personal").start().taskId();
		long sequence = (long) rows(task, 1).get(0).get("sequence");
		JdbcTemplate eraser = this.eraserDatabase.jdbc();
		assertThatExceptionOfType(BadSqlGrammarException.class)
			.isThrownBy(() -> eraser.update("delete from entry where sequence = ?", sequence));
		assertThatExceptionOfType(BadSqlGrammarException.class)
			.isThrownBy(() -> eraser.update("update payload set salt = salt where sequence = ?", sequence));
		assertThat(eraser.update("delete from payload where sequence = ?", sequence)).isEqualTo(1);
	}

	private JdbcTemplate owner() {
		String url = Objects.requireNonNull(
				this.jdbc.execute((ConnectionCallback<String>) (connection) -> connection.getMetaData().getURL()));
		return new JdbcTemplate(new DriverManagerDataSource(url, "postgres", ""));
	}

	private List<Map<String, Object>> rows(String task, int count) {
		return await().atMost(Duration.ofSeconds(30))
			.until(() -> this.jdbc.queryForList("""
					select entry.*, convert_from(canonical, 'UTF8') as canonical, body
					from entry left join payload using (sequence) where task_id = ? order by sequence""", task),
					(rows) -> rows.size() >= count);
	}

}
