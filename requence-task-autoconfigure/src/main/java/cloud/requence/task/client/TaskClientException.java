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

/**
 * A call to the platform has failed. Subclasses distinguish the reasons.
 */
public class TaskClientException extends RequenceTaskException {

	/**
	 * Create an exception.
	 * @param message what happened and what can be done about it
	 */
	public TaskClientException(String message) {
		super(message);
	}

	/**
	 * Create an exception.
	 * @param message what happened and what can be done about it
	 * @param cause the cause, {@code null} if there is none
	 */
	public TaskClientException(String message, @Nullable Throwable cause) {
		super(message, cause);
	}

}
