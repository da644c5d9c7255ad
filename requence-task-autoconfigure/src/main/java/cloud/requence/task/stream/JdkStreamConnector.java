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
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;

import reactor.adapter.JdkFlowAdapter;
import reactor.core.publisher.Mono;

import org.springframework.http.HttpMethod;
import org.springframework.http.client.reactive.ClientHttpConnector;
import org.springframework.http.client.reactive.ClientHttpRequest;
import org.springframework.http.client.reactive.ClientHttpResponse;

/**
 * Connects through the JDK's {@link HttpClient}, for streams that end when their reader
 * says so: cancelling an exchange closes its connection, and no more is read than was
 * asked for. Spring's own connector for this client keeps the connection of a cancelled
 * exchange and goes on reading from it.
 */
public final class JdkStreamConnector implements ClientHttpConnector {

	private final HttpClient client;

	/**
	 * Create a connector.
	 * @param client the client, which must not follow redirects
	 */
	public JdkStreamConnector(HttpClient client) {
		this.client = client;
	}

	@Override
	public Mono<ClientHttpResponse> connect(HttpMethod method, URI uri,
			Function<? super ClientHttpRequest, Mono<Void>> requestCallback) {
		JdkStreamRequest request = new JdkStreamRequest(method, uri);
		return requestCallback.apply(request).then(Mono.defer(() -> send(request)));
	}

	@SuppressWarnings("FutureReturnValueIgnored")
	private Mono<ClientHttpResponse> send(JdkStreamRequest request) {
		return Mono.create((sink) -> {
			AtomicBoolean cancelled = new AtomicBoolean();
			CompletableFuture<HttpResponse<Flow.Publisher<List<ByteBuffer>>>> exchange = this.client
				.sendAsync(request.getNativeRequest(), HttpResponse.BodyHandlers.ofPublisher());
			sink.onCancel(() -> {
				cancelled.set(true);
				exchange.cancel(true);
			});
			exchange.whenComplete((response, failure) -> {
				if (failure == null) {
					sink.success(new JdkStreamResponse(response));
				}
				// Reactor would log an error that nobody waits for any more
				else if (!cancelled.get()) {
					sink.error((failure instanceof CompletionException && failure.getCause() != null)
							? failure.getCause() : failure);
				}
				if (response != null && cancelled.get()) {
					discard(response);
				}
			});
		});
	}

	/**
	 * A response that crossed its cancellation would keep the connection.
	 */
	private static void discard(HttpResponse<Flow.Publisher<List<ByteBuffer>>> response) {
		JdkFlowAdapter.flowPublisherToFlux(response.body()).subscribe((buffers) -> {
		}, (ex) -> {
		}).dispose();
	}

}
