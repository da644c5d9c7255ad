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

package cloud.requence.samples.dashboard;

import java.time.Duration;
import java.util.function.Supplier;

import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

import org.springframework.context.event.ContextClosedEvent;
import org.springframework.context.event.EventListener;

/**
 * Streams the board to browsers. Each one has messages made for it only when it has taken
 * the one before, and not more often than a person can follow: a slow browser gets fewer,
 * larger messages, and nothing is stored for it.
 */
class BoardUpdates {

	private static final Duration INTERVAL = Duration.ofMillis(200);

	private final Supplier<BoardSubscription> subscriptions;

	private final Sinks.Empty<Void> closed = Sinks.empty();

	BoardUpdates(Supplier<BoardSubscription> subscriptions) {
		this.subscriptions = subscriptions;
	}

	/**
	 * Return the messages for one browser.
	 * @return a flux of publishers, each of which makes its message when it is subscribed
	 * to, and may have none; to be subscribed to one after another
	 */
	Flux<Mono<BoardMessage>> stream() {
		return Flux.defer(() -> {
			BoardSubscription subscription = this.subscriptions.get();
			Mono<BoardMessage> message = Mono.fromSupplier(subscription::next);
			return Flux.concat(Mono.just(message), Flux.just(Mono.delay(INTERVAL).then(message)).repeat())
				.takeUntilOther(this.closed.asMono());
		});
	}

	// The server waits for open requests, and these would never end
	@EventListener(ContextClosedEvent.class)
	void close() {
		this.closed.tryEmitEmpty();
	}

}
