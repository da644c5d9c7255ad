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

import org.jspecify.annotations.Nullable;

import cloud.requence.task.NodeDefer;
import cloud.requence.task.NodeEnd;
import cloud.requence.task.NodeError;
import cloud.requence.task.NodeStart;
import cloud.requence.task.NodeUpdate;
import cloud.requence.task.TaskAborted;
import cloud.requence.task.TaskContext;
import cloud.requence.task.TaskEnd;
import cloud.requence.task.TaskError;
import cloud.requence.task.TaskStart;
import cloud.requence.task.TaskUpdate;
import cloud.requence.task.UnknownUpdate;
import cloud.requence.task.UpdateHeader;

/**
 * What the platform is asked of a task whose start was not seen. Safe for use by any
 * thread.
 */
public final class RecoveredContext {

	private final String taskId;

	private @Nullable Runnable listener;

	private boolean done;

	private @Nullable TaskSnapshot snapshot;

	RecoveredContext(String taskId) {
		this.taskId = taskId;
	}

	String taskId() {
		return this.taskId;
	}

	void done(@Nullable TaskSnapshot snapshot) {
		Runnable waiting;
		synchronized (this) {
			this.done = true;
			this.snapshot = snapshot;
			waiting = this.listener;
			this.listener = null;
		}
		if (waiting != null) {
			waiting.run();
		}
	}

	/**
	 * Return whether the platform has answered, or will not.
	 * @return whether there is nothing to wait for
	 */
	public synchronized boolean isDone() {
		return this.done;
	}

	synchronized @Nullable TaskSnapshot snapshot() {
		return this.snapshot;
	}

	/**
	 * Learn when there is nothing more to wait for.
	 * @param listener called once, at once if that is so already; in place of the one
	 * before
	 */
	public void whenDone(Runnable listener) {
		synchronized (this) {
			if (!this.done) {
				this.listener = listener;
				return;
			}
		}
		listener.run();
	}

	/**
	 * Complete an update, as far as the platform has answered.
	 * @param update the update
	 * @return the update with a complete context, or as it was
	 */
	public TaskUpdate complete(TaskUpdate update) {
		TaskSnapshot known = snapshot();
		if (known == null || !update.incomplete()) {
			return update;
		}
		UpdateHeader header = complete(update.header());
		TaskContext context = known.complete(update.context());
		if (update instanceof TaskStart start) {
			return new TaskStart(header, context, start.input());
		}
		if (update instanceof NodeStart start) {
			return new NodeStart(header, context, start.node());
		}
		if (update instanceof NodeUpdate data) {
			return new NodeUpdate(header, context, data.node(), data.data(), data.output());
		}
		if (update instanceof NodeError error) {
			return new NodeError(header, context, error.node(), error.error());
		}
		if (update instanceof NodeDefer defer) {
			return new NodeDefer(header, context, defer.node(), defer.reason());
		}
		if (update instanceof NodeEnd end) {
			return new NodeEnd(header, context, end.node());
		}
		if (update instanceof TaskEnd end) {
			return new TaskEnd(header, context, end.result(), end.exit(), end.requireAck());
		}
		if (update instanceof TaskError error) {
			return new TaskError(header, context, error.reason(), error.requireAck());
		}
		if (update instanceof TaskAborted aborted) {
			return new TaskAborted(header, context, aborted.reason(), aborted.requireAck());
		}
		UnknownUpdate unknown = (UnknownUpdate) update;
		return new UnknownUpdate(header, context, unknown.typeName(), unknown.data());
	}

	private static UpdateHeader complete(UpdateHeader header) {
		return new UpdateHeader(header.type(), header.taskId(), header.rootTaskId(), header.updateId(), header.name(),
				header.timestamp(), header.position(), false, header.additional(), header.gaps());
	}

}
