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

/**
 * The platform has rejected a call.
 */
public class TaskRejectedException extends TaskClientException {

	private final int status;

	private final String reason;

	/**
	 * Create an exception.
	 * @param message what happened
	 * @param status the HTTP status of the response
	 * @param reason the reason of the platform, in one line
	 */
	public TaskRejectedException(String message, int status, String reason) {
		super(message);
		this.status = status;
		this.reason = reason;
	}

	/**
	 * Return the HTTP status of the response.
	 * @return the status
	 */
	public int status() {
		return this.status;
	}

	/**
	 * Return the reason of the platform.
	 * @return the beginning of the response, in one line; empty if there is none
	 */
	public String reason() {
		return this.reason;
	}

}
