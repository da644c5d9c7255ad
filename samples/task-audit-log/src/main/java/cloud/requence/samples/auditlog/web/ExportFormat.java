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

import java.util.Arrays;

import cloud.requence.samples.auditlog.entry.Entry;
import cloud.requence.samples.auditlog.evidence.ExportLines;
import cloud.requence.samples.auditlog.evidence.ExportRows;
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
	 * Comma-separated values for spreadsheets, from which they can be computed too.
	 */
	CSV("csv") {

		@Override
		byte[] header() {
			return ExportRows.header();
		}

		@Override
		byte[] row(Entry entry, byte @Nullable [] salt, byte @Nullable [] payload) {
			return ExportRows.write(entry, salt, payload);
		}
	};

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

}
