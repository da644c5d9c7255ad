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

package cloud.requence.samples.dashboard.web;

import org.springframework.http.HttpStatus;

/**
 * A request cannot be answered. The message is for people to read.
 */
public class ProblemException extends RuntimeException {

	private final HttpStatus status;

	/**
	 * Create an exception.
	 * @param status the status of the response
	 * @param message what is wrong and what can be done, without an address
	 */
	public ProblemException(HttpStatus status, String message) {
		super(message);
		this.status = status;
	}

	HttpStatus status() {
		return this.status;
	}

}
