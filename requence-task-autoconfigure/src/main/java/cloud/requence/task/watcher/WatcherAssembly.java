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

import java.time.Clock;
import java.time.Instant;
import java.util.Objects;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;

import org.springframework.context.ApplicationContext;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.transaction.PlatformTransactionManager;

import cloud.requence.task.AckMode;
import cloud.requence.task.CheckpointStore;
import cloud.requence.task.DeadLetterHandler;
import cloud.requence.task.DeliveryMonitor;
import cloud.requence.task.Leadership;
import cloud.requence.task.TaskContext;
import cloud.requence.task.TaskPayload;
import cloud.requence.task.TaskUpdate;
import cloud.requence.task.TaskUpdateHandler;
import cloud.requence.task.TaskWatcher;
import cloud.requence.task.acknowledgement.Acknowledger;
import cloud.requence.task.acknowledgement.EndAcknowledgements;
import cloud.requence.task.acknowledgement.MissingAcknowledgements;
import cloud.requence.task.checkpoint.CheckpointObserver;
import cloud.requence.task.checkpoint.Checkpointer;
import cloud.requence.task.checkpoint.TransactionalHandler;
import cloud.requence.task.client.ReactiveTaskClient;
import cloud.requence.task.client.TaskDetails;
import cloud.requence.task.client.TaskStatus;
import cloud.requence.task.context.ContextAssembler;
import cloud.requence.task.context.ContextRecoverer;
import cloud.requence.task.context.TaskSnapshot;
import cloud.requence.task.delivery.DeliveredUpdates;
import cloud.requence.task.delivery.DeliveryObserver;
import cloud.requence.task.delivery.DeliveryQueue;
import cloud.requence.task.delivery.DeliveryWorkers;
import cloud.requence.task.delivery.EndAcknowledgement;
import cloud.requence.task.delivery.GuardedDeliveryMonitor;
import cloud.requence.task.delivery.LoggingContext;
import cloud.requence.task.delivery.UpdateDelivery;
import cloud.requence.task.listener.EventPublishingHandler;
import cloud.requence.task.stream.UpdateDecoder;

/**
 * Creates the components of a watcher and connects them. Used once.
 */
final class WatcherAssembly {

	private final WatcherSettings settings;

	private final StreamSettings stream;

	private final DeliverySettings delivery;

	private final DurabilitySettings durability;

	private final ContextSettings contexts;

	private final PlatformClients platform;

	private final ApplicationEventPublisher publisher;

	private final @Nullable Leadership leadership;

	private final Supplier<Instant> since;

	private final Clock clock;

	private final LongSupplier nanoTime;

	private final WatcherThreads threads;

	private final AtomicReference<@Nullable TaskWatcher> watcher = new AtomicReference<>();

	private final EventPublishingHandler events;

	private final DeliveryQueue queue;

	private final DeliveredUpdates delivered;

	private final Acknowledger acknowledger;

	// Which ends of tasks are acknowledged
	private final Predicate<TaskUpdate> condition;

	WatcherAssembly(WatcherSettings settings, StreamSettings stream, DeliverySettings delivery,
			DurabilitySettings durability, ContextSettings contexts, PlatformClients platform,
			ApplicationEventPublisher publisher, @Nullable Leadership leadership, Supplier<Instant> since, Clock clock,
			LongSupplier nanoTime) {
		this.settings = settings;
		this.stream = stream;
		this.delivery = delivery;
		this.durability = durability;
		this.contexts = contexts;
		this.platform = platform;
		this.publisher = publisher;
		this.leadership = leadership;
		this.since = since;
		this.clock = clock;
		this.nanoTime = nanoTime;
		this.threads = new WatcherThreads(settings.name(), classLoader(publisher));
		this.events = new EventPublishingHandler(publisher, () -> Objects.requireNonNull(this.watcher.get()),
				durability.isTransactional());
		this.queue = queue();
		this.delivered = new DeliveredUpdates(nanoTime);
		this.acknowledger = new Acknowledger(settings.name(), platform.acknowledgements(), nanoTime);
		this.condition = EndAcknowledgements.ifTaken(this.acknowledger, this::isTaken);
	}

	/**
	 * The class loader of the application, not the one of the thread that builds or
	 * starts the watcher.
	 */
	private static @Nullable ClassLoader classLoader(ApplicationEventPublisher publisher) {
		return (publisher instanceof ApplicationContext context) ? context.getClassLoader()
				: WatcherAssembly.class.getClassLoader();
	}

	/**
	 * Root tasks are independent if there are several threads, or if one has to wait
	 * until its context is complete.
	 */
	private DeliveryQueue queue() {
		DeliverySettings limits = this.delivery;
		boolean independent = limits.concurrency() > 1 || this.contexts.isRecovering();
		return (independent && !this.durability.isTransactional())
				? DeliveryQueue.inLanes(limits.maxInFlight(), limits.maxInFlightBytes(), limits.concurrency(),
						this.nanoTime)
				: DeliveryQueue.serial(limits.maxInFlight(), limits.maxInFlightBytes(), this.nanoTime);
	}

	private boolean isTaken(TaskUpdate end) {
		return this.delivery.handler() != null || this.events.hasTaken(end) || this.delivered.hasTaken(end);
	}

	TaskWatcher assemble() {
		TaskWatcher assembled = new DefaultTaskWatcher(this.settings,
				(this.delivery.handler() != null) ? () -> null : this.events::outcomeUnknown, this.publisher,
				this.threads, this.leadership,
				new StartPointResolver(this.platform.token(), this.since, this.durability::checkTransactions),
				this.clock, this.nanoTime, this::components);
		this.watcher.set(assembled);
		return assembled;
	}

