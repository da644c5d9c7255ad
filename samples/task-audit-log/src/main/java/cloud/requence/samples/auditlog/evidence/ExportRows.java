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
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;

import cloud.requence.samples.auditlog.entry.Entry;
import cloud.requence.samples.auditlog.entry.EntryKind;
import org.jspecify.annotations.Nullable;

/**
 * The rows of an export as comma-separated values (RFC 4180) for spreadsheets. They have
 * everything that the lines of an {@link ExportLines export in JSON} have, and are
 * verified like these: numbers and times are written without quotes, texts within quotes,
 * and a text that a spreadsheet takes for a formula, or that begins with an apostrophe,
 * has an apostrophe in front.
 */
public final class ExportRows {

	private static final HexFormat HEX = HexFormat.of();

	private static final List<String> COLUMNS = List.of("sequence", "kind", "position", "updateId", "platformTime",
			"recordedAt", "taskId", "rootTaskId", "taskName", "updateType", "nodeId", "nodeAlias", "outcome", "reason",
			"gapFromPosition", "gapToPosition", "gapFromTime", "gapToTime", "subject", "payloadHash", "payloadSize",
			"payload", "payloadHex", "salt");

	private static final String ESCAPED = "=+-@\t\r\n'";

	private ExportRows() {
	}

	/**
	 * Write the names of the columns.
	 * @return a row in UTF-8
	 */
	public static byte[] header() {
		return row(COLUMNS);
	}

	/**
	 * Write a row.
	 * @param entry the entry
	 * @param salt the salt of its payload; null if it has none or it was erased
	 * @param payload the payload; null if there is none or it was erased
	 * @return a row in UTF-8
	 */
	public static byte[] write(Entry entry, byte @Nullable [] salt, byte @Nullable [] payload) {
		String text = (payload != null) ? new String(payload, StandardCharsets.UTF_8) : null;
		boolean isText = text != null && Arrays.equals(text.getBytes(StandardCharsets.UTF_8), payload);
		return row(Arrays.<@Nullable Object>asList(entry.sequence(), entry.kind().name(), entry.position(),
				entry.updateId(), entry.platformTime(), entry.recordedAt(), entry.taskId(), entry.rootTaskId(),
				entry.taskName(), entry.updateType(), entry.nodeId(), entry.nodeAlias(), entry.outcome(),
				entry.reason(), entry.gapFromPosition(), entry.gapToPosition(), entry.gapFromTime(), entry.gapToTime(),
				entry.subject(), hex(entry.payloadHash()), entry.payloadSize(), isText ? text : null,
				isText ? null : hex(payload), hex(salt)));
	}

	private static @Nullable String hex(byte @Nullable [] bytes) {
		return (bytes != null) ? HEX.formatHex(bytes) : null;
	}

	private static byte[] row(List<? extends @Nullable Object> values) {
		StringBuilder row = new StringBuilder();
		for (Object value : values) {
			row.append(row.isEmpty() ? "" : ",");
			if (value instanceof String text) {
				boolean escaped = !text.isEmpty() && ESCAPED.indexOf(text.charAt(0)) >= 0;
				row.append(escaped ? "\"'" : "\"").append(text.replace("\"", "\"\"")).append('"');
			}
			else if (value != null) {
				row.append(value);
			}
		}
		return row.append("\r\n").toString().getBytes(StandardCharsets.UTF_8);
	}

	/**
	 * Read a row.
	 * @param row a row without its line break
	 * @return what it contains
	 * @throws IllegalArgumentException if it is no row of an export
	 */
	static ExportLines.Line read(String row) {
		Cells cells = new Cells(row);
		Long sequence = cells.number();
		String kind = cells.text();
		Long position = cells.number();
		String updateId = cells.text();
		Instant platformTime = cells.time();
		Instant recordedAt = cells.time();
		String taskId = cells.text();
		String rootTaskId = cells.text();
		String taskName = cells.text();
		String updateType = cells.text();
		String nodeId = cells.text();
		String nodeAlias = cells.text();
		String outcome = cells.text();
		String reason = cells.text();
		Long gapFromPosition = cells.number();
		Long gapToPosition = cells.number();
		Instant gapFromTime = cells.time();
		Instant gapToTime = cells.time();
		Long subject = cells.number();
		byte[] payloadHash = cells.hex();
		Long payloadSize = cells.number();
		String payload = cells.text();
		byte[] payloadHex = cells.hex();
		byte[] salt = cells.hex();
		cells.end();
		if (sequence == null || kind == null || recordedAt == null || payloadSize == null) {
			throw new IllegalArgumentException("Not an entry");
		}
		return new ExportLines.Line(
				new Entry(sequence, EntryKind.valueOf(kind), position, updateId, platformTime, recordedAt, taskId,
						rootTaskId, taskName, updateType, nodeId, nodeAlias, outcome, reason, gapFromPosition,
						gapToPosition, gapFromTime, gapToTime, subject, payloadHash, Math.toIntExact(payloadSize)),
				salt, (payload != null) ? payload.getBytes(StandardCharsets.UTF_8) : payloadHex);
	}

	/**
	 * Reads the cells of a row: those within quotes are texts, others are values.
	 */
	private static final class Cells {

		private final List<@Nullable String> texts = new ArrayList<>();

		private final List<String> values = new ArrayList<>();

		private int next;

		Cells(String row) {
			int at = 0;
			while (at <= row.length()) {
				int end = (at < row.length() && row.charAt(at) == '"') ? endOfText(row, at) : at;
				if (end > at) {
					this.texts.add(row.substring(at + 1, end - 1).replace("\"\"", "\""));
					this.values.add("");
				}
				else {
					end = (row.indexOf(',', at) >= 0) ? row.indexOf(',', at) : row.length();
					this.texts.add(null);
					this.values.add(row.substring(at, end));
				}
				if (end < row.length() && row.charAt(end) != ',') {
					throw new IllegalArgumentException("Text behind a quote");
				}
				at = end + 1;
			}
		}

		private static int endOfText(String row, int start) {
			for (int i = start + 1; i < row.length(); i++) {
				if (row.charAt(i) == '"') {
					if (i + 1 == row.length() || row.charAt(i + 1) != '"') {
						return i + 1;
					}
					i++;
				}
			}
			throw new IllegalArgumentException("A quote is missing");
		}

		private int next() {
			if (this.next == this.texts.size()) {
				throw new IllegalArgumentException("Too few cells");
			}
			return this.next++;
		}

		void end() {
			if (this.next != this.texts.size()) {
				throw new IllegalArgumentException("Too many cells");
			}
		}

		@Nullable String text() {
			String text = this.texts.get(next());
			return (text != null && text.startsWith("'")) ? text.substring(1) : text;
		}

		byte @Nullable [] hex() {
			String text = text();
			return (text != null) ? HEX.parseHex(text) : null;
		}

		@Nullable Long number() {
			String value = this.values.get(next());
			return value.isEmpty() ? null : Long.valueOf(value);
		}

		@Nullable Instant time() {
			String value = this.values.get(next());
			try {
				return value.isEmpty() ? null : Instant.parse(value);
			}
			catch (DateTimeException ex) {
				throw new IllegalArgumentException("Not a time: " + value, ex);
			}
		}

	}

}
