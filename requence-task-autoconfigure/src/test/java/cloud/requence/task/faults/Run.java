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

package cloud.requence.task.faults;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;

import com.zaxxer.hikari.HikariDataSource;
import org.awaitility.core.ConditionTimeoutException;

import org.springframework.dao.DuplicateKeyException;
import org.springframework.integration.metadata.ConcurrentMetadataStore;
import org.springframework.integration.metadata.SimpleMetadataStore;
import org.springframework.jdbc.core.JdbcTemplate;

import cloud.requence.task.AckMode;
import cloud.requence.task.CheckpointStore;
import cloud.requence.task.RequenceTaskException;
import cloud.requence.task.TaskUpdate;
import cloud.requence.task.TaskWatcherStatus;
import cloud.requence.task.store.FileCheckpointStore;
import cloud.requence.task.store.MetadataStoreCheckpointStore;

import static org.awaitility.Awaitility.await;

/**
 * One run of a scenario, and what is promised of it.
 */
final class Run implements AutoCloseable {

	private static final Duration PATIENCE = Duration.ofSeconds(30);

	private final long seed;

	private final SharedResources resources;

	private final Trace trace = new Trace();

	private final Scenario scenario;

	private final FaultPlan plan;

	private final ScriptedPlatform platform;

	private final CheckpointStore sharedStore;

	private final ConcurrentMetadataStore sharedMetadata = new SimpleMetadataStore();

	private final Iterator<ScriptedUpdate> unsent;

	private final SplittableRandom random;

	private final List<SimulatedApplication> applications = new CopyOnWriteArrayList<>();

	private final List<SimulatedApplication> crashed = new ArrayList<>();

	private final Map<Long, AtomicInteger> attempts = new ConcurrentHashMap<>();

	private final Set<Long> failed = ConcurrentHashMap.newKeySet();

	private final List<Long> effects = new ArrayList<>();

	private int started;

	Run(long seed, SharedResources resources, Path directory) {
		this.seed = seed;
		this.resources = resources;
		this.random = new SplittableRandom(seed);
		this.scenario = Scenario.random(this.random);
		this.plan = new FaultPlan(this.random.split(), this.scenario.faults(), this.scenario.outages(), this.trace,
				resources.timer());
		this.platform = new ScriptedPlatform(this.random.split(), this.scenario.platformFailures(), resources.network(),
				this.trace, this::onAcknowledgement);
		this.sharedStore = (this.scenario.store() == Scenario.Store.FILE)
				? new FileCheckpointStore(directory.resolve("checkpoint-" + seed))
				: new MetadataStoreCheckpointStore(this.sharedMetadata, "memory");
		this.unsent = this.scenario.updates().iterator();
	}

	/**
	 * Let it happen.
	 * @throws AssertionError if a promise was not kept
	 */
	void execute() throws Exception {
		for (int i = 0; i < this.scenario.instances(); i++) {
			start(create());
		}
		lead(0);
		for (Scenario.Action action : this.scenario.actions()) {
			this.trace.add(action.toString());
			perform(action);
		}
		send(Integer.MAX_VALUE);
		awaitSome();
		this.trace.add("nothing fails any more");
		this.plan.heal();
		this.platform.heal();
		awaitRest();
		check();
	}

	private void perform(Scenario.Action action) throws Exception {
		SimulatedApplication first = this.applications.get(0);
		switch (action) {
			case SEND -> send(this.random.nextInt(1, 6));
			case AWAIT_SOME -> awaitSome();
			case RESTART -> {
				first.watcher().stop();
				send(this.random.nextInt(3));
				start(first);
			}
			case PAUSE -> {
				first.watcher().pause();
				send(this.random.nextInt(3));
				first.watcher().resume();
			}
			case CRASH, CRASH_OF_LEADER -> crash(first);
			case CUT -> this.platform.cut(false);
			case END_STREAM -> this.platform.cut(true);
			case HAND_OVER -> {
				first.leadership().set(false);
				lead(1);
			}
			case HAND_OVER_WITH_OVERLAP -> {
				lead(1);
				first.leadership().set(false);
			}
		}
	}