	private WatcherComponents components(StreamEvents streamEvents, DeliveryObserver deliveryObserver,
			CheckpointObserver checkpointObserver) {
		ContextRecoverer recoverer = recoverer();
		UpdatePipeline pipeline = new UpdatePipeline(this.settings.name(), this.platform.maxEventSize(),
				new UpdateDecoder(this.platform.payloads()),
				new ContextAssembler(this.contexts.maxBytes(), this.contexts.expireAfter(), this.nanoTime), recoverer,
				this.queue, this.clock, this.nanoTime);
		StreamSupervisor supervisor = new StreamSupervisor(this.settings.name(), this.platform.stream(this.clock),
				this.platform.token(), this.stream, pipeline, this.queue, streamEvents, this.clock, this.nanoTime,
				() -> ThreadLocalRandom.current().nextDouble());
		Checkpointer checkpointer = checkpointer(checkpointObserver);
		return new WatcherComponents(supervisor, pipeline, recoverer, this.queue,
				workers(deliveryObserver, checkpointer), this.delivered, this.acknowledger, missingAcknowledgements(),
				checkpointer);
	}

	private @Nullable ContextRecoverer recoverer() {
		if (!this.contexts.isRecovering()) {
			return null;
		}
		ReactiveTaskClient client = this.platform.tasks();
		return new ContextRecoverer(this.settings.name(),
				(taskId) -> client.get(taskId).mapNotNull(WatcherAssembly::snapshot));
	}

	private static @Nullable TaskSnapshot snapshot(TaskDetails details) {
		TaskContext context = details.context();
		TaskPayload input = context.input();
		// Tasks have an input: the platform does not know it, or does not tell
		return (input != null) ? new TaskSnapshot(input, context.nodeData(), context.nodeErrors()) : null;
	}

	private DeliveryWorkers workers(DeliveryObserver observer, @Nullable Checkpointer checkpointer) {
		TaskUpdateHandler custom = this.delivery.handler();
		TaskUpdateHandler handler = transactional((custom != null) ? custom : this.events, checkpointer);
		UpdateDelivery updates = new UpdateDelivery(this.settings.name(), this.delivery.filter(), handler,
				this.delivery.errorHandler(), this.delivered, endAcknowledgement(), observer, monitor(),
				this.delivery.mdc() ? LoggingContext.mdc() : LoggingContext.NONE,
				(custom != null) ? (update) -> custom.getClass().getName() : this.events::failedListeners,
				deadLetters(handler));
		return new DeliveryWorkers(this.threads.named("delivery"), this.delivery.concurrency(), deliveryThreads(),
				this.queue, updates, observer);
	}

	private @Nullable DeadLetterHandler deadLetters(TaskUpdateHandler handler) {
		DeadLetterHandler deadLetters = this.delivery.deadLetterHandler();
		return (deadLetters != null && handler instanceof TransactionalHandler transactional)
				? (letter) -> transactional.handleInstead(letter.update(), (update) -> deadLetters.handle(letter))
				: deadLetters;
	}

	private TaskUpdateHandler transactional(TaskUpdateHandler handler, @Nullable Checkpointer checkpointer) {
		PlatformTransactionManager manager = this.durability.transactionManager();
		return (manager != null && checkpointer != null) ? new TransactionalHandler(handler, manager, checkpointer,
				(this.durability.ackMode() == AckMode.AFTER_DELIVERY) ? this.condition : (update) -> false,
				this.durability.transactionSize()) : handler;
	}

	private EndAcknowledgement endAcknowledgement() {
		if (this.durability.isTransactional()) {
			// A part of the transaction
			return EndAcknowledgement.NONE;
		}
		boolean durable = this.durability.store() != null;
		return switch (this.durability.ackMode()) {
			case AFTER_DELIVERY -> durable ? EndAcknowledgements.onceDurable(this.condition)
					: EndAcknowledgements.afterDelivery(this.acknowledger, this.condition);
			case MANUAL -> durable ? EndAcknowledgements.awaited(this.queue) : EndAcknowledgement.NONE;
			case NONE -> EndAcknowledgement.NONE;
		};
	}

	private DeliveryMonitor monitor() {
		String name = this.settings.name();
		return GuardedDeliveryMonitor.of(name,
				this.delivery.monitors().stream().map((monitor) -> monitor.create(name)).toList());
	}

	private ThreadFactory deliveryThreads() {
		if (this.delivery.virtualThreads()) {
			return this.threads.virtual("delivery");
		}
		// One thread needs no number
		return (this.delivery.concurrency() > 1) ? this.threads.numbered("delivery") : this.threads.named("delivery");
	}

	private @Nullable MissingAcknowledgements missingAcknowledgements() {
		if (!this.durability.isAwaitingAcknowledgements()) {
			return null;
		}
		ReactiveTaskClient client = this.platform.tasks();
		return new MissingAcknowledgements(this.settings.name(), this.queue,
				(taskId) -> client.get(taskId).map(TaskDetails::status).map(WatcherAssembly::isAcknowledged),
				this.nanoTime);
	}

	private static boolean isAcknowledged(TaskStatus status) {
		return status.isEnded() && status != TaskStatus.AWAITING_DELIVERY;
	}

	private @Nullable Checkpointer checkpointer(CheckpointObserver observer) {
		CheckpointStore store = this.durability.store();
		if (store == null) {
			return null;
		}
		Checkpointer checkpointer = new Checkpointer(this.settings.name(), store, this.durability.interval(),
				this.durability.every(), () -> this.threads.scheduler("checkpoint"), this.acknowledger::acknowledge,
				observer, this.clock, this.nanoTime,
				this.durability.isTransactional() ? this.durability.transactionSize() : 0);
		this.queue.progressListener(checkpointer);
		return checkpointer;
	}

}
