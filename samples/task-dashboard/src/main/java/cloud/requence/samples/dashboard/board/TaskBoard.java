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

package cloud.requence.samples.dashboard.board;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;

import cloud.requence.samples.dashboard.payload.KeptPayload;
import cloud.requence.samples.dashboard.payload.PayloadAddress;
import cloud.requence.samples.dashboard.payload.PayloadSource;
import cloud.requence.samples.dashboard.text.BoundedText;
import cloud.requence.task.TaskStart;
import cloud.requence.task.TaskUpdate;
import org.jspecify.annotations.Nullable;

/**
 * All tasks of which something was heard, as far as there is room: those that have not
 * ended, and of each outcome the latest. Each task is counted once, whether there is room
 * for it or not. Each change gives the board a new version, so that viewers request later
 * changes. Safe for use by any thread.
 */
public final class TaskBoard implements PayloadSource {

	private static final int MAX_SUB_TASKS = 500;

	private static final Duration PAST = Duration.ofDays(366);

	// Clocks of platforms may be ahead of this one
	private static final Duration FUTURE = Duration.ofMinutes(1);

	// Failures are removed for running tasks only if they take more than this part
	private static final int SHARE_OF_FAILURES = 4;

	private final BoardLimits limits;

	private final AttentionProperties attention;

	private final Clock clock;

	private long since;

	private final Map<String, BoardTask> tasks = new HashMap<>();

	// Running tasks are in the order of their last update, others in that of their end
	private final Map<TaskState, TaskShelf> shelves = new EnumMap<>(TaskState.class);

	private final NavigableMap<Long, BoardTask> byVersion = new TreeMap<>();

	private final ForgottenTasks forgotten;

	private final RemovalLog removals = new RemovalLog();

	private UpdateRate rate;

	private final Map<TaskState, Long> ended = new EnumMap<>(TaskState.class);

	private Map<String, Duration> usualLimits = new HashMap<>();

	private long version;

	private long updates;

	TaskBoard(BoardLimits limits, AttentionProperties attention, Clock clock) {
		this.limits = limits;
		this.attention = attention;
		this.clock = clock;
		this.since = clock.millis();
		this.rate = new UpdateRate(second());
		this.forgotten = new ForgottenTasks(limits.forgottenTasks());
		for (TaskState state : TaskState.values()) {
			this.shelves.put(state, new TaskShelf());
		}
	}

	public synchronized void apply(TaskUpdate update) {
		this.updates++;
		this.rate.count(second());
		long now = this.clock.millis();
		apply(update, (task) -> task.apply(update, timeOf(update), now, this.version));
	}

	/**
	 * Put back an update that a history has kept.
	 * @param update the update
	 * @param recordedAt when it was delivered, in milliseconds since the epoch
	 * @param payloadSize the size of its payload, of which the update may have the
	 * beginning only
	 */
	public synchronized void restore(TaskUpdate update, long recordedAt, int payloadSize) {
		apply(update, (task) -> task.restore(update, timeOf(update), recordedAt, this.version, payloadSize));
	}

	/**
	 * Put back what was counted before.
	 * @param since since when, in milliseconds since the epoch
	 * @param updates how many updates were delivered
	 * @param ended how many tasks have ended, by outcome
	 * @param rate how many updates were delivered in which second
	 */
	public synchronized void restoreCounters(long since, long updates, Map<TaskState, Long> ended,
			SortedMap<Long, Integer> rate) {
		this.since = since;
		this.updates = updates;
		this.ended.clear();
		this.ended.putAll(ended);
		if (!rate.isEmpty()) {
			this.rate = new UpdateRate(rate.firstKey());
			rate.forEach(this.rate::count);
		}
	}

	/**
	 * Return a board without tasks that has the same limits.
	 * @return the board
	 */
	public TaskBoard empty() {
		return new TaskBoard(this.limits, this.attention, this.clock);
	}

	/**
	 * Return how many tasks there is room for.
	 * @param state the state of the tasks
	 * @return how many
	 */
	public int room(TaskState state) {
		return this.limits.tasks(state);
	}

