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
package cloud.requence.samples.dashboard.alerts;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.scheduling.concurrent.CustomizableThreadFactory;

/**
 * Asks the database of the history, and knows since when it does not answer. The calls
 * have a thread of their own: a database behind a broken network may never answer, and
 * must not hold up the notices that do not need it.
 */
class HistoryLine implements AutoCloseable {

	private static final Logger logger = LoggerFactory.getLogger(HistoryLine.class);

	private final ExecutorService thread = Executors.newSingleThreadExecutor(daemons());

	private final Duration patience;

	private final Clock clock;

	/** Used by the thread of the checks. */
	private @Nullable Future<?> unanswered;

	private volatile @Nullable Instant goneSince;

	HistoryLine(Duration patience, Clock clock) {
		this.patience = patience;
		this.clock = clock;
	}

	private static ThreadFactory daemons() {
		CustomizableThreadFactory factory = new CustomizableThreadFactory("dashboard-alerts-");
		factory.setDaemon(true);
		return factory;
	}

	/**
	 * Return since when the database does not answer.
	 * @return the time; {@code null} if the last call was answered
	 */
	@Nullable Instant goneSince() {
		return this.goneSince;
	}

	/**
	 * Ask the database.
	 * @param <T> the type of the answer
	 * @param call asks it
	 * @return the answer; {@code null} if there is none
	 */
	<T> @Nullable T ask(Callable<T> call) {
		if (this.unanswered != null && !this.unanswered.isDone()) {
			gone("an earlier call is not answered yet");
			return null;
		}
		try {
			Future<T> answer = this.thread.submit(call);
			this.unanswered = answer;
			return answer.get(this.patience.toMillis(), TimeUnit.MILLISECONDS);
		}
		catch (TimeoutException ex) {
			gone("no answer in " + this.patience.toSeconds() + " s");
		}
		catch (ExecutionException ex) {
			gone(String.valueOf(ex.getCause()));
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
		catch (RejectedExecutionException ex) {
			// The application stops
		}
		return null;
	}

	/**
	 * Remember that all calls of a check were answered.
	 */
	void answered() {
		Instant since = this.goneSince;
		if (since != null) {
			this.goneSince = null;
			logger.info("The history is available again, which it was not since {}", since);
		}
	}

	private void gone(String reason) {
		if (this.goneSince == null) {
			this.goneSince = this.clock.instant();
			logger.warn("The history is unavailable, so that rules about tasks are not applied: {}", reason);
		}
		else {
			logger.debug("The history is still unavailable: {}", reason);
		}
	}

	/**
	 * Take no more calls. H2 closes the file of a thread that is interrupted.
	 */
	@Override
	public void close() {
		this.thread.shutdown();
	}

}
