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

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

import cloud.requence.samples.auditlog.search.EntrySearch;
import cloud.requence.samples.auditlog.security.Access.Action;
import cloud.requence.samples.auditlog.security.AccessLog;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.http.ContentDisposition;
import org.springframework.http.HttpHeaders;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.GetMapping;

/**
 * Sends everything that a filter matches, as it is at one moment: a ZIP of the entries
 * and a manifest. Entries are sent as the database returns them, none is kept.
 */
@Controller
class ExportController {

	private static final DateTimeFormatter NAME = DateTimeFormatter.ofPattern("uuuuMMdd-HHmmss")
		.withZone(ZoneOffset.UTC);

	private final EntrySearch search;

	private final AccessLog accesses;

	private final StatusHeader header;

	private final WebProperties properties;

	private final JsonMapper mapper;

	ExportController(EntrySearch search, AccessLog accesses, StatusHeader header, WebProperties properties,
			JsonMapper mapper) {
		this.search = search;
		this.accesses = accesses;
		this.header = header;
		this.properties = properties;
		this.mapper = mapper;
	}

	@GetMapping("/export")
	void export(HttpServletRequest request, HttpServletResponse response) throws IOException {
		LogQuery query = LogQuery.of(request.getParameterMap(), this.properties.effectiveZone(), "format");
		ExportFormat format = ExportFormat.named(request.getParameter("format"));
		String description = (query + " format=" + format).strip();
		long access = this.accesses.record(Action.EXPORT, description, null);
		Export export = new Export(query, format, request.getRemoteUser());
		boolean complete = false;
		try {
			export.write(response);
			complete = true;
		}
		finally {
			this.accesses.complete(access, complete ? Action.EXPORT_COMPLETE : Action.EXPORT_FAILED, description,
					export.count);
		}
	}

	/**
	 * One export, on the thread of its request.
	 */
	private final class Export {

		private final LogQuery query;

		private final ExportFormat format;

		private final String user;

		private final Instant time;

		private final MessageDigest digest;

		private long count;

		private @Nullable Long first;

		private @Nullable Long last;

		Export(LogQuery query, ExportFormat format, String user) {
			this.query = query;
			this.format = format;
			this.user = user;
			this.time = ExportController.this.header.now();
			try {
				this.digest = MessageDigest.getInstance("SHA-256");
			}
			catch (NoSuchAlgorithmException ex) {
				throw new IllegalStateException(ex);
			}
		}

		void write(HttpServletResponse response) throws IOException {
			response.setContentType("application/zip");
			response.setHeader(HttpHeaders.CONTENT_DISPOSITION,
					ContentDisposition.attachment()
						.filename("audit-log-" + NAME.format(this.time) + ".zip")
						.build()
						.toString());
			// Not closed after a failure, so that a part of an export is no valid file
			ZipOutputStream zip = new ZipOutputStream(response.getOutputStream(), StandardCharsets.UTF_8);
			try {
				entries(zip);
				manifest(zip);
				zip.finish();
			}
			catch (UncheckedIOException ex) {
				throw ex.getCause();
			}
		}

		private void entries(ZipOutputStream zip) throws IOException {
			zip.putNextEntry(new ZipEntry(this.format.fileName()));
			OutputStream file = new DigestOutputStream(zip, this.digest);
			file.write(this.format.header());
			ExportController.this.search.export(this.query.filter(), (entry, salt, payload) -> {
				try {
					file.write(this.format.row(entry, salt, payload));
				}
				catch (IOException ex) {
					throw new UncheckedIOException(ex);
				}
				this.first = (this.first == null) ? Long.valueOf(entry.sequence()) : this.first;
				this.last = entry.sequence();
				this.count++;
			});
			zip.closeEntry();
		}

		private void manifest(ZipOutputStream zip) throws IOException {
			Map<String, @Nullable Object> manifest = new LinkedHashMap<>();
			manifest.put("query", this.query.url("/export"));
			manifest.put("from", this.query.filter().from());
			manifest.put("to", this.query.filter().to());
			manifest.put("exportedAt", this.time);
			manifest.put("exportedBy", this.user);
			manifest.put("count", this.count);
			manifest.put("first", this.first);
			manifest.put("last", this.last);
			manifest.put("file", this.format.fileName());
			manifest.put("sha256", HexFormat.of().formatHex(this.digest.digest()));
			zip.putNextEntry(new ZipEntry("manifest.json"));
			zip.write(ExportController.this.mapper.writerWithDefaultPrettyPrinter().writeValueAsBytes(manifest));
			zip.closeEntry();
		}

	}

}
