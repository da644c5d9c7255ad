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

package cloud.requence.task.autoconfigure;

import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.Set;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.util.unit.DataSize;

import cloud.requence.task.AckMode;
import cloud.requence.task.ContextRecovery;
import cloud.requence.task.TaskUpdateErrorHandler.OnFailure;
import cloud.requence.task.TaskWatcher.OnRefusedPosition;
import cloud.requence.task.stream.SseFrameDecoder;
import cloud.requence.task.TaskWatcher;
import cloud.requence.task.UpdateType;

/**
 * Configuration properties for watching Requence tasks.
 */
@ConfigurationProperties("requence.task")
public class RequenceTaskProperties {

	/**
	 * Access token for tasks, as Requence issues it. Falls back to
	 * 'requence.access-token'.
	 */
	private @Nullable String accessToken;

	/**
	 * Address of the platform. Replaces the address in the access token.
	 */
	private @Nullable String baseUrl;

	/**
	 * Where the updates come from.
	 */
	private UpdateSource source = UpdateSource.PLATFORM;

	/**
	 * Where to begin when no position is known: 'now', an ISO-8601 instant, or a duration
	 * before now such as '2h'.
	 */
	private String since = "now";

	/**
	 * Whether to start watching with the application.
	 */
	private boolean autoStartup = true;

	/**
	 * Phase in which the watcher starts and stops with the application.
	 */
	private int phase = TaskWatcher.DEFAULT_PHASE;

	private final Filter filter = new Filter();

	private final Connection connection = new Connection();

	private final Reconnect reconnect = new Reconnect();

	private final Ssl ssl = new Ssl();

	private final Listener listener = new Listener();

	private final Ack ack = new Ack();

	private final Checkpoint checkpoint = new Checkpoint();

	private final DeadLetter deadLetter = new DeadLetter();

	private final LeaderElection leaderElection = new LeaderElection();

	private final Context context = new Context();

	private final References references = new References();

	private final Health health = new Health();

	private final Kafka kafka = new Kafka();

	public @Nullable String getAccessToken() {
		return this.accessToken;
	}

	public void setAccessToken(@Nullable String accessToken) {
		this.accessToken = accessToken;
	}

	public @Nullable String getBaseUrl() {
		return this.baseUrl;
	}

	public void setBaseUrl(@Nullable String baseUrl) {
		this.baseUrl = baseUrl;
	}

	public UpdateSource getSource() {
		return this.source;
	}

	public void setSource(UpdateSource source) {
		this.source = source;
	}

	public String getSince() {
		return this.since;
	}

	public void setSince(String since) {
		this.since = since;
	}

	public boolean isAutoStartup() {
		return this.autoStartup;
	}

	public void setAutoStartup(boolean autoStartup) {
		this.autoStartup = autoStartup;
	}

	public int getPhase() {
		return this.phase;
	}

	public void setPhase(int phase) {
		this.phase = phase;
	}

	public Filter getFilter() {
		return this.filter;
	}

	public Connection getConnection() {
		return this.connection;
	}

	public Reconnect getReconnect() {
		return this.reconnect;
	}

	public Ssl getSsl() {
		return this.ssl;
	}

	public Listener getListener() {
		return this.listener;
	}

	public Ack getAck() {
		return this.ack;
	}

	public Checkpoint getCheckpoint() {
		return this.checkpoint;
	}

	public DeadLetter getDeadLetter() {
		return this.deadLetter;
	}

	public LeaderElection getLeaderElection() {
		return this.leaderElection;
	}

	public Context getContext() {
		return this.context;
	}

	public References getReferences() {
		return this.references;
	}

	public Health getHealth() {
		return this.health;
	}

	public Kafka getKafka() {
		return this.kafka;
	}

	/**
	 * Which updates to deliver.
	 */
	public static class Filter {

		/**
		 * Comma-separated list of the types of updates to deliver. All are delivered if
		 * it is empty.
		 */
		private Set<UpdateType> only = new LinkedHashSet<>();

		/**
		 * Whether to filter out the updates of tasks whose start was not seen.
		 */
		private boolean skipIncomplete;

		public Set<UpdateType> getOnly() {
			return this.only;
		}

		public void setOnly(Set<UpdateType> only) {
			this.only = only;
		}

		public boolean isSkipIncomplete() {
			return this.skipIncomplete;
		}