	/**
	 * Create an application, and another one if its context cannot be created.
	 */
	private SimulatedApplication create() {
		SimulatedApplication created = await().atMost(PATIENCE)
			.pollInSameThread()
			.pollDelay(Duration.ZERO)
			.until(() -> {
				try {
					return new SimulatedApplication("app-" + this.started++, this);
				}
				catch (Exception | Error ex) {
					this.trace.add("an application cannot be created: " + ex);
					return null;
				}
			}, Objects::nonNull);
		this.applications.add(created);
		return created;
	}

	private void start(SimulatedApplication application) {
		await().atMost(PATIENCE).pollInSameThread().pollDelay(Duration.ZERO).until(() -> {
			try {
				application.watcher().start();
				return true;
			}
			catch (Exception | Error ex) {
				this.trace.add(application + " does not start: " + ex);
				if (application.watcher().isRunning()) {
					this.trace.violation(application + " runs though its start has failed");
				}
				return false;
			}
		});
	}

	private void crash(SimulatedApplication application) {
		application.crash();
		this.applications.remove(application);
		this.crashed.add(application);
		start(create());
		lead(0);
	}

	/**
	 * Make an application the leader, and the first of the list.
	 */
	private void lead(int index) {
		SimulatedApplication next = this.applications.get(index);
		this.applications.remove(next);
		this.applications.add(0, next);
		this.trace.add(next + " leads");
		next.leadership().set(true);
	}

	/**
	 * An application has found out that it cannot lead: there will be an election.
	 */
	void relinquished(SimulatedApplication application) {
		this.trace.add(application + " relinquishes the leadership");
		timer().later(Duration.ofMillis(20), () -> {
			if (this.applications.get(0) == application && !application.leadership().isLeader()) {
				application.leadership().set(true);
			}
		});
	}

	private void send(int count) {
		for (int i = 0; i < count && this.unsent.hasNext(); i++) {
			this.platform.send(this.unsent.next());
		}
	}

	/**
	 * Wait until a few more updates are handled, or for a moment.
	 */
	private void awaitSome() {
		int before = handled();
		try {
			await().atMost(Duration.ofMillis(150))
				.pollInSameThread()
				.pollDelay(Duration.ZERO)
				.pollInterval(Duration.ofMillis(5))
				.until(() -> handled() > before + 2);
		}
		catch (ConditionTimeoutException ex) {
			this.trace.add("nothing to wait for");
		}
	}

	private int handled() {
		return this.attempts.values().stream().mapToInt(AtomicInteger::get).sum();
	}

	void handle(TaskUpdate update, SimulatedApplication application) throws Exception {
		long position = Objects.requireNonNull(update.position());
		int attempt = this.attempts.computeIfAbsent(position, (key) -> new AtomicInteger()).incrementAndGet();
		this.trace.add(application + " handles " + position + ", " + attempt);
		ListenerFault fault = this.scenario.listenerFaults().get(position);
		if (fault != null && fault.needsTransaction()) {
			application.spoil(fault, position);
		}
		if (this.scenario.isTransactional()) {
			application.jdbc().update("insert into effect (run, position) values (?, ?)", this.seed, position);
		}
		if (fault != null) {
			fail(fault, attempt);
		}
		if (!this.scenario.isTransactional()) {
			addEffect(position, application);
		}
		ScriptedUpdate sent = this.scenario.updates().get((int) position - 1);
		if (this.scenario.ackMode() == AckMode.MANUAL && sent.requireAck()) {
			acknowledge(application, sent.taskId());
		}
	}

