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

import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.Flow;

import reactor.adapter.JdkFlowAdapter;
import reactor.core.publisher.Flux;

import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DefaultDataBufferFactory;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.ResponseCookie;
import org.springframework.http.client.reactive.ClientHttpResponse;
import org.springframework.util.CollectionUtils;
import org.springframework.util.LinkedMultiValueMap;
import org.springframework.util.MultiValueMap;

/**
 * An answer to the JDK's client, whose body is read at the pace of its reader.
 */
final class JdkStreamResponse implements ClientHttpResponse {

	private final HttpStatusCode status;

	private final HttpHeaders headers;

	private final Flux<List<ByteBuffer>> body;

	JdkStreamResponse(HttpResponse<Flow.Publisher<List<ByteBuffer>>> response) {
		this.status = HttpStatusCode.valueOf(response.statusCode());
		HttpHeaders received = new HttpHeaders();
		response.headers().map().forEach(received::addAll);
		this.headers = HttpHeaders.readOnlyHttpHeaders(received);
		this.body = JdkFlowAdapter.flowPublisherToFlux(response.body());
	}

	@Override
	public HttpStatusCode getStatusCode() {
		return this.status;
	}

	@Override
	public HttpHeaders getHeaders() {
		return this.headers;
	}

	@Override
	public MultiValueMap<String, ResponseCookie> getCookies() {
		return CollectionUtils.unmodifiableMultiValueMap(new LinkedMultiValueMap<>());
	}

	@Override
	public Flux<DataBuffer> getBody() {
		// Asks for the next list only when the one before is used up
		return this.body.concatMapIterable((buffers) -> buffers, 1).map(DefaultDataBufferFactory.sharedInstance::wrap);
	}

	/**
	 * Return the body as the client hands it over: a chunk of the response is a buffer,
	 * and there are many of them in what is read at once.
	 */
	Flux<ReceivedBytes> received() {
		return this.body.map(ReceivedBytes::of);
	}

}
