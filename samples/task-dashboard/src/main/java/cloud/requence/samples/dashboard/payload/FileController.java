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

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import cloud.requence.samples.dashboard.security.Caller;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferFactory;
import org.springframework.http.CacheControl;
import org.springframework.http.ContentDisposition;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.util.StringUtils;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ServerWebExchange;

/**
 * Gives browsers what payloads refer to. Browsers say where a reference is, never what it
 * refers to.
 */
@RestController
@RequestMapping("/api/task")
class FileController {

	private static final String POLICY = "default-src 'none'; frame-ancestors 'none'; sandbox";

	private static final int BUFFER_SIZE = 16 * 1024;

	private final TaskPayloads payloads;

	private final FileFetches fetches;

	private final Duration idleTimeout;

	FileController(TaskPayloads payloads, FileFetches fetches, FileProperties properties) {
		this.payloads = payloads;
		this.fetches = fetches;
		this.idleTimeout = properties.idleTimeout();
	}

	/**
	 * Send a file or a stream, as fast as the browser takes it.
	 * @param id the task
	 * @param address the payload
	 * @param at where in the payload, as a JSON pointer
	 * @param exchange the request and its response
	 * @return completes when all is sent
	 */
	@GetMapping("/files")
	Mono<Void> file(@RequestParam String id, PayloadAddress address, @RequestParam String at,
			ServerWebExchange exchange) {
		return limited(exchange,
				() -> this.payloads.content(id, address, at)
					.flatMap((content) -> Mono.using(content::open,
							(stream) -> send(content, stream, exchange.getResponse()), FileController::close)));
	}

	private <T> Mono<T> limited(ServerWebExchange exchange, Supplier<Mono<T>> fetch) {
		return Caller.of(exchange).flatMap((caller) -> this.fetches.limited(caller.key(), fetch));
	}

	private Mono<Void> send(TaskContent content, InputStream stream, ServerHttpResponse response) {
		describe(content, response.getHeaders());
		return response.writeAndFlushWith(read(stream, response.bufferFactory()).subscribeOn(this.fetches.scheduler())
			.timeout(this.idleTimeout)
			.map(Mono::just));
	}

	/**
	 * Read a stream whose reading thread may be interrupted, after which its errors are
	 * of no interest.
	 */
	private static Flux<DataBuffer> read(InputStream stream, DataBufferFactory factory) {
		AtomicBoolean cancelled = new AtomicBoolean();
		return Flux.<DataBuffer>generate((sink) -> {
			byte[] bytes = new byte[BUFFER_SIZE];
			try {
				int count = stream.read(bytes);
				if (count >= 0) {
					sink.next(factory.wrap(ByteBuffer.wrap(bytes, 0, count)));
				}
				else {
					sink.complete();
				}
			}
			catch (IOException | RuntimeException ex) {
				if (cancelled.get()) {
					sink.complete();
				}
				else {
					sink.error(ex);
				}
			}
		}).doOnCancel(() -> cancelled.set(true));
	}

	private static void describe(TaskContent content, HttpHeaders headers) {
		boolean image = content.isImage();
		ContentDisposition.Builder disposition = image ? ContentDisposition.inline() : ContentDisposition.attachment();
		headers.setContentDisposition(disposition.filename(content.fileName(), StandardCharsets.UTF_8).build());
		headers.setContentType(image ? ContentKind.servedAs(content.mime()) : MediaType.APPLICATION_OCTET_STREAM);
		headers.setCacheControl(CacheControl.noStore());
		headers.set("Content-Security-Policy", POLICY);
		headers.set("Cross-Origin-Resource-Policy", "same-origin");
		if (content.length() != null) {
			headers.setContentLength(content.length());
		}
	}

	private static void close(InputStream stream) {
		try {
			stream.close();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	@GetMapping("/files/beginning")
	Mono<ResponseEntity<FileBeginning>> beginning(@RequestParam String id, PayloadAddress address,
			@RequestParam String at, ServerWebExchange exchange) {
		return limited(exchange,
				() -> this.payloads.content(id, address, at)
					.flatMap((content) -> BeginningReader.read(content, this.fetches.scheduler())))
			.map(FileController::answer);
	}

	@GetMapping("/value")
	Mono<ResponseEntity<LargeValue>> value(@RequestParam String id, PayloadAddress address,
			ServerWebExchange exchange) {
		return limited(exchange, () -> this.payloads.value(id, address)).map(FileController::answer);
	}

	@GetMapping("/payload")
	Mono<ResponseEntity<LargeValue>> payload(@RequestParam String id, PayloadAddress address,
			ServerWebExchange exchange) {
		return limited(exchange, () -> this.payloads.kept(id, address)).map(FileController::answer);
	}

	/**
	 * Send a whole payload as a file.
	 * @param id the task
	 * @param address the payload
	 * @param exchange the request
	 * @return the JSON as the platform has sent it
	 */
	@GetMapping("/payload/file")
	Mono<ResponseEntity<byte[]>> payloadFile(@RequestParam String id, PayloadAddress address,
			ServerWebExchange exchange) {
		String name = TaskContent.fileName(Stream.of(id, address.of(), address.node(), address.output())
			.filter(StringUtils::hasText)
			.collect(Collectors.joining("-")));
		return limited(exchange, () -> this.payloads.whole(id, address)).map((payload) -> ResponseEntity.ok()
			.cacheControl(CacheControl.noStore())
			.contentType(MediaType.APPLICATION_JSON)
			.header("Content-Security-Policy", POLICY)
			.header("Cross-Origin-Resource-Policy", "same-origin")
			.header(HttpHeaders.CONTENT_DISPOSITION,
					ContentDisposition.attachment().filename(name + ".json", StandardCharsets.UTF_8).build().toString())
			.body(payload.json().getBytes(StandardCharsets.UTF_8)));
	}

	private static <T> ResponseEntity<T> answer(T body) {
		return ResponseEntity.ok().cacheControl(CacheControl.noStore()).body(body);
	}

}
