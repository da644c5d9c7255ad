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

package cloud.requence.task.watcher;

import java.time.Duration;
import java.util.function.DoubleSupplier;

import org.jspecify.annotations.Nullable;

import cloud.requence.task.stream.ConnectionFailure;
import cloud.requence.task.stream.ReconnectBackOff;

/**
 * How long to wait before the next attempt to connect: longer with each failure, but what
 * the platform advises. Guarded by the supervisor.
 */
final class ReconnectDelays {

	/**
	 * A stream that has lasted for so many first delays is a connection.
	 */
	private static final int DELAYS_OF_A_CONNECTION = 2;

	/**
	 * The pause before a stream is renewed is at most this part of its age.
	 */
	private static final int AGES_OF_A_PAUSE = 40;

	private final UpdatePipeline pipeline;

	private final DoubleSupplier random;

	private ReconnectBackOff backOff;

	ReconnectDelays(ReconnectBackOff backOff, UpdatePipeline pipeline, DoubleSupplier random) {
		this.backOff = backOff;
		this.pipeline = pipeline;
		this.random = random;
	}

	/**
	 * Begin with the first delay again.
	 */
	void reset() {
		this.backOff = this.backOff.reset();
	}

	/**
	 * Return whether a stream of this age is a connection.
	 */
	boolean isLasting(Duration age) {
		return age.compareTo(this.backOff.first().multipliedBy(DELAYS_OF_A_CONNECTION)) >= 0;
	}

	/**
	 * Return the delay after a failure that makes the next delay longer.
	 */
	Duration afterFailure(ConnectionFailure failure) {
		Duration delay = after(failure);
		this.backOff = this.backOff.grown();
		return delay;
	}

	/**
	 * Return the delay after a stream that was good has failed.
	 */
	Duration afterInterruption(ConnectionFailure failure) {
		reset();
		return after(failure);
	}

	private Duration after(ConnectionFailure failure) {
		Duration advised = (failure.retryAfter() != null) ? failure.retryAfter() : advised();
		return this.backOff.next(advised, this.random);
	}

	/**
	 * Return how long to wait after a stream that the platform has closed: no longer than
	 * a small part of its age, so that a platform that closes quiet streams every few
	 * seconds is watched nearly all of the time.
	 */
	Duration afterRotation(Duration age) {
		Duration advised = advised();
		Duration first = this.backOff.reset().next(advised, this.random);
		Duration share = age.dividedBy(AGES_OF_A_PAUSE);
		return (advised == null && isLasting(age) && share.compareTo(first) < 0) ? share : first;
	}

	private @Nullable Duration advised() {
		Long advised = this.pipeline.advisedDelay();
		return (advised != null) ? Duration.ofMillis(advised) : null;
	}

	/**
	 * Return after which time to renew a stream, so that many are not renewed at the same
	 * time.
	 */
	Duration age(Duration maxAge) {
		return Duration.ofMillis((long) (maxAge.toMillis() * (0.8 + 0.4 * this.random.getAsDouble())));
	}

}
