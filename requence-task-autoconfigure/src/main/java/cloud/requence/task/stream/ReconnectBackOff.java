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

import java.time.Duration;
import java.util.function.DoubleSupplier;

import org.jspecify.annotations.Nullable;

import org.springframework.util.Assert;

/**
 * How long to wait before the next attempt to connect. Immutable: growing and resetting
 * return a successor.
 *
 * @param first the first delay
 * @param max the longest delay
 * @param multiplier by how much a delay is longer than the one before
 * @param jitter by which ratio a delay is varied, 0 to 1
 * @param current the delay that is next, before it is varied
 */
public record ReconnectBackOff(Duration first, Duration max, double multiplier, double jitter, Duration current) {

	/**
	 * Return the back-off that is the default: from a second to 30, doubled with each
	 * failure, with a jitter of one half.
	 * @return the back-off
	 */
	public static ReconnectBackOff standard() {
		return of(Duration.ofSeconds(1), Duration.ofSeconds(30), 2, 0.5);
	}

	/**
	 * Create a back-off that starts with its first delay.
	 * @param first the first delay, longer than zero
	 * @param max the longest delay
	 * @param multiplier by how much a delay is longer than the one before, at least one
	 * @param jitter by which ratio a delay is varied, 0 to 1
	 * @return the back-off
	 */
	public static ReconnectBackOff of(Duration first, Duration max, double multiplier, double jitter) {
		Assert.isTrue(first.compareTo(Duration.ZERO) > 0, "'delay' must be longer than zero");
		Assert.isTrue(max.compareTo(first) >= 0, "'maxDelay' must not be shorter than 'delay'");
		Assert.isTrue(multiplier >= 1, "'multiplier' must be at least 1");
		Assert.isTrue(jitter >= 0 && jitter <= 1, "'jitter' must be between 0 and 1");
		return new ReconnectBackOff(first, max, multiplier, jitter, first);
	}

	/**
	 * Return the back-off after one more failure.
	 * @return a back-off with a longer delay, up to the longest
	 */
	public ReconnectBackOff grown() {
		double millis = Math.min(this.current.toMillis() * this.multiplier, this.max.toMillis());
		return withCurrent(Duration.ofMillis((long) millis));
	}

	/**
	 * Return the back-off after a connection that was good for something.
	 * @return a back-off with the first delay
	 */
	public ReconnectBackOff reset() {
		return withCurrent(this.first);
	}

	/**
	 * Return the delay that is next.
	 * @param advised what the platform advises; {@code null} if nothing. It can only
	 * prolong the delay, and not beyond the longest
	 * @param random gives numbers from 0 to 1
	 * @return the delay, varied at random, never longer than the longest
	 */
	public Duration next(@Nullable Duration advised, DoubleSupplier random) {
		double chance = random.getAsDouble();
		double millis = this.current.toMillis() * (1 + this.jitter * (2 * chance - 1));
		if (advised != null) {
			// Never sooner than advised, and not all clients at once
			millis = Math.max(millis, advised.toMillis() + this.current.toMillis() * this.jitter * chance);
		}
		return Duration.ofMillis((long) Math.max(1, Math.min(millis, this.max.toMillis())));
	}

	private ReconnectBackOff withCurrent(Duration delay) {
		return new ReconnectBackOff(this.first, this.max, this.multiplier, this.jitter, delay);
	}

}