	private void apply(TaskUpdate update, Consumer<BoardTask> change) {
		this.version++;
		String id = BoundedText.limit(update.taskId(), BoundedText.MAX_NAME);
		BoardTask task = this.tasks.get(id);
		if (task == null) {
			if (this.forgotten.hasEnded(id)) {
				return;
			}
			task = newTask(id, update);
		}
		applyTo(task, change);
		makeRoom();
	}

	private BoardTask newTask(String id, TaskUpdate update) {
		Long startedAt = this.forgotten.takeOpen(id);
		long at = (startedAt != null) ? startedAt : timeOf(update);
		boolean incomplete = startedAt != null || !(update instanceof TaskStart);
		BoardTask task = new BoardTask(id, at, incomplete, this.limits);
		this.tasks.put(id, task);
		shelf(task.state()).put(task);
		return task;
	}

	private void applyTo(BoardTask task, Consumer<BoardTask> change) {
		TaskShelf shelf = shelf(task.state());
		boolean running = task.state() == TaskState.RUNNING;
		if (running) {
			shelf.remove(task);
		}
		long before = task.size();
		this.byVersion.remove(task.version());
		change.accept(task);
		due(task);
		this.byVersion.put(this.version, task);
		if (running) {
			shelf(task.state()).put(task);
			if (task.state() != TaskState.RUNNING) {
				this.ended.merge(task.state(), 1L, Long::sum);
			}
		}
		else {
			shelf.resized(task.size() - before);
		}
	}

	private boolean due(BoardTask task) {
		return task.due(this.attention.overdueAfter(task.name(), this.usualLimits.get(task.pattern())));
	}

	/**
	 * Set how long tasks may run whose names have no limit in the settings.
	 * @param limits the limits by the pattern of the names
	 */
	public synchronized void usualLimits(Map<String, Duration> limits) {
		this.usualLimits = new HashMap<>(limits);
		List<BoardTask> changed = shelf(TaskState.RUNNING).tasks().stream().filter(this::due).toList();
		changed.forEach((task) -> change(task.id(), (running) -> {
		}));
	}

	private void makeRoom() {
		for (TaskState state : TaskState.values()) {
			while (shelf(state).count() > this.limits.tasks(state)) {
				removeFirst(state);
			}
		}
		while (size() > this.limits.size().toBytes() && this.tasks.size() > 1) {
			removeFirst(mostDispensable());
		}
	}

	private TaskState mostDispensable() {
		for (TaskState state : List.of(TaskState.SUCCEEDED, TaskState.ABORTED)) {
			if (!shelf(state).isEmpty()) {
				return state;
			}
		}
		long sizeOfFailures = shelf(TaskState.FAILED).size();
		boolean tooLarge = sizeOfFailures > this.limits.size().toBytes() / SHARE_OF_FAILURES;
		return (tooLarge || shelf(TaskState.RUNNING).isEmpty()) ? TaskState.FAILED : TaskState.RUNNING;
	}

	private void removeFirst(TaskState state) {
		BoardTask first = shelf(state).first();
		shelf(state).remove(first);
		this.tasks.remove(first.id());
		this.byVersion.remove(first.version());
		this.forgotten.add(first);
		this.removals.add(first.id(), this.version);
	}

	private long size() {
		return this.shelves.values().stream().mapToLong(TaskShelf::size).sum();
	}

	private TaskShelf shelf(TaskState state) {
		return Objects.requireNonNull(this.shelves.get(state));
	}

	/**
	 * Return what has changed.
	 * @param version the version that is known; negative for none
	 * @param second the first second of which the rate is not known
	 * @return the changes
	 */
	public synchronized BoardChanges changesSince(long version, long second) {
		boolean complete = version < 0 || version > this.version || !this.removals.reachesBackTo(version);
		long known = complete ? -1 : version;
		List<TaskRow> rows = this.byVersion.tailMap(known, false)
			.values()
			.stream()
			.map((task) -> task.row().since(known))
			.toList();
		List<String> removed = complete ? List.of()
				: this.removals.since(version).stream().filter((id) -> !this.tasks.containsKey(id)).toList();
		return new BoardChanges(this.version, complete, rows, removed, counters(), this.rate.points(second, second()));
	}

