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

package cloud.requence.samples.dashboard.watcher;

import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;

import cloud.requence.task.TaskUpdateFailedEvent;
import cloud.requence.task.TaskWatcherCaughtUpEvent;
import cloud.requence.task.TaskWatcherConnectedEvent;
import cloud.requence.task.TaskWatcherErrorEvent;
import cloud.requence.task.TaskWatcherEvent;
import cloud.requence.task.TaskWatcherIdleEvent;
import cloud.requence.task.TaskWatcherNoLongerIdleEvent;
import cloud.requence.task.TaskWatcherReconnectingEvent;
import cloud.requence.task.TaskWatcherStatus;
import cloud.requence.task.TaskWatcherStoppedEvent;

import org.springframework.context.event.EventListener;

/**
 * Holds the state of the watcher and describes its events. Safe for use by any thread.
 */
public final class WatcherMonitor {

	private final Supplier<TaskWatcherStatus> status;

	private final WatcherNews news;

	private final Clock clock;

	public WatcherMonitor(Supplier<TaskWatcherStatus> status, Clock clock) {
		this.status = status;
		this.news = new WatcherNews(clock);
		this.clock = clock;
	}

	public WatcherView view() {
		return WatcherView.of(this.status.get(), this.clock.instant());
	}

	public List<WatcherNews.Item> news() {
		return this.news.latest();
	}

	@EventListener
	public void tell(TaskWatcherEvent event) {
		if (event instanceof TaskWatcherConnectedEvent connected) {
			this.news.add(WatcherNews.Level.GOOD, textOf(connected));
		}
		else if (event instanceof TaskWatcherCaughtUpEvent) {
			this.news.add(WatcherNews.Level.GOOD, "Caught up with the platform");
		}
		else if (event instanceof TaskWatcherReconnectingEvent reconnecting) {
			this.news.add(WatcherNews.Level.BAD, "Attempt %d follows in %s: %s".formatted(reconnecting.attempt(),
					seconds(reconnecting.delay()), reconnecting.cause()));
		}
		else if (event instanceof TaskWatcherErrorEvent error) {
			this.news.add(WatcherNews.Level.BAD, textOf(error));
		}
		else if (event instanceof TaskWatcherIdleEvent idle) {
			this.news.add(WatcherNews.Level.INFO, "No update for " + seconds(idle.idle()));
		}
		else if (event instanceof TaskWatcherNoLongerIdleEvent busy) {
			this.news.add(WatcherNews.Level.INFO, "Updates again after " + seconds(busy.idle()));
		}
		else if (event instanceof TaskUpdateFailedEvent failed) {
			this.news.add(WatcherNews.Level.BAD,
					"An update has failed: " + failed.exception().getClass().getSimpleName());
		}
		else if (event instanceof TaskWatcherStoppedEvent stopped) {
			this.news.add(levelOf(stopped.reason()), "Stopped: " + stopped.reason());
		}
	}

	private static String textOf(TaskWatcherConnectedEvent event) {
		return event.outage().isZero() ? "Connected" : "Connected after " + seconds(event.outage()) + " without";
	}

	private static String textOf(TaskWatcherErrorEvent event) {
		if (event.unreachable()) {
			return "The platform cannot be reached: " + event.reason();
		}
		return (event.status() != null) ? "Status %d: %s".formatted(event.status(), event.reason()) : event.reason();
	}

	private static WatcherNews.Level levelOf(TaskWatcherStoppedEvent.Reason reason) {
		return switch (reason) {
			case NORMAL, NOT_LEADER -> WatcherNews.Level.INFO;
			case FAILURE, REFUSED, ERROR -> WatcherNews.Level.BAD;
		};
	}

	private static String seconds(Duration duration) {
		return (duration.toMillis() + 500) / 1000 + " s";
	}

}
