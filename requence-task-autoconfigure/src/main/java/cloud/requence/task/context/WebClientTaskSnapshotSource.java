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

package cloud.requence.task.context;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferUtils;
import org.springframework.http.MediaType;
import org.springframework.web.reactive.function.BodyExtractors;
import org.springframework.web.reactive.function.client.ClientResponse;
import org.springframework.web.reactive.function.client.WebClient;
import org.springframework.web.util.UriUtils;

import cloud.requence.task.AccessToken;
import cloud.requence.task.PayloadReader;
import cloud.requence.task.TaskPayload;

/**
 * Asks for a task with {@code GET {baseUrl}/task/{taskId}}.
 */
public final class WebClientTaskSnapshotSource implements TaskSnapshotSource {

	private final JsonMapper mapper = JsonMapper.builder(JsonFactory.builder()
		// The answer is bounded as a whole
		.streamReadConstraints(StreamReadConstraints.builder().maxStringLength(Integer.MAX_VALUE).build())
		.build()).build();

	private final WebClient client;

	private final Supplier<AccessToken> accessToken;

	private final Duration timeout;

	private final int maxSize;

	private final PayloadReader payloadReader;

	/**
	 * Create a source.
	 * @param client the client, which must not follow redirects
	 * @param accessToken the access token to use next
	 * @param timeout how long to wait for an answer
	 * @param maxSize the size up to which an answer is read, in bytes
	 * @param payloadReader reads the payloads when an application asks for it
	 */
	public WebClientTaskSnapshotSource(WebClient client, Supplier<AccessToken> accessToken, Duration timeout,
			int maxSize, PayloadReader payloadReader) {
		this.client = client;
		this.accessToken = accessToken;
		this.timeout = timeout;
		this.maxSize = maxSize;
		this.payloadReader = payloadReader;
	}

	@Override
	public Mono<TaskSnapshot> fetch(String taskId) {
		if (taskId.isBlank() || taskId.equals(".") || taskId.equals("..")) {
			// Would be the path of another call
			return Mono.empty();
		}
		return Mono.fromSupplier(this.accessToken).flatMap((token) -> get(token, taskId)).timeout(this.timeout);
	}

	private Mono<TaskSnapshot> get(AccessToken token, String taskId) {
		return this.client.get()
			.uri(URI.create(token.baseUrl() + "/task/" + UriUtils.encode(taskId, StandardCharsets.UTF_8)))
			.headers((headers) -> headers.setBearerAuth(token.secret()))
			.accept(MediaType.APPLICATION_JSON)
			.exchangeToMono(this::snapshot);
	}

	private Mono<TaskSnapshot> snapshot(ClientResponse response) {
		if (response.statusCode().value() != 200) {
			return response.releaseBody().then(Mono.empty());
		}
		return DataBufferUtils.join(response.body(BodyExtractors.toDataBuffers()), this.maxSize)
			.map(WebClientTaskSnapshotSource::bytes)
			.mapNotNull((bytes) -> this.mapper.readValue(bytes, Answer.class).snapshot(this.payloadReader));
	}

	private static byte[] bytes(DataBuffer buffer) {
		byte[] bytes = new byte[buffer.readableByteCount()];
		buffer.read(bytes);
		DataBufferUtils.release(buffer);
		return bytes;
	}

	/**
	 * What the platform answers, as far as it matters here.
	 *
	 * @param input the input
	 * @param nodesData the latest data of the nodes
	 * @param nodesError the latest errors of the nodes
	 */
	private record Answer(@Nullable TaskPayload input, @Nullable List<NodeData> nodesData,
			@Nullable List<NodeError> nodesError) {

		@Nullable TaskSnapshot snapshot(PayloadReader reader) {
			if (this.input == null || this.input.isNull()) {
				// Tasks have an input: the platform does not know it, or does not tell
				return null;
			}
			Map<String, TaskPayload> data = new LinkedHashMap<>();
			if (this.nodesData != null) {
				this.nodesData.stream()
					.filter((node) -> node.alias() != null && node.data() != null)
					.forEach((node) -> data.put(node.alias(), of(node.data(), reader)));
			}
			Map<String, String> errors = new LinkedHashMap<>();
			if (this.nodesError != null) {
				this.nodesError.stream()
					.filter((node) -> node.alias() != null && node.error() != null)
					.forEach((node) -> errors.put(node.alias(), node.error()));
			}
			return new TaskSnapshot(of(this.input, reader), data, errors);
		}

		private static TaskPayload of(TaskPayload payload, PayloadReader reader) {
			return TaskPayload.of(payload.json().getBytes(StandardCharsets.UTF_8), reader);
		}

	}

	private record NodeData(@Nullable String alias, @Nullable TaskPayload data) {

	}

	private record NodeError(@Nullable String alias, @Nullable String error) {

	}

}
