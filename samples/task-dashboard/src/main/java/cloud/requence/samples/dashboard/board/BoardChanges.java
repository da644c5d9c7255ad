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

package cloud.requence.samples.dashboard.board;

import java.util.List;

/**
 * What has changed on the board since a version of it.
 *
 * @param version the version that these changes lead to
 * @param complete whether these are all tasks of the board, whatever was known before
 * @param tasks the tasks that have changed
 * @param removed the tasks that are no longer on the board
 * @param counters the counters
 * @param rate the updates of each second
 */
record BoardChanges(long version, boolean complete, List<TaskRow> tasks, List<String> removed, TaskCounters counters,
		UpdateRate.Points rate) {

	/**
	 * Return whether the tasks are as they were.
	 */
	boolean isEmpty() {
		return !this.complete && this.tasks.isEmpty() && this.removed.isEmpty();
	}

}
