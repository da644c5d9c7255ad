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

package cloud.requence.samples.dashboard.payload;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

import cloud.requence.samples.dashboard.text.BoundedText;
import cloud.requence.samples.dashboard.web.ProblemException;
import cloud.requence.task.TaskContext;
import cloud.requence.task.TaskPayload;
import cloud.requence.task.TaskReference;
import cloud.requence.task.client.TaskClient;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import tools.jackson.databind.JsonNode;

import org.springframework.http.HttpStatus;

/**
 * Finds what browsers ask for in the payloads of tasks. Nothing can be asked for but what
 * a task refers to. As reading may fetch, it is done where waiting is allowed.
 */
class TaskPayloads {

	private static final int MAX_TEXT = 1024 * 1024;

	private final PayloadSource source;

	private final TaskClient client;

	private final Scheduler scheduler;

	TaskPayloads(PayloadSource source, TaskClient client, Scheduler scheduler) {
		this.source = source;
		this.client = client;
		this.scheduler = scheduler;
	}

	/**
	 * Find a file or a stream.
	 * @param taskId the task
	 * @param address the payload
	 * @param pointer where in the payload
	 * @return the content, on a thread that may wait; fails with {@link ProblemException}
	 * if there is none
	 */
	Mono<TaskContent> content(String taskId, PayloadAddress address, String pointer) {
		return whole(taskId, address).flatMap((payload) -> Mono.justOrEmpty(contentAt(pointer, payload.resolve())))
			.switchIfEmpty(Mono.error(() -> new ProblemException(HttpStatus.NOT_FOUND,
					"There is no file in this place of the task any more.")));
	}

	/**
	 * Return a payload with its large values.
	 * @param taskId the task
	 * @param address the payload
	 * @return the value, of a very long one the beginning
	 */
	Mono<LargeValue> value(String taskId, PayloadAddress address) {
		return whole(taskId, address).map((payload) -> {
			JsonNode tree = payload.tree();
			String text = tree.toString();
			String kept = BoundedText.limit(text, MAX_TEXT);
			return new LargeValue(kept, text.getBytes(StandardCharsets.UTF_8).length, kept.length() < text.length(),
					PayloadReference.in(payload.resolve()));
		});
	}

	private static @Nullable TaskContent contentAt(String pointer, TaskPayload payload) {
		for (TaskReference reference : payload.references()) {
			if (reference.path().equals(pointer)) {
				if (reference.file() != null) {
					return TaskContent.of(pointer, reference.file());
				}
				return (reference.stream() != null) ? TaskContent.of(pointer, reference.stream()) : null;
			}
		}
		return null;
	}

	/**
	 * Return a payload as far as it is kept.
	 * @param taskId the task
	 * @param address the payload
	 * @return the value, without the large values in it
	 */
	Mono<LargeValue> kept(String taskId, PayloadAddress address) {
		return Mono.fromCallable(() -> this.source.payload(taskId, address))
			.subscribeOn(this.scheduler)
			.flatMap(Mono::justOrEmpty)
			.map((kept) -> {
				KeptPayload.View view = kept.view();
				return new LargeValue(view.text(), view.size(), view.truncated(), view.references());
			})
			.switchIfEmpty(Mono.defer(() -> whole(taskId, address).map(TaskPayloads::beginning)));
	}

	private static LargeValue beginning(TaskPayload payload) {
		String text = BoundedText.limit(payload.json(), MAX_TEXT);
		boolean truncated = text.length() < payload.json().length();
		return new LargeValue(text, payload.size(), truncated, truncated ? List.of() : PayloadReference.in(payload));
	}

	/**
	 * Return a whole payload, without the large values in it. What is not kept is asked
	 * for from the platform.
	 * @param taskId the task
	 * @param address the payload
	 * @return the payload; fails if neither the board nor the platform has it
	 */
	Mono<TaskPayload> whole(String taskId, PayloadAddress address) {
		return Mono.fromCallable(() -> find(taskId, address)).subscribeOn(this.scheduler);
	}

	private TaskPayload find(String taskId, PayloadAddress address) {
		return this.source.payload(taskId, address)
			.filter((payload) -> !payload.isTruncated())
			.map(KeptPayload::kept)
			.or(() -> Optional.ofNullable(ofPlatform(taskId, address)))
			.orElseThrow(() -> new ProblemException(HttpStatus.NOT_FOUND,
					"Neither the board nor the platform has this value any more."));
	}

	private @Nullable TaskPayload ofPlatform(String taskId, PayloadAddress address) {
		TaskContext context = this.client.get(taskId).context();
		return switch (Objects.requireNonNullElse(address.of(), "")) {
			case "input" -> context.input();
			case "result" -> context.result();
			case "output" -> (address.node() != null)
					? context.nodeData(this.source.alias(taskId, address.node()).orElse(address.node())) : null;
			default -> null;
		};
	}

}
