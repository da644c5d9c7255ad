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

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

import org.jspecify.annotations.Nullable;

import cloud.requence.task.AckMode;

/**
 * What a run consists of, drawn from its seed.
 *
 * @param store where the checkpoint is
 * @param ackMode how ends are acknowledged
 * @param transactionSize how many updates may share a transaction
 * @param concurrency how many updates are delivered at the same time
 * @param maxInFlight how many are read ahead
 * @param checkpointEvery how many wait to be saved
 * @param instances how many applications there are, one of which leads
 * @param updates what the platform sends
 * @param listenerFaults how listeners fail, by position
 * @param actions what happens, in order
 * @param faults how many operations fail
 * @param outages how many outages there are
 * @param platformFailures how many calls of the platform fail
 */
record Scenario(Store store, AckMode ackMode, int transactionSize, int concurrency, int maxInFlight,
		int checkpointEvery, int instances, List<ScriptedUpdate> updates, Map<Long, ListenerFault> listenerFaults,
		List<Action> actions, int faults, int outages, int platformFailures) {

	static Scenario random(RandomGenerator random) {
		Store store = pick(random, Store.values());
		boolean transactional = store == Store.TRANSACTIONAL;
		AckMode ackMode = transactional ? AckMode.AFTER_DELIVERY
				: pick(random, AckMode.AFTER_DELIVERY, AckMode.AFTER_DELIVERY, AckMode.MANUAL);
		List<ScriptedUpdate> updates = updates(random);
		int instances = (store.isShared() && random.nextInt(4) == 0) ? 2 : 1;
		return new Scenario(store, ackMode, transactional ? pick(random, 1, 2, 10) : 1,
				transactional ? 1 : pick(random, 1, 1, 2, 4), pick(random, 1, 3, 16, 256), pick(random, 1, 3, 20),
				instances, updates, listenerFaults(random, updates, transactional), actions(random, instances),
				pick(random, 0, 1, 2, 3, 4), pick(random, 0, 0, 1, 2), pick(random, 0, 0, 1, 3));
	}

	@SafeVarargs
	private static <T> T pick(RandomGenerator random, T... values) {
		return values[random.nextInt(values.length)];
	}

	private static List<ScriptedUpdate> updates(RandomGenerator random) {
		List<Deque<ScriptedUpdate>> roots = new ArrayList<>();
		IntStream.range(0, random.nextInt(1, 6)).forEach((i) -> roots.add(task("t-" + i, random)));
		List<ScriptedUpdate> updates = new ArrayList<>();
		while (!roots.isEmpty()) {
			Deque<ScriptedUpdate> root = roots.get(random.nextInt(roots.size()));
			ScriptedUpdate next = root.remove();
			updates.add(new ScriptedUpdate(updates.size() + 1L, next.type(), next.taskId(), next.rootTaskId(),
					next.requireAck()));
			roots.removeIf(Deque::isEmpty);
		}
		return updates;
	}

	private static Deque<ScriptedUpdate> task(String root, RandomGenerator random) {
		Deque<ScriptedUpdate> updates = new ArrayDeque<>();
		updates.add(update("taskStart", root, null, false));
		IntStream.range(0, random.nextInt(3)).forEach((i) -> updates.add(update("nodeStart", root, null, false)));
		if (random.nextInt(3) == 0) {
			updates.add(update("taskStart", root + "-sub", root, false));
			updates.add(update("nodeStart", root + "-sub", root, false));
			updates.add(update("taskEnd", root + "-sub", root, random.nextBoolean()));
		}
		updates.add(update(pick(random, "taskEnd", "taskError"), root, null, random.nextInt(5) > 0));
		return updates;
	}

	private static ScriptedUpdate update(String type, String taskId, @Nullable String root, boolean requireAck) {
		return new ScriptedUpdate(0, type, taskId, root, requireAck);
	}

	private static Map<Long, ListenerFault> listenerFaults(RandomGenerator random, List<ScriptedUpdate> updates,
			boolean transactional) {
		List<ListenerFault> possible = Arrays.stream(ListenerFault.values())
			.filter((fault) -> transactional || !fault.needsTransaction())
			.toList();
		Map<Long, ListenerFault> faults = new TreeMap<>();
		IntStream.range(0, random.nextInt(4))
			.forEach((i) -> faults.put(random.nextLong(1, updates.size() + 1),
					possible.get(random.nextInt(possible.size()))));
		return faults;
	}

	private static List<Action> actions(RandomGenerator random, int instances) {
		List<Action> actions = new ArrayList<>();
		int count = random.nextInt(8);
		for (int i = 0; i < count; i++) {
			actions.add(Action.SEND);
			if (random.nextBoolean()) {
				actions.add(Action.AWAIT_SOME);
			}
			Action action = pick(random, Action.values());
			if (instances > 1 || !action.isOfLeadership()) {
				actions.add(action);
			}
		}
		return actions;
	}

	boolean isTransactional() {
		return this.store == Store.TRANSACTIONAL;
	}

	boolean isSkipped(long position) {
		ListenerFault fault = this.listenerFaults.get(position);
		return fault != null && fault.isPermanent();
	}

	/**
	 * Where the checkpoint is.
	 */
	enum Store {

		NONE, MEMORY, FILE, METADATA, JDBC, TRANSACTIONAL;

		boolean isShared() {
			return this != NONE && this != FILE;
		}

	}

	/**
	 * What happens to the applications.
	 */
	enum Action {

		SEND, AWAIT_SOME, RESTART, PAUSE, CRASH, CUT, END_STREAM, HAND_OVER, HAND_OVER_WITH_OVERLAP, CRASH_OF_LEADER;

		boolean isOfLeadership() {
			return this == HAND_OVER || this == HAND_OVER_WITH_OVERLAP || this == CRASH_OF_LEADER;
		}

	}

}
