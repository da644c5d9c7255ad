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

import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import java.util.function.Supplier;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.context.ApplicationContext;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.core.retry.RetryPolicy;
import org.springframework.http.client.reactive.ClientHttpConnector;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.util.Assert;
import org.springframework.util.unit.DataSize;
import org.springframework.web.reactive.function.client.WebClient;

import cloud.requence.task.AccessToken;
import cloud.requence.task.AckMode;
import cloud.requence.task.CheckpointStore;
import cloud.requence.task.ContextRecovery;
import cloud.requence.task.DeadLetterHandler;
import cloud.requence.task.DeliveryMonitor;
import cloud.requence.task.InvalidAccessTokenException;
import cloud.requence.task.Leadership;
import cloud.requence.task.PayloadReader;
import cloud.requence.task.TaskUpdate;
import cloud.requence.task.TaskUpdateErrorHandler;
import cloud.requence.task.TaskUpdateFilter;
import cloud.requence.task.TaskUpdateHandler;
import cloud.requence.task.TaskWatcher;
import cloud.requence.task.TaskWatcher.OnRefusedPosition;
import cloud.requence.task.UpdateType;
import cloud.requence.task.acknowledgement.Acknowledger;
import cloud.requence.task.acknowledgement.EndAcknowledgements;
import cloud.requence.task.acknowledgement.MissingAcknowledgements;
import cloud.requence.task.acknowledgement.WebClientAckSender;
import cloud.requence.task.checkpoint.CheckpointObserver;
import cloud.requence.task.checkpoint.Checkpointer;
import cloud.requence.task.checkpoint.TransactionalHandler;
import cloud.requence.task.client.ReactiveTaskClient;
import cloud.requence.task.client.TaskClient;
import cloud.requence.task.client.TaskDetails;
import cloud.requence.task.client.TaskStatus;
import cloud.requence.task.context.ContextAssembler;
import cloud.requence.task.context.ContextRecoverer;
import cloud.requence.task.delivery.DeliveredUpdates;
import cloud.requence.task.delivery.DeliveryQueue;
import cloud.requence.task.delivery.DeliveryWorkers;
import cloud.requence.task.delivery.EndAcknowledgement;
import cloud.requence.task.delivery.GroupHandler;
import cloud.requence.task.delivery.GuardedDeliveryMonitor;
import cloud.requence.task.delivery.LoggingContext;
import cloud.requence.task.delivery.UpdateDelivery;
import cloud.requence.task.listener.EventPublishingHandler;
import cloud.requence.task.reference.ReferenceLoader;
import cloud.requence.task.reference.ReferencePayloadReader;
import cloud.requence.task.reference.ReferenceSettings;
import cloud.requence.task.store.FileCheckpointStore;
import cloud.requence.task.store.MetadataStoreCheckpointStore;
import cloud.requence.task.stream.ReconnectBackOff;
import cloud.requence.task.stream.SseFrameDecoder;
import cloud.requence.task.stream.UpdateDecoder;
import cloud.requence.task.stream.WebClientStreamConnector;
import cloud.requence.task.stream.WebClients;
import cloud.requence.task.support.IsolatedThreadFactory;

/**
 * Builds watchers that are connected by a {@link WebClient}.
 */
public final class DefaultTaskWatcherBuilder implements TaskWatcher.Builder {

	/** The largest size of {@link #transactionSize(int)}. */
	public static final int MAX_TRANSACTION_SIZE = GroupHandler.MAX_SIZE;

	private static final Log logger = LogFactory.getLog(DefaultTaskWatcherBuilder.class);

	private static final int MAX_CONCURRENCY = 1000;

	private static final Duration LONGEST = Duration.ofDays(365);

	private final String name;

	private final ApplicationEventPublisher publisher;

	private final Clock clock = Clock.systemUTC();

	private LongSupplier nanoTime = System::nanoTime;

	private @Nullable Supplier<AccessToken> accessToken;

	private @Nullable URI baseUrl;

	private WebClient.Builder webClient = WebClient.builder();

	private @Nullable ClientHttpConnector connector;

	private Since since = Since.parse("now", this.clock);

	private boolean autoStartup = true;

	private int phase = TaskWatcher.DEFAULT_PHASE;

	private @Nullable TaskUpdateHandler handler;

	private TaskUpdateErrorHandler errorHandler = TaskUpdateErrorHandler.retrying(
			RetryPolicy.builder().maxRetries(2).delay(Duration.ofSeconds(1)).multiplier(2).build(),
			TaskUpdateErrorHandler.OnFailure.SKIP);

