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

package cloud.requence.task;

import java.time.Instant;

import org.jspecify.annotations.Nullable;

/**
 * One update of a running task, as the platform sent it, together with the state of the
 * task at this point. Updates are immutable.
 */
public sealed interface TaskUpdate permits TaskStart, NodeStart, NodeUpdate, NodeError, NodeDefer, NodeEnd, TaskEnd,
		TaskError, TaskAborted, UnknownUpdate {

	/**
	 * Return the members that all updates have.
	 * @return the header
	 */
	UpdateHeader header();

	/**
	 * Return the state of the task at this update, the update itself included.
	 * @return the context
	 */
	TaskContext context();

	/**
	 * Return the type of this update.
	 * @return the type
	 */
	default UpdateType type() {
		return header().type();
	}

	/**
	 * Return the identifier of the task.
	 * @return the task's identifier
	 */
	default String taskId() {
		return header().taskId();
	}

	/**
	 * Return the identifier of the root task of a sub-task.
	 * @return the identifier, or {@code null} if this is a root task or its root is
	 * unknown
	 */
	default @Nullable String rootTaskId() {
		return header().rootTaskId();
	}

	/**
	 * Return the identifier of this update.
	 * @return the identifier, or {@code null} if the platform sent none
	 */
	default @Nullable String updateId() {
		return header().updateId();
	}

	/**
	 * Return the name of the task.
	 * @return the name, or {@code null} if it has none
	 */
	default @Nullable String name() {
		return header().name();
	}

	/**
	 * Return when this update happened, by the platform's clock.
	 * @return the time, or {@code null} if unknown
	 */
	default @Nullable Instant timestamp() {
		return header().timestamp();
	}

	/**
	 * Return this update's position in the stream of all updates.
	 * @return the position, or {@code null} if the update came without one
	 */
	default @Nullable Long position() {
		return header().position();
	}

	/**
	 * Return whether the watcher has not seen the start of the task, or has removed its
	 * context, so that the context is only a part.
	 * @return whether the context is incomplete
	 */
	default boolean incomplete() {
		return header().incomplete();
	}

}
