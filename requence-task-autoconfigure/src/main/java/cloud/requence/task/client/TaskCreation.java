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

package cloud.requence.task.client;

import java.net.URI;
import java.util.Objects;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Creates tasks with {@code POST {baseUrl}/task/prepare/{template}}, which returns the
 * addresses for uploads and the limits, and then {@code POST {finalizeUrl}}.
 */
final class TaskCreation {

	private static final Log logger = LogFactory.getLog(TaskCreation.class);

	private static final String LIVE = "live";

	private final JsonMapper mapper = JsonMapper.shared();

	private final PlatformCalls calls;

	private final FileUploads uploads;

	private final InputWriter writer;

	TaskCreation(PlatformCalls calls, FileUploads uploads, InputWriter writer) {
		this.calls = calls;
		this.uploads = uploads;
		this.writer = writer;
	}

	/**
	 * Create a task.
	 */
	Mono<Created> create(TaskRequest request) {
		String purpose = "Cannot create a task of template '" + request.template() + "'";
		return Mono.fromCallable(() -> this.writer.write(request.input()))
			.subscribeOn(Schedulers.boundedElastic())
			.flatMap((input) -> this.calls.post("prepare/", request.template(), null, purpose)
				.map((answer) -> parse(answer, PreparedTask.class, purpose))
				.flatMap((prepared) -> create(request, input, prepared, purpose))
				.doOnError((ex) -> InputUploads.closeStreams(input))
				.doOnCancel(() -> InputUploads.closeStreams(input)));
	}

	private Mono<Created> create(TaskRequest request, ObjectNode input, PreparedTask prepared, String purpose) {
		URI address = prepared.finalizeUrl();
		if (address == null) {
			return Mono.error(unexpected(purpose));
		}
		InputUploads uploaded = new InputUploads(this.uploads, this.mapper, prepared);
		ObjectNode message = message(request, input);
		return uploaded.replaceFiles(input)
			.then(Mono.defer(() -> uploaded.fit(message)))
			.flatMap((json) -> this.calls.postJson(address, json, purpose))
			.map((answer) -> parse(answer, CreatedTask.class, purpose))
			.map((created) -> created(request, created, prepared, uploaded, purpose))
			.doOnNext((created) -> warnOfBranch(request, prepared))
			.doOnError((ex) -> uploaded.cancel())
			.doOnCancel(uploaded::cancel);
	}

	private ObjectNode message(TaskRequest request, ObjectNode input) {
		ObjectNode message = this.mapper.createObjectNode();
		message.put("name", request.name());
		message.set("input", input);
		// The platform counts from 0, the highest, to 10
		message.put("priority",
				Math.round((TaskRequest.MAX_PRIORITY - request.priority()) * 10.0 / TaskRequest.MAX_PRIORITY));
		message.put("requireAck", request.requireAck());
		return message;
	}

	private static Created created(TaskRequest request, CreatedTask created, PreparedTask prepared,
			InputUploads uploads, String purpose) {
		String taskId = (created.taskId() != null) ? created.taskId() : prepared.taskId();
		if (taskId == null) {
			throw unexpected(purpose);
		}
		return new Created(taskId, created.watchUrl(), created.showUrl(), request.requireAck() && !request.manualAck(),
				uploads.streamsSent());
	}

	private static void warnOfBranch(TaskRequest request, PreparedTask prepared) {
		String branch = Objects.requireNonNullElse(prepared.branch(), LIVE);
		if (!branch.equals(LIVE)) {
			logger.warn("A task of template '" + request.template() + "' runs in branch '"
					+ branch.replaceAll("[^\\w./-]", "?") + "' of the template, not in '" + LIVE + "'");
		}
	}

	private <T> T parse(byte[] answer, Class<T> type, String purpose) {
		try {
			T parsed = this.mapper.readValue(answer, type);
			if (parsed != null) {
				return parsed;
			}
		}
		catch (JacksonException ex) {
			// Told below, without quoting the answer
		}
		throw unexpected(purpose);
	}

	private static TaskClientException unexpected(String purpose) {
		return new TaskClientException(purpose + ": the response of the platform does not match this call");
	}

	/**
	 * A task that was created.
	 *
	 * @param taskId its identifier
	 * @param watchUrl where to follow it
	 * @param showUrl the address of its page, for people
	 * @param ackWithResult whether taking the result acknowledges its end
	 * @param streamsSent completes when the streams in its input are sent
	 */
	record Created(String taskId, @Nullable URI watchUrl, @Nullable URI showUrl, boolean ackWithResult,
			Mono<Void> streamsSent) {

	}

}
