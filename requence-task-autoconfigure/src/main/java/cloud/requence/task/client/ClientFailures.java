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

import cloud.requence.task.stream.ConnectionFailure;
import cloud.requence.task.stream.ConnectionFailure.Kind;

/**
 * Makes exceptions of failures.
 */
final class ClientFailures {

	private ClientFailures() {
	}

	/**
	 * Create an exception.
	 * @param failure what has happened
	 * @param purpose what could not be done
	 * @param cause the cause
	 * @return an exception of the matching type
	 */
	static TaskClientException of(ConnectionFailure failure, String purpose, @Nullable Throwable cause) {
		String message = purpose + ": " + failure.description() + hint(failure);
		Integer status = failure.status();
		return switch (failure.kind()) {
			case REFUSED -> new TaskAccessRefusedException(message + ". Check the access token");
			case UNREACHABLE, SILENT, BROKEN -> new TaskPlatformUnreachableException(message, cause);
			case REJECTED, NOT_A_STREAM,
					INTERNAL ->
				(status == null) ? new TaskClientException(message, cause)
						: (status == 404) ? new TaskNotFoundException(message)
								: new TaskRejectedException(message, status, failure.reason());
		};
	}

	/**
	 * A missing task is the usual reason of 404.
	 */
	private static String hint(ConnectionFailure failure) {
		return failure.mayBeOfAnotherAddress() && !Integer.valueOf(404).equals(failure.status())
				? ". If this continues, check 'requence.task.base-url', or the base URL in the access token" : "";
	}

	/**
	 * Create an exception for a response of a file host, which knows neither tokens nor
	 * tasks.
	 * @param failure what has happened
	 * @param purpose what could not be done
	 * @param cause the cause
	 * @return an exception of the matching type
	 */
	static TaskClientException ofHost(ConnectionFailure failure, String purpose, @Nullable Throwable cause) {
		Integer status = failure.status();
		return (status == null || failure.kind() == Kind.UNREACHABLE)
				? new TaskPlatformUnreachableException(purpose + ": " + failure.description(), cause)
				: new TaskRejectedException(purpose + ": " + failure.description(), status, failure.reason());
	}

	/**
	 * Makes exceptions.
	 */
	@FunctionalInterface
	interface Factory {

		TaskClientException create(ConnectionFailure failure, String purpose, @Nullable Throwable cause);

	}

}
