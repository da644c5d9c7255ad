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
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

import cloud.requence.samples.dashboard.text.BoundedText;

/**
 * What happened to the watcher lately. Safe for use by any thread.
 */
public final class WatcherNews {

	private static final int CAPACITY = 30;

	private final Clock clock;

	private final Deque<Item> items = new ArrayDeque<>();

	private volatile List<Item> latest = List.of();

	WatcherNews(Clock clock) {
		this.clock = clock;
	}

	synchronized void add(Level level, String text) {
		if (this.items.size() == CAPACITY) {
			this.items.removeLast();
		}
		this.items.addFirst(new Item(this.clock.millis(), level, BoundedText.limit(text, BoundedText.MAX_MESSAGE)));
		this.latest = List.copyOf(this.items);
	}

	/**
	 * Return the latest news.
	 * @return the news, the latest first; the same list as long as there are no others
	 */
	List<Item> latest() {
		return this.latest;
	}

	enum Level {

		GOOD, INFO, BAD

	}

	/**
	 * Something that happened to the watcher.
	 *
	 * @param at when, in milliseconds since the epoch
	 * @param level whether that is good or bad
	 * @param text what happened
	 */
	public record Item(long at, Level level, String text) {

	}

}
