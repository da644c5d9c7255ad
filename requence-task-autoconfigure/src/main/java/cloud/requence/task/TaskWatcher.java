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

package cloud.requence.task;

import java.time.Duration;
import java.util.Collection;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;

import org.springframework.beans.factory.DisposableBean;
import org.springframework.context.SmartLifecycle;
import org.springframework.core.retry.RetryPolicy;
import org.springframework.http.client.reactive.ClientHttpConnector;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.util.unit.DataSize;
import org.springframework.web.reactive.function.client.WebClient;

/**
 * Watches all tasks: holds one connection to the platform's stream of updates, reconnects
 * when it is interrupted, and delivers every update at least once and in order.
 * <p>
 * All methods may be called from any thread, also from a listener.
 */
public interface TaskWatcher extends SmartLifecycle, DisposableBean {

	/**
	 * The phase of a watcher unless another is set: it starts after web servers and stops
	 * before them.
	 */
	int DEFAULT_PHASE = Integer.MAX_VALUE - 100;

	/**
	 * Return the name of this watcher.
	 * @return the name
	 */
	String name();

	/**
	 * Start watching, and return immediately: connections are opened in the background.
	 * Does nothing if the watcher is running. If a listener still handles an update of
	 * the previous run in a transaction, watching begins when that has ended.
	 */
	@Override
	void start();

	/**
	 * Stop watching. Waits for the update in progress, but no longer than the shutdown
	 * timeout of the listeners, and not at all if a listener calls it. Updates that were
	 * received but not delivered are delivered after the next start.
	 */
	@Override
	void stop();

	/**
	 * Stop watching for good, and end the flux of updates. If a listener calls this, the
	 * updates handled before are saved and acknowledged.
	 */
	@Override
	void destroy();

	/**
	 * Close the connection and suspend the delivery after the update in progress. The
	 * position is kept. A watcher that is not running or stands by does not connect until
	 * {@link #resume()} is called.
	 */
	void pause();

	/**
	 * Resume after {@link #pause()}. Does nothing unless the watcher is paused.
	 */
	void resume();

	/**
	 * Return the state of this watcher, from memory only.
	 * @return the status at this moment
	 */
	TaskWatcherStatus status();

	/**
	 * Return the updates as they are delivered. A subscriber receives the updates that
	 * are delivered after it has subscribed. A slow subscriber slows down the delivery;
	 * one that fails does not affect the others. The flux ends when the watcher is
	 * destroyed.
	 * <p>
	 * A subscriber that requests no more updates blocks the delivery until it cancels its
	 * subscription; after ten seconds the log names it. To read synchronously use
	 * {@code try (Stream<TaskUpdate> updates = watcher.updates().toStream())}: closing
	 * the stream cancels. An iteration over {@link Flux#toIterable()} that is left early
	 * does not.
	 * @return a hot flux of updates, emitting on the delivery thread
	 */
	Flux<TaskUpdate> updates();

	/**
	 * Acknowledge the end of a task, in the background and with retries. With a
	 * checkpoint store and {@link AckMode#MANUAL}, the checkpoint waits for this call,
	 * and the acknowledgement is sent when its delivery is durable. An instance that
	 * stands by sends it at once.
	 * @param taskId the identifier of the task
	 * @throws RequenceTaskException if too many acknowledgements are waiting, or if the
	 * watcher is not running
	 */
	void acknowledge(String taskId);

	/**
	 * What a watcher does if the platform repeatedly refuses to resume at a position, for
	 * example because it no longer has the updates after it.
	 */
	enum OnRefusedPosition {

		/**
		 * Resume with the updates since the newest that was received, and publish a
		 * {@link TaskWatcherGapEvent}.
		 */
		RESUME_BY_TIME,

		/**
		 * Stop the watcher.
		 */
		STOP

	}

	/**
	 * Builds a {@link TaskWatcher}. Not safe for use by several threads.
	 */
	interface Builder {

		/**
		 * Use another access token.
		 * @param accessToken the token, as the platform issued it
		 * @return this builder
		 */
		Builder accessToken(String accessToken);

		/**
		 * Use an access token that may change while the application runs.
		 * @param accessToken called before every attempt to connect, and every few
		 * minutes after the token was refused
		 * @return this builder
		 */
		Builder accessToken(Supplier<AccessToken> accessToken);

		/**
		 * Use another address of the platform than the one in the access token.
		 * @param baseUrl the address, {@code null} for the one in the token
		 * @return this builder
		 */
		Builder baseUrl(@Nullable String baseUrl);

