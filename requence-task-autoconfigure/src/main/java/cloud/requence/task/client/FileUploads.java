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

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

import org.springframework.core.io.Resource;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferUtils;
import org.springframework.core.io.buffer.DefaultDataBufferFactory;
import org.springframework.http.MediaType;
import org.springframework.util.MimeType;
import org.springframework.web.reactive.function.BodyInserters;
import org.springframework.web.reactive.function.client.WebClient;

import cloud.requence.task.AccessToken;
import cloud.requence.task.reference.Reference;
import cloud.requence.task.reference.ReferenceGuard;
import cloud.requence.task.stream.FailureTranslator;

/**
 * Uploads files, streams and large values, and returns the references to them. As with
 * downloads, the access token is not sent.
 */
final class FileUploads {

	private static final String FILE_SIZE = "file-size";

	private static final int BUFFER_SIZE = 64 * 1024;

	private static final int MAX_ANSWER = 64 * 1024;

	private final JsonMapper mapper = JsonMapper.shared();

	private final WebClient client;

	private final ReferenceGuard guard;

	private final Supplier<AccessToken> accessToken;

	private final Duration timeout;

	/**
	 * Create uploads.
	 * @param client the client, which must neither follow redirects nor send credentials
	 * @param guard decides where files may go
	 * @param accessToken the access token, which responses must not show
	 * @param timeout how long an upload may make no progress
	 */
	FileUploads(WebClient client, ReferenceGuard guard, Supplier<AccessToken> accessToken, Duration timeout) {
		this.client = client;
		this.guard = guard;
		this.accessToken = accessToken;
		this.timeout = timeout;
	}

	/**
	 * Upload a file.
	 */
	Mono<ObjectNode> file(PreparedTask prepared, Resource file, MimeType mimeType) {
		return Mono.fromSupplier(() -> sizeOf(file, prepared.maxFileSize()))
			.subscribeOn(Schedulers.boundedElastic())
			.flatMap((size) -> {
				Flux<DataBuffer> content = DataBufferUtils
					.read(file, DefaultDataBufferFactory.sharedInstance, BUFFER_SIZE)
					.subscribeOn(Schedulers.boundedElastic());
				return post(uploadUrl(prepared), content, size, mimeType, prepared.maxFileSize(),
						"Cannot upload a file");
			})
			.map((answer) -> Reference.tag(answer, Reference.Kind.FILE));
	}

	private static long sizeOf(Resource file, long maxFileSize) {
		long size = lengthOf(file);
		if (maxFileSize > 0 && size > maxFileSize) {
			throw new TaskClientException("Cannot upload a file: its " + size
					+ " bytes are more than the platform accepts (" + maxFileSize + ")");
		}
		return size;
	}

	private static long lengthOf(Resource file) {
		try {
			// Of a resource that can be read only once, its content would have to be read
			return file.isOpen() ? -1 : file.contentLength();
		}
		catch (IOException ex) {
			throw unreadable("Cannot upload a file", ex);
		}
	}

	/**
	 * Upload a value that is too large for a message.
	 */
	Mono<ObjectNode> value(PreparedTask prepared, byte[] json) {
		Mono<DataBuffer> content = Mono.fromSupplier(() -> DefaultDataBufferFactory.sharedInstance.wrap(json));
		return post(uploadUrl(prepared), content.flux(), json.length, MediaType.APPLICATION_JSON, 0,
				"Cannot upload a large value")
			.map((answer) -> Reference.tag(answer.without("mime"), Reference.Kind.CLAIM_CHECK));
	}

	/**
	 * Register a stream, whose content is sent later.
	 */
	Mono<ObjectNode> stream(PreparedTask prepared, MimeType mimeType) {
		return post(streamUrl(prepared), Flux.empty(), 0, mimeType, prepared.maxFileSize(), "Cannot register a stream")
			.map((answer) -> Reference.tag(answer, Reference.Kind.STREAM));
	}

	/**
	 * Send the content of a stream, and close it.
	 */
	Mono<Void> send(ObjectNode reference, InputStream stream, MimeType mimeType) {
		// Threads that others need too must not wait for what may never be written
		Flux<DataBuffer> content = Flux.using(() -> Schedulers.newSingle("requence-upload", true),
				(thread) -> DataBufferUtils
					.readInputStream(() -> stream, DefaultDataBufferFactory.sharedInstance, BUFFER_SIZE)
					.subscribeOn(thread),
				Scheduler::dispose);
		return send(address(reference), content, -1, mimeType, 0, "Cannot send a stream").then();
	}

	private Mono<ObjectNode> post(URI address, Flux<DataBuffer> content, long size, MimeType mimeType, long maxFileSize,
			String purpose) {
		return send(address, content, size, mimeType, maxFileSize, purpose).map((answer) -> parse(answer, purpose));
	}

	private Mono<byte[]> send(URI address, Flux<DataBuffer> content, long size, MimeType mimeType, long maxFileSize,
			String purpose) {
		return Mono.fromSupplier(this.accessToken).subscribeOn(Schedulers.boundedElastic()).flatMap((token) -> {
			UploadProgress progress = new UploadProgress(this.timeout);
			FailureTranslator translator = new FailureTranslator(token, Clock.systemUTC());
			return Mono.fromRunnable(() -> this.guard.check(address))
				.then(Mono.defer(() -> progress.limit(request(address, size, mimeType, maxFileSize)
					.body(BodyInserters
						.fromDataBuffers(progress.observe(content.onErrorMap((ex) -> unreadable(purpose, ex)))))
					.exchangeToMono((response) -> PlatformCalls.answer(response, translator, MAX_ANSWER)))))
				.onErrorMap((ex) -> PlatformCalls.failure(ex, translator, purpose, ClientFailures::ofHost));
		});
	}

	private WebClient.RequestBodySpec request(URI address, long size, MimeType mimeType, long maxFileSize) {
		WebClient.RequestBodySpec request = this.client.post()
			.uri(address)
			.contentType(MediaType.asMediaType(mimeType));
		if (size >= 0) {
			request.contentLength(size);
		}
		if (maxFileSize > 0) {
			request.header(FILE_SIZE, String.valueOf(maxFileSize));
		}
		return request;
	}

	private static TaskClientException unreadable(String purpose, Throwable cause) {
		return new TaskClientException(purpose + ": it cannot be read", cause);
	}

	private ObjectNode parse(byte[] answer, String purpose) {
		try {
			if (this.mapper.readTree(answer) instanceof ObjectNode object && Reference.addressOf(object) != null) {
				return object;
			}
		}
		catch (JacksonException ex) {
			// Told below, without quoting the answer
		}
		throw new TaskClientException(purpose + ": the response of the platform has no address");
	}

	private static URI address(ObjectNode reference) {
		URI address = Reference.addressOf(reference);
		if (address == null) {
			throw new IllegalArgumentException("The reference has no address");
		}
		return address;
	}

	private static URI uploadUrl(PreparedTask prepared) {
		return url((prepared.fileUrls() != null) ? prepared.fileUrls().uploadUrl() : null);
	}

	private static URI streamUrl(PreparedTask prepared) {
		return url((prepared.fileUrls() != null) ? prepared.fileUrls().streamUrl() : null);
	}

	private static URI url(@Nullable URI url) {
		if (url == null) {
			throw new TaskClientException("The platform offers no place for files, streams and large values");
		}
		return url;
	}

}
