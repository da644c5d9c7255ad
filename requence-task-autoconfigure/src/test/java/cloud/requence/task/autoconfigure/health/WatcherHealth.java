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

package cloud.requence.task.autoconfigure.health;

import java.time.Clock;
import java.time.Duration;
import java.util.Objects;

import org.springframework.boot.health.contributor.Health;

import cloud.requence.task.TaskWatcher;

/**
 * The health of a watcher, for tests of watchers.
 */
public final class WatcherHealth {

	private final TaskWatcherHealthIndicator indicator;

	/**
	 * Create an indicator.
	 * @param watcher the watcher
	 * @param limit how long it may be without a connection, and how long it may be stuck
	 */
	public WatcherHealth(TaskWatcher watcher, Duration limit) {
		this.indicator = new TaskWatcherHealthIndicator(watcher, limit, limit, Clock.systemUTC());
	}

	public Health health() {
		return Objects.requireNonNull(this.indicator.health());
	}

}
