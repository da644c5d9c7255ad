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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

import cloud.requence.samples.dashboard.payload.KeptPayload;
import cloud.requence.samples.dashboard.payload.PayloadAddress;
import cloud.requence.samples.dashboard.payload.PayloadSource;
import cloud.requence.samples.dashboard.text.BoundedText;
import cloud.requence.task.TaskUpdate;
import org.jspecify.annotations.Nullable;

/**
 * All tasks of which something was heard, as far as there is room: those that have not
 * ended, and the latest of those that have. Each change gives the board a new version, so
 * that viewers use to request later changes. Safe for use by any thread.
 */
public final class TaskBoard implements PayloadSource {

	private static final Duration PLAUSIBLE = Duration.ofDays(3650);

	private final BoardLimits limits;

	private final Clock clock;

	private final long since;

	// The one that was silent for the longest time comes first
	private final Map<String, BoardTask> open = new LinkedHashMap<>();

	// The one that ended first comes first
	private final Map<String, BoardTask> finished = new LinkedHashMap<>();

	private final RemovalLog removals = new RemovalLog();

	private final UpdateRate rate;

	private long version;

	private long size;

	private long updates;

	private long succeeded;

	private long failed;

	private long aborted;

	TaskBoard(BoardLimits limits, Clock clock) {
		this.limits = limits;
		this.clock = clock;
		this.since = clock.millis();
		this.rate = new UpdateRate(second());
	}

	public synchronized void apply(TaskUpdate update) {
		this.version++;
		this.updates++;
		this.rate.count(second());
		String id = BoundedText.limit(update.taskId(), BoundedText.MAX_NAME);
		BoardTask known = this.finished.get(id);
		if (known != null) {
			change(known, update);
		}
		else {
			applyToOpen(id, update);
		}
		makeRoom();
	}

	private void applyToOpen(String id, TaskUpdate update) {
		BoardTask task = this.open.remove(id);
		if (task == null) {
			task = new BoardTask(id, update, timeOf(update), this.limits);
			this.size += task.size();
		}
		change(task, update);
		if (task.state() == TaskState.RUNNING) {
			this.open.put(id, task);
			return;
		}
		this.finished.put(id, task);
		countOutcome(task.state());
	}

	private void change(BoardTask task, TaskUpdate update) {
		long before = task.size();
		task.apply(update, timeOf(update), this.version);
		this.size += task.size() - before;
	}

	private void countOutcome(TaskState state) {
		switch (state) {
			case SUCCEEDED -> this.succeeded++;
			case FAILED -> this.failed++;
			case ABORTED -> this.aborted++;
			case RUNNING -> throw new IllegalArgumentException("Not an outcome: " + state);
		}
	}

	private void makeRoom() {
		while (this.finished.size() > this.limits.finishedTasks()) {
			removeFirst(this.finished);
		}
		while (this.open.size() > this.limits.openTasks()) {
			removeFirst(this.open);
		}
		while (this.size > this.limits.size().toBytes() && this.finished.size() + this.open.size() > 1) {
			removeFirst(this.finished.isEmpty() ? this.open : this.finished);
		}
	}

	private void removeFirst(Map<String, BoardTask> tasks) {
		BoardTask first = tasks.values().iterator().next();
		tasks.remove(first.id());
		this.size -= first.size();
		this.removals.add(first.id(), this.version);
	}

	/**
	 * Return what has changed.
	 * @param version the version that is known; negative for none
	 * @param second the first second of which the rate is not known
	 * @return the changes
	 */
	public synchronized BoardChanges changesSince(long version, long second) {
		boolean complete = version < 0 || version > this.version || !this.removals.reachesBackTo(version);
		List<TaskRow> rows = tasks().filter((task) -> complete || task.version() > version)
			.map(BoardTask::row)
			.toList();
		List<String> removed = complete ? List.of()
				: this.removals.since(version).stream().filter(this::isGone).toList();
		return new BoardChanges(this.version, complete, rows, removed, counters(), this.rate.points(second, second()));
	}

	private boolean isGone(String id) {
		return find(id) == null;
	}

	private TaskCounters counters() {
		return new TaskCounters(this.since, this.open.size(), this.succeeded, this.failed, this.aborted, this.updates);
	}

	/**
	 * Return all that is known of a task.
	 * @param id the task's identifier
	 * @return the details, or empty if the task is not on the board
	 */
	public synchronized Optional<TaskDetails> details(String id) {
		BoardTask task = find(id);
		return (task != null)
				? Optional.of(task.details(this.clock.millis()).withFamily(rootOf(task), subTasksOf(task)))
				: Optional.empty();
	}

	@Override
	public synchronized Optional<KeptPayload> payload(String id, PayloadAddress address) {
		BoardTask task = find(id);
		return (task != null) ? Optional.ofNullable(task.payload(address)) : Optional.empty();
	}

	/**
	 * Remember that a task is protected.
	 * @param id the task's identifier
	 */
	public synchronized void protect(String id) {
		BoardTask task = find(id);
		if (task != null) {
			this.version++;
			task.protect(this.version);
		}
	}

	private TaskDetails.@Nullable Link rootOf(BoardTask task) {
		String rootId = task.rootId();
		if (rootId == null) {
			return null;
		}
		BoardTask root = find(rootId);
		return (root != null) ? root.link() : new TaskDetails.Link(rootId, null, null);
	}

	private List<TaskDetails.Link> subTasksOf(BoardTask task) {
		List<TaskDetails.Link> subTasks = new ArrayList<>();
		tasks().filter((other) -> task.id().equals(other.rootId())).map(BoardTask::link).forEach(subTasks::add);
		return subTasks;
	}

	private Stream<BoardTask> tasks() {
		return Stream.concat(this.finished.values().stream(), this.open.values().stream());
	}

	private @Nullable BoardTask find(String id) {
		BoardTask task = this.open.get(id);
		return (task != null) ? task : this.finished.get(id);
	}

	private long timeOf(TaskUpdate update) {
		Instant now = this.clock.instant();
		Instant timestamp = update.timestamp();
		if (timestamp == null || timestamp.isBefore(now.minus(PLAUSIBLE)) || timestamp.isAfter(now.plus(PLAUSIBLE))) {
			return now.toEpochMilli();
		}
		return timestamp.toEpochMilli();
	}

	private long second() {
		return Math.floorDiv(this.clock.millis(), 1000L);
	}

}
