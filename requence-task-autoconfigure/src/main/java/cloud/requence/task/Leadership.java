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
 * Tells whether this instance of the application is the one that watches. The others
 * stand by, and one of them goes on where the leader has left off.
 */
public interface Leadership {

	/**
	 * Return whether this instance is the leader now.
	 * @return whether it is the leader
	 */
	boolean isLeader();

	/**
	 * Learn of changes.
	 * @param listener called when the leader may have changed, on any thread; it returns
	 * at once
	 */
	void addListener(Runnable listener);

	/**
	 * Give the leadership up for now, so that another instance may take it: this one has
	 * found out that it can no longer lead.
	 */
	void yield();

}
