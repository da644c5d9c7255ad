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
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Objects;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

import cloud.requence.samples.auditlog.entry.Entry;
import cloud.requence.samples.auditlog.evidence.ExportEvidence;
import cloud.requence.samples.auditlog.evidence.ExportManifest;
import cloud.requence.samples.auditlog.evidence.ExportProof;
import cloud.requence.samples.auditlog.search.EntrySearch;
import cloud.requence.samples.auditlog.search.EntrySearch.ExportConsumer;
import cloud.requence.samples.auditlog.security.Access.Action;
import cloud.requence.samples.auditlog.security.AccessLog;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.jspecify.annotations.Nullable;

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

	private final ExportEvidence evidence;

	ExportController(EntrySearch search, AccessLog accesses, StatusHeader header, WebProperties properties,
			ExportEvidence evidence) {
		this.search = search;
		this.accesses = accesses;
		this.header = header;
		this.properties = properties;
		this.evidence = evidence;
	}

	@GetMapping("/export")
	void export(HttpServletRequest request, HttpServletResponse response) throws IOException, NoSuchAlgorithmException {
		LogQuery query = LogQuery.of(request.getParameterMap(), this.properties.effectiveZone(), "format");
		ExportFormat format = ExportFormat.named(request.getParameter("format"));
		String description = (query + " format=" + format).strip();
		long access = this.accesses.record(Action.EXPORT, description, null);
		long count = 0;
		boolean complete = false;
		try {
			Export export = new Export(query, format, request.getRemoteUser(), response);
			try {
				export.write();
				complete = true;
			}
			finally {
				count = export.count;
			}
		}
		finally {
			this.accesses.complete(access, complete ? Action.EXPORT_COMPLETE : Action.EXPORT_FAILED, description,
					count);
		}
	}

	/**
	 * One export, on the thread of its request.
	 */
	private final class Export implements ExportConsumer {

		private final LogQuery query;

		private final ExportFormat format;

		private final String user;

		private final Instant time;

		private final ZipOutputStream zip;

		private final DigestOutputStream file;

		private @Nullable ExportProof proof;

		private long count;

		Export(LogQuery query, ExportFormat format, String user, HttpServletResponse response)
				throws IOException, NoSuchAlgorithmException {
			this.query = query;
			this.format = format;
			this.user = user;
			this.time = ExportController.this.header.now();
			response.setContentType("application/zip");
			response.setHeader(HttpHeaders.CONTENT_DISPOSITION,
					ContentDisposition.attachment()
						.filename("audit-log-" + NAME.format(this.time) + ".zip")
						.build()
						.toString());
			// Not closed after a failure, so that a part of an export is no valid file
			this.zip = new ZipOutputStream(response.getOutputStream(), StandardCharsets.UTF_8);
			this.file = new DigestOutputStream(this.zip, MessageDigest.getInstance("SHA-256"));
		}

		void write() throws IOException {
			try {
				ExportController.this.search.export(this.query.filter(), this);
				this.zip.finish();
			}
			catch (UncheckedIOException ex) {
				throw ex.getCause();
			}
			finally {
				if (this.proof != null) {
					this.proof.close();
				}
			}
		}

		@Override
		public void begin() throws IOException {
			this.proof = ExportController.this.evidence.begin();
			this.zip.putNextEntry(new ZipEntry(this.format.fileName()));
			this.file.write(this.format.header());
		}

		@Override
		public void accept(Entry entry, byte @Nullable [] salt, byte @Nullable [] payload) throws IOException {
			Objects.requireNonNull(this.proof).add(entry.sequence());
			this.file.write(this.format.row(entry, salt, payload));
			this.count++;
		}

		@Override
		public void end() throws IOException {
			ExportProof complete = Objects.requireNonNull(this.proof);
			this.zip.closeEntry();
			this.zip.putNextEntry(new ZipEntry(ExportProof.FILE));
			complete.writeTo(this.zip);
			this.zip.closeEntry();
			this.zip.putNextEntry(new ZipEntry(ExportManifest.FILE));
			this.zip.write(
					complete
						.manifest(this.query.url("/export", "format", this.format), this.time, this.user,
								this.format.fileName(), this.file.getMessageDigest().digest())
						.toJson());
			this.zip.closeEntry();
		}

	}

}
