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
import java.util.LinkedHashMap;
import java.util.Map;

import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.io.EofException;
import org.eclipse.jetty.server.Response;

/**
 * Answers fetches of what is stored.
 */
final class FetchCalls {

	private static final String PROTOCOL = "x-requence-stream-protocol";

	private static final String FRAMED = "framed";

	private final FileStore store;

	FetchCalls(FileStore store) {
		this.store = store;
	}

	void fetch(Exchange exchange, String id) throws IOException, InterruptedException {
		StoredContent content = this.store.find(id);
		if (content instanceof StoredStream stream) {
			send(exchange, stream);
		}
		else if (content instanceof StoredFile file) {
			send(exchange.response(), file);
		}
		else {
			exchange.answer(404, "No such file");
		}
	}

	private static void send(Response response, StoredFile file) throws IOException {
		response.setStatus(200);
		response.getHeaders().put("Content-Type", file.mime());
		response.getHeaders().put("Content-Length", file.size());
		try (OutputStream out = Content.Sink.asOutputStream(response)) {
			Files.copy(file.path(), out);
		}
	}

	private static void send(Exchange exchange, StoredStream stream) throws IOException, InterruptedException {
		Map<String, String> headers = new LinkedHashMap<>();
		headers.put("Content-Type", stream.mime());
		boolean framed = FRAMED.equals(exchange.header(PROTOCOL));
		if (framed) {
			headers.put(PROTOCOL, FRAMED);
		}
		RawResponse out = RawResponse.open(exchange.connection(), headers);
		new StreamDownload(stream, out, exchange.connection(), framed).run();
		throw new EofException("The stream and its connection have ended");
	}

}
