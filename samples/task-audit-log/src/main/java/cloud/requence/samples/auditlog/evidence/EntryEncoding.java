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

import java.util.HexFormat;

import cloud.requence.samples.auditlog.entry.Entry;

/**
 * The bytes of an entry that its leaf hash is made of: canonical JSON (RFC 8785) in
 * UTF-8, of which all values are strings, so that nothing depends on how numbers are
 * written. Members are in the order of their names, those without a value are absent, and
 * {@code version} names this encoding. See docs/audit-evidence.md for each member.
 */
public final class EntryEncoding {

	/** The version of the encoding. */
	public static final String VERSION = "1";

	private static final HexFormat HEX = HexFormat.of();

	private EntryEncoding() {
	}

	/**
	 * Return the canonical bytes of an entry.
	 * @param entry the entry
	 * @return JSON in UTF-8
	 */
	public static byte[] encode(Entry entry) {
		byte[] payloadHash = entry.payloadHash();
		return new CanonicalJson().number("gapFromPosition", entry.gapFromPosition())
			.time("gapFromTime", entry.gapFromTime())
			.number("gapToPosition", entry.gapToPosition())
			.time("gapToTime", entry.gapToTime())
			.text("kind", entry.kind().name())
			.text("nodeAlias", entry.nodeAlias())
			.text("nodeId", entry.nodeId())
			.text("outcome", entry.outcome())
			.text("payloadHash", (payloadHash != null) ? HEX.formatHex(payloadHash) : null)
			.number("payloadSize", (long) entry.payloadSize())
			.time("platformTime", entry.platformTime())
			.number("position", entry.position())
			.text("reason", entry.reason())
			.time("recordedAt", entry.recordedAt())
			.text("rootTaskId", entry.rootTaskId())
			.number("sequence", entry.sequence())
			.number("subject", entry.subject())
			.text("taskId", entry.taskId())
			.text("taskName", entry.taskName())
			.text("updateId", entry.updateId())
			.text("updateType", entry.updateType())
			.text("version", VERSION)
			.toBytes();
	}

}
