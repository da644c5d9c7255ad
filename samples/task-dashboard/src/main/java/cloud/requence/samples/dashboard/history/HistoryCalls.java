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

package cloud.requence.samples.dashboard.history;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeoutException;

import cloud.requence.samples.dashboard.web.ProblemException;
import cloud.requence.samples.dashboard.web.Problems;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

import org.springframework.dao.DataAccessException;
import org.springframework.dao.QueryTimeoutException;
import org.springframework.http.HttpStatus;
import org.springframework.transaction.TransactionException;

/**
 * Runs queries on threads of their own, so that a slow one holds up nothing else. A few
 * run at a time, and a few more wait.
 */
public class HistoryCalls implements AutoCloseable {

	private static final int THREADS = 4;

	private static final int WAITING = 100;

	private final Duration patience;

	private final Scheduler scheduler = Schedulers.newBoundedElastic(THREADS, WAITING / THREADS, "dashboard-history",
			60, true);

	/**
	 * Create calls.
	 * @param patience the longest time until a query is answered, in case of a database
	 * that does not notice its own timeout
	 */
	HistoryCalls(Duration patience) {
		this.patience = patience;
	}

	/**
	 * Run a query.
	 * @param <T> the type of its result
	 * @param query blocks its thread
	 * @return the result
	 */
	public <T> Mono<T> call(Callable<T> query) {
		return Mono.fromCallable(query)
			.subscribeOn(this.scheduler)
			.timeout(this.patience)
			.onErrorMap(TimeoutException.class,
					(ex) -> new ProblemException(HttpStatus.SERVICE_UNAVAILABLE, Problems.NO_DATABASE))
			.onErrorMap(QueryTimeoutException.class,
					(ex) -> new ProblemException(HttpStatus.SERVICE_UNAVAILABLE,
							"The search takes too long. Choose a shorter time or a name."))
			.onErrorMap((ex) -> ex instanceof DataAccessException || ex instanceof TransactionException,
					(ex) -> new ProblemException(HttpStatus.SERVICE_UNAVAILABLE, Problems.NO_DATABASE))
			.onErrorMap(RejectedExecutionException.class, (ex) -> new ProblemException(HttpStatus.SERVICE_UNAVAILABLE,
					"Too many searches are running. Try again later."));
	}

	Scheduler scheduler() {
		return this.scheduler;
	}

	@Override
	public void close() {
		this.scheduler.dispose();
	}

}