		/**
		 * Send the requests with another client. Connection, read timeout, redirects and
		 * compression are set by the watcher in any case.
		 * @param builder the builder of the client, which is copied
		 * @return this builder
		 */
		Builder webClient(WebClient.Builder builder);

		/**
		 * Use another connector than the one of the client.
		 * @param connector the connector; it must neither follow redirects nor have a
		 * read timeout
		 * @return this builder
		 */
		Builder connector(ClientHttpConnector connector);

		/**
		 * Set where to begin when no position is known.
		 * @param since {@code now}, an ISO-8601 instant, or a duration before now such as
		 * {@code 2h}
		 * @return this builder
		 */
		Builder since(String since);

		/**
		 * Set whether the watcher starts with the application.
		 * @param autoStartup whether to start
		 * @return this builder
		 */
		Builder autoStartup(boolean autoStartup);

		/**
		 * Set when the watcher starts and stops with the application.
		 * @param phase the phase
		 * @return this builder
		 */
		Builder phase(int phase);

		/**
		 * Set the handler that receives the updates. Without a handler they are published
		 * as events.
		 * @param handler the handler
		 * @return this builder
		 */
		Builder handler(TaskUpdateHandler handler);

		/**
		 * Set what follows a failed delivery, in place of the retry policy.
		 * @param errorHandler the error handler
		 * @return this builder
		 */
		Builder errorHandler(TaskUpdateErrorHandler errorHandler);

		/**
		 * Set how failed deliveries are retried.
		 * @param retryPolicy how often and how soon
		 * @param onFailure what to do when the retries are exhausted
		 * @return this builder
		 */
		default Builder retry(RetryPolicy retryPolicy, TaskUpdateErrorHandler.OnFailure onFailure) {
			return errorHandler(TaskUpdateErrorHandler.retrying(retryPolicy, onFailure));
		}

		/**
		 * Set what stores an update before it is skipped.
		 * @param deadLetterHandler stores updates whose retries are exhausted
		 * @return this builder
		 */
		Builder deadLetterHandler(DeadLetterHandler deadLetterHandler);

		/**
		 * Set a filter for the updates to deliver, in addition to types and completeness.
		 * @param filter the filter
		 * @return this builder
		 */
		Builder filter(TaskUpdateFilter filter);

		/**
		 * Set the types of the updates to deliver.
		 * @param types the types; empty for all
		 * @return this builder
		 */
		Builder only(Collection<UpdateType> types);

		/**
		 * Set whether to filter out the updates of tasks whose start was not seen.
		 * @param skipIncomplete whether to filter them out
		 * @return this builder
		 */
		Builder skipIncomplete(boolean skipIncomplete);

		/**
		 * Set how long to wait for the headers of a response. The headers of a stream may
		 * take four times as long.
		 * @param timeout the timeout
		 * @return this builder
		 */
		Builder responseTimeout(Duration timeout);

		/**
		 * Set the time without a byte after which a connection counts as lost.
		 * @param timeout the timeout
		 * @return this builder
		 */
		Builder idleTimeout(Duration timeout);

		/**
		 * Set the maximum size of an event. A larger event is skipped.
		 * @param size the size
		 * @return this builder
		 */
		Builder maxEventSize(DataSize size);

		/**
		 * Set the age at which a healthy connection is renewed, plus or minus a fifth.
		 * @param maxAge the age, {@code null} to keep connections open
		 * @return this builder
		 */
		Builder maxAge(@Nullable Duration maxAge);

		/**
		 * Set how long to wait between attempts to connect.
		 * @param delay the first delay
		 * @param maxDelay the longest delay
		 * @param multiplier by how much a delay is longer than the one before
		 * @param jitter by which ratio a delay is varied at random, 0 to 1
		 * @return this builder
		 */
		Builder reconnect(Duration delay, Duration maxDelay, double multiplier, double jitter);

		/**
		 * Set how long to wait after the access token was refused.
		 * @param delay the delay
		 * @return this builder
		 */
		Builder refusedDelay(Duration delay);

		/**
		 * Set what to do if the platform refuses to resume at a position.
		 * @param action what to do
		 * @return this builder
		 */
		Builder onRefusedPosition(OnRefusedPosition action);

		/**
		 * Set how many updates are delivered at the same time. With more than one, the
		 * updates of a root task and its sub-tasks are still delivered one after the
		 * other, in their order, while other tasks continue. Handlers, filters and error
		 * handlers are then called by several threads.
		 * @param concurrency the number of updates, 1 for the order of the stream
		 * @return this builder
		 */
		Builder concurrency(int concurrency);

