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

/**
 * The kinds of updates that a task sends while it runs.
 */
public enum UpdateType {

	/**
	 * The task has started.
	 */
	TASK_START("taskStart"),

	/**
	 * A node of the task has started.
	 */
	NODE_START("nodeStart"),

	/**
	 * A node has produced data.
	 */
	NODE_UPDATE("nodeUpdate"),

	/**
	 * A node has reported an error.
	 */
	NODE_ERROR("nodeError"),

	/**
	 * A node waits for an external callback.
	 */
	NODE_DEFER("nodeDefer"),

	/**
	 * A node has ended.
	 */
	NODE_END("nodeEnd"),

	/**
	 * The task has ended with a result.
	 */
	TASK_END("taskEnd"),

	/**
	 * The task has failed.
	 */
	TASK_ERROR("taskError"),

	/**
	 * The task was aborted.
	 */
	TASK_ABORTED("taskAborted"),

	/**
	 * An update of a type that this version does not know.
	 */
	UNKNOWN("unknown");

	private final String wireName;

	UpdateType(String wireName) {
		this.wireName = wireName;
	}

	/**
	 * Return the name of this type in the event stream, such as {@code taskStart}.
	 * @return the name on the wire
	 */
	public String wireName() {
		return this.wireName;
	}

	/**
	 * Return whether an update of this type is the last one of its task.
	 * @return {@code true} for {@link #TASK_END}, {@link #TASK_ERROR} and
	 * {@link #TASK_ABORTED}
	 */
	public boolean isTerminal() {
		return this == TASK_END || this == TASK_ERROR || this == TASK_ABORTED;
	}

}
