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
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;

import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Notices when nobody takes what is sent: an upload may last long, but not stand still. A
 * source that has nothing to send is waited for.
 */
final class UploadProgress {

	private static final int CHECKS = 4;

	private final Duration timeout;

	private final AtomicLong wanted = new AtomicLong();

	private volatile long lastSign = System.nanoTime();

	UploadProgress(Duration timeout) {
		this.timeout = timeout;
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
			this.lastSign = System.nanoTime();
			this.wanted.set(0);
		});
	}

	private static long addCapped(long left, long right) {
		long sum = left + right;
		return (sum < 0) ? Long.MAX_VALUE : sum;
	}

	/**
	 * End a call that stands still.
	 * @param <T> the type of its result
	 * @param call the call
	 * @return the call, failing with a {@link TimeoutException} if it stands still
	 */
	<T> Mono<T> limit(Mono<T> call) {
		Mono<T> standstill = Flux.interval(this.timeout.dividedBy(CHECKS))
			.onBackpressureDrop()
			.filter((tick) -> this.wanted.get() == 0 && System.nanoTime() - this.lastSign > this.timeout.toNanos())
			.next()
			.flatMap((tick) -> Mono.error(new TimeoutException("Nothing was taken")));
		return Mono.firstWithSignal(call, standstill);
	}

}
