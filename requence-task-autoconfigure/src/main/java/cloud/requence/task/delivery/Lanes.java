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

import cloud.requence.task.context.RecoveredContext;
import cloud.requence.task.delivery.Lane.State;

/**
 * Sorts updates into lanes, those of a root task and its sub-tasks into one each. Tasks
 * whose root task is not known share a lane, as any two of them may belong together. Of
 * the lanes that are ready the one with the earliest update comes first; one that was
 * held up queues behind those that are ready already.
 */
final class Lanes implements Line {

	private static final String SHARED = "";

	private final DeliveryLimits limits;

	// Makes a change under the lock, on any thread
	private final Consumer<Runnable> locked;

	private final Map<String, Lane> lanes = new HashMap<>();

	private final Map<String, OpenTask> tasks = new HashMap<>();

	private final PriorityQueue<Lane> ready = new PriorityQueue<>(Comparator.comparingLong(Lane::rank));

	private final PriorityQueue<Lane> parked = new PriorityQueue<>(
			(one, other) -> Long.signum(one.parkedUntil() - other.parkedUntil()));

	private final ArrivalOrder arrivals = new ArrivalOrder();

	private long sequence;

	private int updates;

	private long bytes;

	private int counted;

	private long countedBytes;

	private int held;

	Lanes(DeliveryLimits limits, Consumer<Runnable> locked) {
		this.limits = limits;
		this.locked = locked;
	}

	@Override
	public void add(PendingUpdate update, long now) {
		OpenTask task = openTask(update);
		Lane lane = task.lane;
		update.line(lane, this.sequence);
		if (lane.state() == State.EMPTY) {
			makeReady(lane, update.sequence());
		}
		lane.add(update);
		this.sequence++;
		task.updates++;
		this.updates++;
		this.bytes += update.size();
		if (lane.isHeld()) {
			this.held++;
		}
		count(lane);
		this.arrivals.add(update, now);
	}

	/**
	 * Updates of a task keep their order, even if its root task becomes known, or is
	 * forgotten, while some of them wait.
	 */
	private OpenTask openTask(PendingUpdate update) {
		String taskId = update.update().taskId();
		OpenTask task = this.tasks.get(taskId);
		if (task == null) {
			String root = update.rootTaskId();
			task = new OpenTask(laneOf((root != null) ? root : SHARED));
			this.tasks.put(taskId, task);
		}
		return task;
	}

	private Lane laneOf(String key) {
		Lane lane = this.lanes.get(key);
		if (lane == null) {
			lane = new Lane(key);
			this.lanes.put(key, lane);
		}
		return lane;
	}

	/**
	 * A single one: the other threads want some, too.
	 */
	@Override
	public int take(@Nullable PendingUpdate[] batch, int max, long now) {
		PendingUpdate first = take(now);
		batch[0] = first;
		return (first != null) ? 1 : 0;
	}

	private @Nullable PendingUpdate take(long now) {
		for (Lane due = this.parked.peek(); due != null && due.parkedUntil() - now <= 0; due = this.parked.peek()) {
			makeReady(due, this.sequence++);
			this.parked.remove();
		}
		for (Lane lane = this.ready.peek(); lane != null; lane = this.ready.peek()) {
			PendingUpdate first = lane.first();
			boolean waits = first != null && hasToWait(first, lane);
			this.ready.remove();
			if (first == null) {
				lane.changeTo(State.EMPTY);
				this.lanes.remove(lane.key(), lane);
			}
			else if (waits) {
				lane.changeTo(State.WAITING);
				hold(lane, true);
			}
			else {
				lane.take(first);
				return first;
			}
		}
		return null;
	}

	private boolean hasToWait(PendingUpdate first, Lane lane) {
		RecoveredContext awaited = first.awaited();
		if (awaited == null) {
			return false;
		}
		awaited.whenDone(wakeUpOf(lane));
		// At once, if it was done in the meantime: the lane was not waiting yet
		return !awaited.isDone();
	}

	private Runnable wakeUpOf(Lane lane) {
		return () -> this.locked.accept(() -> wakeUp(lane));
	}

	/**
	 * What a lane has waited for is done.
	 */
	private void wakeUp(Lane lane) {
		if (lane.state() == State.WAITING && this.lanes.get(lane.key()) == lane) {
			makeReady(lane, lane.rank());
			hold(lane, false);
		}
	}

	@Override
	public long untilNext(long now) {
		Lane next = this.parked.peek();
		return (next != null) ? Math.max(0, next.parkedUntil() - now) : Long.MAX_VALUE;
	}

	@Override
	public void remove(PendingUpdate update, long now) {
		Lane lane = update.lane();
		if (lane.first() == update) {
			hold(lane, false);
			lane.removeFirst();
			this.updates--;
			this.bytes -= update.size();
			count(lane);
			forget(update.update().taskId());
			this.arrivals.remove(update, now);
		}
		PendingUpdate next = lane.first();
		if (next != null) {
			makeReady(lane, next.sequence());
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

	@Override
	public void putBack(PendingUpdate update) {
		makeReady(update.lane(), update.sequence());
	}

	@Override
	public void park(PendingUpdate update, long until) {
		Lane lane = update.lane();
		lane.parkedUntil(until);
		this.parked.add(lane);
		lane.changeTo(State.PARKED);
		hold(lane, true);
	}

	@Override
	public boolean hasTaken(PendingUpdate update) {
		Lane lane = update.lane();
		return this.lanes.get(lane.key()) == lane && lane.hasTaken(update);
	}

	private void makeReady(Lane lane, long rank) {
		lane.rank(rank);
		this.ready.add(lane);
		lane.changeTo(State.READY);
	}

	private void hold(Lane lane, boolean hold) {
		if (lane.isHeld() != hold) {
			lane.hold(hold);
			this.held += hold ? lane.size() : -lane.size();
			count(lane);
		}
	}

	/**
	 * What waits behind an update that is held up must not use up the room of the other
	 * lanes, and neither must the backlog of a lane whose listener takes its time.
	 */
	private void count(Lane lane) {
		int countedNow = lane.isHeld() ? 0 : Math.min(lane.size(), this.limits.share());
		long bytesNow = lane.isHeld() ? 0 : Math.min(lane.bytes(), this.limits.shareBytes());
		this.counted += countedNow - lane.counted();
		this.countedBytes += bytesNow - lane.countedBytes();
		lane.count(countedNow, bytesNow);
	}

	@Override
	public @Nullable PendingUpdate last() {
		return this.arrivals.last();
	}

	@Override
	public int updates() {
		return this.updates;
	}

	@Override
	public long bytes() {
		return this.bytes;
	}

	@Override
	public int held() {
		return this.held;
	}

	@Override
	public @Nullable Long waitingSince() {
		return this.arrivals.waitingSince();
	}

	@Override
	public DeliveryLimits.Room room() {
		return this.limits.room(this.counted, this.countedBytes, this.updates, this.bytes);
	}

	@Override
	public void clear() {
		this.arrivals.clear();
		this.lanes.clear();
		this.tasks.clear();
		this.ready.clear();
		this.parked.clear();
		this.updates = 0;
		this.bytes = 0;
		this.counted = 0;
		this.countedBytes = 0;
		this.held = 0;
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
