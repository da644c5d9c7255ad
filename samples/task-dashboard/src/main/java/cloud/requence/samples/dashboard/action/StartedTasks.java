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

package cloud.requence.samples.dashboard.action;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

import cloud.requence.samples.dashboard.text.BoundedText;
import cloud.requence.samples.dashboard.web.ProblemException;
import cloud.requence.task.client.ReactiveTaskHandle;
import cloud.requence.task.client.TaskClient;
import cloud.requence.task.client.TaskRequest;
import cloud.requence.task.client.TaskUpload;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import tools.jackson.core.JacksonException;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.core.io.FileSystemResource;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.MediaTypeFactory;
import org.springframework.http.codec.multipart.FilePart;
import org.springframework.stereotype.Component;
import org.springframework.util.StringUtils;

/**
 * Starts tasks from what people have filled in.
 */
@Component
class StartedTasks {

	private static final TypeReference<LinkedHashMap<String, Object>> OBJECT = new TypeReference<>() {
	};

	private final TaskClient client;

	private final JsonMapper mapper;

	StartedTasks(TaskClient client, JsonMapper mapper) {
		this.client = client;
		this.mapper = mapper;
	}

	/**
	 * Start a task.
	 * @param form what was filled in
	 * @return the task, when its file is uploaded
	 */
	Mono<ReactiveTaskHandle> start(StartForm form) {
		Map<String, Object> input = input(form);
		FilePart file = form.file();
		if (file == null || !StringUtils.hasText(file.filename())) {
			return create(form, input);
		}
		return Mono.usingWhen(Mono.fromCallable(StartedTasks::newFile).subscribeOn(Schedulers.boundedElastic()),
				(path) -> file.transferTo(path).then(Mono.defer(() -> {
					input.put("attachment", TaskUpload.of(new FileSystemResource(path), typeOf(file)));
					return create(form, input);
				})), StartedTasks::delete);
	}

	private Mono<ReactiveTaskHandle> create(StartForm form, Map<String, Object> input) {
		String template = required(form.template());
		TaskRequest request = TaskRequest.of(template, input);
		return this.client.reactive().create(request.withName(BoundedText.name(form.name())));
	}

	private static String required(@Nullable String template) {
		if (!StringUtils.hasText(template)) {
			throw new ProblemException(HttpStatus.BAD_REQUEST, "A task needs a template.");
		}
		return template.strip();
	}

	private Map<String, Object> input(StartForm form) {
		Map<String, Object> input = StringUtils.hasText(form.input()) ? parse(form.input()) : new LinkedHashMap<>();
		if (form.amount() != null) {
			input.put("amount", Map.of("value", form.amount(), "currency", "EUR"));
		}
		return input;
	}

	private Map<String, Object> parse(String json) {
		try {
			Map<String, Object> object = this.mapper.readValue(json, OBJECT);
			if (object != null) {
				return object;
			}
		}
		catch (JacksonException ex) {
			// Told below
		}
		throw new ProblemException(HttpStatus.BAD_REQUEST, "The input is no JSON object.");
	}

	private static MediaType typeOf(FilePart file) {
		MediaType type = file.headers().getContentType();
		return (type != null) ? type
				: MediaTypeFactory.getMediaType(file.filename()).orElse(MediaType.APPLICATION_OCTET_STREAM);
	}

	private static Path newFile() throws IOException {
		return Files.createTempFile("task-dashboard", null);
	}

	private static Mono<Void> delete(Path path) {
		return Mono.<Void>fromCallable(() -> {
			Files.deleteIfExists(path);
			return null;
		}).subscribeOn(Schedulers.boundedElastic());
	}

}