		public void setSkipIncomplete(boolean skipIncomplete) {
			this.skipIncomplete = skipIncomplete;
		}

	}

	/**
	 * Connection to the platform.
	 */
	public static class Connection {

		/**
		 * How long to wait for a connection to be established.
		 */
		private Duration connectTimeout = Duration.ofSeconds(10);

		/**
		 * How long to wait for the headers of a response. The headers of a stream may
		 * take four times as long.
		 */
		private Duration responseTimeout = Duration.ofSeconds(30);

		/**
		 * Time without a byte after which a connection counts as lost.
		 */
		private Duration idleTimeout = Duration.ofMinutes(5);

		/**
		 * Maximum size of an event of the stream. Larger events are skipped. Defaults to
		 * 64 MB, or an eighth of the maximum heap if that is less.
		 */
		private DataSize maxEventSize = DataSize.ofBytes(SseFrameDecoder.defaultMaxEventSize());

		/**
		 * Age at which a healthy connection is renewed, plus or minus a fifth.
		 * Connections are not renewed by default.
		 */
		private @Nullable Duration maxAge;

		public Duration getConnectTimeout() {
			return this.connectTimeout;
		}

		public void setConnectTimeout(Duration connectTimeout) {
			this.connectTimeout = connectTimeout;
		}

		public Duration getResponseTimeout() {
			return this.responseTimeout;
		}

		public void setResponseTimeout(Duration responseTimeout) {
			this.responseTimeout = responseTimeout;
		}

		public Duration getIdleTimeout() {
			return this.idleTimeout;
		}

		public void setIdleTimeout(Duration idleTimeout) {
			this.idleTimeout = idleTimeout;
		}

		public DataSize getMaxEventSize() {
			return this.maxEventSize;
		}

		public void setMaxEventSize(DataSize maxEventSize) {
			this.maxEventSize = maxEventSize;
		}

		public @Nullable Duration getMaxAge() {
			return this.maxAge;
		}

		public void setMaxAge(@Nullable Duration maxAge) {
			this.maxAge = maxAge;
		}

	}

	/**
	 * Delays between attempts to connect.
	 */
	public static class Reconnect {

		/**
		 * First delay after a connection has failed.
		 */
		private Duration delay = Duration.ofSeconds(1);

		/**
		 * Longest delay.
		 */
		private Duration maxDelay = Duration.ofSeconds(30);

		/**
		 * Factor by which the delay grows.
		 */
		private double multiplier = 2;

		/**
		 * Ratio by which a delay is varied at random, from 0 to 1.
		 */
		private double jitter = 0.5;

		/**
		 * Delay after the access token was refused.
		 */
		private Duration refusedDelay = Duration.ofMinutes(5);

		/**
		 * What to do if the platform repeatedly refuses to resume at the last position.
		 */
		private OnRefusedPosition onRefusedPosition = OnRefusedPosition.RESUME_BY_TIME;

		public Duration getDelay() {
			return this.delay;
		}

		public void setDelay(Duration delay) {
			this.delay = delay;
		}

		public Duration getMaxDelay() {
			return this.maxDelay;
		}

		public void setMaxDelay(Duration maxDelay) {
			this.maxDelay = maxDelay;
		}

		public double getMultiplier() {
			return this.multiplier;
		}

		public void setMultiplier(double multiplier) {
			this.multiplier = multiplier;
		}

		public double getJitter() {
			return this.jitter;
		}

		public void setJitter(double jitter) {
			this.jitter = jitter;
		}

		public Duration getRefusedDelay() {
			return this.refusedDelay;
		}

		public void setRefusedDelay(Duration refusedDelay) {
			this.refusedDelay = refusedDelay;
		}

		public OnRefusedPosition getOnRefusedPosition() {
			return this.onRefusedPosition;
		}

		public void setOnRefusedPosition(OnRefusedPosition onRefusedPosition) {
			this.onRefusedPosition = onRefusedPosition;
		}

	}

	/**
	 * Security of connections.
	 */
	public static class Ssl {

		/**
		 * Name of the SSL bundle to connect with.
		 */
		private @Nullable String bundle;

		public @Nullable String getBundle() {
			return this.bundle;
		}

		public void setBundle(@Nullable String bundle) {
			this.bundle = bundle;
		}

	}

	/**
	 * Delivery of updates to listeners.
	 */
	public static class Listener {

