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
 * Shows whether this instance of the application is the one that watches. The other
 * instances stand by, and one of them continues from the checkpoint when the leader ends.
 * <p>
 * A watcher calls {@link #isLeader()} every few seconds as well as after each change that
 * is reported to its listener, so that a report that is lost only delays it.
 */
public interface Leadership {

	/**
	 * Return whether this instance is the leader now. Must answer from memory.
	 * @return whether it is the leader
	 */
	boolean isLeader();

	/**
	 * Add a callback for changes of the leadership.
	 * @param listener called when the leader may have changed, on any thread; it returns
	 * at once
	 */
	void addListener(Runnable listener);

	/**
	 * Remove a callback. Does nothing if it was not added.
	 * @param listener the callback
	 */
	void removeListener(Runnable listener);

	/**
	 * Release the leadership for now, so that another instance can take it: this one
	 * cannot watch. It may become the leader again later. Does nothing unless this
	 * instance is the leader.
	 */
	void relinquish();

}
