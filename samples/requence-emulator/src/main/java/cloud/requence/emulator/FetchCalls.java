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

package cloud.requence.emulator;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

import cloud.requence.emulator.FetchFault.Answer;
import cloud.requence.emulator.FetchFault.OddBody;
import cloud.requence.emulator.FetchFault.StallHeaders;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.io.EofException;
import org.eclipse.jetty.server.Response;

/**
 * Answers fetches of what is stored.
 */
final class FetchCalls {

	private static final String PROTOCOL = "x-requence-stream-protocol";

	private static final String FRAMED = "framed";

	private static final byte[] SPACES = new byte[FileStore.BUFFER_SIZE];

	static {
		Arrays.fill(SPACES, (byte) ' ');
	}

	private final FileStore store;

	private final FetchFaultPlan faults;

	FetchCalls(FileStore store, FetchFaultPlan faults) {
		this.store = store;
		this.faults = faults;
	}

	void fetch(Exchange exchange, String id) throws IOException, InterruptedException {
		StoredContent content = this.store.find(id);
		if (content == null) {
			exchange.answer(404, "No such file");
			return;
		}
		FetchFault fault = this.faults.next(id);
		if (fault instanceof Answer answer) {
			exchange.answer(answer.status(), answer.headers(), answer.body());
		}
		else if (fault instanceof StallHeaders) {
			exchange.connection().awaitClose();
			throw new EofException("Closed by the client");
		}
		else if (fault instanceof OddBody odd) {
			send(exchange, content, odd);
		}
	}

	private static void send(Exchange exchange, StoredContent content, OddBody odd)
			throws IOException, InterruptedException {
		if (content instanceof StoredStream stream) {
			sendStream(exchange, stream, odd);
		}
		else if (content instanceof StoredFile file) {
			if (odd == OddBody.NONE) {
				sendPlain(exchange.response(), file);
			}
			else {
				sendOdd(exchange, file, odd);
			}
		}
	}

	private static void sendPlain(Response response, StoredFile file) throws IOException {
		response.setStatus(200);
		response.getHeaders().put("Content-Type", file.mime());
		response.getHeaders().put("Content-Length", file.size());
		try (OutputStream out = Content.Sink.asOutputStream(response)) {
			Files.copy(file.path(), out);
		}
	}

	private static void sendOdd(Exchange exchange, StoredFile file, OddBody odd) throws IOException {
		Map<String, String> headers = headers(file, odd);
		if (!odd.endless()) {
			headers.put("Content-Length", Objects.requireNonNullElseGet(odd.length(), file::size).toString());
		}
		OutputStream out = open(exchange, headers, odd);
		Files.copy(file.path(), out);
		while (odd.endless()) {
			out.write(SPACES);
		}
		out.close();
		throw new EofException("The file and its connection have ended");
	}

	private static void sendStream(Exchange exchange, StoredStream stream, OddBody odd)
			throws IOException, InterruptedException {
		Map<String, String> headers = headers(stream, odd);
		boolean framed = FRAMED.equals(exchange.header(PROTOCOL)) && !odd.unframed();
		if (framed) {
			headers.put(PROTOCOL, FRAMED);
		}
		OutputStream out = open(exchange, headers, odd);
		new StreamDownload(stream, out, exchange.connection(), framed).run(odd.endless());
		throw new EofException("The stream and its connection have ended");
	}

	private static OutputStream open(Exchange exchange, Map<String, String> headers, OddBody odd) throws IOException {
		OutputStream out = RawResponse.open(exchange.connection(), headers);
		return (odd.cut() != null) ? CutOutputStream.open(out, exchange.connection(), odd.cut()) : out;
	}

	private static Map<String, String> headers(StoredContent content, OddBody odd) {
		Map<String, String> headers = new LinkedHashMap<>();
		String contentType = Objects.requireNonNullElse(odd.contentType(), content.mime());
		if (!contentType.isEmpty()) {
			headers.put("Content-Type", contentType);
		}
		return headers;
	}

}