		/**
		 * Number of updates to deliver in parallel. Above 1, the updates of a root task
		 * and its sub-tasks stay in order.
		 */
		private int concurrency = 1;

		/**
		 * Whether to call the listeners and save the checkpoint in one transaction.
		 */
		private boolean transactional;

		/**
		 * Maximum number of waiting updates that share a transaction, from 1 to 128. If
		 * one of them fails, all are rolled back and delivered one by one.
		 */
		private int transactionSize = 1;

		/**
		 * Maximum number of updates to read ahead of the listeners. With a concurrency
		 * above 1, updates that wait behind others of their root task count only in part.
		 */
		private int maxInFlight = 256;

		/**
		 * Maximum size of the updates to read ahead of the listeners. A larger update is
		 * read when it is the only one.
		 */
		private DataSize maxInFlightSize = DataSize.ofMegabytes(32);

		/**
		 * How long a stop waits for the update that is being handled.
		 */
		private Duration shutdownTimeout = Duration.ofSeconds(10);

		/**
		 * What to do with an update whose retries are exhausted, or whose failure is
		 * permanent.
		 */
		private OnFailure onFailure = OnFailure.SKIP;

		/**
		 * Whether the logging context (MDC) contains the task and the position of the
		 * update that is being handled.
		 */
		private boolean mdc = true;

		private final Retry retry = new Retry();

		public int getConcurrency() {
			return this.concurrency;
		}

		public void setConcurrency(int concurrency) {
			this.concurrency = concurrency;
		}

		public boolean isTransactional() {
			return this.transactional;
		}

		public void setTransactional(boolean transactional) {
			this.transactional = transactional;
		}

		public int getTransactionSize() {
			return this.transactionSize;
		}

		public void setTransactionSize(int transactionSize) {
			this.transactionSize = transactionSize;
		}

		public int getMaxInFlight() {
			return this.maxInFlight;
		}

		public void setMaxInFlight(int maxInFlight) {
			this.maxInFlight = maxInFlight;
		}

		public DataSize getMaxInFlightSize() {
			return this.maxInFlightSize;
		}

		public void setMaxInFlightSize(DataSize maxInFlightSize) {
			this.maxInFlightSize = maxInFlightSize;
		}

		public Duration getShutdownTimeout() {
			return this.shutdownTimeout;
		}

		public void setShutdownTimeout(Duration shutdownTimeout) {
			this.shutdownTimeout = shutdownTimeout;
		}

		public OnFailure getOnFailure() {
			return this.onFailure;
		}

		public void setOnFailure(OnFailure onFailure) {
			this.onFailure = onFailure;
		}

		public boolean isMdc() {
			return this.mdc;
		}

		public void setMdc(boolean mdc) {
			this.mdc = mdc;
		}

		public Retry getRetry() {
			return this.retry;
		}

	}

	/**
	 * Retries of failed deliveries.
	 */
	public static class Retry {

		/**
		 * Maximum number of retries of an update that a listener has failed on.
		 */
		private long maxRetries = 2;

		/**
		 * Base delay before a retry.
		 */
		private Duration delay = Duration.ofSeconds(1);

		/**
		 * Factor by which the delay grows.
		 */
		private double multiplier = 2;

		/**
		 * Period that is randomly added to or subtracted from a delay, which never falls
		 * below the base delay or exceeds the maximum delay.
		 */
		private Duration jitter = Duration.ZERO;

		/**
		 * Maximum delay before a retry.
		 */
		private Duration maxDelay = Duration.ofSeconds(30);

		public long getMaxRetries() {
			return this.maxRetries;
		}

		public void setMaxRetries(long maxRetries) {
			this.maxRetries = maxRetries;
		}

		public Duration getDelay() {
			return this.delay;
		}

		public void setDelay(Duration delay) {
			this.delay = delay;
		}

		public double getMultiplier() {
			return this.multiplier;
		}

		public void setMultiplier(double multiplier) {
			this.multiplier = multiplier;
		}

		public Duration getJitter() {
			return this.jitter;
		}

		public void setJitter(Duration jitter) {
			this.jitter = jitter;
		}

		public Duration getMaxDelay() {
			return this.maxDelay;
		}

		public void setMaxDelay(Duration maxDelay) {
			this.maxDelay = maxDelay;
		}

	}

	/**
	 * Acknowledgement of the ends of tasks.
	 */
	public static class Ack {