	private TaskCounters counters() {
		int running = shelf(TaskState.RUNNING).count() + this.forgotten.openTasks();
		return new TaskCounters(this.since, running, this.forgotten.isComplete(), ended(TaskState.SUCCEEDED),
				ended(TaskState.FAILED), ended(TaskState.ABORTED), this.updates);
	}

	private long ended(TaskState state) {
		return this.ended.getOrDefault(state, 0L);
	}

	/**
	 * Return what is known of a task.
	 * @param id the task's identifier
	 * @param version the version of the task that is known; negative for none
	 * @return the details with the nodes that have changed since, or empty if the task is
	 * not on the board
	 */
	public synchronized Optional<TaskDetails> details(String id, long version) {
		BoardTask task = this.tasks.get(id);
		return (task != null)
				? Optional.of(task.details(this.clock.millis(), version).withFamily(rootOf(task), subTasksOf(task)))
				: Optional.empty();
	}

	/**
	 * Return all that is known of a task.
	 * @param id the task's identifier
	 * @return the details, or empty if the task is not on the board
	 */
	public Optional<TaskDetails> details(String id) {
		return details(id, -1);
	}

	@Override
	public synchronized Optional<KeptPayload> payload(String id, PayloadAddress address) {
		BoardTask task = this.tasks.get(id);
		return (task != null) ? Optional.ofNullable(task.payload(address)) : Optional.empty();
	}

	@Override
	public synchronized Optional<String> alias(String id, String node) {
		BoardTask task = this.tasks.get(id);
		return (task != null) ? Optional.ofNullable(task.alias(node)) : Optional.empty();
	}

	/**
	 * Remember that a task is protected.
	 * @param id the task's identifier
	 */
	public void protect(String id) {
		change(id, BoardTask::protect);
	}

	/**
	 * Remember that the platform has accepted to abort a task.
	 * @param id the task's identifier
	 */
	public void abortRequested(String id) {
		change(id, (task) -> task.abortRequested(this.clock.millis()));
	}

	/**
	 * Remember that the end of a task was acknowledged.
	 * @param id the task's identifier
	 */
	void acknowledged(String id) {
		change(id, BoardTask::acknowledged);
	}

	private synchronized void change(String id, Consumer<BoardTask> change) {
		BoardTask task = this.tasks.get(id);
		if (task != null) {
			this.version++;
			this.byVersion.remove(task.version());
			change.accept(task);
			task.changed(this.version);
			this.byVersion.put(this.version, task);
		}
	}

	/**
	 * Return the tasks that have ended and are not known to be acknowledged.
	 */
	synchronized List<String> unacknowledged() {
		return this.tasks.values().stream().filter(BoardTask::isUnacknowledged).map(BoardTask::id).toList();
	}

	private TaskDetails.@Nullable Link rootOf(BoardTask task) {
		String rootId = task.rootId();
		if (rootId == null) {
			return null;
		}
		BoardTask root = this.tasks.get(rootId);
		return (root != null) ? root.link() : new TaskDetails.Link(rootId, null, null);
	}

	private List<TaskDetails.Link> subTasksOf(BoardTask task) {
		List<TaskDetails.Link> subTasks = new ArrayList<>();
		this.byVersion.values()
			.stream()
			.filter((other) -> task.id().equals(other.rootId()))
			.sorted(Comparator.comparingLong(BoardTask::startedAt))
			.limit(MAX_SUB_TASKS)
			.map(BoardTask::link)
			.forEach(subTasks::add);
		return subTasks;
	}

	private long timeOf(TaskUpdate update) {
		Instant now = this.clock.instant();
		Instant timestamp = update.timestamp();
		if (timestamp == null || timestamp.isBefore(now.minus(PAST)) || timestamp.isAfter(now.plus(FUTURE))) {
			return now.toEpochMilli();
		}
		return timestamp.toEpochMilli();
	}

	private long second() {
		return Math.floorDiv(this.clock.millis(), 1000L);
	}

}
