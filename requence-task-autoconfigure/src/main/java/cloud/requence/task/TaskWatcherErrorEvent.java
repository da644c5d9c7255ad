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
 * A connection has failed in another way than before. The watcher continues to retry.
 */
public class TaskWatcherErrorEvent extends TaskWatcherEvent {

	private final @Nullable Integer status;

	private final String reason;

	private final boolean unreachable;

	/**
	 * Create an event.
	 * @param watcher the watcher that the event is about
	 * @param status the HTTP status of the response; {@code null} if there was no
	 * response
	 * @param reason the reason: the beginning of the response body, or a description of
	 * the failure
	 * @param unreachable whether the platform is temporarily unavailable, for example
	 * during its deployment
	 */
	public TaskWatcherErrorEvent(TaskWatcher watcher, @Nullable Integer status, String reason, boolean unreachable) {
		super(watcher);
		this.status = status;
		this.reason = reason;
		this.unreachable = unreachable;
	}

	/**
	 * Return the HTTP status of the response; {@code null} if there was no response.
	 * @return the HTTP status of the response; {@code null} if there was no response
	 */
	public @Nullable Integer status() {
		return this.status;
	}

	/**
	 * Return the reason: the beginning of the response body, or a description of the
	 * failure.
	 * @return the reason: the beginning of the response body, or a description of the
	 * failure
	 */
	public String reason() {
		return this.reason;
	}

	/**
	 * Return whether the platform is temporarily unavailable, for example during its
	 * deployment.
	 * @return whether the platform is temporarily unavailable, for example during its
	 * deployment
	 */
	public boolean unreachable() {
		return this.unreachable;
	}

	@Override
	String details() {
		return "status=" + this.status + ", reason=" + this.reason + ", unreachable=" + this.unreachable;
	}

}