	private void fail(ListenerFault fault, int attempt) throws Exception {
		switch (fault) {
			case FAILS_ONCE -> {
				if (attempt == 1) {
					throw new IllegalStateException("once");
				}
			}
			case FAILS_TWICE_WITH_AN_ERROR -> {
				if (attempt <= 2) {
					throw new StackOverflowError("twice");
				}
			}
			case IS_SLOW -> timer().pause(Duration.ofMillis(30));
			case ALWAYS_FAILS -> throw new IOException("always");
			case ALWAYS_FAILS_WITH_AN_ERROR -> throw new NoClassDefFoundError("always");
			default -> {
			}
		}
	}

	private void addEffect(long position, SimulatedApplication application) {
		synchronized (this.effects) {
			if (application.isCrashed()) {
				throw new IllegalStateException("the application has crashed");
			}
			this.effects.add(position);
		}
	}

	private void acknowledge(SimulatedApplication application, String taskId) {
		int delay = Math.floorMod(taskId.hashCode() + this.seed, 3) * 20;
		if (delay == 0) {
			acknowledgeNow(application, taskId);
		}
		else {
			timer().later(Duration.ofMillis(delay), () -> acknowledgeNow(application, taskId));
		}
	}

	private void acknowledgeNow(SimulatedApplication application, String taskId) {
		if (application.isCrashed()) {
			return;
		}
		this.trace.add(application + " acknowledges " + taskId);
		try {
			application.watcher().acknowledge(taskId);
		}
		catch (RequenceTaskException ex) {
			// As the exception asks for: the watcher is stopped
			timer().later(Duration.ofMillis(20), () -> acknowledgeNow(application, taskId));
		}
	}

	void insertTwice(JdbcTemplate jdbc, String table, long position) {
		String sql = "insert into " + table + " (run, position) values (?, ?)";
		try {
			jdbc.update(sql, this.seed, position);
			jdbc.update(sql, this.seed, position);
		}
		catch (DuplicateKeyException ex) {
			this.trace.add("duplicate key of " + position + " is caught");
		}
	}

	void failed(TaskUpdate update, Throwable failure) {
		this.trace.add("skipped: " + update.position() + " after " + failure);
		Long position = Objects.requireNonNull(update.position());
		this.failed.add(position);
		if (!this.scenario.isSkipped(position)) {
			this.trace.violation(position + " is skipped without a fault of its own: " + failure);
		}
	}

	private void onAcknowledgement(String taskId) {
		long end = this.scenario.updates()
			.stream()
			.filter((update) -> update.taskId().equals(taskId) && update.requireAck())
			.mapToLong(ScriptedUpdate::position)
			.findFirst()
			.orElse(0);
		if (!effects().contains(end)) {
			this.trace.violation(taskId + " is acknowledged, and its end " + end + " has no effect");
		}
	}

	private List<Long> effects() {
		if (this.scenario.isTransactional()) {
			return this.resources.jdbc()
				.queryForList("select position from effect where run = ? order by id", Long.class, this.seed);
		}
		synchronized (this.effects) {
			return List.copyOf(this.effects);
		}
	}

	private Set<Long> expectedEffects() {
		return this.scenario.updates()
			.stream()
			.map(ScriptedUpdate::position)
			.filter((position) -> !this.scenario.isSkipped(position))
			.collect(Collectors.toCollection(TreeSet::new));
	}

	private Set<String> expectedAcknowledgements() {
		return this.scenario.updates()
			.stream()
			.filter((update) -> update.requireAck() && !this.scenario.isSkipped(update.position()))
			.map(ScriptedUpdate::taskId)
			.collect(Collectors.toCollection(TreeSet::new));
	}

	private void awaitRest() {
		try {
			await().atMost(PATIENCE)
				.pollInSameThread()
				.pollInterval(Duration.ofMillis(20))
				.until(() -> unrest().isEmpty());
		}
		catch (ConditionTimeoutException ex) {
			this.trace.violation("does not come to rest: " + unrest());
		}
	}

