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

import java.net.URI;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.ThreadLocalRandom;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.SynchronousSink;
import reactor.core.scheduler.Schedulers;
import reactor.util.retry.Retry;

import cloud.requence.task.AccessToken;
import cloud.requence.task.RequenceTaskException;
import cloud.requence.task.TaskUpdate;
import cloud.requence.task.context.ContextAssembler;
import cloud.requence.task.context.RepeatDetector;
import cloud.requence.task.context.RepeatDetector.RepeatCheck;
import cloud.requence.task.stream.ConnectionFailure;
import cloud.requence.task.stream.ConnectionFailure.Kind;
import cloud.requence.task.support.Printable;
import cloud.requence.task.stream.RawUpdate;
import cloud.requence.task.stream.ReconnectBackOff;
import cloud.requence.task.stream.StreamFailedException;
import cloud.requence.task.stream.StreamRequest;
import cloud.requence.task.support.LogLimit;

/**
 * The updates of one task for one subscriber, decoded and completed like those of a
 * watcher, until the task has ended. An interrupted connection is resumed at the same
 * position.
 * <p>
 * State is touched by one connection at a time.
 */
final class TaskUpdates {

	private static final Log logger = LogFactory.getLog(TaskUpdates.class);

	private static final int REMEMBERED_UPDATES = 4096;

	private static final Duration FOREVER = Duration.ofMillis(Long.MAX_VALUE);

	private final WatchSettings settings;

	private final String taskId;

	private final URI address;

	private final RepeatDetector repeats = new RepeatDetector(REMEMBERED_UPDATES);

	private final ContextAssembler contexts;

	// Across all connections: each may deliver the same update again
	private final LogLimit warnings;

	private ReconnectBackOff backOff;

	private ConnectionUpdates received;

	private @Nullable Long position;

	private boolean ended;

	private TaskUpdates(WatchSettings settings, String taskId, URI address) {
		this.settings = settings;
		this.taskId = taskId;
		this.address = address;
		this.contexts = new ContextAssembler(settings.maxContextSize(), FOREVER, System::nanoTime);
		this.warnings = new LogLimit(logger, "Task " + taskId + ": warnings of its updates", System::nanoTime);
		this.backOff = settings.backOff();
		this.received = newConnection(false);
	}

	/**
	 * Follow a task.
	 * @param settings how to connect and to decode
	 * @param taskId the identifier of the task
	 * @param address where its updates are
	 * @return its updates, from the beginning for each subscriber, on threads that may
	 * block
	 */
	static Flux<TaskUpdate> of(WatchSettings settings, String taskId, URI address) {
		return Flux.defer(() -> new TaskUpdates(settings, taskId, address).follow())
			// Reading a payload may fetch, which must not hold up a thread of the client.
			// One at a time, so that the connection is not ahead of the subscriber
			.publishOn(Schedulers.boundedElastic(), 1);
	}

	private Flux<TaskUpdate> follow() {
		return Flux.defer(this::connect)
			// The token may have to be read from somewhere
			.subscribeOn(Schedulers.boundedElastic())
			.retryWhen(Retry.from((failures) -> failures.concatMap((signal) -> pause(signal.failure()))));
	}

	private Flux<TaskUpdate> connect() {
		moveTo(this.received.skippedPosition());
		this.received = newConnection(this.received.hasSkipped());
		AccessToken token = this.settings.accessToken().get();
		PlatformCalls.checkOrigin(this.address, token);
		ConnectionUpdates connection = this.received;
		return StreamFlux
			.of(this.settings.connector(), new StreamRequest(token, this.address, null, this.position), connection,
					this.settings.responseTimeout(), this.settings.idleTimeout())
			.flatMapIterable((updates) -> updates, 1)
			.<TaskUpdate>handle(this::accept)
			.takeUntil(this::isEnd)
			.concatWith(Mono.defer(this::checkEnded));
	}

	private ConnectionUpdates newConnection(boolean skipped) {
		return new ConnectionUpdates(this.taskId, this.settings.decoder(), this.settings.maxEventSize(), skipped,
				this.warnings);
	}

	private void accept(RawUpdate raw, SynchronousSink<TaskUpdate> sink) {
		RepeatCheck result = this.repeats.see(raw);
		if (result == RepeatCheck.REPEAT) {
			// No progress: back off from a platform that repeatedly closes the stream
			moveTo(raw.position());
			return;
		}
		this.backOff = this.backOff.reset();
		if (result == RepeatCheck.REGRESSED) {
			this.warnings.warn(
					"Task " + Printable.name(this.taskId) + ": the platform goes back to position " + raw.position(),
					null);
			this.position = raw.position();
		}
		moveTo(raw.position());
		sink.next(this.contexts.assemble(raw));
	}

	private void moveTo(@Nullable Long newPosition) {
		if (newPosition != null && (this.position == null || newPosition > this.position)) {
			this.position = newPosition;
		}
	}

	private boolean isEnd(TaskUpdate update) {
		this.ended |= update.type().isTerminal() && update.taskId().equals(this.taskId);
		return this.ended;
	}

	private Mono<TaskUpdate> checkEnded() {
		if (this.ended) {
			return Mono.empty();
		}
		if (this.received.hasSkipped()) {
			return Mono.error(new TaskClientException("The updates of task " + Printable.name(this.taskId)
					+ " have ended, and its end could not be read"));
		}
		return Mono
			.error(new StreamFailedException(new ConnectionFailure(Kind.BROKEN, "The platform has ended the stream")));
	}

	/**
	 * Wait before another connection, or end with a permanent error.
	 */
	private Publisher<?> pause(Throwable error) {
		if (!(error instanceof StreamFailedException failed)) {
			return Mono.error((error instanceof RequenceTaskException) ? error
					: new TaskClientException("Cannot follow task " + Printable.name(this.taskId), error));
		}
		ConnectionFailure failure = failed.failure();
		if (this.position != null && failure.mayRefusePosition()) {
			// The repeat detector drops what the beginning brings again
			this.position = null;
			this.repeats.forgetPosition();
		}
		else if (isFinal(failure)) {
			return Mono.error(ClientFailures.of(failure, "Cannot follow task " + Printable.name(this.taskId), null));
		}
		Long advised = this.received.advisedDelay();
		Duration delay = this.backOff.next(
				(failure.retryAfter() != null) ? failure.retryAfter()
						: (advised != null) ? Duration.ofMillis(advised) : null,
				() -> ThreadLocalRandom.current().nextDouble());
		this.backOff = this.backOff.grown();
		return Mono.delay(delay);
	}

	private static boolean isFinal(ConnectionFailure failure) {
		int status = Objects.requireNonNullElse(failure.status(), 0);
		return failure.kind() == Kind.REFUSED || (failure.kind() == Kind.REJECTED && status >= 300 && status < 500
				&& status != 408 && status != 425 && status != 429);
	}

}
