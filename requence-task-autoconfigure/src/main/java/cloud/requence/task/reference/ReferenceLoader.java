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

package cloud.requence.task.reference;

import java.io.IOException;
import java.io.InputStream;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferLimitException;
import org.springframework.core.io.buffer.DataBufferUtils;
import org.springframework.http.HttpHeaders;
import org.springframework.http.ResponseEntity;
import org.springframework.web.reactive.function.BodyExtractors;
import org.springframework.web.reactive.function.client.WebClient;

import cloud.requence.task.TaskReferenceException;
import cloud.requence.task.TaskReferenceException.Reason;
import cloud.requence.task.TaskStreamTruncatedException;
import cloud.requence.task.support.BodyBytes;

/**
 * Fetches values that are stored elsewhere, on the calling thread: without the access
 * token, without following redirects, within limits of size and time.
 */
public final class ReferenceLoader {

	private static final String PROTOCOL = "x-requence-stream-protocol";

	private static final String FRAMED = "framed";

	private static final String MAX_SIZE = "'requence.task.references.max-size'";

	private final WebClient client;

	private final ReferenceSettings settings;

	private final ReferenceGuard guard;

	/**
	 * Create a loader.
	 * @param client the client, which must neither follow redirects nor send credentials
	 * @param settings what may be fetched
	 */
	public ReferenceLoader(WebClient client, ReferenceSettings settings) {
		this(client, settings, new ReferenceGuard(settings));
	}

	ReferenceLoader(WebClient client, ReferenceSettings settings, ReferenceGuard guard) {
		this.client = client;
		this.settings = settings;
		this.guard = guard;
	}

	/**
	 * Open a file.
	 */
	InputStream file(URI url, String mimeType, long size) {
		checkSize(size);
		ResponseEntity<Flux<DataBuffer>> answer = get(url, false, this.settings.timeout().toNanos());
		try {
			checkType(answer.getHeaders(), mimeType);
			checkLength(answer.getHeaders(), size);
		}
		catch (RuntimeException ex) {
			cancel(answer);
			throw ex;
		}
		return new ExactInputStream(body(answer), size);
	}

	/**
	 * Open a stream.
	 */
	InputStream stream(URI url) {
		ResponseEntity<Flux<DataBuffer>> answer = get(url, true, this.settings.timeout().toNanos());
		boolean framed = FRAMED.equalsIgnoreCase(answer.getHeaders().getFirst(PROTOCOL));
		InputStream body = new StreamBody(body(answer));
		return framed ? new FramedInputStream(body) : body;
	}

	/**
	 * Fetch the value of a claim check.
	 * @param size its size as announced
	 * @param limit how much may be fetched
	 * @param deadline until when, by {@link System#nanoTime()}
	 */
	byte[] value(URI url, long size, long limit, long deadline) {
		if (size > limit) {
			throw tooLarge(size);
		}
		ResponseEntity<Flux<DataBuffer>> answer = get(url, false, deadline - System.nanoTime());
		try {
			checkLength(answer.getHeaders(), size);
		}
		catch (RuntimeException ex) {
			cancel(answer);
			throw ex;
		}
		byte[] value = await(BodyBytes.read(data(answer), (int) Math.min(size, Integer.MAX_VALUE - 8))
			.onErrorMap(DataBufferLimitException.class, (ex) -> malformed("it is longer than its " + size + " bytes")),
				deadline - System.nanoTime());
		if (value.length != size) {
			throw malformed("it ends after " + value.length + " of its " + size + " bytes");
		}
		return value;
	}

	private static void checkLength(HttpHeaders headers, long size) {
		long length = headers.getContentLength();
		if (length >= 0 && length != size) {
			throw malformed("it is announced with " + size + " bytes and has " + length);
		}
	}

	private void checkSize(long size) {
		if (size > this.settings.maxSize().toBytes()) {
			throw tooLarge(size);
		}
	}

	private ResponseEntity<Flux<DataBuffer>> get(URI url, boolean framed, long nanos) {
		this.guard.check(url);
		ResponseEntity<Flux<DataBuffer>> answer = await(this.client.get().uri(url).headers((headers) -> {
			headers.set(HttpHeaders.ACCEPT, "*/*");
			if (framed) {
				headers.set(PROTOCOL, FRAMED);
			}
		})
			.retrieve()
			.onStatus((status) -> status.value() != 200,
					(response) -> Mono.just(rejected(response.statusCode().value())))
			.toEntityFlux(BodyExtractors.toDataBuffers()), nanos);
		try {
			// The name may have been resolved again for the connection: the JVM still
			// knows to what
			this.guard.check(url);
			checkEncoding(answer.getHeaders());
		}
		catch (RuntimeException ex) {
			cancel(answer);
			throw ex;
		}
		return answer;
	}

