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

package cloud.requence.emulator;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Set;

import org.eclipse.jetty.http.UriCompliance;
import org.eclipse.jetty.http.UriCompliance.Violation;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.NetworkConnectionLimit;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * The task API of the Requence platform on a port of this machine.
 * <p>
 * All tasks are in one log of updates with positions 1, 2, … that outlives
 * {@link #stop()}. Tests {@linkplain #task(String) run tasks}, or
 * {@linkplain #publish(String, Map) publish} single updates, simulate
 * {@linkplain #faults() faults}, and check what clients have done. All methods may be
 * called by any thread.
 */
public final class RequenceEmulator implements AutoCloseable {

	private static final int MAX_STREAMS = 2000;

	private static final int SPARE_THREADS = 50;

	private static final String LOOPBACK = "127.0.0.1";

	private static final Set<String> ALL_ADDRESSES = Set.of("0.0.0.0", "::", "[::]");

	private final Platform platform;

	private final EmulatorLimits limits;

	private final Recordings recordings;

	private final FaultPlan faultPlan = new FaultPlan();

	private final FileStore store;

	private final EmulatedFiles files;

	private final FileCalls fileCalls;

	private final TaskRunner runner;

	private final WatchCalls watching;

	private final ApiHandler handler;

	private final String host;

	private int port;

	private @Nullable Server server;

	private final PublicAddress address = new PublicAddress();

	private RequenceEmulator(Builder builder) {
		this.limits = builder.limits;
		this.recordings = new Recordings(this.limits);
		this.store = new FileStore(this.limits);
		this.platform = new Platform(builder.seed, this.limits, builder.rootOnEveryUpdate);
		this.files = new EmulatedFiles(this.store, this.platform.mapper(), this::fileUrl, builder.claimCheckLimit);
		this.fileCalls = new FileCalls(this.store, this.faultPlan, this.platform.mapper(), builder.maxFileSize);
		this.runner = new TaskRunner(this.platform, this.files);
		this.watching = new WatchCalls(this.platform, this.faultPlan, builder.forgottenPositionRefused);
		TaskCalls tasks = new TaskCalls(this.platform, this.runner, this.recordings, this.faultPlan, this.fileCalls,
				builder.offer());
		this.handler = new ApiHandler(this.recordings, tasks, this.watching, this.fileCalls, this.address, this.limits,
				builder.secret);
		this.host = builder.host;
		this.port = builder.port;
		if (builder.publicUrl != null) {
			this.address.is(builder.publicUrl);
		}
	}

	/**
	 * Start to build an emulator.
	 * @return the builder
	 */
	public static Builder builder() {
		return new Builder();
	}

	/**
	 * Start listening. Does nothing if the emulator is listening.
	 * @return this
	 * @throws IllegalStateException if the port is not available
	 */
	public synchronized RequenceEmulator start() {
		if (this.server != null) {
			return this;
		}
		Server newServer = newServer();
		try {
			newServer.start();
		}
		catch (Exception ex) {
			stop(newServer);
			throw new IllegalStateException("The emulator cannot listen on port " + this.port, ex);
		}
		this.port = ((ServerConnector) newServer.getConnectors()[0]).getLocalPort();
		this.server = newServer;
		if (!ALL_ADDRESSES.contains(this.host)) {
			this.address.is(baseUrl());
		}
		return this;
	}

	/**
	 * Close all connections and stop listening. Tasks, files, faults and recordings stay,
	 * and so does the port for the next {@link #start()}.
	 */
	public synchronized void stop() {
		Server running = this.server;
		this.server = null;
		if (running != null) {
			stop(running);
		}
	}

	/**
	 * Stop for good; tasks that clients have created are interrupted, and files deleted.
	 */
	@Override
	public void close() {
		stop();
		this.runner.close();
		this.store.close();
	}

	/**
	 * Clear all updates, tasks, files, handlers, faults and recordings. Streams of
	 * updates stay open, and positions continue.
	 */
	public void clear() {
		this.faultPlan.clear();
		this.runner.clear();
		this.platform.clear();
		this.store.clear();
		this.recordings.clear();
	}

	/**
	 * Reset to the initial state: clear everything, close all connections, and start with
	 * position 1 again. The position of a client that reconnects is then ahead of the
	 * log.
	 */
	public void reset() {
		this.faultPlan.clear();
		this.runner.clear();
		this.platform.reset();
		this.store.clear();
		this.watching.abortAll(false);
		this.recordings.clear();
	}

	/**
	 * Return the access token for this emulator.
	 * @return the token, with {@link #baseUrl()} inside
	 */
	public String accessToken() {
		return accessToken(baseUrl());
	}

	/**
	 * Return an access token for another address of this emulator, such as a mapped port.
	 * @param baseUrl the address of the API as clients know it
	 * @return the token
	 */
	public String accessToken(URI baseUrl) {
		return AccessTokens.encode(this.handler.secret(), baseUrl.toString());
	}

	/**
	 * Replace the secret: earlier tokens are refused from now on. Open streams stay open.
	 * @param secret the new secret
	 */
	public void rotateSecret(String secret) {
		this.handler.rotateSecret(secret);
	}

	/**
	 * Return the address of the API as this machine knows it.
	 * @return the address, without a slash at the end
	 * @throws IllegalStateException if the port is not known before the first start
	 */
	public URI baseUrl() {
		String reachable = ALL_ADDRESSES.contains(this.host) ? LOOPBACK : this.host;
		return URI.create("http://" + reachable + ":" + port() + ApiHandler.BASE_PATH);
	}

	/**
	 * Files are where the API is for clients.
	 */
	private URI fileUrl() {
		return this.address.orElse(baseUrl());
	}

	/**
	 * Run an action as soon as the address for clients, and thus for files, is known: at
	 * once if it was started on one address or was set, otherwise with the first call of
	 * a client.
	 * @param action what to do; has to return soon
	 */
	public void whenReachable(Runnable action) {
		this.address.whenKnown(action);
	}

	/**
	 * Return the port.
	 * @return the port
	 * @throws IllegalStateException if it is not known before the first start
	 */
	public synchronized int port() {
		if (this.port == 0) {
			throw new IllegalStateException("The emulator was not started yet");
		}
		return this.port;
	}

	/**
	 * Prepare a task.
	 * @param template the template that it is made from
	 * @return the script, without any step so far
	 */
	public TaskScript task(String template) {
		return new TaskScript(this.platform, this.files, template);
	}

	/**
	 * Return the file service.
	 * @return the files
	 */
	public EmulatedFiles files() {
		return this.files;
	}

	/**
	 * Set how tasks run that clients create. Without a handler a task has one node,
	 * {@code echo}, and returns its input as the member {@code echo} of its result.
	 * @param template the template
	 * @param handler runs the tasks of the template
	 */
	public void onTask(String template, TaskHandler handler) {
		this.runner.register(template, handler);
	}

	/**
	 * Return the status of a task.
	 * @param taskId the task
	 * @return its status, {@code null} when there is no such task
	 */
	public @Nullable EmulatedTaskStatus status(String taskId) {
		return this.platform.status(taskId);
	}

	/**
	 * Return the tasks that have ended and were not acknowledged yet.
	 * @return their ids, oldest task first
	 */
	public List<String> awaitingDelivery() {
		return this.platform.awaitingDelivery();
	}

	/**
	 * Publish an update exactly as given.
	 * @param type the type; need not be known
	 * @param data the data object
	 * @return its position
	 */
	public long publish(String type, Map<String, ?> data) {
		return publish(type, this.platform.mapper().<JsonNode>valueToTree(data));
	}

	/**
	 * Publish an update exactly as given.
	 * @param type the type; need not be known
	 * @param data the data; need not be an object
	 * @return its position
	 */
	public long publish(String type, JsonNode data) {
		return this.platform.publish(type, data);
	}

	/**
	 * Write text to all open streams as if it were a frame. It takes no position, and
	 * streams opened later do not see it.
	 * @param text the text, with all line ends
	 */
	public void publishRaw(String text) {
		publishRaw(text.getBytes(StandardCharsets.UTF_8));
	}

	/**
	 * Write bytes to all open streams as if they were a frame. They take no position, and
	 * streams opened later do not see them.
	 * @param bytes the bytes
	 */
	public void publishRaw(byte[] bytes) {
		this.platform.log().pass(bytes.clone(), Timestamps.now());
	}

	/**
	 * Log text as if it were a frame.
	 * @param text the text, with all line ends; its {@code id}, if it has one, should be
	 * the position
	 * @return the position that it takes in the log
	 */
	public long appendRaw(String text) {
		return appendRaw(text.getBytes(StandardCharsets.UTF_8));
	}

	/**
	 * Log bytes as if they were a frame.
	 * @param bytes the bytes
	 * @return the position that they take in the log
	 */
	public long appendRaw(byte[] bytes) {
		byte[] text = bytes.clone();
		return this.platform.log().append((position) -> text, Timestamps.now(), null, false);
	}

	/**
	 * Return the position of the last update.
	 * @return the position, 0 when there is none
	 */
	public long lastPosition() {
		return this.platform.log().lastPosition();
	}

	/**
	 * Return the faults that are available.
	 * @return the faults
	 */
	public Faults faults() {
		return new Faults(this.faultPlan, this::lastPosition);
	}

	/**
	 * Close the connections of all streams, now.
	 */
	public void disconnectAll() {
		this.watching.abortAll(false);
	}

	/**
	 * Reset the TCP connections of all streams, now.
	 */
	public void resetAll() {
		this.watching.abortAll(true);
	}

	/**
	 * Return all requests so far.
	 * @return the requests in order
	 */
	public List<RecordedRequest> requests() {
		return this.recordings.requests();
	}

	/**
	 * Return the requests so far that asked for all tasks.
	 * @return the requests in order
	 */
	public List<RecordedRequest> watchRequests() {
		return requests().stream().filter((request) -> request.path().endsWith("/task/watch-all")).toList();
	}

	/**
	 * Return the acknowledgements that were accepted so far.
	 * @return the acknowledgements in order
	 */
	public List<Acknowledgement> acknowledgements() {
		return this.recordings.acknowledgements();
	}

	/**
	 * Return how many clients are watching, including those without a response because of
	 * a fault. A client that disconnects is detected within moments.
	 * @return how many
	 */
	public int openStreams() {
		return this.watching.openStreams();
	}

	/**
	 * Return how many frames were handed to the network so far, over all streams.
	 * @return how many
	 */
	public long writtenUpdates() {
		return this.watching.writtenUpdates();
	}

	private Server newServer() {
		// A stream keeps a thread
		QueuedThreadPool threads = new QueuedThreadPool(
				Math.min(this.limits.connections(), MAX_STREAMS) + SPARE_THREADS);
		threads.setName("requence-emulator");
		threads.setDaemon(true);
		Server newServer = new Server(threads);
		HttpConfiguration http = new HttpConfiguration();
		// Templates may have any name
		http.setUriCompliance(UriCompliance.DEFAULT.with("templates", Violation.AMBIGUOUS_PATH_ENCODING,
				Violation.AMBIGUOUS_PATH_SEPARATOR, Violation.AMBIGUOUS_PATH_PARAMETER,
				Violation.AMBIGUOUS_EMPTY_SEGMENT, Violation.AMBIGUOUS_PATH_SEGMENT));
		http.setSendServerVersion(false);
		ServerConnector connector = new ServerConnector(newServer, 1, 1, new HttpConnectionFactory(http));
		connector.setHost(this.host);
		connector.setPort(this.port);
		connector.setIdleTimeout(this.limits.requestTimeout().toMillis());
		SlowHeaders slowHeaders = new SlowHeaders(newServer, this.limits.requestTimeout().toNanos());
		connector.addBean(slowHeaders);
		this.handler.reportTo(slowHeaders);
		newServer.addBean(new NetworkConnectionLimit(this.limits.connections(), connector));
		newServer.addConnector(connector);
		newServer.setHandler(this.handler);
		return newServer;
	}

	private void stop(Server running) {
		this.watching.abortAll(false);
		this.fileCalls.abortAll();
		try {
			running.stop();
		}
		catch (Exception ex) {
			throw new IllegalStateException("The emulator cannot stop", ex);
		}
	}

	/**
	 * Builds an emulator.
	 */
	public static final class Builder {

		private String host = LOOPBACK;

		private @Nullable URI publicUrl;

		private int port;

		private long seed = 1;

		private String secret = "emulator-secret";

		private EmulatorLimits limits = EmulatorLimits.large();

		private boolean forgottenPositionRefused;

		private String branch = "live";

		private boolean rootOnEveryUpdate;

		private boolean fileUrls = true;

		private boolean taskUrls = true;

		private boolean limitsOffered = true;

		private int maxPayloadSize = 256 * 1024;

		private long maxFileSize = 100L * 1024 * 1024;

		private int claimCheckLimit = Integer.MAX_VALUE;

		private Builder() {
		}

		/**
		 * Listens on an address other than {@code 127.0.0.1}.
		 * @param host the host name or address, which is part of the base URL as well;
		 * {@code 0.0.0.0} for all addresses of this machine
		 * @return this
		 */
		public Builder host(String host) {
			this.host = host;
			return this;
		}

		/**
		 * Sets another address for clients, for example behind a proxy. By default an
		 * emulator that listens on all addresses uses the address that the first client
		 * requests.
		 * @param publicUrl the address of the API, without a slash at the end
		 * @return this
		 */
		public Builder publicUrl(@Nullable URI publicUrl) {
			this.publicUrl = publicUrl;
			return this;
		}

		/**
		 * Listens on a port.
		 * @param port the port; 0 for any, which is the default
		 * @return this
		 */
		public Builder port(int port) {
			this.port = port;
			return this;
		}

		/**
		 * Sets the seed of the identifiers, which are the same in every run.
		 * @param seed the seed, 1 by default
		 * @return this
		 */
		public Builder seed(long seed) {
			this.seed = seed;
			return this;
		}

		/**
		 * Sets the secret that clients must send.
		 * @param secret the secret
		 * @return this
		 */
		public Builder secret(String secret) {
			this.secret = secret;
			return this;
		}

		/**
		 * Sets the limits of what is stored and accepted from clients.
		 * @param limits the limits, {@link EmulatorLimits#large()} by default
		 * @return this
		 */
		public Builder limits(EmulatorLimits limits) {
			this.limits = limits;
			return this;
		}

		/**
		 * Keeps only the last updates, and a tenth as many ended tasks.
		 * @param updates how many updates at least, 10 or more
		 * @return this
		 */
		public Builder updatesKept(int updates) {
			this.limits = this.limits.withUpdates(updates);
			return this;
		}

		/**
		 * Answers 410 to a {@code lastPosition} after which updates were dropped. Without
		 * it such a stream starts at the oldest update that is kept.
		 * @return this
		 */
		public Builder refuseForgottenPositions() {
			this.forgottenPositionRefused = true;
			return this;
		}

		/**
		 * Runs tasks in another branch.
		 * @param branch the branch in responses to clients, {@code live} by default
		 * @return this
		 */
		public Builder branch(String branch) {
			this.branch = branch;
			return this;
		}

		/**
		 * Sets the maximum size of a task in responses to clients, which send larger
		 * values as claim checks. It is not enforced.
		 * @param bytes how many bytes, 256 KB by default
		 * @return this
		 */
		public Builder maxPayloadSize(int bytes) {
			this.maxPayloadSize = bytes;
			return this;
		}

		/**
		 * Sets the maximum size of files and streams, and rejects larger ones.
		 * @param bytes how many bytes, 100 MB by default
		 * @return this
		 */
		public Builder maxFileSize(long bytes) {
			this.maxFileSize = bytes;
			return this;
		}

		/**
		 * Omits the limits from responses to clients.
		 * @return this
		 */
		public Builder withoutLimits() {
			this.limitsOffered = false;
			return this;
		}

		/**
		 * Sends the root task with each update of a sub-task. By default only the start
		 * has it, as the platform guarantees no more.
		 * @return this
		 */
		public Builder rootTaskIdOnEveryUpdate() {
			this.rootOnEveryUpdate = true;
			return this;
		}

		/**
		 * Omits the addresses for uploads from responses to clients.
		 * @return this
		 */
		public Builder withoutFileUrls() {
			this.fileUrls = false;
			return this;
		}

		/**
		 * Omits the address for watching a created task from responses to clients.
		 * @return this
		 */
		public Builder withoutTaskUrls() {
			this.taskUrls = false;
			return this;
		}

		/**
		 * Sends inputs, data and results of {@linkplain TaskScript scripts} as claim
		 * checks when they are large. By default they are sent unchanged.
		 * @param bytes the size above which values become claim checks
		 * @return this
		 */
		public Builder claimCheckAbove(int bytes) {
			this.claimCheckLimit = bytes;
			return this;
		}

		private TaskOffer offer() {
			return new TaskOffer(this.branch, this.fileUrls, this.taskUrls, this.limitsOffered, this.maxPayloadSize,
					this.maxFileSize);
		}

		/**
		 * Build the emulator, not started yet.
		 * @return the emulator
		 */
		public RequenceEmulator build() {
			return new RequenceEmulator(this);
		}

	}

}
