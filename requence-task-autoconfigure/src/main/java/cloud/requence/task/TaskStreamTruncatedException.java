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

import java.io.IOException;

/**
 * A {@link TaskStream} has ended before its writer has finished: the content is
 * incomplete.
 */
public class TaskStreamTruncatedException extends IOException {

	private final String reason;

	/**
	 * Create an exception.
	 * @param reason why the stream has ended: the reason of its writer, or the failure of
	 * the connection
	 */
	public TaskStreamTruncatedException(String reason) {
		super("The stream is truncated: " + reason);
		this.reason = reason;
	}

	/**
	 * Return why the stream has ended.
	 * @return the reason, in one line
	 */
	public String reason() {
		return this.reason;
	}

}
