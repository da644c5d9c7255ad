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

package cloud.requence.task.context;

import java.util.Map;

import org.jspecify.annotations.Nullable;

import cloud.requence.task.TaskContext;
import cloud.requence.task.TaskPayload;
import cloud.requence.task.stream.RawUpdate;

/**
 * What is known of an open task.
 */
final class TaskState {

	/**
	 * What an entry of the store, this object, the context and its maps take, roughly.
	 */
	private static final int FIXED_SIZE = 200;

	/** What the objects of a payload or text take besides their content. */
	private static final int VALUE_SIZE = 48;

	/** The maps of a context are copied when they change: larger ones are not kept. */
	private static final int MAX_ALIASES = 10_000;

	private boolean complete;

	private TaskContext context;

	private @Nullable String name;

	private @Nullable String rootTaskId;

	private long size = FIXED_SIZE;

	private long lastSeen;

	private TaskState(TaskContext context, boolean complete) {
		this.context = context;
		this.complete = complete;
		this.size += sizeOf(context.taskId());
	}

	static TaskState startedBy(RawUpdate update) {
		TaskState state = new TaskState(TaskContext.of(update.taskId()).withInput(update.payload()), true);
		state.size += sizeOf(update.payload());
		state.remember(update);
		return state;
	}

	static TaskState incomplete(String taskId) {
		return new TaskState(TaskContext.of(taskId), false);
	}

	/**
	 * Take in an update other than the task's start.
	 */
	void apply(RawUpdate update) {
		remember(update);
		switch (update.type()) {
			case NODE_UPDATE -> applyData(update);
			case NODE_ERROR -> applyError(update);
			case TASK_END -> this.context = this.context.withResult(update.payload());
			default -> {
			}
		}
	}

	/**
	 * Take in what the platform has told when asked.
	 */
	void complete(TaskSnapshot snapshot) {
		this.context = snapshot.complete(this.context);
		this.complete = true;
		this.size = FIXED_SIZE + sizeOf(this.context.taskId()) + sizeOf(this.name) + sizeOf(this.rootTaskId)
				+ sizeOf(this.context.input());
		this.context.nodeData().forEach((alias, data) -> this.size += sizeOf(alias) + sizeOf(data));
		this.context.nodeErrors().forEach((alias, error) -> this.size += sizeOf(alias) + sizeOf(error));
	}

	private void remember(RawUpdate update) {
		if (update.name() != null && !update.name().equals(this.name)) {
			this.size += sizeOf(update.name()) - sizeOf(this.name);
			this.name = update.name();
		}
		if (update.rootTaskId() != null && !update.rootTaskId().equals(this.rootTaskId)) {
			this.size += sizeOf(update.rootTaskId()) - sizeOf(this.rootTaskId);
			this.rootTaskId = update.rootTaskId();
		}
	}

	private void applyData(RawUpdate update) {
		String alias = aliasOf(update);
		TaskPayload data = update.payload();
		if (alias == null || data == null) {
			return;
		}
		TaskPayload previous = this.context.nodeData(alias);
		if (previous == null && !hasRoomFor(this.context.nodeData())) {
			return;
		}
		this.size += sizeOf(data) + ((previous != null) ? -sizeOf(previous) : sizeOf(alias));
		this.context = this.context.withNodeData(alias, data);
	}

	private void applyError(RawUpdate update) {
		String alias = aliasOf(update);
		String error = update.text();
		if (alias == null || error == null) {
			return;
		}
		String previous = this.context.nodeError(alias);
		if (previous == null && !hasRoomFor(this.context.nodeErrors())) {
			return;
		}
		this.size += sizeOf(error) + ((previous != null) ? -sizeOf(previous) : sizeOf(alias));
		this.context = this.context.withNodeError(alias, error);
	}

	private boolean hasRoomFor(Map<String, ?> values) {
		if (values.size() < MAX_ALIASES) {
			return true;
		}
		this.complete = false;
		return false;
	}

	private static @Nullable String aliasOf(RawUpdate update) {
		return (update.node() != null) ? update.node().alias() : null;
	}

	private static long sizeOf(@Nullable TaskPayload payload) {
		return (payload != null) ? VALUE_SIZE + payload.size() : 0;
	}

	private static long sizeOf(@Nullable String text) {
		return (text != null) ? VALUE_SIZE + text.length() : 0;
	}

	boolean isComplete() {
		return this.complete;
	}

	TaskContext context() {
		return this.context;
	}

	@Nullable String name() {
		return this.name;
	}

	@Nullable String rootTaskId() {
		return this.rootTaskId;
	}

	long size() {
		return this.size;
	}

	long lastSeen() {
		return this.lastSeen;
	}

	void seenAt(long millis) {
		this.lastSeen = millis;
	}

}
