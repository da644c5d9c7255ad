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

import cloud.requence.samples.dashboard.watcher.WatcherMonitor;
import cloud.requence.task.TaskUpdate;
import cloud.requence.task.TaskWatcherEvent;

import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;
import org.springframework.transaction.event.TransactionalEventListener;

/**
 * Puts on the board what the watcher brings.
 */
@Component
class BoardListener {

	private final TaskBoard board;

	private final WatcherMonitor monitor;

	BoardListener(TaskBoard board, WatcherMonitor monitor) {
		this.board = board;
		this.monitor = monitor;
	}

	// What is on the board is in the history as well
	@TransactionalEventListener(fallbackExecution = true)
	void onUpdate(TaskUpdate update) {
		this.board.apply(update);
	}

	@EventListener
	void onNews(TaskWatcherEvent event) {
		this.monitor.tell(event);
	}

}
