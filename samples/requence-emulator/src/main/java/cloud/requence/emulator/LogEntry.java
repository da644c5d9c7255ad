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

package cloud.requence.emulator;

import java.time.Instant;

import org.jspecify.annotations.Nullable;

/**
 * One frame of the log.
 *
 * @param index how many frames were logged before
 * @param position where it stands in the log
 * @param time when the update happened, compared with a client's {@code since}
 * @param taskId the task that it belongs to, if any
 * @param terminal whether it ends that task
 * @param text the frame as it goes onto the wire
 * @param replayed whether streams opened later see it as well
 */
record LogEntry(int index, long position, Instant time, @Nullable String taskId, boolean terminal, byte[] text,
		boolean replayed) {

}
