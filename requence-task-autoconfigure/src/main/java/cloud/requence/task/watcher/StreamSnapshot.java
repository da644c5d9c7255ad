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

package cloud.requence.task.watcher;

import java.time.Instant;

import org.jspecify.annotations.Nullable;

import cloud.requence.task.TaskWatcherStatus;

/**
 * How the supervisor is at one moment.
 *
 * @param state the state
 * @param since since when it is in that state
 * @param caughtUp whether the watcher is up to date
 * @param catchUp how far it is if it is not; {@code null} if nothing is known
 * @param connection how the connection is
 * @param gaps where updates may be missing
 */
record StreamSnapshot(TaskWatcherStatus.State state, Instant since, boolean caughtUp,
		TaskWatcherStatus.@Nullable CatchUp catchUp, TaskWatcherStatus.Connection connection,
		TaskWatcherStatus.Gaps gaps) {

}
