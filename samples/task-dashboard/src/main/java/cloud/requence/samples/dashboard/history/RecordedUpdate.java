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

package cloud.requence.samples.dashboard.history;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;

import cloud.requence.samples.dashboard.text.BoundedText;
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
import cloud.requence.task.TaskUpdate;
import cloud.requence.task.UnknownUpdate;
import cloud.requence.task.UpdateHeader;
import cloud.requence.task.UpdateType;
import org.jspecify.annotations.Nullable;

/**
 * An update as the history keeps it: within bounds, and with text that any database
 * accepts.
 *
 * @param taskId the task
 * @param position the position in the stream of all updates; {@code null} if unknown
 * @param key distinguishes the updates of a task; {@code null} if the platform has sent
 * nothing that does
 * @param rootId the root task, if the task is a sub-task
 * @param name the name of the task
 * @param type what happened
 * @param happenedAt when, in milliseconds since the epoch
 * @param recordedAt when it was recorded
 * @param incomplete whether the watcher has not seen the start of the task
 * @param node the node, if it happened to a node
 * @param output the name of the output or exit
 * @param message the error or reason
 * @param requireAck whether the end of the task has to be acknowledged
 * @param payload the input, data or result, or its beginning
 * @param payloadSize the size of the whole payload in bytes
 */
record RecordedUpdate(String taskId, @Nullable Long position, @Nullable String key, @Nullable String rootId,
		@Nullable String name, UpdateType type, long happenedAt, long recordedAt, boolean incomplete,
		@Nullable Node node, @Nullable String output, @Nullable String message, boolean requireAck,
		@Nullable String payload, @Nullable Integer payloadSize) {

	private static final Duration PAST = Duration.ofDays(366);

	// Clocks of platforms may be ahead of this one
	private static final Duration FUTURE = Duration.ofMinutes(1);

	private static final int OVERHEAD = 150;

	private static final int MAX_KEY = 100;

	static RecordedUpdate of(TaskUpdate update, long now, int maxPayload) {
		UpdateHeader header = update.header();
		TaskPayload payload = payloadOf(update);
		return new RecordedUpdate(id(update.taskId()), header.position(), keyOf(header), rootOf(update),
				name(update.name()), header.type(), timeOf(header.timestamp(), now), now, update.incomplete(),
				nodeOf(update), name(outputOf(update)), cleaned(BoundedText.message(messageOf(update))),
				requiresAck(update), kept(payload, maxPayload), (payload != null) ? payload.size() : null);
	}

	/**
	 * One identifier may stand for several updates with positions of their own.
	 */
	private static @Nullable String keyOf(UpdateHeader header) {
		String id = header.updateId();
		if (id == null && header.position() == null) {
			return null;
		}
		if (id != null && id.length() > MAX_KEY) {
			id = UUID.nameUUIDFromBytes(id.getBytes(StandardCharsets.UTF_8)).toString();
		}
		return Objects.toString(header.position(), "") + ":" + ((id != null) ? BoundedText.clean(id) : "");
	}

	private static long timeOf(@Nullable Instant timestamp, long now) {
		Instant recorded = Instant.ofEpochMilli(now);
		if (timestamp == null || timestamp.isBefore(recorded.minus(PAST)) || timestamp.isAfter(recorded.plus(FUTURE))) {
			return now;
		}
		return timestamp.toEpochMilli();
	}

	private static @Nullable String rootOf(TaskUpdate update) {
		String root = update.rootTaskId();
		return (root != null && !root.equals(update.taskId())) ? name(root) : null;
	}

	private static @Nullable TaskPayload payloadOf(TaskUpdate update) {
		if (update instanceof TaskStart start) {
			return start.input();
		}
		if (update instanceof TaskEnd end) {
			return end.result();
		}
		return (update instanceof NodeUpdate data) ? data.data() : null;
	}

	private static @Nullable Node nodeOf(TaskUpdate update) {
		Node node = null;
		if (update instanceof NodeStart start) {
			node = start.node();
		}
		else if (update instanceof NodeUpdate data) {
			node = data.node();
		}
		else if (update instanceof NodeError error) {
			node = error.node();
		}
		else if (update instanceof NodeDefer defer) {
			node = defer.node();
		}
		else if (update instanceof NodeEnd end) {
			node = end.node();
		}
		return (node != null) ? new Node(id(node.id()), name(node.type()), name(node.alias())) : null;
	}

	private static @Nullable String outputOf(TaskUpdate update) {
		if (update instanceof TaskEnd end) {
			return end.exit();
		}
		return (update instanceof NodeUpdate data) ? data.output() : null;
	}

	private static @Nullable String messageOf(TaskUpdate update) {
		if (update instanceof NodeError error) {
			return error.error();
		}
		if (update instanceof NodeDefer defer) {
			return defer.reason();
		}
		if (update instanceof TaskError error) {
			return error.reason();
		}
		return (update instanceof TaskAborted aborted) ? aborted.reason() : null;
	}

	private static boolean requiresAck(TaskUpdate update) {
		return (update instanceof TaskEnd end && end.requireAck())
				|| (update instanceof TaskError error && error.requireAck())
				|| (update instanceof TaskAborted aborted && aborted.requireAck());
	}

	private static @Nullable String kept(@Nullable TaskPayload payload, int max) {
		if (payload == null) {
			return null;
		}
		// At most three bytes of UTF-8 for each character
		return BoundedText.clean((payload.size() <= max) ? payload.json() : BoundedText.limit(payload.json(), max / 3));
	}

	private static String id(String text) {
		return BoundedText.clean(BoundedText.limit(text, BoundedText.MAX_NAME));
	}

	private static @Nullable String name(@Nullable String text) {
		return cleaned(BoundedText.name(text));
	}

	private static @Nullable String cleaned(@Nullable String text) {
		return (text != null) ? BoundedText.clean(text) : null;
	}

	/**
	 * Return about how much room the update takes, in bytes.
	 */
	int size() {
		return OVERHEAD + ((this.payload != null) ? this.payload.length() : 0)
				+ ((this.message != null) ? this.message.length() : 0);
	}

	/**
	 * Return whether only the beginning of the payload is kept.
	 */
	boolean isTruncated() {
		return this.payload != null && this.payloadSize != null
				&& TaskPayload.of(this.payload).size() < this.payloadSize;
	}

	/**
	 * Return the update, with an empty context.
	 */
	TaskUpdate toUpdate() {
		UpdateHeader header = new UpdateHeader(this.type, this.taskId, this.rootId, null, this.name,
				Instant.ofEpochMilli(this.happenedAt), null, this.incomplete, Map.of());
		TaskContext context = TaskContext.of(this.taskId);
		TaskPayload data = (this.payload != null) ? TaskPayload.of(this.payload) : null;
		Node place = (this.node != null) ? this.node : new Node("", null, null);
		return switch (this.type) {
			case TASK_START -> new TaskStart(header, context, data);
			case NODE_START -> new NodeStart(header, context, place);
			case NODE_UPDATE -> new NodeUpdate(header, context, place, data, this.output);
			case NODE_ERROR -> new NodeError(header, context, place, this.message);
			case NODE_DEFER -> new NodeDefer(header, context, place, this.message);
			case NODE_END -> new NodeEnd(header, context, place);
			case TASK_END -> new TaskEnd(header, context, data, this.output, this.requireAck);
			case TASK_ERROR -> new TaskError(header, context, this.message, this.requireAck);
			case TASK_ABORTED -> new TaskAborted(header, context, this.message, this.requireAck);
			case UNKNOWN -> new UnknownUpdate(header, context, "", TaskPayload.of("{}"));
		};
	}

}
