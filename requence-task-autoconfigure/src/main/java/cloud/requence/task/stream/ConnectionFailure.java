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

import java.time.Duration;
import java.util.Objects;
import java.util.Set;

import org.jspecify.annotations.Nullable;

/**
 * Why a connection has ended or did not come about.
 *
 * @param kind the kind of failure
 * @param status the HTTP status of the answer; {@code null} if there was no answer
 * @param reason what happened, in one line without control characters and credentials
 * @param retryAfter how long the platform asks to wait; {@code null} if it does not
 * @param origin scheme, host and port that have answered; {@code null} if unknown
 */
public record ConnectionFailure(Kind kind, @Nullable Integer status, String reason, @Nullable Duration retryAfter,
		@Nullable String origin) {

	private static final Set<Integer> POSITION_STATUSES = Set.of(400, 404, 409, 410, 412, 416, 422);

	/**
	 * Create a failure with an answer.
	 * @param kind the kind of failure
	 * @param status the HTTP status of the answer
	 * @param reason what happened
	 * @param retryAfter how long the platform asks to wait
	 */
	public ConnectionFailure(Kind kind, @Nullable Integer status, String reason, @Nullable Duration retryAfter) {
		this(kind, status, reason, retryAfter, null);
	}

	/**
	 * Create a failure without an answer.
	 * @param kind the kind of failure
	 * @param reason what happened
	 */
	public ConnectionFailure(Kind kind, String reason) {
		this(kind, null, reason, null);
	}

	/**
	 * Return what happened for people to read, with the status and the origin if there is
	 * an answer.
	 * @return one line of text
	 */
	public String description() {
		if (this.status == null) {
			return this.reason;
		}
		return "HTTP " + this.status + ((this.origin != null) ? " from " + this.origin : "")
				+ (this.reason.isEmpty() ? "" : ": " + this.reason);
	}

	/**
	 * Return whether the address may be wrong: there is no connection, or the answer is
	 * hardly that of the platform.
	 * @return whether the base URL should be checked
	 */
	public boolean mayBeOfAnotherAddress() {
		if (this.status == null) {
			return this.kind == Kind.UNREACHABLE || this.kind == Kind.BROKEN || this.kind == Kind.SILENT;
		}
		return this.kind == Kind.NOT_A_STREAM || this.status == 404 || this.status == 405
				|| (this.status >= 300 && this.status < 400);
	}

	/**
	 * Return whether this is the same trouble as before, so that it need not be told
	 * again.
	 * @param other the failure before
	 * @return whether kind and status are the same
	 */
	public boolean isLike(ConnectionFailure other) {
		return this.kind == other.kind && Objects.equals(this.status, other.status);
	}

	/**
	 * Return whether the status may mean that the platform refuses the position to resume
	 * from. Others mean the access token, the load, or a platform that is away.
	 * @return whether the request may succeed without the position
	 */
	public boolean mayRefusePosition() {
		return this.status != null && POSITION_STATUSES.contains(this.status);
	}

	/**
	 * The kinds of failures.
	 */
	public enum Kind {

		/**
		 * The platform does not accept the access token.
		 */
		REFUSED,

		/**
		 * The platform cannot be reached just now.
		 */
		UNREACHABLE,

		/**
		 * The platform has answered with an error.
		 */
		REJECTED,

		/**
		 * The answer is not an event stream.
		 */
		NOT_A_STREAM,

		/**
		 * The platform was silent for too long.
		 */
		SILENT,

		/**
		 * The connection has broken.
		 */
		BROKEN,

		/**
		 * An error on this side.
		 */
		INTERNAL

	}

}
