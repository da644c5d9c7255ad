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

package cloud.requence.task.checkpoint;

import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.util.backoff.BackOff;
import org.springframework.util.backoff.BackOffExecution;
import org.springframework.util.backoff.ExponentialBackOff;

import cloud.requence.task.support.LogText;

/**
 * Failures to save in a row: the first one is logged at WARN, and each makes the next
 * attempt later.
 */
final class SaveFailures {

	private static final Log logger = LogFactory.getLog(SaveFailures.class);

	private static final BackOff BACK_OFF = backOff();

	private final String watcher;

	private final String place;

	private final LongSupplier nanoTime;

	private int count;

	private BackOffExecution delays = BACK_OFF.start();

	private long nextAttempt;

	private volatile @Nullable String last;

	SaveFailures(String watcher, String place, LongSupplier nanoTime) {
		this.watcher = watcher;
		this.place = place;
		this.nanoTime = nanoTime;
	}

	private static BackOff backOff() {
		ExponentialBackOff backOff = new ExponentialBackOff(1000, 2);
		backOff.setMaxInterval(32_000);
		return backOff;
	}

	synchronized void add(Throwable failure) {
		this.nextAttempt = this.nanoTime.getAsLong() + TimeUnit.MILLISECONDS.toNanos(this.delays.nextBackOff());
		this.last = failure.getClass().getSimpleName();
		String message = LogText.watcher(this.watcher) + ": the checkpoint in " + this.place
				+ " could not be saved. The next attempt follows; after a crash, updates that are delivered until then"
				+ " are delivered again";
		if (this.count++ == 0) {
			logger.warn(message, failure);
		}
		else {
			logger.debug(message, failure);
		}
	}

	synchronized void clear() {
		if (this.count > 0) {
			logger.info(LogText.watcher(this.watcher) + ": the checkpoint in " + this.place + " is saved again after "
					+ this.count + " failures");
		}
		this.count = 0;
		this.delays = BACK_OFF.start();
		this.last = null;
	}

	/**
	 * The store works as far as is known: the next attempt need not wait for the time
	 * that the failures before have led to.
	 */
	synchronized void tryAgainAtOnce() {
		this.delays = BACK_OFF.start();
		this.nextAttempt = this.nanoTime.getAsLong();
	}

	synchronized boolean isTimeToTryAgain() {
		return this.count == 0 || this.nanoTime.getAsLong() - this.nextAttempt >= 0;
	}

	/**
	 * Return the last failure.
	 * @return its kind; {@code null} if the last attempt has succeeded
	 */
	@Nullable String last() {
		return this.last;
	}

}
