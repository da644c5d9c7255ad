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

import java.time.Clock;
import java.util.List;

import cloud.requence.samples.dashboard.watcher.WatcherMonitor;
import cloud.requence.samples.dashboard.watcher.WatcherNews;
import cloud.requence.samples.dashboard.watcher.WatcherView;
import org.jspecify.annotations.Nullable;

/**
 * Remembers what one browser knows, and tells it what it does not know yet. However long
 * that takes, there is nothing to keep for it in between. For use by one thread at a
 * time.
 */
final class BoardSubscription {

	private final TaskBoard board;

	private final WatcherMonitor monitor;

	private final BoardSource source;

	private final Clock clock;

	private long version = -1;

	private long second = Long.MIN_VALUE;

	private @Nullable TaskCounters counters;

	private @Nullable WatcherView watcher;

	private @Nullable List<WatcherNews.Item> news;

	BoardSubscription(TaskBoard board, WatcherMonitor monitor, BoardSource source, Clock clock) {
		this.board = board;
		this.monitor = monitor;
		this.source = source;
		this.clock = clock;
	}

	/**
	 * Return what is new.
	 * @return the message, or {@code null} if nothing is new
	 */
	@Nullable BoardMessage next() {
		BoardChanges changes = this.board.changesSince(this.version, this.second);
		boolean first = this.version < 0;
		this.version = changes.version();
		this.second = changes.rate().next();
		TaskCounters newCounters = changes.counters().equals(this.counters) ? null : changes.counters();
		this.counters = changes.counters();
		WatcherView newWatcher = newWatcher();
		List<WatcherNews.Item> newNews = newNews();
		UpdateRate.Points rate = (changes.rate().counts().length > 0) ? changes.rate() : null;
		if (changes.isEmpty() && newCounters == null && newWatcher == null && newNews == null && rate == null) {
			return null;
		}
		return new BoardMessage(changes.complete(), this.clock.millis(), first ? this.source : null, newWatcher,
				newNews, newCounters, rate, changes.tasks(), changes.removed());
	}

	private @Nullable WatcherView newWatcher() {
		WatcherView previous = this.watcher;
		this.watcher = this.monitor.view();
		return this.watcher.equals(previous) ? null : this.watcher;
	}

	private @Nullable List<WatcherNews.Item> newNews() {
		List<WatcherNews.Item> previous = this.news;
		this.news = this.monitor.news();
		return (this.news == previous) ? null : this.news;
	}

}
