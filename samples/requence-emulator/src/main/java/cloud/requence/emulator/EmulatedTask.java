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

import java.util.LinkedHashMap;
import java.util.Map;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What the platform knows of a task. Guarded by its {@link Platform}.
 */
final class EmulatedTask {

	private final String id;

	private final Map<String, JsonNode> nodeData = new LinkedHashMap<>();

	private final Map<String, JsonNode> nodeErrors = new LinkedHashMap<>();

	private EmulatedTaskStatus status = EmulatedTaskStatus.IDLE;

	private EmulatedTaskStatus outcome = EmulatedTaskStatus.IDLE;

	private @Nullable String name;

	private String template = "unknown";

	private @Nullable String rootId;

	private @Nullable String statusText;

	private @Nullable JsonNode input;

	private @Nullable JsonNode result;

	private boolean requireAck;

	private boolean completed;

	private long endPosition;

	/** About how many bytes it takes. */
	private long size = 500;

	EmulatedTask(String id) {
		this.id = id;
	}

	String id() {
		return this.id;
	}

	long size() {
		return this.size;
	}

	/**
	 * Count the bytes of an update of this task.
	 * @return the bytes, as parsed JSON takes several times as many as its text
	 */
	long grow(int jsonBytes) {
		long growth = 3L * jsonBytes;
		this.size += growth;
		return growth;
	}

	EmulatedTaskStatus status() {
		return this.status;
	}

	boolean hasEnded() {
		return this.status.isEnd();
	}

	void describe(String template, String name, @Nullable String rootId, boolean requireAck) {
		this.template = template;
		this.name = name;
		this.rootId = rootId;
		this.requireAck = requireAck;
	}

	/**
	 * Take over what an update says.
	 */
	void apply(String type, ObjectNode data) {
		switch (type) {
			case "taskStart" -> {
				this.status = EmulatedTaskStatus.RUNNING;
				this.name = text(data.get("name"), this.name);
				this.rootId = text(data.get("rootTaskId"), this.rootId);
				this.input = data.get("input");
			}
			case "nodeUpdate" -> put(this.nodeData, data, "data");
			case "nodeError" -> put(this.nodeErrors, data, "error");
			case "taskEnd" -> {
				this.result = data.get("result");
				end(EmulatedTaskStatus.SUCCESSFUL, data);
			}
			case "taskError" -> end(EmulatedTaskStatus.FAILED, data);
			case "taskAborted" -> end(EmulatedTaskStatus.STOPPED, data);
			default -> {
			}
		}
	}

	void acknowledge() {
		this.status = this.outcome;
	}

	long endPosition() {
		return this.endPosition;
	}

	void endedAt(long position) {
		this.endPosition = position;
	}

	String template() {
		return this.template;
	}

	/**
	 * Take over what the client that creates this task says at last.
	 * @return whether it had not been said before
	 */
	boolean complete(@Nullable String name, boolean requireAck) {
		if (this.completed || this.status != EmulatedTaskStatus.IDLE) {
			return false;
		}
		this.completed = true;
		this.status = EmulatedTaskStatus.PENDING;
		this.name = (name != null) ? name : this.name;
		this.requireAck = requireAck;
		return true;
	}

	/**
	 * Add the members that every update of this task has.
	 */
	void addCommonMembers(ObjectNode data, boolean withRoot) {
		data.put("taskId", this.id);
		// The platform's Python client reads the other spelling.
		data.put("task_id", this.id);
		data.put("name", this.name);
		if (withRoot) {
			data.put("rootTaskId", this.rootId);
		}
	}

	void addTerminalMembers(ObjectNode data) {
		data.put("requireAck", this.requireAck);
	}

	private void end(EmulatedTaskStatus outcome, ObjectNode data) {
		this.outcome = outcome;
		this.statusText = text(data.get("reason"), null);
		boolean awaited = data.path("requireAck").asBoolean(false);
		this.status = awaited ? EmulatedTaskStatus.AWAITING_DELIVERY : outcome;
	}

	private static void put(Map<String, JsonNode> values, ObjectNode data, String member) {
		JsonNode alias = data.path("node").get("alias");
		JsonNode value = data.get(member);
		if (alias != null && alias.isString() && value != null) {
			values.put(alias.stringValue(), value);
		}
	}

	private static @Nullable String text(@Nullable JsonNode value, @Nullable String fallback) {
		return (value != null && value.isString()) ? value.stringValue() : fallback;
	}

	/**
	 * Write what {@code GET /task/&#123;taskId&#125;} answers, but for the branch.
	 */
	void describeTo(ObjectNode answer) {
		answer.put("status", this.status.name());
		answer.put("statusText", this.statusText);
		answer.put("taskTemplate", this.template);
		answer.put("name", this.name);
		answer.set("input", this.input);
		answer.set("result", this.result);
		list(answer, "nodesData", "data", this.nodeData);
		list(answer, "nodesError", "error", this.nodeErrors);
	}

	private static void list(ObjectNode answer, String name, String member, Map<String, JsonNode> values) {
		var list = answer.putArray(name);
		values.forEach((alias, value) -> list.addObject().put("alias", alias).set(member, value));
	}

}
