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

package cloud.requence.task.watcher;

import java.time.Duration;

import cloud.requence.task.support.LogText;

/**
 * How the life of a watcher goes.
 *
 * @param name the name of the watcher
 * @param autoStartup whether it starts with the application
 * @param phase when it does so
 * @param shutdownTimeout how long a stop waits for the updates that are being handled
 * @param checkPeriod how often it is checked whether the watcher is in the state it
 * should be in, and who leads
 */
record WatcherSettings(String name, boolean autoStartup, int phase, Duration shutdownTimeout, Duration checkPeriod) {

	/** The usual period of the checks. */
	static final Duration CHECK_PERIOD = Duration.ofSeconds(2);

	/**
	 * Return the beginning of log messages about the watcher.
	 */
	String prefix() {
		return LogText.watcher(this.name);
	}

}
