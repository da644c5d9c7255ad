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

import org.springframework.context.ApplicationEvent;

/**
 * Base class of the events about the state of a {@link TaskWatcher}. They are published
 * separately from the updates, on a thread of the watcher. An exception of a listener is
 * logged and has no other effect.
 */
public abstract class TaskWatcherEvent extends ApplicationEvent {

	/**
	 * Create an event.
	 * @param watcher the watcher that the event is about
	 */
	protected TaskWatcherEvent(TaskWatcher watcher) {
		super(watcher);
	}

	/**
	 * Return the watcher that the event is about.
	 * @return the watcher
	 */
	public TaskWatcher watcher() {
		return (TaskWatcher) getSource();
	}

	/**
	 * Return what the event adds to its watcher, for logs.
	 * @return such as {@code "reason=NORMAL"}; empty if there is nothing
	 */
	String details() {
		return "";
	}

	/**
	 * Return the kind of the event, the name of the watcher, and what the event adds to
	 * it. Contains neither the access token nor data of a payload.
	 */
	@Override
	public String toString() {
		String details = details();
		return getClass().getSimpleName() + "[watcher=" + watcher().name() + (details.isEmpty() ? "" : ", " + details)
				+ "]";
	}

}
