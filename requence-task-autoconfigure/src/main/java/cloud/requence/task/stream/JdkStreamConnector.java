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

import java.lang.reflect.Method;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Flow;
import java.util.function.Function;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;
import reactor.core.scheduler.Schedulers;

import org.springframework.core.io.buffer.DataBufferUtils;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.client.reactive.ClientHttpConnector;
import org.springframework.http.client.reactive.ClientHttpRequest;
import org.springframework.http.client.reactive.ClientHttpResponse;
import org.springframework.util.ReflectionUtils;

import cloud.requence.task.support.IsolatedThreadFactory;

/**
 * Connects through the JDK's {@link HttpClient}, for streams that end when their reader
 * says so: cancelling an exchange closes its connection, and no more is read than was
 * requested. Spring's own connector for this client keeps the connection of a cancelled
 * exchange and continues to read from it.
 * <p>
 * The client keeps idle connections for 20 minutes, long after a firewall or a NAT may
 * have forgotten them, and offers no way to close them. So its connections are left
 * behind with the client itself: a stream gets a client that has no connection to reuse,
 * other requests share one for some seconds, or until one of them gets no response.
 * <p>
 * The client reads no response before it has sent the body. So a large body is announced
 * with {@code Expect: 100-continue}, and sent once the server wants it. If the server
 * does not say so, or refuses the expectation, the request is repeated without it.
 * <p>
 * The body of a stream is read by the thread of its client that waits for the socket, and
 * not handed to a second one: no other exchange uses that client.
 */
public final class JdkStreamConnector implements ClientHttpConnector {

	private static final Duration KEPT = Duration.ofSeconds(5);

	/** Includes the time to connect, which cannot be told apart. */
	private static final Duration CONTINUE_TIMEOUT = Duration.ofSeconds(2);

	private final SharedClient streams;

	private final SharedClient calls;

	private final OtherAddresses otherAddresses = new OtherAddresses();

	/**
	 * Create a connector that always uses the same client.
	 * @param client the client, which must not follow redirects
	 */
	public JdkStreamConnector(HttpClient client) {
		this.streams = new SharedClient(() -> client, null, false);
		this.calls = new SharedClient(() -> client, KEPT, false);
	}

	/**
	 * Create a connector.
	 * @param calls creates clients for calls, which must not follow redirects
	 * @param streams creates clients for streams, which must not follow redirects, and
	 * must use the executor
	 */
	public JdkStreamConnector(Supplier<HttpClient> calls, Function<Executor, HttpClient> streams) {
		ExecutorService connecting = Executors.newCachedThreadPool(
				IsolatedThreadFactory.daemons("requence-connecting", JdkStreamConnector.class.getClassLoader()));
		this.streams = new SharedClient(() -> streams.apply(new StreamExecutor(connecting)), null, true);
		this.calls = new SharedClient(calls, KEPT, true);
	}

	@Override
	public Mono<ClientHttpResponse> connect(HttpMethod method, URI uri,
			Function<? super ClientHttpRequest, Mono<Void>> requestCallback) {
		JdkStreamRequest request = new JdkStreamRequest(method, uri);
		return requestCallback.apply(request).then(Mono.defer(() -> send(request)));
	}

	private Mono<ClientHttpResponse> send(JdkStreamRequest request) {
		if (request.isLarge()) {
			return sendLarge(request);
		}
		boolean stream = MediaType.TEXT_EVENT_STREAM_VALUE.equals(request.getHeaders().getFirst(HttpHeaders.ACCEPT));
		return exchange(request, stream ? this.streams : this.calls, request.body(), false);
	}

	private Mono<ClientHttpResponse> sendLarge(JdkStreamRequest request) {
		RequestBody announced = request.body();
		Mono<Long> silence = Mono.delay(CONTINUE_TIMEOUT, Schedulers.boundedElastic())
			.filter((tick) -> announced.abandon())
			.switchIfEmpty(Mono.never());
		return exchange(request, this.calls, announced, true).takeUntilOther(silence).flatMap((response) -> {
			if (response.getStatusCode().value() != HttpStatus.EXPECTATION_FAILED.value() || !announced.abandon()) {
				return Mono.just(response);
			}
			cancel(response);
			return Mono.empty();
		}).switchIfEmpty(Mono.defer(() -> exchange(request, this.calls, request.body(), false)));
	}

	private static void cancel(ClientHttpResponse response) {
		response.getBody().subscribe(DataBufferUtils::release, (ex) -> {
		}).dispose();
	}

