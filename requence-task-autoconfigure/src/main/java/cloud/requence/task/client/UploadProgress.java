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

import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;

import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

import cloud.requence.task.stream.ConnectionFailure;
import cloud.requence.task.stream.ConnectionFailure.Kind;
import cloud.requence.task.stream.StreamFailedException;

/**
 * Detects an upload that makes no progress because the receiver does not read. A source
 * without data is waited for.
 */
final class UploadProgress {

	private static final int CHECKS = 4;

	private final Duration timeout;

	private final AtomicLong wanted = new AtomicLong();

	private final ConnectionFailure standstill;

	private final Sinks.Empty<Void> failed = Sinks.empty();

	private volatile boolean ended;

	private volatile boolean complete;

	private volatile long lastSign = System.nanoTime();

	UploadProgress(Duration timeout) {
		this.timeout = timeout;
		this.standstill = new ConnectionFailure(Kind.SILENT,
				"The host has stopped reading, and no response was received."
						+ " It may have refused what is sent: not every HTTP client reads a response before all is sent");
	}

	<T> Flux<T> observe(Publisher<T> content) {
		return Flux.from(content).doOnRequest((count) -> {
			this.lastSign = System.nanoTime();
			this.wanted.accumulateAndGet(count, UploadProgress::addCapped);
		}).doOnNext((sent) -> {
			this.lastSign = System.nanoTime();
			this.wanted.updateAndGet((count) -> (count == Long.MAX_VALUE) ? count : count - 1);
		}).doOnTerminate(() -> {
			// From here on only the answer is missing
			this.complete = true;
			this.lastSign = System.nanoTime();
			this.wanted.set(0);
		}).takeUntilOther(this.failed.asMono()).concatWith(Mono.defer(this::failure));
	}

	private static long addCapped(long left, long right) {
		long sum = left + right;
		return (sum < 0) ? Long.MAX_VALUE : sum;
	}

	/**
	 * Fail a call that makes no progress, and end the content of a call that fails.
	 * @param <T> the type of its result
	 * @param call the call
	 * @return the call, failing if it makes no progress
	 */
	<T> Mono<T> limit(Mono<T> call) {
		Mono<T> standstill = Flux.interval(this.timeout.dividedBy(CHECKS))
			.onBackpressureDrop()
			.filter((tick) -> this.wanted.get() == 0 && System.nanoTime() - this.lastSign > this.timeout.toNanos())
			.next()
			.flatMap((tick) -> Mono.error(
					this.complete ? new TimeoutException("No response") : new StreamFailedException(this.standstill)));
		// Not each client stops reading the content of a call that has failed
		return Mono.firstWithSignal(call, standstill).doOnError((ex) -> endContent()).doOnCancel(this::endContent);
	}

	private void endContent() {
		this.ended = true;
		this.failed.tryEmitEmpty();
	}

	/**
	 * What only ended would be taken for complete.
	 */
	private <T> Mono<T> failure() {
		return this.ended ? Mono.error(new CancellationException("The upload has failed")) : Mono.empty();
	}

}
