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

package cloud.requence.task.stream;

import java.time.Instant;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import cloud.requence.task.Node;
import cloud.requence.task.TaskPayload;
import cloud.requence.task.UpdateType;

/**
 * An update as it was decoded, before anything is known of its task.
 *
 * @param type the type of the update
 * @param typeName the name of the type on the wire; empty if there was none
 * @param taskId the identifier of the task
 * @param rootTaskId the identifier of the root task, if the update tells it
 * @param updateId the identifier of the update, if it has one
 * @param name the name of the task, if the update tells it
 * @param timestamp when it happened, if the update tells it
 * @param position the position in the stream, if the frame had one
 * @param node the node; {@code null} if the type has none
 * @param payload the input, data or result; for an unknown type the whole update
 * @param text the error, reason, output or exit
 * @param requireAck whether the platform waits for an acknowledgement
 * @param additional members that are not known, by name
 * @param size the size of the update on the wire, in bytes
 */
public record RawUpdate(UpdateType type, String typeName, String taskId, @Nullable String rootTaskId,
		@Nullable String updateId, @Nullable String name, @Nullable Instant timestamp, @Nullable Long position,
		@Nullable Node node, @Nullable TaskPayload payload, @Nullable String text, boolean requireAck,
		Map<String, TaskPayload> additional, int size) {

}
