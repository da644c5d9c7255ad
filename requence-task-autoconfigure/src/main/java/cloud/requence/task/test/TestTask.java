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

package cloud.requence.task.test;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.util.Assert;

import cloud.requence.task.Node;
import cloud.requence.task.NodeDefer;
import cloud.requence.task.NodeEnd;
import cloud.requence.task.NodeError;
import cloud.requence.task.NodeStart;
import cloud.requence.task.NodeUpdate;
import cloud.requence.task.TaskAborted;
import cloud.requence.task.TaskContext;
import cloud.requence.task.TaskEnd;
import cloud.requence.task.TaskError;
import cloud.requence.task.TaskPayload;
import cloud.requence.task.TaskStart;
import cloud.requence.task.UnknownUpdate;
import cloud.requence.task.UpdateHeader;
import cloud.requence.task.UpdateType;

/**
 * Creates the updates of a task for tests of a listener: <pre class="code">
 * TestTask task = TestTask.of("task-1").input(new Invoice("7", 12));
 * listener.invoiceDone(task.end(Map.of("booked", true)));
 * </pre>
 * <p>
 * The context of each update contains the previous updates, and the input even if the
 * task was not started. Positions count from 1, and timestamps advance by a second with
 * each update. Values are objects that Jackson can write, or a {@link TaskPayload};
 * {@code null} means no value. Not safe for use by several threads.
 */
public final class TestTask {

	private static final JsonMapper MAPPER = JsonMapper.builder().build();

	private final String taskId;

	private @Nullable String rootTaskId;

	private @Nullable String name;

	private boolean incomplete;

	private boolean requireAck;

	private Instant timestamp = Instant.parse("2026-01-01T00:00:00Z");

	private long position;

	private TaskContext context;

	private TestTask(String taskId) {
		this.taskId = taskId;
		this.context = TaskContext.of(taskId);
	}

	/**
	 * Create a task.
	 * @param taskId the identifier of the task
	 * @return the task
	 */
	public static TestTask of(String taskId) {
		Assert.hasText(taskId, "'taskId' must not be empty");
		return new TestTask(taskId);
	}

	/**
	 * Set the input of the task.
	 * @param input the input
	 * @return this task
	 */
	public TestTask input(@Nullable Object input) {
		this.context = this.context.withInput(payload(input));
		return this;
	}

	/**
	 * Set the name of the task.
	 * @param name the name
	 * @return this task
	 */
	public TestTask name(String name) {
		this.name = name;
		return this;
	}

	/**
	 * Make this a sub-task.
	 * @param rootTaskId the identifier of its root task
	 * @return this task
	 */
	public TestTask rootTask(String rootTaskId) {
		this.rootTaskId = rootTaskId;
		return this;
	}

	/**
	 * Require an acknowledgement of the end of the task.
	 * @return this task
	 */
	public TestTask requireAck() {
		this.requireAck = true;
		return this;
	}

	/**
	 * Mark the updates as incomplete: the start of the task was not seen.
	 * @return this task
	 */
	public TestTask incomplete() {
		this.incomplete = true;
		return this;
	}

	/**
	 * Set the time of the next update.
	 * @param timestamp the time
	 * @return this task
	 */
	public TestTask at(Instant timestamp) {
		this.timestamp = timestamp;
		return this;
	}

	/**
	 * Starts the task.
	 * @return the update
	 */
	public TaskStart start() {
		return new TaskStart(header(UpdateType.TASK_START), this.context, this.context.input());
	}

	/**
	 * Create the update that starts a node.
	 * @param alias the alias of the node, {@code null} if it has none
	 * @return the update
	 */
	public NodeStart nodeStart(@Nullable String alias) {
		return new NodeStart(header(UpdateType.NODE_START), this.context, node(alias));
	}

	/**
	 * Create an update with data of a node.
	 * @param alias the alias of the node, {@code null} if it has none
	 * @param data the data
	 * @return the update
	 */
	public NodeUpdate nodeUpdate(@Nullable String alias, @Nullable Object data) {
		return nodeUpdate(alias, data, null);
	}

