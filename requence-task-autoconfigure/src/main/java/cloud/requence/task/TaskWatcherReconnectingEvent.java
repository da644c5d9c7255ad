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

import java.time.Duration;

/**
 * A watcher has lost its connection, or failed to get one, and will try again.
 */
public class TaskWatcherReconnectingEvent extends TaskWatcherEvent {

	private final int attempt;

	private final Duration delay;

	private final String cause;

	/**
	 * Create an event.
	 * @param watcher the watcher that the event is about
	 * @param attempt the number of the coming attempt, counted from one
	 * @param delay how long the watcher waits before it
	 * @param cause the cause, without payloads and credentials
	 */
	public TaskWatcherReconnectingEvent(TaskWatcher watcher, int attempt, Duration delay, String cause) {
		super(watcher);
		this.attempt = attempt;
		this.delay = delay;
		this.cause = cause;
	}

	/**
	 * Return the number of the coming attempt, counted from one.
	 * @return the number of the coming attempt, counted from one
	 */
	public int attempt() {
		return this.attempt;
	}

	/**
	 * Return how long the watcher waits before it.
	 * @return how long the watcher waits before it
	 */
	public Duration delay() {
		return this.delay;
	}

	/**
	 * Return the cause, without payloads and credentials.
	 * @return the cause, without payloads and credentials
	 */
	public String cause() {
		return this.cause;
	}

	@Override
	String details() {
		return "attempt=" + this.attempt + ", delay=" + this.delay + ", cause=" + this.cause;
	}

}
