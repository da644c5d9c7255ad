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

package cloud.requence.emulator.scenario;

import cloud.requence.emulator.TaskScript;

/**
 * What a play needs from those who put it on.
 */
interface Stagehand {

	/**
	 * Do something after a time, on the thread of all plays.
	 * @param millis the time, at normal speed
	 * @param action what to do
	 */
	void later(long millis, Runnable action);

	/**
	 * Return the papers of the business.
	 * @return the papers, to be used on the thread of all plays
	 */
	Papers papers();

	/**
	 * Put on a sub-task.
	 * @param template its template
	 * @param parent the task that it is part of
	 * @param facts what it is about
	 * @param seed the seed of its luck
	 * @param whenOver called when it has ended
	 */
	void playPart(String template, TaskScript parent, Facts facts, long seed, PlayEnd whenOver);

	/**
	 * Told how a play came to its end.
	 */
	interface PlayEnd {

		/**
		 * Called once, on the thread of all plays.
		 * @param succeeded whether the task has a result
		 */
		void over(boolean succeeded);

	}

}