	/**
	 * Return what is still to be done.
	 */
	private List<String> unrest() {
		List<String> unrest = new ArrayList<>();
		Set<Long> missing = new TreeSet<>(expectedEffects());
		missing.removeAll(effects());
		addUnlessEmpty(unrest, "no effect of", missing);
		Set<String> due = new TreeSet<>(expectedAcknowledgements());
		due.removeAll(this.platform.acknowledged());
		addUnlessEmpty(unrest, "not acknowledged", due);
		Set<Long> skipped = new TreeSet<>(this.scenario.listenerFaults().keySet());
		skipped.removeIf((position) -> !this.scenario.isSkipped(position) || this.failed.contains(position));
		addUnlessEmpty(unrest, "no event of the failure of", skipped);
		TaskWatcherStatus status = this.applications.get(0).status();
		if (!isAtRest(status)) {
			unrest.add("not at rest: " + status);
		}
		return unrest;
	}

	private static void addUnlessEmpty(List<String> unrest, String what, Set<?> items) {
		if (!items.isEmpty()) {
			unrest.add(what + " " + items);
		}
	}

	private boolean isAtRest(TaskWatcherStatus status) {
		if (status.caughtUp() && status.backlog().updates() > 0) {
			this.trace.violation("caught up with a backlog: " + status);
		}
		TaskWatcherStatus.Checkpoint checkpoint = status.checkpoint();
		return status.running() && status.state() == TaskWatcherStatus.State.STREAMING && status.caughtUp()
				&& status.backlog().updates() == 0 && status.acknowledgements().pending() == 0
				&& (checkpoint == null || (checkpoint.lastError() == null && checkpoint.acknowledgementsDue() == 0
						&& Long.valueOf(this.scenario.updates().size()).equals(checkpoint.position())));
	}

	private void check() {
		List<Long> effects = effects();
		if (this.scenario.isTransactional() && new HashSet<>(effects).size() < effects.size()) {
			this.trace.violation("effects more than once: " + effects);
		}
		if (!expectedEffects().containsAll(effects)) {
			this.trace.violation("effects of updates that were skipped: " + effects);
		}
		if (!expectedAcknowledgements().containsAll(this.platform.acknowledged())) {
			this.trace.violation("acknowledged in spite of a failure: " + this.platform.acknowledged());
		}
		List<Long> firsts = effects.stream().distinct().toList();
		Map<String, List<Long>> byRoot = firsts.stream()
			.collect(Collectors.groupingBy((position) -> this.scenario.updates().get((int) (position - 1)).root()));
		byRoot.forEach((root, positions) -> {
			if (!positions.equals(positions.stream().sorted().toList())) {
				this.trace.violation("out of order: " + root + " " + positions);
			}
		});
		if (!this.trace.violations().isEmpty()) {
			throw new AssertionError(
					"Seed " + this.seed + ": " + this.trace.violations() + "\n" + this.scenario + "\n" + this.trace);
		}
	}

	HikariDataSource pool() {
		return this.resources.pool();
	}

	Timer timer() {
		return this.resources.timer();
	}

	FaultPlan plan() {
		return this.plan;
	}

	ScriptedPlatform platform() {
		return this.platform;
	}

	Scenario scenario() {
		return this.scenario;
	}

	Trace trace() {
		return this.trace;
	}

	CheckpointStore sharedStore() {
		return this.sharedStore;
	}

	ConcurrentMetadataStore sharedMetadata() {
		return this.sharedMetadata;
	}

	String region() {
		return "run-" + this.seed;
	}

	/**
	 * Return what a failure of this run says.
	 */
	String describe(Object problem) {
		return "Seed " + this.seed + ": " + problem + "\n" + this.scenario + "\n" + this.trace;
	}

	@Override
	public void close() {
		this.plan.heal();
		this.applications.forEach(SimulatedApplication::destroy);
		this.applications.forEach(SimulatedApplication::crash);
		this.crashed.forEach(SimulatedApplication::destroy);
	}

}
