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
import java.time.Instant;
import java.util.HexFormat;

import cloud.requence.samples.auditlog.entry.Entry;
import cloud.requence.samples.auditlog.entry.EntryKind;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * The canonical bytes of entries, which may never change.
 */
class EntryEncodingTests {

	private final JsonMapper mapper = JsonMapper.builder().build();

	@Test
	void writesEachMemberInTheOrderOfTheNames() {
		Entry entry = new Entry(7, EntryKind.UPDATE, 9007199254740993L, "update-1",
				Instant.parse("2026-11-28T12:00:00.123456789Z"), Instant.parse("2026-11-28T12:00:01Z"), "task-1",
				"root-1", "invoice", "TASK_END", "node-1", "ocr", "ended", "none", 3L, 5L,
				Instant.parse("0999-01-02T03:04:05Z"), Instant.parse("9999-12-31T23:59:59.999999Z"), 2L,
				HexFormat.of().parseHex("00ff".repeat(16)), 12);
		assertThat(EntryEncoding.encode(entry)).asString(StandardCharsets.UTF_8)
			.isEqualTo("{\"gapFromPosition\":\"3\",\"gapFromTime\":\"0999-01-02T03:04:05.000000Z\","
					+ "\"gapToPosition\":\"5\",\"gapToTime\":\"9999-12-31T23:59:59.999999Z\",\"kind\":\"UPDATE\","
					+ "\"nodeAlias\":\"ocr\",\"nodeId\":\"node-1\",\"outcome\":\"ended\",\"payloadHash\":\""
					+ "00ff".repeat(16) + "\",\"payloadSize\":\"12\",\"platformTime\":\"2026-11-28T12:00:00.123456Z\","
					+ "\"position\":\"9007199254740993\",\"reason\":\"none\","
					+ "\"recordedAt\":\"2026-11-28T12:00:01.000000Z\",\"rootTaskId\":\"root-1\",\"sequence\":\"7\","
					+ "\"subject\":\"2\",\"taskId\":\"task-1\",\"taskName\":\"invoice\",\"updateId\":\"update-1\","
					+ "\"updateType\":\"TASK_END\",\"version\":\"1\"}");
	}

	@Test
	void leavesOutWhatHasNoValue() {
		assertThat(encode(null)).isEqualTo("{\"kind\":\"GAP\",\"payloadSize\":\"0\","
				+ "\"recordedAt\":\"2026-11-28T12:00:01.000000Z\",\"sequence\":\"0\",\"version\":\"1\"}");
	}

	@Test
	void escapesAsCanonicalJsonDoes() {
		assertThat(encode("\"\\/\b\f\n\r\t\u0001\u001f\u007f\u00e9\u20ac\ud83d\ude00")).contains("\"reason\":\""
				+ "\\\"\\\\/\\b\\f\\n\\r\\t\\u0001\\u001f\u007f\u00e9\u20ac\ud83d\ude00\",\"recordedAt\"");
	}

	@Test
	void replacesWhatNeitherUtf8NorPostgresqlHolds() {
		assertThat(entry("a\u0000b\ud83dc\ude00").reason()).isEqualTo("a\ufffdb\ufffdc\ufffd");
		assertThat(entry("x".repeat(999) + "\ud83d\ude00").reason()).isEqualTo("x".repeat(999));
		assertThat(entry("x".repeat(998) + "\ud83d\ude00y").reason()).isEqualTo("x".repeat(998) + "\ud83d\ude00");
	}

	@Test
	void rejectsATimeOfRecordingThatNoDatabaseHolds() {
		assertThatIllegalArgumentException().isThrownBy(() -> new Entry(0, EntryKind.GAP, null, null, null, Instant.MAX,
				null, null, null, null, null, null, null, null, null, null, null, null, null, null, 0));
	}

	@Property
	void isJsonWhateverTheText(@ForAll String text) {
		Entry entry = entry(text);
		JsonNode json = this.mapper.readTree(EntryEncoding.encode(entry));
		assertThat(json.get("reason").stringValue()).isEqualTo(entry.reason());
	}

	@Property
	void differsIfATextDiffers(@ForAll String first, @ForAll String second) {
		Entry one = entry(first);
		Entry other = entry(second);
		assertThat(new String(EntryEncoding.encode(one), StandardCharsets.UTF_8)
			.equals(new String(EntryEncoding.encode(other), StandardCharsets.UTF_8)))
			.isEqualTo(String.valueOf(one.reason()).equals(other.reason()));
	}

	private static String encode(@Nullable String reason) {
		return new String(EntryEncoding.encode(entry(reason)), StandardCharsets.UTF_8);
	}

	private static Entry entry(@Nullable String reason) {
		return new Entry(0, EntryKind.GAP, null, null, null, Instant.parse("2026-11-28T12:00:01Z"), null, null, null,
				null, null, null, null, reason, null, null, null, null, null, null, 0);
	}

}
