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
 * A watcher has connected to the stream, for the first time or again.
 */
public class TaskWatcherConnectedEvent extends TaskWatcherEvent {

	private final Duration outage;

	private final int attempts;

	private final boolean afterRefusal;

	/**
	 * Create an event.
	 * @param watcher the watcher that the event is about
	 * @param outage how long there was no connection; zero for the first one
	 * @param attempts how many attempts it took, at least one
	 * @param afterRefusal whether the platform had refused the access token before
	 */
	public TaskWatcherConnectedEvent(TaskWatcher watcher, Duration outage, int attempts, boolean afterRefusal) {
		super(watcher);
		this.outage = outage;
		this.attempts = attempts;
		this.afterRefusal = afterRefusal;
	}

	/**
	 * Return how long there was no connection; zero for the first one.
	 * @return how long there was no connection; zero for the first one
	 */
	public Duration outage() {
		return this.outage;
	}

	/**
	 * Return how many attempts it took, at least one.
	 * @return how many attempts it took, at least one
	 */
	public int attempts() {
		return this.attempts;
	}

	/**
	 * Return whether the platform had refused the access token before.
	 * @return whether the platform had refused the access token before
	 */
	public boolean afterRefusal() {
		return this.afterRefusal;
	}

	@Override
	String details() {
		return "outage=" + this.outage + ", attempts=" + this.attempts + ", afterRefusal=" + this.afterRefusal;
	}

}