		/**
		 * When to acknowledge the end of a task that requires it.
		 */
		private AckMode mode = AckMode.AFTER_DELIVERY;

		public AckMode getMode() {
			return this.mode;
		}

		public void setMode(AckMode mode) {
			this.mode = mode;
		}

	}

	public static class Checkpoint {

		/**
		 * Where to store the checkpoint, from which the next start resumes.
		 */
		private Store store = Store.NONE;

		/**
		 * File of the checkpoint.
		 */
		private Path file = Path.of("requence-task.checkpoint");

		/**
		 * Key of the checkpoint in the metadata store. Defaults to the name of the
		 * application.
		 */
		private @Nullable String key;

		/**
		 * Longest time until progress is saved.
		 */
		private Duration interval = Duration.ofSeconds(1);

		/**
		 * Number of updates after which progress is saved. When twice as many are not
		 * saved, the delivery waits.
		 */
		private int every = 100;

		public Store getStore() {
			return this.store;
		}

		public void setStore(Store store) {
			this.store = store;
		}

		public Path getFile() {
			return this.file;
		}

		public void setFile(Path file) {
			this.file = file;
		}

		public @Nullable String getKey() {
			return this.key;
		}

		public void setKey(@Nullable String key) {
			this.key = key;
		}

		public Duration getInterval() {
			return this.interval;
		}

		public void setInterval(Duration interval) {
			this.interval = interval;
		}

		public int getEvery() {
			return this.every;
		}

		public void setEvery(int every) {
			this.every = every;
		}

		/**
		 * Kinds of checkpoint stores.
		 */
		public enum Store {

			/**
			 * Nowhere: each start begins at 'since'.
			 */
			NONE,

			/**
			 * In a file.
			 */
			FILE,

			/**
			 * In the MetadataStore bean of Spring Integration.
			 */
			METADATA_STORE

		}

	}

	public static class DeadLetter {

		/**
		 * Where to store updates whose retries are exhausted, before they are skipped.
		 */
		private Store store = Store.NONE;

		/**
		 * When to create the table of the dead letters.
		 */
		private InitializeSchema initializeSchema = InitializeSchema.EMBEDDED;

		/**
		 * Script that creates the table of the dead letters.
		 */
		private String schema = "classpath:cloud/requence/task/deadletter/schema-@@platform@@.sql";

		public Store getStore() {
			return this.store;
		}

		public void setStore(Store store) {
			this.store = store;
		}

		public InitializeSchema getInitializeSchema() {
			return this.initializeSchema;
		}

		public void setInitializeSchema(InitializeSchema initializeSchema) {
			this.initializeSchema = initializeSchema;
		}

		public String getSchema() {
			return this.schema;
		}

		public void setSchema(String schema) {
			this.schema = schema;
		}

		/**
		 * Where to store dead letters.
		 */
		public enum Store {

			/**
			 * Nowhere.
			 */
			NONE,

			/**
			 * In a table of the database.
			 */
			JDBC

		}

		/**
		 * When to create a table.
		 */
		public enum InitializeSchema {

			/**
			 * If the database is embedded.
			 */
			EMBEDDED,

			/**
			 * At each start, unless it exists.
			 */
			ALWAYS,

			/**
			 * Never.
			 */
			NEVER

		}

	}

	public static class LeaderElection {

		/**
		 * Whether only one instance of the application watches at a time. Requires a
		 * LockRegistry bean of Spring Integration.
		 */
		private boolean enabled;

		/**
		 * Role that the instances are candidates for.
		 */
		private String role = "requence-task";

		/**
		 * Key of the lock that the leader holds. Defaults to the role and the name of the
		 * application.
		 */
		private @Nullable String lockKey;

		public boolean isEnabled() {
			return this.enabled;
		}

		public void setEnabled(boolean enabled) {
			this.enabled = enabled;
		}

		public String getRole() {
			return this.role;
		}

		public void setRole(String role) {
			this.role = role;
		}

		public @Nullable String getLockKey() {
			return this.lockKey;
		}

		public void setLockKey(@Nullable String lockKey) {
			this.lockKey = lockKey;
		}

	}

	/**
	 * Contexts of open tasks.
	 */
	public static class Context {

		/**
		 * Maximum size of the contexts of open tasks. Above it, contexts without an
		 * update for the longest time are removed. Defaults to a tenth of the maximum
		 * heap.
		 */
		private @Nullable DataSize maxSize;

