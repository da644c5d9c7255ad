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
 * A node of the template that a task runs.
 *
 * @param id the identifier of the node within the template; empty if the update has none
 * @param type the node's type: {@code service}, {@code logic}, {@code or} or
 * {@code reference}; {@code null} if the update has none
 * @param alias the name under which the node's data is kept in the {@link TaskContext};
 * {@code null} if it has none
 */
public record Node(String id, @Nullable String type, @Nullable String alias) {

}
