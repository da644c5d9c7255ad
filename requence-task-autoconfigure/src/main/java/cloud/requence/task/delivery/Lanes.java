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
 * Sorts updates into lanes: all into one, or those of a root task and its sub-tasks into
 * one each. Tasks whose root task is not known share a lane, as any two of them may
 * belong together. Of the lanes that are ready the one with the earliest update comes
 * first; one that was held up queues behind those that are ready already.
 * <p>
 * Each method first does what may fail for lack of memory, so that a failed call can be
 * repeated. Guarded by the delivery queue.
 */
final class Lanes {

	private static final String SHARED = "";

	private final boolean single;

	private final DeliveryLimits limits;

	// Called by any thread, without the lock
	private final Consumer<Lane> wakeUp;

	private final Map<String, Lane> lanes = new HashMap<>();

	private final Map<String, OpenTask> tasks = new HashMap<>();

	private final PriorityQueue<Lane> ready = new PriorityQueue<>(Comparator.comparingLong(Lane::rank));

	private final PriorityQueue<Lane> parked = new PriorityQueue<>(
			(one, other) -> Long.signum(one.parkedUntil() - other.parkedUntil()));

	private long sequence;

	private int updates;

	private long bytes;

	private int counted;

	private long countedBytes;

	private int held;

	Lanes(boolean single, DeliveryLimits limits, Consumer<Lane> wakeUp) {
		this.single = single;
		this.limits = limits;
		this.wakeUp = wakeUp;
	}

	void add(PendingUpdate update) {
		OpenTask task = this.single ? null : openTask(update);
		Lane lane = (task != null) ? task.lane : laneOf(SHARED);
		update.line(lane, this.sequence);
		if (lane.state() == State.EMPTY) {
			makeReady(lane, update.sequence());
		}
		lane.add(update);
		this.sequence++;
		if (task != null) {
			task.updates++;
		}
		this.updates++;
		this.bytes += update.size();
		if (lane.isHeld()) {
			this.held++;
		}
		count(lane);
	}

	/**
	 * Updates of a task keep their order, even if its root task becomes known, or is
	 * forgotten, while some of them wait.
	 */
	private OpenTask openTask(PendingUpdate update) {
		return this.tasks.computeIfAbsent(update.update().taskId(), (id) -> {
			String root = update.rootTaskId();
			return new OpenTask(laneOf((root != null) ? root : SHARED));
		});
	}

	private Lane laneOf(String key) {
		return this.lanes.computeIfAbsent(key, (missing) -> new Lane(missing, this.wakeUp));
	}

	/**
	 * Take the earliest update that may be delivered.
	 * @param now the time, by the ticker
	 * @return the update; {@code null} if there is none
	 */
	@Nullable PendingUpdate take(long now) {
		for (Lane due = this.parked.peek(); due != null && due.parkedUntil() - now <= 0; due = this.parked.peek()) {
			makeReady(due, this.sequence++);
			this.parked.remove();
		}
		for (Lane lane = this.ready.poll(); lane != null; lane = this.ready.poll()) {
			PendingUpdate first = lane.first();
			if (first == null) {
				lane.changeTo(State.EMPTY);
				this.lanes.remove(lane.key(), lane);
				continue;
			}
			RecoveredContext awaited = first.awaited();
			if (awaited == null) {
				lane.take(first);
				return first;
			}
			lane.changeTo(State.WAITING);
			hold(lane, true);
			awaited.whenDone(lane.wakeUp());
		}
		return null;
	}

	/**
	 * What a lane has waited for is done.
	 */
	void wakeUp(Lane lane) {
		if (lane.state() == State.WAITING && this.lanes.get(lane.key()) == lane) {
			makeReady(lane, lane.rank());
			hold(lane, false);
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
	 * An update that was taken is done.
	 */
	void remove(PendingUpdate update) {
		Lane lane = update.lane();
		if (lane.first() == update) {
			hold(lane, false);
			lane.removeFirst();
			this.updates--;
			this.bytes -= update.size();
			count(lane);
			if (!this.single) {
				forget(update.update().taskId());
			}
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

	/**
	 * An update that was taken has to be taken again.
	 */
	void putBack(PendingUpdate update) {
		makeReady(update.lane(), update.sequence());
	}

	/**
	 * An update that was taken has to be taken again, but not before a time.
	 */
	void park(PendingUpdate update, long until) {
		Lane lane = update.lane();
		lane.parkedUntil(until);
		this.parked.add(lane);
		lane.changeTo(State.PARKED);
		hold(lane, true);
	}

	/**
	 * Return whether an update is one that was taken from here.
	 */
	boolean hasTaken(PendingUpdate update) {
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
		int countedNow = lane.size();
		long bytesNow = lane.bytes();
		if (!this.single) {
			countedNow = lane.isHeld() ? 0 : Math.min(countedNow, this.limits.share());
			bytesNow = lane.isHeld() ? 0 : Math.min(bytesNow, this.limits.shareBytes());
		}
		this.counted += countedNow - lane.counted();
		this.countedBytes += bytesNow - lane.countedBytes();
		lane.count(countedNow, bytesNow);
	}

	/**
	 * Return how many updates there are, those that are being delivered included.
	 */
	int updates() {
		return this.updates;
	}

	long bytes() {
		return this.bytes;
	}

	/**
	 * Return how many updates are held up: they have failed or wait for their context, or
	 * are behind one that does.
	 */
	int held() {
		return this.held;
	}

	/**
	 * Return how much room there is for further updates.
	 */
	DeliveryLimits.Room room() {
		return this.limits.room(this.counted, this.countedBytes, this.updates, this.bytes);
	}

	void clear() {
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
