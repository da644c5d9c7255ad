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
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

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
import cloud.requence.task.TaskUpdateErrorHandler;
import cloud.requence.task.TaskUpdateFilter;
import cloud.requence.task.TaskUpdateHandler;
import cloud.requence.task.TaskWatcher;
import cloud.requence.task.TaskWatcher.OnRefusedPosition;
import cloud.requence.task.UpdateType;
import cloud.requence.task.acknowledgement.Acknowledger;
import cloud.requence.task.acknowledgement.EndAcknowledgements;
import cloud.requence.task.checkpoint.HandlerTransactions;
import cloud.requence.task.delivery.DeliveredUpdates;
import cloud.requence.task.delivery.DeliveryObserver;
import cloud.requence.task.delivery.EndAcknowledgement;
import cloud.requence.task.delivery.GroupHandler;
import cloud.requence.task.delivery.GuardedDeliveryMonitor;
import cloud.requence.task.delivery.LoggingContext;
import cloud.requence.task.delivery.UpdateDelivery;
import cloud.requence.task.listener.EventPublishingHandler;
import cloud.requence.task.reference.ReferenceSettings;
import cloud.requence.task.stream.ReconnectBackOff;
import cloud.requence.task.stream.SseFrameDecoder;
import cloud.requence.task.support.LogText;

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

	private ReconnectBackOff backOff = ReconnectBackOff.standard();

	private Duration refusedDelay = Duration.ofMinutes(5);

	private OnRefusedPosition onRefusedPosition = OnRefusedPosition.RESUME_BY_TIME;

	private int concurrency = 1;

	private boolean virtualThreads;

	private boolean mdc = true;

	private int maxInFlight = 256;

	private long maxInFlightBytes = DataSize.ofMegabytes(32).toBytes();

	private Duration shutdownTimeout = Duration.ofSeconds(10);

	private Duration checkPeriod = WatcherSettings.CHECK_PERIOD;

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

	private DataSize maxReferenceSize = ReferenceSettings.DEFAULT_MAX_SIZE;

	private Duration referenceTimeout = ReferenceSettings.DEFAULT_TIMEOUT;

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

	/**
	 * Check the state and the leadership more often, or more rarely.
	 */
	DefaultTaskWatcherBuilder checkPeriod(Duration period) {
		this.checkPeriod = period;
		return this;
	}

	private static Duration positive(Duration duration, String setting) {
		Assert.isTrue(duration.compareTo(Duration.ZERO) > 0, () -> "'" + setting + "' must be longer than zero");
		return (duration.compareTo(LONGEST) < 0) ? duration : LONGEST;
	}

	@Override
	public TaskWatcher build() {
		PlatformToken token = new PlatformToken(this.name, token());
		warnOfPlainHttp(token.baseUrl());
		DurabilitySettings durability = new DurabilitySettings(this.ackMode, this.checkpointStore,
				this.checkpointInterval, this.checkpointEvery, this.transactionManager, this.transactionSize);
		Assert.state(this.concurrency == 1 || !durability.isTransactional(),
				"In transactions updates can only be delivered one after the other");
		return new WatcherAssembly(
				new WatcherSettings(this.name, this.autoStartup, this.phase, this.shutdownTimeout, this.checkPeriod),
				new StreamSettings(this.responseTimeout, this.idleTimeout, this.maxAge, this.backOff, this.refusedDelay,
						this.onRefusedPosition),
				new DeliverySettings(filters(), this.handler, this.errorHandler, this.deadLetterHandler,
						this.concurrency, this.virtualThreads, this.mdc, this.maxInFlight, this.maxInFlightBytes,
						this.deliveryMonitors),
				durability, new ContextSettings(this.maxContextBytes, this.expireAfter, this.contextRecovery),
				clients(token), this.publisher, this.leadership, this.since, this.clock, this.nanoTime)
			.assemble();
	}

	/**
	 * Return a reader of payloads as the watcher has it.
	 * @return the reader, which loads claim checks and files
	 */
	public PayloadReader buildPayloadReader() {
		return clients(new PlatformToken(this.name, token())).payloads();
	}

	/**
	 * Build the parts that deliver updates which are read elsewhere than from the stream
	 * of the platform. Checkpoints, leadership and everything about the connection have
	 * no effect on them.
	 * @param watcher gives the watcher, the source of the events
	 * @param observer the callback for failures
	 * @param deadLetters stores what is about to be skipped, unless this builder has a
	 * handler for that; {@code null} to skip it
	 * @return the parts
	 * @throws InvalidAccessTokenException if acknowledgements are to be sent, and the
	 * access token is missing or malformed
	 */
	public DeliveryParts buildParts(Supplier<? extends TaskWatcher> watcher, DeliveryObserver observer,
			@Nullable DeadLetterHandler deadLetters) {
		PlatformToken token = new PlatformToken(this.name, token());
		if (this.ackMode != AckMode.NONE) {
			warnOfPlainHttp(token.baseUrl());
		}
		PlatformTransactionManager transactions = this.transactionManager;
		EventPublishingHandler events = new EventPublishingHandler(this.publisher, watcher, transactions != null);
		TaskUpdateHandler custom = this.handler;
		TaskUpdateHandler target = (custom != null) ? custom : events;
		DeliveredUpdates delivered = new DeliveredUpdates(this.nanoTime);
		Acknowledger acknowledger = new Acknowledger(this.name, clients(token).acknowledgements(), this.nanoTime);
		EndAcknowledgement acknowledgement = (this.ackMode == AckMode.AFTER_DELIVERY)
				? EndAcknowledgements.onceDurable(EndAcknowledgements.ifTaken(acknowledger,
						(end) -> custom != null || events.hasTaken(end) || delivered.hasTaken(end)))
				: EndAcknowledgement.NONE;
		UpdateDelivery updates = new UpdateDelivery(this.name, filters(),
				(transactions != null) ? new HandlerTransactions(target, transactions) : target, this.errorHandler,
				delivered, acknowledgement, observer,
				GuardedDeliveryMonitor.of(this.name,
						this.deliveryMonitors.stream().map((monitor) -> monitor.create(this.name)).toList()),
				this.mdc ? LoggingContext.mdc() : LoggingContext.NONE,
				(custom != null) ? (update) -> custom.getClass().getName() : events::failedListeners,
				(this.deadLetterHandler != null) ? this.deadLetterHandler : deadLetters);
		return new DeliveryParts(this.name, this.autoStartup, this.phase, this.shutdownTimeout,
				clients(token).payloads(), updates, delivered, acknowledger,
				(custom != null) ? () -> null : events::outcomeUnknown);
	}

	private PlatformClients clients(PlatformToken token) {
		return new PlatformClients(token, this.webClient, this.connector, this.responseTimeout, this.idleTimeout,
				this.maxEventSize, this.referenceHosts, this.maxReferenceSize, this.referenceTimeout,
				this.payloadReader);
	}

	private Supplier<AccessToken> token() {
		Supplier<AccessToken> token = this.accessToken;
		if (token == null) {
			throw new InvalidAccessTokenException("The access token of task watcher '" + this.name + "' is missing");
		}
		URI address = this.baseUrl;
		return (address != null) ? () -> token.get().withBaseUrl(address) : token;
	}

	private TaskUpdateFilter filters() {
		Set<UpdateType> types = EnumSet.copyOf(this.only);
		boolean completeOnly = this.skipIncomplete;
		TaskUpdateFilter custom = this.filter;
		return (update) -> (types.isEmpty() || types.contains(update.type())) && !(completeOnly && update.incomplete())
				&& (custom == null || custom.accept(update));
	}

	private void warnOfPlainHttp(URI address) {
		if ("http".equalsIgnoreCase(address.getScheme()) && !isLoopback(address.getHost())) {
			logger.warn(LogText.watcher(this.name) + " sends its access token unencrypted to " + address.getHost()
					+ ": use an https address");
		}
	}

	private static boolean isLoopback(String host) {
		return host.equalsIgnoreCase("localhost") || host.startsWith("127.") || host.equals("[::1]");
	}

}
