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

package cloud.requence.task.support;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/**
 * The pauses between a few attempts in a row, within a second or two: each is longer than
 * the one before, and random, so that several instances do not stay in step.
 */
public final class ShortBackOff {

	private static final double MULTIPLIER = 1.5;

	private final long maxDelay;

	private long delay;

	private int pauses;

	/**
	 * Create the pauses.
	 * @param pauses how many there are
	 * @param firstDelay the longest time of the first
	 * @param maxDelay the longest time of any
	 */
	public ShortBackOff(int pauses, Duration firstDelay, Duration maxDelay) {
		this.pauses = pauses;
		this.delay = firstDelay.toNanos();
		this.maxDelay = maxDelay.toNanos();
	}

	/**
	 * Wait until the next attempt.
	 * @return {@code false} if there is none, or if the thread was interrupted
	 */
	public boolean pause() {
		if (this.pauses-- <= 0) {
			return false;
		}
		long current = ThreadLocalRandom.current().nextLong(this.delay / 2, this.delay + 1);
		this.delay = Math.min(this.maxDelay, (long) (this.delay * MULTIPLIER) + 1);
		try {
			// Ends early by an interrupt alone
			return !new CountDownLatch(1).await(current, TimeUnit.NANOSECONDS);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			return false;
		}
	}

}
