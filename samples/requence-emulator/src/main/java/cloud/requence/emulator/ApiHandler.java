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
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.EofException;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/**
 * Records and authorizes requests and finds the call that answers them. Requests for the
 * health are answered and leave no trace. Answers are written on the thread of their
 * request.
 */
final class ApiHandler extends Handler.Abstract {

	static final String BASE_PATH = "/api";

	private static final String HEALTH_PATH = "/health";

	private static final String TASK_PATH = BASE_PATH + "/task/";

	private static final String FILES_PATH = BASE_PATH + FileCalls.PATH;

	private static final int MAX_RECORDED_CHARS = 64 * 1024;

	private final Recordings recordings;

	private final TaskCalls tasks;

	private final WatchCalls watching;

	private final FileCalls files;

	private final PublicAddress address;

	private final EmulatorLimits limits;

	private volatile @Nullable SlowHeaders slowHeaders;

	private volatile String secret;

	ApiHandler(Recordings recordings, TaskCalls tasks, WatchCalls watching, FileCalls files, PublicAddress address,
			EmulatorLimits limits, String secret) {
		this.recordings = recordings;
		this.tasks = tasks;
		this.watching = watching;
		this.files = files;
		this.address = address;
		this.limits = limits;
		this.secret = secret;
	}

	void rotateSecret(String secret) {
		this.secret = secret;
	}

	String secret() {
		return this.secret;
	}

	/**
	 * Report the progress of requests.
	 */
	void reportTo(SlowHeaders slowHeaders) {
		this.slowHeaders = slowHeaders;
	}

	@Override
	public boolean handle(Request request, Response response, Callback callback) {
		EndPoint endPoint = request.getConnectionMetaData().getConnection().getEndPoint();
		SlowHeaders slow = this.slowHeaders;
		if (slow != null) {
			slow.received(endPoint);
		}
		// Streams may be silent for as long as they like
		endPoint.setIdleTimeout(0);
		Throwable failure = answer(request, response);
		endPoint.setIdleTimeout(this.limits.requestTimeout().toMillis());
		if (slow != null) {
			slow.answered(endPoint);
		}
		// Not before: the next request of the connection may follow at once
		if (failure == null) {
			callback.succeeded();
		}
		else {
			callback.failed(failure);
		}
		return true;
	}

	/**
	 * Answer a request.
	 * @return why it was not answered, {@code null} if it was
	 */
	private @Nullable Throwable answer(Request request, Response response) {
		try {
			String path = Request.getPathInContext(request);
			if (path.startsWith(FILES_PATH)) {
				handleFile(request, response);
			}
			else if (path.equals(HEALTH_PATH)) {
				new Exchange(request, response, "").answer(200, "UP");
			}
			else {
				handleTask(request, response);
			}
			return null;
		}
		catch (IOException ex) {
			// The connection is gone, which is nothing to be logged.
			return new EofException(ex);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			return ex;
		}
		catch (RuntimeException ex) {
			return ex;
		}
	}

	/**
	 * Leave the body where it is: it may be large, or long in coming.
	 */
	private void handleFile(Request request, Response response) throws IOException, InterruptedException {
		this.recordings.add(record(request, ""));
		this.files.handle(new Exchange(request, response, ""));
	}

	private void handleTask(Request request, Response response) throws IOException, InterruptedException {
		Exchange unread = new Exchange(request, response, "");
		if (!unread.rawPath().startsWith(TASK_PATH)) {
			refuse(unread, 404, "No such path");
			return;
		}
		if (!isAuthorized(request)) {
			refuse(unread, 401, "Invalid access token");
			return;
		}
		RequestBody body = RequestBody.read(unread, this.limits);
		if (body.failure() != 0) {
			refuse(unread, body.failure(), body.text());
			return;
		}
		this.recordings.add(record(request, body.text()));
		handle(new Exchange(request, response, unread.connection(), body.text()));
	}

	private void refuse(Exchange unread, int status, String reason) throws IOException {
		this.recordings.add(record(unread.request(), ""));
		unread.refuse(status, reason);
	}

	private void handle(Exchange exchange) throws IOException, InterruptedException {
		this.address.is(URI.create(exchange.origin() + BASE_PATH));
		String path = exchange.rawPath().substring(TASK_PATH.length());
		int end = path.indexOf('/');
		String subject = decode(path.substring(end + 1));
		if (subject == null) {
			exchange.answer(400, "The path is not encoded correctly");
		}
		else if (end < 0) {
			handle(exchange, subject);
		}
		else {
			handle(exchange, path.substring(0, end), subject);
		}
	}

	private static @Nullable String decode(String text) {
		try {
			return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
		}
		catch (IllegalArgumentException ex) {
			return null;
		}
	}

	private void handle(Exchange exchange, String segment) throws IOException, InterruptedException {
		switch (exchange.method()) {
			case "GET" -> this.tasks.get(exchange, segment);
			case "POST" -> {
				if (segment.equals("watch-all")) {
					this.watching.watchAll(exchange);
				}
				else {
					exchange.answer(404, "No such call");
				}
			}
			default -> exchange.answer(405, "No such method");
		}
	}

	private void handle(Exchange exchange, String call, String subject) throws IOException, InterruptedException {
		if (exchange.method().equals("GET") && call.equals("types")) {
			this.tasks.types(exchange, subject);
			return;
		}
		if (!exchange.method().equals("POST")) {
			exchange.answer(405, "No such method");
			return;
		}
		switch (call) {
			case "prepare" -> this.tasks.prepare(exchange, subject);
			case "finalize" -> this.tasks.complete(exchange, subject);
			case "watch" -> this.watching.watch(exchange, subject);
			case "abort" -> this.tasks.abort(exchange, subject);
			case "protect" -> this.tasks.protect(exchange, subject);
			case "ack" -> this.tasks.acknowledge(exchange, subject);
			default -> exchange.answer(404, "No such call");
		}
	}

	private boolean isAuthorized(Request request) {
		return ("Bearer " + this.secret).equals(request.getHeaders().get(HttpHeader.AUTHORIZATION));
	}

	private static RecordedRequest record(Request request, String body) {
		Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
		for (HttpField field : request.getHeaders()) {
			headers.merge(field.getName(), Objects.requireNonNullElse(field.getValue(), ""),
					(first, second) -> first + ", " + second);
		}
		return new RecordedRequest(Instant.now(), request.getMethod(), Request.getPathInContext(request), headers,
				body.substring(0, Math.min(body.length(), MAX_RECORDED_CHARS)));
	}

}
