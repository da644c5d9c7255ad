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

import cloud.requence.task.support.Printable;

/**
 * An update could not be delivered, and its retries are exhausted. Published on the
 * delivery thread of the update, which continues when the listeners have returned: a
 * listener can store the update here.
 */
public class TaskUpdateFailedEvent extends TaskWatcherEvent {

	private final TaskUpdate update;

	private final Throwable exception;

	/**
	 * Create an event.
	 * @param watcher the watcher that the event is about
	 * @param update the update
	 * @param exception the last failure
	 */
	public TaskUpdateFailedEvent(TaskWatcher watcher, TaskUpdate update, Throwable exception) {
		super(watcher);
		this.update = update;
		this.exception = exception;
	}

	/**
	 * Return the update.
	 * @return the update
	 */
	public TaskUpdate update() {
		return this.update;
	}

	/**
	 * Return the last failure.
	 * @return the last failure
	 */
	public Throwable exception() {
		return this.exception;
	}

	@Override
	String details() {
		return "update=" + this.update.type().wireName() + ", taskId=" + Printable.name(this.update.taskId())
				+ ", position=" + this.update.position() + ", exception=" + this.exception.getClass().getName();
	}

}