		/**
		 * Set whether updates are delivered on virtual threads.
		 * @param virtualThreads whether to use virtual threads, on a JDK that has them
		 * @return this builder
		 */
		Builder virtualThreads(boolean virtualThreads);

		/**
		 * Set whether the logging context (MDC) of a delivery thread contains
		 * {@code requence.task.id}, {@code requence.task.name} and
		 * {@code requence.task.position} while an update is delivered. Requires SLF4J.
		 * @param mdc whether to set them, which is the default
		 * @return this builder
		 */
		Builder mdc(boolean mdc);

		/**
		 * Set how far the watcher may read ahead of the listeners.
		 * @param updates the highest number of updates
		 * @param size the highest size of updates and contexts; a larger update is read
		 * when it is the only one
		 * @return this builder
		 */
		Builder maxInFlight(int updates, DataSize size);

		/**
		 * Set how long a stop waits for the update that is being handled.
		 * @param timeout the timeout
		 * @return this builder
		 */
		Builder shutdownTimeout(Duration timeout);

		/**
		 * Set when ends of tasks are acknowledged.
		 * @param ackMode the mode
		 * @return this builder
		 */
		Builder ackMode(AckMode ackMode);

		/**
		 * Set the store for the checkpoint from which the next start resumes. Each
		 * watcher needs a separate store.
		 * @param store the store, {@code null} to begin at {@code since} with each start
		 * @return this builder
		 */
		Builder checkpointStore(@Nullable CheckpointStore store);

		/**
		 * Set how often a checkpoint is saved. Twice as many updates as are named here
		 * are delivered again after a crash at most, apart from those that others have
		 * overtaken.
		 * @param interval how long progress may wait until it is saved
		 * @param every how many updates may wait until they are saved
		 * @return this builder
		 */
		Builder checkpoint(Duration interval, int every);

		/**
		 * Handle each update in a transaction that saves the checkpoint as well. Requires
		 * a checkpoint store that takes part in it, a concurrency of 1, and another
		 * {@link AckMode} than {@link AckMode#MANUAL}.
		 * @param transactionManager the manager of the transactions, {@code null} for
		 * none
		 * @return this builder
		 */
		Builder transactionManager(@Nullable PlatformTransactionManager transactionManager);

		/**
		 * Let updates that wait share a transaction. If one of them fails, all are rolled
		 * back and handled one by one.
		 * @param size how many updates share a transaction at most, from 1 to 128
		 * @return this builder
		 */
		Builder transactionSize(int size);

		/**
		 * Add a monitor of the deliveries.
		 * @param monitor creates the monitor
		 * @return this builder
		 */
		Builder deliveryMonitor(DeliveryMonitor.Factory monitor);

		/**
		 * Set the leadership, which decides which instance of the application watches.
		 * @param leadership the leadership, {@code null} to watch in any case
		 * @return this builder
		 */
		Builder leadership(@Nullable Leadership leadership);

		/**
		 * Set the limits for the contexts of open tasks.
		 * @param maxSize the maximum size; above it the contexts without an update for
		 * the longest time are removed
		 * @param expireAfter the time without an update after which a context is removed
		 * @return this builder
		 */
		Builder context(DataSize maxSize, Duration expireAfter);

		/**
		 * Set what to do about tasks whose start was not seen. While a task is fetched
		 * from the platform, its updates wait, and other tasks may overtake it unless
		 * updates are handled in transactions.
		 * @param contextRecovery what to do
		 * @return this builder
		 */
		Builder contextRecovery(ContextRecovery contextRecovery);

		/**
		 * Set where files, streams and claim checks inside payloads may be fetched from,
		 * besides the host of the platform.
		 * @param allowedHosts further hosts: {@code host}, for the default port of http
		 * or https, or {@code host:port}
		 * @param maxSize the size of the largest file or claim check
		 * @param timeout how long to wait for a response, for a whole claim check, and
		 * for each further byte of a file or stream
		 * @return this builder
		 */
		Builder references(Collection<String> allowedHosts, DataSize maxSize, Duration timeout);

		/**
		 * Set the reader for the payloads of the updates. It replaces the default reader,
		 * which also fetches references.
		 * @param payloadReader the reader
		 * @return this builder
		 */
		Builder payloadReader(PayloadReader payloadReader);

		/**
		 * Build the watcher. Declare it as a bean, or call its lifecycle methods.
		 * @return the watcher, not started
		 * @throws InvalidAccessTokenException if the access token is missing or malformed
		 */
		TaskWatcher build();

	}

}
