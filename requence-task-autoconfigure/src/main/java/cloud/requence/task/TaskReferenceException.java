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
 * A value that is stored elsewhere could not be fetched. The message contains the host at
 * most, as addresses may be secrets.
 */
public class TaskReferenceException extends RequenceTaskException {

	private final Reason reason;

	/**
	 * Create an exception.
	 * @param reason the kind of failure
	 * @param message what happened and what can be done about it
	 * @param cause the cause, {@code null} if there is none
	 */
	public TaskReferenceException(Reason reason, String message, @Nullable Throwable cause) {
		super(message, cause);
		this.reason = reason;
	}

	/**
	 * Create an exception.
	 * @param reason the kind of failure
	 * @param message what happened and what can be done about it
	 */
	public TaskReferenceException(Reason reason, String message) {
		this(reason, message, null);
	}

	/**
	 * Return the kind of failure.
	 * @return the reason
	 */
	public Reason reason() {
		return this.reason;
	}

	/**
	 * Why a value could not be fetched.
	 */
	public enum Reason {

		/**
		 * The address is none that may be asked.
		 */
		NOT_ALLOWED(false),

		/**
		 * The host could not be reached, or the connection was interrupted.
		 */
		UNREACHABLE(true),

		/**
		 * The host has answered with an error.
		 */
		REJECTED(true),

		/**
		 * The value is larger than allowed.
		 */
		TOO_LARGE(false),

		/**
		 * The value did not come in time.
		 */
		TOO_SLOW(true),

		/**
		 * The content does not match the reference.
		 */
		MALFORMED(false);

		private final boolean worthRetrying;

		Reason(boolean worthRetrying) {
			this.worthRetrying = worthRetrying;
		}

		/**
		 * Return whether it may work at another time.
		 * @return whether another attempt is worth it
		 */
		public boolean isWorthRetrying() {
			return this.worthRetrying;
		}

	}

}