	private @Nullable DeadLetterHandler deadLetterHandler;

	private @Nullable TaskUpdateFilter filter;

	private Set<UpdateType> only = EnumSet.noneOf(UpdateType.class);

	private boolean skipIncomplete;

	private Duration responseTimeout = Duration.ofSeconds(30);

	private Duration idleTimeout = Duration.ofMinutes(5);

	private int maxEventSize = SseFrameDecoder.defaultMaxEventSize();

	private @Nullable Duration maxAge;

	private ReconnectBackOff backOff = ReconnectBackOff.of(Duration.ofSeconds(1), Duration.ofSeconds(30), 2, 0.5);

	private Duration refusedDelay = Duration.ofMinutes(5);

	private OnRefusedPosition onRefusedPosition = OnRefusedPosition.RESUME_BY_TIME;

	private int concurrency = 1;

	private boolean virtualThreads;

	private boolean mdc = true;

	private int maxInFlight = 256;

	private long maxInFlightBytes = DataSize.ofMegabytes(32).toBytes();

	private Duration shutdownTimeout = Duration.ofSeconds(10);

	private AckMode ackMode = AckMode.AFTER_DELIVERY;

	private @Nullable CheckpointStore checkpointStore;

	private Duration checkpointInterval = Duration.ofSeconds(1);

	private int checkpointEvery = 100;

	private @Nullable PlatformTransactionManager transactionManager;

	private int transactionSize = 1;

	private @Nullable Leadership leadership;

	private long maxContextBytes = Runtime.getRuntime().maxMemory() / 10;

	private Duration expireAfter = Duration.ofHours(24);

	private ContextRecovery contextRecovery = ContextRecovery.NONE;

	private PayloadReader payloadReader = PayloadReader.standard();

	private Set<String> referenceHosts = Set.of();

	private DataSize maxReferenceSize = DataSize.ofMegabytes(64);

	private Duration referenceTimeout = Duration.ofSeconds(30);

	private final List<DeliveryMonitor.Factory> deliveryMonitors = new ArrayList<>();

	/**
	 * Create a builder with the standard settings.
	 * @param name the name of the watcher, for logs and threads
	 * @param publisher publishes the events
	 */
	public DefaultTaskWatcherBuilder(String name, ApplicationEventPublisher publisher) {
		Assert.hasText(name, "'name' must not be empty");
		this.name = name;
		this.publisher = publisher;
	}

	@Override
	public DefaultTaskWatcherBuilder accessToken(String accessToken) {
		AccessToken parsed = AccessToken.parse(accessToken);
		return accessToken(() -> parsed);
	}

	@Override
	public DefaultTaskWatcherBuilder accessToken(Supplier<AccessToken> accessToken) {
		this.accessToken = accessToken;
		return this;
	}

	@Override
	public DefaultTaskWatcherBuilder baseUrl(@Nullable String baseUrl) {
		this.baseUrl = (baseUrl != null) ? URI.create(baseUrl) : null;
		return this;
	}

	@Override
	public DefaultTaskWatcherBuilder webClient(WebClient.Builder builder) {
		this.webClient = builder.clone();
		return this;
	}

	@Override
	public DefaultTaskWatcherBuilder connector(ClientHttpConnector connector) {
		this.connector = connector;
		return this;
	}

	@Override
	public DefaultTaskWatcherBuilder since(String since) {
		this.since = Since.parse(since, this.clock);
		return this;
	}

	@Override
	public DefaultTaskWatcherBuilder autoStartup(boolean autoStartup) {
		this.autoStartup = autoStartup;
		return this;
	}

	@Override
	public DefaultTaskWatcherBuilder phase(int phase) {
		this.phase = phase;
		return this;
	}

	@Override
	public DefaultTaskWatcherBuilder handler(TaskUpdateHandler handler) {
		this.handler = handler;
		return this;
	}

	@Override
	public DefaultTaskWatcherBuilder errorHandler(TaskUpdateErrorHandler errorHandler) {
		this.errorHandler = errorHandler;
		return this;
	}

	@Override
	public DefaultTaskWatcherBuilder deadLetterHandler(DeadLetterHandler deadLetterHandler) {
		this.deadLetterHandler = deadLetterHandler;
		return this;
	}

