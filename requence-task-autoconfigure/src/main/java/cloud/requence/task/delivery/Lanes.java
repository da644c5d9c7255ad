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

package cloud.requence.task.delivery;

import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;

import cloud.requence.task.TaskUpdate;
import cloud.requence.task.context.RecoveredContext;
import cloud.requence.task.delivery.Lane.State;

/**
 * Sorts updates into lanes: all into one, or those of a root task and its sub-tasks into
 * one each. Of the lanes that are ready the one with the earliest update comes first.
 * Guarded by the look-ahead.
 */
final class Lanes {

	private static final String SINGLE = "";

	private final boolean single;

	// Called by any thread, without the lock
	private final Consumer<Lane> wakeUp;

	private final Map<String, Lane> lanes = new HashMap<>();

	private final Map<String, OpenTask> tasks = new HashMap<>();

	private final PriorityQueue<Lane> ready = new PriorityQueue<>(Comparator.comparingLong(Lane::sequence));

	private final PriorityQueue<Lane> parked = new PriorityQueue<>(
			(one, other) -> Long.signum(one.parkedUntil() - other.parkedUntil()));

	private long sequence;

	Lanes(boolean single, Consumer<Lane> wakeUp) {
		this.single = single;
		this.wakeUp = wakeUp;
	}

	void add(PendingUpdate update) {
		Lane lane = this.single ? laneOf(SINGLE) : laneOfTask(update.update());
		update.line(lane, this.sequence++);
		lane.updates().add(update);
		if (lane.state() == State.EMPTY) {
			makeReady(lane);
		}
	}

	/**
	 * Updates of a task keep their order, even if its root task becomes known, or is
	 * forgotten, while some of them wait.
	 */
	private Lane laneOfTask(TaskUpdate update) {
		OpenTask task = this.tasks.computeIfAbsent(update.taskId(), (id) -> {
			String root = update.rootTaskId();
			return new OpenTask(laneOf((root != null) ? root : id));
		});
		task.updates++;
		return task.lane;
	}

	private Lane laneOf(String key) {
		return this.lanes.computeIfAbsent(key, Lane::new);
	}

	/**
	 * Take the earliest update that may be delivered.
	 * @param now the time, by the ticker
	 * @return the update; {@code null} if there is none
	 */
	@Nullable PendingUpdate take(long now) {
		for (Lane due = this.parked.peek(); due != null && due.parkedUntil() - now <= 0; due = this.parked.peek()) {
			this.parked.remove();
			makeReady(due);
		}
		for (Lane lane = this.ready.poll(); lane != null; lane = this.ready.poll()) {
			PendingUpdate first = lane.first();
			RecoveredContext awaited = (first != null) ? first.awaited() : null;
			if (awaited == null) {
				lane.changeTo(State.BUSY);
				return first;
			}
			Lane waiting = lane;
			lane.changeTo(State.WAITING);
			awaited.whenDone(() -> this.wakeUp.accept(waiting));
		}
		return null;
	}

	/**
	 * What a lane has waited for is done.
	 */
	void goOn(Lane lane) {
		if (lane.state() == State.WAITING) {
			makeReady(lane);
		}
	}

	/**
	 * Return how long it takes until a lane is ready that waits for a time.
	 * @param now the time, by the ticker
	 * @return the time in nanoseconds; {@value java.lang.Long#MAX_VALUE} if there is none
	 */
	long untilNext(long now) {
		Lane next = this.parked.peek();
		return (next != null) ? Math.max(0, next.parkedUntil() - now) : Long.MAX_VALUE;
	}

	/**
	 * An update that was taken is done with.
	 */
	void remove(PendingUpdate update) {
		Lane lane = update.lane();
		lane.updates().remove();
		if (!this.single) {
			forget(update.update().taskId());
		}
		if (!lane.updates().isEmpty()) {
			makeReady(lane);
			return;
		}
		lane.changeTo(State.EMPTY);
		this.lanes.remove(lane.key());
	}

	private void forget(String taskId) {
		OpenTask task = this.tasks.get(taskId);
		if (task != null && --task.updates == 0) {
			this.tasks.remove(taskId);
		}
	}

	/**
	 * An update that was taken has to be taken again.
	 */
	void putBack(PendingUpdate update) {
		makeReady(update.lane());
	}

	/**
	 * An update that was taken has to be taken again, but not before a time.
	 */
	void park(PendingUpdate update, long until) {
		update.lane().parkUntil(until);
		this.parked.add(update.lane());
	}

	boolean has(PendingUpdate update) {
		return this.lanes.get(update.lane().key()) == update.lane();
	}

	private void makeReady(Lane lane) {
		lane.changeTo(State.READY);
		this.ready.add(lane);
	}

	void clear() {
		this.lanes.clear();
		this.tasks.clear();
		this.ready.clear();
		this.parked.clear();
	}

	/**
	 * A task with updates that wait.
	 */
	private static final class OpenTask {

		private final Lane lane;

		private int updates;

		OpenTask(Lane lane) {
			this.lane = lane;
		}

	}

}