	/**
	 * Wait for a response, on any thread.
	 */
	private <T> T await(Mono<T> answer, long nanos) {
		Future<? extends @Nullable T> future = answer.toFuture();
		try {
			return Objects.requireNonNull(future.get(nanos, TimeUnit.NANOSECONDS));
		}
		catch (TimeoutException ex) {
			future.cancel(true);
			throw tooSlow();
		}
		catch (InterruptedException ex) {
			future.cancel(true);
			Thread.currentThread().interrupt();
			throw new TaskReferenceException(Reason.UNREACHABLE, "Fetching a reference was interrupted", ex);
		}
		catch (ExecutionException ex) {
			if (ex.getCause() instanceof TaskReferenceException known) {
				throw known;
			}
			throw new TaskReferenceException(Reason.UNREACHABLE, "A reference cannot be fetched: its host does not"
					+ " answer (" + String.valueOf(ex.getCause()).split("[:\\s]", 2)[0] + ")", ex.getCause());
		}
	}

	private static void checkEncoding(HttpHeaders headers) {
		String encoding = headers.getFirst(HttpHeaders.CONTENT_ENCODING);
		if (encoding != null && !encoding.strip().equalsIgnoreCase("identity")) {
			throw malformed("the response is compressed, which was not requested");
		}
	}

	private static void cancel(ResponseEntity<Flux<DataBuffer>> answer) {
		data(answer).subscribe(DataBufferUtils::release, (ex) -> {
		}).dispose();
	}

	private InputStream body(ResponseEntity<Flux<DataBuffer>> answer) {
		return new ResponseInputStream(data(answer), this.settings.timeout());
	}

	private static Flux<DataBuffer> data(ResponseEntity<Flux<DataBuffer>> answer) {
		return Objects.requireNonNullElse(answer.getBody(), Flux.empty());
	}

	/**
	 * Hosts that keep files often know no better type than bytes.
	 */
	private static void checkType(HttpHeaders headers, String mimeType) {
		String type = headers.getFirst(HttpHeaders.CONTENT_TYPE);
		if (type == null) {
			return;
		}
		String essence = essence(type);
		if (!essence.equals(essence(mimeType)) && !essence.equals("application/octet-stream")) {
			throw malformed("it has another type than announced");
		}
	}

	private static String essence(String type) {
		return type.split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
	}

	private static TaskReferenceException rejected(int status) {
		return (status >= 300 && status < 400)
				? new TaskReferenceException(Reason.NOT_ALLOWED,
						"A reference must not be fetched: its host redirects elsewhere (HTTP " + status + ")")
				: new TaskReferenceException(Reason.REJECTED, "A reference cannot be fetched: HTTP " + status);
	}

	private static TaskReferenceException malformed(String problem) {
		return new TaskReferenceException(Reason.MALFORMED, "A reference cannot be fetched: " + problem);
	}

	private TaskReferenceException tooLarge(long size) {
		return new TaskReferenceException(Reason.TOO_LARGE, "A reference must not be fetched: its " + size
				+ " bytes are more than " + MAX_SIZE + " allows (" + this.settings.maxSize().toBytes() + ")");
	}

	private TaskReferenceException tooSlow() {
		return new TaskReferenceException(Reason.TOO_SLOW, "A reference did not come within"
				+ " 'requence.task.references.timeout' (" + this.settings.timeout().toMillis() + " ms)");
	}

	ReferenceSettings settings() {
		return this.settings;
	}

	/**
	 * An interrupted connection truncates the stream.
	 */
	private static final class StreamBody extends BodyInputStream {

		StreamBody(InputStream source) {
			super(source);
		}

		@Override
		public int read(byte[] bytes, int offset, int length) throws IOException {
			try {
				return source().read(bytes, offset, length);
			}
			catch (IOException ex) {
				TaskStreamTruncatedException truncated = new TaskStreamTruncatedException(
						(ex instanceof SocketTimeoutException) ? "it has gone silent" : "its connection broke");
				truncated.initCause(ex);
				throw truncated;
			}
		}

	}

}
