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

import org.jspecify.annotations.Nullable;

import cloud.requence.task.CheckpointException;

/**
 * The store of the checkpoint has failed: nothing is known of the checkpoint, and a later
 * attempt may succeed. A {@link CheckpointStore} may throw it as well as any other
 * exception.
 */
public final class CheckpointUnavailableException extends CheckpointException {

	/**
	 * Create an exception.
	 * @param message what has failed for which checkpoint
	 * @param remedy what to do about it
	 * @param cause the cause; {@code null} if there is none
	 */
	public CheckpointUnavailableException(String message, String remedy, @Nullable Throwable cause) {
		super(message, remedy, cause);
	}

}
