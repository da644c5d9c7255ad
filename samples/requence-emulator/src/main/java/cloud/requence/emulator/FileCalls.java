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
import java.io.InputStream;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import org.eclipse.jetty.io.EofException;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * The calls of the file service. None needs a token: who knows an address may use it.
 */
final class FileCalls {

	/** What all its paths start with, behind the base path. */
	static final String PATH = "/files/";

	private final FileStore store;

	private final FetchCalls fetching;

	private final FaultPlan faults;

	private final JsonMapper mapper;

	private final long maxFileSize;

	private final Set<OpenConnection> open = ConcurrentHashMap.newKeySet();

	FileCalls(FileStore store, FaultPlan faults, JsonMapper mapper, long maxFileSize) {
		this.store = store;
		this.fetching = new FetchCalls(store, faults.fetches());
		this.faults = faults;
		this.mapper = mapper;
		this.maxFileSize = maxFileSize;
	}

	void abortAll() {
		this.open.forEach((connection) -> connection.abort(false));
	}

	String uploadUrl(Exchange exchange) {
		return url(exchange, uploadPath());
	}

	String streamUrl(Exchange exchange) {
		return url(exchange, streamPath());
	}

	void handle(Exchange exchange) throws IOException, InterruptedException {
		OpenConnection connection = exchange.connection()::close;
		this.open.add(connection);
		try {
			handle(exchange, exchange.path().substring(ApiHandler.BASE_PATH.length() + PATH.length()));
		}
		finally {
			this.open.remove(connection);
		}
	}

	private void handle(Exchange exchange, String path) throws IOException, InterruptedException {
		switch (exchange.method()) {
			case "GET" -> this.fetching.fetch(exchange, path);
			case "POST" -> receive(exchange, path);
			default -> exchange.answer(405, "No such method");
		}
	}

	private void receive(Exchange exchange, String path) throws IOException {
		Integer failure = this.faults.nextUploadFailure();
		if (failure != null) {
			exchange.refuse(failure, "Failed on purpose");
		}
		else if (!isValidLimit(exchange.header("file-size"))) {
			exchange.refuse(400, "file-size must be a positive integer");
		}
		else if (path.equals(uploadPath())) {
			upload(exchange);
		}
		else if (path.equals(streamPath())) {
			register(exchange);
		}
		else if (this.store.find(path) instanceof StoredStream stream) {
			write(exchange, stream);
		}
		else {
			exchange.refuse(404, "No such stream");
		}
	}

	private void upload(Exchange exchange) throws IOException {
		long limit = limit(exchange);
		StoredFile file = (exchange.length() > limit) ? null
				: this.store.upload(exchange.content(), mime(exchange), limit);
		if (file == null) {
			exchange.refuse(413, tooLarge(limit));
		}
		else {
			answer(exchange, describe(exchange, file).put("size", file.size()));
		}
	}

	private void register(Exchange exchange) throws IOException {
		answer(exchange, describe(exchange, this.store.openForUpload(mime(exchange), limit(exchange))));
	}

	private void write(Exchange exchange, StoredStream stream) throws IOException {
		if (!stream.take()) {
			exchange.refuse(409, "The stream has a writer already");
			return;
		}
		try {
			if (copy(exchange.content(), stream)) {
				stream.end();
				exchange.answer(204, "");
				return;
			}
		}
		catch (IOException ex) {
			stream.truncate("The writer broke off");
			throw ex;
		}
		stream.truncate(tooLarge(stream.limit()));
		exchange.refuse(413, tooLarge(stream.limit()));
	}

	/**
	 * Copy until the end, or until the stream's limit is exceeded.
	 * @return whether this was the end
	 */
	private boolean copy(InputStream content, StoredStream stream) throws IOException {
		byte[] buffer = new byte[FileStore.BUFFER_SIZE];
		long left = stream.limit();
		int count = content.read(buffer);
		while (count >= 0) {
			left -= count;
			if (left < 0) {
				return false;
			}
			if (!stream.write(buffer, count)) {
				throw new EofException("The stream was forgotten meanwhile");
			}
			this.store.written(stream, count);
			count = content.read(buffer);
		}
		return true;
	}

	private void answer(Exchange exchange, ObjectNode json) throws IOException {
		exchange.answerJson(this.mapper.writeValueAsString(json));
	}

	private ObjectNode describe(Exchange exchange, StoredContent content) {
		return this.mapper.createObjectNode().put("url", url(exchange, content.id())).put("mime", content.mime());
	}

	private static boolean isValidLimit(@Nullable String limit) {
		return limit == null || limit.matches("[1-9][0-9]{0,17}");
	}

	/**
	 * Return how many bytes may be sent: ours, or fewer when the client says so.
	 */
	private long limit(Exchange exchange) {
		String limit = exchange.header("file-size");
		return (limit != null) ? Math.min(Long.parseLong(limit), this.maxFileSize) : this.maxFileSize;
	}

	private static String mime(Exchange exchange) {
		return Objects.requireNonNullElse(exchange.header("Content-Type"), "application/octet-stream");
	}

	private static String tooLarge(long limit) {
		return "Larger than the limit of " + limit + " bytes";
	}

	private String uploadPath() {
		return this.store.key() + "/upload";
	}

	private String streamPath() {
		return this.store.key() + "/stream";
	}

	private static String url(Exchange exchange, String path) {
		return exchange.origin() + ApiHandler.BASE_PATH + PATH + path;
	}

}
