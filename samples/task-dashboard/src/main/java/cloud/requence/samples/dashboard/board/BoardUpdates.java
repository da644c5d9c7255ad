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

package cloud.requence.samples.dashboard.board;

import java.time.Duration;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.Supplier;

import reactor.core.publisher.Flux;
import reactor.core.publisher.Sinks;

import org.springframework.context.event.ContextClosedEvent;
import org.springframework.context.event.EventListener;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferUtils;
import org.springframework.util.Assert;

/**
 * Streams the board to browsers. Each one has messages made for it only when it has taken
 * the one before, and not more often than a person can follow: a slow browser gets fewer,
 * larger messages, and nothing is stored for it.
 */
class BoardUpdates {

	private final Supplier<BoardSubscription> subscriptions;

	private final Duration interval;

	private final Sinks.Empty<Void> closed = Sinks.empty();

	BoardUpdates(Supplier<BoardSubscription> subscriptions, Duration interval) {
		Assert.isTrue(interval.compareTo(Duration.ZERO) > 0, "dashboard.update-interval must be positive");
		this.subscriptions = subscriptions;
		this.interval = interval;
	}

	/**
	 * Return the messages for one browser.
	 * @param ended whether the browser's session has ended, as by a logout
	 * @param encoder turns a message into the bytes to write
	 * @return a flux of messages that ends with the session and the application; each is
	 * to be released when it is written
	 */
	Flux<DataBuffer> stream(BooleanSupplier ended, Function<BoardMessage, DataBuffer> encoder) {
		return Flux.defer(() -> {
			BoardSubscription subscription = this.subscriptions.get();
			Outbox outbox = new Outbox();
			return Flux.interval(Duration.ZERO, this.interval)
				.onBackpressureDrop()
				.takeUntilOther(this.closed.asMono())
				.takeWhile((tick) -> !ended.getAsBoolean())
				.filter((tick) -> outbox.isEmpty())
				.mapNotNull((tick) -> subscription.next())
				.map((message) -> outbox.put(encoder.apply(message)))
				.doOnDiscard(DataBuffer.class, DataBufferUtils::release);
		});
	}

	// The server waits for open requests, and these would never end
	@EventListener(ContextClosedEvent.class)
	void close() {
		this.closed.tryEmitEmpty();
	}

}
