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

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.function.Predicate;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * The tasks and the log of what happened to them. Safe for use by any thread; updates are
 * logged in the order in which they changed their tasks.
 */
final class Platform {

	private static final Set<String> TERMINAL = Set.of("taskEnd", "taskError", "taskAborted");

	private final JsonMapper mapper = JsonMapper.builder().build();

	private final Map<String, EmulatedTask> tasks = new LinkedHashMap<>();

	private final Random random;

	private final EmulatorLimits limits;

	/** About how many bytes all tasks hold. */
	private long taskBytes;

	private final boolean rootOnEveryUpdate;

	private UpdateLog log;

	/**
	 * Create a platform without tasks.
	 * @param seed the seed of all ids
	 * @param limits how many updates are kept at least, a tenth as many ended tasks, and
	 * the bounds of all
	 * @param rootOnEveryUpdate whether all updates name the root task, not just the start
	 */
	Platform(long seed, EmulatorLimits limits, boolean rootOnEveryUpdate) {
		this.random = new Random(seed);
		this.limits = limits;
		this.rootOnEveryUpdate = rootOnEveryUpdate;
		this.log = newLog();
	}

	JsonMapper mapper() {
		return this.mapper;
	}

	synchronized UpdateLog log() {
		return this.log;
	}

	/**
	 * Forget all tasks and updates.
	 */
	synchronized void clear() {
		this.tasks.clear();
		this.taskBytes = 0;
		this.log.clear();
	}

	/**
	 * Forget all tasks and updates; positions start anew in another log.
	 */
	synchronized void reset() {
		this.tasks.clear();
		this.taskBytes = 0;
		this.log = newLog();
	}

	private UpdateLog newLog() {
		return new UpdateLog(this.limits.updates(), this.limits.updateBytes());
	}

	synchronized String newId() {
		long high = this.random.nextLong() & 0xFFFF_FFFF_FFFF_0FFFL | 0x4000L;
		long low = this.random.nextLong() & 0x3FFF_FFFF_FFFF_FFFFL | 0x8000_0000_0000_0000L;
		return new UUID(high, low).toString();
	}

	/**
	 * Add a task, which was not started yet.
	 */
	synchronized EmulatedTask register(String template, String name, @Nullable String rootId, boolean requireAck) {
		trim();
		EmulatedTask task = new EmulatedTask(newId());
		task.describe(template, name, rootId, requireAck);
		this.tasks.put(task.id(), task);
		this.taskBytes += task.size();
		enforceLimits(task);
		return task;
	}

	/**
	 * Return the templates of all tasks.
	 */
	synchronized Set<String> templates() {
		return this.tasks.values().stream().map(EmulatedTask::template).collect(Collectors.toSet());
	}

	synchronized @Nullable EmulatedTask find(String taskId) {
		return this.tasks.get(taskId);
	}

	synchronized void describe(EmulatedTask task, String template, String name, @Nullable String rootId,
			boolean requireAck) {
		task.describe(template, name, rootId, requireAck);
	}

	synchronized CallOutcome acknowledge(String taskId) {
		EmulatedTask task = this.tasks.get(taskId);
		if (task == null) {
			return CallOutcome.UNKNOWN;
		}
		if (task.status() != EmulatedTaskStatus.AWAITING_DELIVERY) {
			return CallOutcome.REFUSED;
		}
		task.acknowledge();
		return CallOutcome.DONE;
	}

	synchronized boolean complete(EmulatedTask task, @Nullable String name, boolean requireAck) {
		return task.complete(name, requireAck);
	}

	synchronized CallOutcome protect(String taskId) {
		return this.tasks.containsKey(taskId) ? CallOutcome.DONE : CallOutcome.UNKNOWN;
	}

	synchronized CallOutcome abort(String taskId, @Nullable String reason) {
		EmulatedTask task = this.tasks.get(taskId);
		if (task == null) {
			return CallOutcome.UNKNOWN;
		}
		if (task.hasEnded()) {
			return CallOutcome.REFUSED;
		}
		publish(task, "taskAborted", this.mapper.createObjectNode().put("reason", reason));
		return CallOutcome.DONE;
	}

	synchronized @Nullable ObjectNode describe(String taskId) {
		EmulatedTask task = this.tasks.get(taskId);
		if (task == null) {
			return null;
		}
		ObjectNode description = this.mapper.createObjectNode();
		task.describeTo(description);
		return description;
	}

	synchronized boolean hasEnded(EmulatedTask task) {
		return task.hasEnded();
	}

