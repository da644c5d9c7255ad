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

import org.jspecify.annotations.Nullable;

/**
 * The tasks with names of a pattern. Times are in milliseconds.
 *
 * @param name the pattern; {@code null} for tasks without one
 * @param total how many tasks
 * @param running how many have not ended
 * @param succeeded how many have succeeded
 * @param failed how many have failed
 * @param aborted how many were aborted
 * @param failureRate the part of those that have succeeded or failed which has failed;
 * {@code null} if there are none
 * @param p50 the median of the durations of those that have succeeded; {@code null} if
 * there are none
 * @param p95 the time in which 95 percent of those have succeeded
 * @param lastEndedAt when the last one ended
 */
public record HistoryGroup(@Nullable String name, long total, long running, long succeeded, long failed, long aborted,
		@Nullable Double failureRate, @Nullable Long p50, @Nullable Long p95, @Nullable Long lastEndedAt) {

}