	/**
	 * Create an update with data of a node at a named output.
	 * @param alias the alias of the node, {@code null} if it has none
	 * @param data the data
	 * @param output the name of the output, {@code null} for the default output
	 * @return the update
	 */
	public NodeUpdate nodeUpdate(@Nullable String alias, @Nullable Object data, @Nullable String output) {
		TaskPayload payload = payload(data);
		if (alias != null && payload != null) {
			this.context = this.context.withNodeData(alias, payload);
		}
		return new NodeUpdate(header(UpdateType.NODE_UPDATE), this.context, node(alias), payload, output);
	}

	/**
	 * Create the update for an error of a node.
	 * @param alias the alias of the node, {@code null} if it has none
	 * @param error what went wrong
	 * @return the update
	 */
	public NodeError nodeError(@Nullable String alias, @Nullable String error) {
		if (alias != null && error != null) {
			this.context = this.context.withNodeError(alias, error);
		}
		return new NodeError(header(UpdateType.NODE_ERROR), this.context, node(alias), error);
	}

	/**
	 * Create the update for a node that waits.
	 * @param alias the alias of the node, {@code null} if it has none
	 * @param reason why
	 * @return the update
	 */
	public NodeDefer nodeDefer(@Nullable String alias, @Nullable String reason) {
		return new NodeDefer(header(UpdateType.NODE_DEFER), this.context, node(alias), reason);
	}

	/**
	 * Create the update that ends a node.
	 * @param alias the alias of the node, {@code null} if it has none
	 * @return the update
	 */
	public NodeEnd nodeEnd(@Nullable String alias) {
		return new NodeEnd(header(UpdateType.NODE_END), this.context, node(alias));
	}

	/**
	 * Create the update that ends the task at its default exit.
	 * @param result the result
	 * @return the update
	 */
	public TaskEnd end(@Nullable Object result) {
		return end(result, null);
	}

	/**
	 * Create the update that ends the task.
	 * @param result the result
	 * @param exit the name of the exit, {@code null} for the default exit
	 * @return the update
	 */
	public TaskEnd end(@Nullable Object result, @Nullable String exit) {
		TaskPayload payload = payload(result);
		this.context = this.context.withResult(payload);
		return new TaskEnd(header(UpdateType.TASK_END), this.context, payload, exit, this.requireAck);
	}

	/**
	 * Create the update for a task that fails.
	 * @param reason why
	 * @return the update
	 */
	public TaskError fail(@Nullable String reason) {
		return new TaskError(header(UpdateType.TASK_ERROR), this.context, reason, this.requireAck);
	}

	/**
	 * Create the update for a task that is aborted.
	 * @param reason why
	 * @return the update
	 */
	public TaskAborted abort(@Nullable String reason) {
		return new TaskAborted(header(UpdateType.TASK_ABORTED), this.context, reason, this.requireAck);
	}

	/**
	 * Create an update of an unknown type.
	 * @param typeName the name of the type
	 * @param data the whole update
	 * @return the update
	 */
	public UnknownUpdate unknown(String typeName, Object data) {
		TaskPayload payload = (data instanceof TaskPayload given) ? given : write(data);
		return new UnknownUpdate(header(UpdateType.UNKNOWN), this.context, typeName, payload);
	}

	private UpdateHeader header(UpdateType type) {
		this.position++;
		Instant now = this.timestamp;
		this.timestamp = now.plus(Duration.ofSeconds(1));
		return new UpdateHeader(type, this.taskId, this.rootTaskId, this.taskId + "-" + this.position, this.name, now,
				this.position, this.incomplete, Map.of());
	}

	private static Node node(@Nullable String alias) {
		return new Node((alias != null) ? "node-" + alias : "node", "service", alias);
	}

	private static @Nullable TaskPayload payload(@Nullable Object value) {
		if (value == null || value instanceof TaskPayload) {
			return (TaskPayload) value;
		}
		return write(value);
	}

	private static TaskPayload write(Object value) {
		return TaskPayload.of(MAPPER.writeValueAsString(value));
	}

}
