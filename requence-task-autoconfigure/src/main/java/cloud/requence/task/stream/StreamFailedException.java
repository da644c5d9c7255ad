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
 * Carries a {@link ConnectionFailure} through a reactive pipeline.
 */
public final class StreamFailedException extends RuntimeException {

	private final transient ConnectionFailure failure;

	/**
	 * Create an exception.
	 * @param failure what it carries
	 */
	public StreamFailedException(ConnectionFailure failure) {
		super(failure.description(), null, false, false);
		this.failure = failure;
	}

	/**
	 * Return what has happened.
	 * @return the failure
	 */
	public ConnectionFailure failure() {
		return this.failure;
	}

}
