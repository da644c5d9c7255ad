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

/**
 * A watcher cannot start from its checkpoint: it cannot be read or written, or belongs to
 * something else.
 */
public class CheckpointException extends RequenceTaskException {

	private final String remedy;

	/**
	 * Create an exception.
	 * @param message what is wrong with which checkpoint
	 * @param remedy what to do about it
	 * @param cause the cause; {@code null} if there is none
	 */
	public CheckpointException(String message, String remedy, @Nullable Throwable cause) {
		super(message, cause);
		this.remedy = remedy;
	}

	/**
	 * Return what to do about it.
	 * @return a sentence
	 */
	public String remedy() {
		return this.remedy;
	}

}
