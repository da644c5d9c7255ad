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
 * A watcher receives updates again after it was idle.
 */
public class TaskWatcherNoLongerIdleEvent extends TaskWatcherEvent {

	private final Duration idle;

	/**
	 * Create an event.
	 * @param watcher the watcher that the event is about
	 * @param idle how long there had been no update
	 */
	public TaskWatcherNoLongerIdleEvent(TaskWatcher watcher, Duration idle) {
		super(watcher);
		this.idle = idle;
	}

	/**
	 * Return how long there had been no update.
	 * @return how long there had been no update
	 */
	public Duration idle() {
		return this.idle;
	}

	@Override
	String details() {
		return "idle=" + this.idle;
	}

}
