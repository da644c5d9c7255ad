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

/**
 * A watcher has stopped, and no update follows until it is started again.
 */
public class TaskWatcherStoppedEvent extends TaskWatcherEvent {

	private final Reason reason;

	/**
	 * Create an event.
	 * @param watcher the watcher that the event is about
	 * @param reason why it has stopped
	 */
	public TaskWatcherStoppedEvent(TaskWatcher watcher, Reason reason) {
		super(watcher);
		this.reason = reason;
	}

	/**
	 * Return why the watcher has stopped.
	 * @return the reason
	 */
	public Reason reason() {
		return this.reason;
	}

	@Override
	String details() {
		return "reason=" + this.reason;
	}

	/**
	 * Why a watcher stops.
	 */
	public enum Reason {

		/**
		 * It was stopped by the application or by hand.
		 */
		NORMAL,

		/**
		 * An update could not be delivered, and the watcher stops on failures.
		 */
		FAILURE,

		/**
		 * The platform refuses to resume at the position, and the watcher stops then. A
		 * refused access token does not stop it: it keeps trying.
		 */
		REFUSED,

		/**
		 * Another instance of the application is the leader.
		 */
		NOT_LEADER,

		/**
		 * The watcher cannot continue: the access token now belongs to another platform.
		 */
		ERROR

	}

}