	/**
	 * Return the position of the update that ended a task, 0 when there is none.
	 */
	synchronized long endPosition(EmulatedTask task) {
		return task.endPosition();
	}

	synchronized @Nullable EmulatedTaskStatus status(String taskId) {
		EmulatedTask task = this.tasks.get(taskId);
		return (task != null) ? task.status() : null;
	}

	synchronized List<String> awaitingDelivery() {
		return this.tasks.values()
			.stream()
			.filter((task) -> task.status() == EmulatedTaskStatus.AWAITING_DELIVERY)
			.map(EmulatedTask::id)
			.toList();
	}

	/**
	 * Log an update as it is.
	 */
	synchronized long publish(String type, JsonNode data) {
		byte[] json = this.mapper.writeValueAsBytes(data);
		Instant time = Objects.requireNonNullElseGet(Timestamps.parse(data.get("timestamp")), Timestamps::now);
		String taskId = data.path("taskId").asString(null);
		boolean terminal = TERMINAL.contains(type);
		if (taskId == null || !(data instanceof ObjectNode object)) {
			return this.log.append((position) -> frame(position, type, json), time, null, terminal);
		}
		EmulatedTask task = this.tasks.get(taskId);
		if (task == null) {
			task = new EmulatedTask(taskId);
			this.tasks.put(taskId, task);
			this.taskBytes += task.size();
		}
		task.apply(type, object);
		this.taskBytes += task.grow(json.length);
		enforceLimits(task);
		long position = this.log.append((newPosition) -> frame(newPosition, type, json), time, taskId, terminal);
		if (terminal) {
			task.endedAt(position);
		}
		return position;
	}

	/**
	 * Log an update of a task, completed by what each update has.
	 * @throws IllegalStateException if the task has ended, or was forgotten
	 */
	synchronized long publish(EmulatedTask task, String type, ObjectNode members) {
		if (this.tasks.get(task.id()) != task) {
			throw new IllegalStateException("Task " + task.id() + " was forgotten");
		}
		if (task.hasEnded()) {
			throw new IllegalStateException("Task " + task.id() + " has ended");
		}
		ObjectNode data = this.mapper.createObjectNode();
		task.addCommonMembers(data, this.rootOnEveryUpdate || type.equals("taskStart"));
		data.put("updateId", newId());
		data.put("timestamp", Timestamps.format(Timestamps.now()));
		if (TERMINAL.contains(type)) {
			task.addTerminalMembers(data);
		}
		data.setAll(members);
		return publish(type, data);
	}

	private static byte[] frame(long position, String type, byte[] json) {
		byte[] head = ("id: " + position + "\nevent: " + type + "\ndata: ").getBytes(StandardCharsets.UTF_8);
		byte[] frame = new byte[head.length + json.length + 2];
		System.arraycopy(head, 0, frame, 0, head.length);
		System.arraycopy(json, 0, frame, head.length, json.length);
		frame[frame.length - 2] = '\n';
		frame[frame.length - 1] = '\n';
		return frame;
	}

	/**
	 * Forget the oldest tasks that have ended and are not awaited.
	 */
	private void trim() {
		int limit = this.limits.updates() / 10;
		if (this.tasks.size() / 2 >= limit) {
			forget((task) -> task.hasEnded() && task.status() != EmulatedTaskStatus.AWAITING_DELIVERY, limit,
					Long.MAX_VALUE);
		}
	}

	/**
	 * Forget the oldest tasks above the limits, those that may still be of use last,
	 * until a quarter is free.
	 */
	private void enforceLimits(EmulatedTask latest) {
		if (this.tasks.size() <= this.limits.tasks() && this.taskBytes <= this.limits.updateBytes()) {
			return;
		}
		int count = this.limits.tasks() / 4 * 3;
		long bytes = this.limits.updateBytes() / 4 * 3;
		forget((task) -> task.hasEnded() && task.status() != EmulatedTaskStatus.AWAITING_DELIVERY && task != latest,
				count, bytes);
		forget((task) -> task.hasEnded() && task != latest, count, bytes);
		forget((task) -> task != latest, count, bytes);
	}

	private void forget(Predicate<EmulatedTask> which, int count, long bytes) {
		Iterator<EmulatedTask> oldest = this.tasks.values().iterator();
		while ((this.tasks.size() > count || this.taskBytes > bytes) && oldest.hasNext()) {
			EmulatedTask task = oldest.next();
			if (which.test(task)) {
				this.taskBytes -= task.size();
				oldest.remove();
			}
		}
	}

}
