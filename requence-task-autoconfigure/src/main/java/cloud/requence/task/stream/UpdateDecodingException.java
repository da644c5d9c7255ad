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

package cloud.requence.task.stream;

/**
 * A frame is no update. Such frames are data like any other: to be counted and skipped.
 * The message names the problem only, nothing that came from the wire.
 */
public final class UpdateDecodingException extends Exception {

	private final Problem problem;

	UpdateDecodingException(Problem problem) {
		// Without a stack trace: a stream may be full of them
		super(problem.description, null, false, false);
		this.problem = problem;
	}

	/**
	 * Return what is wrong with the frame.
	 * @return the problem
	 */
	public Problem problem() {
		return this.problem;
	}

	/**
	 * What can be wrong with a frame.
	 */
	public enum Problem {

		/**
		 * There is nothing but white space.
		 */
		EMPTY("The data is empty"),

		/**
		 * The data is not JSON.
		 */
		NOT_JSON("The data is not JSON"),

		/**
		 * The data ends in the middle of the JSON.
		 */
		TRUNCATED("The data is truncated"),

		/**
		 * Something follows the JSON object.
		 */
		TRAILING_CONTENT("The data has content after its end"),

		/**
		 * The data is a JSON value other than an object.
		 */
		NOT_AN_OBJECT("The data is no JSON object"),

		/**
		 * There is no usable identifier of a task.
		 */
		NO_TASK_ID("The update has no usable taskId"),

		/**
		 * The event has a type of its own and names no task, as heartbeats do: nothing is
		 * missing.
		 */
		NO_UPDATE("The event is no update of a task");

		private final String description;

		Problem(String description) {
			this.description = description;
		}

	}

}
