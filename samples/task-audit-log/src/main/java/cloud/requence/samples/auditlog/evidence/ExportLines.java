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
import java.util.Arrays;
import java.util.HexFormat;

import cloud.requence.samples.auditlog.entry.Entry;
import cloud.requence.samples.auditlog.entry.EntryKind;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The lines of an export. {@code entry} has exactly the bytes that its leaf hash is made
 * of, {@code salt} is in hexadecimal, and {@code payload} is a string: its content in
 * UTF-8 are the bytes that the payload hash is made of, whatever reads the JSON.
 */
public final class ExportLines {

	private static final HexFormat HEX = HexFormat.of();

	private static final JsonMapper MAPPER = JsonMapper.builder().build();

	private ExportLines() {
	}

	/**
	 * Write a line.
	 * @param entry the entry
	 * @param salt the salt of its payload; null if it has none or it was erased
	 * @param payload the payload; null if there is none or it was erased
	 * @return JSON in UTF-8 with a line break at its end
	 */
	public static byte[] write(Entry entry, byte @Nullable [] salt, byte @Nullable [] payload) {
		StringBuilder line = new StringBuilder("{\"entry\":")
			.append(new String(EntryEncoding.encode(entry), StandardCharsets.UTF_8));
		if (salt != null && payload != null) {
			String text = new String(payload, StandardCharsets.UTF_8);
			boolean isText = Arrays.equals(text.getBytes(StandardCharsets.UTF_8), payload);
			line.append(",\"salt\":\"").append(HEX.formatHex(salt)).append('"');
			line.append(isText ? ",\"payload\":" : ",\"payloadHex\":");
			line.append(MAPPER.writeValueAsString(isText ? text : HEX.formatHex(payload)));
		}
		return line.append("}\n").toString().getBytes(StandardCharsets.UTF_8);
	}

	/**
	 * Read a line.
	 * @param line a line without its line break
	 * @return what it contains
	 * @throws IllegalArgumentException if it is no line of an export
	 */
	static Line read(String line) {
		try {
			JsonNode json = MAPPER.readTree(line);
			JsonNode members = json.path("entry");
			String version = text(members, "version");
			if (!EntryEncoding.VERSION.equals(version)) {
				throw new IllegalArgumentException("Entries of version " + version + " are not known");
			}
			String salt = text(json, "salt");
			String payload = text(json, "payload");
			String hex = text(json, "payloadHex");
			byte[] bytes = (payload != null) ? payload.getBytes(StandardCharsets.UTF_8)
					: (hex != null) ? HEX.parseHex(hex) : null;
			return new Line(entry(members), (salt != null) ? HEX.parseHex(salt) : null, bytes);
		}
		catch (JacksonException ex) {
			throw new IllegalArgumentException("Not JSON", ex);
		}
	}

	private static Entry entry(JsonNode json) {
		Long sequence = number(json, "sequence");
		Instant recordedAt = time(json, "recordedAt");
		Long payloadSize = number(json, "payloadSize");
		String kind = text(json, "kind");
		if (sequence == null || recordedAt == null || payloadSize == null || kind == null) {
			throw new IllegalArgumentException("Not an entry");
		}
		String hash = text(json, "payloadHash");
		return new Entry(sequence, EntryKind.valueOf(kind), number(json, "position"), text(json, "updateId"),
				time(json, "platformTime"), recordedAt, text(json, "taskId"), text(json, "rootTaskId"),
				text(json, "taskName"), text(json, "updateType"), text(json, "nodeId"), text(json, "nodeAlias"),
				text(json, "outcome"), text(json, "reason"), number(json, "gapFromPosition"),
				number(json, "gapToPosition"), time(json, "gapFromTime"), time(json, "gapToTime"),
				number(json, "subject"), (hash != null) ? HEX.parseHex(hash) : null, Math.toIntExact(payloadSize));
	}

	private static @Nullable String text(JsonNode json, String name) {
		JsonNode member = json.path(name);
		return member.isString() ? member.stringValue() : null;
	}

	private static @Nullable Long number(JsonNode json, String name) {
		String text = text(json, name);
		return (text != null) ? Long.valueOf(text) : null;
	}

	private static @Nullable Instant time(JsonNode json, String name) {
		String text = text(json, name);
		try {
			return (text != null) ? Instant.parse(text) : null;
		}
		catch (DateTimeException ex) {
			throw new IllegalArgumentException("Not a time: " + text, ex);
		}
	}

	/**
	 * What a line contains.
	 *
	 * @param entry the entry
	 * @param salt the salt of the payload
	 * @param payload the payload
	 */
	record Line(Entry entry, byte @Nullable [] salt, byte @Nullable [] payload) {
	}

}
