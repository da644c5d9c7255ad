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
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;

import org.eclipse.jetty.http.HttpURI;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.io.EofException;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Blocker;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * One request and its answer.
 *
 * @param request the request
 * @param response the response
 * @param connection the connection below
 * @param body the request's body, empty when it is {@linkplain #content() read} later
 */
record Exchange(Request request, Response response, ClientConnection connection, String body) {

	private static final Duration DRAIN_TIMEOUT = Duration.ofSeconds(5);

	private static final long MAX_DRAINED = 64L * 1024 * 1024;

	Exchange(Request request, Response response, String body) {
		this(request, response, new ClientConnection(request), body);
	}

	String method() {
		return this.request.getMethod();
	}

	String path() {
		return Request.getPathInContext(this.request);
	}

	/**
	 * Return the path as the client has encoded it.
	 */
	String rawPath() {
		return Objects.requireNonNullElse(this.request.getHttpURI().getPath(), "");
	}

	/**
	 * Return scheme and authority as the client knows them, which may be others than ours
	 * when it comes through a mapped port.
	 */
	String origin() {
		HttpURI uri = this.request.getHttpURI();
		return uri.getScheme() + "://" + uri.getAuthority();
	}

	@Nullable String header(String name) {
		return this.request.getHeaders().get(name);
	}

	/**
	 * Return how long the body will be, -1 when the client does not say so.
	 */
	long length() {
		return this.request.getLength();
	}

	/**
	 * Return the body of a request that was not read yet.
	 */
	InputStream content() {
		return Content.Source.asInputStream(this.request);
	}

	/**
	 * Return the body as JSON, or a missing node when it is none.
	 */
	JsonNode json(JsonMapper mapper) {
		try {
			return mapper.readTree(this.body);
		}
		catch (JacksonException ex) {
			return mapper.missingNode();
		}
	}

	void answerJson(String json) throws IOException {
		answer(200, Map.of("Content-Type", "application/json"), json);
	}

	void answer(int status, String body) throws IOException {
		answer(status, Map.of("Content-Type", "text/plain;charset=utf-8"), body);
	}

	void answer(int status, Map<String, String> headers, String body) throws IOException {
		answer(status, headers, body.getBytes(StandardCharsets.UTF_8));
	}

	void answer(int status, Map<String, String> headers, byte[] body) throws IOException {
		this.response.setStatus(status);
		headers.forEach((name, value) -> this.response.getHeaders().put(name, value));
		try (Blocker.Callback written = Blocker.callback()) {
			this.response.write(true, ByteBuffer.wrap(body), written);
			written.block();
		}
	}

	/**
	 * Answer without having read the body. What the client is still sending is read on
	 * for a while, as it would not see the answer if the connection ended before.
	 */
	void refuse(int status, String reason) throws IOException {
		answer(status, reason);
		this.connection.idleTimeout(DRAIN_TIMEOUT);
		long start = System.nanoTime();
		InputStream rest = content();
		byte[] buffer = new byte[FileStore.BUFFER_SIZE];
		long drained = 0;
		while (drained < MAX_DRAINED && System.nanoTime() - start < DRAIN_TIMEOUT.toNanos()) {
			int count = rest.read(buffer);
			if (count < 0) {
				return;
			}
			drained += count;
		}
		throw new EofException("The client sends more than is read of a refused request");
	}

	/**
	 * Closes the connection without an answer.
	 */
	void drop() throws IOException {
		this.connection.close(false);
		throw new EofException("Closed on purpose");
	}

}