	@Override
	public DefaultTaskWatcherBuilder filter(TaskUpdateFilter filter) {
		this.filter = filter;
		return this;
	}

	@Override
	public DefaultTaskWatcherBuilder only(Collection<UpdateType> types) {
		this.only = types.isEmpty() ? EnumSet.noneOf(UpdateType.class) : EnumSet.copyOf(types);
		return this;
	}

	@Override
	public DefaultTaskWatcherBuilder skipIncomplete(boolean skipIncomplete) {
		this.skipIncomplete = skipIncomplete;
		return this;
	}

	@Override
	public DefaultTaskWatcherBuilder responseTimeout(Duration timeout) {
		this.responseTimeout = positive(timeout, "responseTimeout");
		return this;
	}

	@Override
	public DefaultTaskWatcherBuilder idleTimeout(Duration timeout) {
		this.idleTimeout = positive(timeout, "idleTimeout");
		return this;
	}

	@Override
	public DefaultTaskWatcherBuilder maxEventSize(DataSize size) {
		Assert.isTrue(size.toBytes() > 0 && size.toBytes() <= DataSize.ofGigabytes(1).toBytes(),
				"'maxEventSize' must be between 1B and 1GB");
		this.maxEventSize = (int) size.toBytes();
		return this;
	}

	@Override
	public DefaultTaskWatcherBuilder maxAge(@Nullable Duration maxAge) {
		this.maxAge = (maxAge != null) ? positive(maxAge, "maxAge") : null;
		return this;
	}

	@Override
	public DefaultTaskWatcherBuilder reconnect(Duration delay, Duration maxDelay, double multiplier, double jitter) {
		this.backOff = ReconnectBackOff.of(positive(delay, "delay"), positive(maxDelay, "maxDelay"), multiplier,
				jitter);
		return this;
	}

	@Override
	public DefaultTaskWatcherBuilder refusedDelay(Duration delay) {
		this.refusedDelay = positive(delay, "refusedDelay");
		return this;
	}

	@Override
	public DefaultTaskWatcherBuilder onRefusedPosition(OnRefusedPosition action) {
		this.onRefusedPosition = action;
		return this;
	}

	@Override
	public DefaultTaskWatcherBuilder concurrency(int concurrency) {
		Assert.isTrue(concurrency > 0 && concurrency <= MAX_CONCURRENCY,
				"'concurrency' must be between 1 and " + MAX_CONCURRENCY);
		this.concurrency = concurrency;
		return this;
	}

	@Override
	public DefaultTaskWatcherBuilder virtualThreads(boolean virtualThreads) {
		this.virtualThreads = virtualThreads;
		return this;
	}

	@Override
	public DefaultTaskWatcherBuilder mdc(boolean mdc) {
		this.mdc = mdc;
		return this;
	}

	@Override
	public DefaultTaskWatcherBuilder maxInFlight(int updates, DataSize size) {
		Assert.isTrue(updates > 0, "'maxInFlight' must be at least 1");
		Assert.isTrue(size.toBytes() > 0, "the size of 'maxInFlight' must be at least 1B");
		this.maxInFlight = updates;
		this.maxInFlightBytes = size.toBytes();
		return this;
	}

	@Override
	public DefaultTaskWatcherBuilder shutdownTimeout(Duration timeout) {
		Assert.isTrue(!timeout.isNegative(), "'shutdownTimeout' must not be negative");
		this.shutdownTimeout = timeout;
		return this;
	}

	@Override
	public DefaultTaskWatcherBuilder ackMode(AckMode ackMode) {
		this.ackMode = ackMode;
		return this;
	}

	@Override
	public DefaultTaskWatcherBuilder checkpointStore(@Nullable CheckpointStore store) {
		this.checkpointStore = store;
		return this;
	}

	@Override
	public DefaultTaskWatcherBuilder checkpoint(Duration interval, int every) {
		Assert.isTrue(every > 0, "'every' must be at least 1");
		this.checkpointInterval = positive(interval, "interval");
		this.checkpointEvery = every;
		return this;
	}

	@Override
	public DefaultTaskWatcherBuilder transactionManager(@Nullable PlatformTransactionManager transactionManager) {
		this.transactionManager = transactionManager;
		return this;
	}

	@Override
	public DefaultTaskWatcherBuilder transactionSize(int size) {
		Assert.isTrue(size >= 1 && size <= MAX_TRANSACTION_SIZE,
				"'size' must be between 1 and " + MAX_TRANSACTION_SIZE);
		this.transactionSize = size;
		return this;
	}

