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
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The calls that create, get and change a task.
 */
final class TaskCalls {

	private final Platform platform;

	private final TaskRunner runner;

	private final Recordings recordings;

	private final FaultPlan faults;

	private final FileCalls files;

	private final TaskOffer offer;

	TaskCalls(Platform platform, TaskRunner runner, Recordings recordings, FaultPlan faults, FileCalls files,
			TaskOffer offer) {
		this.platform = platform;
		this.runner = runner;
		this.recordings = recordings;
		this.faults = faults;
		this.files = files;
		this.offer = offer;
	}

	void prepare(Exchange exchange, String template) throws IOException {
		EmulatedTask task = this.platform.register(template, template, null, false);
		ObjectNode answer = this.platform.mapper().createObjectNode();
		answer.put("taskId", task.id());
		answer.put("finalizeUrl", taskUrl(exchange, "finalize/", task));
		answer.put("branch", this.offer.branch());
		if (this.offer.fileUrls()) {
			answer.putObject("fileUrls")
				.put("uploadUrl", this.files.uploadUrl(exchange))
				.put("streamUrl", this.files.streamUrl(exchange));
		}
		if (this.offer.limits()) {
			answer.putObject("limits")
				.put("maxPayloadSize", this.offer.maxPayloadSize())
				.put("maxFileSize", this.offer.maxFileSize());
		}
		answer(exchange, answer);
	}

	void complete(Exchange exchange, String taskId) throws IOException {
		JsonNode body = exchange.json(this.platform.mapper());
		EmulatedTask task = this.platform.find(taskId);
		if (task == null) {
			exchange.answer(404, "No such task");
			return;
		}
		if (!body.isObject()) {
			exchange.answer(400, "A JSON object is required");
			return;
		}
		if (!this.platform.complete(task, text(body.get("name")), body.path("requireAck").asBoolean(false))) {
			exchange.answer(409, "The task was created before");
			return;
		}
		ObjectNode answer = this.platform.mapper().createObjectNode();
		answer.put("taskId", task.id());
		if (this.offer.taskUrls()) {
			answer.putObject("urls")
				.put("watch", taskUrl(exchange, "watch/", task))
				.put("show", taskUrl(exchange, "", task));
		}
		answer(exchange, answer);
		this.runner.run(task, body.path("input"));
	}

	/**
	 * Answer with files of types for a client that generates code.
	 */
	void types(Exchange exchange, String language) throws IOException {
		if (!language.equals("python")) {
			exchange.answer(404, "No types for this language");
			return;
		}
		Set<String> templates = new TreeSet<>(this.runner.templates());
		templates.addAll(this.platform.templates());
		List<String> literals = templates.stream().map(this.platform.mapper()::writeValueAsString).toList();
		String type = literals.isEmpty() ? "str" : "Literal[" + String.join(", ", literals) + "]";
		answer(exchange,
				this.platform.mapper()
					.createObjectNode()
					.put("__init__.pyi", "from typing import Literal\n\nTaskTemplate = " + type + "\n"));
	}

	void get(Exchange exchange, String taskId) throws IOException {
		ObjectNode answer = this.platform.describe(taskId);
		if (answer == null) {
			exchange.answer(404, "No such task");
		}
		else {
			answer(exchange, answer.put("branch", this.offer.branch()));
		}
	}

	void abort(Exchange exchange, String taskId) throws IOException {
		String reason = exchange.body().isEmpty() ? null : exchange.body();
		answer(exchange, this.platform.abort(taskId, reason), "The task has ended");
	}

	void protect(Exchange exchange, String taskId) throws IOException {
		answer(exchange, this.platform.protect(taskId), "The task cannot be protected");
	}

	void acknowledge(Exchange exchange, String taskId) throws IOException {
		Integer failure = this.faults.nextAckFailure();
		if (failure != null) {
			exchange.answer(failure, "Failed on purpose");
			return;
		}
		CallOutcome outcome = this.platform.acknowledge(taskId);
		if (outcome == CallOutcome.DONE) {
			this.recordings.add(new Acknowledgement(taskId, Instant.now()));
			if (this.faults.nextAckAnswerLost()) {
				exchange.drop();
			}
		}
		answer(exchange, outcome, "The task does not await its delivery");
	}

	private void answer(Exchange exchange, CallOutcome outcome, String refusal) throws IOException {
		switch (outcome) {
			case UNKNOWN -> exchange.answer(404, "No such task");
			case REFUSED -> exchange.answer(409, refusal);
			case DONE -> exchange.answer(204, "");
		}
	}

	private void answer(Exchange exchange, ObjectNode json) throws IOException {
		exchange.answerJson(this.platform.mapper().writeValueAsString(json));
	}

	private static String taskUrl(Exchange exchange, String call, EmulatedTask task) {
		return exchange.origin() + ApiHandler.BASE_PATH + "/task/" + call + task.id();
	}

	private static @Nullable String text(@Nullable JsonNode value) {
		return (value != null && value.isString()) ? value.stringValue() : null;
	}

}
