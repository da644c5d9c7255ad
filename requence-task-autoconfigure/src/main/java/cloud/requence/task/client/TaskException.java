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

package cloud.requence.task.client;

import org.jspecify.annotations.Nullable;

import cloud.requence.task.RequenceTaskException;
import cloud.requence.task.TaskAborted;
import cloud.requence.task.TaskContext;
import cloud.requence.task.TaskError;
import cloud.requence.task.TaskUpdate;
import cloud.requence.task.support.Printable;

/**
 * A task has no result: it has failed or was aborted. The message does not contain the
 * reason, which comes from the task.
 */
public class TaskException extends RequenceTaskException {

	private final transient TaskUpdate end;

	private final @Nullable String reason;

	/**
	 * Create an exception for a task that has failed.
	 * @param error its last update
	 */
	public TaskException(TaskError error) {
		super("Task " + Printable.name(error.taskId()) + " has failed");
		this.end = error;
		this.reason = error.reason();
	}

	/**
	 * Create an exception for a task that was aborted.
	 * @param aborted its last update
	 */
	public TaskException(TaskAborted aborted) {
		super("Task " + Printable.name(aborted.taskId()) + " was aborted");
		this.end = aborted;
		this.reason = aborted.reason();
	}

	/**
	 * Return whether the task was aborted.
	 * @return whether it was ended on request; {@code false} if it has failed
	 */
	public boolean isAborted() {
		return this.end instanceof TaskAborted;
	}

	/**
	 * Return why the task has failed or was aborted.
	 * @return the reason; {@code null} if none was given
	 */
	public @Nullable String reason() {
		return this.reason;
	}

	/**
	 * Return the state of the task.
	 * @return its input, the latest data and errors of its nodes
	 */
	public TaskContext context() {
		return this.end.context();
	}

}
