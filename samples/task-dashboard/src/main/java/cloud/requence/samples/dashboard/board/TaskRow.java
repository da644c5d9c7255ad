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

import org.jspecify.annotations.Nullable;

/**
 * A task as the table shows it. Times are in milliseconds since the epoch.
 *
 * @param id the task's identifier
 * @param version grows with each change of the task
 * @param name the task's name
 * @param state how the task is
 * @param incomplete whether the start of the task was not seen
 * @param rootId the root task, if this is a sub-task
 * @param startedAt when the first update happened
 * @param endedAt when the task ended
 * @param updates how many updates were seen
 * @param done how many nodes have ended
 * @param nodes how many nodes were seen
 * @param nodeStates the states of the nodes in the order of their start, or of the first
 * ones
 * @param current the nodes at work
 */
public record TaskRow(String id, long version, @Nullable String name, TaskState state, boolean incomplete,
		@Nullable String rootId, long startedAt, @Nullable Long endedAt, long updates, int done, int nodes,
		List<NodeState> nodeStates, List<String> current) {

}
