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

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.stream.Collectors;

import cloud.requence.samples.auditlog.entry.Entry;
import cloud.requence.samples.auditlog.evidence.ExportLines;
import org.jspecify.annotations.Nullable;

/**
 * How entries are written into an export.
 */
enum ExportFormat {

	/**
	 * One JSON object for each entry, from which its hashes can be computed.
	 */
	JSONL("jsonl") {

		@Override
		byte[] header() {
			return new byte[0];
		}

		@Override
		byte[] row(Entry entry, byte @Nullable [] salt, byte @Nullable [] payload) {
			return ExportLines.write(entry, salt, payload);
		}

	},

	/**
	 * Comma-separated values (RFC 4180) for spreadsheets.
	 */
	CSV("csv") {

		@Override
		byte[] header() {
			return line(COLUMNS.stream().map(Column::name).toList());
		}

		@Override
		byte[] row(Entry entry, byte @Nullable [] salt, byte @Nullable [] payload) {
			List<@Nullable Object> values = COLUMNS.stream()
				.<@Nullable Object>map((column) -> column.value().apply(entry))
				.collect(Collectors.toList());
			values.set(values.size() - 1, (payload != null) ? new String(payload, StandardCharsets.UTF_8) : null);
			return line(values);
		}

	};

	private static final List<Column> COLUMNS = List.of(new Column("sequence", Entry::sequence),
			new Column("kind", (entry) -> entry.kind().name()), new Column("position", Entry::position),
			new Column("updateId", Entry::updateId), new Column("platformTime", Entry::platformTime),
			new Column("recordedAt", Entry::recordedAt), new Column("taskId", Entry::taskId),
			new Column("rootTaskId", Entry::rootTaskId), new Column("taskName", Entry::taskName),
			new Column("updateType", Entry::updateType), new Column("nodeId", Entry::nodeId),
			new Column("nodeAlias", Entry::nodeAlias), new Column("outcome", Entry::outcome),
			new Column("reason", Entry::reason), new Column("gapFromPosition", Entry::gapFromPosition),
			new Column("gapToPosition", Entry::gapToPosition), new Column("gapFromTime", Entry::gapFromTime),
			new Column("gapToTime", Entry::gapToTime), new Column("subject", Entry::subject),
			new Column("payloadHash", ExportFormat::payloadHash), new Column("payloadSize", Entry::payloadSize),
			new Column("payload", (entry) -> null));

	// What makes a spreadsheet take a text for a formula
	private static final String FORMULA = "=+-@\t\r\n";

	private final String extension;

	ExportFormat(String extension) {
		this.extension = extension;
	}

	/**
	 * Find a format by its name in addresses.
	 */
	static ExportFormat named(@Nullable String name) {
		return Arrays.stream(values())
			.filter((format) -> format.extension.equals(name))
			.findFirst()
			.orElseThrow(() -> new InvalidParameterException("format", "is not jsonl or csv"));
	}

	@Override
	public String toString() {
		return this.extension;
	}

	String fileName() {
		return "entries." + this.extension;
	}

	/**
	 * Return what precedes the first entry.
	 */
	abstract byte[] header();

	/**
	 * Return an entry.
	 */
	abstract byte[] row(Entry entry, byte @Nullable [] salt, byte @Nullable [] payload);

	private static @Nullable String payloadHash(Entry entry) {
		byte[] hash = entry.payloadHash();
		return (hash != null) ? HexFormat.of().formatHex(hash) : null;
	}

	private static byte[] line(List<?> values) {
		return values.stream()
			.map(ExportFormat::cell)
			.collect(Collectors.joining(",", "", "\r\n"))
			.getBytes(StandardCharsets.UTF_8);
	}

	private static String cell(@Nullable Object value) {
		if (value == null) {
			return "";
		}
		if (value instanceof Number || value instanceof Instant) {
			return value.toString();
		}
		String text = value.toString();
		String safe = (!text.isEmpty() && FORMULA.indexOf(text.charAt(0)) >= 0) ? "'" + text : text;
		return '"' + safe.replace("\"", "\"\"") + '"';
	}

	private record Column(String name, Function<Entry, @Nullable Object> value) {
	}

}
