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

import cloud.requence.samples.dashboard.board.TaskState;
import org.jspecify.annotations.Nullable;

/**
 * A task of the history as a table shows it. Times are in milliseconds since the epoch.
 *
 * @param id the task's identifier
 * @param name the task's name
 * @param state how the task is
 * @param incomplete whether the start of the task was not seen
 * @param rootId the root task, if this is a sub-task
 * @param startedAt when the first update happened
 * @param endedAt when the task ended
 * @param duration how long it took, or has taken until now
 * @param updates how many updates were seen
 * @param done how many nodes have ended without an error
 * @param nodes how many nodes were seen
 * @param errors how many errors its nodes have reported
 * @param exit the named exit through which the task ended
 * @param reason why it failed or was aborted, or the last error of its nodes
 * @param requireAck whether the task's end has to be acknowledged
 * @param isProtected whether somebody has protected the task on this board
 */
public record HistoryTask(String id, @Nullable String name, TaskState state, boolean incomplete,
		@Nullable String rootId, long startedAt, @Nullable Long endedAt, long duration, long updates, int done,
		int nodes, int errors, @Nullable String exit, @Nullable String reason, boolean requireAck,
		boolean isProtected) {

}
