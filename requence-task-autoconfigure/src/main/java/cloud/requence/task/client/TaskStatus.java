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

import java.util.Locale;

/**
 * The status of a task. Names as in {@code GET /task/{taskId}} of the platform, in upper
 * or lower case.
 */
public enum TaskStatus {

	/**
	 * It waits for its turn.
	 */
	PENDING,

	/**
	 * Nodes are at work.
	 */
	RUNNING,

	/**
	 * It waits for something outside.
	 */
	IDLE,

	/**
	 * It has ended, and its end has to be acknowledged.
	 */
	AWAITING_DELIVERY,

	/**
	 * It has ended with a result.
	 */
	SUCCESSFUL,

	/**
	 * It has ended with an error.
	 */
	FAILED,

	/**
	 * It was aborted.
	 */
	STOPPED,

	/**
	 * A status that this version does not know.
	 */
	UNKNOWN;

	/**
	 * Return whether the task has ended.
	 * @return whether the task has ended
	 */
	public boolean isEnded() {
		return switch (this) {
			case AWAITING_DELIVERY, SUCCESSFUL, FAILED, STOPPED -> true;
			case PENDING, RUNNING, IDLE, UNKNOWN -> false;
		};
	}

	static TaskStatus of(String name) {
		try {
			return valueOf(name.toUpperCase(Locale.ROOT));
		}
		catch (IllegalArgumentException ex) {
			return UNKNOWN;
		}
	}

}