		/**
		 * Time without an update after which the context of a task is removed.
		 */
		private Duration expireAfter = Duration.ofHours(24);

		/**
		 * What to do about tasks whose start was not seen.
		 */
		private ContextRecovery recover = ContextRecovery.NONE;

		public ContextRecovery getRecover() {
			return this.recover;
		}

		public void setRecover(ContextRecovery recover) {
			this.recover = recover;
		}

		public @Nullable DataSize getMaxSize() {
			return this.maxSize;
		}

		public void setMaxSize(@Nullable DataSize maxSize) {
			this.maxSize = maxSize;
		}

		public Duration getExpireAfter() {
			return this.expireAfter;
		}

		public void setExpireAfter(Duration expireAfter) {
			this.expireAfter = expireAfter;
		}

	}

	public static class References {

		/**
		 * Comma-separated list of hosts ('host' for the default port, or 'host:port')
		 * that files, streams and claim checks may be fetched from and uploaded to, and
		 * where tasks may be created, besides the host and port of the platform.
		 */
		private Set<String> allowedHosts = new LinkedHashSet<>();

		/**
		 * Maximum size of a file or claim check to fetch.
		 */
		private DataSize maxSize = DataSize.ofMegabytes(64);

		/**
		 * How long to wait for a response, for all claim checks of a payload, and for the
		 * next byte of a file or stream.
		 */
		private Duration timeout = Duration.ofSeconds(30);

		public Set<String> getAllowedHosts() {
			return this.allowedHosts;
		}

		public void setAllowedHosts(Set<String> allowedHosts) {
			this.allowedHosts = allowedHosts;
		}

		public DataSize getMaxSize() {
			return this.maxSize;
		}

		public void setMaxSize(DataSize maxSize) {
			this.maxSize = maxSize;
		}

		public Duration getTimeout() {
			return this.timeout;
		}

		public void setTimeout(Duration timeout) {
			this.timeout = timeout;
		}

	}

	/**
	 * Health of watchers.
	 */
	public static class Health {

		/**
		 * Time without a connection after which the health of a watcher is DOWN.
		 */
		private Duration downAfter = Duration.ofMinutes(1);

		/**
		 * Time that listeners may spend on one update before the health of a watcher is
		 * DOWN.
		 */
		private Duration stuckAfter = Duration.ofMinutes(5);

		public Duration getDownAfter() {
			return this.downAfter;
		}

		public void setDownAfter(Duration downAfter) {
			this.downAfter = downAfter;
		}

		public Duration getStuckAfter() {
			return this.stuckAfter;
		}

		public void setStuckAfter(Duration stuckAfter) {
			this.stuckAfter = stuckAfter;
		}

	}

	/**
	 * A topic that a relay writes updates to.
	 */
	public static class Kafka {

		/**
		 * Topic of the updates.
		 */
		private @Nullable String topic;

		/**
		 * Consumer group. Its members share the partitions of the topic.
		 */
		private @Nullable String groupId;

		/**
		 * How many threads of this instance read partitions.
		 */
		private int concurrency = 1;

		/**
		 * Topic of the records that could not be handled, created if it is missing.
		 * Defaults to topic and group, followed by '.dead-letters'. If it is empty, such
		 * records are skipped.
		 */
		private @Nullable String deadLetterTopic;

		/**
		 * Topic of records that the group handles again, created if it is missing.
		 * Defaults to topic and group, followed by '.replays'. If it is empty, there is
		 * none.
		 */
		private @Nullable String replayTopic;

		public @Nullable String getTopic() {
			return this.topic;
		}

		public void setTopic(@Nullable String topic) {
			this.topic = topic;
		}

		public @Nullable String getGroupId() {
			return this.groupId;
		}

		public void setGroupId(@Nullable String groupId) {
			this.groupId = groupId;
		}

		public int getConcurrency() {
			return this.concurrency;
		}

		public void setConcurrency(int concurrency) {
			this.concurrency = concurrency;
		}

		public @Nullable String getDeadLetterTopic() {
			return this.deadLetterTopic;
		}

		public void setDeadLetterTopic(@Nullable String deadLetterTopic) {
			this.deadLetterTopic = deadLetterTopic;
		}

		public @Nullable String getReplayTopic() {
			return this.replayTopic;
		}

		public void setReplayTopic(@Nullable String replayTopic) {
			this.replayTopic = replayTopic;
		}

	}

}
