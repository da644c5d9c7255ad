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

import java.time.Instant;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import cloud.requence.task.TaskWatcherStatus.Gap;

/**
 * The members that all updates have.
 *
 * @param type the type of the update
 * @param taskId the identifier of the task
 * @param rootTaskId the identifier of the root task if this is known to be a sub-task,
 * {@code null} otherwise
 * @param updateId the identifier of this update; {@code null} if the platform sent none
 * @param name the task's name; {@code null} if it has none
 * @param timestamp when the update happened, by the platform's clock; {@code null} if
 * unknown
 * @param position the update's position in the stream of all updates; {@code null} if it
 * came without one
 * @param incomplete whether the watcher has not seen the start of the task, or has
 * removed its context, so that the context is only a part
 * @param additional members of the update that this version does not know, by name, in
 * the order in which they came
 * @param gaps where updates may be missing since the last update that the watcher has
 * received, one for each reason; usually empty. A checkpoint does not move past a gap
 * before this update is handled, so that a listener that stores both misses no gap
 */
public record UpdateHeader(UpdateType type, String taskId, @Nullable String rootTaskId, @Nullable String updateId,
		@Nullable String name, @Nullable Instant timestamp, @Nullable Long position, boolean incomplete,
		Map<String, TaskPayload> additional, List<Gap> gaps) {

	public UpdateHeader {
		additional = SnapshotMap.copyOf(additional);
		gaps = List.copyOf(gaps);
	}

	/**
	 * Create a header without gaps.
	 * @param type the type of the update
	 * @param taskId the identifier of the task
	 * @param rootTaskId the identifier of the root task; may be {@code null}
	 * @param updateId the identifier of this update; may be {@code null}
	 * @param name the task's name; may be {@code null}
	 * @param timestamp when the update happened; may be {@code null}
	 * @param position the update's position; may be {@code null}
	 * @param incomplete whether the context is only a part
	 * @param additional members that are not known, by name
	 */
	public UpdateHeader(UpdateType type, String taskId, @Nullable String rootTaskId, @Nullable String updateId,
			@Nullable String name, @Nullable Instant timestamp, @Nullable Long position, boolean incomplete,
			Map<String, TaskPayload> additional) {
		this(type, taskId, rootTaskId, updateId, name, timestamp, position, incomplete, additional, List.of());
	}

	/**
	 * Create a minimal header, for tests.
	 * @param type the type of the update
	 * @param taskId the identifier of the task
	 * @return the header of a complete task's update
	 */
	public static UpdateHeader of(UpdateType type, String taskId) {
		return new UpdateHeader(type, taskId, null, null, null, null, null, false, Map.of());
	}

}
