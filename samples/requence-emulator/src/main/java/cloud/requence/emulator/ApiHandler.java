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
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

import cloud.requence.emulator.ConnectionFault.Answer;
import cloud.requence.emulator.ConnectionFault.OddStream;
import cloud.requence.emulator.ConnectionFault.Refuse;
import cloud.requence.emulator.ConnectionFault.StallHeaders;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.io.EofException;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/**
 * Answers the calls of the task API. Streams are written on the thread of their request.
 */
final class ApiHandler extends Handler.Abstract {

	static final String BASE_PATH = "/api";

	private static final String TASK_PATH = BASE_PATH + "/task/";

	private final Platform platform;

	private final Recordings recordings;

	private final FaultPlan faults;

	private final LongAdder writtenUpdates = new LongAdder();

	private final Set<OpenConnection> open = ConcurrentHashMap.newKeySet();

	private volatile String secret;

	ApiHandler(Platform platform, Recordings recordings, FaultPlan faults, String secret) {
		this.platform = platform;
		this.recordings = recordings;
		this.faults = faults;
		this.secret = secret;
	}

	void rotateSecret(String secret) {
		this.secret = secret;
	}

	String secret() {
		return this.secret;
	}

	int openStreams() {
		return this.open.size();
	}

	LongAdder writtenUpdates() {
		return this.writtenUpdates;
	}

	void abortAll(boolean reset) {
		this.open.forEach((connection) -> connection.abort(reset));
	}

	@Override
	public boolean handle(Request request, Response response, Callback callback) {
		try {
			String body = Content.Source.asString(request, StandardCharsets.UTF_8);
			this.recordings.add(record(request, body));
			handle(new Exchange(request, response), body);
			callback.succeeded();
		}
		catch (IOException ex) {
			callback.failed(ex);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			callback.failed(ex);
		}
		return true;
	}

	private void handle(Exchange exchange, String body) throws IOException, InterruptedException {
		String path = Request.getPathInContext(exchange.request());
		if (!path.startsWith(TASK_PATH)) {
			exchange.answer(404, "No such path");
			return;
		}
		if (!isAuthorized(exchange.request())) {
			exchange.answer(401, "Invalid access token");
			return;
		}
		String[] call = path.substring(TASK_PATH.length()).split("/", 2);
		String taskId = (call.length > 1) ? call[1] : "";
		switch (exchange.request().getMethod() + " " + call[0]) {
			case "POST watch-all" -> watchAll(exchange, body);
			case "POST ack" -> acknowledge(exchange, taskId);
			default -> exchange.answer(404, "No such call");
		}
	}

	private boolean isAuthorized(Request request) {
		return ("Bearer " + this.secret).equals(request.getHeaders().get(HttpHeader.AUTHORIZATION));
	}

	private static RecordedRequest record(Request request, String body) {
		Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
		for (HttpField field : request.getHeaders()) {
			headers.merge(field.getName(), Objects.requireNonNullElse(field.getValue(), ""), (a, b) -> a + ", " + b);
		}
		return new RecordedRequest(Instant.now(), request.getMethod(), Request.getPathInContext(request), headers,
				body);
	}

	private void watchAll(Exchange exchange, String body) throws IOException, InterruptedException {
		ConnectionFault fault = this.faults.nextConnection();
		if (fault instanceof Answer answer) {
			exchange.answer(answer.status(), answer.headers(), answer.body());
		}
		else if (fault instanceof Refuse) {
			exchange.drop();
		}
		else if (fault instanceof StallHeaders) {
			stall(exchange);
		}
		else if (fault instanceof OddStream odd) {
			watch(exchange, body, null, odd);
		}
	}

	private void watch(Exchange exchange, String body, @Nullable String taskId, OddStream fault)
			throws IOException, InterruptedException {
		UpdateLog log = this.platform.log();
		StreamSelection selection = select(log, parse(body), taskId);
		if (selection == null) {
			exchange.answer(400, "A body with since (ISO-8601) and, if given, lastPosition (integer) is required");
			return;
		}
		UpdateStream stream = new UpdateStream(log, exchange.connection(), selection, fault, this.faults.style(),
				this.writtenUpdates);
		this.open.add(stream);
		try {
			stream.run(exchange.response());
		}
		finally {
			this.open.remove(stream);
		}
	}

	private @Nullable StreamSelection select(UpdateLog log, JsonNode body, @Nullable String taskId) {
		int size = log.size();
		JsonNode lastPosition = body.path("lastPosition");
		if (lastPosition.isIntegralNumber()) {
			int index = log.indexAfter(lastPosition.longValue());
			int repeated = (index > 0) ? this.faults.nextRepeat() : 0;
			return new StreamSelection(Math.max(0, index - repeated), size, null, taskId);
		}
		Instant since = Timestamps.parse(body.get("since"));
		boolean valid = lastPosition.isMissingNode() || lastPosition.isNull();
		if (!valid || (since == null && taskId == null)) {
			return null;
		}
		return new StreamSelection(0, size, since, taskId);
	}

	private JsonNode parse(String body) {
		try {
			return this.platform.mapper().readTree(body);
		}
		catch (JacksonException ex) {
			return this.platform.mapper().missingNode();
		}
	}

	private void stall(Exchange exchange) throws IOException, InterruptedException {
		UpdateLog log = this.platform.log();
		OpenConnection stalled = (reset) -> exchange.connection().close(reset);
		this.open.add(stalled);
		try {
			while (!exchange.connection().closedByClient()) {
				log.pause(UpdateStream.POLL_NANOS);
			}
		}
		finally {
			this.open.remove(stalled);
		}
		throw new EofException("Closed by the client");
	}

	private void acknowledge(Exchange exchange, String taskId) throws IOException {
		Integer failure = this.faults.nextAckFailure();
		if (failure != null) {
			exchange.answer(failure, "Failed on purpose");
			return;
		}
		switch (this.platform.acknowledge(taskId)) {
			case UNKNOWN -> exchange.answer(404, "No such task");
			case REFUSED -> exchange.answer(409, "The task does not await its delivery");
			case DONE -> {
				this.recordings.add(new Acknowledgement(taskId, Instant.now()));
				if (this.faults.nextAckAnswerLost()) {
					exchange.drop();
				}
				exchange.answer(200, "");
			}
		}
	}

}
