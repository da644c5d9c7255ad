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

import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;

/**
 * A task has started. Its context is complete from here on.
 *
 * @param header the members that all updates have
 * @param context the state of the task at this update
 * @param input the task's input; {@code null} if the update had none
 */
public record TaskStart(UpdateHeader header, TaskContext context,
		@JsonInclude(JsonInclude.Include.NON_NULL) @Nullable TaskPayload input) implements TaskUpdate {

}
