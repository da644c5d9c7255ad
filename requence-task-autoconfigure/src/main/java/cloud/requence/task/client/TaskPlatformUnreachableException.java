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

/**
 * The platform does not respond, or is temporarily unavailable. The call may have taken
 * effect nevertheless.
 */
public class TaskPlatformUnreachableException extends TaskClientException {

	/**
	 * Create an exception.
	 * @param message what happened
	 * @param cause the cause, {@code null} if there is none
	 */
	public TaskPlatformUnreachableException(String message, @Nullable Throwable cause) {
		super(message, cause);
	}

}
