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

import java.util.HashMap;
import java.util.Map;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Runs a task step by step. Each step from {@link #start()} on is an update that clients
 * receive.
 * <p>
 * Values may be anything that Jackson can write. Not safe for use by several threads.
 */
public final class TaskScript {

	private final Platform platform;

	private final EmulatedFiles files;

	private final String template;

	private final Map<String, String> nodeIds = new HashMap<>();

	private final Map<String, String> nodeTypes = new HashMap<>();

	private String name;

	private JsonNode input;

	private @Nullable String rootId;

	private boolean requireAck;

	private @Nullable EmulatedTask task;

	TaskScript(Platform platform, EmulatedFiles files, String template) {
		this.platform = platform;
		this.files = files;
		this.template = template;
		this.name = template;
		this.input = platform.mapper().createObjectNode();
	}

	/**
	 * Run a task that a client has created.
	 */
	TaskScript(Platform platform, EmulatedFiles files, EmulatedTask task, JsonNode input) {
		this(platform, files, task.template());
		this.task = task;
		this.input = input;
	}

	/**
	 * Sets the name of the task. The default is the name of its template.
	 * @param name the name
	 * @return this
	 */
	public TaskScript name(String name) {
		this.name = name;
		return describe();
	}

	/**
	 * Sets the input of the task. The default is an empty object.
	 * @param input the input
	 * @return this
	 */
	public TaskScript input(@Nullable Object input) {
		this.input = tree(input);
		return this;
	}

	/**
	 * Requires an acknowledgement of the end of the task.
	 * @return this
	 */
	public TaskScript requireAck() {
		this.requireAck = true;
		return describe();
	}

	/**
	 * Makes this a sub-task.
	 * @param parent the task that it is part of, itself possibly a sub-task
	 * @return this
	 */
	public TaskScript subTaskOf(TaskScript parent) {
		this.rootId = (parent.rootId != null) ? parent.rootId : parent.taskId();
		return describe();
	}

	/**
	 * Sets the type of a node. The default is {@code service}.
	 * @param alias the node
	 * @param type the type: service, logic, or, reference
	 * @return this
	 */
	public TaskScript nodeType(String alias, String type) {
		this.nodeTypes.put(alias, type);
		return this;
	}

	/**
	 * Starts the task.
	 * @return this
	 */
	public TaskScript start() {
		return publish("taskStart", members().set("input", this.files.limited(this.input)));
	}

	/**
	 * Starts a node.
	 * @param alias the node; {@code null} for one without an alias
	 * @return this
	 */
	public TaskScript nodeStart(@Nullable String alias) {
		return publish("nodeStart", node(alias));
	}

	/**
	 * Produces data of a node.
	 * @param alias the node
	 * @param data the data
	 * @return this
	 */
	public TaskScript nodeUpdate(@Nullable String alias, @Nullable Object data) {
		return nodeUpdate(alias, data, null);
	}

	/**
	 * Produces data of a node at a named output.
	 * @param alias the node
	 * @param data the data
	 * @param output the output
	 * @return this
	 */
	public TaskScript nodeUpdate(@Nullable String alias, @Nullable Object data, @Nullable String output) {
		return publish("nodeUpdate", node(alias).set("data", this.files.limited(tree(data))).put("output", output));
	}

	/**
	 * Reports an error of a node.
	 * @param alias the node
	 * @param error the message
	 * @return this
	 */
	public TaskScript nodeError(@Nullable String alias, String error) {
		return publish("nodeError", node(alias).put("error", error));
	}

	/**
	 * Defers a node.
	 * @param alias the node
	 * @param reason why
	 * @return this
	 */
	public TaskScript nodeDefer(@Nullable String alias, @Nullable String reason) {
		return publish("nodeDefer", node(alias).put("reason", reason));
	}

	/**
	 * Ends a node.
	 * @param alias the node
	 * @return this
	 */
	public TaskScript nodeEnd(@Nullable String alias) {
		return publish("nodeEnd", node(alias));
	}

	/**
	 * Ends the task.
	 * @param result the result
	 * @return this
	 */
	public TaskScript end(@Nullable Object result) {
		return end(result, null);
	}

	/**
	 * Ends the task at a named exit.
	 * @param result the result
	 * @param exit the exit
	 * @return this
	 */
	public TaskScript end(@Nullable Object result, @Nullable String exit) {
		return publish("taskEnd", members().set("result", this.files.limited(tree(result))).put("exit", exit));
	}

	/**
	 * Lets the task fail.
	 * @param reason why
	 * @return this
	 */
	public TaskScript fail(@Nullable String reason) {
		return publish("taskError", members().put("reason", reason));
	}

	/**
	 * Aborts the task.
	 * @param reason why
	 * @return this
	 */
	public TaskScript abort(@Nullable String reason) {
		return publish("taskAborted", members().put("reason", reason));
	}

	/**
	 * Return whether the task has ended, including an abort by a client.
	 * @return whether it has ended
	 */
	public boolean hasEnded() {
		return this.platform.hasEnded(task());
	}

	/**
	 * Return the task's id.
	 * @return the id
	 */
	public String taskId() {
		return task().id();
	}

	private EmulatedTask task() {
		EmulatedTask existing = this.task;
		if (existing == null) {
			existing = this.platform.register(this.template, this.name, this.rootId, this.requireAck);
			this.task = existing;
		}
		return existing;
	}

	private TaskScript describe() {
		if (this.task != null) {
			this.platform.describe(this.task, this.template, this.name, this.rootId, this.requireAck);
		}
		return this;
	}

	private TaskScript publish(String type, JsonNode members) {
		this.platform.publish(task(), type, (ObjectNode) members);
		return this;
	}

	private ObjectNode members() {
		return this.platform.mapper().createObjectNode();
	}

	private ObjectNode node(@Nullable String alias) {
		String key = (alias != null) ? alias : "";
		ObjectNode members = members();
		members.putObject("node")
			.put("id", this.nodeIds.computeIfAbsent(key, (newKey) -> this.platform.newId()))
			.put("type", this.nodeTypes.getOrDefault(key, "service"))
			.put("alias", alias);
		return members;
	}

	private JsonNode tree(@Nullable Object value) {
		return this.platform.mapper().valueToTree(value);
	}

}
