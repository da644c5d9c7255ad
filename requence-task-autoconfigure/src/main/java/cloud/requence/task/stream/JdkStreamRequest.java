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

package cloud.requence.task.stream;

import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferFactory;
import org.springframework.core.io.buffer.DataBufferUtils;
import org.springframework.core.io.buffer.DefaultDataBufferFactory;
import org.springframework.http.HttpCookie;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.client.reactive.AbstractClientHttpRequest;

/**
 * A request to the JDK's client. A body that comes in one piece is sent in one, any other
 * as the connection takes it.
 */
final class JdkStreamRequest extends AbstractClientHttpRequest {

	private static final int LARGE = 64 * 1024;

	private final HttpMethod method;

	private final URI uri;

	private final HttpRequest.Builder request;

	private @Nullable Flux<ByteBuffer> content;

	private long length;

	JdkStreamRequest(HttpMethod method, URI uri) {
		this.method = method;
		this.uri = uri;
		this.request = HttpRequest.newBuilder(uri);
	}

	@Override
	public HttpMethod getMethod() {
		return this.method;
	}

	@Override
	public URI getURI() {
		return this.uri;
	}

	@Override
	public DataBufferFactory bufferFactory() {
		return DefaultDataBufferFactory.sharedInstance;
	}

	@Override
	@SuppressWarnings("unchecked")
	public <T> T getNativeRequest() {
		return (T) this.request.build();
	}

	/**
	 * Return whether the body is so large, or may be, that a response can come before it
	 * is sent.
	 */
	boolean isLarge() {
		return this.content != null && (this.length < 0 || this.length > LARGE);
	}

	/**
	 * Return a body for one attempt.
	 */
	RequestBody body() {
		return new RequestBody((this.content != null) ? this.content : Flux.empty(), this.length);
	}

	/**
	 * Return the request for one attempt.
	 * @param body the body for this attempt
	 * @param expectContinue whether the body is sent only after a {@code 100 Continue}
	 */
	HttpRequest attempt(RequestBody body, boolean expectContinue) {
		if (this.content != null) {
			this.request.method(this.method.name(), body.publisher());
		}
		return this.request.expectContinue(expectContinue).build();
	}

	@Override
	public Mono<Void> writeWith(Publisher<? extends DataBuffer> body) {
		if (body instanceof Mono<? extends DataBuffer> single) {
			return doCommit(() -> single.doOnNext(this::setBody).then());
		}
		return doCommit(() -> {
			setBody(Flux.from(body));
			return Mono.empty();
		});
	}

	@Override
	public Mono<Void> writeAndFlushWith(Publisher<? extends Publisher<? extends DataBuffer>> body) {
		return writeWith(Flux.from(body).concatMap(Flux::from));
	}

	@Override
	public Mono<Void> setComplete() {
		return doCommit(() -> {
			this.request.method(this.method.name(), HttpRequest.BodyPublishers.noBody());
			return Mono.empty();
		});
	}

	private void setBody(DataBuffer buffer) {
		byte[] bytes = bytes(buffer);
		if (bytes.length > LARGE) {
			setBody(Flux.defer(() -> Flux.just(ByteBuffer.wrap(bytes))), bytes.length);
		}
		else {
			this.request.method(this.method.name(), HttpRequest.BodyPublishers.ofByteArray(bytes));
		}
	}

	private void setBody(Flux<? extends DataBuffer> body) {
		long length = getHeaders().getContentLength();
		if (length == 0) {
			this.request.method(this.method.name(), HttpRequest.BodyPublishers.noBody());
		}
		else {
			setBody(body.map((buffer) -> ByteBuffer.wrap(bytes(buffer))), length);
		}
	}

	private void setBody(Flux<ByteBuffer> content, long length) {
		this.content = content;
		this.length = length;
	}

	private static byte[] bytes(DataBuffer buffer) {
		byte[] bytes = new byte[buffer.readableByteCount()];
		buffer.read(bytes);
		DataBufferUtils.release(buffer);
		return bytes;
	}

	@Override
	protected void applyHeaders() {
		for (Map.Entry<String, List<String>> header : getHeaders().headerSet()) {
			// The client sets the length itself and refuses to be told
			if (!header.getKey().equalsIgnoreCase(HttpHeaders.CONTENT_LENGTH)) {
				header.getValue().forEach((value) -> this.request.header(header.getKey(), value));
			}
		}
	}

	@Override
	protected void applyCookies() {
		if (!getCookies().isEmpty()) {
			this.request.header(HttpHeaders.COOKIE,
					getCookies().values()
						.stream()
						.flatMap(List::stream)
						.map(HttpCookie::toString)
						.collect(Collectors.joining("; ")));
		}
	}

}
