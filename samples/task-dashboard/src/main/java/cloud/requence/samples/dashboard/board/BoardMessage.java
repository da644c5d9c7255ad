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

import cloud.requence.samples.dashboard.watcher.WatcherNews;
import cloud.requence.samples.dashboard.watcher.WatcherView;
import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;

/**
 * A message to a browser. Members that have not changed since the previous message are
 * {@code null}.
 *
 * @param complete whether the message is complete and replaces the state of the browser
 * @param now the time of the board, in milliseconds since the epoch
 * @param source what is watched
 * @param watcher the state of the watcher
 * @param news what happened to the watcher lately
 * @param counters the counters
 * @param rate the updates of the seconds that are over
 * @param tasks the tasks that have changed
 * @param removed the tasks that are no longer on the board
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
record BoardMessage(@JsonInclude(JsonInclude.Include.NON_DEFAULT) boolean complete, long now,
		@Nullable BoardSource source, @Nullable WatcherView watcher, @Nullable List<WatcherNews.Item> news,
		@Nullable TaskCounters counters, UpdateRate.@Nullable Points rate, List<TaskRow> tasks, List<String> removed) {

}
