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

package cloud.requence.task.checkpoint;

import java.time.Instant;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * The point from which a watcher resumes.
 *
 * @param known whether the watcher has left off there itself, and what it remembers is
 * still true
 * @param since where to begin if there is no position
 * @param position the position from which to resume; {@code null} if there is none
 * @param acknowledgements the tasks whose ends are to be acknowledged first
 */
public record ResumePoint(boolean known, Instant since, @Nullable Long position, List<String> acknowledgements) {

}