	@Override
	public DefaultTaskWatcherBuilder leadership(@Nullable Leadership leadership) {
		this.leadership = leadership;
		return this;
	}

	@Override
	public DefaultTaskWatcherBuilder context(DataSize maxSize, Duration expireAfter) {
		Assert.isTrue(!maxSize.isNegative(), "the size of 'context' must not be negative");
		this.maxContextBytes = maxSize.toBytes();
		this.expireAfter = positive(expireAfter, "expireAfter");
		return this;
	}

	@Override
	public DefaultTaskWatcherBuilder contextRecovery(ContextRecovery contextRecovery) {
		this.contextRecovery = contextRecovery;
		return this;
	}

	@Override
	public DefaultTaskWatcherBuilder references(Collection<String> allowedHosts, DataSize maxSize, Duration timeout) {
		Assert.isTrue(maxSize.toBytes() > 0, "'maxSize' must be at least 1B");
		this.referenceHosts = Set.copyOf(allowedHosts);
		this.maxReferenceSize = maxSize;
		this.referenceTimeout = positive(timeout, "timeout");
		return this;
	}

	@Override
	public DefaultTaskWatcherBuilder payloadReader(PayloadReader payloadReader) {
		this.payloadReader = payloadReader;
		return this;
	}

	@Override
	public DefaultTaskWatcherBuilder deliveryMonitor(DeliveryMonitor.Factory monitor) {
		this.deliveryMonitors.add(monitor);
		return this;
	}

	/**
	 * Use another monotonic clock.
	 */
	DefaultTaskWatcherBuilder ticker(LongSupplier nanoTime) {
		this.nanoTime = nanoTime;
		return this;
	}

	private static Duration positive(Duration duration, String setting) {
		Assert.isTrue(duration.compareTo(Duration.ZERO) > 0, () -> "'" + setting + "' must be longer than zero");
		return (duration.compareTo(LONGEST) < 0) ? duration : LONGEST;
	}

	@Override
	public TaskWatcher build() {
		Supplier<AccessToken> token = token();
		PlatformToken platformToken = new PlatformToken(this.name, token);
		warnOfPlainHttp(token.get().baseUrl());
		checkTransactions();
		WebClient client = WebClients.forPlatform(this.webClient, this.connector);
		PayloadReader reader = reader(token);
		TaskUpdateHandler custom = this.handler;
		AtomicReference<TaskWatcher> self = new AtomicReference<>();
		EventPublishingHandler events = new EventPublishingHandler(this.publisher,
				() -> Objects.requireNonNull(self.get()), this.transactionManager != null);
		DeliveryQueue queue = queue();
		ContextRecoverer recoverer = (this.contextRecovery == ContextRecovery.FETCH)
				? new ContextRecoverer(this.name, new ClientTaskSnapshotSource(taskClient(platformToken))) : null;
		UpdatePipeline pipeline = new UpdatePipeline(this.name, this.maxEventSize, new UpdateDecoder(reader),
				new ContextAssembler(this.maxContextBytes, this.expireAfter, this.nanoTime), recoverer, queue,
				this.clock, this.nanoTime);
		Acknowledger acknowledger = new Acknowledger(this.name,
				new WebClientAckSender(client, platformToken, this.responseTimeout), this.nanoTime);
		DeliveredUpdates delivered = new DeliveredUpdates();
		Predicate<TaskUpdate> condition = EndAcknowledgements.ifTaken(acknowledger,
				(update) -> custom != null || events.hasTaken(update) || delivered.hasTaken(update));
		TaskWatcher watcher = new DefaultTaskWatcher(
				new WatcherSettings(this.name, this.autoStartup, this.phase, this.shutdownTimeout),
				(custom != null) ? () -> null : events::outcomeUnknown, this.publisher, threads(), this.leadership,
				new StartPointResolver(platformToken, this.since, requirements()), this.clock, this.nanoTime,
				(streamEvents, deliveryObserver, checkpointObserver) -> {
					StreamSupervisor supervisor = new StreamSupervisor(this.name,
							new WebClientStreamConnector(client, this.clock), platformToken,
							new StreamSettings(this.responseTimeout, this.idleTimeout, this.maxAge, this.backOff,
									this.refusedDelay, this.onRefusedPosition),
							pipeline, queue, streamEvents, this.clock, this.nanoTime,
							() -> ThreadLocalRandom.current().nextDouble());
					Checkpointer checkpointer = checkpointer(queue, acknowledger, checkpointObserver);
					TaskUpdateHandler handler = transactional((custom != null) ? custom : events, checkpointer,
							condition);
					UpdateDelivery delivery = new UpdateDelivery(this.name, filters(), handler, this.errorHandler,
							delivered, endAcknowledgement(queue, acknowledger, condition), deliveryObserver, monitor(),
							this.mdc ? LoggingContext.mdc() : LoggingContext.NONE,
							(custom != null) ? (update) -> custom.getClass().getName() : events::failedListeners,
							deadLetters(handler));
					DeliveryWorkers workers = new DeliveryWorkers(
							IsolatedThreadFactory.named(threadName("delivery"), classLoader()), this.concurrency,
							deliveryThreads(), queue, delivery, deliveryObserver);
					return new WatcherComponents(supervisor, pipeline, recoverer, queue, workers, delivered,
							acknowledger, missingAcknowledgements(queue, platformToken), checkpointer);
				});
		self.set(watcher);
		return watcher;
	}