	@SuppressWarnings("FutureReturnValueIgnored")
	private Mono<ClientHttpResponse> exchange(JdkStreamRequest request, SharedClient shared, RequestBody requestBody,
			boolean expectContinue) {
		return Mono.create((sink) -> {
			HttpClient client = shared.get();
			CancellableBody body = new CancellableBody(client.executor().orElse(null));
			StreamSubscriber.closeWithStream(sink.contextView(), body::cancel);
			CompletableFuture<HttpResponse<Flow.Publisher<List<ByteBuffer>>>> exchange = client
				.sendAsync(request.attempt(requestBody, expectContinue), (response) -> body);
			sink.onCancel(() -> {
				shared.ended(client, false);
				body.cancel();
				exchange.cancel(true);
				requestBody.cancel();
			});
			exchange.whenComplete((response, failure) -> {
				// The server may still wait for a body that was announced and not sent
				shared.ended(client, response != null && !(expectContinue && requestBody.abandon()));
				this.otherAddresses.check(request.getURI(), failure);
				pass(response, failure, body, sink);
			});
		});
	}

	private static void pass(@Nullable HttpResponse<Flow.Publisher<List<ByteBuffer>>> response,
			@Nullable Throwable failure, CancellableBody body, MonoSink<ClientHttpResponse> sink) {
		if (response != null) {
			sink.success(new JdkStreamResponse(response));
		}
		// Reactor would log an error that is not waited for any more
		else if (failure != null && !body.isCancelled()) {
			sink.error((failure instanceof CompletionException && failure.getCause() != null) ? failure.getCause()
					: failure);
		}
	}

	/**
	 * A client that is used until one of its connections may be a dead one.
	 */
	private static final class SharedClient {

		private final Supplier<HttpClient> clients;

		private final @Nullable Duration kept;

		private final boolean endsClients;

		private @Nullable HttpClient current;

		private long created;

		/**
		 * Create a client.
		 * @param kept how long connections may be reused; {@code null} if they must not
		 * @param endsClients whether clients are created for this connector alone
		 */
		SharedClient(Supplier<HttpClient> clients, @Nullable Duration kept, boolean endsClients) {
			this.clients = clients;
			this.kept = kept;
			this.endsClients = endsClients;
		}

		synchronized HttpClient get() {
			long now = System.nanoTime();
			HttpClient client = this.current;
			if (client == null || (this.kept != null && now - this.created >= this.kept.toNanos())) {
				end(client);
				client = this.clients.get();
				this.current = client;
				this.created = now;
			}
			return client;
		}

		/**
		 * An attempt has ended. After a response its connection may be reused by the next
		 * one; without a response the other connections may be as dead as this one.
		 */
		synchronized void ended(HttpClient client, boolean withResponse) {
			if (this.current == client && withResponse == (this.kept == null)) {
				this.current = null;
				end(client);
			}
		}

		/**
		 * Java 21 and later can end a client once its exchanges have ended; before that
		 * it ends when it is garbage.
		 */
		private void end(@Nullable HttpClient client) {
			Method shutdown = this.endsClients ? ReflectionUtils.findMethod(HttpClient.class, "shutdown") : null;
			if (client != null && shutdown != null) {
				ReflectionUtils.invokeMethod(shutdown, client);
			}
		}

	}

	/**
	 * The body of a response, cancelled also if the response crosses the cancellation of
	 * its exchange: the connection would stay open without a reader.
	 */
	private static final class CancellableBody
			implements HttpResponse.BodySubscriber<Flow.Publisher<List<ByteBuffer>>> {

		private final HttpResponse.BodySubscriber<Flow.Publisher<List<ByteBuffer>>> body = HttpResponse.BodySubscribers
			.ofPublisher();

		private final @Nullable Executor executor;

		private Flow.@Nullable Subscription subscription;

		private boolean cancelled;

		CancellableBody(@Nullable Executor executor) {
			this.executor = executor;
		}

		@Override
		public CompletionStage<Flow.Publisher<List<ByteBuffer>>> getBody() {
			return this.body.getBody();
		}

		@Override
		public void onSubscribe(Flow.Subscription subscription) {
			if (!accept(subscription)) {
				subscription.cancel();
			}
			this.body.onSubscribe(subscription);
		}

		private synchronized boolean accept(Flow.Subscription subscription) {
			this.subscription = subscription;
			return !this.cancelled;
		}

		void cancel() {
			Flow.Subscription subscription = cancelled();
			if (subscription != null) {
				subscription.cancel();
			}
		}

		private synchronized Flow.@Nullable Subscription cancelled() {
			this.cancelled = true;
			return this.subscription;
		}

		synchronized boolean isCancelled() {
			return this.cancelled;
		}

		@Override
		public void onNext(List<ByteBuffer> buffers) {
			if (this.executor instanceof StreamExecutor stream) {
				stream.started();
			}
			this.body.onNext(buffers);
		}

		@Override
		public void onError(Throwable failure) {
			this.body.onError(failure);
		}

		@Override
		public void onComplete() {
			this.body.onComplete();
		}

	}

}
