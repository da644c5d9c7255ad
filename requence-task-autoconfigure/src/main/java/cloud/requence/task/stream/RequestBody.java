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

import java.net.http.HttpRequest;
import java.nio.ByteBuffer;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicReference;

import reactor.adapter.JdkFlowAdapter;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/**
 * The body of one attempt to send a request. Either the client asks for it, or the
 * attempt is abandoned before: never both, so that a body that can be read only once is
 * still complete for the next attempt.
 */
final class RequestBody {

	private enum State {

		WAITING, SENT, ABANDONED

	}

	private final AtomicReference<State> state = new AtomicReference<>(State.WAITING);

	private final Sinks.Empty<Void> end = Sinks.empty();

	private volatile boolean cancelled;

	private final HttpRequest.BodyPublisher publisher;

	/**
	 * Create a body.
	 * @param content the content
	 * @param length its length in bytes, negative if it is not known
	 */
	RequestBody(Flux<ByteBuffer> content, long length) {
		// The client fails if a body ends before it has asked for anything
		Mono<ByteBuffer> asked = Mono.create((sink) -> sink.onRequest((count) -> {
			if (send()) {
				sink.success();
			}
			else {
				sink.error(new CancellationException("The attempt was abandoned"));
			}
		}));
		Flux<ByteBuffer> body = Flux.concat(asked, content)
			.takeUntilOther(this.end.asMono())
			.concatWith(Mono.defer(this::failure));
		this.publisher = (length > 0)
				? HttpRequest.BodyPublishers.fromPublisher(JdkFlowAdapter.publisherToFlowPublisher(body), length)
				: HttpRequest.BodyPublishers.fromPublisher(JdkFlowAdapter.publisherToFlowPublisher(body));
	}

	HttpRequest.BodyPublisher publisher() {
		return this.publisher;
	}

	private boolean send() {
		return this.state.compareAndSet(State.WAITING, State.SENT) || this.state.get() == State.SENT;
	}

	/**
	 * Abandon the attempt unless the client has asked for the body.
	 * @return whether it is abandoned
	 */
	boolean abandon() {
		return this.state.compareAndSet(State.WAITING, State.ABANDONED) || this.state.get() == State.ABANDONED;
	}

	/**
	 * Release the content. The client does not if its exchange is cancelled after a
	 * {@code 100 Continue}.
	 */
	void cancel() {
		this.cancelled = true;
		this.end.tryEmitEmpty();
	}

	/**
	 * A body that only ended would be taken for complete.
	 */
	private Mono<ByteBuffer> failure() {
		return this.cancelled ? Mono.error(new CancellationException("The request was cancelled")) : Mono.empty();
	}

}