	private void checkTransactions() {
		if (this.transactionManager != null) {
			Assert.state(this.checkpointStore != null, "Transactions need a checkpoint store that takes part in them");
			Assert.state(!(this.checkpointStore instanceof FileCheckpointStore),
					"Transactions need a checkpoint store that takes part in them, and a file does not");
			Assert.state(this.concurrency == 1, "In transactions updates can only be delivered one after the other");
			Assert.state(this.ackMode != AckMode.MANUAL,
					"In transactions ends of tasks cannot be acknowledged by hand");
		}
	}

	/**
	 * Root tasks are independent if there are several threads, or if one has to wait
	 * until its context is complete.
	 */
	private DeliveryQueue queue() {
		boolean independent = this.concurrency > 1 || this.contextRecovery == ContextRecovery.FETCH;
		return (independent && this.transactionManager == null)
				? DeliveryQueue.inLanes(this.maxInFlight, this.maxInFlightBytes, this.concurrency, this.nanoTime)
				: DeliveryQueue.serial(this.maxInFlight, this.maxInFlightBytes, this.nanoTime);
	}

	private EndAcknowledgement endAcknowledgement(DeliveryQueue queue, Acknowledger acknowledger,
			Predicate<TaskUpdate> condition) {
		boolean durable = this.checkpointStore != null;
		if (this.transactionManager != null) {
			// A part of the transaction
			return EndAcknowledgement.NONE;
		}
		return switch (this.ackMode) {
			case AFTER_DELIVERY -> durable ? EndAcknowledgements.onceDurable(condition)
					: EndAcknowledgements.afterDelivery(acknowledger, condition);
			case MANUAL -> durable ? EndAcknowledgements.awaited(queue) : EndAcknowledgement.NONE;
			case NONE -> EndAcknowledgement.NONE;
		};
	}

	/**
	 * Only a checkpoint waits for acknowledgements that the application makes.
	 */
	private @Nullable MissingAcknowledgements missingAcknowledgements(DeliveryQueue queue,
			Supplier<AccessToken> token) {
		if (this.ackMode != AckMode.MANUAL || this.checkpointStore == null) {
			return null;
		}
		ReactiveTaskClient client = taskClient(token);
		return new MissingAcknowledgements(this.name, queue,
				(taskId) -> client.get(taskId).map(TaskDetails::status).map(DefaultTaskWatcherBuilder::isAcknowledged),
				this.nanoTime);
	}

	private static boolean isAcknowledged(TaskStatus status) {
		return status.isEnded() && status != TaskStatus.AWAITING_DELIVERY;
	}

	private TaskUpdateHandler transactional(TaskUpdateHandler handler, @Nullable Checkpointer checkpointer,
			Predicate<TaskUpdate> condition) {
		PlatformTransactionManager manager = this.transactionManager;
		return (manager != null && checkpointer != null)
				? new TransactionalHandler(handler, manager, checkpointer,
						(this.ackMode == AckMode.AFTER_DELIVERY) ? condition : (update) -> false, this.transactionSize)
				: handler;
	}

	private @Nullable DeadLetterHandler deadLetters(TaskUpdateHandler handler) {
		DeadLetterHandler deadLetters = this.deadLetterHandler;
		return (deadLetters != null && handler instanceof TransactionalHandler transactional)
				? (letter) -> transactional.handleInstead(letter.update(), (update) -> deadLetters.handle(letter))
				: deadLetters;
	}

