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

package cloud.requence.samples.dashboard.history;

import java.time.Duration;
import java.util.Objects;

import cloud.requence.samples.dashboard.board.TaskState;
import cloud.requence.samples.dashboard.text.NamePattern;
import org.jspecify.annotations.Nullable;

/**
 * A task has ended, and its end is in the history. Published as an event, once for each
 * task.
 *
 * @param name the pattern of the task's name
 * @param outcome how it has ended
 * @param duration how long it took; {@code null} if its start was not seen
 */
public record EndedTask(@Nullable String name, TaskState outcome, @Nullable Duration duration) {

	static EndedTask of(RecordedTask task) {
		long endedAt = Objects.requireNonNull(task.endedAt);
		return new EndedTask((task.name != null) ? NamePattern.of(task.name) : null, task.state,
				task.startSeen ? Duration.ofMillis(endedAt - task.startedAt) : null);
	}

}
