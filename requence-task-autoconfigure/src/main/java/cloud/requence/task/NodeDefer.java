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

import org.jspecify.annotations.Nullable;

/**
 * A node of a task waits for an external callback.
 *
 * @param header the members that all updates have
 * @param context the state of the task at this update
 * @param node the node
 * @param reason why it waits; {@code null} if unknown
 */
public record NodeDefer(UpdateHeader header, TaskContext context, Node node,
		@Nullable String reason) implements TaskUpdate {

}
