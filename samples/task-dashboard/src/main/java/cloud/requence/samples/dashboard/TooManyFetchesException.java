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

package cloud.requence.samples.dashboard;

import org.springframework.http.HttpStatus;

/**
 * Too many files and streams are open already.
 */
class TooManyFetchesException extends RuntimeException {

	private final HttpStatus status;

	private TooManyFetchesException(HttpStatus status, String message) {
		super(message);
		this.status = status;
	}

	static TooManyFetchesException ofViewer(int open) {
		return new TooManyFetchesException(HttpStatus.TOO_MANY_REQUESTS,
				"You have " + open + " files and streams open, which is as many as allowed. Close some and try again.");
	}

	static TooManyFetchesException ofAll(int open) {
		return new TooManyFetchesException(HttpStatus.SERVICE_UNAVAILABLE,
				"All viewers have " + open + " files and streams open, which is as many as allowed. Try again later.");
	}

	HttpStatus status() {
		return this.status;
	}

}
