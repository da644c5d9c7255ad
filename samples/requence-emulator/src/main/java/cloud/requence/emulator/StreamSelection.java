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

package cloud.requence.emulator;

import java.time.Instant;

import org.jspecify.annotations.Nullable;

/**
 * Which entries of the log a stream carries.
 *
 * @param firstIndex the index of the first entry to look at
 * @param liveIndex the index of the first entry that was not there at the beginning
 * @param since carries only earlier entries that happened after this time, if given
 * @param taskId carries only this task, and ends with it, if given
 */
record StreamSelection(int firstIndex, int liveIndex, @Nullable Instant since, @Nullable String taskId) {

	boolean carries(LogEntry entry) {
		if (this.taskId != null && !this.taskId.equals(entry.taskId())) {
			return false;
		}
		if (entry.index() >= this.liveIndex) {
			return true;
		}
		return entry.replayed() && (this.since == null || entry.time().isAfter(this.since));
	}

	boolean endsWith(LogEntry entry) {
		return this.taskId != null && entry.terminal() && this.taskId.equals(entry.taskId());
	}

}