	private Runnable requirements() {
		PlatformTransactionManager manager = this.transactionManager;
		return (manager != null && this.checkpointStore instanceof MetadataStoreCheckpointStore store)
				? () -> store.checkTransactions(manager) : () -> {
				};
	}

	private @Nullable Checkpointer checkpointer(DeliveryQueue queue, Acknowledger acknowledger,
			CheckpointObserver observer) {
		CheckpointStore store = this.checkpointStore;
		if (store == null) {
			return null;
		}
		Checkpointer checkpointer = new Checkpointer(this.name, store, this.checkpointInterval, this.checkpointEvery,
				() -> threads().scheduler("checkpoint"), acknowledger::acknowledge, observer, this.clock, this.nanoTime,
				(this.transactionManager != null) ? this.transactionSize : 0);
		queue.progressListener(checkpointer);
		return checkpointer;
	}

	private Supplier<AccessToken> token() {
		Supplier<AccessToken> token = this.accessToken;
		if (token == null) {
			throw new InvalidAccessTokenException("The access token of task watcher '" + this.name + "' is missing");
		}
		URI address = this.baseUrl;
		return (address != null) ? () -> token.get().withBaseUrl(address) : token;
	}

	private ReactiveTaskClient taskClient(Supplier<AccessToken> token) {
		TaskClient.Builder client = TaskClient.builder()
			.accessToken(token)
			.webClient(this.webClient)
			.timeouts(this.responseTimeout, this.idleTimeout)
			.maxEventSize(DataSize.ofBytes(this.maxEventSize))
			.references(this.referenceHosts, this.maxReferenceSize, this.referenceTimeout)
			.payloadReader(this.payloadReader);
		if (this.connector != null) {
			client.connector(this.connector);
		}
		return client.build().reactive();
	}

	/**
	 * Return a reader of payloads as the watcher has it.
	 * @return the reader, which loads claim checks and files
	 */
	public PayloadReader buildPayloadReader() {
		return reader(token());
	}

	private PayloadReader reader(Supplier<AccessToken> token) {
		ReferenceSettings settings = ReferenceSettings.of(() -> token.get().baseUrl())
			.withAllowedHosts(this.referenceHosts)
			.withLimits(this.maxReferenceSize, this.referenceTimeout);
		return new ReferencePayloadReader(this.payloadReader,
				new ReferenceLoader(WebClients.withoutCredentials(this.connector), settings));
	}

	private DeliveryMonitor monitor() {
		return GuardedDeliveryMonitor.of(this.name,
				this.deliveryMonitors.stream().map((monitor) -> monitor.create(this.name)).toList());
	}

	private TaskUpdateFilter filters() {
		Set<UpdateType> types = EnumSet.copyOf(this.only);
		boolean completeOnly = this.skipIncomplete;
		TaskUpdateFilter custom = this.filter;
		return (update) -> (types.isEmpty() || types.contains(update.type())) && !(completeOnly && update.incomplete())
				&& (custom == null || custom.accept(update));
	}

	private ThreadFactory deliveryThreads() {
		String name = threadName("delivery");
		if (this.virtualThreads) {
			return IsolatedThreadFactory.virtual(name + "-", classLoader());
		}
		// One thread needs no number
		return (this.concurrency > 1) ? IsolatedThreadFactory.numbered(name + "-", classLoader())
				: IsolatedThreadFactory.named(name, classLoader());
	}

	private WatcherThreads threads() {
		return new WatcherThreads(this.name, classLoader());
	}

	/**
	 * The class loader of the application, not the one of the thread that builds or
	 * starts the watcher.
	 */
	private @Nullable ClassLoader classLoader() {
		return (this.publisher instanceof ApplicationContext context) ? context.getClassLoader()
				: DefaultTaskWatcherBuilder.class.getClassLoader();
	}

	private String threadName(String task) {
		return "requence-" + this.name + "-" + task;
	}

	private void warnOfPlainHttp(URI address) {
		if ("http".equalsIgnoreCase(address.getScheme()) && !isLoopback(address.getHost())) {
			logger.warn("Task watcher '" + this.name + "' sends its access token unencrypted to " + address.getHost()
					+ ": use an https address");
		}
	}

	private static boolean isLoopback(String host) {
		return host.equalsIgnoreCase("localhost") || host.startsWith("127.") || host.equals("[::1]");
	}

}
